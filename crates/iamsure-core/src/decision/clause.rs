//! Is one clause of a Condition true of a request? (5.1 to 5.6)
//!
//! With `P` = "the element matches some value of the clause", negated operators asking `¬P`:
//!
//! | request value | plain | plain, negated | `ForAllValues:` | `ForAnyValue:` |
//! | --- | --- | --- | --- | --- |
//! | absent | false; true with `IfExists` | true | true | false |
//! | single x | P(x) | ¬P(x) | as plain | as plain |
//! | multi, one element x | P(x) | ¬P(x) | as plain | as plain |
//! | multi, more elements | false | false | every element | some element |
//! | multi, no element | as absent | as absent | true | false |
//! | multi, only empty elements | as their number says | as their number says | true | false |
//!
//! A plain operator sees a list of one as its value and a list of none as an absent key (C-45, Q4).
//!
//! `Null` asks only for presence. The Effect of the statement plays no part (C-14).
//!
//! AWS pages: IAM User Guide, `reference_policies_elements_condition_operators`,
//! `reference_policies_condition-single-vs-multi-valued-context-keys`; `EventBridge` User Guide,
//! `eb-use-conditions`.

use super::truth::Truth;
use crate::language::condition::arn::ArnRules;
use crate::language::condition::date::Date;
use crate::language::condition::number::Number;
use crate::language::condition::{
    Clause, ConditionValue, Family, Operand, Operator, Quantifier, Test,
};
use crate::language::condition::{address, arn, binary, boolean};
use crate::language::key::ConditionKey;
use crate::language::pattern::{Case, matches_by_last_run};
use crate::language::variable::{Reading, Token, Value, text_of};
use crate::world::context::{Context, KeyState};
use crate::world::switch::{Switch, Switches};

/// What a clause is judged against.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The keys of the request.
    pub context: &'a Context,
    /// Whether `${` is a variable in this document (V-1).
    pub reading: Reading,
    /// The choices where AWS is silent.
    pub switches: &'a Switches,
}

/// What was decided about a clause, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the clause is true.
    pub truth: Truth,
    /// Why.
    pub reason: Reason,
}

/// Why a clause is true or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The key is absent, which a plain positive operator never matches (C-10).
    Absent,
    /// The key is absent, which a negated operator matches (C-11).
    AbsentNegated,
    /// The key is absent, which `IfExists` counts as a match (C-12).
    AbsentIfExists,
    /// The key is absent or a null data set: `ForAllValues` is true (C-41).
    NothingForAll,
    /// The key is absent or a null data set: `ForAnyValue` is false (C-42).
    NothingForAny,
    /// `Null` asked for presence (C-30).
    Presence,
    /// A set operator before `Null` is constant (C-33).
    Constant,
    /// No value is listed, and the key is present (C-7).
    NoValues,
    /// A plain operator is false of two or more elements (C-45).
    PlainOnMultivalued,
    /// The value at this index matched.
    Matched(usize),
    /// No value matched.
    NoneMatched,
    /// Some elements of the request matched and some did not.
    ElementsDiffer,
    /// Nothing was compared with success because a value does not parse (C-29).
    Unreadable,
    /// A variable in the policy has no value (V-7).
    NoVariable,
    /// The key, or the key of a variable, is unknown.
    Unknown,
}

/// Whether `clause` is true of `facts`.
pub fn judge(clause: &Clause, facts: Facts<'_>) -> Judgement {
    let operator = *clause.operator;
    let state = facts.context.state(&clause.key);
    if operator.base.family() == Family::Null {
        return presence(clause, operator, state, facts);
    }
    match operator.quantifier {
        Some(quantifier) => judge_set(quantifier, clause, state, facts),
        None => judge_plain(clause, state, facts),
    }
}

/// What a clause says of a request that lacks its key, if that settles it (C-7).
fn no_values(clause: &Clause, is_present: bool) -> Option<Judgement> {
    let operator = *clause.operator;
    // These forms are true with no values only as far as absence makes them true.
    let settled = clause.values.is_empty()
        && is_present
        && (operator.quantifier.is_some() || operator.if_exists);
    settled.then_some(Judgement { truth: Truth::False, reason: Reason::NoValues })
}

/// A clause with a set operator (C-40 to C-47).
fn judge_set(
    quantifier: Quantifier,
    clause: &Clause,
    state: &KeyState,
    facts: Facts<'_>,
) -> Judgement {
    let told = |truth: bool, reason| Judgement { truth: truth.into(), reason };
    let elements = match (quantifier, state) {
        (_, KeyState::Unknown) => {
            return Judgement { truth: Truth::Unknown, reason: Reason::Unknown };
        }
        (Quantifier::ForAllValues, KeyState::Absent) => return told(true, Reason::NothingForAll),
        (Quantifier::ForAnyValue, KeyState::Absent) => {
            return if clause.operator.if_exists && facts.switches.is_alternative(Switch::Q6) {
                told(true, Reason::AbsentIfExists)
            } else {
                told(false, Reason::NothingForAny)
            };
        }
        (_, KeyState::Single(value)) => std::slice::from_ref(value),
        (_, KeyState::Multi(values)) => values.as_slice(),
    };
    let is_null_set = elements.iter().all(String::is_empty);
    no_values(clause, !is_null_set)
        .unwrap_or_else(|| over_elements(quantifier, clause, elements, facts))
}

/// A clause without a set operator (C-10 to C-12, C-45).
fn judge_plain(clause: &Clause, state: &KeyState, facts: Facts<'_>) -> Judgement {
    let operator = *clause.operator;
    let told = |truth: bool, reason| Judgement { truth: truth.into(), reason };
    let one =
        |value: &str| no_values(clause, true).unwrap_or_else(|| element(clause, value, facts));
    let absent = || match (operator.base.is_negated(), operator.if_exists) {
        (true, _) => told(true, Reason::AbsentNegated),
        (false, true) => told(true, Reason::AbsentIfExists),
        (false, false) => told(false, Reason::Absent),
    };
    let values = match state {
        KeyState::Unknown => return Judgement { truth: Truth::Unknown, reason: Reason::Unknown },
        KeyState::Absent => return absent(),
        KeyState::Single(value) => return one(value),
        KeyState::Multi(values) => values.as_slice(),
    };
    match (facts.switches.alternative(Switch::Q4), values) {
        (None, []) => absent(),
        (None, [value]) => one(value),
        (Some(choice), _) if choice.name == "any-element" => {
            no_values(clause, !state.is_null_set())
                .unwrap_or_else(|| over_elements(Quantifier::ForAnyValue, clause, values, facts))
        }
        (None | Some(_), _) => told(false, Reason::PlainOnMultivalued),
    }
}

/// `Null` (C-30 to C-33).
fn presence(clause: &Clause, operator: Operator, state: &KeyState, facts: Facts<'_>) -> Judgement {
    let told = |truth: bool, reason| Judgement { truth: truth.into(), reason };
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => return told(true, Reason::Constant),
        Some(Quantifier::ForAnyValue) => return told(false, Reason::Constant),
        None => {}
    }
    let wants =
        |absent| clause.values.iter().any(|value| *value.operand() == Operand::Bool(Some(absent)));
    let absent = match state {
        KeyState::Unknown if wants(true) != wants(false) => {
            return Judgement { truth: Truth::Unknown, reason: Reason::Unknown };
        }
        // Both texts are listed, or neither: the state does not matter.
        KeyState::Unknown | KeyState::Absent => true,
        KeyState::Single(value) => value.is_empty() && facts.switches.is_alternative(Switch::Q5),
        KeyState::Multi(_) => state.is_null_set(),
    };
    told(wants(absent), Reason::Presence)
}

/// `ForAllValues:` and `ForAnyValue:` over the elements of a present key (C-40 to C-47).
fn over_elements(
    quantifier: Quantifier,
    clause: &Clause,
    elements: &[String],
    facts: Facts<'_>,
) -> Judgement {
    let told = |truth: bool, reason| Judgement { truth: truth.into(), reason };
    if elements.iter().all(String::is_empty) {
        return match quantifier {
            Quantifier::ForAllValues => told(true, Reason::NothingForAll),
            Quantifier::ForAnyValue => told(false, Reason::NothingForAny),
        };
    }
    let judgements: Vec<_> = elements.iter().map(|value| element(clause, value, facts)).collect();
    let truths = judgements.iter().map(|judgement| judgement.truth);
    let truth = match quantifier {
        Quantifier::ForAllValues => Truth::all(truths),
        Quantifier::ForAnyValue => Truth::any(truths),
    };
    let differ = judgements
        .windows(2)
        .any(|pair| pair.first().map(|j| j.truth) != pair.last().map(|j| j.truth));
    let decisive = judgements.iter().find(|judgement| judgement.truth == truth);
    let reason = match decisive {
        _ if truth == Truth::Unknown => Reason::Unknown,
        _ if differ => Reason::ElementsDiffer,
        Some(judgement) => judgement.reason,
        None => Reason::NoneMatched,
    };
    Judgement { truth, reason }
}

/// One element of the request against the values of the clause (C-2 to C-5).
fn element(clause: &Clause, x: &str, facts: Facts<'_>) -> Judgement {
    let negated = clause.operator.base.is_negated();
    let (mut unknown, mut unreadable, mut no_variable) = (false, false, false);
    for (index, value) in clause.values.iter().enumerate() {
        match compare(*clause.operator, value, x, facts) {
            Comparison::Match => {
                return Judgement { truth: (!negated).into(), reason: Reason::Matched(index) };
            }
            Comparison::NoMatch => {}
            Comparison::Unreadable => unreadable = true,
            Comparison::NoVariable => no_variable = true,
            Comparison::Unknown => unknown = true,
        }
    }
    let vetoed = negated
        && ((unreadable && facts.switches.is_alternative(Switch::Q2))
            || (no_variable && facts.switches.is_alternative(Switch::Q21)));
    let reason = match (unknown, unreadable, no_variable) {
        (true, ..) => Reason::Unknown,
        (_, true, _) => Reason::Unreadable,
        (_, _, true) => Reason::NoVariable,
        _ => Reason::NoneMatched,
    };
    let truth = if vetoed {
        Truth::False
    } else if unknown {
        Truth::Unknown
    } else {
        negated.into()
    };
    Judgement { truth, reason }
}

/// What came of comparing one request value with one policy value, before negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Match,
    NoMatch,
    /// One of the two does not parse (C-29): no match, unless a switch says otherwise.
    Unreadable,
    /// A variable has no value (V-7): no match, unless a switch says otherwise.
    NoVariable,
    Unknown,
}

impl From<bool> for Comparison {
    fn from(matched: bool) -> Self {
        if matched { Self::Match } else { Self::NoMatch }
    }
}

fn compare(operator: Operator, value: &ConditionValue, x: &str, facts: Facts<'_>) -> Comparison {
    match (operator.base.family(), value.operand()) {
        (Family::String, _) => compare_text(operator.base.test(), value, x, facts),
        (Family::Arn, _) => {
            let rules = ArnRules {
                wildcards_survive: facts.switches.is_alternative(Switch::Q11),
                short_as_text: facts.switches.is_alternative(Switch::Q27),
                misses_count: facts.switches.is_alternative(Switch::Q21),
            };
            match arn::matches(value.template(), x, facts.reading, rules, |key| {
                value_of(key, facts)
            }) {
                Ok(matched) => matched.into(),
                Err(missing) => missing.into(),
            }
        }
        (Family::Bool, _)
            if facts.switches.is_alternative(Switch::Q10) && value.template().has_variables() =>
        {
            match resolve(value, facts) {
                Ok(tokens) => equal(boolean::read(&text_of(&tokens)), boolean::read(x)),
                Err(missing) => missing,
            }
        }
        (_, Operand::Bool(p)) => equal(*p, boolean::read(x)),
        (_, Operand::Binary(p)) => equal(p.as_ref(), binary::read(x).as_ref()),
        (_, Operand::Number(p)) => {
            ordered(operator.base.test(), p.as_ref(), Number::read(x).as_ref())
        }
        (_, Operand::Date(p)) => {
            let strict = facts.switches.is_alternative(Switch::Q17);
            let accept = |date: &&Date| !(strict && date.is_assumed());
            let x = Date::read(x);
            ordered(operator.base.test(), p.as_ref().filter(accept), x.as_ref().filter(accept))
        }
        (_, Operand::Network(p)) => {
            let unmap = facts.switches.is_alternative(Switch::Q12);
            match (p, address::read(x, unmap)) {
                (Some(network), Some(address)) if unmap => {
                    network.unmapped().contains(address).into()
                }
                (Some(network), Some(address)) => network.contains(address).into(),
                _ => Comparison::Unreadable,
            }
        }
        // Text operands belong to the two families above.
        (_, Operand::Text) => Comparison::NoMatch,
    }
}

fn equal<T: PartialEq>(p: Option<T>, x: Option<T>) -> Comparison {
    match (p, x) {
        (Some(p), Some(x)) => (p == x).into(),
        _ => Comparison::Unreadable,
    }
}

/// `x OP p` (C-23, C-24).
fn ordered<T: Ord>(test: Test, p: Option<&T>, x: Option<&T>) -> Comparison {
    let (Some(p), Some(x)) = (p, x) else { return Comparison::Unreadable };
    let order = x.cmp(p);
    match test {
        Test::Less => order.is_lt(),
        Test::LessOrEqual => order.is_le(),
        Test::Greater => order.is_gt(),
        Test::GreaterOrEqual => order.is_ge(),
        Test::Equal | Test::EqualIgnoreCase | Test::Like | Test::Within | Test::Absent => {
            order.is_eq()
        }
    }
    .into()
}

fn compare_text(test: Test, value: &ConditionValue, x: &str, facts: Facts<'_>) -> Comparison {
    let like = |tokens: &[Token]| {
        matches_by_last_run(tokens.iter().filter_map(Token::piece), Case::Sensitive, x)
    };
    let equals = |text: &str| match test {
        Test::EqualIgnoreCase => text.eq_ignore_ascii_case(x),
        _ => text == x,
    };
    let template = value.template();
    match (template.as_written(facts.reading), test) {
        (Some(_), Test::Like) => return like(template.tokens(facts.reading)).into(),
        (Some(text), _) => return equals(text).into(),
        (None, _) => {}
    }
    match (resolve(value, facts), test) {
        (Ok(tokens), Test::Like) => like(&tokens).into(),
        (Ok(tokens), _) => equals(&text_of(&tokens)).into(),
        (Err(missing), _) => missing,
    }
}

fn resolve<'v>(
    value: &'v ConditionValue,
    facts: Facts<'v>,
) -> Result<std::borrow::Cow<'v, [Token]>, Comparison> {
    // Under equality a substituted `*` is a character whatever Q11 says.
    let survive = facts.switches.is_alternative(Switch::Q11);
    value
        .template()
        .resolve(facts.reading, survive, |key| value_of(key, facts))
        .map_err(Comparison::from)
}

impl From<Value<'_>> for Comparison {
    /// Of the two ways in which a variable has no text.
    fn from(missing: Value<'_>) -> Self {
        match missing {
            Value::Unknown => Self::Unknown,
            Value::None | Value::Text(_) | Value::Any => Self::NoVariable,
        }
    }
}

/// The value a policy variable takes (V-2, V-8, V-9).
pub fn value_of<'a>(key: &ConditionKey, facts: Facts<'a>) -> Value<'a> {
    match facts.context.state(key) {
        KeyState::Single(text)
            if text.is_empty() && !facts.switches.is_alternative(Switch::Q16) =>
        {
            Value::None
        }
        KeyState::Single(text) => Value::Text(text.as_str().into()),
        KeyState::Absent | KeyState::Multi(_) => Value::None,
        KeyState::Unknown => Value::Unknown,
    }
}

#[cfg(test)]
mod tests;
