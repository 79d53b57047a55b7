//! The rows of a truth table as phrases.

use iamsure_core::decision::Verdict;
use iamsure_truth::model::Outcome;
use iamsure_truth::phrase::{Phrase, Piece};
use iamsure_truth::said::Said;
use iamsure_truth::table::{Column, Reach, Row, TableReport};

use super::super::account;
use super::super::asking::Subject;
use super::super::markup::{Grid, Lead};
use super::super::table::normal;
use super::layout::{Audience, Layout};

/// The rows as phrases, a heading first.
pub(super) fn grid(
    subject: &Subject,
    report: &TableReport,
    layout: &Layout,
) -> Result<Grid, String> {
    let table = &report.table;
    let columns = &table.columns;
    let mut heading: Vec<Phrase> = columns.iter().map(Column::heading).collect();
    let labelled = !layout.labels.is_empty();
    // The first column names its row: with one column of keys it does already.
    let numbered = !labelled && columns.len() != 1 && table.rows.len() > 1;
    if labelled || numbered {
        heading.insert(0, Phrase::word(layout.first.as_deref().unwrap_or("Case")));
    }
    heading.push(answer_heading(subject));
    let why = layout.audience == Audience::Reviewer;
    let marks = table.rows.iter().any(|row| row.reach != Reach::Reachable);
    heading.extend(why.then(|| Phrase::word("Why")));
    heading.extend(marks.then(|| Phrase::word("Can happen?")));
    let (mut rows, mut said) = (Vec::new(), Vec::new());
    for (number, row) in table.rows.iter().enumerate() {
        let cell = |column: &Column| row.cells.get(column).unwrap_or(&Said::Any).phrase();
        let mut cells: Vec<Phrase> = columns.iter().map(cell).collect();
        if labelled {
            let key = columns.iter().find(|column| matches!(column, Column::Subject(_)));
            let said = key.map(|column| normal(&plain(&cell(column)))).unwrap_or_default();
            let label =
                layout.labels.iter().find(|(state, _)| *state == said).map(|(_, label)| label);
            let label = label.ok_or_else(|| {
                format!("no label for the row `{said}`; add labels=\"{said}=…; …\"")
            })?;
            cells.insert(0, Phrase::word(label.as_str()));
        } else if numbered {
            cells.insert(0, Phrase::word((number + 1).to_string()));
        }
        cells.push(answer(row));
        said.push(spoken(subject, row.outcomes.iter()));
        cells.extend(why.then(|| because(subject, report, row)));
        cells.extend(marks.then(|| {
            Phrase::word(match &row.reach {
                Reach::Reachable => "Yes".to_owned(),
                Reach::Unreachable(reason) => format!("No: {reason}"),
                Reach::Unknown(reason) => format!("Unknown: {reason}"),
            })
        }));
        rows.push(cells);
    }
    if let Some(otherwise) = table.otherwise {
        let mut cells: Vec<Phrase> = columns.iter().map(|_| Phrase::word("otherwise")).collect();
        if numbered {
            cells.insert(0, Phrase::word((table.rows.len() + 1).to_string()));
        }
        cells.push(Phrase::word(words(otherwise)));
        said.push(spoken(subject, std::iter::once(otherwise)));
        cells.extend(why.then(|| Phrase::word("no row matches")));
        cells.extend(marks.then(|| Phrase::word("Yes")));
        rows.push(cells);
    }
    let lead = match (labelled, numbered) {
        (true, _) => Lead::Label,
        (_, true) => Lead::Number,
        _ => Lead::Nothing,
    };
    Ok(Grid { heading, rows, said, columns: columns.len(), answers: 1, lead })
}

pub(super) fn plain(phrase: &Phrase) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) | Piece::Code(text) => text.as_str(),
        })
        .collect()
}

pub(super) fn answer_heading(subject: &Subject) -> Phrase {
    match subject.found() {
        Some(statement) => Phrase::word(format!("{} applies?", statement.effect.as_str())),
        None => Phrase::word("Decision"),
    }
}

/// A row's answer as the end of a sentence.
pub(super) fn spoken(subject: &Subject, outcomes: impl Iterator<Item = Outcome>) -> String {
    let one = |outcome| match (outcome, subject.effect()) {
        (Outcome::Applies, Some(effect)) => format!("the {} applies", effect.as_str()),
        (Outcome::DoesNotApply, Some(effect)) => format!("the {} does not apply", effect.as_str()),
        (Outcome::Verdict(Verdict::Exempt), _) => "the request needs no permission".to_owned(),
        (other, _) => format!("the request is {}", other.words()),
    };
    outcomes.map(one).collect::<Vec<_>>().join(", or ")
}

/// The words of an outcome; explicit and implicit denials are told apart.
pub(super) const fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applies => "Yes",
        Outcome::DoesNotApply => "No",
        Outcome::Verdict(Verdict::Allowed) => "Allowed",
        Outcome::Verdict(Verdict::ExplicitlyDenied) => "Denied (explicit)",
        Outcome::Verdict(Verdict::ImplicitlyDenied) => "Denied (no allow)",
        Outcome::Verdict(Verdict::Exempt) => "Exempt (needs no permission)",
    }
}

fn answer(row: &Row) -> Phrase {
    let all: Vec<&str> = row.outcomes.iter().map(words).collect();
    match all.as_slice() {
        [one] => Phrase::word(*one),
        several => Phrase::word(format!("Depends: {}", several.join(" or "))),
    }
}

/// Why, in a few words: the deciding statements, or the clause that says so.
fn because(subject: &Subject, report: &TableReport, row: &Row) -> Phrase {
    if subject.statement.is_some() {
        let states = row
            .witness
            .iter()
            .flat_map(|request| request.context.entries())
            .map(|(key, state)| (key.clone(), state.clone()))
            .collect();
        let reasons = subject.judged(&states, account::reasons).unwrap_or_default();
        return Phrase::read(&reasons.join("; "));
    }
    let Some(decision) = &row.decision else { return Phrase::word("no policy decides") };
    let mut phrase = Phrase::default();
    for id in &decision.statements {
        let Some((_, statement)) = report.grounds.policies.statement(*id) else { continue };
        if !phrase.0.is_empty() {
            phrase.0.push(Piece::Word(", ".to_owned()));
        }
        phrase.0.push(match statement.sid() {
            Some(sid) => Piece::Code(sid.to_owned()),
            None => Piece::Word(format!("{} {}", statement.effect.as_str(), id.statement + 1)),
        });
    }
    if !phrase.0.is_empty() {
        return phrase;
    }
    Phrase::word(match decision.verdict {
        Verdict::ImplicitlyDenied => "no Allow matches",
        Verdict::Exempt => "AWS asks no policy",
        Verdict::Allowed | Verdict::ExplicitlyDenied => decision.by.name(),
    })
}
