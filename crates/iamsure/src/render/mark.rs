//! Something to say at a place of a file, whichever form tells it: annotations, SARIF, Markdown.

use iamsure_core::language::source::Place;
use iamsure_core::language::{PolicyDocument, Severity, Source, Span};
use iamsure_core::world::PolicySet;
use iamsure_review::finding::Finding;
use iamsure_truth::claim::{ClaimVerdict, Example};

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
    /// No place is known.
    pub(crate) const NOWHERE: Self = Self { file: None, range: None, within: None };

    /// The statement that decides an example, if somebody wrote it; the beginning of the first policy otherwise.
    pub(crate) fn of_claim(example: Option<&'a Example>, policies: Option<&'a PolicySet>) -> Self {
        let is_known = |at: &Self| at.file.is_some();
        let decided = example.and_then(|example| {
            let mut deciding = example.decision.statements.iter();
            deciding.find_map(|id| {
                let (document, statement) = example.policies.statement(*id)?;
                let at = Self::span(&document.source, statement.span);
                (statement.span != Span::NOWHERE).then_some(at).filter(is_known)
            })
        });
        let first = || {
            let all = policies.into_iter().chain(example.map(|example| &example.policies));
            let written = all.flat_map(PolicySet::policies).map(|(.., document)| document);
            let written = written.filter(|document| !is_assumed(document));
            written.map(|document| Self::start(&document.source)).find(is_known)
        };
        decided.or_else(first).unwrap_or(Self::NOWHERE)
    }

    /// The beginning of a source.
    pub(crate) fn start(source: &'a Source) -> Self {
        Self::place(source, source.place(0), None)
    }

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

    /// What came of a claim, and why, a line each; `None` if it is proved.
    pub(crate) fn of_claim(
        verdict: ClaimVerdict,
        code: &'a str,
        subject: String,
        why: impl IntoIterator<Item = String>,
        at: At<'a>,
    ) -> Option<Self> {
        let severity = match verdict {
            ClaimVerdict::Proved => return None,
            ClaimVerdict::Refuted => Severity::Error,
            ClaimVerdict::Depends => Severity::Warning,
        };
        let lines: Vec<String> = [verdict.word().to_owned()].into_iter().chain(why).collect();
        Some(Self { severity, code, subject: Some(subject), message: lines.join("\n"), at })
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

/// Whether nobody wrote a policy.
fn is_assumed(document: &PolicyDocument) -> bool {
    document.statements.iter().all(|statement| statement.span == Span::NOWHERE)
}
