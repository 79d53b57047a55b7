//! The page of suites: what failed and why, every case, and what no case covers.

use maud::{Markup, html};

use super::provenance::{self, Provenance};
use super::{Section, Shown, listing, tile};
use crate::render::suite::{Item, Report, Status, coverage_of};
use crate::streams::InputFile;

/// Everything that is on the page.
pub(crate) struct Page<'a> {
    pub(crate) report: Report<'a>,
    /// The suites, as words of a command line.
    pub(crate) options: Vec<String>,
    /// What was read.
    pub(crate) files: &'a [InputFile],
}

/// The page.
pub(crate) fn html(page: &Page<'_>) -> String {
    let title = super::title("Tests of", &page.options);
    let sections = [
        Section::new("verdicts", "Verdicts", verdicts(page)),
        Section::new("failures", "Failures", failures(page)),
        Section::new("cases", "Cases", cases(page)),
        Section::new("coverage", "Coverage", coverage(page)),
        Section::new(
            "provenance",
            "Provenance",
            provenance::section(&Provenance {
                what: "Suites",
                options: &page.options,
                given: None,
                notes: &beside(page),
                files: page.files,
            }),
        ),
    ];
    super::page(&title, None, &sections, None)
}

fn verdicts(page: &Page<'_>) -> Markup {
    let report = &page.report;
    let count = |status| report.with(status).count();
    let failed = count(Status::Failed);
    let broken = count(Status::Errored) + report.unreadable;
    html! {
        ul.tiles {
            (tile(["failed"; 2], failed, "#failures", failed == 0))
            (tile(["could not run"; 2], broken, "#failures", broken == 0))
            (tile(["passed"; 2], count(Status::Passed), "#cases", true))
            (tile(["to do"; 2], count(Status::Skipped), "#cases", true))
        }
        p.lead { (Shown(&report.summary())) "." }
    }
}

/// What failed, each with why.
fn failures(page: &Page<'_>) -> Markup {
    let report = &page.report;
    let bad = |item: &&Item<'_>| matches!(item.status, Status::Failed | Status::Errored);
    let items: Vec<&Item<'_>> = report.items.iter().filter(bad).collect();
    let unreadable = report.runs.iter().filter_map(|run| Some((run, run.result.as_ref().err()?)));
    html! {
        @if items.is_empty() && report.unreadable == 0 { p { "Nothing failed." } }
        ul.claims {
            @for (run, errors) in unreadable {
                li {
                    p.lead { strong.badge.is-denied { "cannot be read" } " " (Shown(&run.name)) }
                    @for error in errors {
                        p.place { code { (error.source_file.name()) ":" (error.source_file.place(error.span.start)) } }
                        p { (Shown(&error.message)) }
                    }
                }
            }
            @for item in items {
                li {
                    p.lead {
                        strong.badge.is-denied { (item.status.word()) }
                        " " (Shown(&item.name()))
                    }
                    p.place { code { (Shown(&place(item))) } }
                    @if item.detail.is_empty() { p { (Shown(&item.found)) } }
                    @else { pre tabindex="0" { @for line in item.detail.lines() { (Shown(line)) "\n" } } }
                }
            }
        }
    }
}

fn cases(page: &Page<'_>) -> Markup {
    let header = ["Case", "Verdict", "Found", "Place"].map(str::to_owned);
    let rows: Vec<Vec<String>> = (page.report.items.iter())
        .map(|item| {
            let found = if item.found.is_empty() { "as expected" } else { &item.found };
            vec![item.name(), item.status.word().to_owned(), found.to_owned(), place(item)]
        })
        .collect();
    listing::table(&header, &rows, "Every case, in the order of the suites.")
}

/// What no case covers, as `iamsure test --coverage` says it.
fn coverage(page: &Page<'_>) -> Markup {
    let text = coverage_of(&page.report);
    html! {
        p.about {
            "A statement is covered if some case would be decided differently without it; a clause, if it decides one case by "
            "being true and another by being false. Claims cover every request and do not count."
        }
        pre tabindex="0" aria-label="Coverage" { @for line in text.trim().lines() { (Shown(line)) "\n" } }
    }
}

/// What is assumed beside the policy sets.
fn beside(page: &Page<'_>) -> Vec<String> {
    let all = page.report.beside();
    all.map(|(_, name, beside)| format!("{name}: {}", beside.sentences().join(" "))).collect()
}

fn place(item: &Item<'_>) -> String {
    format!("{}:{}", item.suite.source.name(), item.place())
}
