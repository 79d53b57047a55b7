//! The claims of the review on the page, those that were refuted first.

use maud::{Markup, html};

use super::Shown;
use super::policies::Page;
use super::shown::coded;
use crate::render::{inert, review};

pub(super) fn section(page: &Page<'_>) -> Markup {
    let mut sorted: Vec<&review::Asked> = page.review.iter().collect();
    sorted.sort_by_key(|one| one.rank());
    html! {
        @if sorted.is_empty() {
            p { "No review claim applies to these policies." }
        } @else {
            ul.claims {
                @for one in sorted { li { (claim(page, one)) } }
            }
            p.about { "Claims cover every possible request. " code { "iamsure explain" } " says what each claim means." }
        }
    }
}

fn claim(page: &Page<'_>, one: &review::Asked) -> Markup {
    let word = one.word();
    let tone = match word {
        "REFUTED" => "is-denied",
        "PROVED" => "is-allowed",
        _ => "is-open",
    };
    let entry = one.review.code.entry();
    html! {
        p.lead {
            strong class={ "badge " (tone) } { (word) }
            " " (Shown(&one.review.claim.to_string()))
            (one.world())
            " " span.code { (one.review.code.name()) }
        }
        @if word != "PROVED" {
            @if let Some(id) = one.review.statement {
                p { "Asked of " (Shown(&inert::name(page.policies, id))) "." }
            }
            @if let Some(request) = one.request() {
                p { "Request: " code { (Shown(&request)) } }
            }
            @if let Some(reason) = one.answer.reason() { p { (coded(reason)) } }
            p { (coded(entry.refuted)) " " (coded(entry.advice)) }
        }
    }
}
