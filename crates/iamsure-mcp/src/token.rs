//! The secret that is shown to the server, and kept from everybody else.

use std::fmt;

use serde_json::Value;

/// The longest token, in bytes: more does not fit into the headers that servers accept.
const LONGEST: usize = 16 * 1024;

/// What stands in place of the token wherever the server repeats it.
const REDACTED: &str = "[the token]";

/// A bearer token (RFC 6750). It has no `Display`, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A text that is no bearer token. No message holds any of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is nothing.
    #[error("it contains no token")]
    Empty,
    /// It is the whole header.
    #[error("it begins with `Bearer `: give only the token")]
    Scheme,
    /// It is too long for a header.
    #[error("it is longer than {LONGEST} bytes: no server accepts such a token")]
    TooLong,
    /// It holds what a token cannot.
    #[error(
        "its character {0} cannot be part of a bearer token, which has letters, digits and -._~+/= (RFC 6750)"
    )]
    Stray(usize),
}

impl Token {
    /// Takes a token as files and variables hold it: blanks and line ends around it do not count.
    ///
    /// # Errors
    /// If it is none; the error says why and shows none of it.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let token = text.trim();
        if token.is_empty() {
            return Err(TokenError::Empty);
        }
        if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
            return Err(TokenError::Scheme);
        }
        if token.len() > LONGEST {
            return Err(TokenError::TooLong);
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        match token.chars().position(|c| !fits(c)) {
            Some(index) => Err(TokenError::Stray(index + 1)),
            None => Ok(Self(token.to_owned())),
        }
    }

    /// The value of the header `Authorization`.
    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// The text without the token.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(&self.0, REDACTED)
    }

    /// Takes the token out of every text of a JSON value, names of members included.
    pub(crate) fn redact_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if text.contains(&self.0) {
                    *text = self.redact(text);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact_json(item)),
            Value::Object(members) => {
                members.values_mut().for_each(|member| self.redact_json(member));
                if members.keys().any(|name| name.contains(&self.0)) {
                    *members = std::mem::take(members)
                        .into_iter()
                        .map(|(name, member)| (self.redact(&name), member))
                        .collect();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_one_word_and_is_never_shown() {
        let token = Token::new(" eyJ.abc-_~+/= \n").unwrap();
        assert_eq!(token.authorization(), "Bearer eyJ.abc-_~+/=");
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_eq!(Token::new(" \n"), Err(TokenError::Empty));
        assert_eq!(Token::new("Bearer abc"), Err(TokenError::Scheme));
        assert_eq!(Token::new("ab c"), Err(TokenError::Stray(3)));
        assert_eq!(Token::new("ab\r\nHost: x"), Err(TokenError::Stray(3)));
        assert_eq!(Token::new(&"a".repeat(LONGEST + 1)), Err(TokenError::TooLong));
    }

    #[test]
    fn what_the_server_repeats_is_taken_out() {
        let token = Token::new("s3cret.token").unwrap();
        assert_eq!(token.redact("no: s3cret.token!"), "no: [the token]!");
        let mut value = json!({ "a s3cret.token": ["s3cret.token", { "b": "xs3cret.tokenx" }, 1] });
        token.redact_json(&mut value);
        assert_eq!(value, json!({ "a [the token]": ["[the token]", { "b": "x[the token]x" }, 1] }));
    }
}
