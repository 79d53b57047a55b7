//! Facts as statements: what a claim says of a request is said again as an Allow that matches where it
//! holds, so that the classes that tell policies apart also tell claims apart.

use iamsure_core::language::condition::{BaseOperator, Operator};
use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::call_path::CallPath;
use iamsure_core::world::evidence::FixedKey;
use iamsure_core::world::{KeyState, PolicySet};
use iamsure_reference::{ValueType, condition_key};
use serde_json::{Map, Value, json};

use super::{KeyFact, Operand, Order, Quantifier, Target, Test};

/// The name of the document that holds the facts of a claim.
const NAME: &str = "(claim)";

/// The facts of a claim, each a statement of one policy.
#[derive(Debug, Default)]
pub(super) struct Facts {
    statements: Vec<Value>,
}

/// The number of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FactId(pub(super) usize);

impl Facts {
    fn add(&mut self, statement: Value) -> FactId {
        if let Some(known) = self.statements.iter().position(|known| *known == statement) {
            return FactId(known);
        }
        self.statements.push(statement);
        FactId(self.statements.len() - 1)
    }

    /// The requests with these actions and resources.
    pub(super) fn target(&mut self, target: &Target) -> FactId {
        let actions: Vec<&str> =
            target.actions.iter().map(iamsure_core::language::ActionPattern::as_str).collect();
        let resources: Vec<&str> = target.resources.iter().map(String::as_str).collect();
        self.add(json!({
            "Effect": "Allow",
            "Action": if actions.is_empty() { vec!["*"] } else { actions },
            "Resource": if resources.is_empty() { vec!["*"] } else { resources },
        }))
    }

    /// The requests that a fact about a key holds of.
    pub(super) fn key(&mut self, fact: &KeyFact) -> FactId {
        self.add(json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition(fact),
        }))
    }

    /// The requests whose keys are those of one world of a call path, as far as it fixes them.
    pub(super) fn world(&mut self, path: &CallPath, world: usize) -> FactId {
        let mut condition = Map::new();
        let fixed = path.worlds().get(world).map(|world| world.keys.as_slice()).unwrap_or_default();
        for FixedKey { key, state, is_present, .. } in fixed {
            let name = key.as_str().to_owned();
            let (operator, value) = match state {
                KeyState::Absent => ("Null", json!("true")),
                KeyState::Single(text) => ("StringEquals", json!(literal(text))),
                KeyState::Multi(texts) => (
                    "ForAllValues:StringEquals",
                    json!(texts.iter().map(|text| literal(text)).collect::<Vec<_>>()),
                ),
                KeyState::Unknown if *is_present => ("Null", json!("false")),
                KeyState::Unknown => continue,
            };
            if matches!(state, KeyState::Multi(_)) {
                insert(&mut condition, "Null", name.clone(), json!("false"));
            }
            insert(&mut condition, operator, name, value);
        }
        self.add(json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition,
        }))
    }

    /// The policy whose statements are the facts. `None` if one cannot be said in IAM's language.
    pub(super) fn policies(&self) -> Option<PolicySet> {
        let text =
            json!({ "Version": "2012-10-17", "Statement": self.statements.clone() }).to_string();
        let source = Source::new(NAME, text);
        let document =
            PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient).ok()?;
        Some(PolicySet::of_identity([document]))
    }
}

fn insert(condition: &mut Map<String, Value>, operator: &str, key: String, value: Value) {
    let block = condition.entry(operator).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(block) = block {
        block.insert(key, value);
    }
}

/// Text that stands for itself in a value: no variable begins in it.
fn literal(text: &str) -> String {
    text.replace("${", "${$}{")
}

/// The operator that compares values of a key for being equal.
fn equals(key: &ConditionKey) -> BaseOperator {
    match value_type(key) {
        Some(ValueType::Bool) => BaseOperator::Bool,
        Some(ValueType::Numeric) => BaseOperator::NumericEquals,
        Some(ValueType::Date) => BaseOperator::DateEquals,
        Some(ValueType::IpAddress) => BaseOperator::IpAddress,
        // An ARN is the same if its text is; `ArnEquals` would read wildcards.
        Some(ValueType::String | ValueType::Arn | ValueType::Binary) | None => {
            BaseOperator::StringEquals
        }
    }
}

fn value_type(key: &ConditionKey) -> Option<ValueType> {
    condition_key(key.as_str()).known().map(|known| known.value_type)
}

fn condition(fact: &KeyFact) -> Value {
    let name = fact.key.as_str().to_owned();
    let mut condition = Map::new();
    let mut clause = |base: BaseOperator, values: Value| {
        let quantifier = fact.quantifier.map(|quantifier| match quantifier {
            Quantifier::Any => iamsure_core::language::condition::Quantifier::ForAnyValue,
            Quantifier::All => iamsure_core::language::condition::Quantifier::ForAllValues,
        });
        let operator = Operator { quantifier, base, if_exists: false };
        insert(&mut condition, &operator.to_string(), name.clone(), values);
    };
    match &fact.test {
        Test::Absent => insert(&mut condition, "Null", name.clone(), json!("true")),
        Test::OneOf(operands) => {
            let is_related = operands.iter().any(|operand| matches!(operand, Operand::Key(_)));
            let base = if is_related { BaseOperator::StringEquals } else { equals(&fact.key) };
            let values: Vec<String> = operands
                .iter()
                .map(|operand| match operand {
                    Operand::Text(text) => literal(text),
                    Operand::Key(key) => format!("${{{key}}}"),
                })
                .collect();
            clause(base, json!(values));
        }
        Test::Like(patterns) => {
            let of_arns = value_type(&fact.key) == Some(ValueType::Arn)
                && patterns.iter().all(|pattern| pattern.split(':').count() >= 6);
            let base = if of_arns { BaseOperator::ArnLike } else { BaseOperator::StringLike };
            clause(base, json!(patterns));
        }
        Test::Order(order, value) => clause(ordering(&fact.key, *order, value), json!(value)),
        Test::Within(ranges) => clause(BaseOperator::IpAddress, json!(ranges)),
    }
    if fact.quantifier == Some(Quantifier::All) && fact.test != Test::Absent {
        // `ForAllValues` is true of none; "all" is not.
        insert(&mut condition, "Null", name, json!("false"));
    }
    Value::Object(condition)
}

/// The operator of an order: of numbers, or of dates where the key or the value is one.
fn ordering(key: &ConditionKey, order: Order, value: &str) -> BaseOperator {
    let of_dates = match value_type(key) {
        Some(ValueType::Date) => true,
        Some(ValueType::Numeric) => false,
        _ => value.contains(['-', 'T', ':']) && !value.starts_with('-'),
    };
    match (of_dates, order) {
        (false, Order::Less) => BaseOperator::NumericLessThan,
        (false, Order::LessOrEqual) => BaseOperator::NumericLessThanEquals,
        (false, Order::Greater) => BaseOperator::NumericGreaterThan,
        (false, Order::GreaterOrEqual) => BaseOperator::NumericGreaterThanEquals,
        (true, Order::Less) => BaseOperator::DateLessThan,
        (true, Order::LessOrEqual) => BaseOperator::DateLessThanEquals,
        (true, Order::Greater) => BaseOperator::DateGreaterThan,
        (true, Order::GreaterOrEqual) => BaseOperator::DateGreaterThanEquals,
    }
}
