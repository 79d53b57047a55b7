//! The page of a review: one HTML file without a network, readable without scripts.
//!
//! All that is of others is written by [`Shown`]; nothing else but words of ours is on the page. The one style and
//! the one script are named in its Content-Security-Policy by their hashes, so nothing else can run on it.

mod changes;
mod chart;
mod claims;
mod findings;
mod headline;
mod matrix;
mod provenance;
mod shown;
mod source;
mod table;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use iamsure_core::world::PolicySet;
use iamsure_truth::chart::Chart;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use self::shown::Shown;
use super::{comparison, lint, matrix as matrix_form, review, table as table_form};
use crate::streams::InputFile;

const STYLE: &str = include_str!("report/report.css");
const SCRIPT: &str = include_str!("report/report.js");

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
}

/// The page.
pub(crate) fn html(page: &Page<'_>) -> String {
    let title = format!("Review of {}", page.names().join(", "));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let sections = [
        ("verdicts", "Verdicts", headline::section(page)),
        ("changes", "Changes", changes::section(page)),
        ("try", "Try a request", chart::section(page)),
        ("matrix", "Matrix", matrix::section(page)),
        ("table", "Truth table", table::section(page)),
        ("claims", "Claims", claims::section(page)),
        ("findings", "Findings", findings::section(page)),
        ("policies", "Policies", source::section(page)),
        ("provenance", "Provenance", provenance::section(page)),
    ];
    let sections =
        sections.into_iter().filter(|(id, ..)| *id != "changes" || !page.changes.is_empty());
    let sections: Vec<_> = sections.collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (Shown(&title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#verdicts" { "Skip to the verdicts" }
                header {
                    p.program { "iamsure report" }
                    h1 { (Shown(&title)) }
                    @if !page.asked_only.is_empty() {
                        p { "Only requests with " (Shown(&page.asked_only.join("; "))) "." }
                    }
                    nav aria-label="Sections" {
                        ul {
                            @for (id, name, _) in &sections {
                                li { a href={ "#" (id) } { (name) } }
                            }
                        }
                    }
                }
                main {
                    @for (id, name, section) in &sections {
                        section id=(id) aria-labelledby={ (id) "-heading" } {
                            h2 id={ (id) "-heading" } { (name) }
                            (section)
                        }
                    }
                }
                (chart::data(page))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

impl Page<'_> {
    /// The policies by name, in order.
    fn names(&self) -> Vec<String> {
        self.policies.policies().map(|(.., document)| document.source.name().to_owned()).collect()
    }
}

/// The source of a Content-Security-Policy that allows just this text.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// Remarks as a list; nothing, if there are none.
fn remarks(texts: &[String]) -> Markup {
    html! {
        @if !texts.is_empty() {
            ul.remarks {
                @for text in texts {
                    li { (Shown(text.trim())) }
                }
            }
        }
    }
}

/// A class of style for the words of a decision. The words say it; the colour repeats it.
fn tone(words: &str) -> &'static str {
    let words = words.trim_start();
    let starts = |text: &str| words.starts_with(text);
    if starts("DENY") || starts("explicitly denied") {
        "is-denied"
    } else if starts("allow") && !starts("allowed either") || starts("exempt") {
        "is-allowed"
    } else if starts("depends") || starts("partly") || starts("not ") {
        "is-open"
    } else {
        "is-silent"
    }
}
