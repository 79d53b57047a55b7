//! Policies with values that are known later: what is said of a claim for every value is what is said for each.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use std::collections::{BTreeMap, BTreeSet};

use iamsure_account::{Choices, Edge, Facts, Principals, Target, TokenRole, paths, tokens};
use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::ActionName;
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::{CallPaths, KeyState, PolicySet, Switches};
use iamsure_core::world::{Context, Request};
use iamsure_review::suite::{
    self, Body, Decided, Shelf, Shelved, Suite, Test, decide, first_suite,
};
use iamsure_review::suite_text::{PolicyText, SetText};
use iamsure_truth::ask::{Known, NotGiven, Worlds, inquire};
use iamsure_truth::chart::ChartQuery;
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::inert::{InertQuery, StatementEffect};
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::redundancy::{Needless, Part, RedundancyQuery};
use iamsure_truth::sample::{Who, sample_requester};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, TableQuery};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;
use super::chart::combinations;

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

const ACTIONS: [&str; 9] = [
    r#""Action": "s3:GetObject""#,
    r#""Action": "s3:*""#,
    r#""Action": "*""#,
    r#""Action": "*""#,
    r#""Action": "<Action>""#,
    r#""Action": ["s3:PutObject", "<Action>"]"#,
    r#""Action": "<Service>:GetObject""#,
    r#""Action": "s3:Get<Kind>""#,
    r#""NotAction": "<Action>""#,
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
const VALUES: [(&str, &[&str]); 8] = [
    (
        "<Bucket.Arn>",
        &["arn:aws:s3:::b", "arn:aws:s3:::other", "arn:aws:sqs:us-east-1:111122223333:q"],
    ),
    ("<Name>", &["b", "x", "team", "B", "a b"]),
    ("<Endpoint>", &["vpce-1", "vpce-9", "", "x"]),
    ("<Partition>", &["aws", "aws-cn"]),
    ("<Flag>", &["true", "false"]),
    ("<Action>", &["s3:GetObject", "*", "s3:Put*", "sqs:SendMessage"]),
    ("<Service>", &["s3", "sqs"]),
    ("<Kind>", &["Object", "*", "Acl"]),
];

fn statement() -> impl Strategy<Value = String> {
    (
        select(&["Allow", "Allow", "Deny"][..]),
        select(&ACTIONS[..]),
        select(&RESOURCES[..]),
        select(&CONDITIONS[..]),
    )
        .prop_map(|(effect, action, resource, condition)| {
            format!(r#"{{"Effect": "{effect}", {action}, {resource}{condition}}}"#)
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
    let query = ClaimQuery {
        policies,
        claim: claim.clone(),
        setting,
        paths,
        open_world: false,
        is_whole: false,
    };
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

/// Statements that have more to do with each other than any.
fn related() -> impl Strategy<Value = String> {
    let lists = [
        r#""Resource": "<Bucket.Arn>/*""#,
        r#""Resource": "<Bucket.Arn>/a/*""#,
        r#""Resource": ["arn:aws:s3:::<Name>/*", "arn:aws:s3:::<Name>/x", "arn:aws:s3:::*"]"#,
        r#""NotResource": "<Bucket.Arn>/*""#,
        r#""Resource": "arn:aws:s3:::b/*""#,
        r#""Resource": "*""#,
    ];
    let conditions = [
        "",
        "",
        r#", "Condition": {"StringLike": {"aws:PrincipalTag/team": ["<Name>-*", "*"]}}"#,
        r#", "Condition": {"StringLike": {"aws:PrincipalTag/team": ["<Name>", "b"]}}"#,
        r#", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "<Name>"}, "StringLike": {"aws:PrincipalTag/team": "x*"}}"#,
        r#", "Condition": {"NumericLessThan": {"s3:max-keys": "<Name>"}}"#,
        r#", "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "<Endpoint>"}}"#,
        r#", "Condition": {"Bool": {"aws:SecureTransport": "<Flag>"}}"#,
        r#", "Condition": {"StringNotEquals": {"aws:SourceVpce": "<Endpoint>"}, "Null": {"aws:SourceVpce": "true"}}"#,
    ];
    (
        select(&["Allow", "Allow", "Deny"][..]),
        select(&["s3:GetObject", "s3:Get*", "s3:*"][..]),
        select(lists.to_vec()),
        select(conditions.to_vec()),
    )
        .prop_map(|(effect, action, resource, condition)| {
            format!(r#"{{"Effect": "{effect}", "Action": "{action}", {resource}{condition}}}"#)
        })
}

/// The same part, whatever shows it.
fn is_same(one: &Needless, other: &Needless) -> bool {
    let what = |found: &Needless| match &found.part {
        Part::NeverHolds { clause, .. } => (0, *clause, 0),
        Part::NeverFails { clause, .. } => (1, *clause, 0),
        Part::Contradiction { clauses } => (2, clauses.len(), 0),
        Part::Implied { clause, .. } => (3, *clause, 0),
        Part::Value { clause, entry, .. } => (4, *clause, *entry),
        Part::Action { entry, .. } => (5, *entry, 0),
        Part::Resource { entry, .. } => (6, *entry, 0),
        Part::Unchecked(_) => (7, 0, 0),
    };
    one.statement == other.statement && what(one) == what(other)
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn what_has_no_effect_for_every_value_has_none_for_each(
        statements in vec(prop_oneof![related(), statement()], 1..4),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let inert = |policies: PolicySet| {
            InertQuery { policies, setting: Setting::default(), examples: false }
        };
        let of_all = inert(policies(&statements, &[]));
        let of_one = inert(policies(&statements, &values)).answer().unwrap();
        for effect in of_all.answer().unwrap().inert(false) {
            if of_all.holds_for_every_value(effect).unwrap() {
                let is_so = |found: &&StatementEffect| found.statement == effect.statement;
                let found = of_one.statements.iter().find(is_so).unwrap();
                prop_assert!(found.is_inert(), "{:?} {:?}", effect, values);
                prop_assert!(
                    found.is_inert_in_every_world() || !effect.is_inert_in_every_world(),
                    "{:?} {:?}", effect, values
                );
            }
        }
        let setting = Setting::default();
        let [of_all, of_one] = [policies(&statements, &[]), policies(&statements, &values)];
        let of_all = RedundancyQuery { policies: &of_all, setting: &setting };
        let of_one = RedundancyQuery { policies: &of_one, setting: &setting }.answer();
        for needless in of_all.answer() {
            if of_all.holds_for_every_value(&needless) {
                // A statement that never matches is said to be that, and no more.
                let is_so = |found: &Needless| {
                    is_same(found, &needless)
                        || (found.statement == needless.statement && found.part.silences())
                };
                prop_assert!(of_one.iter().any(is_so), "{:?} {:?}", needless, values);
            }
        }
    }

    #[test]
    fn a_chart_for_every_value_holds_for_each(
        statements in vec(statement(), 1..3),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let setting = Setting { known_later: true, ..Setting::default() };
        let query = ChartQuery { policies: policies(&statements, &[]), setting };
        let chart = query.answer().unwrap();
        let deployed = policies(&statements, &values);
        for cell in &chart.cells {
            for classes in combinations(&chart.models[cell.model].arities(), 30) {
                let Some(reading) = chart.read(cell, &classes) else { continue };
                let Some(request) = chart.request(cell, &classes) else { continue };
                let first = reading.outcomes.first().and_then(|first| first.one());
                let is_one = reading.outcomes.windows(2).all(|two| two[0] == two[1]);
                let (true, Some(Outcome::Verdict(said))) = (is_one, first) else { continue };
                let decided = evaluate(&deployed, &request, &Switches::default()).outcome;
                let Some(decision) = decided.decided() else { continue };
                prop_assert_eq!(said, decision.verdict, "{:?} {:?}", request, values);
            }
        }
    }
}

/// The plan of the transcripts, with constants in the place of some references.
fn plan(values: &[(&str, &str)]) -> Principals {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cli/known-later/become.json");
    let mut text = std::fs::read_to_string(path).unwrap();
    for (reference, value) in values {
        let known = format!(r#"{{ "references": {reference} }}"#);
        assert!(text.contains(&known), "{known}");
        text = text.replace(&known, &format!(r#"{{ "constant_value": ["{value}"] }}"#));
    }
    let source = Source::new("plan.json", text);
    let container = iamsure_account::read(&source, &Choices::default()).unwrap().unwrap();
    Principals::of([&container])
}

fn facts(principals: &Principals) -> Facts {
    Facts { known_later: principals.known_later, ..Facts::default() }
}

/// Who becomes what, by which method, and whether that is certain.
fn steps(principals: &Principals) -> BTreeMap<(usize, Target, &'static str), bool> {
    let found = paths(principals, &facts(principals)).unwrap();
    let step = |edge: Edge| ((edge.from, edge.to, edge.method.name), edge.is_certain);
    found.edges.into_iter().map(step).collect()
}

#[test]
fn the_steps_for_every_value_are_those_of_each() {
    let of_all = steps(&plan(&[]));
    let mut found = 0;
    for role in ["admin", "deploy", "app", "*", "other"] {
        let target = format!("arn:aws:iam::111122223333:role/{role}");
        let of_one = steps(&plan(&[(r#"["var.target"]"#, &target)]));
        found += of_one.len();
        for step in of_one.keys() {
            assert!(of_all.contains_key(step), "{role}: {step:?}");
        }
        for (step, is_certain) in &of_all {
            assert!(!is_certain || of_one.contains_key(step), "{role}: {step:?}");
        }
    }
    assert!(found > 0 && of_all.values().any(|is_certain| !is_certain));
}

#[test]
fn the_tokens_for_every_value_are_those_of_each() {
    let accepts = |principals: &Principals| -> Vec<(String, bool)> {
        let found = tokens(principals, &facts(principals)).unwrap();
        let is_certain = |role: &TokenRole| role.rows.iter().any(|(_, is_certain)| *is_certain);
        found.iter().map(|role| (role.role.clone(), is_certain(role))).collect()
    };
    let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let of_all = accepts(&plan(&[]));
    assert_eq!(of_all, [("arn:aws:iam::111122223333:role/deploy".to_owned(), false)]);
    let references = r#"["aws_iam_openid_connect_provider.github.arn", "aws_iam_openid_connect_provider.github"]"#;
    let of_one = accepts(&plan(&[(references, provider), (r#"["var.subject"]"#, "repo:acme/*")]));
    assert_eq!(of_one, [("arn:aws:iam::111122223333:role/deploy".to_owned(), true)]);
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn what_is_decided_for_every_value_is_decided_for_each(
        statements in vec(statement(), 1..4),
        endpoint in select(&["", "vpce-1", "vpce-9"][..]),
        team in select(&["", "x", "b-1", "team"][..]),
        // A resource that is known later may be what another statement names.
        resource in select(&["arn:aws:s3:::b/x", "<Bucket.Arn>", "arn:aws:s3:::<Name>/x"][..]),
        values in VALUES.map(|(_, values)| select(values).prop_map(str::to_owned)),
    ) {
        let about = |resource: String| Request { resource, ..request(endpoint, team) };
        let of_all = verdicts(&policies(&statements, &[]), &about(resource.to_owned()), true);
        let of_one =
            verdicts(&policies(&statements, &values), &about(with_values(resource, &values)), false);
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
            is_whole: false,
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
