//! JSON that holds no character that people cannot see.

use iamsure_review::foreign::Sink;
use serde::Serialize;

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

fn line(value: &impl Serialize, pretty: bool) -> String {
    // What iamsure serializes has texts for keys and numbers that JSON can write.
    let text =
        if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.unwrap_or_default()
}
