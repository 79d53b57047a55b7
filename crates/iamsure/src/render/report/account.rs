//! The page of an account, a plan or a stack: what a review refutes of everybody, what changed, and who becomes whom.

use iamsure_truth::claim::ClaimVerdict;
use maud::{Markup, html};

use super::provenance::{self, Provenance};
use super::{Section, Shown, graph, listing, tile, tone};
use crate::render::account::{Account, changes, paths, review, tokens};
use crate::streams::InputFile;

/// Everything that is on the page.
pub(crate) struct Page<'a> {
    pub(crate) account: &'a Account,
    pub(crate) review: review::Report<'a>,
    pub(crate) paths: paths::Report<'a>,
    pub(crate) tokens: tokens::Report<'a>,
    /// What changed since a version before, if there is one.
    pub(crate) changes: Option<changes::Report<'a>>,
    /// The files, as they were named.
    pub(crate) files_named: Vec<String>,
    /// The options that give the files, as words of a command line.
    pub(crate) options: Vec<String>,
    /// What was read.
    pub(crate) files: &'a [InputFile],
    /// What the questions are limited to, in words.
    pub(crate) asked_only: Vec<String>,
}

/// The page.
pub(crate) fn html(page: &Page<'_>) -> String {
    let title = super::title("Review of", &page.files_named);
    let mut sections = vec![Section::new("verdicts", "Verdicts", verdicts(page))];
    if let Some(changes) = &page.changes {
        let body = listing::section(&changes.body(), "Access that changed");
        sections.push(Section::new("changes", "Changes", body));
    }
    let claims = listing::section(&page.review.body(), "Claims that are refuted or undecided");
    let tokens = listing::section(&page.tokens.body(), "Roles, and the tokens that each accepts");
    sections.extend([
        Section::new("claims", "Claims", claims),
        Section::new("paths", "Paths", paths(page)),
        Section::new("tokens", "Tokens", tokens),
        Section::new(
            "provenance",
            "Provenance",
            provenance::section(&Provenance {
                what: "Files and options",
                options: &page.options,
                given: None,
                notes: &page.account.remarks,
                files: page.files,
            }),
        ),
    ]);
    let only = page.asked_only.join("; ");
    let about = (!only.is_empty()).then(|| format!("Only requests with {only}."));
    super::page(&title, about.as_deref(), &sections, None)
}

fn verdicts(page: &Page<'_>) -> Markup {
    let count = |verdict: ClaimVerdict| page.review.number(verdict);
    let (refuted, depends) = (count(ClaimVerdict::Refuted), count(ClaimVerdict::Depends));
    let headline = page.review.headline();
    html! {
        ul.tiles {
            (tile(["refuted"; 2], refuted, "#claims", refuted == 0))
            (tile(["depends", "depend"], depends, "#claims", depends == 0))
            (tile(["reaches administrator access", "reach administrator access"], page.paths.number_to_everything(), "#paths", page.paths.number_to_everything() == 0))
            (tile(["administrator", "administrators"], page.paths.administrators(), "#paths", true))
            (tile(["role for tokens", "roles for tokens"], page.tokens.open(), "#tokens", true))
        }
        @for line in std::iter::once(&headline).chain(page.review.open().as_ref()) {
            div class={ "verdict " (tone(line)) } { p.lead { (Shown(line)) } }
        }
        @if let Some(changes) = &page.changes {
            div.verdict.is-open { p.lead { (Shown(&changes.headline())) } }
        }
        p { (Shown(&page.paths.headline_of_all())) "." }
    }
}

/// Who gets where: a picture, and each way in words.
fn paths(page: &Page<'_>) -> Markup {
    let all = page.paths.graph();
    let some = page.paths.graph_of_ways();
    let label = "Steps from principal to principal";
    let whole = graph::picture(&all, label);
    let (picture, is_part) = match whole {
        Some(picture) => (Some(picture), false),
        None => (graph::picture(&some, "Steps of the paths to administrator access"), true),
    };
    html! {
        @match &picture {
            Some(picture) => {
                (picture)
                p.about {
                    @if is_part { "Only the paths to administrator access are drawn. " }
                    "Each step is labelled with its method. Dashed: the step depends on facts that are not in the files. Thick border: an administrator."
                }
            }
            None if !all.steps.is_empty() => p.about {
                "There are " (all.steps.len()) " steps between " (all.nodes.len())
                " principals: too many to draw. iamsure account paths --dot prints them."
            },
            None => {}
        }
        (listing::section(&page.paths.body(), "Paths to administrator access, step by step"))
    }
}
