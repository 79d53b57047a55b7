//! `sts:AssumeRoot`: an administrator of the organization acts as the root user of a member account.

use super::Session;
use super::caller::Caller;
use super::exchange::{Check, Exchange, ExchangeError};
use super::keys::SessionKeys;
use super::operation::Operation;
use super::tags::Tags;
use crate::language::action::ActionName;
use crate::language::document::PolicyDocument;
use crate::world::context::KeyState;
use crate::world::evidence::Evidence;
use crate::world::principal::Principal;
use crate::world::request::Request;

/// A call of `sts:AssumeRoot`.
///
/// AWS pages: STS API Reference, `AssumeRoot`; IAM User Guide, `id_root-user-privileged-task`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRoot {
    /// Who calls: a user or role session of the management account or of a delegated administrator.
    /// That it is one is not checked here.
    pub caller: Caller,
    /// The member account, twelve digits.
    pub member_account: String,
    /// The ARN of the AWS managed task policy.
    pub task_policy_arn: String,
    /// That policy, which is the only grant of the session (E-28). Without it the session is decided
    /// as one that may do nothing.
    pub task_policy: Option<PolicyDocument>,
}

impl AssumeRoot {
    /// The exchange.
    ///
    /// # Errors
    /// If the caller is root or no AWS principal, or the account is none.
    pub fn exchange(&self) -> Result<Exchange, ExchangeError> {
        let operation = Operation::AssumeRoot;
        let by = match &self.caller.requester().principal {
            Principal::User { .. } | Principal::RoleSession { .. } => None,
            Principal::Root { .. } | Principal::AssumeRoot { .. } => Some("by root"),
            Principal::FederatedUser { .. } => Some("with credentials of GetFederationToken"),
            _ => Some("without credentials of a user or role"),
        };
        if let Some(by) = by {
            return Err(ExchangeError::Credentials { operation, by });
        }
        let account = &self.member_account;
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ExchangeError::Account { account: account.clone() });
        }
        let root = format!("arn:aws:iam::{account}:root");
        let mut context = self.caller.context().clone();
        let task_policy = KeyState::single(self.task_policy_arn.as_str());
        context.set("sts:TaskPolicyArn".into(), task_policy);
        context.set("aws:ResourceAccount".into(), KeyState::single(account.as_str()));
        let action = ActionName::parse(operation.action())?;
        let requester = self.caller.requester().clone();
        let check = Check {
            request: Request::new(requester, action, root.as_str(), context),
            evidence: Evidence::Documented,
            source: "STS API Reference, AssumeRoot",
        };
        let principal = Principal::AssumeRoot {
            account: account.clone(),
            arn: root,
            task_policy_arn: Some(self.task_policy_arn.clone()),
        };
        let mut keys = SessionKeys::of(&principal);
        let source_identity = self.caller.source_identity();
        if source_identity.is_some() {
            keys.unknown(
                "aws:SourceIdentity",
                "the operation returns the caller's source identity; the key's entry speaks of roles only",
            );
        } else {
            keys.source_identity(None);
        }
        for key in ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"] {
            keys.documented(key, KeyState::Absent);
        }
        keys.of_others(operation, None);
        let session = Session {
            operation,
            principal,
            keys: keys.into_keys(),
            // Root has no tags.
            tags_are_known: true,
            policies: self.task_policy.iter().cloned().collect(),
            transitive: Tags::none(),
            source_identity: source_identity.map(str::to_owned),
            with_mfa: false,
        };
        Ok(Exchange { checks: vec![check], session })
    }
}
