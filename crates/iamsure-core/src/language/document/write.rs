//! Document → canonical JSON.

use std::fmt::Write as _;

use serde_json::Value;

use super::PolicyDocument;
use super::principal::PrincipalElement;
use super::statement::{Sense, Statement};
use crate::language::condition::{ConditionBlock, ConditionValue, Written};
use crate::language::source::Spanned;

pub(super) fn to_json(document: &PolicyDocument) -> String {
    let mut object = Members::default();
    if let Some(version) = &document.version {
        object.add("Version", text(version.as_str()));
    }
    if let Some(id) = &document.id {
        object.add("Id", text(id));
    }
    object.add("Statement", Node::List(document.statements.iter().map(|s| statement(s)).collect()));
    let mut out = String::new();
    Node::Object(object).write(0, &mut out);
    out.push('\n');
    out
}

/// JSON in the order it is built. (`serde_json`'s own map sorts its keys.)
enum Node {
    Text(String),
    /// A number or Boolean, as it is written.
    Raw(String),
    List(Vec<Node>),
    Object(Members),
}

#[derive(Default)]
struct Members(Vec<(String, Node)>);

impl Members {
    fn add(&mut self, key: impl Into<String>, value: Node) {
        self.0.push((key.into(), value));
    }
}

impl Node {
    fn write(&self, level: usize, out: &mut String) {
        let indent = "  ".repeat(level + 1);
        let (open, close, lines): (_, _, Vec<(Option<&String>, &Self)>) = match self {
            Self::Text(text) => return out.push_str(&quoted(text)),
            Self::Raw(text) => return out.push_str(text),
            Self::List(nodes) => ('[', ']', nodes.iter().map(|node| (None, node)).collect()),
            Self::Object(Members(members)) => {
                ('{', '}', members.iter().map(|(key, node)| (Some(key), node)).collect())
            }
        };
        out.push(open);
        for (index, (key, node)) in lines.iter().enumerate() {
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            out.push_str(&indent);
            if let Some(key) = key {
                out.push_str(&quoted(key));
                out.push_str(": ");
            }
            node.write(level + 1, out);
        }
        if !lines.is_empty() {
            out.push('\n');
            out.push_str(&"  ".repeat(level));
        }
        out.push(close);
    }
}

/// JSON text. Characters that IAM does not accept bare (G-16) are escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in Value::from(text).to_string().chars() {
        if u32::from(c) <= 0xff {
            quoted.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(quoted, "\\u{unit:04x}");
            }
        }
    }
    quoted
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Node {
    Node::List(texts.map(text).collect())
}

fn statement(statement: &Statement) -> Node {
    let mut object = Members::default();
    if let Some(sid) = &statement.sid {
        object.add("Sid", text(sid));
    }
    object.add("Effect", text(statement.effect.as_str()));
    if let Some(element) = &statement.principal {
        object.add(named(element.sense, "Principal", "NotPrincipal"), principal(element));
    }
    if let Some(element) = &statement.action {
        let entries = texts(element.entries.iter().map(|entry| entry.as_str()));
        object.add(named(element.sense, "Action", "NotAction"), entries);
    }
    if let Some(element) = &statement.resource {
        let entries = texts(element.entries.iter().map(|entry| entry.as_str()));
        object.add(named(element.sense, "Resource", "NotResource"), entries);
    }
    let condition = condition(&statement.condition);
    if !condition.0.is_empty() {
        object.add("Condition", Node::Object(condition));
    }
    Node::Object(object)
}

const fn named(sense: Sense, one_of: &'static str, none_of: &'static str) -> &'static str {
    match sense {
        Sense::OneOf => one_of,
        Sense::NoneOf => none_of,
    }
}

/// The bare text, or a map that keeps the entries of one key together.
fn principal(element: &PrincipalElement) -> Node {
    let mut object = Members::default();
    for entry in &element.entries {
        let Some(key) = entry.key() else { return text(entry.as_str()) };
        let value = text(entry.as_str());
        match object.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, Node::List(values))) => values.push(value),
            _ => object.add(key, Node::List(vec![value])),
        }
    }
    Node::Object(object)
}

fn condition(block: &ConditionBlock) -> Members {
    let mut operators = Members::default();
    for clause in &block.clauses {
        let operator = clause.operator.to_string();
        let values = Node::List(clause.values.iter().map(condition_value).collect());
        if let Some((_, Node::Object(keys))) =
            operators.0.iter_mut().find(|(known, _)| *known == operator)
        {
            keys.add(clause.key.as_str(), values);
        } else {
            let mut keys = Members::default();
            keys.add(clause.key.as_str(), values);
            operators.add(operator, Node::Object(keys));
        }
    }
    for operator in &block.empty_operators {
        operators.add(operator.to_string(), Node::Object(Members::default()));
    }
    operators
}

/// A number or Boolean stays one, so that nothing of the document is lost.
fn condition_value(value: &Spanned<ConditionValue>) -> Node {
    match value.written() {
        Written::Text => text(value.as_str()),
        Written::Bool | Written::Number => Node::Raw(value.as_str().to_owned()),
    }
}
