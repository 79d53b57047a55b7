//! Policies with values that are known later: what is said of a claim for every value is what is said for each.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use std::collections::BTreeSet;

use iamsure_core::decision::Verdict;
use iamsure_core::language::ActionName;
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::{CallPaths, KeyState, PolicySet, Switches};
use iamsure_core::world::{Context, Request};
use iamsure_review::suite::{
    self, Body, Decided, Shelf, Shelved, Suite, Test, decide, first_suite,
};
use iamsure_review::suite_text::{PolicyText, SetText};
use iamsure_truth::ask::{Known, NotGiven, Worlds, inquire};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::sample::{Who, sample_requester};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, TableQuery};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;

/// Elements with a symbol in places where templates have them, and some without.
const RESOURCES: [&str; 9] = [
    r#""Resource": "<Bucket.Arn>""#,
    r#""Resource": "<Bucket.Arn>/*""#,
    r#""Resource": ["arn:aws:s3:::<Name>", "arn:aws:s3:::<Name>/*"]"#,
    r#""Resource": ["<Bucket.Arn>", "arn:aws:s3:::b/*"]"#,
    r#""NotResource": "<Bucket.Arn>/*""#,
    r#""NotResource": ["arn:aws:s3:::<Name>/*", "arn:aws:s3:::b/*"]"#,
    r#""Resource": "arn:aws:s3:::b/*""#,
    r#""Resource": "*""#,
    r#""Resource": "arn:<Partition>:s3:::b/*""#,
];

const CONDITIONS: [&str; 12] = [
    "",
    r#", "Condition": {"StringEquals": {"aws:SourceVpce": "<Endpoint>"}}"#,
    r#", "Condition": {"StringNotEquals": {"aws:SourceVpce": ["<Endpoint>", "vpce-9"]}}"#,
    r#", "Condition": {"StringNotEqualsIfExists": {"aws:SourceVpce": "<Endpoint>"}}"#,
    r#", "Condition": {"StringNotEqualsIgnoreCase": {"aws:PrincipalTag/team": "<Name>"}}"#,
    r#", "Condition": {"StringLike": {"aws:PrincipalTag/team": "<Name>-*"}}"#,
    r#", "Condition": {"StringNotLike": {"aws:PrincipalTag/team": "a<Name>"}}"#,
    r#", "Condition": {"ArnLike": {"aws:SourceArn": "<Bucket.Arn>"}}"#,
    r#", "Condition": {"ArnNotEquals": {"aws:SourceArn": "<Bucket.Arn>"}}"#,
    r#", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["<Name>", "team"]}}"#,
    r#", "Condition": {"Bool": {"aws:SecureTransport": "<Flag>"}}"#,
    r#", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}"#,
];

const CLAIMS: [&str; 8] = [
    "never allow s3:GetObject",
    "never allow s3:* on arn:aws:s3:::b/*",
    "always allow s3:GetObject on arn:aws:s3:::b/*",
    "always deny s3:* when aws:SourceVpce is absent",
    "never allow s3:* unless aws:PrincipalTag/team is x",
    "some allow s3:GetObject on arn:aws:s3:::b/*",
    "allow only s3:GetObject on arn:aws:s3:::b/*",
    "never allow s3:* when aws:SecureTransport is false",
];

/// Values that a symbol may stand for.
const VALUES: [(&str, &[&str]); 5] = [
    (
        "<Bucket.Arn>",
        &["arn:aws:s3:::b", "arn:aws:s3:::other", "arn:aws:sqs:us-east-1:111122223333:q"],
    ),
    ("<Name>", &["b", "x", "team", "B", "a b"]),
    ("<Endpoint>", &["vpce-1", "vpce-9", "", "x"]),
    ("<Partition>", &["aws", "aws-cn"]),
    ("<Flag>", &["true", "false"]),
];

fn statement() -> impl Strategy<Value = String> {
    (
        select(&["Allow", "Allow", "Deny"][..]),
        select(&["s3:GetObject", "s3:*", "*"][..]),
        select(&RESOURCES[..]),
        select(&CONDITIONS[..]),
    )
        .prop_map(|(effect, action, resource, condition)| {
            format!(r#"{{"Effect": "{effect}", "Action": "{action}", {resource}{condition}}}"#)
        })
}

/// A text with values in the place of the symbols; with none, as it is.
fn with_values(text: &str, values: &[String]) -> String {
    let symbols = VALUES.iter().map(|(symbol, _)| *symbol);
    symbols.zip(values).fold(text.to_owned(), |text, (symbol, value)| text.replace(symbol, value))
}

fn policies(statements: &[String], values: &[String]) -> PolicySet {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    let source = Source::new("policy", with_values(&text, values));
    let read = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
    PolicySet::of_identity([read.unwrap()])
}

fn verdict(policies: PolicySet, claim: &Claim, known_later: bool) -> ClaimVerdict {
    let setting = Setting { known_later, ..Setting::default() };
    let paths = CallPaths::default();
    let query = ClaimQuery { policies, claim: claim.clone(), setting, paths, open_world: false };
    query.answer().unwrap().verdict
}

/// A request about one object, with nothing said of it but two keys.
fn request(endpoint: &str, team: &str) -> Request {
    let mut context = Context::closed();
    for (key, value) in [("aws:SourceVpce", endpoint), ("aws:PrincipalTag/team", team)] {
        if !value.is_empty() {
            context.set(ConditionKey::new(key), KeyState::single(value));
        }
    }
    let action = ActionName::parse("s3:GetObject").unwrap();
    Request::new(sample_requester("111122223333"), action, "arn:aws:s3:::b/x", context)
}

/// What is decided about it, with symbols or without.
fn verdicts(policies: &PolicySet, request: &Request, known_later: bool) -> BTreeSet<Verdict> {
    let who = Who::Named(request.requester.clone());
    let worlds = Worlds::of(request.clone(), &who, None, Known::Given);
    let switches = Switches::default();
    inquire(policies, &worlds, &switches, NotGiven::Unknown, known_later).answer.verdicts()
}

/// A policy under the only name that there is.
struct Deployed(PolicySet);

impl Shelf for Deployed {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        Err(format!("there is no suite {reference}"))
    }

    fn policies(&mut self, _: &str, _: &str, _: PolicyType, _: Profile) -> Result<Shelved, String> {
        Ok(Shelved { policies: self.0.clone(), ..Shelved::default() })
    }
}

/// The tests of a suite that fail.
fn failed(suite: &Suite) -> Vec<String> {
    let passes = |test: &Test| match (decide(test), &test.body) {
        (Decided::Cases(outcomes), _) => {
            outcomes.iter().all(|outcome| matches!(outcome, suite::Outcome::Passed(_)))
        }
        (Decided::Claim(outcome), Body::Claim(claim)) => claim.is_met(&outcome),
        _ => false,
    };
    suite.tests.iter().filter(|test| !passes(test)).map(|test| test.name.clone()).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_first_suite_of_symbols_passes_for_each_value(
        statements in vec(statement(), 1..3),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let mut set = SetText::default();
        set.policies.push((PolicyType::Identity, 0, PolicyText::File("policy.json".to_owned())));
        let text = first_suite(&policies(&statements, &[]), true, &set);
        for values in [&[][..], &values] {
            let text = with_values(&text, values);
            let mut shelf = Deployed(policies(&statements, values));
            let source = Source::new("first.iamsure.yaml", text.as_str());
            match Suite::read(&source, &mut shelf) {
                // With values, two tests may have one name.
                Err(errors) => prop_assert!(!values.is_empty(), "{errors:?}\n{text}"),
                Ok(suite) => prop_assert_eq!(failed(&suite), Vec::<String>::new(), "{}", text),
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn what_is_decided_for_every_value_is_decided_for_each(
        statements in vec(statement(), 1..4),
        endpoint in select(&["", "vpce-1", "vpce-9"][..]),
        team in select(&["", "x", "b-1", "team"][..]),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let request = request(endpoint, team);
        let of_all = verdicts(&policies(&statements, &[]), &request, true);
        let of_one = verdicts(&policies(&statements, &values), &request, false);
        prop_assert!(of_one.len() == 1);
        // Where it depends, what comes out may lie between: only whether it is let through is bounded.
        if of_all.len() == 1 {
            prop_assert_eq!(of_all, of_one, "{:?}", values);
        }
    }

    #[test]
    fn a_table_for_every_value_holds_for_each(
        statements in vec(statement(), 1..3),
        endpoint in select(&["", "vpce-1", "vpce-9"][..]),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let request = request(endpoint, "x");
        let setting = Setting {
            who: Who::Named(request.requester.clone()),
            actions: vec![ActionPattern::new("s3:GetObject")],
            context: request.context.clone(),
            known_later: true,
            ..Setting::default()
        };
        let query = TableQuery {
            policies: policies(&statements, &[]),
            question: Question::Decision,
            setting,
            form: Form::default(),
        };
        let report = query.answer().unwrap();
        let mut outcomes: Vec<_> =
            report.table.rows.iter().flat_map(|row| row.outcomes.iter()).collect();
        outcomes.extend(report.table.otherwise);
        outcomes.dedup();
        let of_one = verdicts(&policies(&statements, &values), &request, false);
        if let [Outcome::Verdict(only)] = outcomes.as_slice() {
            prop_assert!(of_one.contains(only), "{:?} {:?}", of_one, values);
        }
    }

    #[test]
    fn what_is_so_for_every_value_is_so_for_each(
        statements in vec(statement(), 1..4),
        claim in select(&CLAIMS[..]),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let claim = Claim::parse(claim).unwrap();
        let of_all = verdict(policies(&statements, &[]), &claim, true);
        if of_all == ClaimVerdict::Depends {
            return Ok(());
        }
        let of_one = verdict(policies(&statements, &values), &claim, false);
        prop_assert_eq!(of_all, of_one, "{} {:?}", claim, values);
    }
}
