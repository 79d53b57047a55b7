//! Strict JSON with a span on every value and key.
//!
//! Two well-kept parsers share the work. `serde_json` is the judge of what is JSON: its verdict and
//! its position are what a user sees. `jsonc-parser`, with every leniency switched off, only tells
//! where each accepted value stands. Duplicate keys survive, for the caller to report.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::diagnostic::{Code, Diagnostic};
use super::document::Profile;
use super::source::{Source, Span, Spanned};

/// The largest document that is read, in bytes. AWS's largest policies are far below: 131,072
/// characters in the policy simulator, 40,000 in a delegation policy.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The deepest nesting that is read. A policy needs six levels.
pub const MAX_DEPTH: usize = 64;

/// A JSON value; numbers and Booleans keep their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// A list.
    List(Vec<Spanned<Json>>),
    /// An object: every member in order, duplicates included.
    Map(Vec<Member>),
}

/// One key and value of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key, unescaped, with the span of its quoted form.
    pub key: Spanned<String>,
    /// The value.
    pub value: Spanned<Json>,
}

impl Json {
    /// What a person calls this type of value.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a Boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}

/// Reads `source` as one JSON value.
///
/// # Errors
/// One diagnostic of grade [`Unreadable`](super::diagnostic::Grade::Unreadable), with its place.
pub fn read(source: &Source) -> Result<Spanned<Json>, Diagnostic> {
    read_within(source, MAX_BYTES)
}

/// As [`read`], of what holds many documents and may be longer: at most `limit` bytes.
///
/// # Errors
/// As [`read`].
pub fn read_within(source: &Source, limit: usize) -> Result<Spanned<Json>, Diagnostic> {
    let text = source.text();
    let refuse =
        |code, span, message: String| Diagnostic::new(code, Profile::Strict, span, message);
    if text.len() > limit {
        let message =
            format!("the document is {} bytes long; iamsure reads at most {limit}", text.len());
        return Err(refuse(Code::TooLarge, Span::default(), message).help(
            "AWS's largest policies are well under 131,072 characters: is this the right file?",
        ));
    }
    if text.trim().is_empty() {
        let message = "the document is empty".to_owned();
        return Err(refuse(Code::EmptyDocument, Span::new(0, text.len()), message).help(
            "a policy document starts as `{ \"Version\": \"2012-10-17\", \"Statement\": [ … ] }`",
        ));
    }
    if let Some(offset) = first_too_deep(text) {
        let message = format!("the JSON is nested more than {MAX_DEPTH} levels deep");
        return Err(refuse(Code::TooDeep, Span::new(offset, offset + 1), message)
            .help("a policy needs six levels: is this a policy document?"));
    }
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let offset = offset_of(text, error.line(), error.column());
        return Err(syntax_error(source, offset, &error));
    }
    let collect =
        CollectOptions { comments: jsonc_parser::CommentCollectionStrategy::Off, tokens: false };
    let parsed = parse_to_ast(text, &collect, &strictest());
    match parsed.map(|result| result.value) {
        Ok(Some(value)) => Ok(convert(value)),
        Ok(None) => Err(refuse(
            Code::EmptyDocument,
            Span::new(0, text.len()),
            "the document is empty".to_owned(),
        )),
        Err(error) => {
            let range = error.range();
            let message = format!("this is not JSON: {}", error.kind());
            Err(refuse(Code::NotJson, Span::new(range.start, range.end), message))
        }
    }
}

/// Every leniency off. All fields are named, so that a new one must be decided before it compiles.
const fn strictest() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The offset of the first bracket that opens level `MAX_DEPTH + 1`, outside strings.
fn first_too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(offset);
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The byte offset of a line and column as `serde_json` counts them (columns are bytes from 1).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    // At the end of the text the column is that of its last byte, not of its last character.
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn syntax_error(source: &Source, offset: usize, error: &serde_json::Error) -> Diagnostic {
    let text = source.text();
    // `serde_json` appends " at line … column …"; the place is ours to show.
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let end = text
        .get(offset..)
        .and_then(|rest| rest.chars().next())
        .map_or(offset, |c| offset + c.len_utf8());
    let mut finding = Diagnostic::new(
        Code::NotJson,
        Profile::Strict,
        Span::new(offset, end),
        format!("this is not JSON: {said}"),
    );
    let before = text.get(..offset).unwrap_or_default().trim_end();
    finding.help = if text.starts_with('\u{feff}') {
        Some("the file begins with a byte order mark: save it as UTF-8 without one".to_owned())
    } else if text.trim_start().starts_with("Version:")
        || text.trim_start().starts_with("Statement:")
    {
        Some("this looks like YAML; AWS policies are JSON".to_owned())
    } else if before.ends_with(',') && matches!(text.get(offset..end), Some("}" | "]")) {
        Some("remove the comma before the closing bracket".to_owned())
    } else if error.is_eof() {
        Some("unexpected end: a closing bracket or quote is missing".to_owned())
    } else if text.get(offset..).is_some_and(|rest| rest.starts_with("//") || rest.starts_with('#'))
    {
        Some("JSON has no comments: remove this one".to_owned())
    } else if matches!(text.get(offset..end), Some("'")) {
        Some("JSON quotes with \"".to_owned())
    } else {
        Some("check here and just before for a missing or extra comma, quote or bracket".to_owned())
    };
    finding
}

fn convert(value: ast::Value<'_>) -> Spanned<Json> {
    let range = value.range();
    let span = Span::new(range.start, range.end);
    let json = match value {
        ast::Value::NullKeyword(_) => Json::Null,
        ast::Value::BooleanLit(literal) => Json::Bool(literal.value),
        ast::Value::NumberLit(literal) => Json::Number(literal.value.to_owned()),
        ast::Value::StringLit(literal) => Json::Text(literal.value.into_owned()),
        ast::Value::Array(list) => Json::List(list.elements.into_iter().map(convert).collect()),
        ast::Value::Object(object) => {
            let member = |property: ast::ObjectProp<'_>| {
                let range = property.name.range();
                let key = property.name.into_string();
                Member {
                    key: Spanned::new(key, Span::new(range.start, range.end)),
                    value: convert(property.value),
                }
            };
            Json::Map(object.properties.into_iter().map(member).collect())
        }
    };
    Spanned::new(json, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        read(&Source::new("t", text)).unwrap_err().code
    }

    #[test]
    fn duplicate_keys_survive_with_their_places() {
        let source = Source::new("t", r#"{"a": 1, "a": "x"}"#);
        let Json::Map(members) = read(&source).unwrap().value else { panic!("an object") };
        assert_eq!(members.len(), 2);
        assert_eq!(source.slice(members[1].key.span), r#""a""#);
        assert_eq!(source.slice(members[1].value.span), r#""x""#);
        assert_eq!(members[0].value.value, Json::Number("1".to_owned()));
    }

    #[test]
    fn nothing_but_json_is_accepted() {
        for text in [
            "{,}",
            "[1,]",
            "// x\n{}",
            "{a: 1}",
            "{'a': 1}",
            "+1",
            ".5",
            "0x1",
            "NaN",
            "{} {}",
            "\"\u{1}\"",
            "\u{feff}{}",
            "nul",
            "\"\\ud800\"",
        ] {
            assert_eq!(code(text), Code::NotJson, "{text}");
        }
    }

    #[test]
    fn emptiness_and_depth_are_their_own_findings() {
        assert_eq!(code(""), Code::EmptyDocument);
        assert_eq!(code(" \n"), Code::EmptyDocument);
        assert_eq!(code(&"[".repeat(MAX_DEPTH + 1)), Code::TooDeep);
        assert_eq!(code(&"[".repeat(1_000_000)), Code::TooDeep);
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(read(&Source::new("t", deep)).is_ok());
        assert!(read(&Source::new("t", format!("\"{}\"", "[".repeat(200)))).is_ok());
    }

    #[test]
    fn a_syntax_error_points_at_its_place() {
        let source = Source::new("t", "{\n  \"a\": 1,\n}");
        let finding = read(&source).unwrap_err();
        assert_eq!(source.place(finding.span().start).to_string(), "3:1");
        assert!(finding.help.unwrap().contains("comma"));
    }
}
