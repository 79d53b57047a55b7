//! What of policies says or does nothing.

use std::collections::BTreeSet;

use iamsure_core::language::{PolicyDocument, Severity};
use iamsure_core::world::PolicySet;
use iamsure_review::answer_form::{self, VERSION, request, word};
use iamsure_review::lint::{Linted, PolicyPlace};
use iamsure_truth::ask::Beside;
use iamsure_truth::open_world::Grant;
use serde_json::{Value, json};

use super::counted::{Shortened, by_code};
use super::finding::FindingForm;
use super::github::annotations;
use super::json::pretty;
use super::junit::{self, Suite};
use super::layout::{Drawing, fitted};
use super::listing::Listing;
use super::mark::{self, Mark};
use super::not_read::{self, NotRead};
use super::validated::rules;
use super::{diagnostic, sarif, words};
use crate::args::Level;
use crate::streams::Finished;

/// The findings about policies that are judged together.
pub(crate) struct Report {
    /// The file on one line, if it is one of several that are judged alone.
    pub(crate) file: Option<String>,
    pub(crate) policies: PolicySet,
    pub(crate) found: Vec<Linted>,
    /// How many were left out because their code is allowed.
    pub(crate) left_out: usize,
    /// What the question is limited to, in words.
    pub(crate) asked_only: Vec<String>,
    /// The symbols in the policies for values that are known later.
    pub(crate) known_later: BTreeSet<String>,
}

impl Report {
    pub(crate) fn document(&self, place: PolicyPlace) -> Option<&PolicyDocument> {
        self.policies
            .policies()
            .find(|(layer, level, number, _)| {
                (*layer, *level, *number) == (place.layer, place.level, place.number)
            })
            .map(|(.., document)| document)
    }

    /// How many findings are of this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|linted| linted.finding.severity == severity).count()
    }
}

/// For people; of several files each is judged alone.
pub(crate) fn human(reports: &[Report], all: bool, drawing: Drawing) -> Finished {
    let mut out: Finished = reports.iter().map(|report| findings(report, all, drawing)).collect();
    for line in lines(reports) {
        out.push_str(&fitted(&format!("{line}\n"), drawing.width));
    }
    out
}

/// What follows the findings.
fn closing(out: &mut Finished, reports: &[Report]) {
    for line in lines(reports) {
        out.push_str(&format!("{line}\n"));
    }
}

fn lines(reports: &[Report]) -> Vec<String> {
    let mut lines = Vec::new();
    for report in reports {
        let file = report.file.iter().map(|file| format!("{file}: "));
        lines.push(file.chain([summary(report)]).collect());
        // What the policies were decided beside.
        let beside = Beside::of(&report.policies);
        lines.extend(beside.sentences().into_iter().chain(beside.warnings()));
        if !report.known_later.is_empty() {
            lines.push(format!(
                "every finding except depends-on-symbols holds for every value of {}",
                words::symbols(&report.known_later)
            ));
        }
    }
    if let Some(asked_only) = reports.first().map(|report| &report.asked_only)
        && !asked_only.is_empty()
    {
        lines.push(format!("covers only requests with {}", asked_only.join("; ")));
    }
    if reports.iter().all(|report| report.file.is_some()) {
        lines.push("files checked separately (--together: as one principal's policies)".to_owned());
    }
    lines.push(format!("reference data of {}", iamsure_reference::captured()));
    lines
}

fn findings(report: &Report, all: bool, drawing: Drawing) -> Finished {
    let mut out = Finished::default();
    let mut shortened = Shortened::new(all);
    for linted in &report.found {
        if !shortened.shows(&linted.finding) {
            continue;
        }
        if let Some(document) = report.document(linted.policy) {
            let (finding, notes) = (&linted.finding, &linted.notes);
            out.push(&diagnostic::with_notes(&document.source, finding, notes, drawing));
        }
    }
    if let Some(left_out) = shortened.left_out() {
        out.push_str(&format!("{left_out}\n\n"));
    }
    out
}

fn summary(report: &Report) -> String {
    let findings = report.found.iter().map(|linted| &linted.finding);
    format!(
        "{}: {}, {}{}{}",
        counted(report.policies.statements().count(), "statement"),
        counted(report.count(Severity::Warning), "warning"),
        counted(report.count(Severity::Note), "note"),
        match report.left_out {
            0 => String::new(),
            some => format!(", {some} hidden by --allow"),
        },
        if report.found.len() > 1 { format!(": {}", by_code(findings)) } else { String::new() },
    )
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn marks<'a>(reports: &'a [Report], not_read: &'a [NotRead]) -> Vec<Mark<'a>> {
    reports.iter().flat_map(marks_of).chain(not_read.iter().map(NotRead::mark)).collect()
}

fn marks_of(report: &Report) -> impl Iterator<Item = Mark<'_>> {
    report.found.iter().filter_map(|linted| {
        let document = report.document(linted.policy)?;
        Some(Mark::of(&document.source, &linted.finding, &linted.notes))
    })
}

/// JUnit: a suite for each file that is judged alone, or one for policies that are judged together.
pub(crate) fn junit<'a>(reports: &'a [Report], not_read: &'a [NotRead], fail_on: Level) -> String {
    let of = |report: &'a Report| {
        let marks: Vec<_> = marks_of(report).collect();
        let mut sources = report.policies.policies().map(|(.., document)| document.source.file());
        let name = report.file.as_deref().or_else(|| sources.next()).unwrap_or("policies");
        Suite::of_findings(name, &marks, |severity| fail_on.fails(severity))
    };
    let suites = reports.iter().map(of).chain(not_read.iter().map(NotRead::suite));
    junit::junit(&suites.collect::<Vec<_>>())
}

/// Annotations of GitHub Actions; then what else people are told.
pub(crate) fn github(reports: &[Report], not_read: &[NotRead]) -> Finished {
    let mut out = annotations(&marks(reports, not_read));
    closing(&mut out, reports);
    out
}

/// SARIF.
pub(crate) fn sarif(reports: &[Report], not_read: &[NotRead]) -> Finished {
    let findings = reports.iter().flat_map(|report| &report.found).map(|linted| &linted.finding);
    let rules: Vec<_> = rules(findings).into_iter().chain(not_read::rule(not_read)).collect();
    sarif::sarif(&marks(reports, not_read), &rules)
}

/// For documents and pull requests.
pub(crate) fn markdown(reports: &[Report], not_read: &[NotRead]) -> String {
    let mut listing = Listing::default();
    mark::table(&mut listing, &marks(reports, not_read));
    let mut out = listing.markdown();
    let mut closing_lines = Listing::default();
    for line in lines(reports) {
        closing_lines.line(line);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&closing_lines.markdown());
    out
}

/// For programs.
pub(crate) fn json(report: &Report) -> Finished {
    pretty(&value(report))
}

/// For programs, of files each of which is judged alone.
pub(crate) fn json_of_several(reports: &[Report], not_read: &[NotRead]) -> Finished {
    let of = |report: &Report| {
        let mut value = value(report);
        let fields = value.as_object_mut()?;
        fields.retain(|name, _| name != "version" && name != "referenceData");
        fields.insert("file".to_owned(), report.file.clone().into());
        Some(value)
    };
    pretty(&json!({
        "version": VERSION,
        "referenceData": iamsure_reference::captured(),
        "files": reports.iter().filter_map(of).collect::<Vec<_>>(),
        "notRead": not_read,
    }))
}

fn value(report: &Report) -> Value {
    let found = |linted: &Linted| -> Option<Value> {
        let document = report.document(linted.policy)?;
        let finding = FindingForm::of_policy(&document.source, &linted.finding, &linted.notes);
        let mut value = serde_json::to_value(finding).ok()?;
        let object = value.as_object_mut()?;
        object.insert("file".to_owned(), document.source.name().into());
        object.insert("policy".to_owned(), document.kind.name().into());
        let example = linted.example.as_ref();
        let extra: Vec<&str> =
            example.iter().flat_map(|example| &example.extra).copied().map(Grant::words).collect();
        let mut add = |name: &str, value: Value| object.insert(name.to_owned(), value);
        add("witness", json!(example.map(|example| request(&example.request))));
        add("extraAllows", json!(extra));
        add("reach", json!(example.map(|example| example.reach.name())));
        add("symbols", json!(linted.symbols));
        add("with", json!(example.map(|example| word(example.with.words()))));
        add("without", json!(example.map(|example| word(example.without.words()))));
        Some(value)
    };
    json!({
        "version": VERSION,
        "referenceData": iamsure_reference::captured(),
        "askedOnly": report.asked_only,
        "beside": answer_form::beside(&Beside::of(&report.policies)),
        "leftOut": report.left_out,
        "symbols": report.known_later,
        "findings": report.found.iter().filter_map(found).collect::<Vec<_>>(),
    })
}
