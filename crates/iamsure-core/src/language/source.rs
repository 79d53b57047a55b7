//! Where text came from: a named source, byte spans into it, and lines and columns on demand.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A named piece of text that was read: a policy file, standard input, a fence of a document.
///
/// Cloning is cheap. Equality compares name and text.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// Where each line begins; worked out when it is first asked for.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl Source {
    /// A source called `name`, as it is shown to people (a path, `-`, `page.mdx#title`).
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into(), lines: Arc::default() }
    }

    /// The name that messages print.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under `span`; empty if the span does not fit this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Line and column of a byte offset, both from 1; the column counts characters.
    ///
    /// An offset past the end is the place after the last character.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.boundary(offset);
        let (line, start) = self.line_at(offset);
        let column = self.text.get(start..offset).unwrap_or_default().chars().count() + 1;
        Place { line, column }
    }

    /// The span of the whole lines that `span` touches, without the last line's end.
    pub fn lines_around(&self, span: Span) -> Span {
        let (_, start) = self.line_at(self.boundary(span.start));
        let end = self.boundary(span.end.max(span.start));
        let rest = self.text.get(end..).unwrap_or_default();
        Span::new(start, end + rest.find('\n').unwrap_or(rest.len()))
    }

    /// The nearest offset at or before `offset` that splits no character.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The line of an offset, from 1, and where it begins.
    fn line_at(&self, offset: usize) -> (usize, usize) {
        let starts = self.lines.get_or_init(|| {
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        (line, line.checked_sub(1).and_then(|index| starts.get(index)).copied().unwrap_or(0))
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for Source {}

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A line and a column, both counted from 1; the column counts characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value together with the place it was written at.
///
/// Two spanned values are equal when the values are: where something stands in a file is not part
/// of what it says. That is what makes "document → JSON → document is the identity" a plain `==`.
#[derive(Clone, Copy, Debug)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new("p", "a\nöb\n");
        assert_eq!(source.place(0), Place { line: 1, column: 1 });
        assert_eq!(source.place(2), Place { line: 2, column: 1 });
        assert_eq!(source.place(4), Place { line: 2, column: 2 });
        assert_eq!(source.place(99), Place { line: 3, column: 1 });
    }

    #[test]
    fn the_lines_around_a_span_are_whole() {
        let source = Source::new("p", "ab\ncd\nef");
        assert_eq!(source.slice(source.lines_around(Span::new(4, 4))), "cd");
        assert_eq!(source.slice(source.lines_around(Span::new(1, 7))), "ab\ncd\nef");
        assert_eq!(source.slice(source.lines_around(Span::new(99, 99))), "ef");
    }

    #[test]
    fn a_place_inside_a_character_is_the_place_of_the_character() {
        assert_eq!(Source::new("p", "ö").place(1), Place { line: 1, column: 1 });
    }
}
