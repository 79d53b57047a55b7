//! Annotations of GitHub Actions: one line for each case that did not pass, and the summary.
//!
//! Page: GitHub Docs, "Workflow commands for GitHub Actions".

use std::fmt::Write as _;

use iamsure_review::foreign::Sink;

use super::{Report, Status};
use crate::streams::Finished;

/// The workflow commands.
pub(crate) fn github(report: &Report<'_>) -> Finished {
    let mut out = String::new();
    for run in report.runs {
        for error in run.result.as_ref().err().into_iter().flatten() {
            let place = error.source_file.place(error.span.start);
            let _ = writeln!(
                out,
                "::error file={},line={},col={},title=suite not readable::{}",
                Sink::AnnotationProperty.text(error.source_file.name()),
                place.line,
                place.column,
                Sink::Annotation.text(&error.message)
            );
        }
    }
    for item in &report.items {
        let (command, text) = match item.status {
            Status::Passed => continue,
            Status::Skipped => ("notice", item.found.clone()),
            Status::Errored => ("error", item.found.clone()),
            Status::Failed => ("error", item.detail.clone()),
        };
        let place = item.place();
        let _ = writeln!(
            out,
            "::{command} file={},line={},col={},title={}::{}",
            Sink::AnnotationProperty.text(item.suite.source.name()),
            place.line,
            place.column,
            Sink::AnnotationProperty.text(&item.name()),
            Sink::Annotation.text(text.trim_end())
        );
    }
    let _ = writeln!(out, "{}", report.summary());
    Finished::ours(out)
}
