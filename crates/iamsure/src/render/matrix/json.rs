//! The matrix as JSON: everything that was asked and found. Described in
//! `docs/formats.md`.

use iamsure_core::decision::Answerable;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::CallPath;
use iamsure_core::world::session::Operation;
use iamsure_review::answer_form::{self, VERSION, conditions, decision_word, request, state, word};
use iamsure_truth::ask::{Answer, Case, LeftOpen};
use iamsure_truth::matrix::{OwnPolicies, Party};
use serde_json::{Value, json};

use super::{Report, RowRef, outcome_word};
use crate::render::json::pretty;
use crate::render::words;
use crate::streams::Finished;

/// The whole report, as text.
pub(crate) fn json(report: &Report<'_>) -> Finished {
    pretty(&value(report))
}

/// The whole report.
pub(crate) fn value(report: &Report<'_>) -> Value {
    let matrix = &report.matrix;
    let statements: Vec<Value> = report
        .policies
        .statements()
        .map(|(id, document, statement)| {
            let place = document.source.place(statement.span.start);
            json!({
                "number": report.number(&id), "layer": Answerable::Layer(id.layer).name(), "level": id.level, "policy": id.policy,
                "statement": id.statement, "sid": statement.sid(), "effect": statement.effect.as_str(),
                "file": document.source.name(), "line": place.line, "column": place.column,
            })
        })
        .collect();
    let rows = report.rows();
    let cells: Vec<Value> = rows.iter().flat_map(|row| row_values(report, row)).collect();
    let exchanges: Vec<Value> = matrix
        .exchanges
        .iter()
        .map(|exchange| {
            json!({
                "path": exchange.path.name(), "provider": exchange.provider,
                "caller": exchange.caller.as_ref().map(caller_value),
                "ownPolicies": match exchange.own_policies {
                    OwnPolicies::NotAsked => "notAsked",
                    OwnPolicies::MustAllow => "mustAllow",
                    OwnPolicies::MustAllowAcrossAccounts => "mustAllowAcrossAccounts",
                },
                "refused": exchange.refused,
                "answer": exchange.answer.as_ref().map(|answer| answer_value(report, answer)),
                "decidedBy": match exchange.operation {
                    operation if operation.is_unsigned() => "the trust policy alone; the role's own policies are not consulted",
                    Operation::AssumeRole => "the trust policy and the caller's own policies; the role's own policies are not consulted",
                    Operation::GetSessionToken => "no policy",
                    _ => "the caller's policies",
                },
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "referenceData": iamsure_reference::captured(),
        "caller": { "said": matrix.who.named().is_some(), "arn": matrix.requester.principal.display_arn() },
        "paths": matrix.paths.iter().map(path_value).collect::<Vec<_>>(),
        "keys": matrix.keys.iter().map(ConditionKey::as_str).collect::<Vec<_>>(),
        "statements": statements,
        "cells": cells,
        "exchanges": exchanges,
        "beside": answer_form::beside(&matrix.beside),
        "remarks": report.remarks(),
    })
}

/// The cells of a row.
fn row_values(report: &Report<'_>, row: &RowRef<'_>) -> Vec<Value> {
    let paths = &report.matrix.paths;
    match row {
        RowRef::One(question, answers) => answers
            .iter()
            .zip(paths)
            .map(|(answer, path)| {
                json!({
                    "action": question.action.as_str(), "resource": question.resource, "path": path.name(),
                    "standsFor": question.stands_for.as_ref().map(|one| word(one.name())),
                    "retired": row.is_retired(),
                    "answer": answer_value(report, answer),
                    "classes": null,
                })
            })
            .collect(),
        RowRef::Many(wildcard, cells) => cells
            .iter()
            .zip(paths)
            .map(|(cell, path)| {
                json!({
                    "action": null, "resource": wildcard.resource, "path": path.name(),
                    "standsFor": word(wildcard.stands_for.name()),
                    "retired": row.is_retired(),
                    "answer": null,
                    "classes": report.divided_value(cell),
                })
            })
            .collect(),
    }
}

fn caller_value(party: &Party) -> Value {
    match party {
        Party::Anyone => json!("*"),
        Party::Account(name) | Party::Named(name) => json!(name),
        Party::Requester => json!("caller"),
    }
}

fn path_value(path: &CallPath) -> Value {
    let world = |world: &iamsure_core::world::call_path::World| {
        let keys: Vec<_> = world
            .keys
            .iter()
            .map(|fixed| {
                json!({
                    "key": fixed.key.as_str(),
                    "state": if fixed.is_present { json!({ "present": true }) } else { state(&fixed.state) },
                    "evidence": fixed.evidence.name(), "source": fixed.source,
                })
            })
            .collect();
        json!({ "keys": keys })
    };
    json!({ "name": path.name(), "worlds": path.worlds().iter().map(world).collect::<Vec<_>>() })
}

fn answer_value(report: &Report<'_>, answer: &Answer) -> Value {
    let cases: Vec<_> = answer.cases.iter().map(|case| case_value(report, case)).collect();
    json!({
        "outcome": word(outcome_word(answer)),
        "cases": cases,
        "exact": answer.is_complete(),
        "notExcluded": answer.left_open.iter().flat_map(LeftOpen::verdicts).copied().map(decision_word).collect::<Vec<_>>(),
        "leftOpen": answer.left_open.iter().map(words::left_open).collect::<Vec<_>>(),
    })
}

fn case_value(report: &Report<'_>, case: &Case) -> Value {
    let when: Vec<Value> = case.when.iter().map(conditions).collect();
    json!({
        "decision": decision_word(case.decision.verdict),
        "by": case.decision.by.name(),
        "statements": case.decision.statements.iter().filter_map(|id| report.number(id)).collect::<Vec<_>>(),
        "sometimes": case.sometimes.iter().filter_map(|id| report.number(id)).collect::<Vec<_>>(),
        "when": when,
        "assumes": words::assumptions(&case.assumes),
        "witness": request(&case.witness),
    })
}
