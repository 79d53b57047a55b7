//! What statements of small policies do, by hand.

use iamsure_core::language::{PolicyDocument, Profile, Source};
use iamsure_core::world::{Principal, Requester};

use super::*;

fn read(kind: PolicyType, text: &str) -> PolicyDocument {
    PolicyDocument::read(&Source::new("p", text), kind, Profile::Lenient).unwrap()
}

fn identity(statements: &str) -> PolicySet {
    let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{statements}] }}"#);
    PolicySet::of_identity([read(PolicyType::Identity, &text)])
}

fn effects(policies: PolicySet) -> Vec<StatementEffect> {
    effects_in(policies, Setting::default())
}

fn effects_in(policies: PolicySet, setting: Setting) -> Vec<StatementEffect> {
    InertQuery { policies, setting, examples: true }.answer().unwrap().statements
}

fn alice() -> Setting {
    let principal = Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    };
    Setting { who: Some(Requester::from(principal)).into(), ..Setting::default() }
}

const GUARDRAIL: &str = r#"{ "Effect": "Deny", "Action": "*", "Resource": "*",
    "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } } }"#;

#[test]
fn the_smoke_test_of_the_default_role_is_about_exempt_calls() {
    let smoke = r#"{ "Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*",
        "Condition": { "Bool": { "aws:ViaAWSMCPService": "true" } } }"#;
    let found = effects(identity(&format!("{smoke}, {GUARDRAIL}")));
    assert_eq!((found[0].closed, found[0].open), (Change::Nothing, Change::Nothing));
    assert_eq!(found[0].why, Some(Why::Exempt));
    assert_eq!(found[0].example, None);
    // Nothing is allowed, so the guardrail makes denials explicit, until somebody allows something.
    assert_eq!((found[1].closed, found[1].open), (Change::Reason, Change::Access));
}

#[test]
fn the_guardrail_of_the_s3_role_is_inert_alone_and_decisive_in_the_open_world() {
    let read = r#"{ "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*",
        "Condition": { "StringEquals": { "aws:CalledViaAWSMCP": "aws-mcp.amazonaws.com" } } }"#;
    let found = effects(identity(&format!("{read}, {GUARDRAIL}")));
    assert_eq!((found[0].closed, found[0].why.clone()), (Change::Access, None));
    assert_eq!((found[1].closed, found[1].open), (Change::Reason, Change::Access));
    assert_eq!(found[1].why, Some(Why::NothingToDeny));
    let example = found[1].example.as_ref().unwrap();
    assert_eq!(example.extra, [Grant::Identity]);
    assert_eq!((example.with, example.without), (Verdict::ExplicitlyDenied, Verdict::Allowed));
}

#[test]
fn a_statement_may_be_covered_by_two_together() {
    let found = effects(identity(
        r#"{ "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
             "Condition": { "Null": { "aws:TagKeys": "true" } } },
           { "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
             "Condition": { "ForAnyValue:StringLike": { "aws:TagKeys": "*" } } },
           { "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
             "Condition": { "ForAllValues:StringEquals": { "aws:TagKeys": "team" } } }"#,
    ));
    // An empty list is as good as none for ForAllValues, and for Null.
    let place =
        |statement| StatementId { layer: PolicyType::Identity, level: 0, policy: 0, statement };
    assert_eq!(found[2].why, Some(Why::Covered(vec![place(0), place(1)])));
    assert!(found[2].is_inert_in_every_world());
    // That the list is absent or empty is the third's business too, so the first could go instead.
    assert_eq!(found[0].why, Some(Why::Covered(vec![place(2)])));
    assert!(!found[1].is_inert());
}

#[test]
fn two_that_stand_in_for_each_other_are_both_inert_each_taken_away_alone() {
    let allow = r#"{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }"#;
    let found = effects(identity(&format!("{allow}, {allow}")));
    assert!(found.iter().all(StatementEffect::is_inert_in_every_world));
}

#[test]
fn a_deny_of_retired_actions_changes_nothing_that_is_published() {
    let found = effects(identity(
        r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" },
           { "Effect": "Deny", "Action": "aws-mcp:*", "Resource": "*" }"#,
    ));
    assert_eq!(found[1].why, Some(Why::Unpublished));
    assert_eq!((found[1].closed, found[1].open), (Change::Nothing, Change::Nothing));
    assert_eq!(found[1].unpublished, Change::Access);
}

#[test]
fn an_allow_that_a_boundary_holds_back_does_nothing_whatever_is_attached() {
    let mut policies =
        identity(r#"{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }"#);
    policies.boundary = Some(read(
        PolicyType::Boundary,
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "ec2:*", "Resource": "*" } }"#,
    ));
    let found = effects_in(policies, alice());
    assert_eq!(found[0].why, Some(Why::HeldBack));
    assert!(found[0].is_inert_in_every_world());
}

#[test]
fn an_allow_of_a_key_decides_once_the_key_policy_leaves_it_to_the_account() {
    let mut policies = identity(
        r#"{ "Effect": "Allow", "Action": "kms:Decrypt",
             "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*" }"#,
    );
    policies.resource = Some(read(
        PolicyType::Resource,
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "kms:*", "Resource": "*",
             "Principal": { "AWS": "arn:aws:iam::111122223333:user/admin" } } }"#,
    ));
    let found = effects_in(policies, alice());
    assert_eq!(found[0].closed, Change::Nothing);
    assert_eq!(
        found[0].open,
        Change::Access,
        "an Allow for the account in the key policy wakes it"
    );
}
