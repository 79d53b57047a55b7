//! SARIF 2.1.0: a result for each mark.
//!
//! Page: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use iamsure_core::language::Severity;
use iamsure_review::foreign::Sink;
use serde_json::{Map, Value, json};

use super::json::pretty;
use super::mark::Mark;
use crate::streams::Finished;

/// What a result may be about: its id, and a sentence.
pub(crate) type Rule = (&'static str, String);

/// One run. The rules are those that some mark names, and others if need be.
pub(crate) fn sarif(marks: &[Mark<'_>], rules: &[Rule]) -> Finished {
    let results: Vec<Value> = marks.iter().map(|mark| result(mark, rules)).collect();
    let rules: Vec<Value> = rules
        .iter()
        .map(|(id, text)| json!({ "id": id, "shortDescription": { "text": Sink::Sarif.text(text) } }))
        .collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "iamsure",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
                "properties": { "referenceData": iamsure_reference::captured() },
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn result(mark: &Mark<'_>, rules: &[Rule]) -> Value {
    let level = match mark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let subject = mark.subject.iter().cloned();
    let text: Vec<String> = subject.chain([mark.whole_message()]).collect();
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), mark.code.into());
    if let Some(index) = rules.iter().position(|(id, _)| *id == mark.code) {
        result.insert("ruleIndex".to_owned(), index.into());
    }
    result.insert("level".to_owned(), level.into());
    result.insert("message".to_owned(), json!({ "text": Sink::Sarif.text(&text.join("\n")) }));
    if let Some(file) = mark.at.file {
        let mut location = json!({ "artifactLocation": { "uri": Sink::Uri.text(file) } });
        if let (Some((start, end)), Some(location)) = (mark.at.range, location.as_object_mut()) {
            let mut region = json!({ "startLine": start.line, "startColumn": start.column });
            if let (Some(end), Some(region)) = (end, region.as_object_mut()) {
                region.insert("endLine".to_owned(), end.line.into());
                region.insert("endColumn".to_owned(), end.column.into());
            }
            location.insert("region".to_owned(), region);
        }
        result.insert("locations".to_owned(), json!([{ "physicalLocation": location }]));
    }
    Value::Object(result)
}
