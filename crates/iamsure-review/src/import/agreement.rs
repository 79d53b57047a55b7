//! What our evaluator says of a record, beside what AWS decided.

use iamsure_core::decision::Outcome;
use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::evaluate;
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{CallPath, Context, KeyState, PolicySet, Request, Requester, Switches};
use iamsure_truth::matrix::sample_requester;
use iamsure_truth::resolution::{Answer, Resolver};
use iamsure_truth::shape::shape;

use super::Test;

/// Whether our evaluator decides as AWS did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It does, whatever the unknown is.
    Agrees,
    /// It does not, whatever the unknown is. The text says what it decides.
    Differs(String),
    /// It hangs on these keys, which the record does not tell.
    Depends(Vec<ConditionKey>),
    /// It was not asked, and why.
    NotAsked(String),
}

/// Decides the request of a test by `policies`, with every key unknown that nobody gave.
pub fn agreement(test: &Test, policies: &PolicySet) -> Agreement {
    if !test.todo.is_empty() {
        return Agreement::NotAsked("something must be added first (see its `todo`)".to_owned());
    }
    let switches = Switches::default();
    let (worlds, through_endpoint) = worlds(test, &switches);
    let Some(request) = worlds.first() else {
        return Agreement::NotAsked("nobody says which resource".to_owned());
    };
    let has_policy = match mechanism(request) {
        Mechanism::Ordinary => true,
        Mechanism::Trust => policies.trust.is_some(),
        Mechanism::Key => policies.resource.is_some(),
    };
    if !has_policy {
        let why = "the policy of the role or key, which there must be, is not given";
        return Agreement::NotAsked(why.to_owned());
    }
    let mut policies = policies.clone();
    if through_endpoint == Some(false) {
        policies.endpoint = None;
    }
    let principal = request.requester.principal.clone();
    let shape_of = |key: &ConditionKey| shape(key, Some(&principal));
    let resolver = Resolver { policies: &policies, switches: &switches, shape_of: &shape_of };
    judged(test, &policies, &resolver.answer(&worlds), &worlds, &switches)
}

/// The keys that `policies` ask about and the record does not tell.
pub fn not_told(test: &Test, policies: &PolicySet) -> Vec<ConditionKey> {
    let (worlds, _) = worlds(test, &Switches::default());
    let is_unknown = |key: &ConditionKey| {
        worlds.iter().any(|world| *world.context.state(key) == KeyState::Unknown)
    };
    policies.keys().into_iter().filter(is_unknown).collect()
}

/// The request of a test in every world of its call path, and whether that goes through a VPC endpoint.
/// Keys that follow from caller and resource are filled in. None if nobody says which resource.
fn worlds(test: &Test, switches: &Switches) -> (Vec<Request>, Option<bool>) {
    let Some(resource) = &test.resource else { return (Vec::new(), None) };
    let requester = test.principal.clone().map_or_else(sample_requester, Requester::from);
    let mut context = Context::open();
    for (key, state) in &test.context {
        context.set(key.clone(), state.clone());
    }
    let mut request = Request::new(requester, test.action.clone(), resource.as_str(), context);
    request.resource_account.clone_from(&test.resource_account);
    for (key, state) in derived_keys(&request) {
        if !request.context.is_set(&key) {
            request.context.set(key, state);
        }
    }
    let path = test.path.and_then(|name| CallPath::named(name, switches).ok());
    let Some(path) = path else { return (vec![request], None) };
    let worlds = path
        .worlds()
        .iter()
        .map(|world| {
            let mut request = request.clone();
            world.apply(&mut request.context);
            request
        })
        .collect();
    (worlds, path.through_endpoint())
}

fn judged(
    test: &Test,
    policies: &PolicySet,
    answer: &Answer,
    worlds: &[Request],
    switches: &Switches,
) -> Agreement {
    let as_expected = |decision| test.expected.holds(decision, policies);
    let is_whole = answer.not_excluded.is_empty() && answer.gave_up_on.is_empty();
    if is_whole && answer.cases.iter().all(|case| as_expected(&case.decision)) {
        return Agreement::Agrees;
    }
    // What could not be ruled out may be what AWS decided.
    let is_possible = answer.cases.iter().any(|case| as_expected(&case.decision))
        || answer.not_excluded.iter().any(|verdict| test.expected.word.says(*verdict))
        || !answer.gave_up_on.is_empty();
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
        .flat_map(|when| when.keys().cloned())
        .chain(answer.gave_up_on.iter().cloned())
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
