//! `sts:AssumeRoleWithWebIdentity`: a token of an `OpenID` Connect provider becomes a session.

use super::assume_role::federated_session;
use super::exchange::{self, Exchange, ExchangeError};
use super::operation::Operation;
use super::role::Role;
use super::tags::Tags;
use super::terms::Terms;
use crate::language::arn::Arn;
use crate::language::key::ConditionKey;
use crate::world::context::{Context, KeyState};
use crate::world::evidence::Evidence;
use crate::world::principal::{Principal, Requester};

/// Providers that AWS knows without an ARN.
const BUILT_IN: [&str; 4] = [
    "cognito-identity.amazonaws.com",
    "www.amazon.com",
    "graph.facebook.com",
    "accounts.google.com",
];

/// A call of `sts:AssumeRoleWithWebIdentity`.
///
/// Tags, transitive keys and the source identity of the [`Terms`] come out of the token here; session
/// policies are parameters. AWS pages: STS API Reference, `AssumeRoleWithWebIdentity`; IAM User
/// Guide, `reference_policies_iam-condition-keys` (OIDC federation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRoleWithWebIdentity {
    /// The provider, as the trust policy names it: the ARN of an OIDC provider, or
    /// `accounts.google.com` and the like.
    pub provider: String,
    /// The claims that AWS makes condition keys of, by name: `aud`, `sub`, `amr`, and what it
    /// publishes for single providers. Other claims of the token have no key. `aud` is the value of
    /// `azp` where the token has that.
    pub claims: Vec<(String, KeyState)>,
    /// The role.
    pub role: Role,
    /// What is passed.
    pub terms: Terms,
}

impl AssumeRoleWithWebIdentity {
    /// What stands before the colon in the keys of a provider: its issuer without `https://`.
    ///
    /// `arn:aws:iam::111122223333:oidc-provider/idp.example.com/a` → `idp.example.com/a`.
    pub fn issuer(provider: &str) -> &str {
        Arn::split(provider)
            .and_then(|arn| arn.resource.strip_prefix("oidc-provider/"))
            .unwrap_or(provider)
    }

    /// The exchange. `context` holds what is known of the call beside it; what an open context does
    /// not say of other claims stays unknown.
    ///
    /// # Errors
    /// If STS would refuse it whatever the trust policy says.
    pub fn exchange(&self, context: Context) -> Result<Exchange, ExchangeError> {
        let operation = Operation::AssumeRoleWithWebIdentity;
        self.terms.check(&Tags::none(), None)?;
        let principal = Principal::FederatedCaller { provider: self.provider.clone() };
        let requester = Requester::from(principal);
        let caller = super::Caller::new(requester.clone(), context);
        let mut context = caller.context().clone();
        let issuer = Self::issuer(&self.provider);
        for (claim, state) in &self.claims {
            context.set(ConditionKey::new(format!("{issuer}:{claim}")), state.clone());
        }
        exchange::set_terms(&mut context, &self.role, &Tags::none(), None, &self.terms);
        let checks = exchange::role_checks(
            operation,
            &requester,
            &self.role,
            &context,
            &Tags::none(),
            None,
            &self.terms,
        )?;
        let session = federated_session(operation, &self.role, &self.terms, |keys| {
            keys.documented("aws:FederatedProvider", KeyState::single(self.provider.as_str()));
            for (claim, state) in &self.claims {
                let key = ConditionKey::new(format!("{issuer}:{claim}"));
                if BUILT_IN.contains(&issuer) {
                    // AWS's own examples use them as policy variables of the role.
                    let source = "IAM User Guide, available keys for OIDC federation";
                    keys.set(key, state.clone(), Evidence::Documented, source);
                } else {
                    let source = "AWS does not document whether the keys of a custom provider stay in the session";
                    keys.set(key, KeyState::Unknown, Evidence::Unknown, source);
                }
            }
        });
        Ok(Exchange { checks, session })
    }
}
