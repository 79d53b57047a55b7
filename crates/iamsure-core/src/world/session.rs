//! Sessions: what an STS exchange yields, and how one is started.
//!
//! An exchange is a story in two steps. First come the [`Check`]s: the requests that AWS authorizes
//! before it starts the session, each with the keys of the exchange (`sts:ExternalId`,
//! `<issuer>:sub`, …). They are decided by [`evaluate`](fn@crate::decision::evaluate) with the policies
//! of *the caller*, if it has any, and the trust policy of the role; the policies of the role itself
//! are not asked. The exchange succeeds only if each check does. Then comes the [`Session`]: who the
//! caller is from now on, with which keys, tags and session policies. Its requests are decided with
//! the policies of the role.
//!
//! | exchange | who calls | decided by | the session |
//! | --- | --- | --- | --- |
//! | [`AssumeRole`] | a user, a session, a service | the caller's policies and the trust policy (E-30) | the role |
//! | [`AssumeRoleWithWebIdentity`] | nobody in AWS yet: a token | the trust policy (E-32) | the role |
//! | [`AssumeRoleWithSaml`] | nobody in AWS yet: an assertion | the trust policy (E-32) | the role |
//! | [`GetFederationToken`] | a user, root | the caller's policies (O-2) | a federated user (E-12) |
//! | [`GetSessionToken`] | a user, root | nothing (O-1) | the caller itself (E-13) |
//! | [`AssumeRoot`] | a user or session of the management or a delegated account | the caller's policies | root of a member account, by a task policy (E-28) |
//!
//! Where AWS does not say what a session holds, the key is unknown, with that evidence. AWS pages:
//! IAM User Guide, `id_credentials_temp_request`, `id_session-tags`,
//! `id_credentials_temp_control-access_monitor` (source identity).

mod assume_role;
mod assume_root;
mod caller;
mod exchange;
mod federation_token;
pub(crate) mod keys;
mod limit;
mod operation;
mod role;
mod saml;
mod session_token;
mod tags;
mod terms;
mod web_identity;

pub use assume_role::AssumeRole;
pub use assume_root::AssumeRoot;
pub use caller::Caller;
pub use exchange::{Check, Exchange, ExchangeError};
pub use federation_token::GetFederationToken;
pub use operation::Operation;
pub use role::Role;
pub use saml::AssumeRoleWithSaml;
pub use session_token::GetSessionToken;
pub use tags::Tags;
pub use terms::Terms;
pub use web_identity::AssumeRoleWithWebIdentity;

use super::context::Context;
use super::evidence::FixedKey;
use super::policy_set::PolicySet;
use super::principal::{Principal, Requester};
use crate::language::action::ActionName;
use crate::language::document::PolicyDocument;
use crate::language::key::ConditionKey;

/// What an exchange yields: who calls from now on, and what AWS says of it in every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    operation: Operation,
    principal: Principal,
    keys: Vec<FixedKey>,
    /// Whether the keys hold every tag of the principal.
    tags_are_known: bool,
    policies: Vec<PolicyDocument>,
    transitive: Tags,
    source_identity: Option<String>,
    with_mfa: bool,
}

impl Session {
    /// The exchange that started it.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Who calls with it.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The keys that follow from the session, each once: those of the principal, its tags, and those
    /// that AWS embeds in the credentials.
    pub fn keys(&self) -> &[FixedKey] {
        &self.keys
    }

    /// What the session says of a key, if it says something.
    pub fn key(&self, key: &ConditionKey) -> Option<&FixedKey> {
        self.keys.iter().find(|fixed| fixed.key == *key)
    }

    /// Session tags that are passed on when the session assumes another role.
    pub const fn transitive_tags(&self) -> &Tags {
        &self.transitive
    }

    /// The source identity, which stays through every further role.
    pub fn source_identity(&self) -> Option<&str> {
        self.source_identity.as_deref()
    }

    /// Sets the keys of the session, except those that `context` already says. A key that is there with
    /// a value nobody gave ([`FixedKey::is_present`]) is unknown in a context.
    pub fn apply(&self, context: &mut Context) {
        for fixed in &self.keys {
            fixed.apply(context);
        }
        if self.tags_are_known {
            context.complete("aws:PrincipalTag/");
        }
    }

    /// The policies that decide its requests: those of its role or user, with the session policies
    /// that were passed (E-11, E-12, E-28).
    #[must_use]
    pub fn policies(&self, of_principal: &PolicySet) -> PolicySet {
        PolicySet { session: self.policies.clone(), ..of_principal.clone() }
    }

    /// Who makes its requests. `in_management_account` is a fact of the account (E-21).
    pub fn requester(&self, in_management_account: bool) -> Requester {
        Requester { principal: self.principal.clone(), in_management_account }
    }

    /// Why its credentials cannot make a call, whatever the policies say (O-4).
    pub fn limit(&self, action: &ActionName) -> Option<&'static str> {
        limit::limit(self, action)
    }
}

#[cfg(test)]
mod tests;
