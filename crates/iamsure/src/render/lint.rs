//! What of policies says or does nothing.

use iamsure_core::language::{PolicyDocument, Severity};
use iamsure_core::world::PolicySet;
use iamsure_review::answer_form;
use iamsure_review::lint::{Linted, PolicyPlace};
use iamsure_truth::ask::Beside;
use iamsure_truth::open_world::Grant;
use serde_json::{Value, json};

use super::json::pretty;
use super::{diagnostic, explanation};
use crate::streams::Finished;

/// The findings about policies that are judged together.
pub(crate) struct Report {
    /// The file, if it is judged beside nothing but the policies of options: on one line.
    pub(crate) file: Option<String>,
    pub(crate) policies: PolicySet,
    pub(crate) found: Vec<Linted>,
    /// How many were left out because their code is allowed.
    pub(crate) left_out: usize,
    /// What the question is limited to, in words.
    pub(crate) asked_only: Vec<String>,
}

impl Report {
    pub(super) fn document(&self, place: PolicyPlace) -> Option<&PolicyDocument> {
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

/// For people.
pub(crate) fn human(report: &Report, styled: bool) -> Finished {
    let mut out = findings(report, styled);
    out.push_str(&format!("{}\n", summary(report)));
    remarks(&mut out, report);
    if !report.asked_only.is_empty() {
        out.push_str(&format!("asked only about requests with {}\n", report.asked_only.join("; ")));
    }
    out.push_str(&format!("reference data of {}\n", iamsure_reference::captured()));
    out
}

/// For people, of files each of which is judged alone.
pub(crate) fn human_of_several(reports: &[Report], styled: bool) -> Finished {
    let mut out = Finished::default();
    for report in reports {
        out.push(&findings(report, styled));
    }
    for report in reports {
        let file = report.file.as_deref().unwrap_or_default();
        out.push_str(&format!("{file}: {}\n", summary(report)));
        remarks(&mut out, report);
    }
    if let Some(asked_only) = reports.first().map(|report| &report.asked_only)
        && !asked_only.is_empty()
    {
        out.push_str(&format!("asked only about requests with {}\n", asked_only.join("; ")));
    }
    out.push_str("each file judged alone (--together for the policies of one principal)\n");
    out.push_str(&format!("reference data of {}\n", iamsure_reference::captured()));
    out
}

fn findings(report: &Report, styled: bool) -> Finished {
    let mut out = Finished::default();
    for linted in &report.found {
        if let Some(document) = report.document(linted.policy) {
            let (finding, notes) = (&linted.finding, &linted.notes);
            out.push(&diagnostic::with_notes(&document.source, finding, notes, styled));
        }
    }
    out
}

fn summary(report: &Report) -> String {
    format!(
        "{}: {}, {}{}",
        counted(report.policies.statements().count(), "statement"),
        counted(report.count(Severity::Warning), "warning"),
        counted(report.count(Severity::Note), "note"),
        match report.left_out {
            0 => String::new(),
            some => format!(", {some} left out by --allow"),
        }
    )
}

/// What the policies were decided beside.
fn remarks(out: &mut Finished, report: &Report) {
    let beside = Beside::of(&report.policies);
    for sentence in beside.sentences().into_iter().chain(beside.warnings()) {
        out.push_str(&format!("{sentence}\n"));
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// For programs.
pub(crate) fn json(report: &Report) -> String {
    pretty(&value(report))
}

/// For programs, of files each of which is judged alone.
pub(crate) fn json_of_several(reports: &[Report]) -> String {
    let of = |report: &Report| {
        let mut value = value(report);
        let fields = value.as_object_mut()?;
        fields.retain(|name, _| name != "version" && name != "referenceData");
        fields.insert("file".to_owned(), report.file.clone().into());
        Some(value)
    };
    pretty(&json!({
        "version": 1,
        "referenceData": iamsure_reference::captured(),
        "files": reports.iter().filter_map(of).collect::<Vec<_>>(),
    }))
}

fn value(report: &Report) -> Value {
    let found = |linted: &Linted| -> Option<Value> {
        let document = report.document(linted.policy)?;
        let finding = diagnostic::FindingReport::of(&document.source, &linted.finding);
        let mut value = serde_json::to_value(finding).ok()?;
        let object = value.as_object_mut()?;
        object.insert("file".to_owned(), document.source.name().into());
        object.insert("policy".to_owned(), document.kind.name().into());
        object.insert("notes".to_owned(), linted.notes.clone().into());
        if let Some(example) = &linted.example {
            let extra: Vec<&str> = example.extra.iter().copied().map(Grant::words).collect();
            object.insert(
                "example".to_owned(),
                json!({
                    "request": explanation::request_value(&example.request),
                    "extraAllows": extra,
                    "reach": example.reach.name(),
                    "with": example.with.words(),
                    "without": example.without.words(),
                }),
            );
        }
        Some(value)
    };
    json!({
        "version": 1,
        "referenceData": iamsure_reference::captured(),
        "askedOnly": report.asked_only,
        "beside": answer_form::beside(&Beside::of(&report.policies)),
        "leftOut": report.left_out,
        "findings": report.found.iter().filter_map(found).collect::<Vec<_>>(),
    })
}
