//! Whether a test that passed still passes when the policies are changed.

use std::cell::RefCell;
use std::sync::Arc;

use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::claim::Body;
use iamsure_truth::matrix::MatrixQuery;

use super::Change;
use crate::suite::case::{Case, Scene};
use crate::suite::expectation::{Expectation, Words};
use crate::suite::passed::Passed;
use crate::suite::test::ClaimTest;

/// What the tests notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Notice {
    /// Nothing: every test passes.
    Nothing,
    /// That another statement decides, or that a statement does nothing; no decision is other than expected.
    Reason,
    /// A decision.
    Decision,
}

/// The tests that passed, by what they have in common.
pub(super) struct Tests<'a> {
    scenes: Vec<(&'a Arc<Scene>, Vec<&'a Case>)>,
    claims: &'a [&'a ClaimTest],
    /// The scene whose case noticed last: likely to notice again.
    last: RefCell<usize>,
}

impl<'a> Tests<'a> {
    pub(super) fn of(passed: &'a Passed<'a>) -> Self {
        let mut scenes: Vec<(&Arc<Scene>, Vec<&Case>)> = Vec::new();
        for (case, _) in &passed.cases {
            match scenes.iter_mut().find(|(scene, _)| Arc::ptr_eq(scene, &case.scene)) {
                Some((_, cases)) => cases.push(case),
                None => scenes.push((&case.scene, vec![case])),
            }
        }
        Self { scenes, claims: &passed.claims, last: RefCell::new(0) }
    }

    /// What they notice of a change; asked until one notices a decision.
    pub(super) fn notice(&self, change: &Change, id: StatementId) -> Notice {
        let mut most = Notice::Nothing;
        let first = *self.last.borrow();
        let order = (first..self.scenes.len()).chain(0..first);
        for number in order {
            let Some((scene, cases)) = self.scenes.get(number) else { continue };
            let Some(policies) = change.apply(&scene.query.policies, id) else { continue };
            let changed = scene.under(policies);
            for case in cases {
                most = most.max(of_case(case, &changed));
                if most == Notice::Decision {
                    *self.last.borrow_mut() = number;
                    return most;
                }
            }
        }
        for claim in self.claims {
            if let Some(policies) = change.apply(&claim.policies, id) {
                most = most.max(of_claim(claim, policies));
            }
            if most == Notice::Decision {
                break;
            }
        }
        most
    }
}

fn of_case(case: &Case, changed: &Scene) -> Notice {
    let by = |query: &MatrixQuery| {
        let Ok(answer) = case.answer(query) else { return Notice::Decision };
        if case.expected.holds(&answer, &query.policies) {
            Notice::Nothing
        } else if nameless(&case.expected).holds(&answer, &query.policies) {
            Notice::Reason
        } else {
            Notice::Decision
        }
    };
    let noticed = by(&changed.query);
    match &changed.opened {
        Some(opened) if case.expected.is_denial() && noticed != Notice::Decision => {
            noticed.max(by(opened))
        }
        _ => noticed,
    }
}

/// What is expected, whoever decides it.
fn nameless(expected: &Expectation) -> Expectation {
    match expected {
        Expectation::Depends => Expectation::Depends,
        Expectation::Cases(cases) => Expectation::Cases(
            cases.iter().map(|words| Words { word: words.word, by: Vec::new() }).collect(),
        ),
    }
}

fn of_claim(claim: &ClaimTest, policies: PolicySet) -> Notice {
    let changed = ClaimTest { policies, ..claim.clone() };
    let outcome = changed.decide();
    if changed.is_met(&outcome) {
        Notice::Nothing
    } else if matches!(claim.claim.body, Body::NoInertStatements) {
        Notice::Reason
    } else {
        Notice::Decision
    }
}
