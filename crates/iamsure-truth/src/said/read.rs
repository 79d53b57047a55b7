//! What is said in the cells of documents, by us and by people: the only reader.
//!
//! Whatever is [printed](Said::phrase) is read as what it was. Beside it much of what people write is
//! understood ("n/a" is not: that says nothing). A text that is not understood as a whole is not
//! understood: a guess would be a confident answer about something nobody wrote.

use iamsure_core::language::condition::Quantifier;

use super::vocabulary::Word;
use super::{Comparison, Said, Sample, Value};
use crate::phrase::{Phrase, Piece};

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 32;

impl Said {
    /// Reads a text in which values stand between backticks. `None` if it is not understood.
    pub fn read_loosely(text: &str) -> Option<Self> {
        Self::of_phrase(&Phrase::read(text))
    }

    /// Reads words and values. `None` if they are not understood.
    pub fn of_phrase(phrase: &Phrase) -> Option<Self> {
        read(&phrase.0).or_else(|| {
            // "absent (the default)": what stands in brackets may be a remark.
            let mut remarks = Vec::new();
            let without = |piece| without_brackets(piece, &mut remarks);
            let pieces: Vec<Piece> = phrase.0.iter().map(without).collect();
            let said = read(&pieces)?;
            let is_remark =
                |text: &&str| !turns(text) || Self::read_loosely(text).as_ref() == Some(&said);
            remarks.iter().all(is_remark).then_some(said)
        })
    }
}

/// Whether a text in code is taken for a state, so that a value of that text stands in quotes.
pub(super) fn is_reserved(text: &str) -> bool {
    let text = text.trim_matches(['.', ':', '?', '!', '*', ';', ' ']).to_lowercase();
    matches!(text.as_str(), "absent" | "(absent)" | "null" | "undefined")
}

/// A piece without what stands in brackets, which is added to `remarks`.
fn without_brackets<'p>(piece: &'p Piece, remarks: &mut Vec<&'p str>) -> Piece {
    let Piece::Word(text) = piece else { return piece.clone() };
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some((before, inside)) = rest.split_once('(') {
        let Some((remark, after)) = inside.split_once(')') else { break };
        kept.push_str(before);
        remarks.push(remark);
        rest = after;
    }
    kept.push_str(rest);
    Piece::Word(kept)
}

/// Words that may turn what stands before them, or add to it: "(or absent)", "(never set)".
const TURNING: [&str; 44] = [
    "absent",
    "all",
    "also",
    "always",
    "and",
    "any",
    "anything",
    "both",
    "but",
    "cannot",
    "doesn",
    "either",
    "else",
    "empty",
    "except",
    "if",
    "isn",
    "missing",
    "neither",
    "never",
    "no",
    "non",
    "none",
    "nor",
    "not",
    "nothing",
    "null",
    "omitted",
    "only",
    "or",
    "other",
    "otherwise",
    "plus",
    "present",
    "rarely",
    "sometimes",
    "t",
    "un",
    "unless",
    "unset",
    "usually",
    "when",
    "without",
    "wrong",
];

/// Whether a remark may be more than one.
fn turns(remark: &str) -> bool {
    let remark = remark.to_lowercase();
    remark.split(|c: char| !c.is_alphanumeric()).any(|word| TURNING.contains(&word))
        || remark.contains(['!', '\u{ac}', '\u{2260}', '~'])
}

fn read(pieces: &[Piece]) -> Option<Said> {
    let mut reader = Reader { tokens: tokens(pieces)?, at: 0, depth: 0 };
    let said = reader.said()?;
    reader.peek().is_none().then_some(said)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(Word),
    Count(usize),
    Value(Value),
    /// ", or "
    CommaOr,
    /// "; or "
    SemicolonOr,
    /// ", and any but "
    AndAnyBut,
}

fn tokens(pieces: &[Piece]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Word(text) => words(text, &mut tokens)?,
            Piece::Code(text) => tokens.push(of_code(text)?),
        }
    }
    Some(tokens)
}

fn of_code(text: &str) -> Option<Token> {
    let text = text.trim();
    if is_reserved(text) {
        let is_absent = text.to_lowercase().contains("absent");
        return is_absent.then_some(Token::Word(Word::Absent));
    }
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let value = quoted.unwrap_or(text);
    (quoted.is_some() || !value.is_empty()).then(|| Token::Value(Value::from(value)))
}

/// The longest words that stand next, again and again.
fn words(text: &str, tokens: &mut Vec<Token>) -> Option<()> {
    let text = text.to_lowercase().replace('\u{fe0f}', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            let (number, after) = rest.split_at(digits);
            tokens.push(Token::Count(number.parse().ok()?));
            rest = after;
        } else if let Some((word, length)) = longest(rest) {
            push(word, tokens);
            rest = rest.get(length..)?;
        } else if matches!(next, ' ' | '.' | ':' | '?' | '!' | '*') {
            rest = rest.get(1..)?;
        } else {
            return None;
        }
    }
    Some(())
}

/// The longest word that a text begins with, and its length.
fn longest(text: &str) -> Option<(Word, usize)> {
    let begins_with = |phrase: &str| {
        let head = text.get(..phrase.len())?;
        let ends_word = phrase.ends_with(char::is_alphanumeric);
        let goes_on = text.get(phrase.len()..)?.starts_with(char::is_alphanumeric);
        (head.eq_ignore_ascii_case(phrase) && !(ends_word && goes_on)).then_some(phrase.len())
    };
    let of_word = |word: Word| {
        let all = std::iter::once(word.text()).chain(word.synonyms().iter().copied());
        all.filter_map(begins_with).max().map(|length| (word, length))
    };
    Word::ALL.into_iter().filter_map(of_word).max_by_key(|(_, length)| *length)
}

/// Adds a word; some are one with the word before.
fn push(word: Word, tokens: &mut Vec<Token>) {
    let is_after = |number: usize, word: Word| {
        tokens.iter().nth_back(number).is_some_and(|token| *token == Token::Word(word))
    };
    let (joined, count) = match word {
        Word::Or if is_after(0, Word::Comma) => (Token::CommaOr, 1),
        Word::Or if is_after(0, Word::Semicolon) => (Token::SemicolonOr, 1),
        Word::AnyBut if is_after(0, Word::And) && is_after(1, Word::Comma) => (Token::AndAnyBut, 2),
        Word::Verbatim => match tokens.last_mut() {
            Some(Token::Value(value)) => {
                value.is_verbatim = true;
                return;
            }
            _ => (Token::Word(word), 0),
        },
        word => (Token::Word(word), 0),
    };
    tokens.truncate(tokens.len().saturating_sub(count));
    tokens.push(joined);
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// One thing, or what holds together.
struct Part {
    said: Said,
    /// Whether it is only "`a`, `b`", which beside other alternatives are two more.
    is_row: bool,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is_word(&self, ahead: usize, word: Word) -> bool {
        self.tokens.get(self.at + ahead) == Some(&Token::Word(word))
    }

    fn is_value(&self, ahead: usize) -> bool {
        matches!(self.tokens.get(self.at + ahead), Some(Token::Value(_)))
    }

    fn take(&mut self, word: Word) -> bool {
        let is_next = self.is_word(0, word);
        self.at += usize::from(is_next);
        is_next
    }

    fn said(&mut self) -> Option<Said> {
        let mut parts = self.segment()?;
        let mut others = Vec::new();
        loop {
            match self.peek() {
                Some(Token::CommaOr | Token::SemicolonOr) => {
                    self.at += 1;
                    parts.extend(self.segment()?);
                }
                Some(Token::AndAnyBut) => {
                    self.at += 1;
                    others.push(Said::any_but(self.after()?));
                }
                _ => break,
            }
        }
        let is_only = parts.len() == 1;
        let parts = parts.into_iter().map(|part| match part {
            Part { said: Said::Listed(values), is_row: true } if !is_only => {
                Said::is_one_of(values)
            }
            Part { said, .. } => said,
        });
        Some(Said::one_of(parts.chain(others)))
    }

    fn segment(&mut self) -> Option<Vec<Part>> {
        let mut parts = vec![self.together()?];
        while self.take(Word::Comma) || self.take(Word::Or) {
            parts.push(self.together()?);
        }
        Some(parts)
    }

    fn together(&mut self) -> Option<Part> {
        let is_row = self.is_value(0);
        let mut parts = Vec::new();
        loop {
            let is_there = self.is_word(0, Word::There);
            let is_state = is_there || self.is_word(0, Word::NotEmpty);
            parts.push(self.term()?);
            let exclusion =
                |ahead: usize| self.is_word(ahead, Word::Not) || self.is_word(ahead, Word::NoneOf);
            // "present, not `a`", "present `a`"
            let is_more =
                |ahead: usize| is_state && exclusion(ahead) || is_there && self.is_value(ahead);
            if self.is_word(0, Word::Comma) && is_more(1) {
                self.at += 1;
            } else if !is_more(0) && !self.take(Word::And) && !self.take(Word::But) {
                break;
            }
        }
        let is_row = is_row && parts.len() == 1;
        Some(Part { said: Said::all(parts), is_row })
    }

    fn term(&mut self) -> Option<Said> {
        let mut is_filled = false;
        // "yes `a`"
        while self.take(Word::Filler) || self.is_value(1) && self.take(Word::Yes) {
            is_filled = true;
        }
        if self.is_value(0) {
            let said = self.row_or_alternatives()?;
            while self.take(Word::Filler) || self.take(Word::Yes) {}
            return Some(said);
        }
        let token = self.peek()?.clone();
        if is_filled {
            return None;
        }
        self.at += 1;
        match token {
            Token::Word(word) => self.word(word),
            Token::Count(count) => {
                self.take(Word::ActionsSuchAs).then_some(())?;
                Some(Said::such(Sample::Actions(count), self.values()?.0))
            }
            _ => None,
        }
    }

    fn word(&mut self, word: Word) -> Option<Said> {
        Some(match word {
            Word::Any => Said::Any,
            Word::Yes => Said::Holds(true),
            Word::No => Said::Holds(false),
            Word::Absent => Said::Absent,
            Word::Empty => Said::Empty,
            Word::NoElements => Said::NoElements,
            Word::Elements => Said::elements(Quantifier::ForAnyValue, Said::Any),
            Word::Present | Word::There => Said::Present,
            Word::NotEmpty => Said::negated(Said::Empty),
            Word::NotEmptyValue => Said::all([Said::Present, Said::negated(Said::Empty)]),
            Word::SingleNotEmpty => Said::all([Said::Single, Said::negated(Said::Empty)]),
            Word::Single => Said::Single,
            Word::Other => Said::Other,
            Word::NoResource => {
                let is_shown =
                    self.is_word(0, Word::Open) && self.is_value(1) && self.is_word(2, Word::Close);
                self.at += if is_shown { 3 } else { 0 };
                Said::NoResource
            }
            Word::SomeResource => Said::negated(Said::NoResource),
            Word::Nothing => Said::negated(Said::Any),
            Word::True => Said::is("true"),
            Word::False => Said::is("false"),
            Word::Compared(comparison) => Said::compared(comparison, self.values()?.0),
            Word::NamesAccount => Said::Compared(Comparison::OfAccount, Vec::new()),
            Word::NamesNoAccount => {
                Said::negated(Said::Compared(Comparison::OfAccount, Vec::new()))
            }
            Word::NotOfAccount => {
                Said::negated(Said::compared(Comparison::OfAccount, self.values()?.0))
            }
            Word::Such(sample) => Said::such(sample, self.values()?.0),
            Word::NoExample => Said::Such(Sample::Values, Vec::new()),
            Word::OpenSet => {
                let said = Said::exactly(self.values()?.0);
                self.take(Word::CloseSet).then_some(said)?
            }
            Word::Element(quantifier) => Said::elements(quantifier, self.after()?),
            Word::NoElement => {
                Said::negated(Said::elements(Quantifier::ForAnyValue, self.after()?))
            }
            Word::Not => self.negation()?,
            Word::NoneOf => Said::negated(Said::is_one_of(self.values()?.0)),
            Word::OtherThan => {
                Said::all([Said::Present, Said::negated(Said::is_one_of(self.values()?.0))])
            }
            Word::AnyBut => Said::any_but(self.after()?),
            Word::Open => self.in_brackets()?,
            _ => return None,
        })
    }

    /// After "not".
    fn negation(&mut self) -> Option<Said> {
        if let Some(Token::Word(Word::Compared(comparison))) = self.peek().cloned() {
            self.at += 1;
            self.take(Word::AnyOf);
            return Some(Said::negated(Said::compared(comparison, self.values()?.0)));
        }
        if self.take(Word::Open) {
            return Some(Said::negated(self.in_brackets()?));
        }
        match self.values()? {
            // "not `a` or `b`" could be either.
            (_, true) => None,
            (values, false) => Some(Said::negated(Said::listed(values))),
        }
    }

    /// After "an element" or "any but".
    fn after(&mut self) -> Option<Said> {
        if self.is_value(0) {
            return self.row_or_alternatives();
        }
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Word(Word::Open) => self.in_brackets(),
            Token::Word(word @ (Word::Not | Word::NoneOf | Word::Compared(_))) => self.word(word),
            _ => None,
        }
    }

    fn in_brackets(&mut self) -> Option<Said> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let said = self.said()?;
        self.depth -= 1;
        self.take(Word::Close).then_some(said)
    }

    /// "`a`, `b`" or "`a` or `b`".
    fn row_or_alternatives(&mut self) -> Option<Said> {
        let (values, or) = self.values()?;
        Some(if or { Said::is_one_of(values) } else { Said::listed(values) })
    }

    /// All values that follow, and whether some "or" stands between them.
    fn values(&mut self) -> Option<(Vec<Value>, bool)> {
        let mut values = Vec::new();
        let mut or = false;
        loop {
            let Some(Token::Value(value)) = self.peek().cloned() else { return None };
            self.at += 1;
            values.push(value);
            let is_or = self.is_word(0, Word::Or);
            if !(is_or || self.is_word(0, Word::Comma)) || !self.is_value(1) {
                return Some((values, or));
            }
            or |= is_or;
            self.at += 1;
        }
    }
}
