//! Policies that grow in one direction, for the benches: where an exact answer could become expensive.

use std::fmt::Write as _;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;

/// A name and policies of one size.
#[derive(Clone, Debug)]
pub struct Grown {
    /// What grows, and how far.
    pub name: String,
    /// The policies.
    pub policies: PolicySet,
}

/// Statements as a policy of some type.
#[expect(clippy::unwrap_used, reason = "texts of this file")]
pub fn document(statements: &[String], kind: PolicyType) -> PolicyDocument {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    PolicyDocument::read(&Source::new("grown", text), kind, Profile::Strict).unwrap()
}

fn identity(name: String, statements: &[String]) -> Grown {
    Grown { name, policies: PolicySet::of_identity([document(statements, PolicyType::Identity)]) }
}

/// An entry of a list, which starts again after its end.
fn nth(list: &[&'static str], number: usize) -> &'static str {
    list.iter().copied().cycle().nth(number % list.len().max(1)).unwrap_or_default()
}

const ALLOW_ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// Short words, none of which is part of another.
const WORDS: [&str; 24] = [
    "alpha", "bravo", "carbon", "delta", "ember", "fjord", "glyph", "harbor", "indigo", "jungle",
    "kelp", "lumen", "mango", "nickel", "onyx", "pixel", "quartz", "raven", "sierra", "tundra",
    "umbra", "violet", "willow", "xenon",
];

/// `count` Denies, each about a key of its own, beside one Allow. A diagram whose leaves were *which statements
/// match* would need 2^count of them.
pub fn denies_on_own_keys(count: usize) -> Grown {
    let deny = |number: usize| {
        format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringEquals":{{"aws:PrincipalTag/key-{number:02}":"no"}}}}}}"#
        )
    };
    let statements: Vec<_> =
        std::iter::once(ALLOW_ALL.to_owned()).chain((0..count).map(deny)).collect();
    identity(format!("denies on own keys, {count}"), &statements)
}

/// One Allow with `count` action patterns that hold wildcards.
pub fn action_globs(count: usize) -> Grown {
    let globs: Vec<_> = (0..count)
        .map(|number| {
            let service = nth(&["ec2", "s3", "iam", "rds", "sqs", "sns", "kms", "logs"], number);
            let word = nth(&WORDS, number / 8);
            format!(r#""{service}:*{word}{number}*""#)
        })
        .collect();
    let statement =
        format!(r#"{{"Effect":"Allow","Action":[{}],"Resource":"*"}}"#, globs.join(","));
    identity(format!("action globs, {count}"), &[statement])
}

/// `count` buckets: every other one allowed, every other one denied, in a statement each, under an
/// Allow of all buckets.
pub fn alternating_buckets(count: usize) -> Grown {
    let mut statements = vec![
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*"}"#.to_owned(),
    ];
    statements.extend((0..count).map(|number| {
        let effect = if number % 2 == 0 { "Allow" } else { "Deny" };
        format!(
            r#"{{"Effect":"{effect}","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-{number:04}/*"}}"#
        )
    }));
    identity(format!("alternating buckets, {count}"), &statements)
}

/// `count` Denies of resources like `*word*`, alike but for the word.
pub fn infix_globs_of_one_shape(count: usize) -> Grown {
    let deny = |word: &&str| {
        format!(r#"{{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::*{word}*"}}"#)
    };
    let statements: Vec<_> =
        std::iter::once(ALLOW_ALL.to_owned()).chain(WORDS.iter().take(count).map(deny)).collect();
    identity(format!("infix globs of one shape, {count}"), &statements)
}

/// `count` Allows of resources like `*word*`, each under a condition of its own: any of them may match
/// together with any others, so there are 2^count classes of resources.
pub fn infix_globs_under_conditions(count: usize) -> Grown {
    let allow = |(number, word): (usize, &&str)| {
        format!(
            r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*{word}*","Condition":{{"StringEquals":{{"aws:PrincipalTag/key-{number:02}":"yes"}}}}}}"#
        )
    };
    let statements: Vec<_> = WORDS.iter().take(count).enumerate().map(allow).collect();
    identity(format!("infix globs under own conditions, {count}"), &statements)
}

/// AWS's limit of a managed policy, in characters without whitespace.
pub const MANAGED_POLICY_LIMIT: usize = 6_144;

/// A policy as large as AWS saves it, wildcards everywhere: in actions, resources and values.
pub fn wildcards_to_the_limit() -> Grown {
    let mut statements = vec![ALLOW_ALL.to_owned()];
    for number in 0.. {
        let word = nth(&WORDS, number);
        let effect = if number % 3 == 0 { "Deny" } else { "Allow" };
        let (service, action, resource) = match number % 4 {
            0 => ("s3", "*Object*", format!("arn:aws:s3:::{word}-{number}-*/*")),
            1 => ("ec2", "Describe*", "*".to_owned()),
            2 => ("sqs", "*Message*", format!("arn:aws:sqs:*:*:{word}-*")),
            _ => ("dynamodb", "*Item", format!("arn:aws:dynamodb:*:*:table/{word}*-{number}")),
        };
        let mut statement = String::new();
        let _ = write!(
            statement,
            r#"{{"Effect":"{effect}","Action":["{service}:{action}","{service}:*{word}*"],"Resource":"{resource}","Condition":{{"StringLike":{{"aws:PrincipalTag/{}":"{word}*"}}}}}}"#,
            nth(&["team", "stage", "project"], number),
        );
        let length: usize = statements.iter().map(|text| text.len() + 1).sum();
        if length + statement.len() + r#"{"Version":"2012-10-17","Statement":[]}"#.len()
            > MANAGED_POLICY_LIMIT
        {
            break;
        }
        statements.push(statement);
    }
    identity("wildcards, 6,144 characters".to_owned(), &statements)
}

/// Ten identity-based policies, a boundary, three levels of SCPs and two of RCPs, with guardrails as
/// organizations have them: a region lock, a data perimeter, a root lock, protected roles.
pub fn layers() -> Grown {
    let services = ["s3", "ec2", "sqs", "sns", "dynamodb", "lambda", "logs", "kms", "ecr", "ssm"];
    let of_service = |(number, service): (usize, &&str)| {
        document(
            &[
                format!(
                    r#"{{"Effect":"Allow","Action":["{service}:Get*","{service}:List*","{service}:Describe*"],"Resource":"*"}}"#
                ),
                format!(
                    r#"{{"Effect":"Allow","Action":"{service}:*","Resource":"*","Condition":{{"StringEquals":{{"aws:ResourceTag/team":"{}"}}}}}}"#,
                    nth(&WORDS, number)
                ),
                format!(
                    r#"{{"Effect":"Deny","Action":"{service}:Delete*","Resource":"*","Condition":{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false"}}}}}}"#
                ),
            ],
            PolicyType::Identity,
        )
    };
    let scp = |statements: &[String]| document(statements, PolicyType::Scp);
    let rcp = |statements: &[String]| document(statements, PolicyType::Rcp);
    let all = ALLOW_ALL.to_owned();
    let region_lock = r#"{"Effect":"Deny","NotAction":["iam:*","sts:*","route53:*","organizations:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/BreakGlass"}}}"#;
    let perimeter = r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddressIfExists":{"aws:SourceIp":["203.0.113.0/24","198.51.100.0/24"]},"StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-1a2b3c4d"},"BoolIfExists":{"aws:ViaAWSService":"false"}}}"#;
    let protected = r#"{"Effect":"Deny","Action":["iam:*Role*","iam:*Policy*"],"Resource":"arn:aws:iam::*:role/platform-*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/platform-*"}}}"#;
    let no_root = r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}"#;
    let own_organization = r#"{"Effect":"Deny","Principal":"*","Action":["s3:*","sqs:*","kms:*","secretsmanager:*","sts:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-example"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}"#;
    let tls = r#"{"Effect":"Deny","Principal":"*","Action":["s3:*","sqs:*"],"Resource":"*","Condition":{"BoolIfExists":{"aws:SecureTransport":"false"}}}"#;
    let everyone = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
    let full = rcp_full(everyone);
    let policies = PolicySet {
        identity: services.iter().enumerate().map(of_service).collect(),
        boundary: Some(document(
            &[
                all.clone(),
                r#"{"Effect":"Deny","Action":["iam:Create*","iam:Put*","iam:Attach*"],"Resource":"*","Condition":{"StringNotEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/boundary"}}}"#.to_owned(),
            ],
            PolicyType::Boundary,
        )),
        scp: vec![
            vec![scp(&[all.clone(), region_lock.to_owned()])],
            vec![scp(&[all.clone(), perimeter.to_owned(), no_root.to_owned()])],
            vec![scp(&[all, protected.to_owned()])],
        ],
        rcp: vec![
            vec![full.clone(), rcp(&[own_organization.to_owned()])],
            vec![full, rcp(&[tls.to_owned()])],
        ],
        ..PolicySet::default()
    };
    Grown { name: "ten identity, boundary, SCPs, RCPs".to_owned(), policies }
}

/// The policy that AWS attaches at every level, which nobody else may save.
#[expect(clippy::unwrap_used, reason = "texts of this file")]
fn rcp_full(everyone: &str) -> PolicyDocument {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{everyone}]}}"#);
    PolicyDocument::read(&Source::new("RCPFullAWSAccess", text), PolicyType::Rcp, Profile::Lenient)
        .unwrap()
}
