//! Operators, the values their families compare, clauses, and what a request may hold for a key.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use iamsure_core::language::condition::{Family, Written};
use iamsure_core::language::source::Span;
use iamsure_core::language::{Clause, ConditionKey, ConditionValue, Operator, Spanned};
use iamsure_core::world::KeyState;

use super::one_of;

/// The keys of every context and clause, so few that clauses meet keys that are there.
pub const KEYS: &[&str] =
    &["aws:ViaAWSMCPService", "aws:username", "aws:PrincipalTag/team", "s3:prefix", "aws:SourceIp"];

/// Any operator that may be written.
pub fn operator() -> impl Strategy<Value = Operator> + Clone {
    select(Operator::all().collect::<Vec<_>>())
}

/// Any operator AWS stores: without the set operators before `Null`.
pub fn stored_operator() -> impl Strategy<Value = Operator> + Clone {
    operator().prop_filter("a set operator before Null is refused", |operator| {
        operator.quantifier.is_none() || operator.base.family() != Family::Null
    })
}

/// A key, sometimes in another spelling.
pub fn key() -> impl Strategy<Value = ConditionKey> + Clone {
    prop_oneof![4 => select(KEYS), 1 => one_of(&["AWS:UserName", "aws:viaawsmcpservice", "S3:Prefix"])]
        .prop_map(ConditionKey::from)
}

/// A text that an operator of `family` compares: near misses, boundaries and what does not parse.
pub fn value(family: Family) -> BoxedStrategy<String> {
    let texts: &'static [&'static str] = match family {
        Family::String => &["", "a", "A", "ab", "a*", "a?", "*", "true", "é", "alice", "a/b:c"],
        Family::Numeric => &[
            "0",
            "-0",
            "1",
            "1.0",
            "01",
            "+1",
            "1.5",
            "1.50",
            "-1",
            "-1.5",
            "10",
            "2",
            "1e1",
            "9007199254740993",
            "9007199254740992",
            "",
            ".5",
            "a",
        ],
        Family::Date => &[
            "0",
            "1767225600",
            "1767225599",
            "2026-01-01T00:00:00Z",
            "2026-01-01",
            "2026-01",
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00.50Z",
            "2026-01-01T01:00+01:00",
            "2025-12-31T23:59:59Z",
            "2026-01-01T00:00:00",
            "2026-1-1t0:00:00+00",
            "2026-01-01T0Z",
            "2026T",
            "-1",
            "-99999999999",
            "2026-01-01T00:00:00+1",
            "2026-01-01T00:00:00.0000000000Z",
            "99999999999999999999",
            "2026-13-01",
            "2026-02-30",
            "",
            "today",
        ],
        Family::Bool | Family::Null => &["true", "false", "True", "FALSE", "", "yes", "1"],
        Family::Binary => &["", "AA==", "AAA=", "AAAA", "QQ==", "QR==", "QQ", "Q Q=", "-_=="],
        Family::IpAddress => &[
            "203.0.113.7",
            "203.0.113.0/24",
            "203.0.113.77/24",
            "203.0.114.7",
            "0.0.0.0/0",
            "203.0.113.7/32",
            "2001:db8::1",
            "2001:DB8:0::1",
            "2001:db8::/32",
            "::/0",
            "::ffff:203.0.113.7",
            "203.0.113",
            "203.0.113.7/33",
            "",
        ],
        Family::Arn => &[
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::*:role/app",
            "arn:*:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:role/a?p",
            "arn:aws:iam::111122223333:ROLE/app",
            "arn:aws:sns:us-east-1:111122223333:topic:sub",
            "arn:aws:sns:*:*:*",
            "arn:*",
            "*",
            "",
        ],
    };
    select(texts).prop_map(str::to_owned).boxed()
}

/// A text of some family, not always of `family`.
pub fn near_value(family: Family) -> BoxedStrategy<String> {
    prop_oneof![6 => value(family), 1 => value(Family::Bool), 1 => value(Family::String)].boxed()
}

/// A policy value: like [`near_value`], and for operators that substitute, with variables.
pub fn policy_value(family: Family) -> BoxedStrategy<String> {
    if family.substitutes() {
        prop_oneof![
            5 => near_value(family),
            1 => one_of(&["${aws:username}", "${aws:username}*", "${aws:PrincipalTag/team, 'a'}", "${*}", "a${?}",
                "arn:aws:iam::111122223333:role/${aws:username}", "${s3:prefix}${aws:username}"])
                .prop_map(str::to_owned),
        ]
        .boxed()
    } else {
        near_value(family)
    }
}

/// A clause in every form, its values without places; the list may be empty.
pub fn clause() -> impl Strategy<Value = Clause> {
    (operator(), key()).prop_flat_map(|(operator, key)| {
        vec(policy_value(operator.base.family()), 0..4)
            .prop_map(move |values| clause_of(operator, key.clone(), &values))
    })
}

/// The clause of these parts.
pub fn clause_of(operator: Operator, key: ConditionKey, values: &[String]) -> Clause {
    let nowhere = Span::default();
    let family = operator.base.family();
    Clause {
        operator: Spanned::new(operator, nowhere),
        key: Spanned::new(key, nowhere),
        values: values
            .iter()
            .map(|text| {
                Spanned::new(ConditionValue::new(text.as_str(), Written::Text, family), nowhere)
            })
            .collect(),
    }
}

/// What a request may hold for a key that `family` is asked about: absent, single, multivalued, a
/// null data set. Never unknown.
pub fn key_state(family: Family) -> BoxedStrategy<KeyState> {
    prop_oneof![
        2 => Just(KeyState::Absent),
        4 => near_value(family).prop_map(KeyState::Single),
        2 => vec(near_value(family), 0..4).prop_map(KeyState::Multi),
        1 => one_of(&["", "|", "a|", "|a"]).prop_map(|joined| {
            KeyState::Multi(joined.split('|').map(str::to_owned).collect())
        }),
    ]
    .boxed()
}

/// What a request may hold for a key, whatever it is asked.
pub fn any_key_state() -> BoxedStrategy<KeyState> {
    let families = [
        Family::String,
        Family::Numeric,
        Family::Date,
        Family::Bool,
        Family::Binary,
        Family::IpAddress,
        Family::Arn,
    ];
    select(families.as_slice().to_vec()).prop_flat_map(key_state).boxed()
}
