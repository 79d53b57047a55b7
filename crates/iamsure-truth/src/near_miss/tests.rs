//! Near misses of small policies.

use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{Context, Principal};

use super::*;

/// What is offered for a request of alice, by policies that allow one thing each.
fn offers(action: &str, resource: &str, statement: &serde_json::Value) -> Vec<String> {
    let text = serde_json::json!({ "Version": "2012-10-17", "Statement": statement });
    let source = Source::new("policy.json", text.to_string());
    let inspected =
        PolicyDocument::inspect_attached(&source, PolicyType::Identity, Profile::Strict);
    let policies = PolicySet::of_identity(inspected.document);
    let alice = Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    };
    let action = ActionName::parse(action).unwrap();
    let request = Request::new(alice, action, resource, Context::closed());
    let found = near_misses(&policies, &request, None, &Switches::default()).found;
    found
        .iter()
        .map(|miss| match &miss.offer {
            None => "nothing".to_owned(),
            Some(Offer::Resource(text) | Offer::Entry(text)) => text.clone(),
            Some(Offer::Action(name)) => (*name).to_owned(),
            Some(Offer::Keys(case)) => {
                let keys = case.when.iter().flatten();
                let named = keys.map(|(column, said)| [column.name(), said.to_string()].join(" "));
                named.collect::<Vec<_>>().concat()
            }
        })
        .collect()
}

fn of_entry(action: &str, resource: &str, entry: &str) -> Vec<String> {
    let statement = serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": entry });
    offers(action, resource, &statement)
}

#[test]
fn the_nearest_of_each_kind_is_offered() {
    let role = "arn:aws:iam::111122223333:role/";
    let found = of_entry("iam:PassRole", &format!("{role}build"), &format!("{role}ci/*"));
    assert_eq!(found, [format!("{role}ci/build")]);
    let found = of_entry("s3:GetObject", "arn:aws:s3:::b/k", "arn:aws:s3:::b");
    assert_eq!(found, ["arn:aws:s3:::b/*"]);
    let found = of_entry("s3:ListBucket", "arn:aws:s3:::b", "arn:aws:s3:::b/*");
    assert_eq!(found, ["arn:aws:s3:::b"]);
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db";
    let found = of_entry("secretsmanager:GetSecretValue", &format!("{secret}-AbCdEf"), secret);
    assert_eq!(found, [format!("{secret}-??????")]);
    let queue = |account| format!("arn:aws:sqs:eu-west-1:{account}:jobs");
    let found = of_entry("sqs:SendMessage", &queue("444455556666"), &queue("111122223333"));
    assert_eq!(found, [queue("111122223333")]);
}

#[test]
fn what_a_deny_takes_away_is_not_offered() {
    let role = "arn:aws:iam::111122223333:role/";
    let statements = serde_json::json!([
        { "Effect": "Allow", "Action": "iam:PassRole", "Resource": format!("{role}ci/*") },
        { "Effect": "Deny", "Action": "iam:PassRole", "Resource": format!("{role}ci/build") },
    ]);
    assert_eq!(offers("iam:PassRole", &format!("{role}build"), &statements), ["nothing"]);
}

#[test]
fn keys_that_the_action_never_carries_are_not_offered() {
    let with = |operator: &str, key: &str| {
        serde_json::json!({
            "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": { operator: { key: "a" } },
        })
    };
    let of = |key| offers("s3:GetObject", "arn:aws:s3:::b/k", &with("StringEquals", key));
    assert_eq!(of("s3:prefix"), ["nothing"]);
    assert_eq!(of("s3:ExistingObjectTag/x"), ["s3:ExistingObjectTag/x `a`"]);
}

#[test]
fn a_resource_of_another_type_is_not_offered_and_tags_of_what_is_made_neither() {
    let arn = |name: &str| format!("arn:aws:ec2:eu-west-1:111122223333:{name}");
    let found = of_entry("ec2:RunInstances", &arn("subnet/subnet-1"), &arn("instance/*"));
    assert_eq!(found, ["nothing"]);
    let tagged = serde_json::json!({
        "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
        "Condition": { "StringEquals": { "ec2:ResourceTag/a": "b" } },
    });
    assert_eq!(offers("ec2:RunInstances", &arn("instance/*"), &tagged), ["nothing"]);
    let of_subnet = offers("ec2:RunInstances", &arn("subnet/subnet-1"), &tagged);
    assert_eq!(of_subnet, ["ec2:ResourceTag/a `b`"]);
}

#[test]
fn a_statement_of_another_service_is_not_near() {
    let statement = serde_json::json!({ "Effect": "Allow", "Action": "sqs:*", "Resource": "*" });
    assert!(offers("s3:GetObject", "arn:aws:s3:::b/k", &statement).is_empty());
}
