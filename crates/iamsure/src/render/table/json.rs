//! The truth table as JSON. Described in `docs/formats.md`.

use iamsure_review::answer_form::{self, VERSION, word};
use iamsure_truth::model::Question;
use iamsure_truth::table::Reach;
use serde_json::{Value, json};

use super::{Report, bare};
use crate::render::cells::cells;
use crate::render::json::pretty;
use crate::streams::Finished;

/// The whole report.
pub(crate) fn json(report: &Report) -> Finished {
    let table = &report.answer.table;
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let witness = row.witness.as_ref().map(|request| match &row.decision {
                Some(decision) => answer_form::witness(request, decision, &report.answer.grounds.policies),
                None => Value::Object(answer_form::request(request)),
            });
            let reason = match &row.reach {
                Reach::Reachable => None,
                Reach::Unreachable(reason) | Reach::Unknown(reason) => Some(reason.as_str()),
            };
            json!({
                "cells": cells(report.columns(), row),
                "outcomes": row.outcomes.iter().map(|outcome| word(outcome.words())).collect::<Vec<_>>(),
                "reach": row.reach.name(),
                "reason": reason,
                "unreachableFor": row.not_for.iter().map(|none| json!({
                    "key": none.key.as_str(),
                    "actions": none.actions.iter().map(|action| action.name()).collect::<Vec<_>>(),
                    "source": none.source,
                })).collect::<Vec<_>>(),
                "actions": table.actions(row).map(|set| set.iter().map(iamsure_reference::Action::name).collect::<Vec<_>>()),
                "witness": witness,
            })
        })
        .collect();
    let answer = &report.answer;
    let value = json!({
        "version": VERSION,
        "question": match report.question {
            Question::Decision => Value::from("decision"),
            Question::DecidedBy(layer) => json!({ "decidedBy": layer.name() }),
            Question::Applies(id) => json!({ "statement": report.statement_name(id) }),
        },
        "hitPolicy": table.hit.letter(),
        "columns": report.columns().iter().map(|column| bare(&column.heading())).collect::<Vec<_>>(),
        "rows": rows,
        "otherwise": table.otherwise.map(|outcome| word(outcome.words())),
        "path": report.path,
        "missing": answer.grounds.missing.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "beside": answer_form::beside(&answer.grounds.beside),
        "switches": answer.grounds.switches.as_ref().map(|switches| switches.iter().map(|(switch, choice)| json!({ "switch": switch.id(), "choice": choice })).collect::<Vec<_>>()),
        "notes": report.footer(),
        "referenceData": iamsure_reference::captured(),
    });
    pretty(&value)
}
