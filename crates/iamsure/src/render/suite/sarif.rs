//! SARIF 2.1.0: what failed, as results at the places of their expectations.
//!
//! Page: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use iamsure_review::foreign::Sink;
use serde_json::{Value, json};

use super::{Item, Report, Status};
use crate::render::json::pretty;

/// The rules of the report, by id.
const RULES: [(&str, &str); 3] = [
    ("failed", "The policies do not decide what the suite expects."),
    ("errored", "A case of the suite cannot be decided."),
    ("unreadable", "The suite cannot be read."),
];

/// One run with a result for everything that did not pass.
pub(crate) fn sarif(report: &Report<'_>) -> String {
    let mut results: Vec<Value> = Vec::new();
    for run in report.runs {
        for error in run.result.as_ref().err().into_iter().flatten() {
            let place = error.source_file.place(error.span.start);
            let file = error.source_file.name();
            results.push(result(2, &error.message, file, place.line, place.column));
        }
    }
    for item in &report.items {
        let rule = match item.status {
            Status::Passed | Status::Skipped => continue,
            Status::Failed => 0,
            Status::Errored => 1,
        };
        let place = item.place();
        let file = item.suite.source.name();
        results.push(result(rule, &message(item), file, place.line, place.column));
    }
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(id, text)| json!({ "id": id, "shortDescription": { "text": text } }))
        .collect();
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "iamsure",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    pretty(&value)
}

fn message(item: &Item<'_>) -> String {
    let detail = if item.detail.is_empty() { &item.found } else { &item.detail };
    format!("{}\n{}", item.name(), detail.trim_end())
}

fn result(rule: usize, text: &str, file: &str, line: usize, column: usize) -> Value {
    json!({
        "ruleId": RULES.get(rule).map_or("", |(id, _)| id),
        "ruleIndex": rule,
        "level": "error",
        "message": { "text": Sink::Sarif.text(text) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": Sink::Uri.text(file) },
            "region": { "startLine": line, "startColumn": column },
        } }],
    })
}
