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
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Why the paths of a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathFileError {
    /// It is not YAML of this form. The text names line and column.
    #[error("{0}")]
    Form(String),
    /// A path is like one that there is not.
    #[error("the path `{name}` is like another: {error}")]
    Like {
        /// The path.
        name: String,
        /// The other.
        error: UnknownPath,
    },
}

/// The file, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PathFile {
    paths: PathForms,
}

/// Paths as written, in order.
#[derive(Debug, Default)]
pub struct PathForms(Vec<(String, PathForm)>);

/// One path as written.
#[derive(Debug)]
struct PathForm {
    like: Option<String>,
    keys: Vec<(ConditionKey, StateForm)>,
}

/// The state of a key as written.
#[derive(Clone, Debug)]
struct StateForm {
    state: KeyState,
    is_present: bool,
    evidence: Option<Evidence>,
    source: Option<String>,
}

/// Adds the paths of a file to those there are. `name` is the file's, and the source of what the file
/// says without naming one.
///
/// # Errors
/// If the file is not of this form, or a path is like one that there is not.
pub fn read(text: &str, name: &str, paths: &mut CallPaths) -> Result<(), PathFileError> {
    let file: PathFile =
        serde_saphyr::from_str(text).map_err(|error| PathFileError::Form(error.to_string()))?;
    file.paths.define(name, paths)
}

impl PathForms {
    /// Adds the paths to those there are, each being like one before it or a built-in one.
    ///
    /// # Errors
    /// If a path is like one that there is not.
    pub fn define(&self, file: &str, paths: &mut CallPaths) -> Result<(), PathFileError> {
        for (name, form) in &self.0 {
            let like = form.like.as_deref().unwrap_or("direct");
            let base = paths
                .named(like)
                .map_err(|error| PathFileError::Like { name: name.clone(), error })?;
            let keys: Vec<FixedKey> =
                form.keys.iter().map(|(key, state)| state.fixed(key, file)).collect();
            paths.define(CallPath::defined(name.as_str(), &base, &keys));
        }
        Ok(())
    }
}

impl StateForm {
    fn new(state: KeyState) -> Self {
        Self { state, is_present: false, evidence: None, source: None }
    }

    /// What a bare word or text says.
    fn of_text(text: &str) -> Self {
        match text {
            "absent" => Self::new(KeyState::Absent),
            "unknown" => Self::new(KeyState::Unknown),
            "present" => Self { is_present: true, ..Self::new(KeyState::Unknown) },
            text => Self::new(KeyState::single(text)),
        }
    }

    fn fixed(&self, key: &ConditionKey, file: &str) -> FixedKey {
        FixedKey {
            key: key.clone(),
            state: self.state.clone(),
            is_present: self.is_present,
            evidence: self.evidence.unwrap_or(Evidence::Assumed),
            source: self.source.clone().unwrap_or_else(|| file.to_owned()).into(),
        }
    }
}

impl<'de> Deserialize<'de> for PathForms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Paths;

        impl<'de> Visitor<'de> for Paths {
            type Value = PathForms;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of names to call paths")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut paths: Vec<(String, PathForm)> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if paths.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format!("the path `{name}` is there twice")));
                    }
                    if name.trim().is_empty() || name.starts_with('+') {
                        return Err(A::Error::custom(format!(
                            "`{name}` cannot be the name of a path: it is empty or starts with `+`"
                        )));
                    }
                    paths.push((name, map.next_value()?));
                }
                Ok(PathForms(paths))
            }
        }

        deserializer.deserialize_map(Paths)
    }
}

impl<'de> Deserialize<'de> for PathForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = PathForm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of condition keys to states, and `like`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut path = PathForm { like: None, keys: Vec::new() };
                while let Some(name) = map.next_key::<String>()? {
                    if name == "like" {
                        path.like = Some(map.next_value()?);
                        continue;
                    }
                    if !name.contains(':') {
                        return Err(A::Error::custom(format!(
                            "`{name}` is neither a condition key, such as aws:SourceIp, nor `like`"
                        )));
                    }
                    let key = ConditionKey::new(name.as_str());
                    if let Some((known, _)) = path.keys.iter().find(|(known, _)| *known == key) {
                        return Err(A::Error::custom(format!(
                            "`{known}` and `{name}` are the same key: names ignore case"
                        )));
                    }
                    path.keys.push((key, map.next_value()?));
                }
                Ok(path)
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

impl<'de> Deserialize<'de> for StateForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(State { literal: false })
    }
}

/// A text taken as it is, or a list of texts.
struct Literal(KeyState);

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(State { literal: true }).map(|form| Self(form.state))
    }
}

/// Reads a state; a literal one knows no words and no map.
struct State {
    literal: bool,
}

impl<'de> Visitor<'de> for State {
    type Value = StateForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.literal {
            "a text or a list of texts"
        } else {
            "a text, a list of texts, `absent`, `unknown`, `present`, or { value: … }"
        })
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<StateForm, E> {
        Ok(if self.literal {
            StateForm::new(KeyState::single(text))
        } else {
            StateForm::of_text(text)
        })
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<StateForm, E> {
        Ok(StateForm::new(KeyState::single(value.to_string())))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<StateForm, E> {
        Ok(StateForm::new(KeyState::single(value.to_string())))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<StateForm, E> {
        Ok(StateForm::new(KeyState::single(value.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<StateForm, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<String>()? {
            values.push(value);
        }
        Ok(StateForm::new(KeyState::Multi(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StateForm, A::Error> {
        if self.literal {
            return Err(A::Error::custom("a value is a text or a list of texts"));
        }
        let (mut state, mut evidence, mut source) = (None, None, None);
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "value" => {
                    state = Some(StateForm::new(map.next_value::<Literal>()?.0));
                }
                "state" => {
                    let word: String = map.next_value()?;
                    if !matches!(word.as_str(), "absent" | "unknown" | "present") {
                        return Err(A::Error::custom(format!(
                            "`{word}` is not a state: absent, unknown or present; a text is a `value`"
                        )));
                    }
                    state = Some(StateForm::of_text(&word));
                }
                "evidence" => {
                    let word: String = map.next_value()?;
                    let known = Evidence::from_name(&word).ok_or_else(|| {
                        let words = Evidence::ALL.map(Evidence::name).join(", ");
                        A::Error::custom(format!("`{word}` is not evidence: {words}"))
                    })?;
                    evidence = Some(known);
                }
                "source" => source = Some(map.next_value()?),
                other => {
                    return Err(A::Error::custom(format!(
                        "`{other}` says nothing of a key: value, state, evidence, source do"
                    )));
                }
            }
        }
        let state =
            state.ok_or_else(|| A::Error::custom("there is neither `value` nor `state`"))?;
        Ok(StateForm { evidence, source, ..state })
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
            ("paths:\n  a: { SourceIp: x }\n", "`SourceIp` is neither", "line 2"),
            ("paths:\n  a: { aws:A: x, AWS:a: y }\n", "are the same key", "line 2"),
            ("paths:\n  a:\n    aws:A: { value: x, evidence: sure }\n", "`sure` is not", "line 3"),
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
