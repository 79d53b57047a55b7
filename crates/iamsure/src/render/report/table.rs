//! The truth table on the page.

use maud::{Markup, html};

use super::policies::Page;
use super::shown::phrase;
use super::{Shown, remarks, tone};

pub(super) fn section(page: &Page<'_>) -> Markup {
    let report = &page.table;
    let text = |text: &str| html! { (Shown(text)) };
    let decision = |text: &str| {
        // Only what is decided is coloured.
        match tone(text) {
            "is-silent" if !text.starts_with("implicitly") => html! { (Shown(text)) },
            tone => html! { span class={ "word " (tone) } { (Shown(text)) } },
        }
    };
    let heading = report.grid_of(&phrase, &text).into_iter().next().unwrap_or_default();
    let rows: Vec<Vec<Markup>> = report.grid_of(&phrase, &decision).into_iter().skip(1).collect();
    let is_numbered = report.answer.table.rows.len() > 1;
    html! {
        p.about { (Shown(&report.title())) }
        @for sentence in report.beside() { p.about { (Shown(&sentence)) } }
        div.scroll tabindex="0" role="region" aria-label="Rows of the truth table" {
            table.truth {
                caption { "Every request, in the fewest rows." }
                thead { tr { @for cell in &heading { th scope="col" { (cell) } } } }
                tbody {
                    @for row in &rows {
                        tr {
                            @for (number, cell) in row.iter().enumerate() {
                                @if number == 0 && is_numbered {
                                    th scope="row" { (cell) }
                                } @else {
                                    td { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        }
        (remarks(&report.footer()))
    }
}
