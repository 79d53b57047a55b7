use iamsure_core::language::{PolicyType, Profile};

use super::*;
use crate::suite::{Shelf, Shelved, decide};

/// No files.
struct Nothing;

impl Shelf for Nothing {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        Err(reference.to_owned())
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        _: PolicyType,
        _: Profile,
    ) -> Result<Shelved, String> {
        Err(reference.to_owned())
    }
}

const ROLE: &str = r#"
policies:
  role:
    identity:
      Version: "2012-10-17"
      Statement:
        - { Sid: Read, Effect: Allow, Action: "s3:GetObject", Resource: "*" }
        - { Sid: Guard, Effect: Deny, Action: "*", Resource: "*", Condition: { BoolIfExists: { "aws:ViaAWSMCPService": "false" } } }
"#;

fn run(tests: &str) -> SetCoverage {
    let source = Source::new("suite", format!("{ROLE}tests:\n{tests}"));
    let suite = Suite::read(&source, &mut Nothing).unwrap();
    let decided: Vec<_> = suite.tests.iter().map(decide).collect();
    coverage(&suite, &decided).remove(0)
}

fn test(name: &str, via: &str, expect: &str) -> String {
    format!(
        "  - {{ name: {name}, action: s3:GetObject, context: {{ \"aws:ViaAWSMCPService\": {via} }}, expect: {expect} }}\n"
    )
}

fn flags(found: &SetCoverage) -> Vec<(bool, bool)> {
    found.statements.iter().map(|one| (one.is_matched, one.is_decisive)).collect()
}

fn guard(found: &SetCoverage) -> Effects {
    found.statements[1].clauses[0].seen
}

#[test]
fn a_statement_may_match_and_decide_nothing() {
    // Denied by Guard: Read matches too, and without it the decision would be the same.
    let found = run(&test("one", "\"false\"", "denied"));
    assert_eq!(flags(&found), [(true, false), (true, true)]);
    assert_eq!(guard(&found), Effects { by_truth: true, by_falsehood: false });
    assert_eq!(found.score(), (1, 3));
}

#[test]
fn a_clause_is_seen_both_ways_where_its_statement_decides_once_with_and_once_without_it() {
    let both = test("one", "\"false\"", "denied") + &test("two", "\"true\"", "allowed");
    let found = run(&both);
    assert_eq!(flags(&found), [(true, true), (true, true)]);
    assert!(guard(&found).is_whole());
    assert_eq!(found.score(), (3, 3));
}

#[test]
fn what_failed_covers_nothing() {
    let found = run(&test("one", "\"false\"", "allowed"));
    assert!(found.is_tested);
    assert_eq!(flags(&found), [(false, false), (false, false)]);
}

#[test]
fn a_claim_covers_nothing_and_counts_as_a_test() {
    let found = run("  - claim: never allow iam:*\n");
    assert!(found.is_tested);
    assert_eq!(found.score(), (0, 3));
}

#[test]
fn a_case_is_on_the_row_of_its_request() {
    let on = |tests: &str| {
        let rows = run(tests).rows.unwrap();
        let exercised: Vec<String> =
            rows.iter().filter(|row| row.is_exercised).map(|row| row.words.clone()).collect();
        (exercised, rows.len())
    };
    let (none, all) = on("  - claim: never allow iam:*\n");
    assert!(none.is_empty());
    let (one, _) = on(&test("one", "absent", "denied"));
    assert_eq!(one.len(), 1, "{one:?}");
    assert!(one[0].starts_with("explicitly denied"), "{one:?}");
    let many = test("one", "absent", "denied")
        + &test("two", "\"true\"", "allowed")
        + "  - { name: three, action: s3:PutObject, context: { \"aws:ViaAWSMCPService\": \"true\" }, expect: denied }\n"
        + "  - { name: four, action: sts:GetCallerIdentity, expect: exempt }\n";
    assert_eq!(on(&many).0.len(), all, "{:?}", on(&many));
}

#[test]
fn a_row_without_a_case_has_a_test_that_puts_one_on_it() {
    let rows = run("  - claim: never allow iam:*\n").rows.unwrap();
    let tests: Vec<String> =
        rows.iter().map(|row| row.test.as_ref().expect(&row.words).to_string()).collect();
    let all = run(&tests.concat()).rows.unwrap();
    assert!(all.iter().all(|row| row.is_exercised), "{}", tests.concat());
}
