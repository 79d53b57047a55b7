//! Suites as JUnit: each case a test case; a suite that cannot be read is an error.

use super::{Item, Report, Status};
use crate::render::junit::{self, Case, Outcome, Suite};
use crate::suite_run::SuiteRun;

/// The whole run.
pub(crate) fn junit(report: &Report<'_>) -> String {
    let suites: Vec<Suite<'_>> = report.runs.iter().map(|run| suite(report, run)).collect();
    junit::junit(&suites)
}

fn suite<'a>(report: &Report<'a>, run: &'a SuiteRun) -> Suite<'a> {
    let cases = match &run.result {
        Ok(_) => report.of_run(run).into_iter().map(case).collect(),
        Err(errors) => vec![Case {
            name: "the suite is read".to_owned(),
            class: &run.name,
            outcome: Outcome::Errored,
            message: "the suite cannot be read".to_owned(),
            detail: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        }],
    };
    Suite { name: &run.name, cases }
}

fn case<'a>(item: &Item<'a>) -> Case<'a> {
    let file = item.suite.source.name();
    Case {
        name: item.name(),
        class: file,
        outcome: match item.status {
            Status::Passed => Outcome::Passed,
            Status::Skipped => Outcome::Skipped,
            Status::Failed => Outcome::Failed,
            Status::Errored => Outcome::Errored,
        },
        message: item.found.clone(),
        detail: format!("{file}:{}\n{}", item.place(), item.detail),
    }
}
