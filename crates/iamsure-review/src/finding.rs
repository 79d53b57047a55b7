//! Findings about a document, from whichever floor: the grammar's, and those that need AWS's
//! published data.

use iamsure_core::language::{self, Diagnostic, Label, Severity, Span};

use crate::published;

/// The code of a finding: stable, kebab-case, one meaning each, unique over all floors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingCode {
    /// About the language of policies; core finds it.
    Language(language::Code),
    /// About what AWS publishes; [`published::findings`] finds it.
    Published(published::Code),
}

impl FindingCode {
    /// The public name, such as `unknown-action`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language(code) => code.name(),
            Self::Published(code) => code.name(),
        }
    }

    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Language(code) => code.rule(),
            Self::Published(code) => code.rule(),
        }
    }

    /// Whether the finding rests on the reference data, and so on their date.
    pub const fn rests_on_reference(self) -> bool {
        matches!(self, Self::Published(_))
    }
}

/// One finding about one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, as a stable code.
    pub code: FindingCode,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong and why it matters: one line, lower case, no final stop.
    pub message: String,
    /// The places; the first is the one the finding is at.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// Where the finding is.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }

    /// Whether the document cannot be used because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl From<Diagnostic> for Finding {
    fn from(found: Diagnostic) -> Self {
        let Diagnostic { code, severity, message, labels, help } = found;
        Self { code: FindingCode::Language(code), severity, message, labels, help }
    }
}
