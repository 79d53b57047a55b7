//! One case of a report, whatever the form.

use std::collections::HashMap;

use iamsure_core::language::Span;
use iamsure_core::language::source::Place;
use iamsure_core::world::Switch;
use iamsure_review::suite::{Body, Case, ClaimOutcome, ClaimTest, Decided, Outcome, Suite, Test};
use iamsure_truth::claim::ClaimVerdict;

use super::miss::{self, Searched};

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Passed,
    Failed,
    Errored,
    Skipped,
}

impl Status {
    /// The word of the forms for programs.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
        }
    }
}

/// One case and what became of it.
#[derive(Clone)]
pub(crate) struct Item<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) test: &'a Test,
    /// What tells it from the other cases of the test; empty for a claim.
    pub(crate) case: &'a str,
    pub(crate) span: Span,
    pub(crate) status: Status,
    /// What was found, in one line; why it was skipped, if it was.
    pub(crate) found: String,
    /// Why it failed, in lines.
    pub(crate) detail: String,
    /// The choices where AWS is silent that it depends on.
    pub(crate) switches: Vec<Switch>,
}

impl Item<'_> {
    /// Where the expectation is written.
    pub(crate) fn place(&self) -> Place {
        self.suite.source.place(self.span.start)
    }

    /// `test > case`.
    pub(crate) fn name(&self) -> String {
        if self.case.is_empty() {
            self.test.name.clone()
        } else {
            format!("{} > {}", self.test.name, self.case)
        }
    }
}

/// The items of a test.
pub(super) fn of_test<'a>(
    suite: &'a Suite,
    test: &'a Test,
    decided: &'a Decided,
    searched: &mut Searched,
    items: &mut Vec<Item<'a>>,
) {
    let item = |case: &'a str, span, status, found| Item {
        suite,
        test,
        case,
        span,
        status,
        found,
        detail: String::new(),
        switches: Vec::new(),
    };
    match (decided, &test.body) {
        (Decided::Skipped(reason), _) => {
            items.push(item("", test.span, Status::Skipped, reason.clone()));
        }
        (Decided::Cases(outcomes), Body::Cases(cases)) => {
            let mut known = HashMap::new();
            for (case, outcome) in cases.iter().zip(outcomes) {
                let place = *known.entry(case.identity()).or_insert(items.len());
                items.push(match items.get(place) {
                    Some(same) => Item { case: &case.label, span: case.span, ..same.clone() },
                    None => of_case(test, case, outcome, searched, |status, found| {
                        item(&case.label, case.span, status, found)
                    }),
                });
            }
        }
        (Decided::Claim(outcome), Body::Claim(claim)) => {
            items.push(of_claim(test, claim, outcome, |status, found| {
                item("", test.span, status, found)
            }));
        }
        // A test is decided as what it is.
        (Decided::Cases(_), Body::Claim(_)) | (Decided::Claim(_), Body::Cases(_)) => {}
    }
}

fn of_case<'a>(
    test: &Test,
    case: &Case,
    outcome: &Outcome,
    searched: &mut Searched,
    item: impl Fn(Status, String) -> Item<'a>,
) -> Item<'a> {
    match outcome {
        Outcome::Passed(passed) => {
            let mut item = item(Status::Passed, case.expected.to_string());
            item.switches = passed.switches.iter().copied().collect();
            item
        }
        Outcome::Errored(error) => item(Status::Errored, error.clone()),
        Outcome::Failed(found) => {
            let mut item = item(Status::Failed, miss::found(case, found));
            item.detail = miss::detail(test, case, found, searched);
            item
        }
    }
}

fn of_claim<'a>(
    test: &Test,
    claim: &ClaimTest,
    outcome: &ClaimOutcome,
    item: impl Fn(Status, String) -> Item<'a>,
) -> Item<'a> {
    match &outcome.verdict {
        Err(error) => item(Status::Errored, error.clone()),
        Ok(verdict) if claim.is_met(outcome) => item(Status::Passed, word(*verdict)),
        Ok(verdict) => {
            let mut item = item(Status::Failed, word(*verdict));
            item.detail = miss::of_claim(test, claim, outcome);
            item
        }
    }
}

/// The verdict in a sentence.
pub(super) fn word(verdict: ClaimVerdict) -> String {
    verdict.word().to_lowercase()
}

/// The message of a check of the program's own that failed, if one did.
pub(super) fn bug(decided: &Decided) -> Option<String> {
    match decided {
        Decided::Claim(outcome) if outcome.is_internal => outcome.verdict.clone().err(),
        _ => None,
    }
}
