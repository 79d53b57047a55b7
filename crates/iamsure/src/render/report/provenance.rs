//! What the page rests on: the program, the data, the files, and what was not given.

use iamsure_core::language::PolicyType;
use maud::{Markup, html};

use super::{Page, Shown};
use crate::render::emission;

/// Layers that a request may meet, in the order of the options.
const LAYERS: [PolicyType; 8] = [
    PolicyType::Identity,
    PolicyType::Boundary,
    PolicyType::Session,
    PolicyType::Resource,
    PolicyType::Trust,
    PolicyType::Scp,
    PolicyType::Rcp,
    PolicyType::Endpoint,
];

pub(super) fn section(page: &Page<'_>) -> Markup {
    let is_given = |kind: &PolicyType| page.policies.policies().any(|(given, ..)| given == *kind);
    let not_given: Vec<&str> =
        LAYERS.iter().filter(|kind| !is_given(kind)).map(|kind| kind.aws_name()).collect();
    html! {
        dl.facts {
            div { dt { "Program" } dd { "iamsure " (env!("CARGO_PKG_VERSION")) } }
            div { dt { "AWS reference data" } dd { "of " (iamsure_reference::captured()) } }
            div { dt { "Policies" } dd { code { (Shown(&emission::words(&page.options))) } } }
            div {
                dt { "Not given" }
                dd {
                    (not_given.join(", ")) ". "
                    "Nothing is assumed of them beyond what the notes of the matrix and the table say."
                }
            }
        }
        div.scroll tabindex="0" role="region" aria-label="Files that were read" {
            table {
                caption { "Files that were read" }
                thead { tr { th scope="col" { "File" } th scope="col" { "Bytes" } th scope="col" { "SHA-256" } } }
                tbody {
                    @for file in page.files {
                        tr {
                            th scope="row" { (Shown(&file.name)) }
                            td { (file.length) }
                            td { code.digest { (file.sha256) } }
                        }
                    }
                }
            }
        }
        p.about { "The same files and options give this page again, byte for byte, with the same version of the program." }
    }
}
