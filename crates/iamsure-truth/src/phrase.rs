//! Text in which values are set apart from words, for whoever styles or escapes values.

use std::fmt;

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// A word of ours.
    Word(String),
    /// Text of a policy or a request.
    Code(String),
}

/// Words and values.
///
/// Its `Display` puts values between backticks as Markdown does, and [`read`](Phrase::read) takes them apart
/// again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase(pub Vec<Piece>);

impl Phrase {
    /// Only a word.
    pub fn word(text: impl Into<String>) -> Self {
        Self(vec![Piece::Word(text.into())])
    }

    /// Only a value. The empty text is shown in quotes.
    pub fn code(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self(vec![Piece::Code(if text.is_empty() { "\"\"".to_owned() } else { text })])
    }

    /// The phrase of a text in which values stand between backticks.
    pub fn read(text: &str) -> Self {
        let mut phrase = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find('`') {
            let (before, opened) = rest.split_at(at);
            let inner = opened.trim_start_matches('`');
            let ticks = opened.len() - inner.len();
            let Some((code, after)) = until_ticks(inner, ticks) else { break };
            phrase.push_word(before);
            phrase.push_code(code);
            rest = after;
        }
        phrase.push_word(rest);
        phrase
    }

    /// The texts of values.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Code(text) => Some(text.as_str()),
            Piece::Word(_) => None,
        })
    }

    /// Adds words.
    pub(crate) fn push_word(&mut self, words: &str) {
        match self.0.last_mut() {
            _ if words.is_empty() => {}
            Some(Piece::Word(before)) => before.push_str(words),
            _ => self.0.push(Piece::Word(words.to_owned())),
        }
    }

    fn push_code(&mut self, code: &str) {
        let padded = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
        let code = padded.filter(|code| !code.trim().is_empty()).unwrap_or(code);
        self.0.push(Piece::Code(code.to_owned()));
    }

    /// How many bytes it has.
    pub(crate) fn length(&self) -> usize {
        let of = |piece: &Piece| match piece {
            Piece::Word(text) | Piece::Code(text) => text.len(),
        };
        self.0.iter().map(of).sum()
    }
}

/// What stands before and after the next run of exactly so many backticks.
fn until_ticks(text: &str, ticks: usize) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('`').map(|at| at + from) {
        let run = text.get(at..)?.bytes().take_while(|byte| *byte == b'`').count();
        if run == ticks {
            return Some((text.get(..at)?, text.get(at + run..)?));
        }
        from = at + run;
    }
    None
}

/// A text between backticks, as [CommonMark](https://spec.commonmark.org/0.31.2/#code-spans) reads it: as
/// many as do not stand in the text itself, with a blank on both sides where it begins or ends with one.
pub fn fenced(text: &str) -> String {
    let runs: Vec<usize> =
        text.split(|c| c != '`').map(str::len).filter(|length| *length > 0).collect();
    let length = (1..=runs.len() + 1).find(|length| !runs.contains(length)).unwrap_or(1);
    let ticks = "`".repeat(length);
    let is_blank = text.trim().is_empty();
    let needs_gap = !is_blank && (text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']));
    let gap = if needs_gap { " " } else { "" };
    format!("{ticks}{gap}{text}{gap}{ticks}")
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Word(text) => f.write_str(text)?,
                Piece::Code(text) => f.write_str(&fenced(text))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for code in ["a", "a`b", "`", "``a", " a", "a `", "a``b`", "a, b or `c`"] {
            let phrase =
                Phrase(vec![Piece::Word("like ".to_owned()), Piece::Code(code.to_owned())]);
            assert_eq!(Phrase::read(&phrase.to_string()), phrase, "{phrase}");
        }
    }

    #[test]
    fn a_backtick_that_opens_nothing_is_a_word() {
        assert_eq!(Phrase::read("a ` b"), Phrase::word("a ` b"));
        assert_eq!(Phrase::read("a `` b `"), Phrase::word("a `` b `"));
    }
}
