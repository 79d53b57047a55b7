//! Tables that list things: at a terminal and as Markdown. What is listed is the caller's affair.

use iamsure_review::foreign::markdown_with_code;

use super::csv;
use super::grid::Grid;
use super::layout::Drawing;
use super::words::on_one_line;
use crate::streams::Finished;

/// The headings of columns that hold verdicts.
pub(super) const VERDICTS: [&str; 3] = ["Verdict", "Decision", "Access"];

/// The headings of columns that hold answers: rows that agree in them are of one group.
const ANSWERS: [&str; 5] = ["Claim", "Verdict", "Can", "What", "Access"];

/// How many of a group are listed, if not all are.
const OF_ONE_GROUP: usize = 20;

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
    /// What follows is about something else.
    Gap,
}

impl Listing {
    /// Adds a line of text, one whatever it holds.
    pub(crate) fn line(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Line(on_one_line(&text.into())));
    }

    /// Sets what follows apart.
    pub(crate) fn gap(&mut self) {
        self.parts.push(Part::Gap);
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

    /// Shortens tables of answers: of rows with the same answer, those about the first 20, and how many more there are.
    pub(crate) fn shorten(&mut self) {
        for part in &mut self.parts {
            if let Part::Table { header, rows } = part {
                *rows = shortened(header, std::mem::take(rows));
            }
        }
    }

    /// What is listed, in order, for other sinks.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// For a terminal.
    pub(crate) fn text(&self, drawing: Drawing) -> Finished {
        let mut out = Finished::default();
        let mut is_apart = false;
        for (number, part) in self.parts.iter().enumerate() {
            let is_table = matches!(part, Part::Table { .. });
            if (is_table || is_apart) && number > 0 && !matches!(part, Part::Gap) {
                out.push_str("\n");
            }
            is_apart = is_table || matches!(part, Part::Gap);
            match part {
                Part::Gap => {}
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
            Part::Line(_) | Part::Gap => &[],
        });
        csv::csv([&self.header].into_iter().chain(rows))
    }

    /// For documents: lines as a list, tables as pipe tables.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        let mut is_apart = false;
        for part in &self.parts {
            let is_table = matches!(part, Part::Table { .. });
            if (is_table || is_apart) && !out.is_empty() && !matches!(part, Part::Gap) {
                out.push('\n');
            }
            is_apart = is_table || matches!(part, Part::Gap);
            match part {
                Part::Gap => {}
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

/// Rows of which each group is shortened. A row without a subject goes on about the one before.
fn shortened(header: &[String], rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let is_answer = |column: usize| header.get(column).is_some_and(|it| ANSWERS.contains(&&**it));
    let Some(subject) = (0..header.len()).find(|column| !is_answer(*column)) else { return rows };
    if (0..header.len()).all(|column| !is_answer(column)) {
        return rows;
    }
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let goes_on = row.get(subject).is_some_and(String::is_empty);
        let answer = |(column, cell): (usize, &String)| {
            if is_answer(column) { cell.clone() } else { String::new() }
        };
        let answer: Vec<String> = row.iter().enumerate().map(answer).collect();
        match groups.last_mut() {
            Some(Group { about, .. }) if goes_on => match about.last_mut() {
                Some(rows) => rows.push(row),
                None => about.push(vec![row]),
            },
            Some(group) if group.answer == answer => group.about.push(vec![row]),
            _ => groups.push(Group { answer, about: vec![vec![row]] }),
        }
    }
    groups.into_iter().flat_map(|group| group.shortened(subject)).collect()
}

/// Rows with the same answer.
struct Group {
    /// The cells of the answer; the others are empty.
    answer: Vec<String>,
    /// The rows about each subject.
    about: Vec<Vec<Vec<String>>>,
}

impl Group {
    fn shortened(mut self, subject: usize) -> impl Iterator<Item = Vec<String>> {
        let more = self.about.len().saturating_sub(OF_ONE_GROUP);
        self.about.truncate(OF_ONE_GROUP);
        if let (1.., Some(cell)) = (more, self.answer.get_mut(subject)) {
            *cell = format!("and {more} more (--all)");
            self.about.push(vec![self.answer]);
        }
        self.about.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn each_answer_is_shortened_by_its_own_and_nothing_is_lost() {
        let mut rows: Vec<_> = (0..25).map(|n| row([&format!("role/{n}"), "always", ""])).collect();
        rows.push(row(["user/a", "sometimes", "one"]));
        rows.push(row(["", "", "two"]));
        let mut listing = Listing::default();
        listing.table(&["Principal", "Can", "When"], rows);
        listing.shorten();
        let [Part::Table { rows, .. }] = listing.parts() else { panic!("one table") };
        assert_eq!(rows.len(), 20 + 1 + 2);
        assert_eq!(rows.get(20), Some(&row(["and 5 more (--all)", "always", ""])));
        assert_eq!(rows.get(22), Some(&row(["", "", "two"])));
    }

    #[test]
    fn a_table_without_answers_stays() {
        let rows: Vec<_> = (0..25).map(|n| row([&format!("role/{n}"), "", ""])).collect();
        let mut listing = Listing::default();
        listing.table(&["Role", "With", "By"], rows.clone());
        listing.shorten();
        let [Part::Table { rows: kept, .. }] = listing.parts() else { panic!("one table") };
        assert_eq!(*kept, rows);
    }
}
