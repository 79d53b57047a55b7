//! What did not pass, as marks at the places of the expectations.

use iamsure_core::language::Severity;

use super::{Report, Status};
use crate::render::github as annotations;
use crate::render::mark::{At, Mark};
use crate::render::sarif::{self, Rule};
use crate::streams::Finished;

/// The rules of a SARIF report, by id.
const RULES: [(&str, &str); 3] = [
    (FAILED, "The policies do not decide what the suite expects."),
    (ERRORED, "A case of the suite cannot be decided."),
    (UNREADABLE, "The suite cannot be read."),
];
const FAILED: &str = "failed";
const ERRORED: &str = "errored";
const UNREADABLE: &str = "unreadable";
const TO_DO: &str = "to do";

/// Annotations of GitHub Actions: one for each case that did not pass; then the summary.
pub(crate) fn github(report: &Report<'_>) -> Finished {
    let mut out = annotations::annotations(&marks(report));
    out.push_str(&format!("{}\n", report.summary()));
    out
}

/// SARIF: one result for everything that failed.
pub(crate) fn sarif(report: &Report<'_>) -> Finished {
    let failed: Vec<Mark<'_>> =
        marks(report).into_iter().filter(|mark| mark.severity == Severity::Error).collect();
    let rules: Vec<Rule> = RULES.iter().map(|(id, text)| (*id, (*text).to_owned())).collect();
    sarif::sarif(&failed, &rules)
}

fn marks<'a>(report: &'a Report<'a>) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    for run in report.runs {
        for error in run.result.as_ref().err().into_iter().flatten() {
            let place = error.source_file.place(error.span.start);
            marks.push(Mark {
                severity: Severity::Error,
                code: UNREADABLE,
                subject: None,
                message: error.message.clone(),
                at: At::place(&error.source_file, place, None),
            });
        }
    }
    for item in &report.items {
        let (severity, code) = match item.status {
            Status::Passed => continue,
            Status::Skipped => (Severity::Note, TO_DO),
            Status::Failed => (Severity::Error, FAILED),
            Status::Errored => (Severity::Error, ERRORED),
        };
        let message = if item.detail.is_empty() { &item.found } else { &item.detail };
        marks.push(Mark {
            severity,
            code,
            subject: Some(item.name()),
            message: message.clone(),
            at: At::place(&item.suite.source, item.place(), None),
        });
    }
    marks
}
