//! Call paths of one's own, in a YAML file.
//!
//! ```yaml
//! paths:
//!   no-key: { aws:ViaAWSMCPService: absent }
//!   office:
//!     like: direct/internet            # a built-in path, or one above; `direct` if it is left out
//!     aws:SourceIp: 203.0.113.7
//!     aws:TagKeys: [team, cost]        # a list: a multivalued key
//!     aws:PrincipalOrgID: unknown      # or absent, or present: there, with a value nobody gave
//!     aws:UserAgent: { value: unknown, evidence: observed, source: our gateway's log }
//! ```
//!
//! What is written of a key goes before what the built-in path says. The words `absent`, `unknown` and
//! `present` are states; the texts themselves are written `{ value: absent }`.

use std::fmt;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::call_path::UnknownPath;
use iamsure_core::world::{CallPath, CallPaths, Evidence, FixedKey, KeyState};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// Why the paths of a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathFileError {
    /// It is not YAML, or no map with `paths` alone. The text names line and column.
    #[error("{0}")]
    Yaml(String),
    /// Something in it says nothing.
    #[error("line {line} column {column}: {message}")]
    At {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// What is wrong, and what to do.
        message: String,
    },
    /// A path is like one that there is not.
    #[error("line {line} column {column}: {error}")]
    Like {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// The other.
        error: UnknownPath,
    },
}

impl PathFileError {
    fn at(place: Location, message: impl Into<String>) -> Self {
        Self::At { line: place.line(), column: place.column(), message: message.into() }
    }
}

/// The file, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PathFile {
    paths: PathForms,
}

/// Paths as written, in order: the `paths` of a file, or of a suite.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct PathForms(Entries<Entries<Node>>);

/// The entries of a map in order, each key with its place.
#[derive(Debug)]
struct Entries<T>(Vec<(Spanned<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What is written of a key.
#[derive(Debug)]
enum Node {
    Text(String),
    List(Vec<String>),
    Map(Entries<Node>),
    /// A number with a fraction, or nothing.
    Other,
}

/// Adds the paths of a file to those there are. `name` is the file's, and the source of what the file
/// says without naming one.
///
/// # Errors
/// If the file is not of this form, or a path is like one that there is not.
pub fn read(text: &str, name: &str, paths: &mut CallPaths) -> Result<(), PathFileError> {
    let file: PathFile = serde_saphyr::from_str(text)
        .map_err(|error| PathFileError::Yaml(error.without_snippet().to_string()))?;
    file.paths.define(name, paths)
}

impl PathForms {
    /// Adds the paths to those there are, each being like one before it or a built-in one. `file` is the
    /// source of what names none.
    ///
    /// # Errors
    /// If something in them says nothing, or a path is like one that there is not.
    pub fn define(&self, file: &str, paths: &mut CallPaths) -> Result<(), PathFileError> {
        let mut names: Vec<&str> = Vec::new();
        for (name, entries) in &self.0.0 {
            let place = name.referenced;
            let name = name.value.as_str();
            if names.contains(&name) {
                let message = format!("the path `{name}` is there twice");
                return Err(PathFileError::at(place, message));
            }
            if name.trim().is_empty() || name.starts_with('+') {
                let message = format!("`{name}` is no name: it is empty, or starts with `+`");
                return Err(PathFileError::at(place, message));
            }
            names.push(name);
            let (like, place, keys) = path(entries, file, place)?;
            let base = paths.named(like).map_err(|error| PathFileError::Like {
                line: place.line(),
                column: place.column(),
                error,
            })?;
            paths.define(CallPath::defined(name, &base, &keys));
        }
        Ok(())
    }
}

/// What a path is like (and where that is said), and the keys it names.
fn path<'a>(
    entries: &'a Entries<Node>,
    file: &str,
    place: Location,
) -> Result<(&'a str, Location, Vec<FixedKey>), PathFileError> {
    let (mut like, mut like_place) = ("direct", place);
    let mut keys: Vec<FixedKey> = Vec::new();
    for (name, node) in &entries.0 {
        let place = name.referenced;
        let name = name.value.as_str();
        if name == "like" {
            let Node::Text(text) = node else {
                return Err(PathFileError::at(place, "`like` is followed by the name of a path"));
            };
            (like, like_place) = (text, place);
            continue;
        }
        if !name.contains(':') {
            let message =
                format!("`{name}` is neither a condition key, such as aws:SourceIp, nor `like`");
            return Err(PathFileError::at(place, message));
        }
        let key = ConditionKey::new(name);
        if let Some(known) = keys.iter().find(|known| known.key == key) {
            let message =
                format!("`{}` and `{name}` are the same key: names ignore case", known.key);
            return Err(PathFileError::at(place, message));
        }
        keys.push(fixed(&key, node, file, place)?);
    }
    Ok((like, like_place, keys))
}

/// What is said of one key.
fn fixed(
    key: &ConditionKey,
    node: &Node,
    file: &str,
    place: Location,
) -> Result<FixedKey, PathFileError> {
    let plain = |state| FixedKey::new(key.clone(), state, Evidence::Assumed, file.to_owned());
    let word = |text: &str| match text {
        "absent" => Some(plain(KeyState::Absent)),
        "unknown" => Some(plain(KeyState::Unknown)),
        "present" => Some(FixedKey::present(key.clone(), Evidence::Assumed, file.to_owned())),
        _ => None,
    };
    let value = |node: &Node| match node {
        Node::Text(text) => Some(plain(KeyState::single(text.as_str()))),
        Node::List(texts) => Some(plain(KeyState::Multi(texts.clone()))),
        Node::Map(_) | Node::Other => None,
    };
    let no_value = || {
        let message = format!(
            "`{key}` has a text, a list of texts, `absent`, `unknown`, `present` or {{ value: … }}; a number with a fraction is written in quotes"
        );
        PathFileError::at(place, message)
    };
    let Node::Map(fields) = node else {
        let by_word = if let Node::Text(text) = node { word(text) } else { None };
        return by_word.or_else(|| value(node)).ok_or_else(no_value);
    };
    let (mut found, mut evidence, mut source) = (None, None, None);
    for (field, node) in &fields.0 {
        let place = field.referenced;
        let text = if let Node::Text(text) = node { text.as_str() } else { "" };
        match field.value.as_str() {
            "value" => found = Some(value(node).ok_or_else(no_value)?),
            "state" => {
                let message = "a state is absent, unknown or present; a text is a `value`";
                found = Some(word(text).ok_or_else(|| PathFileError::at(place, message))?);
            }
            "evidence" => {
                let known = Evidence::from_name(text).ok_or_else(|| {
                    let words = Evidence::ALL.map(Evidence::name).join(", ");
                    PathFileError::at(place, format!("`{text}` is no evidence: there are {words}"))
                })?;
                evidence = Some(known);
            }
            "source" => source = Some(text.to_owned()),
            other => {
                let message = format!(
                    "`{other}` says nothing of a key: value, state, evidence and source do"
                );
                return Err(PathFileError::at(place, message));
            }
        }
    }
    let message = format!("nothing says what `{key}` is: give `value` or `state`");
    let mut fixed = found.ok_or_else(|| PathFileError::at(place, message))?;
    fixed.evidence = evidence.unwrap_or(fixed.evidence);
    if let Some(source) = source {
        fixed.source = source.into();
    }
    Ok(fixed)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                entries(map)
            }
        }

        deserializer.deserialize_map(InOrder(std::marker::PhantomData))
    }
}

fn entries<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    mut map: A,
) -> Result<Entries<T>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = map.next_entry()? {
        entries.push(entry);
    }
    Ok(Entries(entries))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a list of texts, or a map")
            }

            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Text(value.to_string()))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
                Ok(Node::Other)
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element::<String>()? {
                    values.push(value);
                }
                Ok(Node::List(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
                entries(map).map(Node::Map)
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iamsure_core::world::Switches;

    fn paths(text: &str) -> Result<CallPaths, PathFileError> {
        let mut paths = CallPaths::new(Switches::default());
        read(text, "paths.yaml", &mut paths)?;
        Ok(paths)
    }

    fn state(paths: &CallPaths, name: &str, key: &str) -> FixedKey {
        paths.named(name).unwrap().worlds()[0].fixed(&key.into()).unwrap().clone()
    }

    #[test]
    fn states_are_words_texts_and_lists() {
        let found = paths(
            "paths:
  no-key: { aws:ViaAWSMCPService: absent }
  office:
    like: direct/internet
    aws:SourceIp: 203.0.113.7
    aws:SecureTransport: true
    aws:TagKeys: [team, cost]
    aws:PrincipalOrgID: unknown
    aws:SourceVpce: present
    aws:UserAgent: { value: unknown, evidence: observed, source: a log }
  inner: { like: office, AWS:sourceip: absent }
",
        )
        .unwrap();
        assert_eq!(state(&found, "no-key", "aws:ViaAWSMCPService").state, KeyState::Absent);
        let address = state(&found, "office", "aws:SourceIp");
        assert_eq!(address.state, KeyState::single("203.0.113.7"));
        assert_eq!((address.evidence, address.source.as_ref()), (Evidence::Assumed, "paths.yaml"));
        let keys = KeyState::Multi(vec!["team".to_owned(), "cost".to_owned()]);
        assert_eq!(state(&found, "office", "aws:TagKeys").state, keys);
        assert_eq!(state(&found, "office", "aws:SecureTransport").state, KeyState::single("true"));
        assert_eq!(state(&found, "office", "aws:PrincipalOrgID").state, KeyState::Unknown);
        assert!(state(&found, "office", "aws:SourceVpce").is_present);
        let agent = state(&found, "office", "aws:UserAgent");
        assert_eq!(agent.state, KeyState::single("unknown"));
        assert_eq!((agent.evidence, agent.source.as_ref()), (Evidence::Observed, "a log"));
        assert_eq!(state(&found, "inner", "aws:SourceIp").state, KeyState::Absent);
        assert_eq!(state(&found, "inner", "aws:SecureTransport").state, KeyState::single("true"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let cases = [
            (
                "paths:\n  a:\n    like: direct\n    SourceIp: x\n",
                "`SourceIp` is neither",
                "line 4 column 5",
            ),
            ("paths:\n  a: { aws:A: 1.5 }\n", "in quotes", "line 2"),
            ("paths:\n  a: { aws:A: x, AWS:a: y }\n", "are the same key", "line 2"),
            (
                "paths:\n  a:\n    aws:A: { value: x, evidence: sure }\n",
                "`sure` is no evidence",
                "line 3",
            ),
            ("paths:\n  a:\n    aws:A: { value: x, why: y }\n", "`why` says nothing", "line 3"),
            ("paths:\n  a: { aws:A: x }\n  a: { aws:A: y }\n", "", "line 3"),
            ("path:\n  a: { aws:A: x }\n", "unknown field", "line 1"),
        ];
        for (text, message, place) in cases {
            let error = paths(text).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains(place), "{text}: {error}");
        }
        let error = paths("paths:\n  a: { like: dirct, aws:A: x }\n").unwrap_err().to_string();
        assert!(error.contains("did you mean `direct`"), "{error}");
    }
}
