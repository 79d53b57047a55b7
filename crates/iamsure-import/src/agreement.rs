//! What our evaluator says of a record, beside what AWS decided.

use iamsure_core::decision::Outcome;
use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::evaluate;
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{CallPath, Context, KeyState, PolicySet, Request, Requester, Switches};
use iamsure_truth::ask::{Answer, Asker, Known, LeftOpen, Worlds};
use iamsure_truth::sample::{EXAMPLE_ACCOUNT, Who, account_of};
use iamsure_truth::table::Column;

use super::Test;

/// Whether our evaluator decides as AWS did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It does, whatever the unknown is.
    Agrees,
    /// It does not, whatever the unknown is. The text says what it decides.
    Differs(String),
    /// It depends on these keys, which the record does not tell.
    Depends(Vec<ConditionKey>),
    /// It was not asked, and why.
    NotAsked(String),
}

/// Decides the request of a test by `policies`, with every key unknown that nobody gave.
pub fn agreement(test: &Test, policies: &PolicySet) -> Agreement {
    if !test.todo.is_empty() {
        return Agreement::NotAsked("the test is incomplete (see its `todo`)".to_owned());
    }
    compared(test, policies)
}

/// As [`agreement`], whatever is to do: somebody has said what the record does not tell.
pub fn compared(test: &Test, policies: &PolicySet) -> Agreement {
    let switches = Switches::default();
    let path = path(test, &switches);
    let Some(worlds) = worlds(test, path.as_ref()) else {
        return Agreement::NotAsked("the resource is not known".to_owned());
    };
    let has_policy = match mechanism(worlds.first()) {
        Mechanism::Ordinary => true,
        Mechanism::Trust => policies.trust.is_some(),
        Mechanism::Key => policies.resource.is_some(),
    };
    if !has_policy {
        let why = "the policy of the role or key is required and was not given";
        return Agreement::NotAsked(why.to_owned());
    }
    let policies = worlds.looked_at_by(policies);
    let answer = Asker { policies: &policies, switches: &switches }.answer(&worlds);
    judged(test, &policies, &answer, worlds.requests(), &switches)
}

/// The keys that `policies` ask about and the record does not tell.
pub fn not_told(test: &Test, policies: &PolicySet) -> Vec<ConditionKey> {
    let path = path(test, &Switches::default());
    let Some(worlds) = worlds(test, path.as_ref()) else { return Vec::new() };
    let is_unknown = |key: &ConditionKey| {
        worlds.requests().iter().any(|world| *world.context.state(key) == KeyState::Unknown)
    };
    policies.keys().into_iter().filter(is_unknown).collect()
}

fn path(test: &Test, switches: &Switches) -> Option<CallPath> {
    test.path.and_then(|name| CallPath::named(name, switches).ok())
}

/// The request of a test in every world of its call path. `None` if the resource is not known.
fn worlds<'p>(test: &Test, path: Option<&'p CallPath>) -> Option<Worlds<'p>> {
    let resource = test.resource.as_ref()?;
    let who = Who::from(test.principal.clone().map(Requester::from));
    let account = account_of(resource).unwrap_or(EXAMPLE_ACCOUNT);
    let mut context = Context::open();
    for (key, state) in &test.context {
        context.set(key.clone(), state.clone());
    }
    let requester = who.or_sample(account);
    let mut request = Request::new(requester, test.action.clone(), resource.as_str(), context);
    request.resource_account.clone_from(&test.resource_account);
    Some(Worlds::of(request, &who, path, Known::Derived { resource: true }))
}

fn judged(
    test: &Test,
    policies: &PolicySet,
    answer: &Answer,
    worlds: &[Request],
    switches: &Switches,
) -> Agreement {
    let as_expected = |decision| test.expected.holds(decision, policies);
    if answer.is_complete() && answer.cases.iter().all(|case| as_expected(&case.decision)) {
        return Agreement::Agrees;
    }
    // What could not be ruled out may be what AWS decided.
    let is_possible = answer.cases.iter().any(|case| as_expected(&case.decision))
        || answer
            .left_open
            .iter()
            .flat_map(LeftOpen::verdicts)
            .any(|verdict| test.expected.word.says(*verdict));
    if !is_possible {
        let mut found: Vec<String> = answer
            .cases
            .iter()
            .map(|case| format!("{} by {}", case.decision.verdict, case.decision.by))
            .collect();
        found.dedup();
        return Agreement::Differs(found.join(" or "));
    }
    let mut keys: Vec<ConditionKey> = answer
        .cases
        .iter()
        .flat_map(|case| &case.when)
        .flat_map(|when| when.keys())
        .filter_map(Column::key)
        .cloned()
        .collect();
    for world in worlds {
        let evaluation = evaluate(policies, world, switches);
        if let Outcome::Depends { .. } = evaluation.outcome {
            keys.extend(evaluation.unknown_keys(policies, world));
        }
    }
    keys.retain(|key| worlds.iter().any(|world| *world.context.state(key) == KeyState::Unknown));
    keys.sort();
    keys.dedup();
    Agreement::Depends(keys)
}
