//! Annotations of GitHub Actions: one line for each case that did not pass, and the summary.
//!
//! Page: GitHub Docs, "Workflow commands for GitHub Actions".

use std::fmt::Write as _;

use super::{Report, Status};

/// The workflow commands.
pub(crate) fn github(report: &Report<'_>) -> String {
    let mut out = String::new();
    for run in report.runs {
        for error in run.result.as_ref().err().into_iter().flatten() {
            let place = error.source_file.place(error.span.start);
            let _ = writeln!(
                out,
                "::error file={},line={},col={},title=suite not readable::{}",
                property(error.source_file.name()),
                place.line,
                place.column,
                data(&error.message)
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
            property(item.suite.source.name()),
            place.line,
            place.column,
            property(&item.name()),
            data(text.trim_end())
        );
    }
    let _ = writeln!(out, "{}", report.summary());
    out
}

/// The text of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
