//! What clauses say of states, by hand, and that the classes hold each answer.

use super::*;
use crate::budget::Budget;
use crate::class::value::Domain;
use crate::clause::clause_of;
use iamsure_core::world::{Switch, Switches};

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
        let found = [&none, &any, &never].map(|switches| says(operator, &["a"], switches, &state));
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
