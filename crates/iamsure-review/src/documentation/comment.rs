//! Comments of a document, in either syntax, and the text without them.
//!
//! `<!-- … -->` and `{/* … */}` are found outside code only, so that a page can show a marker without
//! being one. What a comment holds is no part of the document: a table that was commented out is no table.

use iamsure_core::language::Span;

use super::layout::{Layout, MAX_PARSED, MAX_ROUNDS, TooTangled};

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the first character of the opening to the last of the closing.
    pub span: Span,
    /// What it says, without blanks at the ends.
    pub text: String,
    /// How it is written.
    pub(crate) style: Style,
}

/// The two ways to write a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `<!-- … -->`
    Html,
    /// `{/* … */}`
    Mdx,
}

impl Style {
    const ALL: [Self; 2] = [Self::Html, Self::Mdx];

    /// What begins a comment.
    pub(crate) const fn opening(self) -> &'static str {
        match self {
            Self::Html => "<!--",
            Self::Mdx => "{/*",
        }
    }

    /// What ends a comment.
    pub(crate) const fn closing(self) -> &'static str {
        match self {
            Self::Html => "-->",
            Self::Mdx => "*/}",
        }
    }

    /// A comment of this text.
    pub fn comment(self, text: &str) -> String {
        format!("{} {text} {}", self.opening(), self.closing())
    }
}

/// Writes blanks over a stretch, but for the ends of its lines: every other offset stays what it was.
pub(super) fn blank(bytes: &mut [u8], span: Span) {
    for byte in bytes.iter_mut().take(span.end).skip(span.start) {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// The comments of `text`, in order, and its layout without them. `bytes` is the text as it is parsed.
pub(super) fn comments(
    text: &str,
    mut bytes: Vec<u8>,
) -> Result<(Vec<Comment>, Layout), TooTangled> {
    let mut found = Vec::new();
    let mut layout = Layout::of(&bytes);
    let (mut from, mut rounds) = (0, 0);
    let mut openings: Vec<Opening> =
        Style::ALL.iter().map(|style| Opening::first(*style, text)).collect();
    while let Some((style, start)) = next(&mut openings, text, from) {
        let inside = start + style.opening().len();
        if let Some(code) = layout.code_at(start) {
            from = code.end.max(inside);
            continue;
        }
        let rest = text.get(inside..).unwrap_or_default();
        let Some(length) = rest.find(style.closing()) else {
            // Where no closing was found once, there is none further on.
            openings.retain(|opening| opening.style != style);
            continue;
        };
        let end = inside + length + style.closing().len();
        let span = Span::new(start, end);
        let said = rest.get(..length).unwrap_or_default().trim().to_owned();
        found.push(Comment { span, text: said, style });
        blank(&mut bytes, span);
        // What looked like code was commented out, and more may be code no longer; or the comment leaves an empty
        // line, which ends a block of raw HTML, and what follows is Markdown again.
        if layout.has_code_in(span) || layout.has_html_around(span) && is_blank_line(&bytes, span) {
            rounds += 1;
            if rounds > MAX_ROUNDS.max(MAX_PARSED / bytes.len().max(1)) {
                return Err(TooTangled);
            }
            layout = Layout::of(&bytes);
        }
        from = end;
    }
    let layout = if found.is_empty() { layout } else { Layout::of(&bytes) };
    Ok((found, layout))
}

/// Whether the line that a stretch begins in, or the one that it ends in, is blank now.
fn is_blank_line(bytes: &[u8], span: Span) -> bool {
    let blank = |part: &[u8]| part.iter().all(u8::is_ascii_whitespace);
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let before = bytes.get(..span.start).unwrap_or_default().rsplit(is_end).next();
    let after = bytes.get(span.end..).unwrap_or_default().split(is_end).next();
    let is_long = bytes.get(span.start..span.end).is_some_and(|inside| inside.iter().any(is_end));
    let (before, after) = (before.is_none_or(blank), after.is_none_or(blank));
    if is_long { before || after } else { before && after }
}

/// Where comments of one style begin: the next place, found once.
struct Opening {
    style: Style,
    at: Option<usize>,
}

impl Opening {
    fn first(style: Style, text: &str) -> Self {
        Self { style, at: text.find(style.opening()) }
    }
}

/// The first opening at or after `from`.
fn next(openings: &mut [Opening], text: &str, from: usize) -> Option<(Style, usize)> {
    for opening in openings.iter_mut() {
        if opening.at.is_some_and(|at| at < from) {
            let rest = text.get(from..).unwrap_or_default();
            opening.at = rest.find(opening.style.opening()).map(|at| from + at);
        }
    }
    openings
        .iter()
        .filter_map(|opening| Some((opening.style, opening.at?)))
        .min_by_key(|(_, at)| *at)
}
