//! Policies with values that are known later: what is said of a claim for every value is what is said for each.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::setting::Setting;
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

fn policies(statements: &[String], values: &[String]) -> PolicySet {
    let mut text =
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    for ((symbol, _), value) in VALUES.iter().zip(values) {
        text = text.replace(symbol, value);
    }
    let source = Source::new("policy", text);
    let read = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
    PolicySet::of_identity([read.unwrap()])
}

fn verdict(policies: PolicySet, claim: &Claim, known_later: bool) -> ClaimVerdict {
    let setting = Setting { known_later, ..Setting::default() };
    let paths = CallPaths::default();
    let query = ClaimQuery { policies, claim: claim.clone(), setting, paths, open_world: false };
    query.answer().unwrap().verdict
}

proptest! {
    #![proptest_config(cases(120))]

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
