//! Inquiries by a compiled policy set find what inquiries find.

use std::sync::Arc;

use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::{
    CallPaths, Context, KeyState, PolicySet, Principal, Request, Switch, Switches,
};
use iamsure_core::{decision::Verdict, language::ActionName};
use iamsure_testkit::strategy::pattern::{resource, resource_entry};
use iamsure_testkit::strategy::world::{
    context_with_unknowns, policy_set, principal, request_of, switches,
};
use iamsure_truth::ask::{CompiledInquiry, Known, NotGiven, Worlds, inquire};
use iamsure_truth::sample::Who;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{cases, read};

proptest! {
    #![proptest_config(cases(1_024))]

    #[test]
    fn a_compiled_inquiry_finds_what_an_inquiry_finds(
        policies in policy_set(),
        requests in vec((request_of(principal(), context_with_unknowns()), any::<bool>()), 1..5),
        resources in vec(resource(), 1..4),
        switches in switches(),
        not_given in prop_oneof![Just(NotGiven::Nonexistent), Just(NotGiven::Unknown)],
    ) {
        let compiled = CompiledInquiry::new(Arc::new(policies.clone()), switches, not_given);
        let direct = CallPaths::new(switches).named("direct").unwrap();
        // Requests that differ in the resource alone, too: what was found of one is used again.
        let each = requests.iter().flat_map(|(request, on_path)| {
            let with = |resource: &String| Request { resource: resource.clone(), ..request.clone() };
            let all = std::iter::once(request.clone()).chain(resources.iter().map(with));
            all.map(|request| (request, *on_path)).collect::<Vec<_>>()
        });
        for (request, on_path) in each {
            let who = Who::Named(request.requester.clone());
            let path = on_path.then_some(&direct);
            let worlds = Worlds::of(request, &who, path, Known::Given);
            let expected = inquire(&policies, &worlds, &switches, not_given, false);
            let Some(settled) = compiled.settle(&worlds) else { continue };
            prop_assert_eq!(Some(&settled.decision), expected.answer.decision());
            let mut switches: Vec<Switch> =
                expected.switches.iter().map(|dependence| dependence.switch).collect();
            switches.dedup();
            prop_assert_eq!(settled.switches, switches);
            let missing: Vec<ConditionKey> =
                expected.missing.iter().map(|missing| missing.key.clone()).collect();
            prop_assert_eq!(settled.missing, missing);
            prop_assert_eq!(settled.not_asked, expected.not_asked);
        }
    }
}

/// A statement about some resources, with a condition on one key or without a condition.
fn statement() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(&["aws:PrincipalTag/team", "aws:SourceVpc", "s3:prefix"][..]);
    let operator = prop::sample::select(&["StringEquals", "StringNotEqualsIfExists", "Null"][..]);
    (any::<bool>(), vec(resource_entry(), 1..3), prop::option::weighted(0.7, (operator, key)))
        .prop_map(|(allows, resources, condition)| {
            let effect = if allows { "Allow" } else { "Deny" };
            let mut statement =
                json!({ "Effect": effect, "Action": "s3:*", "Resource": resources });
            if let Some((operator, key)) = condition {
                let value = if operator == "Null" { "true" } else { "x" };
                statement["Condition"] = json!({ operator: { key: value } });
            }
            statement
        })
}

/// Of one place, and told apart by a rule of S3 (E-19).
const BUCKET_AND_OBJECT: [&str; 2] = ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/key"];

proptest! {
    #![proptest_config(cases(256))]

    /// What was found of a request is used again for others, and must not be where the resource tells.
    #[test]
    fn what_is_missing_of_one_resource_is_not_taken_for_what_is_missing_of_another(
        statements in vec(statement(), 1..5),
        resources in vec(
            prop_oneof![resource(), prop::sample::select(&BUCKET_AND_OBJECT[..]).prop_map(str::to_owned)],
            2..12,
        ),
        object_of_another in any::<bool>(),
    ) {
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let policies = PolicySet::of_identity([read(PolicyType::Identity, &text)]);
        let switches = Switches::default();
        let not_given = NotGiven::Nonexistent;
        let compiled = CompiledInquiry::new(Arc::new(policies.clone()), switches, not_given);
        let user = Principal::User {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
            unique_id: None,
        };
        for resource in resources {
            let action = ActionName::parse("s3:GetObject").unwrap();
            let mut request = Request::new(user.clone(), action, resource, Context::closed());
            request.bucket.object_of_another = object_of_another;
            let who = Who::Named(request.requester.clone());
            let worlds = Worlds::of(request, &who, None, Known::Given);
            let Some(settled) = compiled.settle(&worlds) else { continue };
            let expected = inquire(&policies, &worlds, &switches, not_given, false);
            let missing: Vec<ConditionKey> =
                expected.missing.iter().map(|missing| missing.key.clone()).collect();
            prop_assert_eq!(settled.missing, missing);
        }
    }
}

/// What has one decision is settled, and what has not is left to the inquiry.
#[test]
fn one_decision_is_settled_and_two_are_not() {
    let document = read(
        PolicyType::Identity,
        r#"{ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
            { "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*",
              "Condition": { "StringEquals": { "aws:PrincipalTag/team": "x" } } } ] }"#,
    );
    let policies = Arc::new(PolicySet::of_identity([document]));
    let compiled = CompiledInquiry::new(policies, Switches::default(), NotGiven::Nonexistent);
    let alice = Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    };
    let key = ConditionKey::new("aws:PrincipalTag/team");
    let ask = |action: &str, state: Option<KeyState>| {
        let action = ActionName::parse(action).unwrap();
        let mut context = Context::closed();
        if let Some(state) = state {
            context.set(key.clone(), state);
        }
        let request = Request::new(alice.clone(), action, "arn:aws:s3:::b/k", context);
        let who = Who::Named(alice.clone().into());
        let settled = compiled.settle(&Worlds::of(request, &who, None, Known::Given))?;
        Some((settled.decision.verdict, settled.missing))
    };
    assert_eq!(ask("s3:GetObject", None), Some((Verdict::Allowed, vec![])));
    let missing = vec![key.clone()];
    assert_eq!(ask("s3:DeleteObject", None), Some((Verdict::Allowed, missing)));
    let denied = ask("s3:DeleteObject", Some(KeyState::single("x")));
    assert_eq!(denied, Some((Verdict::ExplicitlyDenied, vec![])));
    assert_eq!(ask("s3:DeleteObject", Some(KeyState::Unknown)), None);
}
