//! Findings about small policies, by hand.

use iamsure_core::language::{PolicyDocument, Profile, Source};
use iamsure_truth::open_world::Grant;

use super::*;

fn linted(statements: &str) -> Vec<Linted> {
    let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{statements}] }}"#);
    let document =
        PolicyDocument::read(&Source::new("p", text), PolicyType::Identity, Profile::Lenient)
            .unwrap();
    let policies = PolicySet::of_identity([document]);
    LintQuery { policies: &policies, setting: &Setting::default() }.answer().unwrap()
}

fn codes(found: &[Linted]) -> Vec<&'static str> {
    found.iter().map(|linted| linted.finding.code.name()).collect()
}

#[test]
fn a_smoke_test_on_an_exempt_call_does_nothing() {
    let found = linted(
        r#"{ "Sid": "Smoke", "Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*" }"#,
    );
    assert_eq!(codes(&found), ["inert-statement", "exempt-action"]);
    assert!(
        found[0].finding.message.contains("no authorization check"),
        "{}",
        found[0].finding.message
    );
}

#[test]
fn a_guardrail_is_a_note_with_the_allow_that_wakes_it() {
    let found = linted(
        r#"{ "Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
             "Condition": { "StringEquals": { "aws:CalledViaAWSMCP": "aws-mcp.amazonaws.com" } } },
           { "Sid": "D", "Effect": "Deny", "Action": "*", "Resource": "*",
             "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } } }"#,
    );
    assert_eq!(codes(&found), ["inert-until-allowed"]);
    assert_eq!(found[0].finding.severity, Severity::Note);
    let example = found[0].example.as_ref().unwrap();
    assert_eq!(example.extra, [Grant::Identity]);
    assert!(example.without.succeeds() && !example.with.succeeds());
}

#[test]
fn two_statements_may_cover_a_third_together() {
    let found = linted(
        r#"{ "Sid": "Absent", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
             "Condition": { "Null": { "aws:PrincipalTag/a": "true" } } },
           { "Sid": "Present", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
             "Condition": { "Null": { "aws:PrincipalTag/a": "false" } } },
           { "Sid": "Both", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" }"#,
    );
    assert_eq!(codes(&found), ["inert-statement"]);
    let finding = &found[0].finding;
    assert!(finding.message.contains("Allow `Absent` or Allow `Present`"), "{}", finding.message);
    assert_eq!(finding.labels.len(), 3);
}

#[test]
fn a_deny_of_retired_actions_says_that_it_is_about_nothing_published() {
    let found = linted(
        r#"{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" },
           { "Sid": "D", "Effect": "Deny", "Action": "aws-mcp:*", "Resource": "*" }"#,
    );
    assert_eq!(codes(&found), ["inert-statement", "retired-action"]);
    assert!(found[0].finding.message.contains("retired"), "{}", found[0].finding.message);
}

#[test]
fn what_hangs_on_a_choice_is_a_note_that_names_it() {
    let found = linted(
        r#"{ "Sid": "A", "Effect": "Allow", "Action": "events:PutRule", "Resource": "*",
             "Condition": { "StringEquals": { "aws:TagKeys": "team" },
                            "StringLike": { "aws:TagKeys": "cost*" } } }"#,
    );
    // No one tag is both; two are where any element may pass.
    let never =
        found.iter().find(|linted| linted.finding.code.name() == "conditions-contradict").unwrap();
    assert_eq!(never.finding.severity, Severity::Note);
    let names = |note: &String| note.contains("Q4=any-element");
    assert!(never.notes.iter().any(names), "{:?}", never.notes);
}

#[test]
fn every_page_is_written_and_every_name_is_one() {
    let mut names: Vec<&str> = FindingCode::all().map(FindingCode::name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for code in Code::ALL {
        assert!(code.page().len() > 100 && code.summary().ends_with('.'), "{code}");
    }
    assert_eq!(
        FindingCode::closest("inert-statment").map(FindingCode::name),
        Some("inert-statement")
    );
}
