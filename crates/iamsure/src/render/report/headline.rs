//! What a review comes to, first.

use iamsure_core::language::Severity;
use maud::{Markup, html};

use super::policies::Page;
use super::shown::coded;
use super::{Shown, tile};

/// So many refuted claims are in the headline.
const MOST: usize = 3;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let count = |word: &str| page.review.iter().filter(|one| one.word() == word).count();
    let refuted: Vec<_> = page.review.iter().filter(|one| one.word() == "REFUTED").collect();
    let (warnings, notes) = (page.lint.count(Severity::Warning), page.lint.count(Severity::Note));
    let open = count("DEPENDS") + count("UNDECIDED");
    html! {
        ul.tiles {
            (tile(["claim refuted", "claims refuted"], refuted.len(), "#claims", refuted.is_empty()))
            (tile(["claim proved", "claims proved"], count("PROVED"), "#claims", true))
            (tile(["claim open", "claims open"], open, "#claims", open == 0))
            (tile(["warning", "warnings"], warnings, "#findings", warnings == 0))
            (tile(["note", "notes"], notes, "#findings", true))
        }
        @for report in &page.changes {
            div class={ "verdict " (if report.comparison.widens() { "is-open" } else { "is-silent" }) } {
                p.lead {
                    strong.badge class=(if report.comparison.widens() { "is-open" } else { "is-silent" }) { "CHANGES" }
                    " " (Shown(&report.headline()))
                }
            }
        }
        @if refuted.is_empty() && open == 0 && warnings == 0 {
            p { "No claim of the review is refuted, and there are no warnings." }
        }
        @for one in refuted.iter().take(MOST) {
            div.verdict.is-denied {
                p.lead {
                    strong.badge.is-denied { "REFUTED" }
                    " " (Shown(&one.review.claim.to_string()))
                }
                p { (coded(one.review.code.entry().refuted)) }
            }
        }
        @if refuted.len() > MOST {
            p { a href="#claims" { "All " (refuted.len()) " refuted claims" } }
        }
    }
}
