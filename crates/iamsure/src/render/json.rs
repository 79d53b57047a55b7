//! JSON that holds no character that people cannot see.

use std::borrow::Cow;
use std::io::{self, Write};

use iamsure_review::foreign::Sink;
use serde::Serialize;
use serde_json::{Value, json};

use crate::streams::{Finished, Streams};

/// A document on lines of its own, with a line end.
pub(crate) fn pretty(value: &impl Serialize) -> Finished {
    let mut text = line(value, true);
    text.push('\n');
    written_out(text)
}

/// How much of a document is held at a time.
const PORTION: usize = 1 << 16;

/// As [`pretty`], printed while it is made: documents of large accounts are long.
pub(crate) fn print_pretty(value: &impl Serialize, streams: &mut Streams) -> io::Result<()> {
    let mut portions = Portions { held: Vec::new(), streams };
    // What iamsure serializes has texts for keys and numbers that JSON can write: only writing fails.
    serde_json::to_writer_pretty(&mut portions, value)?;
    portions.held.push(b'\n');
    portions.pass_on()
}

/// What was serialized and is not printed yet.
struct Portions<'a> {
    held: Vec<u8>,
    streams: &'a mut Streams,
}

impl Portions<'_> {
    /// Prints the lines that are whole: nothing that is written out goes beyond one.
    fn pass_on(&mut self) -> io::Result<()> {
        let Some(end) = self.held.iter().rposition(|byte| *byte == b'\n') else { return Ok(()) };
        let mut rest = self.held.split_off(end + 1);
        rest.reserve(PORTION);
        let lines = std::mem::replace(&mut self.held, rest);
        let lines = String::from_utf8(lines).map_err(io::Error::other)?;
        self.streams.print(&written_out(lines))
    }
}

impl Write for Portions<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        // A line may be long: it is not looked through for each part of it.
        let is_due = self.held.len() >= PORTION && bytes.contains(&b'\n');
        if is_due { self.pass_on() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text that was serialized already.
pub(crate) fn written_out(text: String) -> Finished {
    Finished::ours(owned(text))
}

/// The text, copied only if something in it is written out.
fn owned(text: String) -> String {
    match Sink::Json.text(&text) {
        Cow::Owned(written) => written,
        Cow::Borrowed(_) => text,
    }
}

/// A document on one line, without a line end.
pub(crate) fn line_of(value: &impl Serialize) -> String {
    owned(line(value, false))
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
/// it, `{"answer": …}`. Answers to several claims come one after the other, then what is about all of them.
pub(crate) fn lines(answer: &impl Serialize) -> Finished {
    let mut text = String::new();
    // What iamsure serializes has texts for keys.
    push_lines(serde_json::to_value(answer).unwrap_or_default(), &mut text);
    Finished::ours(text)
}

fn push_lines(mut answer: Value, text: &mut String) {
    let claims = answer.as_object_mut().and_then(|answer| answer.remove("claims"));
    if let Some(Value::Array(each)) = claims {
        for answer in each {
            push_lines(answer, text);
        }
    }
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
}

fn line(value: &impl Serialize, pretty: bool) -> String {
    // What iamsure serializes has texts for keys and numbers that JSON can write.
    let text =
        if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.unwrap_or_default()
}
