//! Classes of the states of a condition key: absent, a value, or a set of values.
//!
//! A multivalued key holds a set, of which clauses ask only whether some element, or every element,
//! passes (C-40 to C-42). So of a set it is enough to know, for each clause, whether some element
//! passes and whether all do. Those answers for a union of two sets follow from the answers for the
//! two; the classes of sets are what one-element sets make by union. A set without elements, or with
//! none but empty ones, is a class of its own (C-47).

mod answer;
mod listed;
mod set;
#[cfg(test)]
mod tests;

use iamsure_core::language::condition::{Family, Operator};
use iamsure_core::world::KeyState;

pub(crate) use answer::Answer;
pub(crate) use listed::listed_classes;

use super::value::{Search, ValueClass, ValueClasses, value_classes};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::clause::KeyClause;

/// How many values a key has. Arity belongs to the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arity {
    /// One.
    One,
    /// A set.
    Many,
    /// One or a set: both occur.
    Either,
}

/// What is known of a key before any request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    /// How many values it has. `None`: nobody published that, and it is what the operators ask for.
    pub arity: Option<Arity>,
    /// Whether a request may lack it.
    pub may_be_absent: bool,
    /// Whether a request may hold it.
    pub may_be_present: bool,
}

/// States of a key that every clause about it answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateClass {
    /// What kind of state.
    pub(crate) kind: StateKind,
    /// One of the states. `None`: none was found, and there may be none.
    pub witness: Option<KeyState>,
    /// The answer of each clause.
    pub(crate) answers: Vec<Answer>,
    /// The class of the value, if it can be the value of a policy variable.
    pub(crate) value: Option<usize>,
    /// Whether there is more than one such state.
    pub(crate) several: bool,
}

/// The kinds of state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StateKind {
    /// Not in the request.
    Absent,
    /// There, but without any element that is not empty.
    Empty,
    /// One value, of the class with this number.
    Value(usize),
    /// A set; its elements are of the classes with these numbers.
    Set(Bits),
}

/// The classes of a key, and of the values they are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateClasses {
    /// The states: absent first, then without elements, then by witness.
    pub states: Vec<StateClass>,
    /// The classes of values, by number.
    pub(crate) values: Vec<ValueClass>,
}

/// The classes of states of the key that `clauses` are about. `beside` are clauses about other keys
/// whose values must be told apart here too, since a variable ties the keys together.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn state_classes(
    clauses: &[&KeyClause],
    beside: &[&KeyClause],
    nature: Nature,
    search: Search<'_>,
) -> Result<StateClasses, TooComplex> {
    let all: Vec<&KeyClause> = clauses.iter().chain(beside).copied().collect();
    let ValueClasses { empty, others } = value_classes(&all, search)?;
    let key = Key { clauses };
    let mut found = StateClasses { states: Vec::new(), values: others };
    if nature.may_be_absent {
        found.states.push(
            key.class(StateKind::Absent, Some(KeyState::Absent), |clause, _| Key::absent(clause)),
        );
    }
    if !nature.may_be_present {
        return Ok(found);
    }
    let arity =
        nature.arity.unwrap_or_else(|| arity_by_use(clauses.iter().map(|clause| clause.operator)));
    if arity != Arity::Many {
        if let Some(empty) = &empty {
            let witness = Some(KeyState::single(""));
            let mut class = key.class(StateKind::Empty, witness, |clause, at| {
                Key::single(clause, at, empty, true)
            });
            // Q16: the empty text as the value of a variable.
            class.several = false;
            found.states.push(class);
        }
        for (number, value) in found.values.iter().enumerate() {
            let witness = value.witness.clone().map(KeyState::Single);
            let mut class = key.class(StateKind::Value(number), witness, |clause, at| {
                Key::single(clause, at, value, false)
            });
            class.value = Some(number);
            class.several = value.several;
            found.states.push(class);
        }
    }
    if arity != Arity::One {
        let sets = key.sets(&found.values, empty.as_ref(), search.budget.classes)?;
        found.states.extend(sets);
    }
    Ok(found)
}

/// Whether a key nobody published has one value or several, as far as the operators tell that ask for it.
pub(crate) fn arity_by_use(operators: impl IntoIterator<Item = Operator>) -> Arity {
    let (mut sets, mut plain) = (false, false);
    for operator in operators {
        if operator.base.family() != Family::Null {
            sets |= operator.quantifier.is_some();
            plain |= operator.quantifier.is_none();
        }
    }
    match (sets, plain) {
        (true, true) => Arity::Either,
        (true, false) => Arity::Many,
        (false, _) => Arity::One,
    }
}

/// The clauses about one key.
struct Key<'a> {
    clauses: &'a [&'a KeyClause],
}

impl Key<'_> {
    fn class(
        &self,
        kind: StateKind,
        witness: Option<KeyState>,
        answer: impl Fn(&KeyClause, usize) -> Answer,
    ) -> StateClass {
        let answers =
            self.clauses.iter().enumerate().map(|(at, clause)| answer(clause, at)).collect();
        StateClass { kind, witness, answers, value: None, several: false }
    }
}
