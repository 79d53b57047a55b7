//! Classes of sets: what one-element sets make by union.

use std::collections::VecDeque;

use iamsure_core::language::condition::{Family, Operator, Quantifier};
use iamsure_core::world::{KeyState, Switch};
use rustc_hash::FxHashMap;

use super::answer::{Answer, judges_one, presence};
use super::{Key, StateClass, StateKind};
use crate::bits::Bits;
use crate::budget::{Exceeded, TooComplex};
use crate::class::value::ValueClass;
use crate::clause::KeyClause;

/// What the elements of a set answer to each clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sample {
    /// Clauses that some element passes for certain.
    some: Bits,
    /// Clauses that every element passes for certain.
    all: Bits,
    /// Clauses that some element fails for certain.
    some_not: Bits,
    /// Clauses that every element fails for certain.
    none: Bits,
    /// Whether there is one element, where that matters (Q4).
    single: bool,
}

impl Sample {
    pub(super) fn union(&self, other: &Self) -> Self {
        Self {
            some: self.some.union(&other.some),
            all: self.all.intersection(&other.all),
            some_not: self.some_not.union(&other.some_not),
            none: self.none.intersection(&other.none),
            single: false,
        }
    }
}

impl Key<'_> {
    /// What a set of one element answers.
    pub(super) fn sample(&self, class: &ValueClass, single: bool) -> Sample {
        let passes = |wanted: Answer| -> Bits {
            let answers = self.clauses.iter().enumerate();
            answers
                .filter(|(at, clause)| Self::element(clause, *at, class) == wanted)
                .map(|(at, _)| at)
                .collect()
        };
        let (yes, no) = (passes(Answer::Yes), passes(Answer::No));
        Sample { some: yes.clone(), all: yes, some_not: no.clone(), none: no, single }
    }

    /// Every class of sets.
    pub(super) fn sets(
        &self,
        values: &[ValueClass],
        empty: Option<&ValueClass>,
        limit: usize,
    ) -> Result<Vec<StateClass>, TooComplex> {
        let one_matters = self.clauses.iter().any(|clause| judges_one(clause));
        let multi = |texts: &[&str]| {
            Some(KeyState::Multi(texts.iter().map(|text| (*text).to_owned()).collect()))
        };
        let mut classes =
            vec![self.class(StateKind::Empty, multi(&[]), |clause, _| Self::no_elements(clause))];
        if let Some(empty) = empty.filter(|_| one_matters) {
            classes.push(self.class(StateKind::Empty, multi(&[""]), |clause, at| {
                Self::one_empty_element(clause, at, empty)
            }));
            classes.push(self.class(StateKind::Empty, multi(&["", ""]), |clause, _| {
                Self::empty_elements(clause)
            }));
        }
        let sample = |class: &ValueClass| self.sample(class, one_matters);
        let mut elements: Vec<(Option<usize>, Sample)> = values
            .iter()
            .enumerate()
            .map(|(number, class)| (Some(number), sample(class)))
            .collect();
        let mut known: FxHashMap<Sample, Bits> = FxHashMap::default();
        let mut order: Vec<Sample> = Vec::new();
        let mut pending: VecDeque<Sample> = VecDeque::new();
        let visit = |sample: Sample,
                     made_of: Bits,
                     known: &mut FxHashMap<Sample, Bits>,
                     order: &mut Vec<Sample>,
                     pending: &mut VecDeque<Sample>| {
            if !known.contains_key(&sample) {
                known.insert(sample.clone(), made_of);
                order.push(sample.clone());
                pending.push_back(sample);
            }
        };
        for (number, sample) in &elements {
            visit(
                sample.clone(),
                number.iter().copied().collect(),
                &mut known,
                &mut order,
                &mut pending,
            );
        }
        // An empty element stands beside others only.
        elements.extend(empty.map(|empty| (None, sample(empty))));
        while let Some(current) = pending.pop_front() {
            let made_of = known.get(&current).cloned().unwrap_or_default();
            for (number, sample) in &elements {
                let union = current.union(sample);
                let mut more = made_of.clone();
                match number {
                    Some(number) => more.insert(*number),
                    None => more.insert(values.len()),
                }
                visit(union, more, &mut known, &mut order, &mut pending);
            }
            if known.len() > limit {
                return Err(self.too_complex(limit));
            }
        }
        for sample in order {
            let made_of = known.get(&sample).cloned().unwrap_or_default();
            let text = |number: usize| match values.get(number) {
                Some(class) => class.witness.clone(),
                None => Some(String::new()),
            };
            let mut texts: Option<Vec<String>> = made_of.iter().map(text).collect();
            if let Some(texts) = &mut texts
                && one_matters
                && !sample.single
                && texts.len() == 1
            {
                texts.extend_from_within(..);
            }
            let mut class =
                self.class(StateKind::Set(made_of), texts.map(KeyState::Multi), |clause, at| {
                    Self::of_set(clause, at, &sample)
                });
            class.several = true;
            classes.push(class);
        }
        Ok(classes)
    }

    pub(super) fn of_set(clause: &KeyClause, at: usize, sample: &Sample) -> Answer {
        let Operator { quantifier, base, if_exists } = clause.operator;
        if base.family() == Family::Null {
            return presence(clause, false);
        }
        if clause.values.is_empty() && (quantifier.is_some() || if_exists) {
            return Answer::No;
        }
        let some = || {
            if sample.some.contains(at) {
                Answer::Yes
            } else if sample.none.contains(at) {
                Answer::No
            } else {
                Answer::IfElements
            }
        };
        let all = || {
            if sample.all.contains(at) {
                Answer::Yes
            } else if sample.some_not.contains(at) {
                Answer::No
            } else {
                Answer::IfElements
            }
        };
        match (quantifier, clause.switches.alternative(Switch::Q4)) {
            (Some(Quantifier::ForAllValues), _) => all(),
            (Some(Quantifier::ForAnyValue), _) => some(),
            (None, Some(choice)) if choice.name == "any-element" => some(),
            (None, None) if sample.single => all(),
            (None, _) => Answer::No,
        }
    }

    fn too_complex(&self, limit: usize) -> TooComplex {
        TooComplex {
            exceeded: Exceeded::Classes,
            limit,
            subject: self.clauses.first().map_or_else(String::new, |clause| clause.key.to_string()),
            because: self.clauses.iter().map(|clause| said(clause)).collect(),
        }
    }
}

/// A clause as it is named in an error: its operator, and what it compares with.
fn said(clause: &KeyClause) -> String {
    let values: Vec<&str> = clause.values.iter().map(|value| value.text.as_str()).collect();
    format!("{} {}", clause.operator, values.join(", "))
}
