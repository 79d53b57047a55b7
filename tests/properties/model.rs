//! The diagram against the evaluator: random policies of every layer, random requests, and a request
//! of every combination of classes.

use iamsure_core::decision::Outcome as CoreOutcome;
use iamsure_core::decision::evaluate;
use iamsure_core::language::{ActionPattern, Arn, ConditionKey};
use iamsure_core::world::{Context, PolicySet, Request, Switches};
use iamsure_testkit::strategy::world::{policy_set, request, switches};
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{Knowledge, Model, Outcome, Place, Question, ResourceKind, Scope, View};
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

/// Scopes that a request is in: all actions, its own alone, or those of a list beside others.
fn scope_of(request: &Request, other: &Request, form: usize) -> Vec<ActionPattern> {
    let own = request.action.as_str().to_owned();
    let texts = match form {
        0 => vec![],
        1 => vec![own],
        2 => vec![other.action.as_str().to_owned(), own, "s3:GetObject".to_owned()],
        3 => vec![format!("{}:*", request.action.prefix().to_uppercase())],
        _ => vec![own, format!("{}:*", other.action.prefix())],
    };
    texts.into_iter().map(ActionPattern::new).collect()
}

fn build(
    policies: &PolicySet,
    switches: &Switches,
    request: &Request,
    actions: &[ActionPattern],
) -> Model {
    let callers = [Caller::new("caller", request.requester.clone())];
    let worlds = [Context::open()];
    let scope = Scope {
        callers: &callers,
        template: request,
        worlds: &worlds,
        actions,
        resources: &[],
        kind: ResourceKind::Any,
        knowledge: &nothing_known,
        budget: Budget::default(),
    };
    let view = View { policies, switches, question: Question::Decision };
    Model::build(&[view], scope).unwrap()
}

/// What core says, unless it depends on an unknown fact (P-13).
fn decided(policies: &PolicySet, switches: &Switches, request: &Request) -> Option<Outcome> {
    match evaluate(policies, request, switches).outcome {
        CoreOutcome::Decided(decision) => Some(Outcome::Verdict(decision.verdict)),
        CoreOutcome::Depends { .. } => None,
    }
}

/// Some combinations of a residual: every one of few, or an even choice of many.
fn combinations(arities: &[usize], most: usize) -> Vec<Vec<usize>> {
    let total = arities.iter().fold(1_usize, |total, arity| total.saturating_mul(*arity));
    let step = total.div_ceil(most).max(1);
    (0..total)
        .step_by(step)
        .map(|number| {
            let mut left = number;
            arities
                .iter()
                .map(|arity| {
                    let class = left % arity;
                    left /= arity;
                    class
                })
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn the_diagram_decides_every_request_as_the_evaluator_does(
        policies in policy_set(),
        switches in switches(),
        request in request(),
        (other, form) in (request(), 0..5_usize),
    ) {
        let model = build(&policies, &switches, &request, &scope_of(&request, &other, form));
        if request.resource != "*" && Arn::split(&request.resource).is_none() {
            return Ok(());
        }
        let place = model.locate(0, &request);
        prop_assert!(place.is_some(), "{request:?} belongs to no combination");
        let place = place.unwrap();
        let residual = &model.residuals[place.cell.residual];
        prop_assert_eq!(residual.diagram.value(residual.possible, &place.classes), TRUE);
        if let Some(expected) = decided(&policies, &switches, &request) {
            prop_assert_eq!(model.outcomes(&place, 0).unwrap().one(), Some(expected), "{:?}", place);
        }
    }

    /// What is known of a key does not depend on which actions are asked about (R-3 counts every clause).
    #[test]
    fn a_scope_tells_the_same_classes_apart(
        policies in policy_set(),
        switches in switches(),
        request in request(),
        (other, form) in (request(), 1..5_usize),
    ) {
        let classes = |actions: &[ActionPattern]| {
            let model = build(&policies, &switches, &request, actions);
            let place = model.locate(0, &request)?;
            let subjects = model.residuals[place.cell.residual].subjects.iter();
            let mut found: Vec<_> = subjects
                .map(|subject| (subject.subject.clone(), subject.classes.len()))
                .collect();
            found.sort();
            Some(found)
        };
        let of_all = classes(&[]);
        prop_assert_eq!(classes(&scope_of(&request, &other, form)), of_all);
    }

    #[test]
    fn every_combination_is_decided_as_its_witness_is(
        policies in policy_set(),
        switches in switches(),
        request in request(),
        (other, form) in (request(), 0..5_usize),
    ) {
        let model = build(&policies, &switches, &request, &scope_of(&request, &other, form));
        let view = View { policies: &policies, switches: &switches, question: Question::Decision };
        for cell in &model.cells {
            let residual = &model.residuals[cell.residual];
            let arities: Vec<usize> =
                residual.subjects.iter().map(|subject| subject.classes.len()).collect();
            for classes in combinations(&arities, 40) {
                if residual.diagram.value(residual.possible, &classes) != TRUE {
                    continue;
                }
                let place = Place { cell: *cell, classes };
                let expected = model.outcomes(&place, 0).unwrap().one().unwrap();
                let witness = model.witness(view, &place, expected);
                prop_assert!(witness.is_ok(), "{:?}", witness.unwrap_err());
            }
        }
    }
}
