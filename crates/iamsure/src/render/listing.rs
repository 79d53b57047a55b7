//! Tables that list things: at a terminal and as Markdown. What is listed is the caller's affair.

use iamsure_review::foreign::markdown_with_code;

use super::csv;
use super::grid::Grid;
use super::layout::Drawing;
use super::words::on_one_line;
use crate::streams::Finished;

/// The headings of columns that hold verdicts.
pub(super) const VERDICTS: [&str; 3] = ["Verdict", "Decision", "Access"];

/// Lines and tables, in the order they are shown.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    parts: Vec<Part>,
    /// The headings of the first table, also if it has no rows.
    header: Vec<String>,
}

/// A part of a listing, each text of it on one line.
#[derive(Debug)]
pub(super) enum Part {
    /// A line of text; a remark begins with `- `.
    Line(String),
    /// A table.
    Table {
        /// Its headings.
        header: Vec<String>,
        /// Its rows.
        rows: Vec<Vec<String>>,
    },
}

impl Listing {
    /// Adds a line of text, one whatever it holds.
    pub(crate) fn line(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Line(on_one_line(&text.into())));
    }

    /// Adds a table, with an empty line before it; nothing if it has no rows.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) {
        let header: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
        if self.header.is_empty() {
            self.header.clone_from(&header);
        }
        if !rows.is_empty() {
            let rows =
                rows.into_iter().map(|row| row.iter().map(|cell| on_one_line(cell)).collect());
            self.parts.push(Part::Table { header, rows: rows.collect() });
        }
    }

    /// What is listed, in order, for other sinks.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// For a terminal.
    pub(crate) fn text(&self, drawing: Drawing) -> Finished {
        let mut out = Finished::default();
        let mut after_table = false;
        for (number, part) in self.parts.iter().enumerate() {
            let is_table = matches!(part, Part::Table { .. });
            if (is_table || after_table) && number > 0 {
                out.push_str("\n");
            }
            after_table = is_table;
            match part {
                Part::Line(line) => drawing.lines(line, "    ", &mut out),
                Part::Table { header, rows } => {
                    let is_verdict = |heading: &String| VERDICTS.contains(&heading.as_str());
                    let verdicts = header.iter().enumerate().filter(|(_, one)| is_verdict(one));
                    let grid = Grid {
                        verdicts: verdicts.map(|(column, _)| column).collect(),
                        header: vec![header.clone()],
                        body: rows.clone(),
                    };
                    out.push(&grid.draw(drawing));
                }
            }
        }
        out
    }

    /// For spreadsheets: the rows of the tables, under the headings of the first.
    ///
    /// # Errors
    /// If the tables differ in their number of columns.
    pub(crate) fn csv(&self) -> Result<String, String> {
        let rows = self.parts.iter().flat_map(|part| match part {
            Part::Table { rows, .. } => rows.as_slice(),
            Part::Line(_) => &[],
        });
        csv::csv([&self.header].into_iter().chain(rows))
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
                Part::Line(line) => {
                    let line = line.strip_prefix("- ").unwrap_or(line);
                    out.extend(["- ", &markdown_with_code(line), "\n"]);
                }
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
