//! Phrases as Markdown and HTML that say what they said.
//!
//! Whatever a policy holds comes through a CommonMark parser as it was: bars, backticks and line ends in code,
//! characters that mean something outside it.

use std::borrow::Cow;

use iamsure_truth::phrase::{Phrase, Piece};
use unicode_width::UnicodeWidthStr;

use super::document::Syntax;
use crate::foreign::Sink;

/// Rows of phrases under a heading.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) heading: Vec<Phrase>,
    pub(super) rows: Vec<Vec<Phrase>>,
    /// Each row's answer as the end of a sentence.
    pub(super) said: Vec<String>,
    /// How many columns say what a row is about.
    pub(super) columns: usize,
    /// How many columns of answers stand after those.
    pub(super) answers: usize,
    /// What stands before those.
    pub(super) lead: Lead,
}

/// What the first column of a grid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// One of those that say what the row is about.
    Nothing,
    /// The number of the row.
    Number,
    /// Its name.
    Label,
}

/// A phrase in a line of Markdown.
pub(super) fn inline(phrase: &Phrase, in_cell: bool) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) => Sink::Markdown.text(text),
            Piece::Code(text) if in_cell => Sink::CodeInCell.text(text),
            Piece::Code(text) => Sink::Code.text(text),
        })
        .collect()
}

/// A pipe table, each column as wide as its widest cell.
pub(super) fn pipes(grid: &Grid) -> Vec<String> {
    let texts = |row: &Vec<Phrase>| {
        row.iter().map(|cell| inline(cell, true).trim().to_owned()).collect::<Vec<_>>()
    };
    let heading = texts(&grid.heading);
    let rows: Vec<Vec<String>> = grid.rows.iter().map(texts).collect();
    let width = |column: usize| {
        std::iter::once(&heading)
            .chain(&rows)
            .filter_map(|row| row.get(column))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let line = |cells: &[String]| {
        let mut line = String::from("|");
        for (cell, width) in cells.iter().zip(&widths) {
            line.push(' ');
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 1));
            line.push('|');
        }
        line
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines = vec![line(&heading), line(&rule)];
    lines.extend(rows.iter().map(|row| line(row)));
    lines
}

/// A list: one sentence a row, to be heard as well as read.
pub(super) fn list(grid: &Grid, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let first = usize::from(grid.lead != Lead::Nothing);
    for (row, said) in grid.rows.iter().zip(&grid.said) {
        let about: Vec<String> = grid
            .heading
            .iter()
            .zip(row)
            .skip(first)
            .take(grid.columns)
            .filter(|(_, cell)| **cell != Phrase::word("any"))
            .map(|(heading, cell)| {
                let heading = match inline(heading, false).as_str() {
                    word @ ("Action" | "Resource" | "Principal") => {
                        format!("the {}", word.to_lowercase())
                    }
                    other => other.to_owned(),
                };
                format!("{heading} is {}", inline(cell, false))
            })
            .collect();
        let otherwise = row.get(first) == Some(&Phrase::word("otherwise"));
        let mut item = match (about.as_slice(), otherwise) {
            (_, true) => "Otherwise".to_owned(),
            ([], _) => "Always".to_owned(),
            (about, _) => format!("When {}", about.join(" and ")),
        };
        if let (Lead::Label, Some(label)) = (grid.lead, row.first()) {
            item = format!("{}: {}", inline(label, false), item.replacen("When", "when", 1));
        }
        item.push_str(", ");
        item.push_str(&Sink::Markdown.text(said));
        for more in row.iter().skip(first + grid.columns + grid.answers) {
            item.extend([" (", &inline(more, false), ")"]);
        }
        item.push('.');
        lines.extend(filled(&format!("- {item}"), width, "  "));
    }
    lines
}

/// Text filled into lines of `width` columns, as Prettier fills it; lines after the first are indented. Blanks
/// in code are no place to break.
pub(super) fn filled(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if !line.trim().is_empty() && line.width() + 1 + word.width() > width && can_begin(&word) {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
        } else if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// Whether a word may begin a line: not where it would begin a list, or make a heading or a table of the line before.
fn can_begin(word: &str) -> bool {
    !(matches!(word, "+" | "*")
        || word.chars().all(|c| matches!(c, '-' | '=' | ':'))
        || word.starts_with(['#', '>', '|', '='])
        || (word.ends_with(['.', ')'])
            && word.trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit())))
}

/// The words of a line of Markdown; a code span is part of one word.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = 0_usize;
    let mut run = 0_usize;
    for c in text.chars() {
        if c == '`' {
            run += 1;
        } else if run > 0 {
            open = if open == 0 {
                run
            } else if open == run {
                0
            } else {
                open
            };
            run = 0;
        }
        if c == ' ' && open == 0 {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            word.push(c);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A phrase in HTML.
pub(super) fn html_inline(phrase: &Phrase, syntax: Syntax) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) => html_text(text, syntax),
            Piece::Code(text) => format!("<code>{}</code>", html_text(text, syntax)).into(),
        })
        .collect()
}

/// A text in HTML; in Markdown what would begin something there is escaped too.
fn html_text(text: &str, syntax: Syntax) -> Cow<'_, str> {
    match syntax {
        Syntax::AsciiDoc | Syntax::ReStructuredText | Syntax::Other => Sink::Html.text(text),
        Syntax::Markdown | Syntax::Mdx => Sink::HtmlInMarkdown.text(text),
    }
}

/// A table in HTML, with a caption and the scope of every heading.
pub(super) fn html(grid: &Grid, caption: Option<&str>, syntax: Syntax) -> Vec<String> {
    let mut lines = vec!["<table>".to_owned()];
    if let Some(caption) = caption {
        lines.push(format!("  <caption>{}</caption>", html_text(caption, syntax)));
    }
    lines.push("  <thead>".to_owned());
    lines.push("    <tr>".to_owned());
    for cell in &grid.heading {
        lines.push(format!("      <th scope=\"col\">{}</th>", html_inline(cell, syntax)));
    }
    lines.push("    </tr>".to_owned());
    lines.push("  </thead>".to_owned());
    lines.push("  <tbody>".to_owned());
    for row in &grid.rows {
        lines.push("    <tr>".to_owned());
        for (column, cell) in row.iter().enumerate() {
            let text = html_inline(cell, syntax);
            lines.push(if column == 0 {
                format!("      <th scope=\"row\">{text}</th>")
            } else {
                format!("      <td>{text}</td>")
            });
        }
        lines.push("    </tr>".to_owned());
    }
    lines.push("  </tbody>".to_owned());
    lines.push("</table>".to_owned());
    lines
}
