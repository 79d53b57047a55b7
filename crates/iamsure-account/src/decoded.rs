//! Documents as texts: stringified, or URL-encoded as IAM's API returns them.
//!
//! AWS pages: IAM API Reference, `API_GetRolePolicy` ("the policy document ... is URL-encoded compliant with RFC 3986"); API
//! Gateway API Reference, `API_RestApi` (`policy`).

use crate::container::Document;
use crate::node::{Look, Node};
use crate::written::written;

/// The document that a node is, or holds as a text.
pub(crate) fn document(node: &Node, is_json: bool) -> Document {
    match node.text() {
        Some(text) => match decoded(text) {
            Some(text) => Document::Written { text: text.into(), how: "decoded" },
            None => Document::Absent("is a string, not a policy document".to_owned()),
        },
        None if !node.members().is_empty() => {
            if is_json {
                Document::Inline(node.span)
            } else {
                Document::Written { text: written(node).into(), how: "as JSON" }
            }
        }
        None => Document::Absent("is not a policy document".to_owned()),
    }
}

/// The JSON that a text holds: itself, URL-encoded, or escaped once more, as API Gateway returns it.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with("{\\") {
        return serde_json::from_str(&format!("\"{text}\"")).ok();
    }
    if text.starts_with('{') || text.starts_with('[') {
        return Some(text.to_owned());
    }
    let is_encoded = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%7B"));
    is_encoded.then(|| percent(text)).flatten()
}

/// The text without percent-encoding (RFC 3986, 2.1); `None` if it is not that.
fn percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        bytes.push(digit(rest.next()?)? * 16 + digit(rest.next()?)?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_and_nothing_else() {
        assert_eq!(decoded(" {\"a\": \"%20\"}").as_deref(), Some("{\"a\": \"%20\"}"));
        assert_eq!(decoded("%7b%22%C3%A4+%22%7D").as_deref(), Some("{\"ä+\"}"));
        let escaped = r#"{\"Version\": \"2012-10-17\"}"#;
        assert_eq!(decoded(escaped).as_deref(), Some(r#"{"Version": "2012-10-17"}"#));
        for text in ["", "%7", "%7B%2", "%7B%zz", "%7B%ff%7D", "App"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
