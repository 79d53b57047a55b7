//! What AWS would refuse of documents: each with its findings.

use std::collections::BTreeMap;

use iamsure_core::language::{PolicyType, Profile, Source};
use iamsure_review::answer_form::VERSION;
use iamsure_review::finding::Finding;
use iamsure_review::foreign::Sink;
use serde::Serialize;

use super::counted::by_code;
use super::diagnostic;
use super::finding::FindingForm;
use super::github::annotations;
use super::json::pretty;
use super::junit::{self, Suite};
use super::layout::{Drawing, fitted};
use super::listing::Listing;
use super::mark::{self, Mark};
use super::not_read::{self, NotRead};
use super::sarif::{self, Rule};
use crate::args::Level;
use crate::exit::Exit;
use crate::streams::Finished;

/// The type of policy that a document was read as.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) kind: PolicyType,
    /// What in the document shows it; `None` if `--type` names the kind.
    pub(crate) shown_by: Option<&'static str>,
}

/// One document that was validated.
pub(crate) struct Validated {
    pub(crate) source: Source,
    pub(crate) kind: Kind,
    pub(crate) findings: Vec<Finding>,
    pub(crate) readable: bool,
}

impl Validated {
    /// Whether AWS would save it.
    fn is_accepted(&self) -> bool {
        self.readable && !self.findings.iter().any(Finding::is_error)
    }

    pub(crate) fn exit(&self, fail_on: Level) -> Exit {
        if !self.readable {
            Exit::CouldNotRun
        } else if self.findings.iter().any(|finding| fail_on.fails(finding.severity)) {
            Exit::No
        } else {
            Exit::AsExpected
        }
    }
}

/// The findings of several documents, and a line on each.
pub(crate) fn report(documents: &[Validated], all: bool, drawing: Drawing) -> Finished {
    let mut text = Finished::default();
    for document in documents {
        text.push(&diagnostic::human(&document.source, &document.findings, all, drawing));
        text.push_str(&fitted(&format!("{}\n", verdict(document)), drawing.width));
        if let Some(by) = document.kind.shown_by.filter(|_| document.readable) {
            text.push_str(&fitted(&format!("  {by}; override with --type\n"), drawing.width));
        }
    }
    text.push_str(&reference(documents));
    text
}

/// What came of a document, in a line.
fn verdict(document: &Validated) -> String {
    let errors = document.findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = document.findings.len() - errors;
    let name = Sink::Line.text(document.source.name());
    let what = match (document.readable, errors) {
        (false, _) => "could not be read".to_owned(),
        (true, 0) => format!("valid as {}", article(document.kind.kind)),
        (true, errors) => {
            format!("invalid as {}, {}", article(document.kind.kind), counted(errors, "error"))
        }
    };
    let also =
        if warnings == 0 { String::new() } else { format!(", {}", counted(warnings, "warning")) };
    let counts = match document.findings.as_slice() {
        [] | [_] => String::new(),
        several => format!(": {}", by_code(several)),
    };
    format!("{name}: {what}{also}{counts}")
}

/// The date that some finding rests on, on a line.
fn reference(documents: &[Validated]) -> String {
    let by_reference = |finding: &Finding| finding.code.rests_on_reference();
    if documents.iter().flat_map(|document| &document.findings).any(by_reference) {
        format!("reference data of {}\n", iamsure_reference::captured())
    } else {
        String::new()
    }
}

fn marks<'a>(documents: &'a [Validated], not_read: &'a [NotRead]) -> Vec<Mark<'a>> {
    documents.iter().flat_map(marks_of).chain(not_read.iter().map(NotRead::mark)).collect()
}

fn marks_of(document: &Validated) -> impl Iterator<Item = Mark<'_>> {
    document.findings.iter().map(|finding| Mark::of(&document.source, finding, &[]))
}

/// JUnit: a suite for each document.
pub(crate) fn junit<'a>(
    documents: &'a [Validated],
    not_read: &'a [NotRead],
    fail_on: Level,
) -> String {
    let of = |document: &'a Validated| {
        let marks: Vec<_> = marks_of(document).collect();
        let name = document.source.name();
        Suite::of_findings(name, &marks, |severity| !document.readable || fail_on.fails(severity))
    };
    let suites = documents.iter().map(of).chain(not_read.iter().map(NotRead::suite));
    junit::junit(&suites.collect::<Vec<_>>())
}

/// Annotations of GitHub Actions; then a line on each document.
pub(crate) fn github(documents: &[Validated], not_read: &[NotRead]) -> Finished {
    let mut text = annotations(&marks(documents, not_read));
    for document in documents {
        text.push_str(&format!("{}\n", verdict(document)));
    }
    text.push_str(&reference(documents));
    text
}

/// SARIF.
pub(crate) fn sarif(documents: &[Validated], not_read: &[NotRead]) -> Finished {
    let rules = rules(documents.iter().flat_map(|one| &one.findings));
    let rules: Vec<Rule> = rules.into_iter().chain(not_read::rule(not_read)).collect();
    sarif::sarif(&marks(documents, not_read), &rules)
}

/// What findings are about, each once.
pub(super) fn rules<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Rule> {
    let codes: BTreeMap<&str, &str> =
        findings.map(|finding| (finding.code.name(), finding.code.summary())).collect();
    codes.into_iter().map(|(name, summary)| (name, summary.to_owned())).collect()
}

/// For documents and pull requests.
pub(crate) fn markdown(documents: &[Validated], not_read: &[NotRead]) -> String {
    let mut listing = Listing::default();
    for document in documents {
        listing.line(verdict(document));
    }
    mark::table(&mut listing, &marks(documents, not_read));
    let reference = reference(documents);
    if !reference.is_empty() {
        listing.line(reference.trim_end());
    }
    listing.markdown()
}

fn article(kind: PolicyType) -> String {
    let name = kind.aws_name();
    let article = if name.starts_with('i') { "an" } else { "a" };
    format!("{article} {name}")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    version: u32,
    reference_data: &'a str,
    /// That of every document, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    profile: &'a str,
    documents: Vec<DocumentReport<'a>>,
    /// Those that could not be read as documents.
    not_read: &'a [NotRead],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentReport<'a> {
    file: &'a str,
    r#type: &'a str,
    /// Whether the document shows its type, and nobody said it.
    detected: bool,
    readable: bool,
    accepted: bool,
    findings: Vec<FindingForm<'a>>,
}

/// The versioned JSON form.
pub(crate) fn json(documents: &[Validated], not_read: &[NotRead], profile: Profile) -> Finished {
    let mut kinds = documents.iter().map(|document| document.kind.kind);
    let report = Report {
        version: VERSION,
        reference_data: iamsure_reference::captured(),
        r#type: kinds.next().filter(|first| kinds.all(|kind| kind == *first)).map(PolicyType::name),
        profile: match profile {
            Profile::Strict => "strict",
            Profile::Lenient => "lenient",
        },
        documents: documents
            .iter()
            .map(|document| DocumentReport {
                file: document.source.name(),
                r#type: document.kind.kind.name(),
                detected: document.kind.shown_by.is_some(),
                readable: document.readable,
                accepted: document.is_accepted(),
                findings: document
                    .findings
                    .iter()
                    .map(|found| FindingForm::of_policy(&document.source, found, &[]))
                    .collect(),
            })
            .collect(),
        not_read,
    };
    pretty(&report)
}
