//! A clause is judged as the procedure of the evaluation rules says, restated independently.
//!
//! Input: a line with an operator, a line with the state of its key, a line with the state of every
//! other key (what variables stand for), then one value a line. A state is `absent`, `single TEXT`
//! or `multi TEXT|TEXT`.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::decision::Truth;
use iamsure_core::decision::clause::{Facts, judge};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{ConditionKey, Operator};
use iamsure_core::world::{Context, KeyState, Switches};
use iamsure_testkit::oracle::clause::eval;
use iamsure_testkit::strategy::condition::clause_of;

mod shim;

fn state(line: &str) -> KeyState {
    match line.split_once(' ') {
        Some(("single", text)) => KeyState::single(text),
        Some(("multi", texts)) => KeyState::Multi(texts.split('|').map(str::to_owned).collect()),
        _ if line == "multi" => KeyState::Multi(Vec::new()),
        _ => KeyState::Absent,
    }
}

fn law(input: &str) {
    // The oracle marks characters that are to be taken literally, and aligns short numbers.
    if input.contains(['\u{f0000}', '\u{f0001}', '\u{f0002}']) || input.len() > 350 {
        return;
    }
    let mut lines = input.split('\n');
    let Some(Ok(operator)) = lines.next().map(Operator::parse) else { return };
    let (asked, others) = (state(lines.next().unwrap_or("")), state(lines.next().unwrap_or("")));
    let values: Vec<String> = lines.map(str::to_owned).collect();
    // C-7 and the procedure disagree about no values.
    if values.is_empty() {
        return;
    }
    let clause = clause_of(operator, ConditionKey::from("x:asked"), &values);
    let mut context = Context::closed();
    context.set(ConditionKey::from("x:asked"), asked.clone());
    for value in &values {
        let Some(value) = clause.values.iter().find(|known| known.as_str() == value) else {
            return;
        };
        for variable in value.template().variables() {
            if !context.is_set(&variable.key) {
                context.set(variable.key.clone(), others.clone());
            }
        }
    }
    let value_of = |key: &str| match context.state(&ConditionKey::from(key)) {
        KeyState::Single(text) => Some(text.clone()),
        KeyState::Absent | KeyState::Multi(_) | KeyState::Unknown => None,
    };
    for reading in [Reading::Plain, Reading::Substituted] {
        let facts = Facts { context: &context, reading, switches: &Switches::default() };
        let substitutes = reading == Reading::Substituted;
        let expected = eval(&operator.to_string(), &values, &asked, substitutes, &value_of);
        let found = judge(&clause, facts).truth;
        assert_eq!(expected.map(Truth::from), Some(found), "{clause:?} of {asked:?}, {reading:?}");
    }
}

shim::law!(law);
