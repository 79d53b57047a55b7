//! A table as it was written: its cells, each with its place.

use iamsure_core::language::Span;
use iamsure_truth::phrase::{Phrase, Piece};

/// A pipe table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The whole of it.
    pub(crate) span: Span,
    /// The cells of its heading.
    pub header: Vec<Cell>,
    /// The cells of each row; as many as the heading has.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table with rows for columns: its headings are the first cell of each line. Cells keep their places.
    pub(super) fn transposed(&self) -> Self {
        let lines = || std::iter::once(&self.header).chain(&self.rows);
        let column = |number: usize| lines().filter_map(|line| line.get(number)).cloned().collect();
        Self {
            span: self.span,
            header: column(0),
            rows: (1..self.header.len()).map(column).collect(),
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its text, without blanks around it; empty where there is none.
    pub(crate) span: Span,
    /// Everything between the two bars.
    pub(crate) room: Span,
    /// What a reader sees, code told from words.
    pub phrase: Phrase,
}

impl Cell {
    pub(super) fn new(room: Span, text: &str) -> Self {
        let written = text.get(room.start..room.end).unwrap_or_default();
        let start = room.start + (written.len() - written.trim_start().len());
        let span = Span::new(start, (start + written.trim().len()).min(room.end.max(start)));
        Self { span, room, phrase: Phrase::default() }
    }

    /// The words outside code, in lower case, with single blanks.
    pub(super) fn words(&self) -> String {
        let words = self.phrase.0.iter().map(|piece| match piece {
            Piece::Word(text) => text.as_str(),
            Piece::Code(_) => " ",
        });
        normal(&words.collect::<String>())
    }

    /// The texts in code.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.phrase.codes().map(str::trim)
    }

    /// What a reader sees, code and words alike.
    pub(crate) fn text(&self) -> String {
        let all: String = self
            .phrase
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Word(text) | Piece::Code(text) => text.as_str(),
            })
            .collect();
        all.trim().to_owned()
    }
}

/// In lower case, with single blanks, and without the punctuation that ends a phrase.
pub(super) fn normal(text: &str) -> String {
    let text = text.to_lowercase().replace(['\u{a0}', '\u{fe0f}'], " ");
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").trim_matches(['.', ':', '?', '!', '*', ';']).trim().to_owned()
}
