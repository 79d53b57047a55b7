//! What is found in a document.

use iamsure_core::code_table;
use iamsure_core::language::{Label, Severity, Span};

/// What a finding means for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bearing {
    /// None: it is said, and the answer stays what it is.
    Aside,
    /// The answer is no: a table is wrong.
    No,
    /// There is no answer: something cannot be read, or is not said.
    Broken,
}

code_table! {
    /// What kind of finding it is. The names are part of the interface.
    pub enum Code: (Severity, Bearing);

    WrongCell "wrong-cell" "A table cell contradicts the policy." (Severity::Error, Bearing::No);
    UnsettledCell "unsettled-cell" "The row's requests have different answers, but the cell gives one." (Severity::Error, Bearing::No);
    UnclearCell "unclear-cell" "A cell of a bound table could not be interpreted, so its row was not checked." (Severity::Error, Bearing::Broken);
    NoAbsentRow "no-absent-row" "The policy treats an absent key differently, but no row of the table covers it." (Severity::Warning, Bearing::Aside);
    StaleBlock "stale-block" "A generated table is out of date." (Severity::Error, Bearing::No);
    EditedBlock "edited-block" "A generated table was edited by hand." (Severity::Error, Bearing::No);
    Unreadable "unreadable" "The document is not text, or is too long." (Severity::Error, Bearing::Broken);
    BadMarker "bad-marker" "A marker is not understood, or has no target." (Severity::Error, Bearing::Broken);
    BadPolicy "bad-policy" "The policy that a marker names cannot be found or read." (Severity::Error, Bearing::Broken);
    TooComplex "too-complex" "The table exceeds the budget; nothing was approximated." (Severity::Error, Bearing::Broken);
    SuspectTable "suspect-table" "An unbound table contradicts the policy on the same page." (Severity::Warning, Bearing::No);
    UnboundTable "unbound-table" "A table that looks like a truth table, but is not bound." (Severity::Note, Bearing::Aside);
    StatementsDiffer "statements-differ" "A document has different statements with the same name." (Severity::Warning, Bearing::Aside);
    InertStatement "inert-statement" "A statement changes no decision." (Severity::Warning, Bearing::Aside);
    RetiredAction "retired-action" "AWS no longer lists the action." (Severity::Warning, Bearing::Aside);
    NeverMatches "never-matches" "A condition that no request can meet, or that every request meets." (Severity::Warning, Bearing::Aside);
    Placeholder "placeholder" "A placeholder stands for a value; what depends on the value is not checked." (Severity::Note, Bearing::Aside);
    NotJudged "not-judged" "A policy in a language other than IAM's; it is not checked." (Severity::Note, Bearing::Aside);
}

impl Code {
    /// How much it weighs.
    pub const fn severity(self) -> Severity {
        self.row().more.0
    }

    /// What it means for the answer.
    pub const fn bearing(self) -> Bearing {
        self.row().more.1
    }
}

/// One finding about one document; all its places are places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, as a stable code.
    pub code: Code,
    /// What is wrong and why it matters: one line, lower case, no final stop.
    pub message: String,
    /// The places; the first is the one the finding is at.
    pub labels: Vec<Label>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding of `code` at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            notes: Vec::new(),
            help: None,
        }
    }

    /// Where the finding is.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }

    /// The same finding with words at its place.
    #[must_use]
    pub(crate) fn labelled(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// The same finding with one place more.
    #[must_use]
    pub(crate) fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same finding with a note.
    #[must_use]
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same finding with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn code_names_are_unique_and_kebab_case() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
