//! What was found in documents: for people, for GitHub, for programs; and what would change.

use iamsure_core::language::Source;
use iamsure_review::answer_form::VERSION;
use iamsure_review::documentation::Document;
use iamsure_review::documentation::check::Checked;
use iamsure_review::documentation::finding::{Bearing, Code, Finding};
use iamsure_review::documentation::scan::Scanned;
use iamsure_review::documentation::table::Cell;
use serde_json::{Value, json};

use super::diagnostic::of_document;
use super::finding::FindingForm;
use super::github::annotations;
use super::json::pretty;
use super::layout::Drawing;
use super::listing::Listing;
use super::mark::{At, Mark};
use super::picture::svg;
use super::table::bare;
use crate::streams::Finished;

/// What was found in some documents.
#[derive(Default)]
pub(crate) struct Report {
    documents: Vec<(Source, Found)>,
    /// How generated tables differ from what would be generated.
    pub(crate) diffs: String,
}

enum Found {
    Checked(Checked),
    Scanned(Scanned),
}

impl Found {
    fn findings(&self) -> &[Finding] {
        match self {
            Self::Checked(checked) => &checked.findings,
            Self::Scanned(scanned) => &scanned.findings,
        }
    }
}

impl Report {
    pub(crate) fn add_checked(&mut self, source: Source, checked: Checked) {
        self.documents.push((source, Found::Checked(checked)));
    }

    pub(crate) fn add_scanned(&mut self, source: Source, scanned: Scanned) {
        self.documents.push((source, Found::Scanned(scanned)));
    }

    /// The worst that was found.
    pub(crate) fn bearing(&self) -> Bearing {
        let findings = self.documents.iter().flat_map(|(_, found)| found.findings());
        findings.map(|finding| finding.code.bearing()).max().unwrap_or(Bearing::Aside)
    }

    fn sum(&self, of: impl Fn(&Found) -> usize) -> usize {
        self.documents.iter().map(|(_, found)| of(found)).sum()
    }

    /// The tables that were checked.
    pub(crate) fn tables(&self) -> usize {
        self.sum(|found| match found {
            Found::Checked(checked) => checked.bound + checked.generated,
            Found::Scanned(scanned) => scanned.unbound,
        })
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Every finding with its lines, and a line that sums up.
pub(crate) fn human(report: &Report, drawing: Drawing) -> Finished {
    let mut text = Finished::default();
    for (source, found) in &report.documents {
        text.push(&of_document(source, found.findings(), drawing));
    }
    text.push_str(&report.diffs);
    let with_tables = |found: &&(Source, Found)| match &found.1 {
        Found::Checked(checked) => checked.bound + checked.generated > 0,
        Found::Scanned(_) => true,
    };
    let documents = report.documents.iter().filter(with_tables).count();
    if let Some((_, Found::Scanned(_))) = report.documents.first() {
        let of = |wanted: fn(&Scanned) -> usize| {
            report.sum(|found| match found {
                Found::Scanned(scanned) => wanted(scanned),
                Found::Checked(_) => 0,
            })
        };
        text.push_str(&format!(
            "{}, {}, {}: {} like an unbound truth table, {} with a policy on the same page{}\n",
            count(documents, "document"),
            count(of(|scanned| scanned.tables), "table"),
            count(of(|scanned| scanned.policies), "policy").replace("policys", "policies"),
            match of(|scanned| scanned.unbound) {
                1 => "1 looks".to_owned(),
                number => format!("{number} look"),
            },
            match of(|scanned| scanned.agreeing) {
                1 => "1 agrees".to_owned(),
                number => format!("{number} agree"),
            },
            match of(|scanned| scanned.bound) {
                0 => String::new(),
                number => format!("; {} for `iamsure docs check`", count(number, "more table")),
            }
        ));
        let remarks = [
            (
                of(|scanned| scanned.unjudged),
                "statement was not checked where it depends on placeholders",
                "statements were not checked where they depend on placeholders",
            ),
            (
                of(|scanned| scanned.unreadable),
                "code block has an Effect and cannot be read as a policy; it was not checked",
                "code blocks have an Effect and cannot be read as policies; they were not checked",
            ),
            (
                of(|scanned| usize::from(scanned.is_read_in_part)),
                "document was only partly read: tables in AsciiDoc and reStructuredText, and policies in HTML, are not read",
                "documents were only partly read: tables in AsciiDoc and reStructuredText, and policies in HTML, are not read",
            ),
        ];
        for (number, one, several) in remarks.into_iter().filter(|(number, ..)| *number > 0) {
            text.push_str(&format!("{number} {}\n", if number == 1 { one } else { several }));
        }
        return text;
    }
    let of = |wanted: fn(&Checked) -> usize| {
        report.sum(|found| match found {
            Found::Checked(checked) => wanted(checked),
            Found::Scanned(_) => 0,
        })
    };
    if report.tables() == 0 {
        return text;
    }
    let (right, wrong, unclear) =
        (of(|checked| checked.right), of(|checked| checked.wrong), of(|checked| checked.unclear));
    let mut parts = vec![format!("{right} right")];
    parts.extend((wrong > 0).then(|| format!("{wrong} wrong")));
    parts.extend((unclear > 0).then(|| format!("{unclear} not checked")));
    let mut tables = Vec::new();
    let bound = of(|checked| checked.bound);
    let generated = of(|checked| checked.generated);
    if bound > 0 {
        let answers = count(right + wrong + unclear, "answer");
        tables.push(format!("{}, {answers}: {}", count(bound, "bound table"), parts.join(", ")));
    }
    if generated > 0 {
        let current = generated
            - report
                .documents
                .iter()
                .flat_map(|(_, found)| found.findings())
                .filter(|finding| matches!(finding.code, Code::StaleBlock | Code::EditedBlock))
                .count()
                .min(generated);
        let not_made = of(|checked| checked.not_made);
        let current = current.saturating_sub(not_made);
        let not_made =
            if not_made > 0 { format!(", {not_made} not checked") } else { String::new() };
        tables
            .push(format!("{}: {current} current{not_made}", count(generated, "generated table")));
    }
    text.push_str(&format!("{}; {}\n", count(documents, "document"), tables.join("; ")));
    text
}

/// Workflow commands: annotations in the files of a pull request.
pub(crate) fn github(report: &Report) -> Finished {
    let mut marks = Vec::new();
    for (source, found) in &report.documents {
        marks.extend(found.findings().iter().map(|finding| {
            let lines = [&finding.message].into_iter().chain(&finding.notes).chain(&finding.help);
            Mark {
                severity: finding.code.severity(),
                code: finding.code.name(),
                subject: None,
                message: lines.map(String::as_str).collect::<Vec<_>>().join("\n"),
                at: At::span(source, finding.span()),
            }
        }));
    }
    annotations(&marks)
}

/// The versioned JSON form.
pub(crate) fn json(report: &Report) -> Finished {
    let documents: Vec<Value> = report
        .documents
        .iter()
        .map(|(source, found)| {
            let findings: Vec<FindingForm<'_>> = found
                .findings()
                .iter()
                .map(|found| FindingForm::of_document(source, found))
                .collect();
            match found {
                Found::Checked(checked) => json!({
                    "file": source.name(), "bound": checked.bound, "generated": checked.generated,
                    "right": checked.right, "wrong": checked.wrong, "unclear": checked.unclear,
                    "findings": findings,
                }),
                Found::Scanned(scanned) => json!({
                    "file": source.name(), "tables": scanned.tables, "policies": scanned.policies,
                    "unjudged": scanned.unjudged, "unreadable": scanned.unreadable,
                    "readInPart": scanned.is_read_in_part,
                    "unbound": scanned.unbound, "agreeing": scanned.agreeing,
                    "bound": scanned.bound, "findings": findings,
                }),
            }
        })
        .collect();
    let value = json!({
        "version": VERSION, "referenceData": iamsure_reference::captured(), "documents": documents,
    });
    pretty(&value)
}

/// What would change, as a unified diff; nothing if nothing would.
pub(crate) fn diff(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    diffy::DiffOptions::new()
        .set_original_filename(name.to_owned())
        .set_modified_filename(name.to_owned())
        .create_patch(before, after)
        .to_string()
}

/// A document in which no marker is one.
pub(crate) fn without_markers(text: &str) -> String {
    text.replace("iamsure:", "iamsure-")
}

/// The tables of a generated text as a picture; `None` if there is none that can be drawn.
pub(crate) fn picture(document: &Source, text: &str, drawing: Drawing) -> Option<Finished> {
    let generated = Source::new(document.name(), text);
    let tables = Document::read(&generated).map(|read| read.tables).unwrap_or_default();
    let mut listing = Listing::default();
    for table in &tables {
        let cells =
            |row: &[Cell]| -> Vec<String> { row.iter().map(|cell| bare(&cell.phrase)).collect() };
        let header = cells(&table.header);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        listing.table(&header, table.rows.iter().map(|row| cells(row)).collect());
    }
    (!tables.is_empty()).then(|| svg(&listing.text(drawing)))
}
