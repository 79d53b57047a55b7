//! The header `WWW-Authenticate` of a refusal.

use crate::resource_metadata::LONGEST_URL;
use crate::trouble::in_a_line;

/// What a server says of how to be let in: the parameters of its challenge of the scheme `Bearer`.
///
/// RFC 6750 3, RFC 9110 11.6.1, RFC 9728 5.1.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Challenge {
    /// Where its protected-resource metadata is.
    pub resource_metadata: Option<String>,
    /// Its realm.
    pub realm: Option<String>,
    /// The scopes to ask for.
    pub scope: Option<String>,
    /// What is wrong with the token.
    pub error: Option<String>,
    /// The same in words.
    pub error_description: Option<String>,
}

impl Challenge {
    /// The challenge of the scheme `Bearer` among all headers; `None` if there is none. Of a parameter given twice the
    /// first counts.
    pub(crate) fn among(headers: &[String]) -> Option<Self> {
        let mut found: Option<Self> = None;
        for header in headers {
            let mut is_bearer = false;
            for part in parts(header) {
                let parameter = match scheme(part) {
                    Some((scheme, rest)) => {
                        is_bearer = scheme.eq_ignore_ascii_case("bearer");
                        if is_bearer {
                            found.get_or_insert_default();
                        }
                        rest
                    }
                    None => part,
                };
                if let (true, Some(challenge), Some((name, value))) =
                    (is_bearer, found.as_mut(), parameter.split_once('='))
                {
                    challenge.set(name.trim(), unquoted(value.trim()));
                }
            }
        }
        found
    }

    /// Sets a parameter; texts are cut to a line, and a URL that is too long is left out.
    fn set(&mut self, name: &str, value: String) {
        if name.eq_ignore_ascii_case("resource_metadata") {
            if value.len() <= LONGEST_URL {
                self.resource_metadata.get_or_insert(value);
            }
            return;
        }
        let value = in_a_line(&value);
        let slot = match name.to_ascii_lowercase().as_str() {
            "realm" => &mut self.realm,
            "scope" => &mut self.scope,
            "error" => &mut self.error,
            "error_description" => &mut self.error_description,
            _ => return,
        };
        slot.get_or_insert(value);
    }
}

/// The parts between commas that are not in quotation marks.
fn parts(header: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    header
        .split(move |c: char| {
            let ends = c == ',' && !quoted;
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            ends
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// The scheme that a part begins with, and what follows it; `None` if the part is a parameter.
fn scheme(part: &str) -> Option<(&str, &str)> {
    let end = part.find([' ', '\t', '=']).unwrap_or(part.len());
    let (word, rest) = part.split_at_checked(end)?;
    let rest = rest.trim_start();
    // `name = value` is a parameter with blanks around its sign.
    (!rest.starts_with('=')).then_some((word, rest))
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => text.extend(characters.next()),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(headers: &[&str]) -> Option<Challenge> {
        let headers: Vec<_> = headers.iter().map(|header| (*header).to_owned()).collect();
        Challenge::among(&headers)
    }

    #[test]
    fn the_parameters_of_bearer_are_read() {
        let found = challenge(&[
            r#"Bearer realm="a, b", resource_metadata="https://h/.well-known/x", scope=s error="no""#,
        ]);
        let found = found.unwrap();
        assert_eq!(found.realm.as_deref(), Some("a, b"));
        assert_eq!(found.resource_metadata.as_deref(), Some("https://h/.well-known/x"));
        let found =
            challenge(&[r#"bearer error = invalid_token , error_description="a \"b\"""#]).unwrap();
        assert_eq!(found.error.as_deref(), Some("invalid_token"));
        assert_eq!(found.error_description.as_deref(), Some("a \"b\""));
    }

    #[test]
    fn other_schemes_are_not_bearer() {
        assert_eq!(challenge(&[]), None);
        assert_eq!(challenge(&[r#"Basic realm="Bearer x", charset="UTF-8""#]), None);
        let found = challenge(&[r#"Basic realm="x", Bearer realm="y", DPoP realm="z""#]).unwrap();
        assert_eq!(found.realm.as_deref(), Some("y"));
        assert_eq!(challenge(&["Basic", "Bearer"]), Some(Challenge::default()));
        assert_eq!(challenge(&["\"", ",,,=", "Bearer \\"]).map(|c| c.realm), Some(None));
    }
}
