//! Something to say at a place of a file, whichever form tells it: annotations, SARIF, Markdown.

use iamsure_core::language::source::Place;
use iamsure_core::language::{Severity, Source, Span};
use iamsure_review::finding::Finding;

use super::listing::Listing;

/// Something to say at a place of a file.
pub(crate) struct Mark<'a> {
    pub(crate) severity: Severity,
    /// What kind of thing it is: the code of a finding, or the like.
    pub(crate) code: &'a str,
    /// What it is about, where the code does not say that: a test, a claim.
    pub(crate) subject: Option<String>,
    /// What there is to say; further lines say more.
    pub(crate) message: String,
    pub(crate) at: At<'a>,
}

/// Where something is.
pub(crate) struct At<'a> {
    /// The file; none for standard input and policies of AWS.
    pub(crate) file: Option<&'a str>,
    /// The place in that file, with its end if that is known.
    pub(crate) range: Option<(Place, Option<Place>)>,
    /// The text that it is in and the place there, if that is no place of the file.
    pub(crate) within: Option<(&'a str, Place)>,
}

impl<'a> At<'a> {
    /// A stretch of a source.
    pub(crate) fn span(source: &'a Source, span: Span) -> Self {
        let (start, end) = (source.place(span.start), source.place(span.end));
        Self::place(source, start, Some(end))
    }

    /// A place of a source.
    pub(crate) fn place(source: &'a Source, start: Place, end: Option<Place>) -> Self {
        let is_file = source.file() != "<stdin>" && !source.file().starts_with("aws:");
        let file = is_file.then(|| source.file());
        if file.is_some() && source.has_places_of_file() {
            Self { file, range: Some((start, end)), within: None }
        } else {
            Self { file, range: None, within: Some((source.name(), start)) }
        }
    }

    /// The place in words: `role.json:3:5`.
    pub(super) fn words(&self) -> String {
        match (self.within, self.file, self.range) {
            (Some((name, place)), ..) => format!("{name}:{place}"),
            (None, Some(file), Some((place, _))) => format!("{file}:{place}"),
            (None, file, _) => file.unwrap_or_default().to_owned(),
        }
    }
}

impl<'a> Mark<'a> {
    /// A finding, and what shows it.
    pub(crate) fn of(source: &'a Source, finding: &'a Finding, notes: &[String]) -> Self {
        let lines = [&finding.message].into_iter().chain(notes).chain(&finding.help);
        Self {
            severity: finding.severity,
            code: finding.code.name(),
            subject: None,
            message: lines.map(String::as_str).collect::<Vec<_>>().join("\n"),
            at: At::span(source, finding.span()),
        }
    }

    /// The message, and where it is if nothing else can say that.
    pub(super) fn whole_message(&self) -> String {
        let message = self.message.trim_end();
        match self.at.within {
            Some((name, place)) => format!("{message}\nat {name}:{place}"),
            None => message.to_owned(),
        }
    }
}

/// Everything as a table.
pub(crate) fn table(listing: &mut Listing, marks: &[Mark<'_>]) {
    let rows = marks.iter().map(|mark| {
        let lines: Vec<&str> =
            mark.message.lines().map(|line| line.trim().trim_end_matches('.')).collect();
        let place = mark.at.words();
        let message = lines.join(". ");
        let subject = mark.subject.iter().map(|subject| format!("{subject}: "));
        let finding = subject.chain([message]).collect();
        vec![mark.severity.to_string(), mark.code.to_owned(), place, finding]
    });
    listing.table(&["Severity", "Code", "Place", "Finding"], rows.collect());
}
