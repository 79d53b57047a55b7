//! What passed, by policy set: what coverage and mutants are measured with.

use iamsure_truth::ask::Answer;

use super::Suite;
use super::case::Case;
use super::decide::{Decided, Outcome};
use super::test::{Body, ClaimTest};

/// What passed on one policy set.
#[derive(Debug, Default)]
pub(super) struct Passed<'a> {
    /// The cases, each with its answer.
    pub(super) cases: Vec<(&'a Case, &'a Answer)>,
    /// The claims.
    pub(super) claims: Vec<&'a ClaimTest>,
    /// Whether any test is about the set, passed or not.
    pub(super) is_tested: bool,
}

impl<'a> Passed<'a> {
    /// What passed on the set with this number. Tests that hold policies of their own are about no set.
    pub(super) fn of(suite: &'a Suite, decided: &'a [Decided], set: usize) -> Self {
        let mut passed = Self::default();
        for (test, decided) in suite.tests.iter().zip(decided) {
            match (&test.body, decided) {
                (Body::Cases(cases), Decided::Cases(outcomes)) => {
                    for (case, outcome) in cases.iter().zip(outcomes) {
                        if case.set != Some(set) {
                            continue;
                        }
                        passed.is_tested = true;
                        if let Outcome::Passed(found) = outcome {
                            passed.cases.push((case, &found.answer));
                        }
                    }
                }
                (Body::Claim(claim), Decided::Claim(outcome)) if claim.set == Some(set) => {
                    passed.is_tested = true;
                    if claim.is_met(outcome) {
                        passed.claims.push(claim);
                    }
                }
                _ => {}
            }
        }
        passed
    }
}
