//! The services whose policies are judged here, with the limits that AWS documents.

use std::collections::BTreeSet;

use iamsure_core::language::document::Sense;
use iamsure_core::language::{PolicyDocument, ResourcePattern, Spanned, Statement};

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Bytes of the document, white space included.
    Bytes,
    /// Statements of the document.
    Statements,
    /// Entries of Principal and NotPrincipal.
    Principals,
    /// Clauses of Condition: an operator with a key.
    Conditions,
    /// Entries of Action and NotAction in one statement.
    ActionsOfStatement,
}

/// A limit of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it counts.
    pub measure: Measure,
    /// How many there may be.
    pub most: usize,
}

/// A service that stores policies of its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServicePolicy {
    /// The prefix of its actions and the service field of its ARNs.
    pub prefix: &'static str,
    /// What such a policy is called, with its article.
    pub(crate) what: &'static str,
    /// Its limits.
    pub limits: &'static [Limit],
    /// The page of AWS that documents them.
    pub source: &'static str,
}

const fn bytes(most: usize) -> Limit {
    Limit { measure: Measure::Bytes, most }
}

const fn limit(measure: Measure, most: usize) -> Limit {
    Limit { measure, most }
}

/// Those of which AWS documents a limit. A kilobyte is read as 1,024 bytes.
pub const SERVICES: [ServicePolicy; 8] = [
    ServicePolicy {
        prefix: "dynamodb",
        what: "a DynamoDB resource-based policy",
        limits: &[bytes(20_480)],
        source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    },
    ServicePolicy {
        prefix: "ecr",
        what: "an ECR repository policy",
        limits: &[bytes(10_240)],
        source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
    },
    ServicePolicy {
        prefix: "kms",
        what: "a key policy",
        limits: &[bytes(32_768)],
        source: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    },
    ServicePolicy {
        prefix: "lambda",
        what: "a Lambda function's resource-based policy",
        limits: &[bytes(20_480)],
        source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    },
    ServicePolicy {
        prefix: "s3",
        what: "a bucket policy",
        limits: &[bytes(20_480)],
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-iam-policies.html",
    },
    ServicePolicy {
        prefix: "secretsmanager",
        what: "a secret's resource-based policy",
        limits: &[bytes(20_480)],
        source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
    },
    ServicePolicy {
        prefix: "sns",
        what: "a topic policy",
        limits: &[bytes(30_720), limit(Measure::Statements, 100), limit(Measure::Principals, 200)],
        source: "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html",
    },
    ServicePolicy {
        prefix: "sqs",
        what: "a queue policy",
        limits: &[
            bytes(8_192),
            limit(Measure::Statements, 20),
            limit(Measure::Principals, 50),
            limit(Measure::Conditions, 10),
            limit(Measure::ActionsOfStatement, 7),
        ],
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
    },
];

/// The service that stores a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) service: &'static ServicePolicy,
}

impl Stored {
    /// The service of all its actions and of all its resources but `*`, if that is one, and one that is known here. A bucket
    /// policy names no access point, which has a policy of its own.
    pub(super) fn of(document: &PolicyDocument) -> Option<Self> {
        let mut named = BTreeSet::new();
        for statement in &document.statements {
            for entry in statement.action.iter().flat_map(|element| &element.entries) {
                if !entry.is_every() {
                    named.insert(entry.parts()?.0.to_owned());
                }
            }
            for entry in statement.resource.iter().flat_map(|element| &element.entries) {
                if !entry.is_every() {
                    named.insert(service_of(entry)?.to_owned());
                }
            }
        }
        let mut named = named.into_iter();
        let (only, None) = (named.next()?, named.next()) else { return None };
        SERVICES.iter().find(|service| service.prefix == only).map(|service| Self { service })
    }
}

/// The service of an ARN; `None` for an access point, and for what is no ARN.
fn service_of(entry: &ResourcePattern) -> Option<&str> {
    let mut fields = entry.as_str().splitn(6, ':');
    let (arn, _, service) = (fields.next()?, fields.next()?, fields.next()?);
    let is_access_point = service == "s3" && fields.next().is_some_and(|region| !region.is_empty());
    (arn == "arn" && !is_access_point).then_some(service)
}

/// The entries of a statement's Resource; `None` where it lists what it is not about, or nothing.
pub(super) fn resources(statement: &Statement) -> Option<&[Spanned<ResourcePattern>]> {
    let element = statement.resource.as_ref()?;
    (element.sense == Sense::OneOf).then_some(element.entries.as_slice())
}
