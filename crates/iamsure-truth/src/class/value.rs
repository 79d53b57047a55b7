//! Classes of one value of a condition key: of a single-valued key's value, or of one element of a
//! multivalued key.
//!
//! Clauses that compare texts, whatever the operator, share one automaton ([`super::text`]). Clauses of
//! numbers, dates and addresses have cells of their own. Where one key is asked in more than one of
//! these ways, texts are looked for in every combination; a combination for which none was found
//! is kept, without a witness, so that nothing is lost.

mod asks;
mod domain;
mod mixed;

pub use domain::Domain;

use super::readable;
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};
use crate::clause::KeyClause;
use asks::{Asks, is_named};

/// Values that every clause about the key answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueClass {
    /// The clauses one of whose values matches, before negation.
    pub(crate) matched: Bits,
    /// The clauses for which the value, or one of theirs, does not parse (C-29).
    pub(crate) unreadable: Bits,
    /// One of the values. `None`: none was found, and there may be none.
    pub(crate) witness: Option<String>,
    /// Whether there is more than one.
    pub(crate) several: bool,
}

/// The classes of one value, by the clauses (numbered as given) that look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueClasses {
    /// The class of the empty text alone, where it is told apart.
    pub(crate) empty: Option<ValueClass>,
    /// The others.
    pub(crate) others: Vec<ValueClass>,
}

/// How to look for classes of values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'a> {
    /// Which values the key may have.
    pub(crate) domain: Domain,
    /// The type of values that are compared as texts: of [`domain`](Self::domain) is any text, since a value has many
    /// spellings, but a class of one text that spells none is left out. [`Domain::Text`]: there is no such type.
    pub(crate) spells: Domain,
    /// Whether the empty text is kept apart from the rest.
    pub(crate) split_empty: bool,
    /// Texts to prefer as witnesses.
    pub(crate) hints: &'a [&'a str],
    /// How much work it may take.
    pub(crate) budget: Budget,
}

/// The classes of a value that `clauses` tell apart.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn value_classes(
    clauses: &[&KeyClause],
    search: Search<'_>,
) -> Result<ValueClasses, TooComplex> {
    let asks = Asks::new(clauses, search);
    let mut classes = if asks.families().is_empty() { asks.by_text()? } else { asks.mixed()? };
    let hints = search.hints.iter().map(|hint| (*hint).to_owned()).chain(asks.examples());
    let mut settled: Vec<bool> = classes
        .others
        .iter()
        .map(|class| class.witness.as_ref().is_some_and(|text| is_named(clauses, text)))
        .collect();
    let is_candidate = |hint: &String| !hint.is_empty() && asks.is_in_domain(hint);
    let hints = hints.filter(is_candidate).take(readable::tries(asks.patterns()));
    // Where no value of the policies is one that the key can have.
    let usual = match search.domain {
        Domain::Text | Domain::NoneOf(_) => &[],
        typed => typed.usual(),
    };
    for hint in hints.chain(usual.iter().map(|text| (*text).to_owned())) {
        if settled.iter().all(|settled| *settled) {
            break;
        }
        let answer = asks.judge(&hint);
        for (class, settled) in classes.others.iter_mut().zip(&mut settled) {
            if !*settled && (&class.matched, &class.unreadable) == (&answer.0, &answer.1) {
                class.witness = Some(hint.clone());
                *settled = true;
            }
        }
    }
    classes.others.retain(|class| {
        class.several || class.witness.as_ref().is_none_or(|text| search.spells.is_spelled(text))
    });
    Ok(classes)
}

/// Tells the class of one text.
pub(crate) struct Judge<'a>(Asks<'a>);

impl<'a> Judge<'a> {
    pub(crate) fn new(clauses: &'a [&'a KeyClause], search: Search<'a>) -> Self {
        Self(Asks::new(clauses, search))
    }

    pub(crate) fn class(&self, text: &str) -> ValueClass {
        let (matched, unreadable) = self.0.judge(text);
        ValueClass { matched, unreadable, witness: Some(text.to_owned()), several: false }
    }
}
