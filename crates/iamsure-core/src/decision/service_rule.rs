//! Services that bend the rules of combination (7.8), as far as a request tells.
//!
//! The trust policies of roles and the policies of KMS keys, which *must* allow, are the
//! [`Mechanism`](super::precedence::Mechanism) of a request; here is the rest.

use super::exemption::{can_call, is_unsigned};
use super::precedence::Gate;
use super::public_access::refused_as_public;
use crate::language::arn::Arn;
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
fn is_owned_by_aws(request: &Request) -> bool {
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

/// E-32: `AssumeRoleWithSAML` takes the assertions of SAML providers, `AssumeRoleWithWebIdentity` the tokens of
/// every other provider.
///
/// AWS pages: STS API Reference, `AssumeRoleWithSAML`, `AssumeRoleWithWebIdentity`.
fn is_of_the_other_exchange(request: &Request) -> bool {
    is_unsigned(&request.action) && !can_call(&request.requester.principal, &request.action)
}

/// Why the service itself refuses a request, whatever the policies say; `None` if it does not.
pub fn refusal(request: &Request) -> Option<&'static str> {
    if is_owned_by_aws(request) {
        Some(
            "AWS owns it: AWS managed policies and roles under aws-reserved cannot be changed (E-35)",
        )
    } else if is_of_the_other_exchange(request) {
        Some(
            "AssumeRoleWithSAML takes assertions of SAML providers, AssumeRoleWithWebIdentity tokens of other providers (E-32)",
        )
    } else {
        refused_as_public(request)
    }
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
