//! What the page rests on: the program, the data, the files, and what was not given.

use iamsure_core::language::PolicyType;
use maud::{Markup, html};

use super::{Shown, remarks};
use crate::render::emission;
use crate::streams::InputFile;

/// What a page rests on.
pub(super) struct Provenance<'a> {
    /// What the options give.
    pub(super) what: &'static str,
    /// The options that give it, as words of a command line.
    pub(super) options: &'a [String],
    /// The layers that were given, where the page is of one set of policies.
    pub(super) given: Option<Vec<PolicyType>>,
    /// What else a reader must know.
    pub(super) notes: &'a [String],
    /// What was read.
    pub(super) files: &'a [InputFile],
}

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

pub(super) fn section(of: &Provenance<'_>) -> Markup {
    let not_given = of.given.as_ref().map(|given| {
        let missing = LAYERS.iter().filter(|kind| !given.contains(kind));
        missing.map(|kind| kind.aws_name()).collect::<Vec<_>>().join(", ")
    });
    html! {
        dl.facts {
            div { dt { "Program" } dd { "iamsure " (env!("CARGO_PKG_VERSION")) } }
            div { dt { "AWS reference data" } dd { "of " (iamsure_reference::captured()) } }
            div { dt { (of.what) } dd { code { (Shown(&emission::words(of.options))) } } }
            @if let Some(not_given) = not_given {
                div {
                    dt { "Not given" }
                    dd {
                        (not_given) ". "
                        "Assumptions about them are listed with the matrix and the table."
                    }
                }
            }
        }
        (remarks(of.notes))
        div.scroll tabindex="0" role="region" aria-label="Files that were read" {
            table {
                caption { "Files that were read" }
                thead { tr { th scope="col" { "File" } th scope="col" { "Bytes" } th scope="col" { "SHA-256" } } }
                tbody {
                    @for file in of.files {
                        tr {
                            th scope="row" { (Shown(&file.name)) }
                            td { (file.length) }
                            td { code.digest { (file.sha256) } }
                        }
                    }
                }
            }
        }
        p.about { "The same version of iamsure produces this page again, byte for byte, from the same files and options." }
    }
}
