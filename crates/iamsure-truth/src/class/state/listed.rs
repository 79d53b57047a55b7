//! Classes of a key whose states are listed: one for each.

use iamsure_core::world::KeyState;

use super::{Key, StateClasses, StateKind};
use crate::class::value::{Judge, Search, ValueClass};
use crate::clause::KeyClause;

/// The classes of a key that can only be in one of `states`: one for each.
pub(crate) fn listed_classes(
    clauses: &[&KeyClause],
    states: &[KeyState],
    search: Search<'_>,
) -> StateClasses {
    let key = Key { clauses };
    let judge = Judge::new(clauses, search);
    let mut found = StateClasses::default();
    for state in states {
        let witness = Some(state.clone());
        let class = match state {
            KeyState::Absent | KeyState::Unknown => {
                key.class(StateKind::Absent, Some(KeyState::Absent), |clause, _| {
                    Key::absent(clause)
                })
            }
            KeyState::Single(text) => {
                let value = judge.class(text);
                let kind = if text.is_empty() {
                    StateKind::Empty
                } else {
                    found.values.push(value.clone());
                    StateKind::Value(found.values.len() - 1)
                };
                let number = (!text.is_empty()).then(|| found.values.len() - 1);
                let mut class = key.class(kind, witness, |clause, at| {
                    Key::single(clause, at, &value, text.is_empty())
                });
                class.value = number;
                class
            }
            KeyState::Multi(texts) => {
                let elements: Vec<ValueClass> =
                    texts.iter().map(|text| judge.class(text)).collect();
                let mut samples = elements.iter().map(|class| key.sample(class, texts.len() == 1));
                match samples.next().filter(|_| !state.is_null_set()) {
                    None => key.class(StateKind::Empty, witness, |clause, at| {
                        match elements.as_slice() {
                            [] => Key::no_elements(clause),
                            [one] => Key::one_empty_element(clause, at, one),
                            _ => Key::empty_elements(clause),
                        }
                    }),
                    Some(first) => {
                        let sample = samples.fold(first, |sample, other| sample.union(&other));
                        let made_of =
                            (0..elements.len()).map(|at| at + found.values.len()).collect();
                        found.values.extend(elements);
                        key.class(StateKind::Set(made_of), witness, |clause, at| {
                            Key::of_set(clause, at, &sample)
                        })
                    }
                }
            }
        };
        found.states.push(class);
    }
    found
}
