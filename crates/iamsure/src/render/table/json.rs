//! The truth table as JSON, version 1. Described in `docs/formats.md`.

use iamsure_core::world::{KeyState, Request};
use iamsure_review::answer_form;
use iamsure_truth::model::Question;
use iamsure_truth::said::Said;
use iamsure_truth::table::Reach;
use serde_json::{Map, Value, json};

use super::{Report, bare};
use crate::render::json::pretty;

/// The whole report.
pub(crate) fn json(report: &Report) -> String {
    let table = &report.answer.table;
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Map<String, Value> = report
                .columns()
                .iter()
                .map(|column| {
                    let said = row.cells.get(column).unwrap_or(&Said::Any);
                    (bare(&column.heading()), Value::from(said.to_string()))
                })
                .collect();
            let decision = row.decision.as_ref().map(|decision| {
                json!({
                    "by": decision.by.name(),
                    "statements": decision.statements.iter().map(|id| report.statement_name(*id)).collect::<Vec<_>>(),
                })
            });
            let reason = match &row.reach {
                Reach::Reachable => None,
                Reach::Unreachable(reason) | Reach::Unknown(reason) => Some(reason.as_str()),
            };
            json!({
                "cells": cells,
                "outcomes": row.outcomes.iter().map(iamsure_truth::model::Outcome::words).collect::<Vec<_>>(),
                "decision": decision,
                "reach": row.reach.name(),
                "reason": reason,
                "unreachableFor": row.not_for.iter().map(|none| json!({
                    "key": none.key.as_str(),
                    "actions": none.actions.iter().map(|action| action.name()).collect::<Vec<_>>(),
                    "source": none.source,
                })).collect::<Vec<_>>(),
                "actions": table.actions(row).map(|set| set.iter().map(iamsure_reference::Action::name).collect::<Vec<_>>()),
                "example": row.witness.as_ref().map(request_value),
            })
        })
        .collect();
    let answer = &report.answer;
    let value = json!({
        "version": 1,
        "question": match report.question {
            Question::Decision => Value::from("decision"),
            Question::DecidedBy(layer) => json!({ "decided-by": layer.name() }),
            Question::Applies(id) => json!({ "statement": report.statement_name(id) }),
        },
        "hitPolicy": table.hit.letter(),
        "columns": report.columns().iter().map(|column| bare(&column.heading())).collect::<Vec<_>>(),
        "rows": rows,
        "otherwise": table.otherwise.map(iamsure_truth::model::Outcome::words),
        "path": report.path,
        "missing": answer.grounds.missing.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "beside": answer_form::beside(&answer.grounds.beside),
        "switches": answer.grounds.switches.as_ref().map(|switches| switches.iter().map(|(switch, choice)| json!({ "switch": switch.id(), "choice": choice })).collect::<Vec<_>>()),
        "notes": report.footer(),
        "referenceData": iamsure_reference::captured(),
    });
    pretty(&value)
}

fn request_value(request: &Request) -> Value {
    let context: Map<String, Value> = request
        .context
        .entries()
        .filter_map(|(key, state)| match state {
            KeyState::Single(text) => Some((key.to_string(), Value::from(text.as_str()))),
            KeyState::Multi(texts) => Some((key.to_string(), json!(texts))),
            KeyState::Absent | KeyState::Unknown => None,
        })
        .collect();
    json!({
        "principal": request.requester.principal.display_arn(),
        "action": request.action.as_str(),
        "resource": request.resource,
        "resourceAccount": request.resource_account,
        "context": context,
    })
}
