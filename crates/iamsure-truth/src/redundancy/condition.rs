//! Conditions that say nothing: over every state that their key may have.

use std::collections::BTreeMap;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, PolicySet};

use super::{Element, Part, Row, list};
use crate::budget::{Budget, TooComplex};
use crate::class::state::{Answer, StateClass, arity_by_use, state_classes};
use crate::class::value::{Domain, Search};
use crate::clause::KeyClause;
use crate::model::Knowledge;
use crate::setting::Setting;

/// What is known of each key, over all who may ask.
pub(super) struct Natures {
    known: BTreeMap<ConditionKey, Knowledge>,
    budget: Budget,
}

impl Natures {
    /// `clauses` are all conditions of the policies.
    pub(super) fn new(policies: &PolicySet, setting: &Setting, clauses: &[&KeyClause]) -> Self {
        let stage = setting.stage(&[policies]);
        let scope = stage.scope();
        let mut known: BTreeMap<ConditionKey, Knowledge> = BTreeMap::new();
        for clause in clauses {
            if known.contains_key(&clause.key) {
                continue;
            }
            let mut of_all: Option<Knowledge> = None;
            for caller in scope.callers {
                let of_one = (scope.knowledge)(&clause.key, caller);
                match &mut of_all {
                    Some(of_all) => {
                        match (of_all.nature.may_be_present, of_one.nature.may_be_present) {
                            (true, true) => of_all.domain = of_all.domain.or(of_one.domain),
                            (false, true) => of_all.domain = of_one.domain,
                            _ => {}
                        }
                        of_all.nature.may_be_absent |= of_one.nature.may_be_absent;
                        of_all.nature.may_be_present |= of_one.nature.may_be_present;
                    }
                    None => of_all = Some(of_one),
                }
            }
            let Some(mut of_all) = of_all else { continue };
            let own = clauses.iter().filter(|other| other.key == clause.key);
            let operators = own.map(|clause| clause.operator);
            of_all.nature.arity.get_or_insert_with(|| arity_by_use(operators));
            known.insert(clause.key.clone(), of_all);
        }
        Self { known, budget: list::budget(setting.budget) }
    }

    /// Which values a key may have.
    pub(super) fn domain(&self, key: &ConditionKey) -> Domain {
        self.known.get(key).map_or(Domain::Text, |known| known.domain)
    }

    fn states(&self, clauses: &[&KeyClause]) -> Result<Vec<StateClass>, TooComplex> {
        let Some(known) = clauses.first().and_then(|clause| self.known.get(&clause.key)) else {
            return Ok(Vec::new());
        };
        let search = Search {
            domain: known.domain,
            spells: known.domain,
            split_empty: true,
            hints: &known.hints,
            budget: self.budget,
        };
        Ok(state_classes(clauses, &[], known.nature, search)?.states)
    }
}

/// The conditions of one statement.
pub(super) fn check(clauses: &[KeyClause], natures: &Natures, add: &mut impl FnMut(Part)) {
    let mut keys: BTreeMap<&ConditionKey, Vec<usize>> = BTreeMap::new();
    for (number, clause) in clauses.iter().enumerate().filter(|(_, clause)| !clause.is_relational())
    {
        keys.entry(&clause.key).or_default().push(number);
    }
    let mut found = Vec::new();
    for numbers in keys.into_values() {
        let own: Vec<&KeyClause> =
            numbers.iter().filter_map(|number| clauses.get(*number)).collect();
        match natures.states(&own) {
            Ok(states) => OneKey { numbers: &numbers, states: &states }.check(&mut found),
            Err(_) => {
                found
                    .extend(numbers.iter().map(|number| Part::Unchecked(Element::Clause(*number))));
            }
        }
    }
    // Where nothing matches anyway, what else is superfluous is not worth a word.
    if found.iter().any(Part::silences) {
        found.retain(Part::silences);
    }
    found.into_iter().for_each(add);
}

/// How many states a row lists.
const SHOWN: usize = 4;

/// The conditions on one key that compare with no variable.
struct OneKey<'a> {
    /// Their places in the statement.
    numbers: &'a [usize],
    /// The states, with the answer of each condition.
    states: &'a [StateClass],
}

impl OneKey<'_> {
    fn holds(state: &StateClass, at: usize) -> bool {
        state.answers.get(at) == Some(&Answer::Yes)
    }

    fn hold(state: &StateClass, some: &[usize]) -> bool {
        some.iter().all(|at| Self::holds(state, *at))
    }

    fn row(&self) -> Row {
        let witnesses = self.states.iter().filter_map(|state| state.witness.clone());
        let states: Vec<KeyState> = witnesses.take(SHOWN).collect();
        Row { more: self.states.len() > states.len(), states }
    }

    fn check(&self, found: &mut Vec<Part>) {
        if self.states.is_empty() {
            return;
        }
        let all: Vec<usize> = (0..self.numbers.len()).collect();
        let mut constant = Vec::new();
        for (at, number) in self.numbers.iter().enumerate() {
            let part = if !self.states.iter().any(|state| Self::holds(state, at)) {
                Part::NeverHolds { clause: *number, row: self.row() }
            } else if self.states.iter().all(|state| Self::holds(state, at)) {
                Part::NeverFails { clause: *number, row: self.row() }
            } else {
                continue;
            };
            constant.push(at);
            found.push(part);
        }
        if found.iter().any(|part| matches!(part, Part::NeverHolds { .. })) {
            return;
        }
        if !self.states.iter().any(|state| Self::hold(state, &all)) {
            found.push(Part::Contradiction { clauses: self.numbers.to_vec() });
            return;
        }
        // The weakest first: those that hold in the most states.
        let mut order: Vec<usize> = all.into_iter().filter(|at| !constant.contains(at)).collect();
        let mut kept = order.clone();
        order.sort_by_key(|at| {
            let held = self.states.iter().filter(|state| Self::holds(state, *at)).count();
            (std::cmp::Reverse(held), std::cmp::Reverse(*at))
        });
        let follows = |at: usize, from: &[usize]| {
            self.states.iter().all(|state| !Self::hold(state, from) || Self::holds(state, at))
        };
        let mut gone = Vec::new();
        for at in order {
            let others: Vec<usize> = kept.iter().copied().filter(|other| *other != at).collect();
            if !others.is_empty() && follows(at, &others) {
                kept = others;
                gone.push(at);
            }
        }
        let number = |at: &usize| self.numbers.get(*at).copied();
        for at in gone {
            let one = kept.iter().find(|other| follows(at, &[**other]));
            let by = one.map_or_else(|| kept.clone(), |one| vec![*one]);
            if let Some(clause) = number(&at) {
                found.push(Part::Implied { clause, by: by.iter().filter_map(number).collect() });
            }
        }
    }
}
