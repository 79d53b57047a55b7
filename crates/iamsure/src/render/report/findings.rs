//! What `iamsure lint` finds, on the page.

use iamsure_core::language::Severity;
use maud::{Markup, html};

use super::policies::Page;
use super::shown::coded;
use super::{Shown, remarks};

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        @if page.lint.found.is_empty() && !page.known_later.is_empty() {
            p {
                "No part of the policies is shown to have no effect, and AWS knows every name in them. "
                "Some values known only after deployment may leave a part without effect."
            }
        } @else if page.lint.found.is_empty() {
            p { "Every part of the policies has an effect, and AWS knows every name in them." }
        } @else {
            ul.claims {
                @for linted in &page.lint.found {
                    @let finding = &linted.finding;
                    @let (word, tone) = match finding.severity {
                        Severity::Error => ("error", "is-denied"),
                        Severity::Warning => ("warning", "is-open"),
                        Severity::Note => ("note", "is-silent"),
                    };
                    li {
                        p.lead {
                            strong class={ "badge " (tone) } { (word) }
                            " " (coded(&finding.message))
                            " " span.code { (finding.code.name()) }
                        }
                        @if let Some(document) = page.lint.document(linted.policy) {
                            @for label in &finding.labels {
                                p.place {
                                    code { (Shown(document.source.name())) ":" (document.source.place(label.span.start)) }
                                    @if !label.text.is_empty() { ": " (Shown(&label.text)) }
                                }
                            }
                        }
                        (remarks(&linted.notes))
                        @if let Some(help) = &finding.help { p { "Help: " (coded(help)) } }
                    }
                }
            }
        }
    }
}
