//! The truth table, in its four forms.

mod example;
mod json;
mod note;

use std::fmt::Write as _;

use iamsure_core::language::PolicyType;
use iamsure_core::world::policy_set::StatementId;
use iamsure_review::foreign::{Sink, markdown_with_code};
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::phrase::{Phrase, Piece};
use iamsure_truth::said::Said;
use iamsure_truth::table::{Column, HitPolicy, Reach, Row, TableReport};

pub(crate) use json::json;

use self::example::example;
use crate::render::csv;
use crate::render::grid::Grid;
use crate::render::layout::Drawing;
use crate::streams::Finished;

/// A table with what it was asked.
pub(crate) struct Report {
    /// The table and what it rests on.
    pub(crate) answer: TableReport,
    /// What was asked.
    pub(crate) question: Question,
    /// The call path, if one was named.
    pub(crate) path: Option<String>,
    /// What the question is limited to, in words.
    pub(crate) asked_only: Vec<String>,
    /// Whether a trust policy was given that plays no part.
    pub(crate) trust_left_out: bool,
    /// Whether the deciding statements are shown.
    pub(crate) why: bool,
    /// Whether each row's request is shown.
    pub(crate) examples: bool,
}

impl Report {
    fn columns(&self) -> &[Column] {
        &self.answer.table.columns
    }

    /// The heading of the last column.
    const fn outcome_heading(&self) -> &'static str {
        match self.question {
            Question::Decision => "Decision",
            Question::Applies(_) => "Statement applies?",
            Question::DecidedBy(_) => "Layer answers?",
        }
    }

    /// The words for a row's outcome.
    fn outcome(&self, row: &Row) -> String {
        let words: Vec<_> =
            row.outcomes.iter().map(|outcome| self.outcome_words(outcome)).collect();
        match words.as_slice() {
            [one] => (*one).to_owned(),
            _ if self.answer.is_open_for_callers_alone() => {
                "allowed if the caller's own policies allow it".to_owned()
            }
            _ => format!("depends: {}", words.join(" or ")),
        }
    }

    const fn outcome_words(&self, outcome: Outcome) -> &'static str {
        match (self.question, outcome) {
            (Question::Applies(_) | Question::DecidedBy(_), Outcome::Applies) => "yes",
            (Question::Applies(_) | Question::DecidedBy(_), Outcome::DoesNotApply) => "no",
            _ => outcome.words(),
        }
    }

    /// The statements that decide a row's example.
    fn because(&self, row: &Row) -> String {
        let Some(decision) = &row.decision else { return String::new() };
        let names: Vec<_> = decision.statements.iter().map(|id| self.statement_name(*id)).collect();
        if names.is_empty() { format!("({})", decision.by.name()) } else { names.join(", ") }
    }

    /// The Sid of a statement, or its layer and number.
    fn statement_name(&self, id: StatementId) -> String {
        let document = self.answer.grounds.policies.statement(id).map(|(document, _)| document);
        if document.is_some_and(|document| document.source.name() == "(not given)") {
            return "(policy not given)".to_owned();
        }
        let sid = self
            .answer
            .grounds
            .policies
            .statement(id)
            .and_then(|(_, statement)| statement.sid().map(str::to_owned));
        sid.unwrap_or_else(|| format!("{} {}.{}", id.layer.name(), id.policy + 1, id.statement + 1))
    }

    /// The mark of a row that may have no requests.
    pub(super) const fn mark(row: &Row) -> &'static str {
        match row.reach {
            Reach::Reachable => "",
            Reach::Unreachable(_) => "unreachable",
            Reach::Unknown(_) => "unknown",
        }
    }

    fn has_marks(&self) -> bool {
        self.answer.table.rows.iter().any(|row| row.reach != Reach::Reachable)
    }

    /// The rows as texts, a heading first. `cell` writes a phrase.
    fn grid(&self, cell: &dyn Fn(&Phrase) -> String) -> Vec<Vec<String>> {
        self.grid_of(cell, &str::to_owned)
    }

    /// The rows, a heading first. `cell` writes a phrase, `text` everything else.
    pub(super) fn grid_of<T>(
        &self,
        cell: &dyn Fn(&Phrase) -> T,
        text: &dyn Fn(&str) -> T,
    ) -> Vec<Vec<T>> {
        let numbered = self.answer.table.rows.len() > 1;
        let mut heading: Vec<T> = Vec::new();
        if numbered {
            heading.push(text("#"));
        }
        heading.extend(self.columns().iter().map(|column| cell(&column.heading())));
        heading.push(text(self.outcome_heading()));
        if self.why {
            heading.push(text("Example decided by"));
        }
        if self.has_marks() {
            heading.push(text("Reachable"));
        }
        let mut grid = vec![heading];
        for (number, row) in self.answer.table.rows.iter().enumerate() {
            let mut line: Vec<T> = Vec::new();
            if numbered {
                line.push(text(&(number + 1).to_string()));
            }
            line.extend(
                self.columns()
                    .iter()
                    .map(|column| cell(&row.cells.get(column).unwrap_or(&Said::Any).phrase())),
            );
            line.push(text(&self.outcome(row)));
            if self.why {
                line.push(text(&self.because(row)));
            }
            if self.has_marks() {
                line.push(text(match Self::mark(row) {
                    "" => "yes",
                    mark => mark,
                }));
            }
            grid.push(line);
        }
        if let Some(otherwise) = self.answer.table.otherwise {
            let mut line: Vec<T> = Vec::new();
            if numbered {
                line.push(text(""));
            }
            line.extend(self.columns().iter().map(|_| text("otherwise")));
            line.push(text(self.outcome_words(otherwise)));
            line.extend(self.why.then(|| text("")));
            line.extend(self.has_marks().then(|| text("yes")));
            grid.push(line);
        }
        grid
    }

    /// What the table is about.
    pub(super) fn title(&self) -> String {
        let what = match self.question {
            Question::Decision | Question::DecidedBy(_) => {
                let given: Vec<_> = self
                    .answer
                    .grounds
                    .policies
                    .policies()
                    .filter(|(.., document)| document.source.name() != "(not given)")
                    .map(|(_, _, _, document)| document.source.name().to_owned())
                    .collect();
                given.join(", ")
            }
            Question::Applies(id) => {
                let file = self
                    .answer
                    .grounds
                    .policies
                    .statement(id)
                    .map_or("", |(document, _)| document.source.name());
                let effect = self
                    .answer
                    .grounds
                    .policies
                    .statement(id)
                    .map_or("", |(_, statement)| statement.effect.as_str());
                format!("{effect} {} of {file}", self.statement_name(id))
            }
        };
        let rows =
            self.answer.table.rows.len() + usize::from(self.answer.table.otherwise.is_some());
        let path = self.path.as_ref().map_or_else(String::new, |path| format!(", path {path}"));
        let every =
            if self.asked_only.is_empty() { "Every request" } else { "Every matching request" };
        let missing = &self.answer.grounds.missing;
        let depends = if !self.answer.grounds.symbols.is_empty() {
            " · some depend on values known only after deployment".to_owned()
        } else if missing.is_empty() {
            String::new()
        } else {
            let names: Vec<&str> = missing.iter().map(|kind| not_given_name(*kind)).collect();
            format!(" · some depend on {}", names.join(" and "))
        };
        format!("{every}: {what}{path} · {rows} row{}{depends}", if rows == 1 { "" } else { "s" })
    }

    /// What is assumed beside the policies, in sentences, where that matters to the question.
    pub(super) fn beside(&self) -> Vec<String> {
        match self.question {
            Question::Decision | Question::DecidedBy(_) => self.answer.grounds.beside.sentences(),
            Question::Applies(_) => Vec::new(),
        }
    }

    /// How the rows are to be read.
    fn reading(&self) -> &'static str {
        match (self.answer.table.hit, self.question) {
            (HitPolicy::Unique, _) => "Every request matches exactly one row.",
            (HitPolicy::Any, Question::Decision) => {
                "Rows may overlap; all rows that match a request agree. A request that matches no row is implicitly denied."
            }
            (HitPolicy::Priority, Question::Decision) => {
                "Where several rows match, an explicit deny overrides an Allow. A request that matches no row is implicitly denied."
            }
            (_, Question::DecidedBy(_)) => {
                "The layer decides exactly the requests that match a row."
            }
            (_, Question::Applies(_)) => {
                "The statement applies exactly to the requests that match a row."
            }
        }
    }
}

/// A policy that was not given, as a clause.
const fn not_given_name(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::Identity => "the callers' own policies, not given",
        PolicyType::Trust => "the trust policy, not given (--trust FILE)",
        _ => "the key policy, not given (--resource-policy FILE)",
    }
}

/// A phrase for a terminal: values as they are.
pub(crate) fn bare(phrase: &Phrase) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) | Piece::Code(text) => Sink::Line.text(text),
        })
        .collect()
}

/// What a row says, in words; empty if it is about every request.
pub(crate) fn when(columns: &[Column], row: &Row) -> String {
    let cells = columns.iter().filter_map(|column| {
        let said = row.cells.get(column)?;
        Some(format!("{}: {}", bare(&column.heading()), bare(&said.phrase())))
    });
    cells.collect::<Vec<_>>().join("; ")
}

/// A phrase for Markdown: values in code.
pub(crate) fn coded(phrase: &Phrase) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) => Sink::Markdown.text(text),
            Piece::Code(text) => Sink::CodeInCell.text(text),
        })
        .collect()
}

/// For a terminal.
pub(crate) fn table(report: &Report, drawing: Drawing) -> Finished {
    let mut out = Finished::default();
    drawing.lines(&report.title(), "", &mut out);
    for sentence in report.beside() {
        drawing.lines(&sentence, "", &mut out);
    }
    out.push_str("\n");
    if report.columns().is_empty() && report.answer.table.rows.len() <= 1 {
        let answer = report.answer.table.rows.first().map_or_else(
            || {
                let otherwise = report.answer.table.otherwise;
                otherwise.map_or("", |outcome| report.outcome_words(outcome)).to_owned()
            },
            |row| report.outcome(row),
        );
        let sentence = format!("{}: {answer} for every request.", report.outcome_heading());
        drawing.lines(&sentence, "", &mut out);
    } else {
        let mut rows = report.grid(&bare).into_iter();
        let header: Vec<Vec<String>> = rows.by_ref().take(1).collect();
        // The last column of that name: a condition key may be called so too.
        let columns = header.iter().flatten().enumerate();
        let named = columns.filter(|(_, heading)| *heading == report.outcome_heading());
        let verdicts = named.map(|(column, _)| column).last().into_iter().collect();
        out.push(&Grid { header, body: rows.collect(), verdicts }.draw(drawing));
    }
    out.push_str("\n");
    for text in report.footer() {
        drawing.lines(&text, "  ", &mut out);
    }
    out
}

/// For documents: a pipe table, then the same notes as a list.
pub(crate) fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for sentence in report.beside() {
        let _ = writeln!(out, "{}\n", markdown_with_code(&sentence));
    }
    for (index, row) in report.grid(&coded).into_iter().enumerate() {
        let cells: Vec<String> = row;
        if index == 0 {
            let _ = writeln!(out, "| {} |", cells.join(" | "));
            let _ = writeln!(out, "| {} |", vec!["---"; cells.len()].join(" | "));
        } else {
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out.push('\n');
    for text in report.footer() {
        let _ = writeln!(out, "- {}", markdown_with_code(&text));
    }
    out
}

/// One line a row.
pub(crate) fn csv(report: &Report) -> Result<String, String> {
    let mut examples = report.answer.table.rows.iter().map(|row| {
        row.witness.as_ref().map_or_else(String::new, |request| example(request, &report.answer))
    });
    csv::csv(report.grid(&bare).into_iter().enumerate().map(|(number, mut row)| {
        if report.examples {
            row.push(match number {
                0 => "Example".to_owned(),
                _ => examples.next().unwrap_or_default(),
            });
        }
        row
    }))
}
