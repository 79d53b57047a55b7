//! The parts of a page, and how a terminal and a document draw them.

use crate::render::grid::Grid;
use crate::render::layout::Drawing;
use crate::render::matrix::{self, Report};
use crate::streams::Finished;
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

pub(super) fn for_terminal(blocks: Vec<Block<'_>>, drawing: Drawing) -> Finished {
    let mut out = Finished::default();
    let mut is_first = true;
    let mut after_heading = false;
    let is_empty = |block: &Block<'_>| matches!(block, Block::Lines(lines) if lines.is_empty());
    for block in blocks.into_iter().filter(|block| !is_empty(block)) {
        let is_heading = matches!(block, Block::Heading(_));
        // One empty line between parts, none at the end and none under a heading.
        if !is_first && !after_heading {
            out.push_str("\n");
        }
        (is_first, after_heading) = (false, is_heading);
        match block {
            Block::Heading(text) => drawing.lines(&format!("== {text}"), "", &mut out),
            Block::Lines(lines) => {
                for line in lines {
                    let indent = if line.starts_with(' ') { "      " } else { "    " };
                    drawing.lines(&line, indent, &mut out);
                }
            }
            Block::Table { header, body } => {
                let grid = Grid { header: vec![header], body, verdicts: Vec::new() };
                out.push(&grid.draw(drawing));
            }
            Block::Matrix(report) => out.push(&matrix::table(&report, drawing)),
        }
    }
    out
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
