//! The matrix as CSV: one line a case of a cell; of a cell about many actions, one line a class.

use iamsure_truth::matrix::{OwnPolicies, Party};

use iamsure_truth::ask::LeftOpen;

use super::{Report, RowRef, outcome_word};
use crate::render::{csv, words};

const COLUMNS: [&str; 9] =
    ["action", "resource", "path", "outcome", "decision", "by", "statements", "when", "caller"];

/// One record for each decision of each cell; a cell that depends has several.
pub(crate) fn csv(report: &Report<'_>) -> Result<String, String> {
    csv::csv([COLUMNS.map(str::to_owned)].into_iter().chain(records(report)))
}

/// The records, in the order of [`COLUMNS`].
pub(crate) fn records(report: &Report<'_>) -> Vec<[String; 9]> {
    let mut records = Vec::new();
    let cells = report.matrix.questions.iter().zip(&report.matrix.answers).flat_map(
        |(question, answers)| {
            answers.iter().zip(&report.matrix.paths).map(|(answer, path)| {
                let (action, resource) = (question.action.to_string(), question.resource.clone());
                (action, resource, path.name(), Ok(answer), String::new(), OwnPolicies::NotAsked)
            })
        },
    );
    let exchanges = report.matrix.exchanges.iter().map(|exchange| {
        let name = exchange.path.name();
        let who = match (&exchange.provider, &exchange.caller) {
            (Some(provider), _) => provider.clone(),
            (None, Some(Party::Named(name) | Party::Account(name))) => name.clone(),
            (None, Some(Party::Anyone)) => "*".to_owned(),
            (None, Some(Party::Requester) | None) => String::new(),
        };
        let why = exchange.refused.unwrap_or("without a trust policy");
        (
            name.to_owned(),
            String::new(),
            name,
            exchange.answer.as_ref().ok_or(why),
            who,
            exchange.own_policies,
        )
    });
    // The exchange comes first: it starts the session that the cells are about.
    for (action, resource, path, answer, caller, own) in exchanges.chain(cells) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(why) => {
                let record =
                    [action.as_str(), &resource, path, "not decided", "", "", "", why, &caller];
                records.push(record.map(str::to_owned));
                continue;
            }
        };
        for case in &answer.cases {
            let own: &str = if case.decision.verdict.succeeds() {
                words::own_policies(own).trim_start_matches(", ")
            } else {
                ""
            };
            let statements: Vec<_> = case
                .decision
                .statements
                .iter()
                .filter_map(|id| {
                    report.policies.statement(*id).map(|(_, statement)| (id, statement))
                })
                .map(|(id, statement)| {
                    statement.sid().map_or_else(|| format!("#{}", id.statement + 1), str::to_owned)
                })
                .collect();
            let record = [
                action.as_str(),
                &resource,
                path,
                outcome_word(answer),
                case.decision.verdict.words(),
                case.decision.by.name(),
                &statements.join(" "),
                &[
                    words::when(&case.when).as_str(),
                    words::assumptions(&case.assumes).unwrap_or_default().as_str(),
                    own,
                ]
                .iter()
                .filter(|text| !text.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join(" "),
                &caller,
            ];
            records.push(record.map(str::to_owned));
        }
        for verdict in answer.left_open.iter().flat_map(LeftOpen::verdicts) {
            let record = [
                action.as_str(),
                &resource,
                path,
                outcome_word(answer),
                verdict.words(),
                "",
                "",
                "not ruled out",
                &caller,
            ];
            records.push(record.map(str::to_owned));
        }
    }
    records.extend(records_of_many(report));
    records
}

/// The records of the rows about many actions.
fn records_of_many(report: &Report<'_>) -> Vec<[String; 9]> {
    let mut records = Vec::new();
    for row in report.rows() {
        let RowRef::Many(wildcard, divided) = row else { continue };
        for (cell, path) in divided.iter().zip(&report.matrix.paths) {
            records.extend(report.divided_records(wildcard, cell, path.name()));
        }
    }
    records
}
