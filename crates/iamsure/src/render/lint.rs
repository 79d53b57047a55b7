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

/// The findings about some policies.
pub(crate) struct Report<'a> {
    pub(crate) policies: &'a PolicySet,
    pub(crate) found: &'a [Linted],
    /// How many were left out because their code is allowed.
    pub(crate) left_out: usize,
    /// What the question is limited to, in words.
    pub(crate) asked_only: Vec<String>,
}

impl Report<'_> {
    fn document(&self, place: PolicyPlace) -> Option<&PolicyDocument> {
        self.policies
            .policies()
            .find(|(layer, level, number, _)| {
                (*layer, *level, *number) == (place.layer, place.level, place.number)
            })
            .map(|(.., document)| document)
    }

    fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|linted| linted.finding.severity == severity).count()
    }
}

/// For people.
pub(crate) fn human(report: &Report<'_>, styled: bool) -> Finished {
    let mut out = Finished::default();
    for linted in report.found {
        if let Some(document) = report.document(linted.policy) {
            let (finding, notes) = (&linted.finding, &linted.notes);
            out.push(&diagnostic::with_notes(&document.source, finding, notes, styled));
        }
    }
    let statements = report.policies.statements().count();
    out.push_str(&format!(
        "{}: {}, {}{}\n",
        counted(statements, "statement"),
        counted(report.count(Severity::Warning), "warning"),
        counted(report.count(Severity::Note), "note"),
        match report.left_out {
            0 => String::new(),
            some => format!(", {some} left out by --allow"),
        }
    ));
    let beside = Beside::of(report.policies);
    for sentence in beside.sentences().into_iter().chain(beside.warnings()) {
        out.push_str(&format!("{sentence}\n"));
    }
    if !report.asked_only.is_empty() {
        out.push_str(&format!("asked only about requests with {}\n", report.asked_only.join("; ")));
    }
    out.push_str(&format!("reference data of {}\n", iamsure_reference::captured()));
    out
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// For programs.
pub(crate) fn json(report: &Report<'_>) -> String {
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
    let value = json!({
        "version": 1,
        "referenceData": iamsure_reference::captured(),
        "askedOnly": report.asked_only,
        "beside": answer_form::beside(&Beside::of(report.policies)),
        "leftOut": report.left_out,
        "findings": report.found.iter().filter_map(found).collect::<Vec<_>>(),
    });
    pretty(&value)
}
