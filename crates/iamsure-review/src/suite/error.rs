//! What is wrong with a suite.

use iamsure_core::language::{Source, Span};

use crate::tree::Misread;

/// One mistake in a suite, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}: {message}", .source_file.name(), .source_file.place(.span.start))]
pub struct SuiteError {
    /// The file.
    pub source_file: Source,
    /// Where in it.
    pub span: Span,
    /// What is wrong: one line, lower case, no final stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl SuiteError {
    pub(super) fn of(source: &Source, misread: Misread) -> Self {
        let Misread { span, message, help } = misread;
        Self { source_file: source.clone(), span, message, help }
    }
}
