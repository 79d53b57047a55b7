//! Claims put together from their parts.

use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_truth::claim::{
    Atom, Body, Condition, DecisionWord, Fact, KeyFact, Operand, Quantified, Quantifier, Target,
    Test,
};

/// Every role, which a trust policy may be of.
pub(super) const ROLES: &str = "arn:aws:iam::*:role/*";

/// A condition of one fact.
pub(super) fn fact(fact: Fact) -> Condition {
    Condition::Is(Atom { fact, span: 0..0 })
}

/// What is said of a key.
pub(super) fn key(key: &ConditionKey, quantifier: Option<Quantifier>, test: Test) -> Condition {
    fact(Fact::Key(KeyFact { key: key.clone(), quantifier, test }))
}

pub(super) fn absent(of: &ConditionKey) -> Condition {
    key(of, None, Test::Absent)
}

/// `KEY in [texts]`.
pub(super) fn one_of<'a>(of: &ConditionKey, texts: impl IntoIterator<Item = &'a str>) -> Condition {
    let operands = texts.into_iter().map(|text| Operand::Text(text.to_owned())).collect();
    key(of, None, Test::OneOf(operands))
}

pub(super) fn is(of: &str, text: &str) -> Condition {
    one_of(&ConditionKey::from(of), [text])
}

pub(super) fn not(condition: Condition) -> Condition {
    match condition {
        Condition::Not(inner) => *inner,
        condition => Condition::Not(Box::new(condition)),
    }
}

/// All of them; `None` of none.
pub(super) fn all(mut conditions: Vec<Condition>) -> Option<Condition> {
    if conditions.len() < 2 { conditions.pop() } else { Some(Condition::All(conditions)) }
}

/// One of them.
pub(super) fn any(mut conditions: Vec<Condition>) -> Option<Condition> {
    if conditions.len() < 2 { conditions.pop() } else { Some(Condition::Any(conditions)) }
}

pub(super) fn actions<'a>(names: impl IntoIterator<Item = &'a str>) -> Target {
    Target { actions: names.into_iter().map(ActionPattern::new).collect(), resources: Vec::new() }
}

/// `never allow TARGET when CONDITIONS`.
pub(super) fn never_allow(target: Target, when: Vec<Condition>) -> Body {
    Body::Never(Quantified { decision: DecisionWord::Allowed, target, when: all(when) })
}

/// `some allow TARGET when CONDITIONS`.
pub(super) fn some_allow(target: Target, when: Vec<Condition>) -> Body {
    Body::Some(Quantified { decision: DecisionWord::Allowed, target, when: all(when) })
}
