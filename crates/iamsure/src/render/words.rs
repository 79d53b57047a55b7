//! The words for states of keys and for what decides, the same in every form.

use iamsure_core::decision::{Answerable, Decision, Verdict};
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::KeyState;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::session::Operation;
use iamsure_truth::matrix::{Exchange, OwnPolicies, Party};
use iamsure_truth::resolution::{Answer, Assumed, Conjunction};

/// What AWS owns in every account, as tables call it.
pub(crate) const OWNED_BY_AWS: &str = "arn:*:iam:*:aws:policy/*";

/// A text of a document on one line: a line feed in it begins no new line of ours.
pub(crate) fn on_one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\r', "\\r")
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

fn is_other(state: &KeyState) -> bool {
    matches!(state, KeyState::Single(text) if iamsure_truth::candidate::is_other(text))
}

/// What a key's states have in common, against all its states that were tried: "absent", "`true`",
/// "absent or anything but `true`".
///
/// A sample stands for more than itself, so nothing is said of "anything but" it, and it is named
/// as an example: "such as `10.0.0.1`".
fn states(
    states: &[KeyState],
    tried: &[KeyState],
    is_sample: impl Fn(&KeyState) -> bool,
) -> String {
    let quoted = |state: &KeyState| match state {
        KeyState::Single(_) if is_other(state) && !is_sample(state) => "another value".to_owned(),
        KeyState::Multi(values) if values.is_empty() => "an empty list".to_owned(),
        other if is_sample(other) => format!("such as `{}`", self::state(other)),
        other => format!("`{}`", self::state(other)),
    };
    let present = |list: &[KeyState]| {
        list.iter().filter(|state| **state != KeyState::Absent).cloned().collect::<Vec<_>>()
    };
    let (mut mine, all) = (present(states), present(tried));
    mine.sort_by_key(is_other);
    let others: Vec<_> = all.iter().filter(|state| !mine.contains(state)).collect();
    // "present" and "anything but" speak of all values; only where a value nobody named was tried,
    // and what it is told from is exact, is that known.
    let open = mine.iter().any(|state| is_other(state) && !is_sample(state));
    let exact = !others.iter().any(|state| is_sample(state));
    let there = if mine.is_empty() {
        None
    } else if others.is_empty() && open {
        Some("present".to_owned())
    } else if mine.iter().any(|state| is_other(state) && !is_sample(state))
        && exact
        && others.len() <= mine.len()
    {
        Some(format!(
            "anything but {}",
            any_of(&others.into_iter().map(quoted).collect::<Vec<_>>())
        ))
    } else {
        Some(any_of(&mine.iter().map(quoted).collect::<Vec<_>>()))
    };
    match (states.contains(&KeyState::Absent), there) {
        (true, None) => "absent".to_owned(),
        (true, Some(there)) => format!("absent or {there}"),
        // An absent key is "anything but `false`" too, to some readers.
        (false, Some(there))
            if there.starts_with("anything") && tried.contains(&KeyState::Absent) =>
        {
            format!("present and {there}")
        }
        (false, Some(there)) => there,
        (false, None) => "nothing".to_owned(),
    }
}

/// "a", "a or b", "a, b or c"; long lists are cut, and say so.
fn any_of(words: &[String]) -> String {
    const SHOWN: usize = 6;
    if words.len() > SHOWN {
        let shown: Vec<_> = words.iter().take(SHOWN - 1).cloned().collect();
        return format!("{} or {} more", shown.join(", "), words.len() - shown.len());
    }
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// Who makes an exchange: ` with a token of …`, ` by …`.
pub(crate) fn exchanged_by(exchange: &Exchange) -> String {
    let shown = match exchange.operation {
        Operation::AssumeRoleWithSaml => "an assertion",
        _ => "a token",
    };
    match (&exchange.provider, &exchange.caller) {
        (Some(provider), _) => format!(" with {shown} of {}", on_one_line(provider)),
        (None, None) => String::new(),
        (None, Some(Party::Anyone)) => " by any AWS principal".to_owned(),
        (None, Some(Party::Account(id))) => {
            format!(" by a principal of account {}", on_one_line(id))
        }
        (None, Some(Party::Named(name))) => format!(" by {}", on_one_line(name)),
        (None, Some(Party::Requester)) => " by a user or role of these policies".to_owned(),
    }
}

/// Whether the caller's own policies must allow an exchange too.
pub(crate) const fn own_policies(own: OwnPolicies) -> &'static str {
    match own {
        OwnPolicies::NotAsked => "",
        OwnPolicies::MustAllow => ", if the caller's own policies allow it too",
        OwnPolicies::MustAllowAcrossAccounts => {
            ", and where the role is another account's, if the caller's own policies allow it too"
        }
    }
}

/// What decides an exchange.
pub(crate) const fn exchange_decided_by(operation: Operation) -> &'static str {
    match operation {
        Operation::AssumeRoleWithWebIdentity | Operation::AssumeRoleWithSaml => {
            "The trust policy alone decides this exchange (and RCPs); the role's own policies are not consulted."
        }
        Operation::AssumeRole => {
            "The trust policy decides this exchange, with the caller's own policies (not given here: a Deny, a boundary or an SCP among them still limits it); the role's own policies are not consulted."
        }
        Operation::GetFederationToken => {
            "The caller's policies decide this exchange; the session has what they and its session policy both allow."
        }
        Operation::GetSessionToken => {
            "No policy decides this exchange; the session acts as the caller itself."
        }
        Operation::AssumeRoot => {
            "The caller's policies decide this exchange; the session has its task policy alone."
        }
    }
}

/// What a case assumes of a policy that was not given.
pub(crate) fn assumption(assumed: Assumed) -> &'static str {
    match assumed {
        Assumed::Delegates => {
            "where the policy of that role or key (not given for it: --resource ARN with --trust or --resource-policy) leaves it to the account"
        }
        Assumed::Silent => "where it does not allow the caller",
    }
}

/// When a case occurs: "if aws:X is absent, and aws:Y is `true`"; empty for always.
pub(crate) fn when(conjunctions: &[Conjunction], answer: &Answer) -> String {
    if conjunctions.iter().any(Conjunction::is_empty) {
        return String::new();
    }
    let all: Vec<_> =
        conjunctions.iter().map(|conjunction| together(conjunction, answer)).collect();
    format!("if {}", all.join("; or if "))
}

/// An example of when a case occurs: "as with aws:X=a and aws:Y absent".
pub(crate) fn example(conjunctions: &[Conjunction]) -> String {
    let Some(simplest) = conjunctions.iter().min_by_key(|conjunction| conjunction.len()) else {
        return String::new();
    };
    let parts: Vec<_> = simplest
        .iter()
        .filter_map(|(key, states)| states.first().map(|state| (key, state)))
        .map(|(key, state)| match state {
            KeyState::Absent => format!("{key} absent"),
            other => format!("{key}={}", self::state(other)),
        })
        .collect();
    if parts.is_empty() { String::new() } else { format!("as with {}", parts.join(" and ")) }
}

fn together(conjunction: &Conjunction, answer: &Answer) -> String {
    let one = |(key, mine): (&ConditionKey, &Vec<KeyState>)| {
        let all = answer.tried.get(key).map_or(mine.as_slice(), Vec::as_slice);
        let samples = answer.samples.get(key);
        let holds = |text: &String| samples.is_some_and(|samples| samples.contains(text));
        let is_sample = |state: &KeyState| match state {
            KeyState::Single(text) => holds(text),
            KeyState::Multi(texts) => texts.iter().any(holds),
            KeyState::Absent | KeyState::Unknown => false,
        };
        format!("{key} is {}", states(mine, all, is_sample))
    };
    conjunction.iter().map(one).collect::<Vec<_>>().join(", and ")
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
