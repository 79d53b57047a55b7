//! Policy documents of every type: as JSON text that AWS would store, as text that is nearly one,
//! and read.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use iamsure_core::language::condition::Family;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

use super::condition::{key, policy_value, stored_operator};
use super::one_of;
use super::pattern::{
    action_entry, any_action_entry, any_resource_entry, resource_entry, trust_action_entry,
};

/// Any type of policy.
pub fn policy_type() -> impl Strategy<Value = PolicyType> + Clone {
    prop::sample::select(PolicyType::ALL.to_vec())
}

/// A document that reads strictly as `kind`, read.
pub fn policy(kind: PolicyType) -> BoxedStrategy<PolicyDocument> {
    policy_text(kind)
        .prop_filter_map("strictly readable", move |text| {
            PolicyDocument::read(&Source::new("policy.json", text), kind, Profile::Strict).ok()
        })
        .boxed()
}

/// The JSON text of a document that reads strictly as `kind`.
pub fn policy_text(kind: PolicyType) -> BoxedStrategy<String> {
    let version = if matches!(kind, PolicyType::Scp | PolicyType::Rcp) {
        Just(Some("2012-10-17")).boxed()
    } else {
        prop_oneof![4 => Just(Some("2012-10-17")), 1 => Just(Some("2008-10-17")), 1 => Just(None)]
            .boxed()
    };
    let has_id = !matches!(kind, PolicyType::Identity | PolicyType::Boundary | PolicyType::Session);
    let id = one_of(&["", "Policy1", "é \"id\""]);
    let id = if has_id { option::weighted(0.2, id).boxed() } else { Just(None).boxed() };
    (version, id, vec(statement(kind), 1..4), any::<bool>())
        .prop_map(|(version, id, mut statements, bare)| {
            for (index, statement) in statements.iter_mut().enumerate() {
                if index % 2 == 1
                    && let Some(object) = statement.as_object_mut()
                {
                    object.insert("Sid".to_owned(), json!(format!("S{index}")));
                }
            }
            let mut object = Map::new();
            if let Some(version) = version {
                object.insert("Version".to_owned(), json!(version));
            }
            if let Some(id) = id {
                object.insert("Id".to_owned(), json!(id));
            }
            object.insert("Statement".to_owned(), list_or_one(statements, bare));
            Value::Object(object).to_string()
        })
        .boxed()
}

/// One statement that a policy of type `kind` may hold.
pub fn statement(kind: PolicyType) -> BoxedStrategy<Value> {
    let effect = if kind == PolicyType::Rcp {
        Just(Effect::Deny).boxed()
    } else {
        prop_oneof![3 => Just(Effect::Allow), 1 => Just(Effect::Deny)].boxed()
    };
    effect.prop_flat_map(move |effect| statement_of(kind, effect)).boxed()
}

/// One statement of a given effect that a policy of type `kind` may hold.
pub fn statement_of(kind: PolicyType, effect: Effect) -> BoxedStrategy<Value> {
    let actions = match kind {
        PolicyType::Trust => trust_action_entry().boxed(),
        PolicyType::Rcp => action_entry()
            .prop_filter("an RCP names the service", |entry| entry != "*" && entry != "*:*")
            .boxed(),
        _ => action_entry().boxed(),
    };
    let not_action = !matches!(kind, PolicyType::Rcp);
    (
        principals(kind, effect),
        (vec(actions, 1..4), sometimes(not_action)),
        (vec(resource_entry(), 1..4), sometimes(true)),
        condition(),
        any::<bool>(),
    )
        .prop_map(
            move |(principal, (actions, no_action), (resources, no_resource), block, bare)| {
                let mut object = Map::new();
                object.insert("Effect".to_owned(), json!(effect.as_str()));
                if let Some((name, principal)) = principal {
                    object.insert(name.to_owned(), principal);
                }
                let name = if no_action { "NotAction" } else { "Action" };
                object.insert(name.to_owned(), texts(actions, bare));
                if kind != PolicyType::Trust {
                    let name = if no_resource { "NotResource" } else { "Resource" };
                    object.insert(name.to_owned(), texts(resources, bare));
                }
                if let Some(block) = block {
                    object.insert("Condition".to_owned(), block);
                }
                Value::Object(object)
            },
        )
        .boxed()
}

/// Now and then true, if it may be.
fn sometimes(may_be: bool) -> BoxedStrategy<bool> {
    if may_be { prop::bool::weighted(0.25).boxed() } else { Just(false).boxed() }
}

/// The Principal or NotPrincipal of a statement, with its name.
fn principals(kind: PolicyType, effect: Effect) -> BoxedStrategy<Option<(&'static str, Value)>> {
    match kind {
        PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp => {
            Just(None).boxed()
        }
        PolicyType::Rcp => Just(Some(("Principal", json!("*")))).boxed(),
        PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint => {
            let not_principal = effect == Effect::Deny && kind != PolicyType::Trust;
            (principal_map(), sometimes(not_principal))
                .prop_map(|(map, no)| Some((if no { "NotPrincipal" } else { "Principal" }, map)))
                .boxed()
        }
    }
}

fn principal_map() -> impl Strategy<Value = Value> {
    let aws = one_of(&[
        "*",
        "111122223333",
        "arn:aws:iam::111122223333:root",
        "444455556666",
        "arn:aws:iam::111122223333:user/alice",
        "arn:aws:iam::111122223333:user/alicia",
        "arn:aws:iam::111122223333:role/app",
        "arn:aws:iam::111122223333:role/other/app",
        "arn:aws:sts::111122223333:assumed-role/app/s1",
        "arn:aws:sts::111122223333:assumed-role/app/s2",
        "arn:aws:sts::111122223333:federated-user/bob",
        "AIDAEXAMPLEALICE",
        "AROAEXAMPLEAPP",
    ]);
    let service = one_of(&["cloudtrail.amazonaws.com", "s3.amazonaws.com"]);
    let provider = one_of(&["accounts.google.com", "www.amazon.com"]);
    prop_oneof![
        1 => Just(json!("*")),
        3 => (vec(aws, 0..4), vec(service, 0..2), vec(provider, 0..2)).prop_map(
            |(aws, service, provider)| {
                let mut map = Map::new();
                for (name, values) in [("AWS", aws), ("Service", service), ("Federated", provider)] {
                    if !values.is_empty() {
                        map.insert(name.to_owned(), json!(values));
                    }
                }
                Value::Object(map)
            }
        ),
    ]
}

/// A Condition block; mostly none, sometimes an empty one.
fn condition() -> impl Strategy<Value = Option<Value>> {
    let clause = (stored_operator(), key()).prop_flat_map(|(operator, key)| {
        let family = operator.base.family();
        // IAM refuses what is no date.
        let stored = move |text: &String| family != Family::Date || Date::read(text).is_some();
        let value = policy_value(family).prop_filter("IAM refuses what is no date", stored);
        (vec(value, 0..4), any::<bool>()).prop_map(move |(values, raw)| {
            (operator.to_string(), key.as_str().to_owned(), family, values, raw)
        })
    });
    let block = vec(clause, 0..3).prop_map(|clauses| {
        let mut block: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for (operator, key, family, values, raw) in clauses {
            let keys = block.entry(operator).or_default();
            if keys.keys().any(|known| known.eq_ignore_ascii_case(&key)) {
                continue;
            }
            let values = values.into_iter().map(|text| written(&text, family, raw)).collect();
            keys.insert(key, list_or_one(values, raw));
        }
        json!(block)
    });
    prop_oneof![2 => Just(None), 1 => block.prop_map(Some)]
}

/// The value as JSON: quoted, or (`raw`) as a Boolean or number where it is one.
fn written(text: &str, family: Family, raw: bool) -> Value {
    match (raw, family) {
        (true, Family::Bool | Family::Null) if text == "true" || text == "false" => {
            json!(text == "true")
        }
        (true, Family::Numeric | Family::Date) => {
            text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        _ => json!(text),
    }
}

fn texts(texts: Vec<String>, bare: bool) -> Value {
    list_or_one(texts.into_iter().map(Value::String).collect(), bare)
}

/// A list, or its only element without one.
fn list_or_one(mut values: Vec<Value>, bare: bool) -> Value {
    if bare
        && values.len() == 1
        && let Some(value) = values.pop()
    {
        return value;
    }
    Value::Array(values)
}

/// The JSON text of a document that says something at every turn, much of it refused.
pub fn any_policy_text() -> BoxedStrategy<String> {
    let text = || {
        one_of(&["", "*", "Allow", "allow", "Deny", "2012-10-17", "<ACCOUNT_ID>", "中", "a\"b\\"])
    };
    let leaf = prop_oneof![
        4 => text().prop_map(|text| json!(text)),
        2 => any_action_entry().prop_map(Value::from),
        2 => any_resource_entry().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let name = || {
        one_of(&[
            "Version",
            "Id",
            "Statement",
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
            "condition",
            "AWS",
            "Service",
            "StringEquals",
            "stringequals",
            "ForAllValues:Null",
            "NullIfExists",
            "Bool",
            "aws:username",
            "AWS:UserName",
            "",
        ])
    };
    let tree = leaf.prop_recursive(6, 40, 6, move |inner| {
        prop_oneof![
            2 => vec((name(), inner.clone()), 0..6).prop_map(|members| {
                Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
            1 => vec(inner, 0..4).prop_map(Value::Array),
        ]
    });
    tree.prop_map(|tree| tree.to_string()).boxed()
}

/// A document of some type with one piece cut out, doubled or replaced, so that it is nearly JSON
/// and nearly a policy.
pub fn mutated_policy_text() -> BoxedStrategy<String> {
    let replacement = one_of(&[
        "", "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u4e2d", "\\ud800", "é", "\u{1}", "${",
        "null", "  ", "0",
    ]);
    (
        policy_type().prop_flat_map(policy_text),
        any::<prop::sample::Index>(),
        0..12_usize,
        replacement,
        any::<bool>(),
    )
        .prop_map(|(text, at, length, replacement, doubled)| {
            let letters: Vec<char> = text.chars().collect();
            let start = at.index(letters.len() + 1);
            let end = (start + length).min(letters.len());
            let piece = |from: usize, to: usize| {
                letters.get(from..to).unwrap_or_default().iter().collect::<String>()
            };
            let middle = if doubled { piece(start, end).repeat(2) } else { replacement.to_owned() };
            piece(0, start) + &middle + &piece(end, letters.len())
        })
        .boxed()
}
