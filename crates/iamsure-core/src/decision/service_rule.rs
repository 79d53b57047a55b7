//! Services that bend the rules of combination (7.8), as far as a request tells.
//!
//! The trust policies of roles and the policies of KMS keys, which *must* allow, are the
//! [`Mechanism`](super::precedence::Mechanism) of a request; here is the rest.

use super::precedence::Gate;
use crate::language::arn::Arn;
use crate::language::condition::{Clause, Family};
use crate::language::document::{Named, PrincipalEntry, Sense, Statement};
use crate::world::principal::Principal;
use crate::world::request::Request;

/// The actions of E-34.
pub(crate) const RESCUES: [&str; 3] =
    ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// How the names of actions start that E-35 leaves alone.
pub(crate) const OWNED_READS: [&str; 5] = ["Get", "List", "Simulate", "Generate", "Pass"];

/// What the owner of a bucket may do to every object in it (E-19).
const DELETIONS: [&str; 2] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];

/// E-19: whether it is the bucket's owner who deletes an object: it always may, whosever the object is.
pub(crate) fn bucket_owner_deletes(request: &Request) -> bool {
    DELETIONS.iter().any(|action| request.action.is(action)) && request.is_same_account()
}

/// E-19: an object that another account than the bucket's owns is that account's to grant, by the object's ACL.
/// The identity-based policies of the bucket's owner are not enough, nor is being its root user: the user
/// context is skipped for root, the object context is not.
///
/// AWS page: S3 User Guide, `access-control-auth-workflow-object-operation`.
pub(crate) fn object_owner(request: &Request) -> Gate {
    let is_object = || {
        Arn::split(&request.resource)
            .is_some_and(|arn| arn.service == "s3" && arn.resource.contains('/'))
    };
    let bucket = &request.bucket;
    if bucket.asks_object_owner()
        && !bucket.acl_counts()
        && request.action.prefix().eq_ignore_ascii_case("s3")
        && is_object()
        && !bucket_owner_deletes(request)
    {
        Gate::Closed
    } else {
        Gate::Open
    }
}

/// E-34: the root user of a bucket's owner can always read, replace and delete the bucket policy,
/// whatever that policy denies.
///
/// AWS page: S3 API Reference, `PutBucketPolicy`.
pub(crate) fn bucket_policy_cannot_lock_out(request: &Request) -> bool {
    matches!(request.requester.principal, Principal::Root { .. })
        && RESCUES.iter().any(|action| request.action.is(action))
        && request.is_same_account()
}

/// E-35: nobody changes the policies and roles that AWS owns in an account: AWS managed policies,
/// and roles under `aws-reserved`.
pub(crate) fn is_owned_by_aws(request: &Request) -> bool {
    if !request.action.prefix().eq_ignore_ascii_case("iam") {
        return false;
    }
    let Some(arn) = Arn::split(&request.resource).filter(|arn| arn.service == "iam") else {
        return false;
    };
    let owned = (arn.account == "aws" && arn.resource.starts_with("policy/"))
        || arn.resource.starts_with("role/aws-reserved/");
    let changes = !OWNED_READS.iter().any(|verb| {
        request
            .action
            .name()
            .get(..verb.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(verb))
    });
    owned && changes
}

/// E-37: with IAM authorization, either policy is enough in the account of an API, also one that
/// names only the account.
///
/// AWS page: API Gateway Developer Guide, authorization flow.
pub(crate) fn account_grant_is_enough(request: &Request) -> bool {
    request.action.prefix().eq_ignore_ascii_case("execute-api")
}

/// `sts:AssumeRoot` is about the root user of a member account, which has no policy to grant it: the
/// policies of the caller decide as in its own account. Root cannot call it.
///
/// AWS pages: STS API Reference, `AssumeRoot`; IAM User Guide, `id_root-user-privileged-task`.
pub(crate) fn callers_account_decides(request: &Request) -> bool {
    request.action.is("sts:AssumeRoot")
        && matches!(
            request.requester.principal,
            Principal::User { .. } | Principal::RoleSession { .. }
        )
}

/// why Block Public Access refuses a request that would make something public, in AWS's words.
pub(crate) fn refused_as_public(request: &Request) -> Option<&'static str> {
    let bucket = &request.bucket;
    let is = |word: &str| request.action.name().to_ascii_lowercase().contains(word);
    if !bucket.request_makes_public || !request.action.prefix().eq_ignore_ascii_case("s3") {
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

/// E-36: under `RestrictPublicBuckets` a public policy is void for other accounts and the anonymous.
pub(crate) fn public_policy_is_void(request: &Request) -> bool {
    let outside = || match request.requester.principal {
        Principal::Service { .. } => false,
        _ => !request.is_same_account(),
    };
    request.bucket.restrict_public_buckets
        && outside()
        && request.action.prefix().eq_ignore_ascii_case("s3")
}

/// Whether an Allow of a bucket policy is public: for everyone, and held back by no condition that
/// names who or where from with fixed values.
///
/// AWS page: S3 User Guide, `access-control-block-public-access` (the meaning of "public").
pub(crate) fn is_public(statement: &Statement) -> bool {
    let everyone = statement.principal.as_ref().is_some_and(|element| {
        element.sense == Sense::NoneOf
            || element.entries.iter().any(|entry| match &entry.value {
                PrincipalEntry::Everyone => true,
                PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
                _ => false,
            })
    });
    let limiting = [
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceip",
        "aws:userid",
        "aws:principalorgid",
        "aws:principalaccount",
        "aws:principalarn",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    ];
    let fixed = |clause: &Clause| {
        let operator = clause.operator.base;
        limiting.contains(&clause.key.folded())
            && !operator.is_negated()
            && !clause.operator.if_exists
            && operator.family() != Family::Null
            && !clause.values.is_empty()
            && clause.values.iter().all(|value| {
                !value.as_str().contains(['*', '?']) && !value.as_str().ends_with("/0")
            })
    };
    everyone && !statement.condition.clauses.iter().any(|clause| fixed(clause))
}
