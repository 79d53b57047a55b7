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

use iamsure_core::language::{ConditionKey, Source, Span};
use iamsure_core::world::call_path::UnknownPath;
use iamsure_core::world::{CallPath, CallPaths, Evidence, FixedKey, KeyState};

use crate::tree::{self, Entry, Misread, Node, Shape, Value};

/// Why the paths of a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} column {column}: {message}")]
pub struct PathFileError {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column, from 1.
    pub(crate) column: usize,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

/// Adds the paths of a file to those there are. `name` is the file's, and the source of what the file
/// says without naming one.
///
/// # Errors
/// If the file is not of this form, or a path is like one that there is not.
pub fn read(text: &str, name: &str, paths: &mut CallPaths) -> Result<(), PathFileError> {
    let source = Source::new(name, text);
    let place = |error: Misread| {
        let place = source.place(error.span.start);
        let message = match error.help {
            Some(help) => format!("{}; {help}", error.message),
            None => error.message,
        };
        PathFileError { line: place.line, column: place.column, message }
    };
    let document = tree::document(&source).map_err(place)?;
    let Value::Mapping(entries) = &document.value else {
        return Err(place(Misread::at(document.span, "the file must be a map with `paths`")));
    };
    for entry in entries {
        if entry.key.value != "paths" {
            let message =
                format!("unknown field `{}`: the file may contain only `paths`", entry.key.value);
            return Err(place(Misread::at(entry.key.span, message)));
        }
        define(&entry.value, name, paths).map_err(place)?;
    }
    Ok(())
}

/// Adds the paths of a map to those there are, each being like one before it or a built-in one. `file` is
/// the source of what names none.
///
/// # Errors
/// If something in it says nothing, or a path is like one that there is not.
pub(crate) fn define(node: &Node, file: &str, paths: &mut CallPaths) -> Result<(), Misread> {
    let mut names: Vec<&str> = Vec::new();
    for Entry { key: name, value } in
        node.entries("`paths` must be a map of names to condition keys")?
    {
        let place = name.span;
        let name = name.value.as_str();
        if names.contains(&name) {
            return Err(Misread::at(place, format!("duplicate path `{name}`")));
        }
        if name.trim().is_empty() || name.starts_with('+') {
            let message = format!("`{name}` is not a valid name: it is empty, or starts with `+`");
            return Err(Misread::at(place, message));
        }
        if paths.is_built_in(name) {
            let message = format!("`{name}` is a built-in path and cannot be redefined");
            return Err(Misread::at(place, message)
                .help("choose another name, and use `like` for what it shares"));
        }
        names.push(name);
        let (like, like_place, keys) = path(value, file, place)?;
        let base = paths.named(like).map_err(|error| unknown(&error, like_place))?;
        paths.define(CallPath::defined(name, &base, &keys));
    }
    Ok(())
}

/// A path that there is not, with those that there are.
pub(crate) fn unknown(error: &UnknownPath, place: Span) -> Misread {
    let text = error.to_string();
    match text.split_once('\n') {
        Some((message, known)) => Misread::at(place, message).help(known.trim_start()),
        None => Misread::at(place, text),
    }
}

/// What a path is like (and where that is said), and the keys it names.
fn path<'a>(
    node: &'a Node,
    file: &str,
    place: Span,
) -> Result<(&'a str, Span, Vec<FixedKey>), Misread> {
    let (mut like, mut like_place) = ("direct", place);
    let mut keys: Vec<FixedKey> = Vec::new();
    for entry in node.entries("a path must be a map of condition keys and `like`")? {
        let place = entry.key.span;
        if entry.key.value == "like" {
            let Some(text) = entry.value.value.text() else {
                return Err(Misread::at(place, "`like` must be the name of a path"));
            };
            (like, like_place) = (text, place);
            continue;
        }
        if !entry.key.value.contains(':') {
            let message = format!(
                "`{}` is neither a condition key, such as aws:SourceIp, nor `like`",
                entry.key.value
            );
            return Err(Misread::at(place, message));
        }
        add(&mut keys, entry, file)?;
    }
    Ok((like, like_place, keys))
}

/// The keys of a map, each once.
///
/// # Errors
/// If something in it is no key, or says nothing of one.
pub(crate) fn keys(node: &Node, file: &str) -> Result<Vec<FixedKey>, Misread> {
    let mut keys = Vec::new();
    for entry in node.entries("a context must be a map of condition keys")? {
        if !entry.key.value.contains(':') {
            let message = format!(
                "`{}` is not a condition key; expected one such as aws:SourceIp",
                entry.key.value
            );
            return Err(Misread::at(entry.key.span, message));
        }
        add(&mut keys, entry, file)?;
    }
    Ok(keys)
}

fn add(keys: &mut Vec<FixedKey>, entry: &Entry, file: &str) -> Result<(), Misread> {
    let key = ConditionKey::new(entry.key.value.as_str());
    if let Some(known) = keys.iter().find(|known| known.key == key) {
        let message =
            format!("`{}` and `{key}` are the same key: key names are case-insensitive", known.key);
        return Err(Misread::at(entry.key.span, message));
    }
    keys.push(fixed(&key, &entry.value, file)?);
    Ok(())
}

/// What is said of one key.
fn fixed(key: &ConditionKey, node: &Node, file: &str) -> Result<FixedKey, Misread> {
    let plain = |state| FixedKey::new(key.clone(), state, Evidence::Assumed, file.to_owned());
    let word = |text: &str| match text {
        "absent" => Some(plain(KeyState::Absent)),
        "unknown" => Some(plain(KeyState::Unknown)),
        "present" => Some(FixedKey::present(key.clone(), Evidence::Assumed, file.to_owned())),
        _ => None,
    };
    let value = |node: &Node| match &node.value {
        Value::List(items) => {
            let texts: Option<Vec<String>> = items.iter().map(|item| item.value.scalar()).collect();
            texts.map(|texts| plain(KeyState::Multi(texts)))
        }
        other => other.scalar().map(|text| plain(KeyState::Single(text))),
    };
    let no_value = || {
        let message = format!(
            "`{key}` must be a string, a list of strings, `absent`, `unknown`, `present` or {{ value: … }}; quote numbers with a fraction"
        );
        Misread::at(node.span, message)
    };
    let Value::Mapping(fields) = &node.value else {
        let by_word = node.value.text().and_then(word);
        return by_word.or_else(|| value(node)).ok_or_else(no_value);
    };
    let (mut found, mut evidence, mut source) = (None, None, None);
    for Entry { key: field, value: node } in fields {
        let place = field.span;
        let text = node.value.text().unwrap_or_default();
        match field.value.as_str() {
            "value" => found = Some(value(node).ok_or_else(no_value)?),
            "state" => {
                let message = "a state is absent, unknown or present; use `value` for a string";
                found = Some(word(text).ok_or_else(|| Misread::at(place, message))?);
            }
            "evidence" => {
                let known = Evidence::from_name(text).ok_or_else(|| {
                    let words = Evidence::ALL.map(Evidence::name).join(", ");
                    Misread::at(
                        place,
                        format!("`{text}` is not a kind of evidence; expected {words}"),
                    )
                })?;
                evidence = Some(known);
            }
            "source" => source = Some(text.to_owned()),
            other => {
                let message =
                    format!("unknown field `{other}`; expected value, state, evidence or source");
                return Err(Misread::at(place, message));
            }
        }
    }
    let message = format!("`{key}` has no `value` or `state`");
    let mut fixed = found.ok_or_else(|| Misread::at(node.span, message))?;
    fixed.evidence = evidence.unwrap_or(fixed.evidence);
    if let Some(source) = source {
        fixed.source = source.into();
    }
    Ok(fixed)
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
            ("paths:\n  a: { aws:A: 1.5 }\n", "quote numbers", "line 2"),
            ("paths:\n  a: { aws:A: x, AWS:a: y }\n", "are the same key", "line 2"),
            (
                "paths:\n  a:\n    aws:A: { value: x, evidence: sure }\n",
                "`sure` is not a kind of evidence",
                "line 3",
            ),
            ("paths:\n  a:\n    aws:A: { value: x, why: y }\n", "unknown field `why`", "line 3"),
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
