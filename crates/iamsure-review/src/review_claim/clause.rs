//! A clause of a policy, said in the language of claims.

use iamsure_core::language::Clause;
use iamsure_core::language::condition::{self, Family, Quantifier};
use iamsure_core::language::variable::{Reading, Token};
use iamsure_reference::{ValueType, condition_key};
use iamsure_truth::claim::{Condition, Operand, Order, Quantifier as Of, Test};

use super::say;

/// When the clause is true; `None` if claims have no words for it.
pub(super) fn condition(clause: &Clause, reading: Reading) -> Option<Condition> {
    let operator = clause.operator.value;
    let key = &clause.key.value;
    if operator.base.family() == Family::Null {
        return null(clause);
    }
    if !is_of_type(clause) || clause.values.is_empty() {
        return None;
    }
    let of = |quantifier| Some(say::key(key, quantifier, test(clause, reading)?));
    let negated = operator.base.is_negated();
    let holds = match (operator.quantifier, negated) {
        (None, false) => of(None)?,
        (None, true) => say::not(of(None)?),
        (Some(Quantifier::ForAnyValue), false) => of(Some(Of::Any))?,
        // One value is not among them: the key is there, and not all of its values are.
        (Some(Quantifier::ForAnyValue), true) => {
            say::all(vec![say::not(say::absent(key)), say::not(of(Some(Of::All))?)])?
        }
        (Some(Quantifier::ForAllValues), false) => {
            return say::any(vec![say::absent(key), of(Some(Of::All))?]);
        }
        (Some(Quantifier::ForAllValues), true) => say::not(of(Some(Of::Any))?),
    };
    // IfExists says nothing of a negated operator, nor after ForAnyValue (C-13).
    if operator.if_exists && !negated && operator.quantifier.is_none() {
        return say::any(vec![say::absent(key), holds]);
    }
    Some(holds)
}

/// That the key has one of the values that a clause with a negated operator spares; `None` if claims have no words
/// for it.
pub(super) fn spared(clause: &Clause, reading: Reading) -> Option<Condition> {
    let is_sayable = is_of_type(clause) && !clause.values.is_empty();
    is_sayable
        .then(|| test(clause, reading))
        .flatten()
        .map(|test| say::key(&clause.key, None, test))
}

fn null(clause: &Clause) -> Option<Condition> {
    let absent = say::absent(&clause.key);
    match clause.values.as_slice() {
        [value] if value.as_str().eq_ignore_ascii_case("true") => Some(absent),
        [value] if value.as_str().eq_ignore_ascii_case("false") => Some(say::not(absent)),
        _ => None,
    }
}

/// Whether a claim compares the key as the operator does: it goes by the type of the key.
fn is_of_type(clause: &Clause) -> bool {
    let of = condition_key(clause.key.as_str()).known().map(|key| key.value_type);
    match (clause.operator.base.family(), of) {
        (Family::String, None | Some(ValueType::String | ValueType::Arn | ValueType::Bool)) => true,
        (Family::Bool, Some(ValueType::Bool))
        | (Family::Numeric, Some(ValueType::Numeric))
        | (Family::Date, Some(ValueType::Date))
        | (Family::IpAddress, Some(ValueType::IpAddress))
        | (Family::Arn, Some(ValueType::Arn)) => {
            clause.values.iter().all(|value| value.is_readable())
        }
        _ => false,
    }
}

/// What the operator tests, before negation.
fn test(clause: &Clause, reading: Reading) -> Option<Test> {
    let texts = || clause.values.iter().map(|value| value.as_str());
    let patterns = || {
        // What is a variable in a claim must be one in the policy.
        let agrees = reading == Reading::Substituted || texts().all(|text| !text.contains("${"));
        agrees.then(|| Test::Like(texts().map(str::to_owned).collect()))
    };
    let order = |order| match clause.values.as_slice() {
        [bound] => Some(Test::Order(order, bound.as_str().to_owned())),
        _ => None,
    };
    match clause.operator.base.test() {
        condition::Test::Equal => clause
            .values
            .iter()
            .map(|value| operand(value, reading))
            .collect::<Option<_>>()
            .map(Test::OneOf),
        condition::Test::Like => patterns(),
        condition::Test::Within => Some(Test::Within(texts().map(str::to_owned).collect())),
        condition::Test::Less => order(Order::Less),
        condition::Test::LessOrEqual => order(Order::LessOrEqual),
        condition::Test::Greater => order(Order::Greater),
        condition::Test::GreaterOrEqual => order(Order::GreaterOrEqual),
        condition::Test::EqualIgnoreCase | condition::Test::Absent => None,
    }
}

/// A value that is compared for being equal: a text, or what one variable stands for.
fn operand(value: &condition::ConditionValue, reading: Reading) -> Option<Operand> {
    let template = value.template();
    if reading == Reading::Plain || template.variables().next().is_none() {
        // `${$}` and the like stand for something else than themselves.
        let is_plain = reading == Reading::Plain || !value.as_str().contains("${");
        return is_plain.then(|| Operand::Text(value.as_str().to_owned()));
    }
    match template.tokens(reading) {
        [Token::Variable(variable)] if variable.default.is_none() => {
            Some(Operand::Key(variable.key.clone()))
        }
        _ => None,
    }
}
