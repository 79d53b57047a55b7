//! `sts:AssumeRole`: a user, a session or a service becomes a session of a role.

use super::caller::Caller;
use super::exchange::{self, Exchange, ExchangeError};
use super::keys::SessionKeys;
use super::operation::Operation;
use super::role::Role;
use super::tags::Tags;
use super::terms::Terms;
use super::{Check, Session};
use crate::world::context::KeyState;
use crate::world::evidence::Evidence;
use crate::world::principal::Principal;

/// What AWS contradicts itself about.
const MFA: &str = "AWS contradicts itself: the key's entry names AssumeRole, while \
     id_credentials_mfa_configure-api-require says its credentials carry no MFA";
/// What AWS says nothing about.
const CHAIN: &str = "AWS does not say whether it stays when a session assumes another role";
/// Keys of federated sessions that AWS lists for `AssumeRole`, so that a session has them when it assumes
/// the next role.
const FEDERATION: [&str; 13] = [
    "saml:sub",
    "saml:sub_type",
    "saml:namequalifier",
    "accounts.google.com:aud",
    "accounts.google.com:sub",
    "cognito-identity.amazonaws.com:amr",
    "cognito-identity.amazonaws.com:aud",
    "cognito-identity.amazonaws.com:sub",
    "graph.facebook.com:app_id",
    "graph.facebook.com:id",
    "www.amazon.com:app_id",
    "www.amazon.com:user_id",
    "aws:FederatedProvider",
];

/// A call of `sts:AssumeRole`.
///
/// AWS pages: STS API Reference, `AssumeRole`; IAM User Guide, `id_session-tags` (role chaining).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    /// Who calls.
    pub caller: Caller,
    /// The role.
    pub role: Role,
    /// What it passes.
    pub terms: Terms,
    /// `ExternalId`.
    pub external_id: Option<String>,
    /// Whether the call carries a code of an MFA device (`SerialNumber` and `TokenCode`).
    pub mfa_code: bool,
}

impl AssumeRole {
    /// A call that passes nothing but a session name.
    pub fn new(caller: Caller, role: Role, session_name: impl Into<String>) -> Self {
        let terms = Terms::named(session_name);
        Self { caller, role, terms, external_id: None, mfa_code: false }
    }

    /// The exchange.
    ///
    /// The session inherits the caller's transitive tags, which stay transitive, and its source
    /// identity. Tags passed here and inherited ones override the role's.
    ///
    /// # Errors
    /// If STS would refuse it whatever the policies say.
    pub fn exchange(&self) -> Result<Exchange, ExchangeError> {
        let operation = Operation::AssumeRole;
        let by = match &self.caller.requester().principal {
            Principal::Root { .. } | Principal::AssumeRoot { .. } => Some("by root"),
            Principal::FederatedUser { .. } => Some("with credentials of GetFederationToken"),
            Principal::Anonymous | Principal::FederatedCaller { .. } => {
                Some("without AWS credentials")
            }
            Principal::User { .. } | Principal::RoleSession { .. } | Principal::Service { .. } => {
                None
            }
        };
        if let Some(by) = by {
            return Err(ExchangeError::Credentials { operation, by });
        }
        let inherited = self.caller.transitive();
        let set_before = self.caller.source_identity();
        self.terms.check(&inherited, set_before)?;
        Ok(Exchange {
            checks: self.checks(&inherited, set_before)?,
            session: self.session(&inherited, set_before),
        })
    }

    fn checks(
        &self,
        inherited: &Tags,
        set_before: Option<&str>,
    ) -> Result<Vec<Check>, ExchangeError> {
        let mut context = self.caller.context().clone();
        exchange::set_terms(&mut context, &self.role, inherited, set_before, &self.terms);
        let external_id = self.external_id.as_deref();
        context
            .set("sts:ExternalId".into(), external_id.map_or(KeyState::Absent, KeyState::single));
        if self.mfa_code {
            context.set("aws:MultiFactorAuthPresent".into(), KeyState::single("true"));
            context.set("aws:MultiFactorAuthAge".into(), KeyState::Unknown);
        }
        let requester = self.caller.requester();
        let operation = Operation::AssumeRole;
        exchange::role_checks(
            operation,
            requester,
            &self.role,
            &context,
            inherited,
            set_before,
            &self.terms,
        )
    }

    fn session(&self, inherited: &Tags, set_before: Option<&str>) -> Session {
        let operation = Operation::AssumeRole;
        let principal = self.role.session(&self.terms.session_name);
        let mut keys = SessionKeys::of(&principal);
        let passed = self.terms.tags.overridden_by(inherited);
        let role_tags = self.role.tags().cloned().unwrap_or_default();
        keys.tags(&role_tags.overridden_by(&passed));
        let source_identity = set_before.or(self.terms.source_identity.as_deref());
        keys.source_identity(source_identity);
        keys.unknown("aws:MultiFactorAuthPresent", MFA);
        keys.unknown("aws:MultiFactorAuthAge", MFA);
        let caller = &self.caller.requester().principal;
        for key in self.carried() {
            keys.unknown(&key, CHAIN);
        }
        let service = match caller {
            Principal::Service { name } => Some(name.as_str()),
            _ => None,
        };
        keys.of_others(operation, service);
        let transitive = self.terms.tags.only(&self.terms.transitive).overridden_by(inherited);
        Session {
            operation,
            principal,
            keys: keys.into_keys(),
            tags_are_known: self.role.tags().is_some(),
            policies: self.terms.policies.clone(),
            transitive,
            source_identity: source_identity.map(str::to_owned),
            with_mfa: false,
        }
    }
}

impl AssumeRole {
    /// Keys of the caller's session that the next one may have or not: those of its federation, whatever
    /// the provider, and of its sign-in.
    fn carried(&self) -> Vec<String> {
        let own = ["aws:FederatedProvider", "aws:SignInSessionArn"];
        let is_federation = |key: &str| own.contains(&key) || !key.starts_with("aws:");
        match self.caller.session() {
            Some(session) => session
                .keys()
                .iter()
                .filter(|fixed| {
                    fixed.state != KeyState::Absent && is_federation(fixed.key.as_str())
                })
                .map(|fixed| fixed.key.to_string())
                .collect(),
            // A session of which nothing is known may have any of them.
            None if matches!(self.caller.requester().principal, Principal::RoleSession { .. }) => {
                FEDERATION
                    .iter()
                    .chain(&["aws:SignInSessionArn"])
                    .map(|key| (*key).to_owned())
                    .collect()
            }
            None => Vec::new(),
        }
    }
}

/// A session of a role that a token or an assertion starts.
pub(super) fn federated_session(
    operation: Operation,
    role: &Role,
    terms: &Terms,
    own_keys: impl FnOnce(&mut SessionKeys),
) -> Session {
    let principal = role.session(&terms.session_name);
    let mut keys = SessionKeys::of(&principal);
    let role_tags = role.tags().cloned().unwrap_or_default();
    keys.tags(&role_tags.overridden_by(&terms.tags));
    keys.source_identity(terms.source_identity.as_deref());
    for key in ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"] {
        let source = "IAM User Guide, global condition context keys: absent for identities of an external provider";
        keys.set(key, KeyState::Absent, Evidence::Documented, source);
    }
    own_keys(&mut keys);
    keys.of_others(operation, None);
    Session {
        operation,
        principal,
        keys: keys.into_keys(),
        tags_are_known: role.tags().is_some(),
        policies: terms.policies.clone(),
        transitive: terms.tags.only(&terms.transitive),
        source_identity: terms.source_identity.clone(),
        with_mfa: false,
    }
}
