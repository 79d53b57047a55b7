//! A listing on the page.

use maud::{Markup, html};

use super::{Shown, remarks, tone};
use crate::render::listing::{Listing, Part, VERDICTS};

/// Lines as paragraphs, remarks as a list, tables as tables, which `caption` names.
pub(super) fn section(listing: &Listing, caption: &str) -> Markup {
    let mut said = Vec::new();
    html! {
        @for part in listing.parts() {
            @match part {
                Part::Line(line) => @match line.strip_prefix("- ") {
                    Some(remark) => ({ said.push(remark.to_owned()); "" }),
                    None => p.lead { (Shown(line)) },
                },
                Part::Table { header, rows } => (table(header, rows, caption)),
                Part::Gap => {}
            }
        }
        (remarks(&said))
    }
}

pub(super) fn table(header: &[String], rows: &[Vec<String>], caption: &str) -> Markup {
    let is_verdict: Vec<bool> =
        header.iter().map(|heading| VERDICTS.contains(&heading.as_str())).collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.listed {
                caption { (caption) }
                thead { tr { @for cell in header { th scope="col" { (Shown(cell)) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (number, cell) in row.iter().enumerate() {
                                @if number == 0 { th scope="row" { (Shown(cell)) } }
                                @else if is_verdict.get(number) == Some(&true) {
                                    td { span class={ "word " (tone(cell)) } { (Shown(cell)) } }
                                }
                                @else { td { (Shown(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
