//! Which rows of the truth table the requests of cases are on.

use iamsure_core::world::{KeyState, Request, Requester};
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Column, Form, Reach, Row, Table, TableQuery};

use super::RowCoverage;
use super::observed::Observed;
use crate::suite::Suite;
use crate::suite::part::Part;
use crate::suite::ready_made::of_today;
use crate::suite::sets::NamedSet;

/// The rows that may occur, each with whether some case's request is on it. With a trust policy beside others the
/// set has two tables: what the role may do, and who gets it.
///
/// # Errors
/// Why there is no table.
pub(super) fn rows(
    suite: &Suite,
    set: usize,
    observed: &Observed<'_>,
) -> Result<Vec<RowCoverage>, String> {
    let Some(named) = suite.sets.get(set) else { return Ok(Vec::new()) };
    let mut covered = Vec::new();
    for part in Part::all(&named.policies) {
        covered.extend(of_table(suite, named, part, observed)?);
    }
    Ok(covered)
}

fn of_table(
    suite: &Suite,
    set: &NamedSet,
    part: Part,
    observed: &Observed<'_>,
) -> Result<Vec<RowCoverage>, String> {
    let policies = part.of(&set.policies);
    let keys = policies.keys();
    // A key that a case leaves open is absent in one of the requests it is about.
    let closed = |request: &Request| {
        let mut request = request.clone();
        for key in &keys {
            if *request.context.state(key) == KeyState::Unknown {
                request.context.set(key.clone(), KeyState::Absent);
            }
        }
        request
    };
    let requests: Vec<Request> = observed.requests().map(closed).collect();
    let query = TableQuery {
        policies,
        question: Question::Decision,
        setting: Setting {
            who: only_requester(observed).into(),
            switches: suite.switches,
            ..Setting::default()
        },
        form: Form::default(),
        is_whole: true,
    };
    let (report, located) = query.answer_locating(&requests).map_err(|error| error.to_string())?;
    let is_on = |row: usize| located.iter().flatten().any(|rows| rows.contains(&row));
    let mut covered = Vec::new();
    for (number, row) in report.table.rows.iter().enumerate() {
        if matches!(row.reach, Reach::Unreachable(_)) {
            continue;
        }
        let words = words(&report.table, row);
        let is_exercised = is_on(number);
        let request = row.witness.as_ref().filter(|_| !is_exercised);
        let test = request.and_then(|request| of_today(suite, set, request, words.clone()));
        covered.push(RowCoverage { words, is_exercised, test: test.map(Box::new) });
    }
    if let Some(otherwise) = report.table.otherwise {
        covered.push(RowCoverage {
            words: format!("{}: what no other row names", otherwise.words()),
            is_exercised: located.iter().flatten().any(Vec::is_empty),
            test: None,
        });
    }
    Ok(covered)
}

/// The caller, if every case names the same.
fn only_requester(observed: &Observed<'_>) -> Option<Requester> {
    let mut cases =
        observed.groups.iter().flat_map(|group| group.requests.iter().map(|(case, _)| *case));
    let first = cases.next()?.scene.query.who.named()?;
    cases.all(|case| case.scene.query.who.named() == Some(first)).then(|| first.clone())
}

/// "explicitly denied: action *, `aws:ViaAWSMCPService` absent".
fn words(table: &Table, row: &Row) -> String {
    let outcomes: Vec<&str> = row.outcomes.iter().map(Outcome::words).collect();
    let cells: Vec<String> = table
        .columns
        .iter()
        .filter_map(|column: &Column| {
            let cell = row.cells.get(column)?;
            Some(format!("{} {cell}", column.heading()))
        })
        .collect();
    let cells = if cells.is_empty() { "every request".to_owned() } else { cells.join(", ") };
    format!("{}: {cells}", outcomes.join(" or "))
}
