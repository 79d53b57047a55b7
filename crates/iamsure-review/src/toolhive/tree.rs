//! A YAML document as a tree in which every key and value knows its place.
//!
//! Types that are read by serde report the first error they meet and name no place for an unknown
//! field. A tree lets every finding be reported, each where it stands.

use std::fmt;

use iamsure_core::language::{Source, Span, Spanned};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::finding::{Finding, FindingCode};

/// A value and where it is written. The span of a mapping or a list is its first character.
pub(super) type Node = Spanned<Value>;

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// One entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: Spanned<String>,
    pub(super) value: Node,
}

impl Value {
    /// What it is called in a message.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it and it is not null.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Self::Mapping(entries) = self else { return None };
        let entry = entries.iter().find(|entry| entry.key.value == key)?;
        Some(&entry.value).filter(|value| value.value != Self::Null)
    }
}

/// The documents of a file, in order; empty documents are none.
///
/// # Errors
/// Where it is not YAML, and why.
pub(super) fn documents(source: &Source) -> Result<Vec<Node>, Finding> {
    let read = serde_saphyr::from_multiple::<Located>(source.text());
    let nodes = read.map_err(|error| {
        let span = error.location().map_or_else(Span::default, |at| {
            let offset = offset_of(source.text(), at.line(), at.column());
            Span::new(offset, offset + 1)
        });
        let message = error.without_snippet().to_string();
        // The place is told by the span.
        let message = message.split(" at line ").next().unwrap_or_default();
        Finding::new(FindingCode::NotYaml, source, span, format!("the file is not YAML: {message}"))
            .help("several documents are separated by a line `---`; check the indentation")
    })?;
    Ok(nodes
        .into_iter()
        .map(|Located(node)| node)
        .filter(|node| node.value != Value::Null)
        .collect())
}

/// The byte offset of a line and a column, both from 1; the column counts characters.
fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let (line, column) = (usize::try_from(line), usize::try_from(column));
    let (Ok(line), Ok(column)) = (line, column) else { return 0 };
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            let characters = content.char_indices().nth(column.saturating_sub(1));
            return start + characters.map_or(content.len(), |(at, _)| at);
        }
        start += content.len();
    }
    text.len()
}

/// A node as serde reads it.
struct Located(Node);

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = serde_saphyr::Spanned::<Value>::deserialize(deserializer)?;
        let span = span(&read);
        Ok(Self(Node::new(read.value, span)))
    }
}

fn span<T>(read: &serde_saphyr::Spanned<T>) -> Span {
    let span = read.referenced.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let start = number(span.byte_offset()).unwrap_or(0);
    Span::new(start, start + number(span.byte_len()).unwrap_or(0).max(1))
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        // Beyond every field of a manifest.
        Ok(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Located(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<serde_saphyr::Spanned<String>>()? {
            let span = span(&key);
            let Located(value) = map.next_value()?;
            entries.push(Entry { key: Spanned::new(key.value, span), value });
        }
        Ok(Value::Mapping(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place_in_every_document() {
        let text = "kind: A\n---\n# nothing\n---\nö: [x, 'y']\n";
        let source = Source::new("m.yaml", text);
        let documents = documents(&source).unwrap();
        assert_eq!(documents.len(), 2);
        let list = documents[1].get("ö").unwrap();
        let Value::List(items) = &list.value else { panic!("a list") };
        assert_eq!(source.slice(items[0].span), "x");
        assert_eq!(source.slice(items[1].span), "'y'");
        assert_eq!(source.place(items[1].span.start).line, 5);
    }

    #[test]
    fn what_is_not_yaml_has_a_place() {
        for (text, place) in [("a: [1\nb: 2\n", "2:2"), ("a: 1\na: 2\n", "2:1"), ("ä: b: c", "1:5")]
        {
            let source = Source::new("m.yaml", text);
            let finding = documents(&source).unwrap_err();
            assert_eq!(source.place(finding.span.start).to_string(), place, "{text}");
        }
    }
}
