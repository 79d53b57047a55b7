//! Statements taken away: the model's word for what would be decided without each, against the evaluator;
//! and that nobody misses a statement that is said to do nothing.

use iamsure_core::decision::{Outcome as CoreOutcome, evaluate};
use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{Context, KeyState, PolicySet, Request, Switches};
use iamsure_testkit::strategy::world::{
    context, member, policy_set, request, request_of, switches,
};
use iamsure_truth::background::knowledge::knowledge;
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::inert::{Change, InertQuery};
use iamsure_truth::model::{
    Classes, Knowledge, Model, Outcome, Outcomes, Place, Question, ResourceKind, ResourceRange,
    Scope, Subject, View,
};
use iamsure_truth::open_world::{Grant, with_delegation, with_grants};
use iamsure_truth::setting::Setting;
use proptest::prelude::*;

use super::cases;

/// Nothing is published about the keys of random policies, and both arities occur.
fn nothing_known(_: &ConditionKey, _: &Caller) -> Knowledge {
    Knowledge {
        nature: Nature { arity: Some(Arity::Either), may_be_absent: true, may_be_present: true },
        domain: Domain::Text,
        hints: Vec::new(),
    }
}

fn as_published(key: &ConditionKey, caller: &Caller) -> Knowledge {
    knowledge(key, Some(&caller.requester.principal))
}

/// What is asked: the requests of one caller.
struct Asked {
    callers: [Caller; 1],
    template: Request,
    worlds: [Context; 1],
    known: fn(&ConditionKey, &Caller) -> Knowledge,
}

impl Asked {
    fn scope(&self) -> Scope<'_> {
        Scope {
            callers: &self.callers,
            template: &self.template,
            worlds: &self.worlds,
            actions: &[],
            resources: ResourceRange::Every(ResourceKind::Any),
            knowledge: &self.known,
            budget: Budget::default(),
        }
    }
}

fn freely(request: &Request) -> Asked {
    Asked {
        callers: [Caller::new("caller", request.requester.clone())],
        template: request.clone(),
        worlds: [Context::open()],
        known: nothing_known,
    }
}

/// The requests that [`InertQuery`] asks about for this caller.
fn published(request: &Request) -> Asked {
    let mut known = Context::open();
    for (key, state) in derived(request) {
        known.set(key, state);
    }
    Asked { worlds: [known], known: as_published, ..freely(request) }
}

/// What follows from who asks.
fn derived(request: &Request) -> impl Iterator<Item = (ConditionKey, KeyState)> {
    let follows = |key: &ConditionKey| {
        request.resource_account.is_some() || *key != ConditionKey::new("aws:ResourceAccount")
    };
    let found: Vec<_> = derived_keys(request)
        .into_iter()
        .filter(|(key, state)| follows(key) && *state != KeyState::Unknown)
        .collect();
    found.into_iter()
}

fn decision<'a>(policies: &'a PolicySet, switches: &'a Switches) -> View<'a> {
    View { policies, switches, question: Question::Decision }
}

fn query(policies: &PolicySet, switches: Switches, request: &Request) -> InertQuery {
    let setting = Setting {
        who: Some(request.requester.clone()).into(),
        resource_account: request.resource_account.clone(),
        switches,
        ..Setting::default()
    };
    InertQuery { policies: policies.clone(), setting, examples: true }
}

/// What core says, unless it depends on an unknown fact (P-13).
fn decided(policies: &PolicySet, switches: &Switches, request: &Request) -> Option<Outcome> {
    match evaluate(policies, request, switches).outcome {
        CoreOutcome::Decided(decision) => Some(Outcome::Verdict(decision.verdict)),
        CoreOutcome::Depends { .. } => None,
    }
}

fn change(with: Option<Outcome>, without: Option<Outcome>) -> Option<Change> {
    match (with?, without?) {
        (Outcome::Verdict(with), Outcome::Verdict(without)) => Some(Change::between(with, without)),
        _ => None,
    }
}

fn without(policies: &PolicySet, statement: StatementId) -> PolicySet {
    policies.only(|known| known != statement)
}

/// The possible combinations of a cell, or an even choice of `most`.
fn places(model: &Model, most: usize) -> Vec<Place> {
    let mut places = Vec::new();
    for cell in &model.cells {
        let residual = &model.residuals[cell.residual];
        let arities: Vec<usize> =
            residual.subjects.iter().map(|subject| subject.classes.len()).collect();
        let total = arities.iter().fold(1_usize, |total, arity| total.saturating_mul(*arity));
        for number in (0..total).step_by(total.div_ceil(most).max(1)) {
            let mut left = number;
            let mut classes = Vec::with_capacity(arities.len());
            for arity in &arities {
                classes.push(left % arity);
                left /= arity;
            }
            if residual.diagram.value(residual.possible, &classes) == TRUE {
                places.push(Place { cell: *cell, classes });
            }
        }
    }
    places
}

/// A request of a user or a session, with what follows from who asks put in, and nothing said that a
/// [`Setting`] cannot say.
fn consistent_request() -> impl Strategy<Value = Request> {
    request_of(member(), context()).prop_map(|mut request| {
        request.resource_in_management_account = false;
        for (key, state) in derived(&request.clone()) {
            request.context.set(key, state);
        }
        request
    })
}

fn is_written_well(request: &Request) -> bool {
    request.resource == "*" || Arn::split(&request.resource).is_some()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_share_says_what_the_evaluator_decides_without_the_statement(
        policies in policy_set(),
        switches in switches(),
        request in request(),
    ) {
        let asked = freely(&request);
        let model = Model::with_shares(&[decision(&policies, &switches)], asked.scope()).unwrap();
        let drawn = Some(request).filter(is_written_well);
        let of_classes = places(&model, 12).into_iter().filter_map(|place| model.request(&place));
        for request in of_classes.chain(drawn) {
            // A request that is to stand for a class may be of another where values hang together.
            let Some(place) = model.locate(0, &request) else { continue };
            let residual = &model.residuals[place.cell.residual];
            for (statement, ..) in policies.statements() {
                let left = without(&policies, statement);
                let Some(expected) = decided(&left, &switches, &request) else { continue };
                let share = residual.shares.iter().find(|share| share.statement == statement);
                let function = share.map_or(residual.answers[0], |share| share.without);
                let leaf = residual.diagram.value(function, &place.classes).as_leaf().unwrap();
                prop_assert_eq!(Outcomes(leaf).one(), Some(expected), "{:?} {:?}", statement, request);
            }
        }
    }

    #[test]
    fn nobody_misses_an_inert_statement(
        policies in policy_set(),
        switches in switches(),
        first in consistent_request(),
        contexts in prop::collection::vec(request_of(member(), context()), 8),
    ) {
        let answer = query(&policies, switches, &first).answer().unwrap();
        // With the stand-ins for policies that must exist.
        let policies = answer.grounds.policies.clone();
        let asked = published(&first);
        let published = Model::build(&[decision(&policies, &switches)], asked.scope()).unwrap();
        // The same caller, asking for other things.
        let requests = contexts.into_iter().map(|other| {
            let mut context = other.context;
            derived(&first).for_each(|(key, state)| context.set(key, state));
            Request { action: other.action, resource: other.resource, context, ..first.clone() }
        });
        for request in requests.chain([first.clone()]) {
            let is_asked = is_written_well(&request)
                && iamsure_reference::action(request.action.as_str()).is_known()
                && published.locate(0, &request).is_some();
            if !is_asked {
                continue;
            }
            for effect in &answer.statements {
                let mut worlds = vec![(policies.clone(), effect.closed)];
                for extra in grants() {
                    worlds.push((with_grants(&policies, &extra), effect.open));
                }
                for (world, said) in worlds {
                    let left = without(&world, effect.statement);
                    let found = change(
                        decided(&world, &switches, &request),
                        decided(&left, &switches, &request),
                    );
                    prop_assert!(
                        found.is_none_or(|found| found <= said),
                        "{:?} is said to change {said:?}, but {found:?}: {request:?}",
                        effect.statement
                    );
                }
            }
        }
    }

    #[test]
    fn a_statement_is_inert_if_and_only_if_no_combination_of_classes_misses_it(
        policies in policy_set(),
        switches in switches(),
        request in consistent_request(),
    ) {
        let answer = query(&policies, switches, &request).answer().unwrap();
        let policies = answer.grounds.policies.clone();
        let asked = published(&request);
        for effect in &answer.statements {
            let left = without(&policies, effect.statement);
            let views = [decision(&policies, &switches), decision(&left, &switches)];
            let model = Model::build(&views, asked.scope()).unwrap();
            let is_free = |subject: &Subject| matches!(subject, Subject::Resource | Subject::Key(_));
            let subjects = || model.residuals.iter().flat_map(|residual| &residual.subjects);
            let is_exact = subjects().all(|subject| is_free(&subject.subject));
            let all = model.residuals.iter().all(|residual| {
                residual.subjects.iter().map(|subject| subject.classes.len()).product::<usize>() <= 400
            });
            let is_witnessed = subjects().all(|subject| match &subject.classes {
                Classes::States { classes, .. } => {
                    classes.states.iter().all(|state| state.witness.is_some())
                }
                _ => true,
            });
            if !is_exact || !all || !is_witnessed {
                continue;
            }
            let is_published = |place: &Place| model.actions.classes[place.cell.action].published > 0;
            let most = places(&model, 400)
                .iter()
                .filter(|place| is_published(place))
                .filter_map(|place| model.request(place))
                .filter_map(|request| change(
                    decided(&policies, &switches, &request),
                    decided(&left, &switches, &request),
                ))
                .max();
            prop_assert_eq!(most.unwrap_or(Change::Nothing), effect.closed, "{:?}", effect.statement);
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn what_a_statement_changes_is_shown_by_a_request(
        policies in policy_set(),
        switches in switches(),
        request in consistent_request(),
    ) {
        let answer = query(&policies, switches, &request).answer().unwrap();
        let policies = answer.grounds.policies.clone();
        for effect in &answer.statements {
            let Some(example) = &effect.example else { continue };
            let said = [example.with, example.without].map(|verdict| Some(Outcome::Verdict(verdict)));
            // A policy of the resource may grant, or leave it to the account of the caller.
            let account = request.requester.principal.account();
            let others: Vec<Grant> =
                example.extra.iter().copied().filter(|grant| *grant != Grant::Resource).collect();
            let delegated = with_delegation(&policies, &Vec::from_iter(account));
            let worlds = [with_grants(&policies, &example.extra), with_grants(&delegated, &others)];
            let found = worlds.map(|world| {
                let left = without(&world, effect.statement);
                [&world, &left].map(|policies| decided(policies, &switches, &example.request))
            });
            let leaves_it = example.extra.contains(&Grant::Resource);
            prop_assert!(
                found[0] == said || (leaves_it && found[1] == said),
                "{:?} {:?} {:?}", effect.statement, example, found
            );
            // The greatest change there is. Where no request was found by these policies alone, another
            // Allow may stand beside them.
            let shown = Change::between(example.with, example.without);
            prop_assert_eq!(shown, effect.open);
        }
    }
}

fn grants() -> [Vec<Grant>; 4] {
    [
        vec![Grant::Identity],
        vec![Grant::Resource],
        vec![Grant::Identity, Grant::Session],
        Grant::ALL.to_vec(),
    ]
}
