//! The claims of tokens, as people write them in files.

use std::collections::HashMap;

use iamsure_core::language::{Source, Span};
use serde_json::{Map, Value};

/// The claims of one token, under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    name: String,
    claims: Map<String, Value>,
}

/// A file that holds no claims.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ClaimsError {
    /// `file:line:column`.
    pub place: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Claims {
    /// Reads a file: the claims of one token, which is then called `name`, or an object of name →
    /// claims, which has objects alone.
    ///
    /// # Errors
    /// If it is not JSON, or not an object.
    pub fn read(source: &Source, name: &str) -> Result<Vec<Self>, ClaimsError> {
        let at = |span: Span, message: String| ClaimsError {
            place: format!("{}:{}", source.name(), source.place(span.start)),
            message,
        };
        let value: Value = serde_json::from_str(source.text()).map_err(|error| {
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or_default();
            ClaimsError {
                place: format!("{}:{}:{}", source.name(), error.line(), error.column().max(1)),
                message: format!("the claims are not JSON: {message}"),
            }
        })?;
        let Value::Object(object) = value else {
            let message = "the claims of a token are a JSON object, such as { \"sub\": \"…\", \"groups\": [\"…\"] }";
            let start = source.text().find(|c: char| !c.is_whitespace()).unwrap_or(0);
            return Err(at(Span::new(start, start + 1), message.to_owned()));
        };
        let named = !object.is_empty() && object.values().all(Value::is_object);
        if !named {
            return Ok(vec![Self { name: name.to_owned(), claims: object }]);
        }
        let of = |(name, value): (String, Value)| match value {
            Value::Object(claims) => Some(Self { name, claims }),
            _ => None,
        };
        Ok(object.into_iter().filter_map(of).collect())
    }

    /// A token without any claim.
    pub(super) fn none() -> Self {
        Self { name: String::new(), claims: Map::new() }
    }

    /// The claims of a token called `name`; none if `claims` is no object.
    pub fn of(name: impl Into<String>, claims: Value) -> Self {
        let claims = match claims {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        Self { name: name.into(), claims }
    }

    /// What the token is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All of them.
    pub(crate) const fn as_json(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// A claim that is text.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }

    /// A claim that is one text or a list of texts, as `aud` may be; empty if it is neither.
    pub(crate) fn texts(&self, claim: &str) -> Vec<&str> {
        match self.claims.get(claim) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What a claim is, in words; `None` if the token does not have it.
    pub(crate) fn kind_of(&self, claim: &str) -> Option<&'static str> {
        self.claims.get(claim).map(|value| match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        })
    }

    /// The length of the longest list or object in them, themselves included.
    pub(super) fn widest(&self) -> usize {
        fn widest(value: &Value) -> usize {
            match value {
                Value::Array(items) => items.iter().map(widest).fold(items.len(), usize::max),
                Value::Object(object) => object.values().map(widest).fold(object.len(), usize::max),
                _ => 0,
            }
        }
        self.claims.values().map(widest).fold(self.claims.len(), usize::max)
    }

    /// How much text they are, in bytes.
    pub(super) fn bytes(&self) -> usize {
        fn bytes(value: &Value) -> usize {
            match value {
                Value::String(text) => text.len(),
                Value::Array(items) => items.iter().map(bytes).sum(),
                Value::Object(object) => {
                    object.iter().map(|(name, value)| name.len() + bytes(value)).sum()
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => size_of::<f64>(),
            }
        }
        self.claims.iter().map(|(name, value)| name.len() + bytes(value)).sum()
    }

    /// As CEL sees them. Every number is a double: so Go's JSON reads it, and ToolHive is Go.
    pub(super) fn as_cel(&self) -> cel::Value {
        object(&self.claims)
    }
}

fn object(map: &Map<String, Value>) -> cel::Value {
    let entries: HashMap<String, cel::Value> =
        map.iter().map(|(name, value)| (name.clone(), cel_value(value))).collect();
    cel::Value::from(entries)
}

fn cel_value(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::from(*value),
        Value::Number(number) => cel::Value::from(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => cel::Value::from(text.as_str()),
        Value::Array(items) => cel::Value::from(items.iter().map(cel_value).collect::<Vec<_>>()),
        Value::Object(map) => object(map),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Claims>, ClaimsError> {
        Claims::read(&Source::new("claims.json", text), "file")
    }

    #[test]
    fn a_file_holds_one_token_or_named_ones() {
        let one = read(r#"{ "sub": "u", "act": { "sub": "agent" } }"#).unwrap();
        assert_eq!(one.len(), 1);
        assert_eq!((one[0].name(), one[0].text("sub")), ("file", Some("u")));
        let both = read(r#"{ "b": { "sub": "u" }, "a": {} }"#).unwrap();
        let names: Vec<_> = both.iter().map(Claims::name).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(read("{}").unwrap()[0].name(), "file");
    }

    #[test]
    fn what_is_not_claims_is_refused_with_its_place() {
        assert_eq!(
            read("{\n  \"sub\": }").unwrap_err().to_string(),
            "claims.json:2:10: the claims are not JSON: expected value"
        );
        assert!(read("\n []").unwrap_err().place.ends_with("2:2"));
    }

    #[test]
    fn an_audience_is_one_or_several() {
        let claims = Claims::of("t", serde_json::json!({ "aud": ["a", 1, "b"], "sub": "u" }));
        assert_eq!(claims.texts("aud"), ["a", "b"]);
        assert_eq!(claims.texts("sub"), ["u"]);
        assert_eq!(claims.texts("x"), [""; 0]);
    }
}
