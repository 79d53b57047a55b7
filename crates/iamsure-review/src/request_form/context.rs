//! The keys of a request, in order.

use std::fmt;

use iamsure_core::world::KeyState;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::text::Text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownForm {
    /// Only `true` means anything.
    unknown: True,
}

struct True;

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            Ok(Self)
        } else {
            Err(serde::de::Error::custom("`unknown` is `true` or is not written"))
        }
    }
}

/// The state of a key, as it is written: a text, a number, a Boolean, a list of these, `null` (absent) or `{ "unknown": true }`. A
/// number means its text to the digit (G-15).
fn state(raw: &RawValue) -> Option<KeyState> {
    let text = raw.get();
    match text.as_bytes().first()? {
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            elements.into_iter().map(value).collect::<Option<_>>().map(KeyState::Multi)
        }
        b'{' => {
            let UnknownForm { unknown: True } = serde_json::from_str(text).ok()?;
            Some(KeyState::Unknown)
        }
        b'n' if text == "null" => Some(KeyState::Absent),
        _ => value(raw).map(KeyState::Single),
    }
}

/// One value, as its text.
fn value(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    match text.as_bytes().first()? {
        b'"' => match text.get(1..text.len() - 1) {
            // Without an escape it is what is written.
            Some(inner) if !inner.bytes().any(|byte| byte == b'\\') => Some(inner.to_owned()),
            _ => serde_json::from_str(text).ok(),
        },
        b't' | b'f' | b'-' | b'0'..=b'9' => Some(text.to_owned()),
        _ => None,
    }
}

/// The entries of the context in order, so that a repeated key is seen.
#[derive(Default)]
pub(super) struct Entries<'a>(pub(super) Vec<(Text<'a>, KeyState)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a map of condition keys to a string (or number or Boolean), a list of strings, null (absent), or { \"unknown\": true }",
                )
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    let raw = map.next_value::<&RawValue>()?;
                    let state = state(raw).ok_or_else(|| {
                        serde::de::Error::custom(format!(
                            "the context value of `{}` must be a string, a number, a Boolean, a list of them, null (absent), or {{ \"unknown\": true }}",
                            key.as_str()
                        ))
                    })?;
                    entries.push((key, state));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
