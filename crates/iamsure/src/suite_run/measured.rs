//! What is measured of the tests themselves: coverage, and mutants.

use iamsure_review::suite::{self, Decided, Fate, SetCoverage, SetMutants, Suite};

use super::SuiteRun;
use crate::args::TestArgs;

/// What was asked for of one suite.
#[derive(Default)]
pub(crate) struct Measured {
    /// Of each policy set.
    pub(crate) coverage: Option<Vec<SetCoverage>>,
    /// Of each policy set.
    pub(crate) mutants: Option<Vec<SetMutants>>,
}

impl Measured {
    pub(crate) fn of(args: &TestArgs, suite: &Suite, decided: &[Decided]) -> Self {
        let coverage = args.coverage || args.require_coverage.is_some();
        let mutants = args.mutants || args.require_mutants.is_some();
        Self {
            coverage: coverage.then(|| suite::coverage(suite, decided)),
            mutants: mutants.then(|| suite::mutants(suite, decided)),
        }
    }
}

/// A part of a whole, for a percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: usize,
    pub(crate) whole: usize,
}

impl Share {
    /// Rounded down, so that 100 is all; all of nothing is 100.
    pub(crate) const fn percent(self) -> usize {
        match (self.part * 100).checked_div(self.whole) {
            Some(percent) => percent,
            None => 100,
        }
    }

    fn and(self, other: Self) -> Self {
        Self { part: self.part + other.part, whole: self.whole + other.whole }
    }

    /// Of statements and clauses those that are covered, over the sets that tests are about.
    pub(crate) fn covered(sets: &[SetCoverage]) -> Self {
        sets.iter().filter(|set| set.is_tested).fold(Self::default(), |share, set| {
            let (part, whole) = set.score();
            share.and(Self { part, whole })
        })
    }

    /// Of the mutants that are counted those that were killed.
    pub(crate) fn killed(sets: &[SetMutants]) -> Self {
        sets.iter().fold(Self::default(), |share, set| {
            let killed = set.killed();
            share.and(Self { part: killed, whole: killed + set.survivors().count() })
        })
    }
}

/// How many mutants of some sets are of a kind.
pub(crate) fn count(sets: &[SetMutants], is: impl Fn(&Fate) -> bool) -> usize {
    sets.iter().flat_map(|set| &set.mutants).filter(|mutant| is(&mutant.fate)).count()
}

/// Of what was required what is not so, in a sentence each.
pub(crate) fn short_of(args: &TestArgs, runs: &[SuiteRun]) -> Vec<String> {
    let measured =
        || runs.iter().filter_map(|run| run.result.as_ref().ok()).map(|ran| &ran.measured);
    let coverage = measured().filter_map(|found| found.coverage.as_deref()).map(Share::covered);
    let mutants = measured().filter_map(|found| found.mutants.as_deref()).map(Share::killed);
    [
        (
            args.require_coverage,
            coverage.fold(Share::default(), Share::and),
            "statements and clauses covered",
        ),
        (args.require_mutants, mutants.fold(Share::default(), Share::and), "mutants caught"),
    ]
    .into_iter()
    .filter_map(|(required, share, what)| {
        let required = usize::from(required?);
        if share.whole == 0 && required > 0 {
            return Some(format!("nothing to measure ({what}), but {required} % is required"));
        }
        (share.percent() < required).then(|| {
            format!(
                "{} of {} {what} ({} %), but {required} % is required",
                share.part,
                share.whole,
                share.percent()
            )
        })
    })
    .collect()
}
