//! One request: who, what, on which resource, in which context.

use crate::language::action::ActionName;
use crate::language::arn::{Arn, is_account_id};

use super::bucket::Bucket;
use super::context::Context;
use super::principal::Requester;

/// A request as AWS authorizes it.
///
/// One API call may make several requests (O-5); it succeeds only if each is allowed.
/// AWS page: IAM User Guide, `reference_policies_evaluation-logic_policy-eval-reqcontext`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who makes it.
    pub requester: Requester,
    /// The IAM action.
    pub action: ActionName,
    /// One concrete ARN, or `*` for an action without resource types.
    pub resource: String,
    /// The account that owns the resource. `None`: the account in the ARN, or else the
    /// requester's own.
    pub resource_account: Option<String>,
    /// Whether that account is the management account, which RCPs spare (E-23).
    pub resource_in_management_account: bool,
    /// What S3 knows of the bucket or object beside its policy; nothing special, by default.
    pub bucket: Bucket,
    /// Whether the VPC endpoint it comes through is a gateway endpoint, for which an account in a
    /// Principal is its root user alone (P-15).
    pub through_gateway_endpoint: bool,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// A request with nothing but the necessary.
    pub fn new(
        requester: impl Into<Requester>,
        action: ActionName,
        resource: impl Into<String>,
        context: Context,
    ) -> Self {
        Self {
            requester: requester.into(),
            action,
            resource: resource.into(),
            resource_account: None,
            resource_in_management_account: false,
            bucket: Bucket::default(),
            through_gateway_endpoint: false,
            context,
        }
    }

    /// The account that owns the resource, if anything tells.
    pub fn owner(&self) -> Option<&str> {
        // AWS's own resources stand under `aws`; they are used in the requester's account.
        let in_arn = || Arn::split(&self.resource).map(|arn| arn.account);
        let in_arn = || in_arn().filter(|account| is_account_id(account));
        self.resource_account
            .as_deref()
            .or_else(in_arn)
            .or_else(|| self.requester.principal.account())
    }

    /// Whether the requester's account owns the resource. A requester without an account never
    /// does.
    pub fn is_same_account(&self) -> bool {
        let account = self.requester.principal.account();
        account.is_some() && account == self.owner()
    }
}
