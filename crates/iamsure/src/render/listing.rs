//! Tables that list things: at a terminal and as Markdown. What is listed is the caller's affair.

use iamsure_review::foreign::markdown_with_code;
use tabled::builder::Builder;
use tabled::settings::{Alignment, Padding, Style, Width};

use super::layout::{NARROWEST, header_height, plain, wrap};
use super::words::on_one_line;

/// Lines and tables, in the order they are shown.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Line(String),
    Table { header: Vec<String>, rows: Vec<Vec<String>> },
}

impl Listing {
    /// Adds a line of text, one whatever it holds.
    pub(crate) fn line(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Line(on_one_line(&text.into())));
    }

    /// Adds a table, with an empty line before it; nothing if it has no rows.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            let header = header.iter().map(|&cell| cell.to_owned()).collect();
            let rows =
                rows.into_iter().map(|row| row.iter().map(|cell| on_one_line(cell)).collect());
            self.parts.push(Part::Table { header, rows: rows.collect() });
        }
    }

    /// For a terminal of `width` columns; without one, as wide as it needs.
    pub(crate) fn text(&self, width: Option<usize>, ascii: bool) -> String {
        let width = width.map(|width| width.max(NARROWEST));
        let mut out = String::new();
        let mut after_table = false;
        for part in &self.parts {
            let is_table = matches!(part, Part::Table { .. });
            if (is_table || after_table) && !out.is_empty() {
                out.push('\n');
            }
            after_table = is_table;
            match part {
                Part::Line(line) => {
                    for line in wrap(line, width, "    ") {
                        out.push_str(&line);
                        out.push('\n');
                    }
                }
                Part::Table { header, rows } => grid(&mut out, header, rows, width),
            }
        }
        if ascii { plain(&out) } else { out }
    }

    /// For documents: lines as a list, tables as pipe tables.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        let mut after_table = false;
        for part in &self.parts {
            let is_table = matches!(part, Part::Table { .. });
            if (is_table || after_table) && !out.is_empty() {
                out.push('\n');
            }
            after_table = is_table;
            match part {
                Part::Line(line) => out.extend(["- ", &markdown_with_code(line), "\n"]),
                Part::Table { header, rows } => {
                    let rule = vec!["---".to_owned(); header.len()];
                    let mut line = |cells: Vec<String>| {
                        out.extend(["| ", &cells.join(" | "), " |\n"]);
                    };
                    line(header.iter().map(|cell| markdown_with_code(cell)).collect());
                    line(rule);
                    for row in rows {
                        line(row.iter().map(|cell| markdown_with_code(cell)).collect());
                    }
                }
            }
        }
        out
    }
}

/// A header over a rule over rows, fitted into `width` columns.
pub(super) fn grid(
    out: &mut String,
    header: &[String],
    rows: &[Vec<String>],
    width: Option<usize>,
) {
    let mut builder = Builder::default();
    builder.push_record(header);
    for row in rows {
        builder.push_record(row);
    }
    let mut table = builder.build();
    table.with(Alignment::left()).with(Padding::new(0, 2, 0, 0)).with(Style::empty());
    if let Some(width) = width {
        table.with(
            Width::wrap(width)
                .keep_words(true)
                .priority(tabled::settings::peaker::Priority::max(true)),
        );
    }
    let text = table.to_string();
    let longest = text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
    let header_lines = header_height(&table, 1);
    for (index, line) in text.lines().enumerate() {
        if index == header_lines {
            out.extend(std::iter::repeat_n('─', longest));
            out.push('\n');
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
