//! Values of condition keys as records write them.
//!
//! How many values a key has belongs to the key and not to the request (C-45, C-46), so that a record
//! that writes everything as text is read by what AWS publishes of the key.

use iamsure_core::language::json::Json;
use iamsure_core::world::KeyState;

use super::field::Field;

/// A value, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The state of the key.
    State(KeyState),
    /// The same; a text was split at its commas.
    Split(KeyState),
    /// It cannot be told what it is, and why.
    Unclear(&'static str),
}

/// A value of `key` in a captured request context, where lists may stand as one text: `[a, b]`.
pub(super) fn captured(key: &str, field: Field<'_>) -> Known {
    let multivalued = iamsure_reference::condition_key(key).known().map(|known| known.multivalued);
    let one = |text: &str| match multivalued {
        Some(true) => KeyState::Multi(vec![text.to_owned()]),
        Some(false) | None => KeyState::single(text),
    };
    let bracketed = |text: &str| {
        text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::to_owned)
    };
    match &field.value.value {
        Json::Text(text) => match (bracketed(text), multivalued) {
            (Some(inner), Some(true)) => {
                let texts: Vec<String> =
                    inner.split(',').map(|text| text.trim().to_owned()).collect();
                match texts.as_slice() {
                    [only] if only.is_empty() => Known::State(KeyState::Multi(Vec::new())),
                    [_] => Known::State(KeyState::Multi(texts)),
                    _ => Known::Split(KeyState::Multi(texts)),
                }
            }
            (Some(_), None) => Known::Unclear("it may be a list or a string"),
            _ => Known::State(one(text)),
        },
        Json::Bool(_) | Json::Number(_) => Known::State(one(field.written())),
        Json::List(_) => {
            let items = field.elements().unwrap_or_default();
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| match &item.value.value {
                    Json::Text(text) => Some(text.clone()),
                    Json::Bool(_) | Json::Number(_) => Some(item.written().to_owned()),
                    _ => None,
                })
                .collect();
            texts.map_or(Known::Unclear("it holds values other than strings"), |texts| {
                several(multivalued, texts)
            })
        }
        Json::Null | Json::Map(_) => Known::Unclear("it is not a string"),
    }
}

/// The values of `key` where every key is written as a list, whatever it holds; `None` if AWS does not publish the key.
pub(super) fn listed(key: &str, texts: Vec<String>) -> Option<Known> {
    let known = iamsure_reference::condition_key(key).known()?;
    Some(several(Some(known.multivalued), texts))
}

fn several(multivalued: Option<bool>, texts: Vec<String>) -> Known {
    match (multivalued, texts.as_slice()) {
        (Some(false), [only]) => Known::State(KeyState::single(only.as_str())),
        (Some(false), _) => {
            Known::Unclear("it is a list, but AWS publishes the key as single-valued")
        }
        _ => Known::State(KeyState::Multi(texts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iamsure_core::language::{Source, json};

    fn known(key: &str, value: &str) -> Known {
        let source = Source::new("test", value);
        captured(key, Field::new(&source, &json::read(&source).unwrap()))
    }

    fn many(texts: &[&str]) -> KeyState {
        KeyState::Multi(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn how_many_values_there_are_belongs_to_the_key() {
        let state = |key, value| known(key, value);
        assert_eq!(
            state("aws:ViaAWSService", "\"false\""),
            Known::State(KeyState::single("false"))
        );
        assert_eq!(state("aws:ViaAWSService", "false"), Known::State(KeyState::single("false")));
        assert_eq!(
            state("aws:SourceIp", "[\"203.0.113.7\"]"),
            Known::State(KeyState::single("203.0.113.7"))
        );
        assert_eq!(
            state("aws:PrincipalOrgPaths", "\"[o-a/r-b/]\""),
            Known::State(many(&["o-a/r-b/"]))
        );
        assert_eq!(state("aws:TagKeys", "\"team\""), Known::State(many(&["team"])));
        assert_eq!(state("aws:TagKeys", "\"[]\""), Known::State(many(&[])));
        assert_eq!(state("aws:TagKeys", "[\"a\", \"b\"]"), Known::State(many(&["a", "b"])));
        assert_eq!(state("aws:TagKeys", "\"[a, b]\""), Known::Split(many(&["a", "b"])));
        // A tag may hold brackets.
        assert_eq!(
            state("aws:PrincipalTag/team", "\"[a]\""),
            Known::State(KeyState::single("[a]"))
        );
    }

    #[test]
    fn what_may_be_two_things_is_neither() {
        assert!(matches!(known("unpublished:Key", "\"[a]\""), Known::Unclear(_)));
        assert!(matches!(known("aws:SourceIp", "[\"a\", \"b\"]"), Known::Unclear(_)));
        assert!(matches!(known("aws:SourceIp", "{}"), Known::Unclear(_)));
        assert!(matches!(known("aws:TagKeys", "[{}]"), Known::Unclear(_)));
    }
}
