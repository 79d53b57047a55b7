//! The report for programs.

use iamsure_review::answer_form;
use serde_json::{Value, json};

use super::{Item, Report, Status, coverage, mutants};
use crate::render::finding::FindingForm;
use crate::render::json::pretty;
use crate::streams::Finished;

/// Every case with its place and what came of it.
pub(crate) fn json(report: &Report<'_>) -> Finished {
    let count = |status| report.with(status).count();
    let unreadable: Vec<Value> = report
        .runs
        .iter()
        .filter_map(|run| Some((run, run.result.as_ref().err()?)))
        .map(|(run, errors)| {
            let findings: Vec<FindingForm<'_>> = errors.iter().map(FindingForm::of_suite).collect();
            json!({ "suite": run.name, "findings": findings })
        })
        .collect();
    let mut value = json!({
        "version": answer_form::VERSION,
        "passed": count(Status::Passed),
        "failed": count(Status::Failed),
        "errored": count(Status::Errored),
        "skipped": count(Status::Skipped),
        "unreadable": unreadable,
        "cases": report.items.iter().map(case).collect::<Vec<_>>(),
        "referenceData": iamsure_reference::captured(),
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
    let found = |of: &[Status]| of.contains(&item.status).then_some(item.found.as_str());
    let explanation: Vec<&str> = match item.status {
        Status::Failed => item.detail.lines().collect(),
        Status::Passed | Status::Errored | Status::Skipped => Vec::new(),
    };
    json!({
        "suite": item.suite.source.name(),
        "test": item.test.name,
        "case": Some(item.case).filter(|case| !case.is_empty()),
        "status": item.status.word(),
        "line": place.line,
        "column": place.column,
        "found": found(&[Status::Passed, Status::Failed]),
        "error": found(&[Status::Errored]),
        "reason": found(&[Status::Skipped]),
        "explanation": explanation,
        "rules": item.test.rules,
        "switches": item.switches.iter().map(|switch| switch.id()).collect::<Vec<_>>(),
    })
}
