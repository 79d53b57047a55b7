//! What changed since the version before.

use maud::{Markup, html};

use super::policies::Page;
use super::shown::phrase;
use super::{Shown, remarks, tone};
use crate::render::comparison::{Report, example};

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! { @for report in &page.changes { (one(report)) } }
}

fn one(report: &Report<'_>) -> Markup {
    let plain = |text: &str| html! { (Shown(text)) };
    let verdict = |text: &str| {
        let decides = text.contains("denied") || text.starts_with("allowed") || text == "exempt";
        html! {
            @if decides { span class={ "word " (tone(text)) } { (Shown(text)) } }
            @else if text == "widened" { strong { (Shown(text)) } }
            @else { (Shown(text)) }
        }
    };
    let heading = report.grid_of(&phrase, &plain).into_iter().next().unwrap_or_default();
    let rows: Vec<Vec<Markup>> = report.grid_of(&phrase, &verdict).into_iter().skip(1).collect();
    let examples: Vec<String> = (report.comparison.rows.iter().enumerate())
        .filter_map(|(number, changed)| {
            Some(format!("Example of row {}: {}", number + 1, example(changed)?))
        })
        .collect();
    html! {
        p.lead { (Shown(&report.headline())) }
        @if !rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Rows that changed" {
                table.truth {
                    caption { "Requests that are decided differently than before." }
                    thead { tr { @for cell in &heading { th scope="col" { (cell) } } } }
                    tbody {
                        @for row in &rows {
                            tr {
                                @for (number, cell) in row.iter().enumerate() {
                                    @if number == 0 { th scope="row" { (cell) } }
                                    @else { td { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        (remarks(&examples))
        (remarks(&report.notes()))
    }
}
