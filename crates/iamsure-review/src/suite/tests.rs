//! Suites in small: what is read, what a case is, what a miss means.

use std::collections::BTreeMap;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_truth::claim::ClaimVerdict;

use super::{Access, Body, Decided, Miss, Outcome, Shelf, Shelved, Suite, SuiteError, decide};

/// Files by name.
struct Files(BTreeMap<&'static str, &'static str>);

impl Shelf for Files {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        let text = self.0.get(reference).ok_or_else(|| format!("there is no {reference}"))?;
        Ok(Source::new(reference, *text))
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Shelved, String> {
        let text = self.0.get(reference).ok_or_else(|| format!("there is no {reference}"))?;
        PolicyDocument::read(&Source::new(reference, *text), kind, profile)
            .map(Shelved::from)
            .map_err(|findings| format!("{findings:?}"))
    }
}

const GUARDED: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Reads", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
  {"Sid": "Guard", "Effect": "Deny", "Action": "*", "Resource": "*",
   "Condition": {"BoolIfExists": {"aws:ViaAWSMCPService": "false"}}}]}"#;
const WEAKENED: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Guard", "Effect": "Deny", "Action": "*", "Resource": "*",
   "Condition": {"Bool": {"aws:ViaAWSMCPService": "false"}}}]}"#;
const WRITES: &str = r#"{"Version": "2012-10-17", "Statement":
  {"Sid": "Writes", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}"#;
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Alice", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "sts:AssumeRole"},
  {"Sid": "Bob", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:user/bob"}, "Action": "sts:AssumeRole"}]}"#;
const BASE: &str = "policies: { guarded: { identity: guarded.json } }\nprincipals: { alice: \"arn:aws:iam::111122223333:user/alice\" }\ncontexts: { no-key: { aws:ViaAWSMCPService: absent }, key: { aws:ViaAWSMCPService: true } }\ntests: 0\n";

fn files() -> Files {
    Files(BTreeMap::from([
        ("guarded.json", GUARDED),
        ("weakened.json", WEAKENED),
        ("writes.json", WRITES),
        ("trust.json", TRUST),
        ("base.iamsure.yaml", BASE),
    ]))
}

fn read(text: &str) -> Result<Suite, Vec<SuiteError>> {
    Suite::read(&Source::new("s.iamsure.yaml", text), &mut files())
}

fn outcomes(text: &str) -> Vec<Outcome> {
    let suite = read(text).unwrap();
    let mut all = Vec::new();
    for test in &suite.tests {
        match decide(test) {
            Decided::Cases(outcomes) => all.extend(outcomes),
            other => panic!("{other:?}"),
        }
    }
    all
}

fn missed(text: &str) -> Miss {
    match outcomes(text).remove(0) {
        Outcome::Failed(miss) => *miss,
        other => panic!("{other:?}"),
    }
}

fn passes(text: &str) -> bool {
    outcomes(text).iter().all(|outcome| matches!(outcome, Outcome::Passed(_)))
}

#[test]
fn every_combination_is_a_case() {
    let suite = read(
        "extends: base.iamsure.yaml
policies:
  writer: { like: guarded, identity: writes.json }
tests:
  - name: all
    policies: [guarded, writer]
    principal: [alice, \"arn:aws:iam::111122223333:role/r\"]
    actions: [s3:GetObject, s3:PutObject]
    resources: [arn:aws:s3:::b/k, arn:aws:s3:::b/l]
    contexts: [no-key, key]
    expect: { direct: denied, mcp:aws-mcp: denied }
",
    )
    .unwrap();
    let Body::Cases(cases) = &suite.tests[0].body else { panic!("cases") };
    // Sets × principals × actions × resources × paths × contexts.
    assert_eq!(cases.len(), 2 * 2 * 2 * 2 * 2 * 2);
    let labels: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.label).collect();
    assert_eq!(labels.len(), cases.len(), "each has a name of its own");
    assert_eq!(
        cases[0].label,
        "s3:GetObject on arn:aws:s3:::b/k by alice with guarded on direct in no-key"
    );
    let writer = &suite.sets[1].policies;
    assert_eq!(writer.identity.len(), 2, "the layers of `like` and its own");
}

#[test]
fn what_is_said_of_keys_goes_before_the_path() {
    let text = |context: &str, expect: &str| {
        format!(
            "policies: {{ guarded: {{ identity: guarded.json }} }}\ntests:\n  - name: t\n    action: s3:GetObject\n    path: direct\n    context: {context}\n    expect: {expect}\n"
        )
    };
    // On a direct call the key is false or absent: the Deny applies (C-12).
    assert!(passes(&text("{}", "explicitly denied by Guard")));
    assert!(passes(&text("{ aws:ViaAWSMCPService: true }", "allowed by Reads")));
}

#[test]
fn without_a_path_nothing_is_taken_for_granted() {
    let text = |context: &str, expect: &str| {
        format!(
            "policies: {{ guarded: {{ identity: guarded.json }} }}\ntests:\n  - name: t\n    action: s3:GetObject\n    context: {context}\n    expect: {expect}\n"
        )
    };
    assert!(passes(&text("{}", "depends")));
    assert!(!passes(&text("{}", "denied")));
    assert!(passes(&text("{ aws:ViaAWSMCPService: absent }", "denied by Guard")));
}

#[test]
fn a_guardrail_that_no_longer_bites_is_missed_although_the_call_is_denied() {
    let text = "policies: { weakened: { identity: weakened.json } }
tests:
  - { name: t, action: \"s3:GetObject\", context: { aws:ViaAWSMCPService: absent }, expect: denied by Guard }
";
    let miss = missed(text);
    assert_eq!(miss.access, Access::DeniedUntilAllowed);
    assert_eq!(miss.points.len(), 1, "the statement that was to decide");
    assert_eq!(miss.nobody, []);
    // Denied it is.
    assert!(passes(&text.replace("denied by Guard", "denied")));
    // And with another Allow it is not.
    let opened = text
        .replace("denied by Guard", "denied")
        .replace("name: t,", "name: t, given: any other allow,");
    assert!(!passes(&opened));
    assert!(passes(&opened.replace("weakened.json", "guarded.json")));
}

#[test]
fn a_denial_that_something_else_makes_stays() {
    let text = "policies:
  both: { identity: [weakened.json], scp: [writes.json] }
tests:
  - { name: t, action: \"s3:GetObject\", context: { aws:ViaAWSMCPService: absent }, expect: denied by Guard }
";
    // The SCP allows writing only: no Allow lets the call through (E-20).
    assert_eq!(missed(text).access, Access::StillDenied);
    let miss = missed(&text.replace("by Guard", "by Gaurd"));
    assert_eq!(miss.nobody.len(), 1, "nobody is called so");
}

#[test]
fn a_layer_and_a_number_name_who_decides() {
    let text = |by: &str| {
        format!(
            "policies: {{ both: {{ identity: guarded.json, boundary: writes.json }} }}\ntests:\n  - {{ name: t, action: \"s3:GetObject\", context: {{ aws:ViaAWSMCPService: true }}, expect: \"implicitly denied{by}\" }}\n"
        )
    };
    assert!(passes(&text("")));
    assert!(passes(&text(" by boundary")));
    assert!(!passes(&text(" by identity")));
    assert!(!passes(&text(" by statement 3")));
}

#[test]
fn a_pattern_stands_for_every_published_action() {
    let suite = read("policies: { guarded: { identity: guarded.json } }\ntests:\n  - { name: t, actions: [\"sqs:*Queue\"], expect: denied }\n").unwrap();
    let Body::Cases(cases) = &suite.tests[0].body else { panic!("cases") };
    let actions: Vec<&str> = cases.iter().map(|case| case.action.as_str()).collect();
    assert!(actions.contains(&"sqs:CreateQueue") && actions.contains(&"sqs:PurgeQueue"));
    assert!(actions.iter().all(|action| action.ends_with("Queue")));
}

#[test]
fn claims_expect_what_comes_of_them() {
    let text = |set: &str, rest: &str| {
        format!(
            "policies: {{ role: {{ identity: {set} }} }}\ntests:\n  - claim: never allow * unless aws:ViaAWSMCPService is true\n{rest}"
        )
    };
    let verdict = |text: &str| {
        let suite = read(text).unwrap();
        let (Decided::Claim(outcome), Body::Claim(claim)) =
            (decide(&suite.tests[0]), &suite.tests[0].body)
        else {
            panic!("a claim")
        };
        (outcome.verdict.clone(), claim.is_met(&outcome))
    };
    let opened = "    given: any other allow\n";
    assert_eq!(verdict(&text("guarded.json", opened)), (Ok(ClaimVerdict::Proved), true));
    assert_eq!(verdict(&text("weakened.json", opened)), (Ok(ClaimVerdict::Refuted), false));
    let expected = format!("{opened}    expect: refuted\n");
    assert_eq!(verdict(&text("weakened.json", &expected)), (Ok(ClaimVerdict::Refuted), true));
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_text() {
    let errors = read(
        "policies: { guarded: { identity: guarded.json } }
tests:
  - { name: a, action: s3GetObject, expect: denied }
  - { name: b, action: \"s3:GetObject\", expect: { drect: denied } }
  - { name: c, action: \"s3:GetObject\", resource: bucket, expect: denied }
",
    )
    .unwrap_err();
    let lines: Vec<usize> =
        errors.iter().map(|error| error.source_file.place(error.span.start).line).collect();
    assert_eq!(lines, [3, 4, 5]);
    assert!(errors[1].message.contains("did you mean `direct`"), "{}", errors[1].message);
}

#[test]
fn what_is_to_do_is_not_run() {
    let suite = read("policies: { guarded: { identity: guarded.json } }\ntests:\n  - { name: t, todo: later, action: \"s3:GetObject\", expect: allowed }\n").unwrap();
    assert!(matches!(decide(&suite.tests[0]), Decided::Skipped(reason) if reason == "later"));
}

#[test]
fn an_exchange_is_decided_for_who_asks() {
    let text = |who: &str, expect: &str| {
        format!(
            "policies: {{ role: {{ identity: guarded.json, trust: trust.json }} }}\ntests:\n  - {{ name: t, principal: \"{who}\", action: \"sts:AssumeRole\", expect: {{ \"sts:AssumeRole\": {expect} }} }}\n"
        )
    };
    // The trust policy names a user of the example role's account: it alone decides (E-30).
    let alice = "arn:aws:iam::111122223333:user/alice";
    assert!(passes(&text(alice, "allowed by Alice")));
    assert!(passes(&text("arn:aws:iam::999988887777:user/mallory", "implicitly denied by trust")));
    // A user of another account needs an Allow of its own account, which was not given (E-17).
    let outcome = outcomes(&text("arn:aws:iam::444455556666:user/bob", "allowed by Bob")).remove(0);
    assert!(matches!(outcome, Outcome::Errored(why) if why.contains("own policies")));
    // A token is no AWS principal.
    let provider = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";
    assert!(matches!(outcomes(&text(provider, "denied")).remove(0), Outcome::Errored(_)));
}
