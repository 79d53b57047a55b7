//! What came of suites: each case as an item with a place and, where it failed, why; and the forms of a report.

mod changes;
mod coverage;
mod human;
mod item;
mod json;
mod junit;
mod marks;
mod miss;
mod mutants;
mod snapshot;
mod tap;

pub(crate) use changes::{changes, outcomes};
pub(crate) use coverage::coverage_of;
pub(crate) use human::human;
pub(crate) use item::{Item, Status};
pub(crate) use json::json;
pub(crate) use junit::junit;
pub(crate) use marks::{github, sarif};
pub(crate) use snapshot::snapshot;
pub(crate) use tap::tap;

use iamsure_truth::ask::Beside;

use self::miss::Searched;
use crate::exit::Exit;
use crate::suite_run::SuiteRun;

/// Everything that came of a run.
pub(crate) struct Report<'a> {
    pub(crate) runs: &'a [SuiteRun],
    /// Every case of every suite that could be read, in order.
    pub(crate) items: Vec<Item<'a>>,
    /// How many suites could not be read.
    pub(crate) unreadable: usize,
    /// A check of the program's own that failed.
    pub(crate) bug: Option<String>,
}

impl<'a> Report<'a> {
    pub(crate) fn of(runs: &'a [SuiteRun]) -> Self {
        let mut items = Vec::new();
        let mut bug = None;
        let mut searched = Searched::default();
        for run in runs {
            if let Ok(ran) = &run.result {
                for (test, decided) in ran.suite.tests.iter().zip(&ran.decided) {
                    bug = bug.or_else(|| item::bug(decided));
                    item::of_test(&ran.suite, test, decided, &mut searched, &mut items);
                }
            }
        }
        let unreadable = runs.iter().filter(|run| run.result.is_err()).count();
        Self { runs, items, unreadable, bug }
    }

    /// The policy sets beside which something is assumed, or that let nothing pass: the suite, the set, and what.
    pub(crate) fn beside(&self) -> impl Iterator<Item = (&SuiteRun, &str, Beside)> {
        self.runs.iter().flat_map(|run| {
            let sets = run.result.iter().flat_map(|ran| &ran.suite.sets);
            sets.map(move |set| (run, set.name.as_str(), Beside::of(&set.policies)))
                .filter(|(.., beside)| !beside.is_nothing())
        })
    }

    pub(crate) const fn count(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn with(&self, status: Status) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(move |item| item.status == status)
    }

    /// The cases of one suite.
    pub(crate) fn of_run(&self, run: &SuiteRun) -> Vec<&Item<'a>> {
        let Ok(ran) = &run.result else { return Vec::new() };
        self.items.iter().filter(|item| std::ptr::eq(item.suite, &raw const ran.suite)).collect()
    }

    /// 0 if everything passed, 1 if something failed, 2 if something could not be read or decided.
    pub(crate) fn exit(&self) -> Exit {
        if self.unreadable > 0 || self.with(Status::Errored).next().is_some() {
            Exit::CouldNotRun
        } else if self.with(Status::Failed).next().is_some() {
            Exit::No
        } else {
            Exit::AsExpected
        }
    }

    /// "2 failed, 38 passed, 1 to do; 41 cases of 14 tests in 2 suites".
    pub(crate) fn summary(&self) -> String {
        let counts: Vec<String> = [
            (Status::Errored, "could not be decided"),
            (Status::Failed, "failed"),
            (Status::Passed, "passed"),
            (Status::Skipped, "to do"),
        ]
        .into_iter()
        .map(|(status, word)| (self.with(status).count(), word))
        .filter(|(count, word)| *count > 0 || *word == "passed")
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let tests: usize = self
            .runs
            .iter()
            .filter_map(|run| run.result.as_ref().ok())
            .map(|ran| ran.suite.tests.len())
            .sum();
        let suites = self.runs.len();
        let plural = |count: usize, noun: &str| {
            format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
        };
        let unreadable = match self.unreadable {
            0 => String::new(),
            count => format!(", {count} of them unreadable"),
        };
        format!(
            "{}; {} of {} in {}{unreadable}",
            counts.join(", "),
            plural(self.items.len(), "case"),
            plural(tests, "test"),
            plural(suites, "suite"),
        )
    }
}
