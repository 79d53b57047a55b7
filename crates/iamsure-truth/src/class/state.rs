//! Classes of the states of a condition key: absent, a value, or a set of values.
//!
//! A multivalued key holds a set, of which clauses ask only whether some element, or every element,
//! passes (C-40 to C-42). So of a set it is enough to know, for each clause, whether some element
//! passes and whether all do. Those answers for a union of two sets follow from the answers for the
//! two; the classes of sets are what one-element sets make by union. A set without elements, or with
//! none but empty ones, is a class of its own (C-47).

use std::collections::VecDeque;

use iamsure_core::language::condition::{Family, Operator, Quantifier};
use iamsure_core::world::{KeyState, Switch};
use rustc_hash::FxHashMap;

use super::value::{Judge, Search, ValueClass, ValueClasses, value_classes};
use crate::bits::Bits;
use crate::budget::{Exceeded, TooComplex};
use crate::clause::{Form, KeyClause};

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
    pub kind: StateKind,
    /// One of the states. `None`: none was found, and there may be none.
    pub witness: Option<KeyState>,
    /// The answer of each clause.
    pub answers: Vec<Answer>,
    /// The class of the value, if it can be the value of a policy variable.
    pub value: Option<usize>,
    /// Whether there is more than one such state.
    pub several: bool,
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

/// What a clause says of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// False.
    No,
    /// True.
    Yes,
    /// True if some value with variables matches.
    IfRelated,
    /// True if no value with variables matches.
    IfUnrelated,
    /// It depends on which elements match values with variables.
    IfElements,
}

impl From<bool> for Answer {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// The classes of a key, and of the values they are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateClasses {
    /// The states: absent first, then without elements, then by witness.
    pub states: Vec<StateClass>,
    /// The classes of values, by number.
    pub values: Vec<ValueClass>,
}

/// The classes of states of the key that `clauses` are about. `beside` are clauses about other keys
/// whose values must be told apart here too, since a variable ties the keys together.
///
/// # Errors
/// If it takes more than the budget.
pub fn state_classes(
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

/// The classes of a key that can only be in one of `states`: one for each.
pub fn listed_classes(
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

    /// C-10 to C-12, C-41, C-42.
    fn absent(clause: &KeyClause) -> Answer {
        let Operator { quantifier, base, if_exists } = clause.operator;
        if base.family() == Family::Null {
            return presence(clause, true);
        }
        match quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => {
                if_exists && clause.switches.is_alternative(Switch::Q6)
            }
            None => base.is_negated() || if_exists,
        }
        .into()
    }

    /// A set of elements that are all empty, or one value that is the empty text under a set operator (C-47).
    fn empty_elements(clause: &KeyClause) -> Answer {
        if clause.operator.base.family() == Family::Null {
            return presence(clause, true);
        }
        match clause.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) | None => false,
        }
        .into()
    }

    /// One value.
    fn single(clause: &KeyClause, at: usize, value: &ValueClass, is_empty: bool) -> Answer {
        let Operator { quantifier, base, if_exists } = clause.operator;
        if base.family() == Family::Null {
            return presence(clause, is_empty && clause.switches.is_alternative(Switch::Q5));
        }
        if is_empty && quantifier.is_some() {
            return Self::empty_elements(clause);
        }
        // C-7.
        if clause.values.is_empty() && (quantifier.is_some() || if_exists) {
            return Answer::No;
        }
        Self::element(clause, at, value)
    }

    /// C-2 to C-5.
    fn element(clause: &KeyClause, at: usize, value: &ValueClass) -> Answer {
        let negated = clause.operator.base.is_negated();
        if value.matched.contains(at) {
            return (!negated).into();
        }
        let no_variable = clause.values.iter().any(|value| value.form == Form::NoVariable);
        let vetoed = negated
            && (value.unreadable.contains(at) && clause.switches.is_alternative(Switch::Q2)
                || no_variable && clause.switches.is_alternative(Switch::Q21));
        if clause.is_relational() {
            return match (negated, vetoed) {
                (true, true) => Answer::No,
                (true, false) => Answer::IfUnrelated,
                (false, _) => Answer::IfRelated,
            };
        }
        (negated && !vetoed).into()
    }

    /// A set without elements: to a plain operator the key is absent (C-45).
    fn no_elements(clause: &KeyClause) -> Answer {
        if judges_one(clause) { Self::absent(clause) } else { Self::empty_elements(clause) }
    }

    /// A set of one element, and that is empty: to a plain operator it is the empty text (C-45).
    fn one_empty_element(clause: &KeyClause, at: usize, empty: &ValueClass) -> Answer {
        if judges_one(clause) {
            Self::single(clause, at, empty, true)
        } else {
            Self::empty_elements(clause)
        }
    }

    /// What a set of one element answers.
    fn sample(&self, class: &ValueClass, single: bool) -> Sample {
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
    fn sets(
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

    fn of_set(clause: &KeyClause, at: usize, sample: &Sample) -> Answer {
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

/// Whether the clause tells a set of one element from others: it is plain, and Q4 has its default.
fn judges_one(clause: &KeyClause) -> bool {
    clause.operator.quantifier.is_none()
        && clause.operator.base.family() != Family::Null
        && !clause.switches.is_alternative(Switch::Q4)
}

/// A clause as it is named in an error: its operator, and what it compares with.
fn said(clause: &KeyClause) -> String {
    let values: Vec<&str> = clause.values.iter().map(|value| value.text.as_str()).collect();
    format!("{} {}", clause.operator, values.join(", "))
}

/// `Null` (C-30 to C-33).
fn presence(clause: &KeyClause, absent: bool) -> Answer {
    match clause.operator.quantifier {
        Some(Quantifier::ForAllValues) => Answer::Yes,
        Some(Quantifier::ForAnyValue) => Answer::No,
        None => clause.values.iter().any(|value| value.form == Form::Presence(Some(absent))).into(),
    }
}

/// What the elements of a set answer to each clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Sample {
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
    fn union(&self, other: &Self) -> Self {
        Self {
            some: self.some.union(&other.some),
            all: self.all.intersection(&other.all),
            some_not: self.some_not.union(&other.some_not),
            none: self.none.intersection(&other.none),
            single: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use crate::class::value::Domain;
    use crate::clause::clause_of;
    use iamsure_core::world::Switches;

    const EITHER: Nature =
        Nature { arity: Some(Arity::Either), may_be_absent: true, may_be_present: true };

    fn search<'a>() -> Search<'a> {
        Search {
            domain: Domain::Text,
            spells: Domain::Text,
            split_empty: true,
            hints: &[],
            budget: Budget::default(),
        }
    }

    fn with(switch: Switch, name: &str) -> Switches {
        let index = switch.alternatives().iter().position(|choice| choice.name == name).unwrap();
        Switches::default().with(switch, index)
    }

    /// What a clause says of a state, looked up in the classes of the key.
    fn says(operator: &str, values: &[&str], switches: &Switches, state: &KeyState) -> Answer {
        let clause = clause_of(operator, "x:k", values, switches);
        let own = listed_classes(&[&clause], std::slice::from_ref(state), search());
        let answer = own.states[0].answers[0];
        // The class of the state is among those that are found without it.
        let found = state_classes(&[&clause], &[], EITHER, search()).unwrap();
        assert!(
            found.states.iter().any(|class| class.answers == [answer]),
            "{operator} {values:?} never says {answer:?}"
        );
        answer
    }

    fn set(texts: &[&str]) -> KeyState {
        KeyState::Multi(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    const YES: Answer = Answer::Yes;
    const NO: Answer = Answer::No;

    #[test]
    fn without_values_only_what_holds_of_nothing_holds() {
        // C-7: whatever the key holds; where it is absent, C-10 to C-12, C-41 and C-42 say.
        let none = Switches::default();
        let states = [KeyState::Absent, KeyState::single("a"), set(&["a"]), set(&[])];
        for (operator, expected) in [
            ("StringEquals", [NO, NO, NO, NO]),
            ("StringNotEquals", [YES, YES, YES, YES]),
            ("StringEqualsIfExists", [YES, NO, NO, YES]),
            ("ForAllValues:StringEquals", [YES, NO, NO, YES]),
            ("ForAllValues:StringNotEquals", [YES, NO, NO, YES]),
            ("ForAnyValue:StringNotEquals", [NO, NO, NO, NO]),
        ] {
            let found = states.clone().map(|state| says(operator, &[], &none, &state));
            assert_eq!(found, expected, "{operator}");
        }
    }

    #[test]
    fn a_set_of_empty_elements_is_no_set() {
        // C-47; in a mixed set an empty element is one like any other.
        let none = Switches::default();
        for state in [set(&[]), set(&[""]), set(&["", ""])] {
            assert_eq!(says("ForAllValues:StringEquals", &["a"], &none, &state), YES);
            assert_eq!(says("ForAnyValue:StringNotEquals", &["a"], &none, &state), NO);
            assert_eq!(says("Null", &["true"], &none, &state), YES);
        }
        let mixed = set(&["", "a"]);
        assert_eq!(says("ForAllValues:StringEquals", &["a"], &none, &mixed), NO);
        assert_eq!(says("ForAnyValue:StringEquals", &[""], &none, &mixed), YES);
        assert_eq!(says("Null", &["true"], &none, &mixed), NO);
        // One empty value: no set for a set operator, a value for a plain one.
        let empty = KeyState::single("");
        assert_eq!(says("ForAllValues:StringEquals", &["a"], &none, &empty), YES);
        assert_eq!(says("StringEquals", &[""], &none, &empty), YES);
    }

    #[test]
    fn a_plain_operator_on_a_set_is_as_the_switch_says() {
        let none = Switches::default();
        let (any, never) = (with(Switch::Q4, "any-element"), with(Switch::Q4, "always-false"));
        for (state, operator, expected) in [
            (set(&["a"]), "StringEquals", [YES, YES, NO]),
            (set(&["a", "b"]), "StringEquals", [NO, YES, NO]),
            (set(&["a", "a"]), "StringEquals", [NO, YES, NO]),
            (set(&["b"]), "StringEquals", [NO, NO, NO]),
            (set(&["b"]), "StringNotEquals", [YES, YES, NO]),
            (set(&["a", "b"]), "StringNotEquals", [NO, YES, NO]),
            (set(&["a", "b"]), "StringEqualsIfExists", [NO, YES, NO]),
            // Without elements the key is as absent.
            (set(&[]), "StringEquals", [NO, NO, NO]),
            (set(&[]), "StringNotEquals", [YES, NO, NO]),
            (set(&[]), "StringEqualsIfExists", [YES, NO, NO]),
            // One empty element is the empty text; two are two elements.
            (set(&[""]), "StringNotEquals", [YES, NO, NO]),
            (set(&[""]), "StringEqualsIfExists", [NO, NO, NO]),
            (set(&["", ""]), "StringNotEquals", [NO, NO, NO]),
        ] {
            let found =
                [&none, &any, &never].map(|switches| says(operator, &["a"], switches, &state));
            assert_eq!(found, expected, "{operator} of {state:?}");
        }
    }

    #[test]
    fn the_empty_value_is_absent_for_null_where_the_switch_says_so() {
        let empty = KeyState::single("");
        let absent = with(Switch::Q5, "absent");
        assert_eq!(says("Null", &["true"], &Switches::default(), &empty), NO);
        assert_eq!(says("Null", &["true"], &absent, &empty), YES);
        assert_eq!(says("Null", &["false"], &absent, &empty), NO);
        assert_eq!(says("Null", &["true"], &absent, &KeyState::single("a")), NO);
    }

    #[test]
    fn a_suffix_behind_a_set_operator_counts_where_the_switch_says_so() {
        let counts = with(Switch::Q6, "true");
        let operator = "ForAnyValue:StringEqualsIfExists";
        assert_eq!(says(operator, &["a"], &Switches::default(), &KeyState::Absent), NO);
        assert_eq!(says(operator, &["a"], &counts, &KeyState::Absent), YES);
        assert_eq!(says("ForAnyValue:StringEquals", &["a"], &counts, &KeyState::Absent), NO);
        assert_eq!(says(operator, &["a"], &counts, &set(&[])), NO);
    }

    #[test]
    fn classes_of_sets_are_the_unions_of_their_elements() {
        let none = Switches::default();
        let one = clause_of("ForAnyValue:StringEquals", "x:k", &["a"], &none);
        let two = clause_of("ForAnyValue:StringEquals", "x:k", &["b"], &none);
        let all = clause_of("ForAllValues:StringEquals", "x:k", &["a", "b"], &none);
        let nature = Nature { arity: Some(Arity::Many), ..EITHER };
        let found = state_classes(&[&one, &two, &all], &[], nature, search()).unwrap();
        let mut answers: Vec<Vec<Answer>> =
            found.states.iter().map(|class| class.answers.clone()).collect();
        answers.sort();
        answers.dedup();
        // Absent and no elements answer alike; then {a}, {b}, {a, b}, {x}, {a, x}, {b, x}, {a, b, x}.
        assert_eq!(
            answers,
            [
                vec![NO, NO, NO],
                vec![NO, NO, YES],
                vec![NO, YES, NO],
                vec![NO, YES, YES],
                vec![YES, NO, NO],
                vec![YES, NO, YES],
                vec![YES, YES, NO],
                vec![YES, YES, YES],
            ]
        );
        for class in &found.states {
            let state = class.witness.clone().unwrap();
            let own = listed_classes(&[&one, &two, &all], &[state], search());
            assert_eq!(own.states[0].answers, class.answers, "{:?}", class.witness);
        }
    }
}
