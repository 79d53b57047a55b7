//! The parts of a page, and how a terminal and a document draw them.

use crate::render::layout::{plain, wrap};
use crate::render::matrix::{self, Report, grid};
use iamsure_review::foreign::markdown_with_code;

/// One part of a page.
pub(super) enum Block<'a> {
    /// What the next parts are about.
    Heading(String),
    /// One thing a line; a line that begins with blanks goes on with the one before it.
    Lines(Vec<String>),
    /// Rows under a header.
    Table { header: Vec<String>, body: Vec<Vec<String>> },
    /// What a session may do.
    Matrix(Box<Report<'a>>),
}

pub(super) fn for_terminal(blocks: Vec<Block<'_>>, width: Option<usize>, ascii: bool) -> String {
    let mut out = String::new();
    let wide = width.unwrap_or(usize::MAX).max(60);
    for block in blocks {
        match block {
            Block::Heading(text) => {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.extend(["== ", &text, "\n"]);
                continue;
            }
            Block::Lines(lines) => {
                for line in lines {
                    let indent = if line.starts_with(' ') { "      " } else { "    " };
                    for line in wrap(&line, Some(wide), indent) {
                        out.push_str(&line);
                        out.push('\n');
                    }
                }
            }
            Block::Table { header, body } => {
                out.push_str(&grid(vec![header], body, Some(wide), ascii));
            }
            Block::Matrix(report) => {
                out.push_str(matrix::table(&report, width, ascii).trim_end());
                out.push('\n');
            }
        }
        out.push('\n');
    }
    // One empty line between parts, none at the end.
    let out = format!("{}\n", out.trim_end().replace("\n\n\n", "\n\n"));
    if ascii { plain(&out) } else { out }
}

pub(super) fn for_documents(blocks: Vec<Block<'_>>) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(text) => {
                out.extend(["**", &markdown_with_code(&text), "**\n"]);
            }
            Block::Lines(lines) => {
                for line in lines {
                    let nested = if line.starts_with(' ') { "  - " } else { "- " };
                    out.extend([nested, &markdown_with_code(&line), "\n"]);
                }
            }
            Block::Table { header, body } => {
                let row = |cells: &[String]| {
                    let cells: Vec<_> = cells.iter().map(|cell| markdown_with_code(cell)).collect();
                    format!("| {} |\n", cells.join(" | "))
                };
                out.push_str(&row(&header));
                out.push_str(&row(&vec!["---".to_owned(); header.len()]));
                for cells in &body {
                    out.push_str(&row(cells));
                }
            }
            Block::Matrix(report) => out.push_str(matrix::markdown(&report).trim_end()),
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}
