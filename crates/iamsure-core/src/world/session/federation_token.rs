//! `sts:GetFederationToken`: a user hands out a part of its permissions.

use super::caller::Caller;
use super::exchange::{Check, Exchange, ExchangeError, TAGS};
use super::keys::SessionKeys;
use super::operation::Operation;
use super::tags::Tags;
use super::{Session, terms};
use crate::language::action::ActionName;
use crate::language::arn::Arn;
use crate::language::document::PolicyDocument;
use crate::world::context::KeyState;
use crate::world::evidence::Evidence;
use crate::world::principal::Principal;
use crate::world::request::Request;

/// A call of `sts:GetFederationToken`.
///
/// AWS page: STS API Reference, `GetFederationToken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetFederationToken {
    /// Who calls: a user or root, with long-term credentials.
    pub caller: Caller,
    /// `Name`: 2 to 32 letters, digits and `_+=,.@-`.
    pub name: String,
    /// `Tags`. None of them can be transitive.
    pub tags: Tags,
    /// Every tag attached to the user, if somebody said.
    pub user_tags: Option<Tags>,
    /// `Policy` and `PolicyArns`. Without one the session has no permission of its own (E-12).
    pub policies: Vec<PolicyDocument>,
}

impl GetFederationToken {
    /// The exchange.
    ///
    /// # Errors
    /// If STS would refuse it whatever the policies say.
    pub fn exchange(&self) -> Result<Exchange, ExchangeError> {
        let operation = Operation::GetFederationToken;
        let (account, arn, user_arn) = match &self.caller.requester().principal {
            Principal::User { account, arn, .. } if self.caller.session().is_none() => {
                (account, arn.clone(), Some(arn.clone()))
            }
            root @ Principal::Root { account } if self.caller.session().is_none() => {
                (account, root.display_arn(), None)
            }
            _ => {
                let by = "with anything but the long-term credentials of a user or root";
                return Err(ExchangeError::Credentials { operation, by });
            }
        };
        if !terms::is_name(&self.name, 2, 32) {
            return Err(ExchangeError::Name { parameter: "Name", name: self.name.clone() });
        }
        terms::check_tags(&self.tags)?;
        let partition = Arn::split(&arn).map_or("aws", |arn| arn.partition);
        let resource = format!("arn:{partition}:sts::{account}:federated-user/{}", self.name);
        let checks = self.checks(&resource)?;
        let principal =
            Principal::FederatedUser { account: account.clone(), arn: resource, user_arn };
        let mut keys = SessionKeys::of(&principal);
        let user_tags = self.user_tags.clone().unwrap_or_default();
        keys.tags(&user_tags.overridden_by(&self.tags));
        keys.source_identity(None);
        for key in ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"] {
            keys.unknown(key, "AWS does not say what it is after GetFederationToken");
        }
        keys.of_others(operation, None);
        let session = Session {
            operation,
            principal,
            keys: keys.into_keys(),
            tags_are_known: self.user_tags.is_some(),
            policies: self.policies.clone(),
            transitive: Tags::none(),
            source_identity: None,
            with_mfa: false,
        };
        Ok(Exchange { checks, session })
    }

    fn checks(&self, resource: &str) -> Result<Vec<Check>, ExchangeError> {
        let mut context = self.caller.context().clone();
        for (key, state) in self.tags.keys_of("aws:RequestTag/") {
            context.set(key, state);
        }
        context.complete("aws:RequestTag/");
        let keys: Vec<String> = self.tags.iter().map(|(key, _)| key.to_owned()).collect();
        let tag_keys = if keys.is_empty() { KeyState::Absent } else { KeyState::Multi(keys) };
        context.set("aws:TagKeys".into(), tag_keys);
        context.set("sts:TransitiveTagKeys".into(), KeyState::Absent);
        let check = |action: &str, evidence, source| -> Result<Check, ExchangeError> {
            let action = ActionName::parse(action)?;
            let requester = self.caller.requester().clone();
            let request = Request::new(requester, action, resource, context.clone());
            Ok(Check { request, evidence, source })
        };
        let own = Operation::GetFederationToken.action();
        let mut checks =
            vec![check(own, Evidence::Documented, "STS API Reference, GetFederationToken")?];
        if !self.tags.is_empty() {
            // The permission is documented; that the session is its resource is not: the service
            // authorization reference lists roles only.
            checks.push(check("sts:TagSession", Evidence::Assumed, TAGS)?);
        }
        Ok(checks)
    }
}
