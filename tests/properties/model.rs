//! The diagram against the evaluator: random policies of every layer, random requests, and a request
//! of every combination of classes.

use iamsure_core::decision::Outcome as CoreOutcome;
use iamsure_core::decision::evaluate;
use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::{ActionPattern, Arn, ConditionKey};
use iamsure_core::world::{Context, PolicySet, Request, Switches};
use iamsure_testkit::strategy::pattern::resource_entry;
use iamsure_testkit::strategy::world::{policy_set, request, switches};
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{
    Knowledge, Model, Outcome, Place, Question, ResourceKind, ResourceRange, Scope, Subject, View,
    is_resource_pattern,
};
use iamsure_truth::table::{Form, HitPolicy, Table};
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
    let every = ResourceRange::Every(ResourceKind::Any);
    build_about((policies, switches), request, actions, every)
}

fn build_about(
    (policies, switches): (&PolicySet, &Switches),
    request: &Request,
    actions: &[ActionPattern],
    resources: ResourceRange<'_>,
) -> Model {
    let callers = [Caller::new("caller", request.requester.clone())];
    let worlds = [Context::open()];
    let scope = Scope {
        callers: &callers,
        template: request,
        worlds: &worlds,
        actions,
        resources,
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

/// Whether a question about these resources is about this one: each field is matched by its own. `*` alone is itself.
fn is_asked(asked: &[String], resource: &str) -> bool {
    let matches =
        |(pattern, field): (&str, &str)| Pattern::glob(pattern, Case::Sensitive).matches(field);
    asked.iter().any(|text| {
        if text == "*" || resource == "*" {
            return text == resource;
        }
        let (fields, of_resource) = (text.splitn(6, ':'), resource.splitn(6, ':'));
        fields.clone().count() == of_resource.clone().count()
            && fields.zip(of_resource).all(matches)
    })
}

/// Resources that are asked about, some of them by a pattern.
fn asked_resources() -> impl Strategy<Value = Vec<String>> {
    let one = resource_entry().prop_filter("has no variables", |text| !text.contains("${"));
    prop::collection::vec(one, 1..4)
        .prop_filter("has a pattern", |asked| asked.iter().any(|text| is_resource_pattern(text)))
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_question_about_a_pattern_is_about_each_resource_that_it_matches(
        policies in policy_set(),
        switches in switches(),
        request in request(),
        asked in asked_resources(),
    ) {
        let range = ResourceRange::Of(&asked);
        let actions = [ActionPattern::new(request.action.as_str())];
        let model = build_about((&policies, &switches), &request, &actions, range);
        let asks_resources = model.residuals.iter().any(|one| {
            one.subjects.first().is_some_and(|subject| subject.subject == Subject::Resource)
        });
        prop_assert!(asks_resources, "a named resource is always asked for");
        let place = model.locate(0, &request);
        prop_assert_eq!(place.is_some(), is_asked(&asked, &request.resource), "{:?}", request.resource);
        let expected = decided(&policies, &switches, &request);
        if let (Some(place), Some(expected)) = (place, expected) {
            prop_assert_eq!(model.outcomes(&place, 0).unwrap().one(), Some(expected), "{:?}", place);
        }
        let view = View { policies: &policies, switches: &switches, question: Question::Decision };
        let form = Form { hit: Some(HitPolicy::Unique), apart: Some(false), keys: None };
        // Disjoint rows of a random set of policies may be very many.
        let Ok(table) = Table::of(&model, 0, view, &form, 3_000) else { return Ok(()) };
        for witness in table.rows.iter().filter_map(|row| row.witness.as_ref()) {
            prop_assert!(is_asked(&asked, &witness.resource), "{:?} is not asked about", witness.resource);
        }
    }

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
