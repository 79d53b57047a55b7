//! The words for what is said: the only writer.
//!
//! Alternatives stand between commas and "or". What holds together is set apart by a comma before the "or",
//! and a list of what something is not, which has no end of its own, by a semicolon after it. Lists after a
//! word ("like `a*` or `b*`") come after single values, so that none is read as part of the list. What none of
//! these forms can hold stands in brackets.

use std::fmt;

use iamsure_core::language::condition::Quantifier;

use super::read::is_reserved;
use super::vocabulary::Word;
use super::{Comparison, Said, Sample, Value};
use crate::phrase::{Phrase, Piece};

impl fmt::Display for Said {
    /// Values stand between backticks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

impl Said {
    /// In words, with values set apart.
    pub fn phrase(&self) -> Phrase {
        let mut phrase = Phrase::default();
        phrase.said(self);
        phrase
    }
}

/// What follows "an element", "not" or "any but".
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Element,
    Not,
    AnyBut,
}

/// How an alternative reads beside others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One thing, or several of a kind.
    Plain,
    /// Several things that hold together.
    Joined,
    /// A list of what it is not.
    Exclusion,
}

fn shape(said: &Said) -> Shape {
    match said {
        said if said.is_exclusion() => Shape::Exclusion,
        Said::All(parts) if any_that_is_not_empty(parts).is_none() => Shape::Joined,
        _ => Shape::Plain,
    }
}

/// "any value that is not empty", if that is what they say together.
fn any_that_is_not_empty(parts: &[Said]) -> Option<Word> {
    let not_empty = Said::negated(Said::Empty);
    match parts {
        [Said::Present, other] if *other == not_empty => Some(Word::NotEmptyValue),
        [Said::Single, other] if *other == not_empty => Some(Word::SingleNotEmpty),
        _ => None,
    }
}

impl Phrase {
    fn word_of(&mut self, word: Word) {
        self.push_word(word.text());
    }

    fn said(&mut self, said: &Said) {
        match said {
            Said::Any => self.word_of(Word::Any),
            Said::Holds(true) => self.word_of(Word::Yes),
            Said::Holds(false) => self.word_of(Word::No),
            Said::Absent => self.word_of(Word::Absent),
            Said::Empty => self.word_of(Word::Empty),
            Said::NoElements => self.word_of(Word::NoElements),
            Said::Present => self.word_of(Word::Present),
            Said::Single => self.word_of(Word::Single),
            Said::Other => self.word_of(Word::Other),
            Said::NoResource => {
                self.word_of(Word::NoResource);
                self.push_word(" (");
                self.value(&Value::from("*"));
                self.push_word(")");
            }
            Said::Is(value) => self.value(value),
            Said::Listed(names) => self.row(names),
            Said::Compared(Comparison::OfAccount, accounts) if accounts.is_empty() => {
                self.word_of(Word::NamesAccount);
            }
            Said::Compared(comparison, values) => {
                self.before(Word::Compared(*comparison));
                self.alternatives(values);
            }
            Said::Such(sample, values) => self.such(*sample, values),
            Said::Exactly(values) => {
                self.word_of(Word::OpenSet);
                self.row(values);
                self.word_of(Word::CloseSet);
            }
            Said::Elements(Quantifier::ForAnyValue, said) if **said == Said::Any => {
                self.word_of(Word::Elements);
            }
            Said::Elements(quantifier, said) => {
                self.before(Word::Element(*quantifier));
                self.after(After::Element, said);
            }
            Said::All(parts) => self.together(parts),
            Said::OneOf(parts) => self.one_of(parts),
            Said::Not(said) => self.negation(said),
            Said::AnyBut(said) => {
                self.before(Word::AnyBut);
                self.after(After::AnyBut, said);
            }
        }
    }

    /// A word before something.
    fn before(&mut self, word: Word) {
        self.word_of(word);
        self.push_word(" ");
    }

    /// A value, in quotes where it would be taken for something else.
    fn value(&mut self, value: &Value) {
        let text = &value.text;
        let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
        let in_quotes = text.is_empty() || text.trim() != text || is_quoted || is_reserved(text);
        self.0.push(Piece::Code(if in_quotes { format!("\"{text}\"") } else { text.clone() }));
        if value.is_verbatim {
            self.push_word(" ");
            self.word_of(Word::Verbatim);
        }
    }

    /// "`a`, `b`"
    fn row(&mut self, values: &[Value]) {
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.push_word(", ");
            }
            self.value(value);
        }
    }

    /// "`a`, `b` or `c`"
    fn alternatives(&mut self, values: &[Value]) {
        for (at, value) in values.iter().enumerate() {
            match at {
                0 => {}
                at if at + 1 == values.len() => self.push_word(" or "),
                _ => self.push_word(", "),
            }
            self.value(value);
        }
    }

    fn such(&mut self, sample: Sample, values: &[Value]) {
        match sample {
            _ if values.is_empty() => self.word_of(Word::NoExample),
            Sample::Set => {
                self.before(Word::Such(sample));
                self.row(values);
            }
            Sample::Actions(count) => {
                self.push_word(&format!("{count} "));
                self.before(Word::ActionsSuchAs);
                self.alternatives(values);
            }
            Sample::Values | Sample::Resources => {
                self.before(Word::Such(sample));
                self.alternatives(values);
            }
        }
    }

    /// After a word that takes one thing: in brackets, if it is more.
    fn after(&mut self, word: After, said: &Said) {
        let is_simple = said.values().is_some()
            || match said {
                Said::Listed(_) => word != After::Element,
                Said::Compared(comparison, _) => {
                    word == After::Element && *comparison != Comparison::OfAccount
                }
                Said::Not(said) => {
                    word == After::Element
                        && (said.values().is_some()
                            || matches!(&**said, Said::Compared(comparison, _)
                                if *comparison != Comparison::OfAccount))
                }
                _ => false,
            };
        if is_simple { self.said(said) } else { self.in_brackets(said) }
    }

    fn in_brackets(&mut self, said: &Said) {
        self.push_word("(");
        self.said(said);
        self.push_word(")");
    }

    fn negation(&mut self, said: &Said) {
        match said {
            Said::Any => self.word_of(Word::Nothing),
            Said::Empty => self.word_of(Word::NotEmpty),
            Said::NoResource => self.word_of(Word::SomeResource),
            Said::Elements(Quantifier::ForAnyValue, said) => {
                self.before(Word::NoElement);
                self.after(After::Element, said);
            }
            Said::Compared(Comparison::OfAccount, accounts) if accounts.is_empty() => {
                self.word_of(Word::NamesNoAccount);
            }
            Said::Compared(Comparison::OfAccount, accounts) => {
                self.before(Word::NotOfAccount);
                self.alternatives(accounts);
            }
            Said::Compared(comparison, values) => {
                self.before(Word::Not);
                self.before(Word::Compared(*comparison));
                // "not like `a*` or `b*`" could be either.
                if values.len() > 1 {
                    self.before(Word::AnyOf);
                }
                self.row(values);
            }
            said => match said.values() {
                Some(values) if values.len() > 1 => {
                    self.before(Word::NoneOf);
                    let values: Vec<Value> = values.into_iter().cloned().collect();
                    self.row(&values);
                }
                _ => {
                    self.before(Word::Not);
                    self.after(After::Not, said);
                }
            },
        }
    }

    /// What holds together: what it is, then what it is not.
    fn together(&mut self, parts: &[Said]) {
        if let Some(word) = any_that_is_not_empty(parts) {
            return self.word_of(word);
        }
        let not_empty = Said::negated(Said::Empty);
        let is_state = |part: &&Said| **part == Said::Present || **part == not_empty;
        let is_exclusion = parts.iter().all(|part| is_state(&part) || part.is_exclusion());
        let mut rest: Vec<&Said> = parts.iter().collect();
        if is_exclusion && parts.iter().any(|part| !is_state(&part)) {
            // "not `a`" alone could be read to take in the absent key.
            rest.retain(|part| !is_state(part));
            match (parts.contains(&Said::Present), parts.contains(&not_empty)) {
                (true, true) => self.push_word("present and not empty, "),
                (true, false) => self.push_word("present, "),
                (false, true) => self.push_word("not empty, "),
                (false, false) => {}
            }
        }
        rest.sort_by_key(|part| part.is_exclusion());
        let mut before: Option<bool> = None;
        let is_alone = rest.len() == 1;
        for part in rest {
            let is_exclusion = part.is_exclusion();
            match before {
                None => {}
                Some(false) if is_exclusion => self.push_word(" but "),
                Some(_) => self.push_word(" and "),
            }
            before = Some(is_exclusion);
            // "`a` and `b` or `c`" could be either.
            let is_several = match part {
                Said::OneOf(_) => !is_alone || part.values().is_none(),
                Said::Compared(_, values) => !is_alone && values.len() > 1,
                Said::AnyBut(_) => true,
                _ => false,
            };
            if is_several { self.in_brackets(part) } else { self.said(part) }
        }
    }

    /// Any of which may hold.
    fn one_of(&mut self, parts: &[Said]) {
        let is_list_and_others = matches!(parts, [Said::Listed(_), Said::AnyBut(_)]);
        let count = parts.iter().filter(|part| !matches!(part, Said::AnyBut(_))).count();
        let mut before: Option<Shape> = None;
        for (at, part) in parts.iter().enumerate() {
            let shape = shape(part);
            self.push_word(match before {
                None => "",
                Some(Shape::Exclusion) => "; or ",
                Some(_) if matches!(part, Said::AnyBut(_)) => ", and ",
                Some(Shape::Joined) => ", or ",
                Some(Shape::Plain) if shape == Shape::Joined => ", or ",
                Some(Shape::Plain) if at + 1 == count => " or ",
                Some(Shape::Plain) => ", ",
            });
            before = Some(shape);
            match part {
                Said::Listed(_) if !is_list_and_others => self.in_brackets(part),
                part => self.said(part),
            }
        }
    }
}
