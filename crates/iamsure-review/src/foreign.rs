//! Text of others, and the sinks that alone may open it.
//!
//! Names of files and tests, Sids, values, headings: whatever a policy, a page, a suite or a manifest holds was
//! written by somebody who may want it to be taken for ours. [`Foreign`] holds such a text and has no
//! `Display`; a [`Sink`] writes it so that a reader of the sink's format gets the text and nothing more: no new
//! line, no style, no cell, no markup, no command.
//!
//! What people cannot see is written out as `\u{202e}`: control characters, the Unicode characters that reverse
//! the direction of writing, and those that have no width (`Default_Ignorable_Code_Point`,
//! <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>).

mod markdown;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text that was written by somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Foreign<'a>(&'a str);

impl<'a> From<&'a str> for Foreign<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

impl<'a> From<&'a String> for Foreign<'a> {
    fn from(text: &'a String) -> Self {
        Self(text)
    }
}

/// What a text of others is written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sink {
    /// A part of one line for people.
    Line,
    /// Whole lines for people. No line begins a workflow command of GitHub, whose runner reads whatever a step
    /// prints (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
    Lines,
    /// A JSON document that was serialized already: only its texts can hold what is written out, as `\u202e`.
    Json,
    /// Words in Markdown (CommonMark with GFM tables) or MDX, in a cell too.
    Markdown,
    /// A paragraph of Markdown or MDX from its first word, which begins no list, rule, directive or, in MDX, import.
    Paragraph,
    /// A code span in a paragraph or an item of Markdown or MDX.
    Code,
    /// A code span in a cell of a pipe table of Markdown or MDX.
    CodeInCell,
    /// Text of HTML, and a value of an attribute in quotes.
    Html,
    /// Text of HTML that stands in Markdown or MDX, where more begins something.
    HtmlInMarkdown,
    /// A cell of CSV, before it is quoted. No spreadsheet takes it for a formula
    /// (<https://owasp.org/www-community/attacks/CSV_Injection>).
    Csv,
    /// The message of a workflow command of GitHub.
    Annotation,
    /// A property of a workflow command of GitHub.
    AnnotationProperty,
    /// A description in the Test Anything Protocol, version 14
    /// (<https://testanything.org/tap-version-14-specification.html>).
    Tap,
    /// Text of an XML 1.0 element, before it is escaped (<https://www.w3.org/TR/xml/#charsets>).
    Xml,
    /// An attribute of XML 1.0, before it is escaped.
    XmlAttribute,
    /// The text of a SARIF message, before it is serialized: no link begins in it (SARIF 2.1.0, 3.11.6).
    Sarif,
    /// A path as a relative reference of a URI (RFC 3986).
    Uri,
}

impl Sink {
    /// The text as it is written there.
    pub fn text<'a>(self, text: impl Into<Foreign<'a>>) -> Cow<'a, str> {
        let Foreign(text) = text.into();
        match self {
            Self::Line => one_line(text),
            Self::Lines => lines(text),
            Self::Json => json(text),
            Self::Markdown => markdown::words(&one_line(text)).into(),
            Self::Paragraph => markdown::paragraph(&one_line(text)).into(),
            Self::Code => markdown::code(&one_line(text), false).into(),
            Self::CodeInCell => markdown::code(&one_line(text), true).into(),
            Self::Html => html(text, &[]).into(),
            Self::HtmlInMarkdown => html(text, &MARKDOWN_IN_HTML).into(),
            Self::Csv => csv(text),
            Self::Annotation => annotation(text, &[]).into(),
            Self::AnnotationProperty => annotation(text, &[':', ',']).into(),
            Self::Tap => tap(text),
            Self::Xml => shown(text, |c| (is_hidden(c) && c != '\n') || is_no_xml(c)),
            Self::XmlAttribute => match one_line(text) {
                Cow::Borrowed(text) => shown(text, is_no_xml),
                Cow::Owned(text) => shown(&text, is_no_xml).into_owned().into(),
            },
            // A blank parts the brackets of a link.
            Self::Sarif => replaced(shown_in_lines(text), "](", "] ("),
            Self::Uri => uri(text).into(),
        }
    }
}

/// Lines of Markdown or MDX in which some words are in backticks: those become code spans, and everything else
/// words. Line ends become `<br/>`, as in a cell.
pub fn markdown_with_code(text: &str) -> String {
    let line = |line| markdown::with_code(&one_line(line));
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    lines.join("<br/>")
}

/// Whether people cannot see a character, or it is no part of a line.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Separators of lines and paragraphs, and interlinear annotation.
            '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'
            // Default_Ignorable_Code_Point.
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// What XML 1.0 has no way to say, beside control characters.
const fn is_no_xml(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The text with some characters written out.
fn shown(text: &str, is_written_out: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_written_out) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if is_written_out(c) => out.push_str("\\n"),
            '\r' if is_written_out(c) => out.push_str("\\r"),
            '\t' if is_written_out(c) => out.push_str("\\t"),
            c if is_written_out(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.into()
}

fn one_line(text: &str) -> Cow<'_, str> {
    shown(text, is_hidden)
}

/// Everything hidden is written out but line ends.
fn shown_in_lines(text: &str) -> Cow<'_, str> {
    shown(text, |c| is_hidden(c) && c != '\n')
}

fn replaced<'a>(text: Cow<'a, str>, from: &str, to: &str) -> Cow<'a, str> {
    if text.contains(from) { text.replace(from, to).into() } else { text }
}

/// What GitHub's runner takes for a command anywhere in a line.
const OLD_COMMAND: &str = "##[";

fn lines(text: &str) -> Cow<'_, str> {
    let text = replaced(shown_in_lines(text), OLD_COMMAND, "##\\u{5b}");
    let begins = |line: &str| line.trim_start().starts_with("::");
    if !text.split('\n').any(begins) {
        return text;
    }
    let guarded: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(
            |line| if begins(line) { line.replacen(':', "\\u{3a}", 1).into() } else { line.into() },
        )
        .collect();
    guarded.join("\n").into()
}

fn json(text: &str) -> Cow<'_, str> {
    // Line ends and blanks of the layout are no part of a text: serialized texts hold none.
    let is_written_out = |c: char| is_hidden(c) && !matches!(c, '\n' | '\r' | '\t');
    let text = replaced(Cow::Borrowed(text), OLD_COMMAND, "##\\u005b");
    // Of answers by the million almost every text is of these, which are told faster than the others.
    if is_plain(&text) || !text.contains(is_written_out) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_written_out(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Whether a text is printable ASCII, and the layout of lines: nothing in it is hidden or a style.
pub fn is_plain(text: &str) -> bool {
    text.as_bytes().chunks(PLAIN_AT_ONCE).all(are_plain)
}

/// How many bytes are looked at together, without a question whether to go on: compilers make one instruction for many
/// of it.
const PLAIN_AT_ONCE: usize = 256;

/// Whether bytes are printable ASCII, or the layout of lines.
fn are_plain(bytes: &[u8]) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') | matches!(byte, b'\n' | b'\r' | b'\t');
    bytes.iter().fold(true, |all, byte| all & is_plain(*byte))
}

/// What begins something in Markdown even inside HTML; in MDX, code.
const MARKDOWN_IN_HTML: [char; 11] = ['{', '}', '*', '_', '`', '\\', '[', ']', '~', '$', '|'];

fn html(text: &str, also: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown_in_lines(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A hyphen may end a comment, and an apostrophe a value.
            '\n' | '-' | '\'' => drop(write!(out, "&#{};", u32::from(c))),
            c if also.contains(&c) => drop(write!(out, "&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn csv(text: &str) -> Cow<'_, str> {
    let text = one_line(text);
    // A sign, or the `::` of a workflow command.
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    if is_formula || text.trim_start().starts_with("::") { format!("'{text}").into() } else { text }
}

fn annotation(text: &str, also: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown_in_lines(text).chars() {
        if matches!(c, '%' | '\n') || also.contains(&c) {
            // All of them are of one byte.
            let _ = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// A text that neither ends the line nor begins a directive.
fn tap(text: &str) -> Cow<'_, str> {
    let text = replaced(one_line(text), "\\", "\\\\");
    replaced(text, "#", "\\#")
}

fn uri(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            b'\\' => out.push('/'),
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}
