//! A finding for programs: one shape, whatever it is about.

use iamsure_core::language::{Label, Source};
use iamsure_review::suite::{self, SuiteError};
use iamsure_review::{documentation, finding};
use serde::Serialize;

/// What is wrong, where, and what to do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingForm<'a> {
    code: &'a str,
    severity: String,
    /// What AWS says of it, where it is about a policy.
    rule: Option<&'a str>,
    message: &'a str,
    notes: &'a [String],
    help: Option<&'a str>,
    places: Vec<PlaceForm<'a>>,
}

/// A stretch of a file; lines and columns are counted from 1, columns in characters.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceForm<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: Option<&'a str>,
}

impl<'a> PlaceForm<'a> {
    fn new(source: &'a Source, label: &'a Label) -> Self {
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        Self::of_span(source, label.span, text)
    }

    fn of_span(
        source: &'a Source,
        span: iamsure_core::language::Span,
        label: Option<&'a str>,
    ) -> Self {
        let (start, end) = (source.place(span.start), source.place(span.end));
        Self {
            file: source.name(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            label,
        }
    }
}

impl<'a> FindingForm<'a> {
    /// A finding about a policy, with what proves it.
    pub(crate) fn of_policy(
        source: &'a Source,
        found: &'a finding::Finding,
        notes: &'a [String],
    ) -> Self {
        Self {
            code: found.code.name(),
            severity: found.severity.to_string(),
            rule: Some(found.code.rule()),
            message: &found.message,
            notes,
            help: found.help.as_deref(),
            places: found.labels.iter().map(|label| PlaceForm::new(source, label)).collect(),
        }
    }

    /// A finding in a document.
    pub(crate) fn of_document(
        source: &'a Source,
        found: &'a documentation::finding::Finding,
    ) -> Self {
        Self {
            code: found.code.name(),
            severity: found.code.severity().to_string(),
            rule: None,
            message: &found.message,
            notes: &found.notes,
            help: found.help.as_deref(),
            places: found.labels.iter().map(|label| PlaceForm::new(source, label)).collect(),
        }
    }

    /// A finding in a manifest of ToolHive.
    pub(crate) fn of_manifest(found: &'a iamsure_toolhive::finding::Finding) -> Self {
        Self {
            code: found.code.name(),
            severity: found.code.severity().to_string(),
            rule: None,
            message: &found.message,
            notes: &[],
            help: found.help.as_deref(),
            places: vec![PlaceForm::of_span(&found.source, found.span, None)],
        }
    }

    /// Why a suite cannot be read.
    pub(crate) fn of_suite(error: &'a SuiteError) -> Self {
        Self {
            code: suite::UNREADABLE,
            severity: "error".to_owned(),
            rule: None,
            message: &error.message,
            notes: &[],
            help: error.help.as_deref(),
            places: vec![PlaceForm::of_span(&error.source_file, error.span, None)],
        }
    }
}
