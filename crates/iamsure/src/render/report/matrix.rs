//! The decision matrix on the page.

use maud::{Markup, html};

use super::policies::Page;
use super::shown::coded;
use super::{Shown, remarks, tone};
use crate::render::matrix::parts;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let parts = parts(&page.matrix);
    let mut header = parts.header.iter();
    let first = header.next().map(Vec::as_slice).unwrap_or_default();
    html! {
        @for line in parts.head.iter().chain(&parts.beside) {
            p.about { (Shown(line)) }
        }
        (remarks(&parts.exchanges))
        @if !parts.body.is_empty() && first.len() > 1 {
            div.scroll tabindex="0" role="region" aria-label="Cells of the matrix" {
                table {
                    caption { "Actions by call path. Numbers in brackets are statements, letters are notes below." }
                    thead {
                        tr { @for cell in first { th scope="col" { (Shown(cell)) } } }
                        @for row in header {
                            tr.facts { (cells(row, false)) }
                        }
                    }
                    tbody {
                        @for row in &parts.body { tr { (cells(row, true)) } }
                    }
                }
            }
            p.about { "allow: an Allow matches, and no Deny. DENY: a Deny matches. deny: nothing allows it." }
        }
        @if !parts.notes.is_empty() {
            dl.notes {
                @for (mark, text) in &parts.notes {
                    div { dt { "(" (mark) ")" } dd { (coded(text)) } }
                }
            }
        }
        (remarks(&parts.remarks))
    }
}

/// A row: what it is about, and what is decided.
fn cells(row: &[String], are_decisions: bool) -> Markup {
    let mut row = row.iter();
    let head = row.next().map(String::as_str).unwrap_or_default();
    html! {
        th scope="row" {
            @for (number, line) in head.lines().enumerate() {
                @if number > 0 { br; }
                (Shown(line.trim()))
            }
        }
        @for cell in row {
            @if are_decisions {
                td { span class={ "word " (tone(cell)) } { (Shown(cell)) } }
            } @else {
                td { (Shown(cell)) }
            }
        }
    }
}
