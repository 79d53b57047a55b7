//! Candidates: for one condition key, values that the clauses of a policy set tell apart.
//!
//! For every value that a clause compares with there is a candidate that matches it and, where one
//! can be built, one just beside it; then "absent", the empty text, a text of no type at all, and a
//! value nobody named. They are samples with a reason, not proven classes: an answer that rests on
//! them is checked against the bounds of three-valued evaluation (see [`crate::resolution`]).

use std::collections::BTreeSet;

use iamsure_core::language::condition::{Family, Operand, Test};
use iamsure_core::language::variable::{Reading, Token};
use iamsure_core::language::{Clause, ConditionKey, ConditionValue};
use iamsure_core::world::{KeyState, PolicySet, Request};

/// A text that no policy names, for "any other value".
pub const OTHER: &str = "another-value";

/// What is known of a key before any request: how many values it has, and whether it can be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Whether it is multivalued; `None` if nobody published that.
    pub multivalued: Option<bool>,
    /// Whether it may be absent.
    pub may_be_absent: bool,
    /// Whether it may be present.
    pub may_be_present: bool,
}

/// The states to try for one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The states: absent first, then in lexical order, [`OTHER`] last.
    pub states: Vec<KeyState>,
    /// Texts in them that stand for more than themselves: one of the many values that a pattern, a
    /// range or an order takes in. The others are values that a clause names, or [`OTHER`].
    pub samples: BTreeSet<String>,
}

/// The states to try for `key`.
pub fn candidates(
    policies: &PolicySet,
    request: &Request,
    key: &ConditionKey,
    shape: Shape,
) -> Candidates {
    let (mut texts, mut samples) = (BTreeSet::new(), BTreeSet::new());
    let mut set_operator = false;
    let mut plain_operator = false;
    for (_, document, statement) in policies.statements() {
        for clause in &statement.condition.clauses {
            if *clause.key == *key {
                set_operator |= clause.operator.quantifier.is_some();
                plain_operator |= clause.operator.quantifier.is_none();
                texts_beside(clause, &mut texts, &mut samples);
            }
        }
        // A variable ties this key to the values it is compared with, and to the resource.
        let in_conditions = statement.condition.clauses.iter().filter(|clause| {
            clause
                .values
                .iter()
                .any(|value| value.template().variables().any(|variable| variable.key == *key))
        });
        for clause in in_conditions {
            plain_operator = true;
            texts.insert(OTHER.to_owned());
            if let KeyState::Single(text) = request.context.state(&clause.key) {
                texts.insert(text.clone());
            }
        }
        let in_resource =
            statement.resource.iter().flat_map(|element| element.entries.iter()).any(|entry| {
                document.reading(false) == Reading::Substituted
                    && entry.template().variables().any(|variable| variable.key == *key)
            });
        if in_resource {
            plain_operator = true;
            samples.extend(
                request
                    .resource
                    .split([':', '/'])
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned),
            );
        }
    }
    texts.remove(OTHER);
    samples.retain(|sample| !texts.contains(sample));
    texts.extend(samples.iter().cloned());
    let mut states = Vec::new();
    if shape.may_be_absent || !shape.may_be_present {
        states.push(KeyState::Absent);
    }
    if shape.may_be_present {
        let multivalued = shape.multivalued.unwrap_or(set_operator && !plain_operator);
        if multivalued {
            texts.insert(OTHER.to_owned());
            states.extend(lists(&texts));
        } else {
            states.extend(texts.into_iter().map(KeyState::Single));
            states.push(KeyState::single(OTHER));
        }
    }
    Candidates { states, samples }
}

/// Which elements occur is all that matters of a multivalued key: none, each alone, each pair,
/// and all.
fn lists(texts: &BTreeSet<String>) -> Vec<KeyState> {
    let mut lists = vec![Vec::new()];
    lists.extend(texts.iter().map(|text| vec![text.clone()]));
    for (index, first) in texts.iter().enumerate() {
        lists
            .extend(texts.iter().skip(index + 1).map(|second| vec![first.clone(), second.clone()]));
    }
    if texts.len() > 2 {
        lists.push(texts.iter().cloned().collect());
    }
    lists.into_iter().map(KeyState::Multi).collect()
}

/// Texts that match a value of the clause, and texts just beside: those that the clause names, and
/// samples of many.
fn texts_beside(clause: &Clause, texts: &mut BTreeSet<String>, samples: &mut BTreeSet<String>) {
    let operator = clause.operator.base;
    match operator.family() {
        Family::Null => return,
        Family::Bool => texts.extend(["true", "false"].map(str::to_owned)),
        Family::Numeric => {
            samples.extend(["-999999999999999", "999999999999999"].map(str::to_owned));
        }
        Family::Date => samples.extend(["1", "99999999999"].map(str::to_owned)),
        Family::IpAddress => samples.extend(["192.0.2.1", "2001:db8::1"].map(str::to_owned)),
        Family::String | Family::Arn | Family::Binary => {}
    }
    for value in &clause.values {
        let text = value.as_str().to_owned();
        match (operator.family(), operator.test()) {
            (Family::Numeric, _) => {
                // The point, and just above it, which is also just below the next.
                samples.insert(if text.contains('.') {
                    format!("{text}1")
                } else {
                    format!("{text}.1")
                });
                texts.insert(text);
            }
            (Family::Date, _) => {
                if let Operand::Date(Some(date)) = value.operand() {
                    let beside = [date.seconds() - 1, date.seconds() + 1];
                    samples.extend(
                        beside.iter().filter(|seconds| **seconds >= 0).map(i128::to_string),
                    );
                }
                texts.insert(text);
            }
            (Family::IpAddress, _) => {
                if let Operand::Network(Some(network)) = value.operand() {
                    samples.insert(network.first().to_string());
                }
            }
            (Family::String, Test::EqualIgnoreCase) => {
                samples.insert(text.to_ascii_uppercase());
                texts.insert(text);
            }
            (Family::Arn, _) | (Family::String, Test::Like) => {
                let example = example(value);
                if example == text {
                    texts.insert(text)
                } else {
                    samples.insert(example)
                };
            }
            _ if value.template().has_variables() => {
                samples.insert(example(value));
                texts.insert(text);
            }
            _ => {
                texts.insert(text);
            }
        }
    }
}

/// A text that matches the value as a pattern, with variables standing for [`OTHER`].
fn example(value: &ConditionValue) -> String {
    let mut text = String::new();
    for token in value.template().tokens(Reading::Substituted) {
        match token {
            Token::Char(c) => text.push(*c),
            Token::Star => text.push_str("example"),
            Token::Question => text.push('x'),
            Token::Variable(_) => text.push_str(OTHER),
        }
    }
    text
}
