use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

use super::*;
use crate::suite::{Shelf, Shelved, decide};

const TUTORIAL: &str = include_str!("../../../../../corpus/suites/tutorial/tutorial.iamsure.yaml");

/// The policies of the tutorial.
struct Tutorial;

impl Shelf for Tutorial {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        Err(reference.to_owned())
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Shelved, String> {
        let text = match reference.rsplit('/').next().unwrap() {
            "toolhive-s3-readonly.json" => {
                include_str!("../../../../../corpus/guardrails/toolhive-s3-readonly.json")
            }
            "toolhive-trust.json" => {
                include_str!("../../../../../corpus/guardrails/toolhive-trust.json")
            }
            "toolhive-default-deny-only.json" => {
                include_str!("../../../../../corpus/guardrails/toolhive-default-deny-only.json")
            }
            other => return Err(other.to_owned()),
        };
        PolicyDocument::read(&Source::new(reference, text), kind, profile)
            .map(Shelved::from)
            .map_err(|findings| format!("{findings:?}"))
    }
}

fn run(text: &str) -> Vec<SetMutants> {
    let suite = Suite::read(&Source::new("suite", text), &mut Tutorial).unwrap();
    let decided: Vec<_> = suite.tests.iter().map(decide).collect();
    mutants(&suite, &decided)
}

/// One identity-based policy of one statement with these elements, and tests of it.
fn suite_of(statements: &str, tests: &str) -> String {
    format!(
        "policies:\n  role:\n    identity: {{ Version: \"2012-10-17\", Statement: [{statements}] }}\ntests:\n{tests}"
    )
}

const NOTHING: &str = "  - { name: nothing, action: s3:GetObject, expect: denied, todo: none }\n";

fn words(sets: &[SetMutants]) -> Vec<&str> {
    sets.iter().flat_map(|set| &set.mutants).map(|mutant| mutant.words.as_str()).collect()
}

fn fate<'a>(sets: &'a [SetMutants], words: &str) -> &'a Fate {
    let mut all = sets.iter().flat_map(|set| &set.mutants);
    &all.find(|mutant| mutant.words == words).expect(words).fate
}

fn survivors(sets: &[SetMutants]) -> Vec<&Mutant> {
    sets.iter().flat_map(SetMutants::survivors).collect()
}

/// The suite without some of its lines, and without its claims.
fn without(dropped: &str) -> String {
    let lines = TUTORIAL.lines().filter(|line| !line.starts_with(dropped));
    let text = lines.fold(String::new(), |text, line| text + line + "\n");
    let tests = text.split("\n  - ").filter(|test| !test.contains("claim:"));
    tests.collect::<Vec<_>>().join("\n  - ")
}

#[test]
fn every_kind_of_change_is_made() {
    let statement = r#"{ Sid: S, Effect: Allow, Action: ["s3:Get*", "s3:PutObject", "ec2:*"], Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b"],
        Condition: { StringLike: { "aws:PrincipalTag/team": [a, "b*"] }, "Null": { "aws:TokenIssueTime": "false" }, ArnLike: { "aws:SourceArn": "arn:aws:s3:::x" } } }"#;
    let tests =
        "  - { name: one, action: s3:GetObject, resource: \"arn:aws:s3:::c/k\", expect: denied }\n";
    assert_eq!(
        words(&run(&suite_of(statement, tests))),
        [
            "S: the statement dropped",
            "S: Allow -> Deny",
            "S: StringLike -> StringLikeIfExists",
            "S: StringLike aws:PrincipalTag/team dropped",
            "S: \"a\" dropped from aws:PrincipalTag/team",
            "S: \"a\" -> \"*\"",
            "S: \"b*\" dropped from aws:PrincipalTag/team",
            "S: \"b*\" -> \"*\"",
            "S: Null aws:TokenIssueTime dropped",
            "S: ArnLike -> ArnLikeIfExists",
            "S: ArnLike aws:SourceArn dropped",
            "S: \"arn:aws:s3:::x\" -> \"arn:*:*:*:*:*\"",
            "S: s3:Get* -> s3:*",
            "S: s3:Get* dropped",
            "S: s3:PutObject -> s3:*",
            "S: s3:PutObject dropped",
            "S: ec2:* dropped",
            "S: arn:aws:s3:::a/* -> *",
            "S: arn:aws:s3:::a/* dropped",
            "S: arn:aws:s3:::b -> *",
            "S: arn:aws:s3:::b dropped",
        ]
    );
}

#[test]
fn what_aws_would_not_save_is_no_mutant() {
    // T-6: a customer's RCP only denies.
    let text = "policies:\n  limits:\n    rcp: [{ Version: \"2012-10-17\", Statement: [{ Sid: S, Effect: Deny, Principal: \"*\", Action: \"s3:PutObject\", Resource: \"*\" }] }]\ntests:\n  - { name: one, action: s3:PutObject, expect: explicitly denied }\n";
    let found = run(text);
    assert!(!words(&found).contains(&"S: Deny -> Allow"), "{:?}", words(&found));
    assert_eq!(*fate(&found, "S: the statement dropped"), Fate::Killed);
}

#[test]
fn a_set_without_tests_is_not_changed() {
    let text = suite_of("{ Effect: Allow, Action: \"*\", Resource: \"*\" }", NOTHING);
    let text = text.replace("todo: none", "todo: none, policies: { identity: { Version: \"2012-10-17\", Statement: [{ Effect: Allow, Action: \"*\", Resource: \"*\" }] } }");
    let found = run(&text);
    assert!(found.iter().all(|set| !set.is_tested && set.mutants.is_empty()));
}

/// One Allow says twice what it says once: without either the decisions are the same, and so they are with a narrower
/// one. The test notices that the Sid is another.
#[test]
fn what_decides_alike_is_not_counted_even_where_a_test_notices_the_sid() {
    let statements = "{ Sid: A, Effect: Allow, Action: \"s3:GetObject\", Resource: \"*\" }, { Sid: B, Effect: Allow, Action: \"s3:Get*\", Resource: \"*\" }";
    let tests = "  - { name: one, action: s3:GetObject, expect: \"allowed by A, B\" }\n  - { name: two, action: s3:GetObjectAcl, expect: allowed }\n  - { name: three, action: s3:PutObject, expect: implicitly denied }\n";
    let found = run(&suite_of(statements, tests));
    assert_eq!(*fate(&found, "A: the statement dropped"), Fate::Equivalent);
    assert_eq!(*fate(&found, "A: Allow -> Deny"), Fate::Killed);
    assert_eq!(*fate(&found, "B: the statement dropped"), Fate::Killed);
    assert_eq!(*fate(&found, "B: s3:Get* -> s3:*"), Fate::Killed);
}

/// KC-13: where the chain of servers is absent, the call comes through none, and is denied.
#[test]
fn what_differs_only_where_no_request_is_decides_alike() {
    let found = run(TUTORIAL);
    let words = "ReadS3ThroughAwsMcp: StringEquals -> StringEqualsIfExists";
    assert_eq!(*fate(&found, words), Fate::Equivalent);
}

/// The comparison is about users and roles, unless somebody is named. A federated user is neither.
#[test]
fn what_a_test_of_somebody_else_notices_counts() {
    let statements = "{ Sid: Read, Effect: Allow, Action: \"s3:GetObject\", Resource: \"*\" }, { Sid: Fed, Effect: Deny, Action: \"*\", Resource: \"*\", Condition: { StringEquals: { \"aws:PrincipalType\": FederatedUser } } }";
    let read = "  - { name: one, action: s3:GetObject, context: { \"aws:PrincipalType\": User }, expect: allowed }\n";
    let of_federated = "  - { name: two, action: s3:GetObject, principal: \"arn:aws:sts::111122223333:federated-user/bob\", expect: explicitly denied }\n";
    let dropped = "Fed: the statement dropped";
    assert_eq!(*fate(&run(&suite_of(statements, read)), dropped), Fate::Equivalent);
    let both = format!("{read}{of_federated}");
    assert_eq!(*fate(&run(&suite_of(statements, &both)), dropped), Fate::Killed);
}

#[test]
fn every_mutant_of_the_tutorial_is_noticed() {
    let found = run(TUTORIAL);
    assert_eq!(survivors(&found), Vec::<&Mutant>::new());
    assert!(found.iter().map(SetMutants::killed).sum::<usize>() >= 20);
    let is_known = |mutant: &Mutant| !matches!(mutant.fate, Fate::NotKnown(_));
    assert!(found.iter().flat_map(|set| &set.mutants).all(is_known));
}

#[test]
fn without_the_absent_row_bool_survives_and_the_printed_test_notices_it() {
    let text = without("      no-key: explicitly");
    let found = run(&text);
    let survived = survivors(&found);
    let words: Vec<&str> = survived.iter().map(|mutant| mutant.words.as_str()).collect();
    assert_eq!(words, ["DenyUnlessThroughMcp: BoolIfExists -> Bool"; 2]);
    let printed = survived.iter().map(|mutant| match &mutant.fate {
        Fate::Survived(Some(test)) => test.to_string(),
        other => panic!("{other:?}"),
    });
    let mended = printed.fold(text, |text, test| text + &test);
    assert_eq!(survivors(&run(&mended)), Vec::<&Mutant>::new());
}

/// Whatever test is taken away, the tests that are printed make up for it.
#[test]
fn the_printed_tests_make_up_for_any_that_is_missing() {
    let tests = TUTORIAL.split("\n  - name:").count() - 1;
    let mut survived = 0;
    for missing in 1..=tests {
        let kept = TUTORIAL.split("\n  - name:").enumerate();
        let kept = kept.filter(|(number, test)| *number != missing && !test.contains("claim:"));
        let text = kept.map(|(_, test)| test).collect::<Vec<_>>().join("\n  - name:") + "\n";
        let found = run(&text);
        let mut printed: Vec<String> = Vec::new();
        for mutant in survivors(&found) {
            survived += 1;
            let Fate::Survived(Some(test)) = &mutant.fate else { panic!("{mutant:?}") };
            if !printed.contains(&test.to_string()) {
                printed.push(test.to_string());
            }
        }
        let mended = text + &printed.concat();
        assert_eq!(survivors(&run(&mended)), Vec::<&Mutant>::new(), "{mended}");
    }
    assert!(survived > 5, "{survived}");
}
