//! The page of a report: one HTML file without a network, readable without scripts.
//!
//! All that is of others is written by [`Shown`]; nothing else but words of ours is on the page. The one style and
//! the one script are named in its Content-Security-Policy by their hashes, so nothing else can run on it.
//! A page is of policies ([`policies`]), of suites ([`suite`]), or of everybody in an account ([`account`]).

pub(crate) mod account;
mod changes;
mod chart;
mod claims;
mod findings;
mod graph;
mod headline;
mod listing;
mod matrix;
pub(crate) mod policies;
mod provenance;
mod shown;
mod source;
pub(crate) mod suite;
mod table;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use self::shown::{Shown, coded};
use super::verdict::{Tone, verdict_tone};

const STYLE: &str = include_str!("report/report.css");
const SCRIPT: &str = include_str!("report/report.js");
/// So many files are named in a title.
const MOST_NAMED: usize = 6;

/// A part of a page.
struct Section {
    id: &'static str,
    name: &'static str,
    body: Markup,
}

impl Section {
    const fn new(id: &'static str, name: &'static str, body: Markup) -> Self {
        Self { id, name, body }
    }
}

/// The page. `chart` is the data of the script; without it nothing can run.
fn page(title: &str, about: Option<&str>, sections: &[Section], chart: Option<&Markup>) -> String {
    let script = match chart {
        Some(_) => format!("script-src '{}'; ", hash(SCRIPT)),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; style-src '{}'; {script}base-uri 'none'; form-action 'none'",
        hash(STYLE)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (Shown(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if let Some(first) = sections.first() {
                    a.skip href={ "#" (first.id) } { "Skip to the verdicts" }
                }
                header {
                    p.program { "iamsure report" }
                    h1 { (Shown(title)) }
                    @if let Some(about) = about { p { (Shown(about)) } }
                    nav aria-label="Sections" {
                        ul {
                            @for section in sections {
                                li { a href={ "#" (section.id) } { (section.name) } }
                            }
                        }
                    }
                }
                main.is-long[is_long(sections)] {
                    @for section in sections {
                        section id=(section.id) aria-labelledby={ (section.id) "-heading" } {
                            h2 id={ (section.id) "-heading" } { (section.name) }
                            (section.body)
                        }
                    }
                }
                @if let Some(chart) = chart {
                    (chart)
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// From so many bytes of HTML on, the parts of a page that are not on the screen are laid out when they come there.
const LONG: usize = 150_000;

/// Whether a page takes longer to lay out than anybody wants to wait. Pictures of a whole page show all of it where it does
/// not.
fn is_long(sections: &[Section]) -> bool {
    sections.iter().map(|section| section.body.0.len()).sum::<usize>() >= LONG
}

/// A title that names the first of some files.
fn title(what: &str, names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = names.len() - first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{what} {}{more}", first.join(", "))
}

/// How many of something there are, one or several, as a tile that leads to them.
fn tile([one, several]: [&str; 2], count: usize, to: &str, is_calm: bool) -> Markup {
    let what = if count == 1 { one } else { several };
    html! {
        li.tile.is-calm[is_calm] {
            a href=(to) { span.count { (count) } " " span.what { (what) } }
        }
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
                    li { (coded(text.trim())) }
                }
            }
        }
    }
}

/// A class of style for the words of a decision. The words say it; the colour repeats it.
fn tone(words: &str) -> &'static str {
    let words = words.trim_start();
    match verdict_tone(words) {
        // Several decisions in one cell.
        Some(_) if words.contains(" / ") => "is-open",
        Some((_, Tone::Good)) => "is-allowed",
        Some((_, Tone::Bad)) => "is-denied",
        Some((_, Tone::Open)) => "is-open",
        Some((_, Tone::Calm)) | None => "is-silent",
    }
}
