//! Texts as scalars of YAML.

use std::fmt::Write as _;

use crate::foreign::is_hidden;

/// A text as a scalar that every YAML reader reads back as this text: plain where that is safe, and
/// in double quotes otherwise.
///
/// YAML 1.2.2, sections 5.1 (printable characters), 7.3.3 (plain style), 10.3.2 (what a plain scalar
/// may stand for).
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { escaped(&serde_json::json!(text).to_string()) }
}

/// The same text with characters that cannot be seen, or that turn the direction of writing, as JSON
/// escapes (and those above U+FFFF as `\\U000e0001`); line feeds stay. For what stands in double quotes of YAML.
pub(super) fn escaped(text: &str) -> String {
    let hidden = |c: char| (is_hidden(c) && c != '\n') || matches!(c, '\u{fffe}'..='\u{ffff}');
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let _ = match u32::from(c) {
            code if hidden(c) && code > 0xffff => write!(shown, "\\U{code:08x}"),
            code if hidden(c) => write!(shown, "\\u{code:04x}"),
            _ => shown.write_char(c),
        };
    }
    shown
}

/// Whether a text may stand without quotes, in a map, as a key or in a list.
fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_./:@+= ".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_word)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !means_something_else(text)
}

/// The words that some version of YAML reads as a Boolean or as nothing.
fn means_something_else(text: &str) -> bool {
    ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
}
