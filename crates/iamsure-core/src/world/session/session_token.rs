//! `sts:GetSessionToken`: a user exchanges long-term credentials for temporary ones of its own.

use super::Session;
use super::caller::Caller;
use super::exchange::{Check, Exchange, ExchangeError};
use super::keys::SessionKeys;
use super::operation::Operation;
use super::tags::Tags;
use crate::language::action::ActionName;
use crate::world::context::KeyState;
use crate::world::evidence::Evidence;
use crate::world::principal::Principal;
use crate::world::request::Request;

/// A call of `sts:GetSessionToken`.
///
/// AWS page: STS API Reference, `GetSessionToken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetSessionToken {
    /// Who calls: a user or root, with long-term credentials.
    pub caller: Caller,
    /// Whether the call carries a code of an MFA device.
    pub mfa_code: bool,
    /// Every tag attached to the user, if somebody said.
    pub user_tags: Option<Tags>,
}

impl GetSessionToken {
    /// The exchange. Its one check needs no permission (O-1).
    ///
    /// # Errors
    /// If the caller is another than a user or root with long-term credentials.
    pub fn exchange(&self) -> Result<Exchange, ExchangeError> {
        let operation = Operation::GetSessionToken;
        let principal = self.caller.requester().principal.clone();
        let is_long_term = self.caller.session().is_none()
            && matches!(principal, Principal::User { .. } | Principal::Root { .. });
        if !is_long_term {
            let by = "with anything but the long-term credentials of a user or root";
            return Err(ExchangeError::Credentials { operation, by });
        }
        let action = ActionName::parse(operation.action())?;
        let context = self.caller.context().clone();
        let request = Request::new(self.caller.requester().clone(), action, "*", context);
        let check = Check {
            request,
            evidence: Evidence::Documented,
            source: "STS API Reference, GetSessionToken",
        };
        let mut keys = SessionKeys::of(&principal);
        keys.tags(&self.user_tags.clone().unwrap_or_default());
        keys.source_identity(None);
        let present = if self.mfa_code { "true" } else { "false" };
        keys.documented("aws:MultiFactorAuthPresent", KeyState::single(present));
        if self.mfa_code {
            keys.present("aws:MultiFactorAuthAge");
        } else {
            keys.documented("aws:MultiFactorAuthAge", KeyState::Absent);
        }
        keys.of_others(operation, None);
        let session = Session {
            operation,
            principal,
            keys: keys.into_keys(),
            tags_are_known: self.user_tags.is_some(),
            policies: Vec::new(),
            transitive: Tags::none(),
            source_identity: None,
            with_mfa: self.mfa_code,
        };
        Ok(Exchange { checks: vec![check], session })
    }
}
