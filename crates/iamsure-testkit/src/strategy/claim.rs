//! Claims, as values; and texts that are nearly one.

use iamsure_core::language::{ActionPattern, ConditionKey, PolicyType};
use iamsure_truth::claim::{
    Atom, Body, Condition, DecisionWord, Fact, File, KeyFact, Operand, Order, Quantified,
    Quantifier, Target, Test,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::one_of;

/// Keys in the spellings that the language has to tell from words and texts.
const KEYS: &[&str] = &[
    "aws:ViaAWSMCPService",
    "aws:SourceIp",
    "AWS:username",
    "aws:RequestTag/cost center",
    "aws:PrincipalTag/a=b",
    "s3:x-amz-acl",
    "x:other",
    "token.actions.githubusercontent.com:sub",
];

/// Texts that look like words of the grammar, keys, lists or quotations.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "true",
    "is",
    "AND",
    "absent",
    "not",
    "on",
    "allow",
    "a b",
    "a,b",
    "[a]",
    "(",
    "\"",
    "'",
    "it's",
    "\\",
    "\\\"",
    "C:\\a",
    "<",
    "=",
    "==a",
    "aws:kms",
    "aws:SourceVpc",
    "s3:prefix",
    "x:y",
    "${aws:username}",
    "${",
    "}",
    "a${b}",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:s3:::b/*",
    "203.0.113.0/24",
    "2026-12-31T00:00:00Z",
    "é",
    "\u{a0}",
    "\n",
];

/// The text of a value, a pattern, a resource or the name of a file.
pub fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![3 => one_of(TEXTS).prop_map(str::to_owned), 1 => "[ a\\\\\"'\\[\\]:${}*]{0,6}"]
}

fn key() -> impl Strategy<Value = ConditionKey> + Clone {
    one_of(KEYS).prop_map(ConditionKey::from)
}

fn actions() -> impl Strategy<Value = Vec<ActionPattern>> + Clone {
    let action = one_of(&["*", "s3:GetObject", "s3:Get*", "iam:PassRole", "S3:*", "x:a b", "x:é"]);
    vec(action.prop_map(ActionPattern::new), 1..4)
}

fn order() -> impl Strategy<Value = (Order, String)> + Clone {
    let order =
        select(vec![Order::Less, Order::LessOrEqual, Order::Greater, Order::GreaterOrEqual]);
    (order, one_of(&["5", "-1.50", "2026", "2026-12-31", "2026-01-01T00:00:00Z"]))
        .prop_map(|(order, bound)| (order, bound.to_owned()))
}

fn test() -> impl Strategy<Value = Test> + Clone {
    let operand =
        prop_oneof![3 => text().prop_map(Operand::Text), 1 => key().prop_map(Operand::Key)];
    let range = one_of(&["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]).prop_map(str::to_owned);
    prop_oneof![
        vec(operand, 1..4).prop_map(Test::OneOf),
        vec(text(), 1..4).prop_map(Test::Like),
        order().prop_map(|(order, bound)| Test::Order(order, bound)),
        vec(range, 1..4).prop_map(Test::Within),
    ]
}

fn decision() -> impl Strategy<Value = DecisionWord> + Clone {
    select(vec![
        DecisionWord::Allowed,
        DecisionWord::Denied,
        DecisionWord::ExplicitlyDenied,
        DecisionWord::ImplicitlyDenied,
        DecisionWord::Exempt,
    ])
}

fn fact() -> impl Strategy<Value = Fact> + Clone {
    let quantifier = option::of(select(vec![Quantifier::Any, Quantifier::All]));
    let said = (key(), quantifier, test())
        .prop_map(|(key, quantifier, test)| Fact::Key(KeyFact { key, quantifier, test }));
    let absent =
        key().prop_map(|key| Fact::Key(KeyFact { key, quantifier: None, test: Test::Absent }));
    prop_oneof![
        4 => said,
        1 => absent,
        1 => decision().prop_map(Fact::Decision),
        1 => select(PolicyType::ALL.to_vec()).prop_map(Fact::Layer),
        1 => actions().prop_map(Fact::Action),
        1 => vec(text(), 1..4).prop_map(Fact::Resource),
        1 => one_of(&["direct", "mcp:aws-mcp", "sts:AssumeRole", "service:athena+glue"])
            .prop_map(|name| Fact::Path(name.to_owned())),
    ]
}

fn condition() -> impl Strategy<Value = Condition> + Clone {
    let leaf = fact().prop_map(|fact| Condition::Is(Atom { fact, span: 0..0 }));
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::All),
            vec(inner.clone(), 2..4).prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

fn target() -> impl Strategy<Value = Target> + Clone {
    (prop_oneof![Just(Vec::new()), actions()], vec(text(), 0..3))
        .prop_map(|(actions, resources)| Target { actions, resources })
}

/// What a claim says: all that the language can.
pub fn body() -> impl Strategy<Value = Body> + Clone {
    let quantified = (decision(), target(), option::of(condition()))
        .prop_map(|(decision, target, when)| Quantified { decision, target, when });
    let file = text().prop_map(|name| File { name, span: 0..0 });
    prop_oneof![
        2 => quantified.clone().prop_map(Body::Never),
        1 => quantified.clone().prop_map(Body::Always),
        1 => quantified.prop_map(Body::Some),
        2 => (condition(), condition())
            .prop_map(|(premise, conclusion)| Body::Implies { premise, conclusion }),
        1 => target()
            .prop_filter("it names something", |target| *target != Target::default())
            .prop_map(Body::AllowOnly),
        1 => Just(Body::NoInertStatements),
        1 => file.clone().prop_map(Body::SameDecisionsAs),
        1 => file.prop_map(Body::NoMoreThan),
    ]
}

/// Texts of the words and signs of the language, in any order: few of them are claims.
pub fn nearly() -> impl Strategy<Value = String> + Clone {
    let word = one_of(&[
        "never",
        "always",
        "some",
        "allow",
        "deny",
        "explicit",
        "exempt",
        "only",
        "no",
        "inert",
        "same",
        "as",
        "more",
        "than",
        "on",
        "when",
        "unless",
        "implies",
        "and",
        "or",
        "not",
        "is",
        "like",
        "in",
        "cidr",
        "before",
        "present",
        "absent",
        "any",
        "all",
        "path",
        "layer",
        "action",
        "resource",
        "principal",
        "direct",
        "scp",
        "*",
        "s3:Get*",
        "aws:SourceIp",
        "(",
        ")",
        "[",
        "]",
        ",",
        "==",
        "!=",
        "<=",
        "\"",
        "'",
        "${",
        "}",
        "\\",
        "5",
        "10.0.0.0/8",
        "é",
    ]);
    let glue = one_of(&["", " ", "  ", "\n"]);
    vec((word, glue), 0..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, glue)| [word, glue]).collect())
}
