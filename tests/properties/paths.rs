//! The steps of an account: others in it make no difference to a step from one principal to another.

use std::collections::BTreeSet;

use iamsure_account::{Choices, Facts, Principals, Target, paths, read};
use iamsure_core::language::Source;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::cases;

const ACCOUNT: &str = "111122223333";

/// What steps are made of, and what is beside them.
const ACTIONS: [&str; 10] = [
    "sts:AssumeRole",
    "sts:*",
    "iam:PassRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePolicy",
    "iam:*",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:*",
    "s3:GetObject",
];

/// Resources that tell some roles from others.
const RESOURCES: [&str; 9] = [
    "*",
    "arn:aws:iam::111122223333:role/n0",
    "arn:aws:iam::111122223333:role/n1",
    "arn:aws:iam::111122223333:role/team/*",
    "arn:aws:iam::*:role/n*",
    "arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}",
    "arn:aws:iam::*",
    "arn:AWS:iam::111122223333:role/n2",
    "arn:aws:lambda:*:*:function:f",
];

fn statement() -> impl Strategy<Value = Value> {
    let condition = select(
        &[
            None,
            None,
            None,
            Some(("StringEquals", "aws:PrincipalTag/team", "n0")),
            Some(("StringEquals", "iam:PassedToService", "lambda.amazonaws.com")),
            Some(("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/n1")),
            Some(("StringEquals", "iam:ResourceTag/team", "x")),
            Some(("Bool", "aws:MultiFactorAuthPresent", "true")),
        ][..],
    );
    let actions = subsequence(&ACTIONS[..], 1..4);
    let resource = (select(&RESOURCES[..]), prop::bool::weighted(0.1));
    (actions, resource, prop::bool::weighted(0.2), condition).prop_map(
        |(actions, (resource, is_not), denies, condition)| {
            let mut statement = json!({
                "Effect": if denies { "Deny" } else { "Allow" },
                "Action": actions,
                if is_not { "NotResource" } else { "Resource" }: resource,
            });
            if let Some((operator, key, value)) = condition {
                statement["Condition"] = json!({ operator: { key: value } });
            }
            statement
        },
    )
}

/// Whom a role trusts.
fn trust() -> impl Strategy<Value = Value> {
    let named = select(vec![
        json!({ "AWS": ACCOUNT }),
        json!({ "AWS": "arn:aws:iam::111122223333:role/n0" }),
        json!({ "AWS": ["arn:aws:iam::111122223333:role/n1", "arn:aws:iam::111122223333:role/team/n3"] }),
        json!("*"),
        json!({ "Service": "lambda.amazonaws.com" }),
        json!({ "Service": "lambda.amazonaws.com", "AWS": ACCOUNT }),
        json!({ "AWS": "arn:aws:sts::111122223333:assumed-role/n1/s" }),
    ]);
    let condition = select(&[None, None, Some("x"), Some("n0")][..]);
    (named, condition).prop_map(|(named, tag)| {
        let mut statement =
            json!({ "Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole" });
        if let Some(tag) = tag {
            statement["Condition"] = json!({ "StringEquals": { "aws:PrincipalTag/team": tag } });
        }
        json!({ "Version": "2012-10-17", "Statement": statement })
    })
}

/// A role: its policy, whom it trusts, and its tag.
fn role(number: usize, (policy, trust, tag): &(Vec<Value>, Value, Option<&str>)) -> Value {
    let path = if number % 2 == 1 && number > 2 { "/team/" } else { "/" };
    json!({
        "RoleName": format!("n{number}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:role{path}n{number}"),
        "Path": path,
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{
            "PolicyName": "own",
            "PolicyDocument": { "Version": "2012-10-17", "Statement": policy },
        }],
        "AttachedManagedPolicies": [],
        "Tags": tag.iter().map(|tag| json!({ "Key": "team", "Value": tag })).collect::<Vec<_>>(),
    })
}

/// The steps from each role to each other: by which method, and whether it is certain.
fn steps(roles: &[Value]) -> BTreeSet<(String, String, &'static str, bool)> {
    let page = json!({
        "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": [], "IsTruncated": false,
    });
    let source = Source::new("auth.json", page.to_string());
    let container = read(&source, &Choices::default()).unwrap().unwrap();
    let principals = Principals::of([&container]);
    let found = paths(&principals, &Facts::default()).unwrap_or_else(|error| panic!("{error}"));
    let arn = |number: usize| principals.principals[number].arn.clone();
    let step = |edge: &iamsure_account::Edge| {
        let Target::Principal(to) = edge.to else { return None };
        Some((arn(edge.from), arn(to), edge.method.name, edge.is_certain))
    };
    found.edges.iter().filter_map(step).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn steps_between_two_do_not_depend_on_others(
        policies in vec(vec(statement(), 1..4), 2),
        all in vec((0..2_usize, trust(), select(&[None, Some("n0"), Some("x")][..])), 3..6),
    ) {
        let described = |(policy, trust, tag): &(usize, Value, Option<&'static str>)| {
            (policies[*policy].clone(), trust.clone(), *tag)
        };
        let roles: Vec<Value> =
            all.iter().enumerate().map(|(number, one)| role(number, &described(one))).collect();
        let together = steps(&roles);
        let mut apart = BTreeSet::new();
        for (number, one) in roles.iter().enumerate() {
            for other in roles.iter().skip(number + 1) {
                apart.extend(steps(&[one.clone(), other.clone()]));
            }
        }
        prop_assert_eq!(together, apart);
    }
}
