//! JSON that holds no character that people cannot see.

use iamsure_review::foreign::Sink;
use serde::Serialize;
use serde_json::{Value, json};

/// A document on lines of its own, with a line end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = Sink::Json.text(&line(value, true)).into_owned();
    text.push('\n');
    text
}

/// A document on one line, without a line end.
pub(crate) fn line_of(value: &impl Serialize) -> String {
    Sink::Json.text(&line(value, false)).into_owned()
}

/// What an answer lists, by the name of the list, and what one of it is called on a line of its own.
const LISTED: [(&str, &str); 5] = [
    ("principals", "principal"),
    ("policies", "policy"),
    ("roles", "role"),
    ("paths", "path"),
    ("edges", "edge"),
];

/// An answer taken apart, a document on each line: whatever it lists, such as `{"principal": …}`, then what is left of
/// it, `{"answer": …}`.
pub(crate) fn lines(mut answer: Value) -> String {
    let mut text = String::new();
    let mut push = |value: &Value| {
        text.push_str(&line_of(value));
        text.push('\n');
    };
    for (list, one) in LISTED {
        let found = answer.as_object_mut().and_then(|answer| answer.remove(list));
        let Some(Value::Array(found)) = found else { continue };
        for found in found {
            push(&json!({ one: found }));
        }
    }
    push(&json!({ "answer": answer }));
    text
}

fn line(value: &impl Serialize, pretty: bool) -> String {
    // What iamsure serializes has texts for keys and numbers that JSON can write.
    let text =
        if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.unwrap_or_default()
}
