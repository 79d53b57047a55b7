//! The report for programs, version 1.

use iamsure_review::answer_form;
use serde_json::{Value, json};

use super::{Item, Report, Status, coverage, mutants};
use crate::render::json::pretty;

/// Every case with its place and what came of it.
pub(crate) fn json(report: &Report<'_>) -> String {
    let count = |status| report.with(status).count();
    let unreadable: Vec<Value> = report
        .runs
        .iter()
        .filter_map(|run| Some((run, run.result.as_ref().err()?)))
        .map(|(run, errors)| {
            let errors: Vec<Value> = errors
                .iter()
                .map(|error| {
                    let place = error.source_file.place(error.span.start);
                    json!({
                        "file": error.source_file.name(), "line": place.line, "column": place.column,
                        "message": error.message, "help": error.help,
                    })
                })
                .collect();
            json!({ "suite": run.name, "errors": errors })
        })
        .collect();
    let mut value = json!({
        "version": 1,
        "passed": count(Status::Passed),
        "failed": count(Status::Failed),
        "errored": count(Status::Errored),
        "skipped": count(Status::Skipped),
        "unreadable": unreadable,
        "cases": report.items.iter().map(case).collect::<Vec<_>>(),
        "reference": iamsure_reference::captured().to_string(),
    });
    let beside = report.beside().map(
        |(run, set, beside)| json!({ "suite": run.name, "set": set, "beside": answer_form::beside(&beside) }),
    );
    let beside: Vec<Value> = beside.collect();
    let ran = || report.runs.iter().filter_map(|run| run.result.as_ref().ok());
    for (name, found) in [
        ("beside", beside),
        ("coverage", ran().flat_map(coverage::json).collect::<Vec<_>>()),
        ("mutants", ran().flat_map(mutants::json).collect()),
    ] {
        if let (Value::Object(form), false) = (&mut value, found.is_empty()) {
            form.insert(name.to_owned(), Value::Array(found));
        }
    }
    pretty(&value)
}

fn case(item: &Item<'_>) -> Value {
    let place = item.place();
    let mut value = json!({
        "suite": item.suite.source.name(),
        "test": item.test.name,
        "status": item.status.word(),
        "line": place.line,
        "column": place.column,
    });
    if let Value::Object(form) = &mut value {
        let mut add = |name: &str, value: Value| form.insert(name.to_owned(), value);
        if !item.case.is_empty() {
            add("case", json!(item.case));
        }
        match item.status {
            Status::Skipped => add("reason", json!(item.found)),
            Status::Errored => add("error", json!(item.found)),
            Status::Passed | Status::Failed => add("found", json!(item.found)),
        };
        if item.status == Status::Failed {
            add("explanation", json!(item.detail.lines().collect::<Vec<_>>()));
        }
        if !item.test.rules.is_empty() {
            add("rule", json!(item.test.rules));
        }
        if !item.switches.is_empty() {
            let ids: Vec<&str> = item.switches.iter().map(|switch| switch.id()).collect();
            add("switches", json!(ids));
        }
    }
    value
}
