//! The page of policies: what they decide, what of it a review refutes, and each combination to try.

use std::collections::BTreeSet;

use iamsure_core::language::PolicyType;
use iamsure_core::world::PolicySet;
use iamsure_truth::chart::Chart;

use super::provenance::Provenance;
use super::{
    Section, changes, chart, claims, findings, headline, matrix, provenance, source, table,
};
use crate::render::{comparison, lint, matrix as matrix_form, review, table as table_form};
use crate::streams::InputFile;

/// Everything that is on the page.
pub(crate) struct Page<'a> {
    pub(crate) policies: &'a PolicySet,
    pub(crate) matrix: matrix_form::Report<'a>,
    pub(crate) table: table_form::Report,
    pub(crate) chart: Chart,
    pub(crate) review: Vec<review::Asked>,
    pub(crate) lint: lint::Report,
    /// What changed since a version before, if there is one.
    pub(crate) changes: Vec<comparison::Report<'a>>,
    /// The options that give the policies, as words of a command line.
    pub(crate) options: Vec<String>,
    /// What was chosen where AWS is silent.
    pub(crate) switches: &'a [String],
    /// What was read.
    pub(crate) files: &'a [InputFile],
    /// What the questions are limited to, in words.
    pub(crate) asked_only: Vec<String>,
    /// The symbols in the policies for values that are known later.
    pub(crate) known_later: BTreeSet<String>,
    /// What a reader must know of all of it.
    pub(crate) notes: Vec<String>,
}

/// The page.
pub(crate) fn html(page: &Page<'_>) -> String {
    let title = super::title("Review of", &page.names());
    let mut sections = vec![Section::new("verdicts", "Verdicts", headline::section(page))];
    if !page.changes.is_empty() {
        sections.push(Section::new("changes", "Changes", changes::section(page)));
    }
    sections.extend([
        Section::new("try", "Try a request", chart::section(page)),
        Section::new("matrix", "Matrix", matrix::section(page)),
        Section::new("table", "Truth table", table::section(page)),
        Section::new("claims", "Claims", claims::section(page)),
        Section::new("findings", "Findings", findings::section(page)),
        Section::new("policies", "Policies", source::section(page)),
        Section::new("provenance", "Provenance", provenance::section(&page.provenance())),
    ]);
    let only = page.asked_only.join("; ");
    let about = (!only.is_empty()).then(|| format!("Only requests with {only}."));
    super::page(&title, about.as_deref(), &sections, Some(&chart::data(page)))
}

impl Page<'_> {
    /// The policies by name, in order.
    fn names(&self) -> Vec<String> {
        self.policies.policies().map(|(.., document)| document.source.name().to_owned()).collect()
    }

    fn provenance(&self) -> Provenance<'_> {
        let given: Vec<PolicyType> = self.policies.policies().map(|(kind, ..)| kind).collect();
        Provenance {
            what: "Policies",
            options: &self.options,
            given: Some(given),
            notes: &self.notes,
            files: self.files,
        }
    }
}
