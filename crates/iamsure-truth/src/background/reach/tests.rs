use super::*;
use crate::background::rules;
use crate::model::{Outcome, Question};
use crate::setting::Setting;
use crate::table::{Form, HitPolicy, Row, Table, TableQuery};
use iamsure_core::decision::Verdict;
use iamsure_core::language::{ActionPattern, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;

/// The table of an Allow with this condition.
fn table(condition: &str, actions: &[&str]) -> Table {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {condition}}}}}"#
    );
    let document =
        PolicyDocument::read(&Source::new("p", text), PolicyType::Identity, Profile::Strict);
    let query = TableQuery {
        policies: PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() },
        question: Question::Decision,
        setting: Setting {
            actions: actions.iter().map(|action| ActionPattern::new(*action)).collect(),
            ..Setting::default()
        },
        form: Form { hit: Some(HitPolicy::Unique), apart: Some(true), keys: None },
        is_whole: false,
    };
    query.answer().unwrap().table
}

/// Whether there are requests that an Allow with this condition allows: of all its rows alike.
fn reach_of_allowed(condition: &str) -> Reach {
    let table = table(condition, &["s3:GetObject"]);
    let mut allowed = table
        .rows
        .iter()
        .filter(|row| row.outcomes.one() == Some(Outcome::Verdict(Verdict::Allowed)));
    let found = allowed.next().unwrap().reach.clone();
    assert!(allowed.all(|row| row.reach == found), "rows differ");
    found
}

#[test]
fn two_keys_that_are_documented_never_to_meet_make_a_row_unreachable() {
    let both = r#"{"Null": {"aws:SourceIp": "false", "aws:SourceVpc": "false"}}"#;
    let Reach::Unreachable(reason) = reach_of_allowed(both) else {
        panic!("there is no such request")
    };
    assert_eq!(reason, "KC-1: where aws:SourceIp is present, aws:SourceVpc is absent");
    let one = r#"{"Null": {"aws:SourceIp": "true", "aws:SourceVpc": "false"}}"#;
    assert_eq!(reach_of_allowed(one), Reach::Reachable);
}

#[test]
fn what_is_only_assumed_leaves_it_unknown() {
    let both = r#"{"Null": {"aws:SourceIp": "false", "aws:VpcSourceIp": "false"}}"#;
    let Reach::Unknown(reason) = reach_of_allowed(both) else { panic!("AWS does not say so") };
    assert!(reason.starts_with("KC-1: "), "{reason}");
}

#[test]
fn the_key_of_mcp_may_always_be_absent() {
    let bypass = r#"{"Null": {"aws:ViaAWSMCPService": "true"}}"#;
    assert_eq!(reach_of_allowed(bypass), Reach::Reachable);
    assert!(rules().iter().all(|rule| {
        !matches!(rule.then, Present("aws:ViaAWSMCPService"))
            && rule.when != Absent("aws:ViaAWSMCPService")
    }));
    // KC-13.
    let half =
        r#"{"Bool": {"aws:ViaAWSMCPService": "true"}, "Null": {"aws:CalledViaAWSMCP": "true"}}"#;
    assert!(
        matches!(reach_of_allowed(half), Reach::Unreachable(reason) if reason.starts_with("KC-13"))
    );
}

#[test]
fn a_tag_of_the_request_and_its_name_come_together() {
    let unknown = |condition: &str, reason: &str| {
        assert_eq!(reach_of_allowed(condition), Reach::Unknown(reason.to_owned()));
    };
    // `Null` is also true of a set without elements: two rows, and two halves of the rule.
    let without_names = r#"{"Null": {"aws:RequestTag/team": "false", "aws:TagKeys": "true"}}"#;
    for row in table(without_names, &["s3:GetObject"]).rows {
        if row.outcomes.one() == Some(Outcome::Verdict(Verdict::Allowed)) {
            let Reach::Unknown(reason) = &row.reach else { panic!("{:?}", row.reach) };
            assert!(reason.starts_with("KC-11: where aws:RequestTag/team is present"), "{reason}");
        }
    }
    unknown(
        r#"{"Null": {"aws:RequestTag/team": "true"}, "ForAnyValue:StringEquals": {"aws:TagKeys": "Team"}}"#,
        "KC-11: where aws:TagKeys holds team, aws:RequestTag/team is present",
    );
    let other = r#"{"Null": {"aws:RequestTag/team": "true"}, "ForAnyValue:StringEquals": {"aws:TagKeys": "cost"}}"#;
    assert_eq!(reach_of_allowed(other), Reach::Reachable);
}

#[test]
fn who_calls_shows_in_more_than_one_key() {
    let unreachable = |condition: &str, rule: &str| {
        let found = reach_of_allowed(condition);
        let Reach::Unreachable(reason) = &found else { panic!("{found:?}") };
        assert!(reason.starts_with(rule), "{reason}");
    };
    unreachable(
        r#"{"Null": {"lambda:SourceFunctionArn": "false"}, "StringEquals": {"aws:PrincipalType": "User"}}"#,
        "KC-12: ",
    );
    let accounts = |account: &str| {
        format!(
            r#"{{"StringEquals": {{"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a", "aws:PrincipalAccount": "{account}"}}}}"#
        )
    };
    unreachable(&accounts("444455556666"), "KC-15: ");
    assert_eq!(reach_of_allowed(&accounts("111122223333")), Reach::Reachable);
}

#[test]
fn a_key_that_no_action_of_a_row_carries_makes_it_unreachable() {
    let grant = r#"{"StringEquals": {"signin:OAuthGrantType": "refresh_token"}}"#;
    let allowed = |actions: &[&str]| {
        let rows = table(grant, actions).rows.into_iter();
        let mut rows =
            rows.filter(|row| row.outcomes.one() == Some(Outcome::Verdict(Verdict::Allowed)));
        rows.next().unwrap()
    };
    let alone = allowed(&["signin:AuthorizeOAuth2Access"]);
    assert!(matches!(alone.reach, Reach::Unreachable(reason) if reason.contains("OAuthGrantType")));
    let both = allowed(&["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"]);
    assert_eq!(both.reach, Reach::Reachable);
    let names: Vec<_> =
        both.not_for.iter().flat_map(|none| &none.actions).map(|one| one.name()).collect();
    assert_eq!(names, ["signin:AuthorizeOAuth2Access"]);
    // The example is about the other.
    let example = both.witness.map(|request| request.action.to_string());
    assert_eq!(example.as_deref(), Some("signin:CreateOAuth2Token"));
    assert!(allowed(&["signin:CreateOAuth2Token"]).not_for.is_empty());
}

#[test]
fn the_example_of_a_row_is_of_an_action_that_may_carry_its_keys() {
    // Of the names that the pattern matches one is published, and no request of it carries the key.
    let rows = table(r#"{"Null": {"s3:prefix": "false"}}"#, &["s3:Get?bject"]).rows;
    let allowed = |row: &&Row| row.outcomes.one() == Some(Outcome::Verdict(Verdict::Allowed));
    let row = rows.iter().find(allowed).unwrap();
    assert_eq!((&row.reach, row.not_for.len()), (&Reach::Reachable, 1));
    let action = &row.witness.as_ref().unwrap().action;
    assert!(!action.is("s3:GetObject"), "{action}");
}

#[test]
fn an_action_that_nobody_publishes_makes_a_row_unknown() {
    let table = table(r#"{"Null": {"aws:SourceIp": "false"}}"#, &["s3:NoSuchAction"]);
    for row in &table.rows {
        assert_eq!(row.reach, Reach::Unknown("AWS publishes no such action".to_owned()));
    }
}
