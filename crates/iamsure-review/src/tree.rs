//! A YAML document as a tree in which every key and value knows its place.
//!
//! Types that are read by serde report the first error they meet and name no place for an unknown
//! field. A tree lets every finding be reported, each where it stands.
//!
//! JSON is YAML, so files of either kind are read.

use std::fmt;

pub(crate) use typed::typed;

use iamsure_core::language::{Source, Span, Spanned};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

mod typed;

/// A value and where it is written. The span of a mapping or a list is its first character.
pub type Node = Spanned<Value>;

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Mapping(Vec<Entry>),
}

/// What is asked of a node where it must be of one kind.
pub(crate) trait Shape {
    /// The entries, if it is a mapping; `what` says what it should be.
    fn entries(&self, what: &str) -> Result<&[Entry], Misread>;

    /// The fields of a mapping that has no others than `names`; `what` is what such a mapping is called.
    fn fields(&self, what: &str, names: &[&str]) -> Result<&Value, Misread>;

    /// The text of a scalar; `what` says what it should be.
    fn string(&self, what: &str) -> Result<String, Misread>;

    /// The node itself, or the items of a list.
    fn one_or_many(&self) -> Vec<&Node>;
}

/// The longest name, in bytes, that is compared with others.
const LONGEST_NAME: usize = 200;

/// How alike a name must be to be offered in place of one that does not exist.
const ALIKE: f64 = 0.75;

/// The name among `known` that is most like `name`, if one is like it.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A likeness of long texts costs as much as their product, and nobody misspells so much.
    if name.len() > LONGEST_NAME {
        return None;
    }
    let folded = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &folded);
    known
        .into_iter()
        .filter(|known| known.len() <= LONGEST_NAME)
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

impl Shape for Node {
    fn entries(&self, what: &str) -> Result<&[Entry], Misread> {
        match &self.value {
            Value::Mapping(entries) => Ok(entries),
            other => Err(Misread::at(self.span, format!("{what}; found {}", other.kind()))),
        }
    }

    fn fields(&self, what: &str, names: &[&str]) -> Result<&Value, Misread> {
        for entry in self.entries(&format!("{what} must be a map"))? {
            let name = entry.key.value.as_str();
            if !names.contains(&name) {
                let help = match closest(name, names.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("the fields are {}", names.join(", ")),
                };
                let message = format!("{what} has no field `{name}`");
                return Err(Misread::at(entry.key.span, message).help(help));
            }
            // Whoever wrote it meant something by it.
            if entry.value.value == Value::Null {
                let message = format!("`{name}` is empty");
                return Err(Misread::at(entry.key.span, message)
                    .help("give it a value, or leave the field out"));
            }
        }
        Ok(&self.value)
    }

    fn string(&self, what: &str) -> Result<String, Misread> {
        self.value
            .scalar()
            .ok_or_else(|| Misread::at(self.span, format!("{what}; found {}", self.value.kind())))
    }

    fn one_or_many(&self) -> Vec<&Node> {
        match &self.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![self],
        }
    }
}

/// One entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, which is text.
    pub key: Spanned<String>,
    /// What stands under it.
    pub value: Node,
}

impl Value {
    /// The value as JSON; the places are lost.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Integer(value) => (*value).into(),
            Self::Number(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(|item| item.value.to_json()).collect(),
            Self::Mapping(entries) => serde_json::Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.value.clone(), entry.value.value.to_json()))
                    .collect(),
            ),
        }
    }

    /// What it is called in a message.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a scalar means as a text: itself, a whole number or a boolean as it is written.
    pub(crate) fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Integer(value) => Some(value.to_string()),
            Self::Null | Self::Number(_) | Self::List(_) | Self::Mapping(_) => None,
        }
    }

    /// The value under `key`, if this is a mapping that has it and it is not null.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Self::Mapping(entries) = self else { return None };
        let entry = entries.iter().find(|entry| entry.key.value == key)?;
        Some(&entry.value).filter(|value| value.value != Self::Null)
    }
}

/// Why a file, or a part of it, cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Misread {
    /// Where.
    pub span: Span,
    /// Why, in a sentence without a full stop.
    pub message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

impl Misread {
    /// Why something at this place cannot be used.
    pub(crate) fn at(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// The message after the line and column that it is about.
    pub(crate) fn placed(&self, source: &Source) -> String {
        format!("{}: {}", source.place(self.span.start), self.message)
    }

    /// Adds what to do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The one document of a file.
///
/// # Errors
/// If there is none or more than one, or it is not YAML.
pub(crate) fn document(source: &Source) -> Result<Node, Misread> {
    let mut documents = documents(source)?;
    match (documents.pop(), documents.pop()) {
        (Some(document), None) => Ok(document),
        (Some(second), Some(_)) => {
            Err(Misread::at(second.span, "a second document begins here; the file holds one"))
        }
        (None, _) => Err(Misread::at(Span::default(), "the file is empty")),
    }
}

/// The documents of a file, in order; empty documents are none.
///
/// # Errors
/// Where it is not YAML, and why.
pub fn documents(source: &Source) -> Result<Vec<Node>, Misread> {
    let read = serde_saphyr::from_multiple::<Located>(source.text());
    let nodes = read.map_err(|error| {
        let span = error.location().map_or_else(Span::default, |at| {
            let offset = offset_of(source.text(), at.line(), at.column());
            Span::new(offset, offset + 1)
        });
        let message = error.without_snippet().to_string();
        // The place is told by the span.
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Misread::at(span, format!("the file is not YAML: {message}"))
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
        // Beyond every number that a file has to say.
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
            let error = documents(&source).unwrap_err();
            assert_eq!(source.place(error.span.start).to_string(), place, "{text}");
        }
    }
}
