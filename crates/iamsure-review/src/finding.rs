//! Findings about a document, from whichever floor: the grammar's, and those that need AWS's
//! published data.

use iamsure_core::language::diagnostic::Grade;
use iamsure_core::language::{self, Diagnostic, Label, Severity, Span};

use crate::{lint, published, saving};

/// The code of a finding: stable, kebab-case, one meaning each, unique over all floors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingCode {
    /// About the language of policies; core finds it.
    Language(language::Code),
    /// About what AWS publishes; [`published::findings`] finds it.
    Published(published::Code),
    /// About what the service that stores a policy refuses; [`saving::findings`] finds it.
    Saving(saving::Code),
    /// About what all requests prove; [`lint::LintQuery`] finds it.
    Proved(lint::Code),
}

impl FindingCode {
    /// The public name, such as `unknown-action`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language(code) => code.name(),
            Self::Published(code) => code.name(),
            Self::Saving(code) => code.name(),
            Self::Proved(code) => code.name(),
        }
    }

    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Language(code) => code.rule(),
            Self::Published(code) => code.rule(),
            Self::Saving(code) => code.rule(),
            Self::Proved(code) => code.rule(),
        }
    }

    /// Whether the finding rests on the reference data, and so on their date.
    pub const fn rests_on_reference(self) -> bool {
        !matches!(self, Self::Language(_))
    }

    /// Every code, those of the language first.
    pub fn all() -> impl Iterator<Item = Self> {
        let language = language::Code::ALL.iter().map(|code| Self::Language(*code));
        let published = published::Code::ALL.iter().map(|code| Self::Published(*code));
        let saving = saving::Code::ALL.iter().map(|code| Self::Saving(*code));
        language
            .chain(published)
            .chain(saving)
            .chain(lint::Code::ALL.iter().map(|code| Self::Proved(*code)))
    }

    /// The code whose name is most like a text, if any is like it.
    pub fn closest(text: &str) -> Option<Self> {
        let distance = |code: &Self| strsim::damerau_levenshtein(code.name(), text);
        Self::all().min_by_key(distance).filter(|code| distance(code) <= 3)
    }

    /// How much such a finding weighs, in one word; the refused is an error unless `--lenient` is given.
    pub const fn grade(self) -> &'static str {
        match self {
            Self::Language(code) => word(code.grade()),
            Self::Saving(code) => word(code.grade()),
            Self::Published(_) => "warning",
            Self::Proved(code) => {
                if code.is_note() {
                    "note"
                } else {
                    "warning"
                }
            }
        }
    }

    /// One sentence that says what the code means.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Language(code) => code.summary(),
            Self::Published(code) => code.summary(),
            Self::Saving(code) => code.summary(),
            Self::Proved(code) => code.summary(),
        }
    }

    /// What more there is to say about it: a paragraph or two.
    pub const fn page(self) -> Option<&'static str> {
        match self {
            Self::Proved(code) => Some(code.page()),
            Self::Language(_) | Self::Published(_) | Self::Saving(_) => None,
        }
    }
}

const fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Unreadable => "unreadable",
        Grade::Meaningless => "error",
        Grade::Refused => "refused",
        Grade::Suspicious => "warning",
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
