//! Where text came from: a named source, byte spans into it, and lines and columns on demand.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A named piece of text that was read: a policy file, standard input, a fence of a document.
///
/// Cloning is cheap. Equality compares name, text and where it is from.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// The name of the file that holds it.
    file: Arc<str>,
    /// Whether lines and columns are those of that file.
    has_places_of_file: bool,
    /// Where the text begins, of a part of a longer one.
    origin: Place,
    /// What places are looked up in; made when the first is asked for.
    index: Arc<OnceLock<Index>>,
}

/// Where lines begin, and how many characters there are up to every [`STEP`] bytes: places are looked up
/// as fast in one long line as in many short ones.
#[derive(Debug)]
struct Index {
    /// The offset at which each line begins.
    lines: Vec<usize>,
    /// How many characters begin before each multiple of [`STEP`].
    characters: Vec<usize>,
}

/// How many columns before a [part](Source::part) are kept as blanks, at most.
const WIDEST: usize = 400;

/// How many bytes are counted anew, at most, for a place.
const STEP: usize = 512;

impl Index {
    fn of(text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut before = 0;
        let chunks = text.as_bytes().chunks(STEP);
        let characters = std::iter::once(0).chain(chunks.map(|chunk| {
            before += characters_in(chunk);
            before
        }));
        Self { lines: lines.collect(), characters: characters.collect() }
    }

    /// How many characters begin before an offset that splits none.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let step = offset / STEP;
        let known = self.characters.get(step).copied().unwrap_or(0);
        known + characters_in(text.as_bytes().get(step * STEP..offset).unwrap_or_default())
    }
}

/// How many characters begin in a part of UTF-8.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

impl Source {
    /// A source called `name`, as it is shown to people (a path, `-`, `page.mdx#title`).
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let name = name.into();
        Self {
            file: Arc::clone(&name),
            name,
            text: text.into(),
            has_places_of_file: true,
            origin: Place { line: 1, column: 1 },
            index: Arc::default(),
        }
    }

    /// This text, which is a part of `whole` with its lines and columns.
    #[must_use]
    pub fn in_place_of(self, whole: &Self) -> Self {
        Self { file: Arc::clone(&whole.file), has_places_of_file: whole.has_places_of_file, ..self }
    }

    /// This text, which was decoded from or made of `whole`: its lines and columns are its own.
    #[must_use]
    pub fn made_of(self, whole: &Self) -> Self {
        Self { file: Arc::clone(&whole.file), has_places_of_file: false, ..self }
    }

    /// A part of this source as one of its own, with the lines and columns of the whole. Spans count
    /// from the part's own beginning.
    #[must_use]
    pub fn part(&self, name: impl Into<Arc<str>>, span: Span) -> Self {
        let Place { line, column } = self.place(span.start);
        let (before, text) = (column - 1, self.slice(span));
        // Where the line is short, its columns are in the text too, for those who show the line.
        if before <= WIDEST {
            let text = [&*" ".repeat(before), text].concat();
            let part = Self { origin: Place { line, column: 1 }, ..Self::new(name, text) };
            return part.in_place_of(self);
        }
        Self { origin: Place { line, column }, ..Self::new(name, text) }.in_place_of(self)
    }

    /// The name that messages print.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that holds it, by the name it was read under.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Whether the places of this text are places in [its file](Self::file).
    pub const fn has_places_of_file(&self) -> bool {
        self.has_places_of_file
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
        let before = |offset| self.index().characters_before(&self.text, offset);
        let first = if line == 1 { self.origin.column } else { 1 };
        Place { line: line + self.origin.line - 1, column: before(offset) - before(start) + first }
    }

    /// The span of the whole lines that `span` touches, without the last line's end.
    pub fn lines_around(&self, span: Span) -> Span {
        let (_, start) = self.line_at(self.boundary(span.start));
        let (line, _) = self.line_at(self.boundary(span.end.max(span.start)));
        let next = self.index().lines.get(line).map(|next| next - 1);
        Span::new(start, next.unwrap_or(self.text.len()))
    }

    /// The nearest offset at or before `offset` that splits no character.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.text))
    }

    /// The line of an offset, from 1, and where it begins.
    fn line_at(&self, offset: usize) -> (usize, usize) {
        let starts = &self.index().lines;
        let line = starts.partition_point(|start| *start <= offset);
        (line, line.checked_sub(1).and_then(|index| starts.get(index)).copied().unwrap_or(0))
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text, self.origin) == (&other.name, &other.text, other.origin)
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
    /// The span of what stands in no source.
    pub const NOWHERE: Self = Self { start: usize::MAX, end: usize::MAX };

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
    fn places_in_long_lines_are_counted_from_their_start() {
        for length in [STEP - 1, STEP, STEP + 1, 3 * STEP] {
            let text = format!("é\n{}\né", "aöx".repeat(length));
            let source = Source::new("p", text.as_str());
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let before = text.get(..at).unwrap();
                let start = before.rfind('\n').map_or(0, |at| at + 1);
                let place = Place {
                    line: before.matches('\n').count() + 1,
                    column: before.get(start..).unwrap().chars().count() + 1,
                };
                assert_eq!(source.place(at), place, "{length} {at}");
            }
        }
    }

    #[test]
    fn a_place_inside_a_character_is_the_place_of_the_character() {
        assert_eq!(Source::new("p", "ö").place(1), Place { line: 1, column: 1 });
    }
}
