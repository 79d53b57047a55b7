//! The words for states of keys and for what decides, the same in every form.

use std::collections::BTreeSet;

use iamsure_core::decision::{Answerable, Decision, Verdict};
use iamsure_core::language::PolicyType;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::session::Operation;
use iamsure_core::world::{KeyState, PolicySet, Requester};
use iamsure_review::foreign::Sink;
use iamsure_truth::ask::{Assumed, Case, Conditions, LeftOpen};
use iamsure_truth::claim;
use iamsure_truth::matrix::{Exchange, OwnPolicies, Party};
use iamsure_truth::model::Subject;
use iamsure_truth::said::Said;
use iamsure_truth::sample::is_sample;
use iamsure_truth::table::Column;

/// What AWS owns in every account, as tables call it.
pub(crate) const OWNED_BY_AWS: &str = "arn:*:iam:*:aws:policy/*";

/// A text of a document on one line: it begins no new line of ours.
pub(crate) fn on_one_line(text: &str) -> String {
    Sink::Line.text(text).into_owned()
}

/// One state: `absent`, `true`, `["a", "b"]`.
pub(crate) fn state(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) if text.is_empty() => "\"\"".to_owned(),
        KeyState::Single(text) => on_one_line(text),
        KeyState::Multi(values) => {
            let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// Who makes an exchange: ` with a token of …`, ` by …`.
pub(crate) fn exchanged_by(exchange: &Exchange) -> String {
    let shown = match exchange.operation {
        Operation::AssumeRoleWithSaml => "an assertion",
        _ => "a token",
    };
    match (&exchange.provider, &exchange.caller) {
        (Some(provider), _) => format!(" with {shown} from {}", on_one_line(provider)),
        (None, None) => String::new(),
        (None, Some(Party::Anyone)) => " by any AWS principal".to_owned(),
        (None, Some(Party::Account(id))) => {
            format!(" by a principal of account {}", on_one_line(id))
        }
        (None, Some(Party::Named(name))) => format!(" by {}", on_one_line(name)),
        (None, Some(Party::Requester)) => " by a user or role with these policies".to_owned(),
    }
}

/// Whether the caller's own policies must allow an exchange too.
pub(crate) const fn own_policies(own: OwnPolicies) -> &'static str {
    match own {
        OwnPolicies::NotAsked => "",
        OwnPolicies::MustAllow => ", if the caller's own policies also allow it",
        OwnPolicies::MustAllowAcrossAccounts => {
            ", and for a role in another account only if the caller's own policies also allow it"
        }
    }
}

/// What decides an exchange.
pub(crate) const fn exchange_decided_by(operation: Operation) -> &'static str {
    match operation {
        Operation::AssumeRoleWithWebIdentity | Operation::AssumeRoleWithSaml => {
            "Only the trust policy and RCPs decide this exchange; the role's own policies are not consulted."
        }
        Operation::AssumeRole => {
            "The trust policy and the caller's own policies decide this exchange; the latter are not given here, and a Deny, boundary or SCP among them can still block it. The role's own policies are not consulted."
        }
        Operation::GetFederationToken => {
            "The caller's policies decide this exchange; the session can do only what both they and its session policy allow."
        }
        Operation::GetSessionToken => {
            "No policy decides this exchange; the session acts as the caller itself."
        }
        Operation::AssumeRoot => {
            "The caller's policies decide this exchange; the session has only its task policy."
        }
    }
}

/// What is assumed of policies that were not given, and of symbols; `None` for nothing.
pub(crate) fn assumptions(assumed: &[Assumed]) -> Option<String> {
    let all: Vec<&str> = assumed.iter().copied().map(assumption).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn assumption(assumed: Assumed) -> &'static str {
    match assumed {
        Assumed::Delegates => {
            "if this resource's trust or key policy (not given; --trust or --resource-policy FILE) delegates to IAM"
        }
        Assumed::Silent => "if that policy does not allow the caller",
        Assumed::Most => "for the most permissive values that are known only after deployment",
        Assumed::Least => "for the most restrictive ones",
        Assumed::CallersAllow => "if the caller's own policies (not given) allow it",
        Assumed::CallersDoNot => "if the caller's own policies do not allow it",
    }
}

/// Sessions of the caller's role that Principal elements name, and of which an answer about the role is not.
pub(crate) fn other_sessions(policies: &PolicySet, caller: Option<&Requester>) -> Option<String> {
    let sessions = claim::other_sessions(policies, caller.filter(|caller| !is_sample(caller)));
    let names: Vec<String> = sessions.iter().map(|name| on_one_line(name)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "The policies name sessions of this role ({}): this is decided for its other sessions; ask about one with --principal.",
            names.join(", ")
        )
    })
}

/// Symbols, each as it is written: `<Bucket>`.
pub(crate) fn symbols(symbols: &BTreeSet<String>) -> String {
    let one = |symbol: &String| format!("`{}`", on_one_line(symbol));
    symbols.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Symbols, as what they are.
pub(crate) fn known_later(of: &BTreeSet<String>) -> String {
    format!("values known only after deployment ({})", symbols(of))
}

/// What an answer about policies with symbols covers.
pub(crate) fn every_value(of: &BTreeSet<String>) -> String {
    format!("covers every value of {}, known only after deployment", symbols(of))
}

/// A remark that stands alone: it begins with a capital, if it begins with a word and with no name.
pub(crate) fn sentence(remark: &str) -> String {
    let first = remark.split(' ').next().unwrap_or_default();
    let is_word = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut letters = remark.chars();
    match letters.next().filter(|_| is_word) {
        Some(letter) => format!("{}{}.", letter.to_ascii_uppercase(), letters.as_str()),
        None => format!("{remark}."),
    }
}

/// When a case occurs: "if aws:X is absent, and aws:Y is `true`"; empty for always.
pub(crate) fn when(any_of: &[Conditions]) -> String {
    if any_of.iter().any(Conditions::is_empty) {
        return String::new();
    }
    let all: Vec<_> = any_of.iter().map(together).collect();
    format!("if {}", all.join("; or if "))
}

/// Conditions that hold together.
fn together(conditions: &Conditions) -> String {
    let all: Vec<_> = conditions.iter().map(|(column, said)| cell(column, said)).collect();
    on_one_line(&all.join(", and "))
}

/// What a column of a row says, as a condition: "aws:X is `true`".
pub(crate) fn cell(column: &Column, said: &Said) -> String {
    match (column, said) {
        (Column::Subject(Subject::Relation(_) | Subject::CanonicalUser(_)), Said::Holds(holds)) => {
            let heading = column.heading();
            if *holds { heading.to_string() } else { format!("not ({heading})") }
        }
        _ => format!("{} is {said}", column.name()),
    }
}

/// In which account resources are taken to be whose ARN names none.
pub(crate) fn owner_taken(account: &str) -> String {
    format!(
        "Assuming resources whose ARN contains no account belong to account {account} (--resource-account to change)"
    )
}

/// When a case occurs, and what of policies that were not given it assumes; `None` for always.
pub(crate) fn occurs(case: &Case) -> Option<String> {
    let when = when(&case.when);
    let when = (!when.is_empty()).then_some(when);
    let all: Vec<String> = when.into_iter().chain(assumptions(&case.assumes)).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What could not be settled.
pub(crate) fn left_open(left_open: &LeftOpen) -> String {
    match left_open {
        LeftOpen::Budget(error, verdicts) => {
            let verdicts: Vec<_> = verdicts.iter().map(ToString::to_string).collect();
            format!(
                "NOT DECIDED: {}. Possible: {}. Set more keys with --context or --absent",
                on_one_line(&error.to_string()),
                verdicts.join(" or ")
            )
        }
        LeftOpen::NoWitness(verdict) => {
            format!("{verdict}: no such request was found, but none could be ruled out")
        }
    }
}

/// A decision in a cell: `allow [1]`, `DENY [2]`, `deny`, `exempt`.
pub(crate) fn short(decision: &Decision, number: impl Fn(&StatementId) -> Option<usize>) -> String {
    let word = match (decision.verdict, decision.by) {
        (Verdict::Allowed, _) => "allow".to_owned(),
        (Verdict::ExplicitlyDenied, _) => "DENY".to_owned(),
        (Verdict::ImplicitlyDenied, Answerable::Layer(PolicyType::Identity)) => "deny".to_owned(),
        (Verdict::ImplicitlyDenied, by) => format!("deny ({by})"),
        (Verdict::Exempt, _) => "exempt".to_owned(),
    };
    let numbers = numbers(decision, number);
    if numbers.is_empty() { word } else { format!("{word} {numbers}") }
}

/// A decision in a sentence: "explicitly denied by [2]", "implicitly denied: no identity-based
/// policy allows it".
pub(crate) fn long(decision: &Decision, number: impl Fn(&StatementId) -> Option<usize>) -> String {
    let numbers = numbers(decision, number);
    match (decision.verdict, decision.by) {
        (Verdict::Exempt, _) => "exempt".to_owned(),
        (Verdict::ImplicitlyDenied, Answerable::Layer(layer)) => {
            format!("implicitly denied (no {} allows it)", layer.aws_name())
        }
        (verdict, Answerable::Root) => format!("{verdict} (the root user in its own account)"),
        (verdict, _) if numbers.is_empty() => verdict.to_string(),
        (verdict, _) => format!("{verdict} by {numbers}"),
    }
}

/// The statements that decide, by number: `[1][3]`.
fn numbers(decision: &Decision, number: impl Fn(&StatementId) -> Option<usize>) -> String {
    decision
        .statements
        .iter()
        .filter_map(number)
        .map(|number| format!("[{number}]"))
        .collect::<Vec<_>>()
        .concat()
}
