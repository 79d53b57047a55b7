//! S3 Block Public Access: what is public, and what is refused for it (E-36, X-7).
//!
//! AWS page: S3 User Guide, `access-control-block-public-access`.

use std::net::IpAddr;

use crate::language::condition::{Clause, ConditionValue, Family, Operand, Quantifier};
use crate::language::document::{Effect, Named, PolicyDocument, PrincipalEntry, Sense, Statement};
use crate::world::principal::Principal;
use crate::world::request::Request;

/// X-7: why Block Public Access refuses a request that would make something public, in AWS's words.
pub(crate) fn refused_as_public(request: &Request) -> Option<&'static str> {
    let bucket = &request.bucket;
    let is = |word: &str| request.action.name().to_ascii_lowercase().contains(word);
    if !bucket.request_makes_public || !is_of_s3(request) {
        None
    } else if bucket.block_public_policy && is("policy") {
        Some(
            "because public policies are blocked by the BlockPublicPolicy block public access setting.",
        )
    } else if bucket.block_public_acls && is("put") && !is("policy") {
        Some(
            "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting.",
        )
    } else {
        None
    }
}

/// E-36: under `RestrictPublicBuckets` a bucket with a public policy is there for its own account and for services
/// alone. What the policy grants to a named partner counts for nothing, either: one public statement makes the
/// whole policy public.
pub(crate) fn is_restricted(request: &Request, policy: Option<&PolicyDocument>) -> bool {
    request.bucket.restrict_public_buckets
        && is_of_s3(request)
        && !matches!(request.requester.principal, Principal::Service { .. })
        && !request.is_same_account()
        && policy.is_some_and(|policy| public_statements(policy).next().is_some())
}

/// The places of the statements that make a bucket policy public.
pub fn public_statements(policy: &PolicyDocument) -> impl Iterator<Item = usize> {
    let statements = policy.statements.iter().enumerate();
    statements.filter(|(_, statement)| is_public(statement)).map(|(place, _)| place)
}

fn is_of_s3(request: &Request) -> bool {
    request.action.prefix().eq_ignore_ascii_case("s3")
}

/// Whether an Allow is for callers who are not fixed, and no condition fixes who they are or where from.
fn is_public(statement: &Statement) -> bool {
    let is_open = |entry: &PrincipalEntry| match entry {
        PrincipalEntry::Everyone | PrincipalEntry::Federated(_) => true,
        PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
        _ => false,
    };
    let anyone = statement.principal.as_ref().is_some_and(|element| {
        element.sense == Sense::NoneOf || element.entries.iter().any(|entry| is_open(&entry.value))
    });
    *statement.effect == Effect::Allow
        && statement.action.is_some()
        && anyone
        && !statement.condition.clauses.iter().any(|clause| fixes_the_caller(clause))
}

/// Keys whose fixed values keep a policy from being public.
const FIXING: [&str; 12] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    DATA_ACCESS_POINT,
    "s3:dataaccesspointaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// Its value may leave the name of the access point open, as long as the account is fixed.
const DATA_ACCESS_POINT: &str = "s3:dataaccesspointarn";

/// Whether a clause holds for fixed values of a key of [`FIXING`], or for addresses of a narrow range, alone.
fn fixes_the_caller(clause: &Clause) -> bool {
    let operator = &clause.operator;
    let holds_when_absent =
        operator.if_exists || operator.quantifier == Some(Quantifier::ForAllValues);
    if operator.base.is_negated() || holds_when_absent || clause.values.is_empty() {
        return false;
    }
    let key = clause.key.folded();
    let mut values = clause.values.iter().map(|value| &value.value);
    match operator.base.family() {
        Family::IpAddress => key == "aws:sourceip" && values.all(is_narrow),
        Family::String | Family::Arn if key == DATA_ACCESS_POINT => values.all(|value| {
            value
                .as_str()
                .split(':')
                .nth(4)
                .is_some_and(|account| !account.is_empty() && is_fixed(account))
        }),
        Family::String | Family::Arn => {
            FIXING.contains(&key) && values.all(|value| is_fixed(value.as_str()))
        }
        _ => false,
    }
}

/// Without a wildcard or a policy variable.
fn is_fixed(value: &str) -> bool {
    !value.contains(['*', '?', '$'])
}

/// A range of addresses no wider than /8 of IPv4, /32 of IPv6.
fn is_narrow(value: &ConditionValue) -> bool {
    let Operand::Network(Some(network)) = value.operand() else { return false };
    network.prefix_length() >= if matches!(network.first(), IpAddr::V4(_)) { 8 } else { 32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{PolicyType, Profile, Source};

    /// Whether a bucket policy of one Allow is public, with this principal and condition.
    fn public(principal: &str, condition: &str) -> bool {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {principal},
            "Action": "s3:GetObject", "Resource": "*", "Condition": {condition}}}}}"#
        );
        let source = Source::new("policy", text);
        let policy = PolicyDocument::read(&source, PolicyType::Resource, Profile::Strict).unwrap();
        public_statements(&policy).next().is_some()
    }

    /// The examples of the S3 User Guide's section on the meaning of "public".
    #[test]
    fn what_the_user_guide_calls_public() {
        assert!(public(r#"{"Federated": "graph.facebook.com"}"#, "{}"));
        assert!(public(r#""*""#, "{}"));
        assert!(public(r#""*""#, r#"{"StringLike": {"aws:SourceVpc": "vpc-*"}}"#));
        assert!(public(r#""*""#, r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}"#));
        assert!(public(r#""*""#, r#"{"IpAddress": {"aws:SourceIp": "2000::/31"}}"#));
    }

    #[test]
    fn what_the_user_guide_calls_not_public() {
        let fixed = r#"{"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}"#;
        assert!(!public(r#""*""#, fixed));
        assert!(!public(r#"{"AWS": "444455556666"}"#, "{}"));
        assert!(!public(r#"{"Service": "cloudtrail.amazonaws.com"}"#, "{}"));
        assert!(!public(
            r#""*""#,
            r#"{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}}"#
        ));
        let any_name = "arn:aws:s3:us-west-2:123456789012:accesspoint/*";
        assert!(!public(
            r#""*""#,
            &format!(r#"{{"ArnLike": {{"s3:DataAccessPointArn": "{any_name}"}}}}"#)
        ));
    }

    /// What fixes nothing: a value with a variable, a test that an absent key passes, a negation.
    #[test]
    fn what_fixes_nobody() {
        for condition in [
            r#"{"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}}"#,
            r#"{"StringEqualsIfExists": {"aws:SourceVpc": "vpc-91237329"}}"#,
            r#"{"ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-91237329"}}"#,
            r#"{"StringNotEquals": {"aws:SourceVpc": "vpc-91237329"}}"#,
            r#"{"Null": {"aws:SourceVpc": "false"}}"#,
            r#"{"IpAddress": {"aws:SourceIp": ["203.0.113.7", "0.0.0.0/0"]}}"#,
            r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
        ] {
            assert!(public(r#""*""#, condition), "{condition}");
        }
    }
}
