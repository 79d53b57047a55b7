//! Trees as JSON text.

use iamsure_core::language::json::Json;

use crate::node::{Look, Node};

/// The node as JSON, two blanks a level. A key that is there twice is written twice.
pub(crate) fn written(node: &Node) -> String {
    let mut text = String::new();
    write(node, 0, &mut text);
    text
}

fn write(node: &Node, depth: usize, out: &mut String) {
    match &node.value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => out.push_str(number),
        Json::Text(text) => quoted(text, out),
        Json::List(items) => {
            list('[', ']', items.len(), depth, out, |index, out| {
                if let Some(item) = items.get(index) {
                    write(item, depth + 1, out);
                }
            });
        }
        Json::Map(_) => {
            let members = node.members();
            list('{', '}', members.len(), depth, out, |index, out| {
                if let Some(member) = members.get(index) {
                    quoted(&member.key.value, out);
                    out.push_str(": ");
                    write(&member.value, depth + 1, out);
                }
            });
        }
    }
}

fn list(
    open: char,
    close: char,
    length: usize,
    depth: usize,
    out: &mut String,
    mut item: impl FnMut(usize, &mut String),
) {
    out.push(open);
    for index in 0..length {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        item(index, out);
    }
    if length > 0 {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
