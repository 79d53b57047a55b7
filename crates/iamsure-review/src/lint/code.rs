//! The codes of what is proved about a part of a policy.

use iamsure_core::code_table;

/// What else is known of such a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The rule of the evaluation spec that the finding rests on.
    rule: &'static str,
    /// Whether there is nothing to mend.
    is_note: bool,
    /// A paragraph or two.
    page: &'static str,
}

code_table! {
    /// The code of a finding that is proved over all requests.
    pub enum Code: Proved;

    InertStatement "inert-statement"
        "Without the statement every request is allowed or denied as with it, whatever other Allow is attached."
        Proved {
            rule: "E-2",
            is_note: false,
            page: "The statement was taken away and every request decided again: by these policies alone, and beside Allows attached to each layer that grants. No request of an action that AWS publishes is allowed in one case and denied in the other. Each statement is taken away alone: of two that stand in for each other only one can go.\n\nEither the statement is superfluous and can go, or it was meant to do something and does not. If it is there for the reader, say so beside it. Where the finding says that a reason changes, the statement makes a denial explicit that is implicit without it; that too changes no access, whatever is attached.",
        };
    InertUntilAllowed "inert-until-allowed"
        "The statement has no effect in these policies alone; it will once an Allow is attached."
        Proved {
            rule: "E-2",
            is_note: true,
            page: "By these policies alone every request is allowed or denied as it would be without the statement. That does not make it superfluous: beside other Allows it decides, and the request shown with the finding proves it. A Deny that denies what nothing allows yet is a guardrail, and this is what a guardrail looks like.\n\nThere is nothing to mend. Tests that attach no other Allow cannot tell whether the statement is right.",
        };
    NeverHolds "condition-never-holds"
        "No request meets the condition, so the statement matches nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Every state of the condition's key was asked: absent, and every value that its operators tell apart, among those that AWS documents for the key. None meets the condition, so the statement never matches: an Allow allows nothing, a Deny denies nothing.\n\nOften the value is one that the key never has, or cannot be read by the operator.",
        };
    NeverFails "condition-never-fails"
        "Every request meets the condition, so it limits nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Every state of the condition's key was asked: absent, and every value that its operators tell apart, among those that AWS documents for the key. All meet the condition: the statement matches the same requests without it.\n\nA pattern `*` under IfExists or ForAllValues is such a condition. To ask that the key be there, write Null with false.",
        };
    Contradiction "conditions-contradict"
        "No request meets all conditions on the key, so the statement matches nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Each of the conditions can be met, and no state of the key meets all of them. All conditions of a statement must be met (C-1), so it never matches. Several values of one operator are alternatives; the same key under two operators is not.",
        };
    Implied "condition-implied"
        "Other conditions of the statement on the same key say it already."
        Proved {
            rule: "C-1",
            is_note: true,
            page: "Every state of the key that meets the other conditions meets this one: the statement matches the same requests without it. It may help the reader; with another operator beside it, such as ForAllValues or IfExists, it would not be superfluous.",
        };
    SwallowedValue "value-swallowed"
        "The other values of the condition match everything that this one does."
        Proved {
            rule: "C-2",
            is_note: false,
            page: "The values of one condition are alternatives. Every text that this value matches is matched by another, so it adds nothing. Perhaps the other pattern is wider than was meant.",
        };
    SwallowedAction "action-swallowed"
        "The other entries of the list match everything that this one does."
        Proved {
            rule: "M-1",
            is_note: false,
            page: "Every name of an action that this entry matches, whether AWS publishes it or not, is matched by another entry of the same list, so it adds nothing. Perhaps the other pattern is wider than was meant.",
        };
    SwallowedResource "resource-swallowed"
        "The other entries of the list match everything that this one does."
        Proved {
            rule: "M-10",
            is_note: false,
            page: "Every resource that this entry matches, whatever its variables hold, is matched by another entry of the same list, so it adds nothing. Perhaps the other pattern is wider than was meant.",
        };
    Unproved "unproved"
        "An exact answer takes more than the budget: nothing is said about this part."
        Proved {
            rule: "12",
            is_note: true,
            page: "Nothing was cut short and nothing guessed: the question was not answered. Fewer policies at a time, or fewer patterns with wildcards in one list, can be decided.",
        };
}

impl Code {
    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        self.row().more.rule
    }

    /// Whether there is nothing to mend.
    pub const fn is_note(self) -> bool {
        self.row().more.is_note
    }

    /// What is proved, what it means for the policy, and what to do: a paragraph or two.
    pub const fn page(self) -> &'static str {
        self.row().more.page
    }
}
