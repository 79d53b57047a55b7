//! Completion: what trying values left open about a request, asked of the model of all its possibilities.
//!
//! Trying values shows outcomes, each with its request, and bounds say what was not ruled out. The
//! [model](crate::model) knows which verdicts there are: what it rules out is ruled out, and what it has
//! and no value showed is shown with a request of its own.

use iamsure_core::decision::{Outcome as CoreOutcome, Verdict, evaluate};
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::{Context, KeyState, Request};
use rustc_hash::FxHashSet;

use crate::budget::Budget;
use crate::class::requester::Caller;
use crate::class::state::{Arity, Nature};
use crate::class::value::Domain;
use crate::diagram::{FALSE, Function};
use crate::model::{Knowledge, Model, Outcome, Outcomes, Place, Question, Residual, Scope, View};
use crate::resolution::{Answer, Case, Resolver};

/// What one cell may take: beyond it, what was not ruled out stays so.
const BUDGET: Budget = Budget {
    states: 50_000,
    classes: 2_048,
    subjects: 100,
    nodes: 50_000,
    rows: 0,
    combinations: 64,
};

/// How many combinations are tried for the request of one verdict.
const TRIED: usize = 64;

/// Completes an answer about `worlds`, the possibilities of one request.
pub(crate) fn complete(resolver: Resolver<'_>, worlds: &[Request], answer: &mut Answer) {
    let Some(first) = worlds.first() else { return };
    let callers = [Caller::new("", first.requester.clone())];
    let contexts: Vec<Context> = worlds.iter().map(|world| world.context.clone()).collect();
    let actions = [ActionPattern::new(first.action.as_str())];
    let resources = [first.resource.clone()];
    let knowledge = |key: &ConditionKey, _: &Caller| {
        let shape = (resolver.shape_of)(key);
        let arity = match shape.multivalued {
            Some(true) => Arity::Many,
            Some(false) => Arity::One,
            None => Arity::Either,
        };
        Knowledge {
            nature: Nature {
                arity: Some(arity),
                may_be_absent: shape.may_be_absent,
                may_be_present: shape.may_be_present,
            },
            domain: Domain::Text,
            hints: Vec::new(),
        }
    };
    let scope = Scope {
        callers: &callers,
        template: first,
        worlds: &contexts,
        actions: &actions,
        resources: &resources,
        knowledge: &knowledge,
        budget: BUDGET,
    };
    let view = View {
        policies: resolver.policies,
        switches: resolver.switches,
        question: Question::Decision,
    };
    let Ok(model) = Model::build(&[view], scope) else { return };
    let verdicts = verdicts(&model);
    answer.not_excluded.retain(|verdict| verdicts.contains(verdict));
    for verdict in verdicts {
        if answer.cases.iter().any(|case| case.decision.verdict == verdict) {
            answer.not_excluded.retain(|open| *open != verdict);
            continue;
        }
        match witness(&model, view, verdict) {
            Some(request) => {
                answer.not_excluded.retain(|open| *open != verdict);
                answer.cases.extend(case(resolver, request, answer));
            }
            None if answer.not_excluded.contains(&verdict) => {}
            None => answer.not_excluded.push(verdict),
        }
    }
    answer.not_excluded.sort_unstable();
}

/// The verdicts of all combinations that can be.
pub(crate) fn verdicts(model: &Model) -> Vec<Verdict> {
    let mut found: Vec<Verdict> = Vec::new();
    for residual in &model.residuals {
        let mut seen = FxHashSet::default();
        let mut pending: Vec<(Function, Function)> =
            residual.answers.iter().map(|answer| (*answer, residual.possible)).collect();
        while let Some((answer, possible)) = pending.pop() {
            if possible == FALSE || !seen.insert((answer, possible)) {
                continue;
            }
            let diagram = &residual.diagram;
            match diagram.subject(answer).into_iter().chain(diagram.subject(possible)).min() {
                None => found.extend(answer.as_leaf().into_iter().flat_map(|leaf| {
                    Outcomes(leaf).iter().filter_map(|outcome| match outcome {
                        Outcome::Verdict(verdict) => Some(verdict),
                        Outcome::Applies | Outcome::DoesNotApply => None,
                    })
                })),
                Some(subject) => pending.extend((0..diagram.arity(subject)).map(|class| {
                    (diagram.child(answer, subject, class), diagram.child(possible, subject, class))
                })),
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A request with this verdict, decided by core.
fn witness(model: &Model, view: View<'_>, verdict: Verdict) -> Option<Request> {
    for cell in &model.cells {
        let residual = model.residuals.get(cell.residual)?;
        for classes in combinations(residual, verdict) {
            let place = Place { cell: *cell, classes };
            if let Ok(Some(witness)) = model.witness(view, &place, Outcome::Verdict(verdict)) {
                return Some(witness.request);
            }
        }
    }
    None
}

/// Some combinations with this verdict.
fn combinations(residual: &Residual, verdict: Verdict) -> Vec<Vec<usize>> {
    let wanted = Outcomes::only(Outcome::Verdict(verdict)).0;
    let mut found = Vec::new();
    let Some(answer) = residual.answers.first().copied() else { return found };
    let mut pending: Vec<(Function, Function, Vec<usize>)> =
        vec![(answer, residual.possible, Vec::new())];
    while let Some((answer, possible, classes)) = pending.pop() {
        let hopeless = possible == FALSE || answer.as_leaf().is_some_and(|leaf| leaf != wanted);
        if hopeless {
            continue;
        }
        let subject = classes.len();
        if subject == residual.subjects.len() {
            found.push(classes);
            if found.len() >= TRIED {
                return found;
            }
            continue;
        }
        for class in (0..residual.diagram.arity(subject)).rev() {
            let mut longer = classes.clone();
            longer.push(class);
            pending.push((
                residual.diagram.child(answer, subject, class),
                residual.diagram.child(possible, subject, class),
                longer,
            ));
        }
    }
    found
}

/// The case of a request, with what it says of the keys that vary.
fn case(resolver: Resolver<'_>, request: Request, answer: &Answer) -> Option<Case> {
    let CoreOutcome::Decided(decision) =
        evaluate(resolver.policies, &request, resolver.switches).outcome
    else {
        return None;
    };
    let varies =
        |key: &&ConditionKey| answer.tried.contains_key(*key) || answer.gave_up_on.contains(key);
    let when = resolver
        .policies
        .keys()
        .iter()
        .filter(varies)
        .map(|key| (key.clone(), vec![request.context.state(key).clone()]))
        .filter(|(_, states)| !states.contains(&KeyState::Unknown))
        .collect();
    Some(Case { decision, when: vec![when], witness: request, assumes: None })
}
