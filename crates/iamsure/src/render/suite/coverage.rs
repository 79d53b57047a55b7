//! What the cases of a suite cover, and what they do not.

use std::fmt::Write as _;

use iamsure_review::suite::{ClauseCoverage, SetCoverage, StatementCoverage};
use serde_json::{Value, json};

use super::Report;
use crate::render::words::on_one_line;
use crate::suite_run::{Ran, Share};

/// For people, of every suite.
pub(crate) fn coverage_of(report: &Report<'_>) -> String {
    let mut out = String::new();
    for ran in report.runs.iter().filter_map(|run| run.result.as_ref().ok()) {
        human(ran, false, &mut out);
    }
    out
}

/// For people: counts for each policy set, and what is not covered, with its place. With `verbose` also a test for
/// each row of the truth table that no case is on.
pub(super) fn human(ran: &Ran, verbose: bool, out: &mut String) {
    let Some(sets) = &ran.measured.coverage else { return };
    let share = Share::covered(sets);
    let _ = writeln!(
        out,
        "\ncoverage of {}: {} of {} statements and clauses ({} %)",
        on_one_line(ran.suite.source.name()),
        share.part,
        share.whole,
        share.percent()
    );
    for set in sets {
        let name = on_one_line(name(ran, set.set));
        if set.is_tested {
            of_set(set, &name, verbose, out);
        } else {
            let _ = writeln!(out, "  {name}: no test uses it, so it is not counted");
        }
    }
}

pub(super) fn name(ran: &Ran, set: usize) -> &str {
    ran.suite.sets.get(set).map_or("", |set| set.name.as_str())
}

fn of_set(set: &SetCoverage, name: &str, verbose: bool, out: &mut String) {
    let clauses: Vec<&ClauseCoverage> =
        set.statements.iter().flat_map(|statement| &statement.clauses).collect();
    let count = |is: &dyn Fn(&StatementCoverage) -> bool| {
        set.statements.iter().filter(|statement| is(statement)).count()
    };
    let whole = clauses.iter().filter(|clause| clause.seen.is_whole()).count();
    let rows = match &set.rows {
        Ok(rows) => {
            let on = rows.iter().filter(|row| row.is_exercised).count();
            format!("{on} of {} rows of the truth table", rows.len())
        }
        Err(why) => format!("no truth table: {why}"),
    };
    let all = set.statements.len();
    let _ = writeln!(
        out,
        "  {name}: {} of {all} statements matched, {} of {all} decisive; {whole} of {} clauses both ways; {rows}",
        count(&|statement| statement.is_matched),
        count(&|statement| statement.is_decisive),
        clauses.len(),
    );
    for statement in &set.statements {
        of_statement(statement, out);
    }
    for row in set.rows.iter().flatten().filter(|row| !row.is_exercised) {
        let _ = writeln!(out, "    no case covers the row: {}", on_one_line(&row.words));
        if let (true, Some(test)) = (verbose, &row.test) {
            for line in test.to_string().lines() {
                let _ = writeln!(out, "      {line}");
            }
        }
    }
}

fn of_statement(statement: &StatementCoverage, out: &mut String) {
    let place = |start: usize| {
        format!("{}:{}", on_one_line(statement.file.name()), statement.file.place(start))
    };
    let name = on_one_line(&statement.name);
    if !statement.is_decisive {
        let what = if statement.is_matched {
            "matches, but no case would be decided differently without it"
        } else {
            "matches in no case"
        };
        let _ = writeln!(out, "    {name} {what}   {}", place(statement.span.start));
    }
    for clause in statement.clauses.iter().filter(|clause| !clause.seen.is_whole()) {
        let what = match (clause.seen.by_truth, clause.seen.by_falsehood) {
            (false, false) => "decides no case",
            (true, _) => "decides no case by being false",
            (false, true) => "decides no case by being true",
        };
        let _ = writeln!(
            out,
            "    {name}: {} {what}   {}",
            on_one_line(&clause.name),
            place(clause.span.start)
        );
    }
}

/// For programs: an object for each policy set.
pub(super) fn json(ran: &Ran) -> Vec<Value> {
    let of_set = |set: &SetCoverage| {
        let (covered, of) = set.score();
        let mut value = json!({
            "suite": ran.suite.source.name(),
            "policies": name(ran, set.set),
            "tested": set.is_tested,
            "covered": covered,
            "of": of,
            "statements": set.statements.iter().map(statement_json).collect::<Vec<_>>(),
        });
        let (field, rows) = match &set.rows {
            Ok(rows) => {
                let row = |row: &iamsure_review::suite::RowCoverage| {
                    json!({
                        "words": row.words,
                        "exercised": row.is_exercised,
                        "test": row.test.as_ref().map(ToString::to_string),
                    })
                };
                ("rows", Value::Array(rows.iter().map(row).collect()))
            }
            Err(why) => ("noTable", json!(why)),
        };
        if let Value::Object(form) = &mut value {
            form.insert(field.to_owned(), rows);
        }
        value
    };
    ran.measured.coverage.iter().flatten().map(of_set).collect()
}

fn statement_json(statement: &StatementCoverage) -> Value {
    let place = |start: usize| statement.file.place(start);
    let at = place(statement.span.start);
    let clause = |clause: &ClauseCoverage| {
        let at = place(clause.span.start);
        json!({
            "clause": clause.name, "line": at.line, "column": at.column,
            "trueWithEffect": clause.seen.by_truth, "falseWithEffect": clause.seen.by_falsehood,
        })
    };
    json!({
        "statement": statement.name, "file": statement.file.name(), "line": at.line, "column": at.column,
        "matched": statement.is_matched, "decisive": statement.is_decisive,
        "clauses": statement.clauses.iter().map(clause).collect::<Vec<_>>(),
    })
}
