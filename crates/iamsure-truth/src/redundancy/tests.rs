//! What says nothing, by hand.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

use super::*;

fn parts(statement: &str) -> Vec<Part> {
    let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{statement}] }}"#);
    let document =
        PolicyDocument::read(&Source::new("p", text), PolicyType::Identity, Profile::Lenient)
            .unwrap();
    let policies = PolicySet::of_identity([document]);
    let query = RedundancyQuery { policies: &policies, setting: &Setting::default() };
    query.answer().into_iter().map(|found| found.part).collect()
}

fn of_actions(entries: &str) -> Vec<Part> {
    parts(&format!(r#"{{ "Effect": "Allow", "Action": {entries}, "Resource": "*" }}"#))
}

fn of_resources(entries: &str) -> Vec<Part> {
    parts(&format!(r#"{{ "Effect": "Allow", "Action": "s3:*", "Resource": {entries} }}"#))
}

fn of_condition(condition: &str) -> Vec<Part> {
    parts(&format!(
        r#"{{ "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {condition} }}"#
    ))
}

#[test]
fn actions_are_swallowed_by_wildcards_without_regard_to_case() {
    assert_eq!(of_actions(r#"["s3:GetObject", "s3:PutObject"]"#), []);
    assert_eq!(
        of_actions(r#"["s3:GetObject", "S3:get*", "ec2:*"]"#),
        [Part::Action { entry: 0, by: vec![1] }]
    );
    assert_eq!(of_actions(r#"["s3:*", "*"]"#), [Part::Action { entry: 0, by: vec![1] }]);
    assert_eq!(
        of_actions(r#"["s3:GetObject", "s3:getobject"]"#),
        [Part::Action { entry: 1, by: vec![0] }]
    );
    // What overlaps is not swallowed.
    assert_eq!(of_actions(r#"["s3:Get*", "s3:*Object"]"#), []);
}

#[test]
fn an_action_may_be_swallowed_by_two_together() {
    // A name ends in a or in something else; the second pattern asks for one character more.
    assert_eq!(
        of_actions(r#"["ec2:?", "ec2:??*", "ec2:*"]"#),
        [Part::Action { entry: 0, by: vec![2] }, Part::Action { entry: 1, by: vec![2] }]
    );
    assert_eq!(
        of_actions(r#"["ec2:a*", "ec2:a", "ec2:a?*"]"#),
        [Part::Action { entry: 1, by: vec![0] }, Part::Action { entry: 2, by: vec![0] }]
    );
}

#[test]
fn resources_are_swallowed_and_variables_stand_for_anything() {
    assert_eq!(
        of_resources(
            r#"["arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/home/${aws:username}/*"]"#
        ),
        [Part::Resource { entry: 2, by: vec![1] }]
    );
    // A variable swallows nothing, but itself written twice.
    assert_eq!(of_resources(r#"["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/alice"]"#), []);
    assert_eq!(
        of_resources(r#"["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username}"]"#),
        [Part::Resource { entry: 1, by: vec![0] }]
    );
    assert_eq!(
        of_resources(r#"["arn:aws:s3:::B", "arn:aws:s3:::b"]"#),
        [],
        "the case of a resource counts"
    );
}

#[test]
fn values_are_swallowed_as_their_operator_compares() {
    let values = |condition: &str| of_condition(condition);
    assert_eq!(
        values(r#"{ "StringLike": { "s3:prefix": ["home/*", "home/alice/*"] } }"#),
        [Part::Value { clause: 0, entry: 1, by: vec![0] }]
    );
    assert_eq!(values(r#"{ "StringEquals": { "s3:prefix": ["home/*", "home/alice/*"] } }"#), []);
    assert_eq!(
        values(r#"{ "StringNotLike": { "s3:prefix": ["home/alice/*", "home/*"] } }"#),
        [Part::Value { clause: 0, entry: 0, by: vec![1] }]
    );
    assert_eq!(
        values(r#"{ "NumericLessThan": { "s3:max-keys": ["10", "20"] } }"#),
        [Part::Value { clause: 0, entry: 0, by: vec![1] }]
    );
    assert_eq!(
        values(
            r#"{ "NotIpAddress": { "aws:SourceIp": ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.1"] } }"#
        ),
        [Part::Value { clause: 0, entry: 1, by: vec![0] }]
    );
    // The two halves are the whole.
    assert_eq!(
        values(
            r#"{ "IpAddress": { "aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9", "10.0.0.0/8"] } }"#
        ),
        [
            Part::Value { clause: 0, entry: 0, by: vec![2] },
            Part::Value { clause: 0, entry: 1, by: vec![2] }
        ]
    );
    assert_eq!(values(r#"{ "StringEquals": { "s3:prefix": ["${aws:username}", "alice"] } }"#), []);
}

#[test]
fn a_condition_that_never_holds_is_shown_by_the_states_of_its_key() {
    let found = of_condition(r#"{ "Bool": { "aws:SecureTransport": "yes" } }"#);
    let [Part::NeverHolds { clause: 0, row }] = found.as_slice() else { panic!("{found:?}") };
    assert!(!row.states.is_empty());
    assert_eq!(
        of_condition(
            r#"{ "StringEquals": { "s3:prefix": "a" }, "StringLike": { "s3:prefix": "b*" } }"#
        ),
        [Part::Contradiction { clauses: vec![0, 1] }]
    );
    // A comparison with `true` of a key that holds a service's name: a value may be any text.
    assert_eq!(of_condition(r#"{ "StringEquals": { "aws:CalledViaFirst": "true" } }"#), []);
}

#[test]
fn a_condition_that_never_fails_says_nothing() {
    let found = of_condition(r#"{ "StringLikeIfExists": { "s3:prefix": "*" } }"#);
    assert!(matches!(found.as_slice(), [Part::NeverFails { clause: 0, .. }]), "{found:?}");
    let found = of_condition(r#"{ "Null": { "s3:prefix": ["true", "false"] } }"#);
    assert!(matches!(found.as_slice(), [Part::NeverFails { clause: 0, .. }]), "{found:?}");
    // This one asks that the key be there.
    assert_eq!(of_condition(r#"{ "StringLike": { "s3:prefix": "*" } }"#), []);
}

#[test]
fn a_condition_may_follow_from_another_on_the_same_key() {
    assert_eq!(
        of_condition(
            r#"{ "Null": { "s3:prefix": "false" }, "StringEquals": { "s3:prefix": "a" } }"#
        ),
        [Part::Implied { clause: 0, by: vec![1] }]
    );
    // ForAllValues holds of an absent key; Null is what it takes.
    assert_eq!(
        of_condition(
            r#"{ "Null": { "aws:TagKeys": "false" }, "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }"#
        ),
        []
    );
    assert_eq!(
        of_condition(
            r#"{ "StringLike": { "s3:prefix": "a*" }, "StringNotEquals": { "s3:prefix": "b" } }"#
        ),
        [Part::Implied { clause: 1, by: vec![0] }]
    );
}

#[test]
fn a_list_beyond_the_budget_is_named_not_passed_over() {
    let entries: Vec<String> =
        (0..20).map(|number| format!("\"s3:*{}*\"", char::from(b'a' + number))).collect();
    let found = of_actions(&format!("[{}]", entries.join(", ")));
    assert_eq!(found, [Part::Unchecked(Element::Action)]);
}
