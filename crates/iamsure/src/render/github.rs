//! Annotations of GitHub Actions: a workflow command for each mark.
//!
//! Page: GitHub Docs, "Workflow commands for GitHub Actions".

use std::fmt::Write as _;

use iamsure_core::language::Severity;
use iamsure_review::foreign::Sink;

use super::mark::Mark;
use crate::streams::Finished;

/// The workflow commands.
pub(crate) fn annotations(marks: &[Mark<'_>]) -> Finished {
    Finished::ours(marks.iter().map(command).collect())
}

fn command(mark: &Mark<'_>) -> String {
    let command = match mark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let property = |text: &str| Sink::AnnotationProperty.text(text).into_owned();
    let mut properties = Vec::new();
    properties.extend(mark.at.file.map(|file| format!("file={}", property(file))));
    if let Some((start, end)) = mark.at.range {
        properties.push(format!("line={}", start.line));
        properties.extend(end.map(|end| format!("endLine={}", end.line)));
        // A range of columns is for one line only.
        match end {
            None => properties.push(format!("col={}", start.column)),
            Some(end) if end.line == start.line => {
                properties.push(format!("col={},endColumn={}", start.column, end.column));
            }
            Some(_) => {}
        }
    }
    let title = mark.subject.clone().unwrap_or_else(|| format!("iamsure {}", mark.code));
    properties.push(format!("title={}", property(&title)));
    let mut line = String::new();
    let message = mark.whole_message();
    let _ =
        writeln!(line, "::{command} {}::{}", properties.join(","), Sink::Annotation.text(&message));
    line
}
