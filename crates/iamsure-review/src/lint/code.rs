//! The codes of what is proved about a part of a policy.

use iamsure_core::code_table;

/// What else is known of such a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proved {
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
        "Removing the statement changes no decision between allow and deny, even if Allows are added later."
        Proved {
            rule: "E-2",
            is_note: false,
            page: "The statement was removed and every request decided again: under these policies, and with Allows added to each layer that grants. No request for an action that AWS publishes is allowed in one case and denied in the other. Statements are removed one at a time: if two statements duplicate each other, only one of them can be removed.\n\nEither the statement is superfluous and can be removed, or it does not do what was intended. If it is there for readers, add a comment. If the finding notes that the statement turns implicit denies into explicit ones, only the reason changes: access stays the same, whatever Allows are added.",
        };
    InertUntilAllowed "inert-until-allowed"
        "The statement has no effect in these policies alone; it will once an Allow is attached."
        Proved {
            rule: "E-2",
            is_note: true,
            page: "Under these policies every request is allowed or denied as it would be without the statement. That does not make it superfluous: once an Allow exists it takes effect, as the example request shows. A Deny of something that nothing allows yet is a guardrail.\n\nNo action needed. Tests without an additional Allow cannot show whether the statement is right.",
        };
    NeverHolds "condition-never-holds"
        "No request meets the condition, so the statement matches nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Every state of the condition's key was checked: absent, and every value that its operators distinguish, among those that AWS documents for the key. None meets the condition, so the statement never matches: an Allow allows nothing, a Deny denies nothing.\n\nOften the key never has this value, or the operator cannot parse it.",
        };
    NeverFails "condition-never-fails"
        "Every request meets the condition, so it limits nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Every state of the condition's key was checked: absent, and every value that its operators distinguish, among those that AWS documents for the key. All meet the condition: the statement matches the same requests without it.\n\nOne example is the pattern `*` with IfExists or ForAllValues. To require the key, add a Null condition with `false`.",
        };
    Contradiction "conditions-contradict"
        "No request meets all conditions on the key, so the statement matches nothing."
        Proved {
            rule: "C-1",
            is_note: false,
            page: "Each condition can be met, but no state of the key meets all of them. All conditions of a statement must be met (C-1), so it never matches. The values listed under one operator are alternatives; conditions on the same key under two operators are not.",
        };
    Implied "condition-implied"
        "Other conditions of the statement on the same key already require this."
        Proved {
            rule: "C-1",
            is_note: true,
            page: "Every state of the key that meets the other conditions meets this one: the statement matches the same requests without it. It may help readers; combined with another operator, such as ForAllValues or IfExists, it would not be superfluous.",
        };
    SwallowedValue "value-swallowed"
        "The condition's other values match everything that this one matches."
        Proved {
            rule: "C-2",
            is_note: false,
            page: "The values of one condition are alternatives. Another value matches every string that this one matches, so it adds nothing. Perhaps the other pattern is wider than intended.",
        };
    SwallowedAction "action-swallowed"
        "The other entries of the list match everything that this one matches."
        Proved {
            rule: "M-1",
            is_note: false,
            page: "Another entry of the same list matches every action name that this one matches, whether AWS publishes it or not, so it adds nothing. Perhaps the other pattern is wider than intended.",
        };
    SwallowedResource "resource-swallowed"
        "The other entries of the list match everything that this one matches."
        Proved {
            rule: "M-10",
            is_note: false,
            page: "Another entry of the same list matches every resource that this one matches, whatever the values of its variables, so it adds nothing. Perhaps the other pattern is wider than intended.",
        };
    DependsOnSymbols "depends-on-symbols"
        "Whether this part has an effect may depend on values known only after deployment."
        Proved {
            rule: "12",
            is_note: true,
            page: "The policies contain symbols such as `<Bucket>`: template or plan values that are known only after deployment. If each symbol is treated as a value of its own, another finding applies here; the message names it. For other values it may not apply, so it is not reported under its own code. A finding with any other code holds for every value of the symbols.\n\nSet the values to decide it: `stack.yaml#Reader?Bucket=acme`. A symbol that is not named here makes no difference.",
        };
    Unproved "unproved"
        "This part was not checked: an exact answer exceeds the budget."
        Proved {
            rule: "12",
            is_note: true,
            page: "Nothing was approximated or guessed: this part has no answer. Try fewer policies at a time, or fewer wildcard patterns in one list.",
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
    pub(crate) const fn page(self) -> &'static str {
        self.row().more.page
    }
}
