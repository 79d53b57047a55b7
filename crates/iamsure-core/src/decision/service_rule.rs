//! Services that bend the rules of combination (7.8), as far as a request tells.
//!
//! The trust policies of roles and the policies of KMS keys, which *must* allow, are the
//! [`Mechanism`](super::precedence::Mechanism) of a request; here is the rest.

use crate::language::arn::Arn;
use crate::world::principal::Principal;
use crate::world::request::Request;

/// E-34: the root user of a bucket's owner can always read, replace and delete the bucket policy,
/// whatever that policy denies.
///
/// AWS page: S3 API Reference, `PutBucketPolicy`.
pub(crate) fn bucket_policy_cannot_lock_out(request: &Request) -> bool {
    let rescues = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];
    matches!(request.requester.principal, Principal::Root { .. })
        && request.is_same_account()
        && rescues.iter().any(|action| request.action.is(action))
}

/// E-35: nobody changes the policies and roles that AWS owns in an account: AWS managed policies,
/// and roles under `aws-reserved`.
pub(crate) fn is_owned_by_aws(request: &Request) -> bool {
    let Some(arn) = Arn::split(&request.resource).filter(|arn| arn.service == "iam") else {
        return false;
    };
    let owned = (arn.account == "aws" && arn.resource.starts_with("policy/"))
        || arn.resource.starts_with("role/aws-reserved/");
    let reads = ["Get", "List", "Simulate", "Generate", "Pass"];
    let changes = !reads.iter().any(|verb| {
        request
            .action
            .name()
            .get(..verb.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(verb))
    });
    owned && changes && request.action.prefix().eq_ignore_ascii_case("iam")
}

/// E-37: with IAM authorization, either policy is enough in the account of an API, also one that
/// names only the account.
///
/// AWS page: API Gateway Developer Guide, authorization flow.
pub(crate) fn account_grant_is_enough(request: &Request) -> bool {
    request.action.prefix().eq_ignore_ascii_case("execute-api")
}
