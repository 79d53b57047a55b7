//! `sts:AssumeRoleWithSAML`: an assertion of a SAML provider becomes a session.

use super::assume_role::federated_session;
use super::exchange::{self, Exchange, ExchangeError};
use super::operation::Operation;
use super::role::Role;
use super::tags::Tags;
use super::terms::Terms;
use crate::language::key::ConditionKey;
use crate::world::context::{Context, KeyState};
use crate::world::evidence::Evidence;
use crate::world::principal::{Principal, Requester};

/// Keys of the assertion that the policies of the role can ask about too.
const IN_SESSION: [&str; 3] = ["namequalifier", "sub", "sub_type"];

/// A call of `sts:AssumeRoleWithSAML`.
///
/// Everything of the [`Terms`] but the session policies comes out of the assertion. AWS pages: STS API
/// Reference, `AssumeRoleWithSAML`; IAM User Guide, `reference_policies_iam-condition-keys` (SAML).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRoleWithSaml {
    /// The ARN of the SAML provider.
    pub provider: String,
    /// The keys of the assertion by name, without `saml:`: `aud`, `iss`, `sub`, `sub_type`, …
    pub attributes: Vec<(String, KeyState)>,
    /// The role.
    pub role: Role,
    /// What is passed.
    pub terms: Terms,
}

impl AssumeRoleWithSaml {
    /// The exchange. `context` holds what is known of the call beside it.
    ///
    /// # Errors
    /// If STS would refuse it whatever the trust policy says.
    pub fn exchange(&self, context: Context) -> Result<Exchange, ExchangeError> {
        let operation = Operation::AssumeRoleWithSaml;
        self.terms.check(&Tags::none(), None)?;
        let principal = Principal::FederatedCaller { provider: self.provider.clone() };
        let requester = Requester::from(principal);
        let caller = super::Caller::new(requester.clone(), context);
        let mut context = caller.context().clone();
        for (name, state) in &self.attributes {
            context.set(ConditionKey::new(format!("saml:{name}")), state.clone());
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
            keys.unknown(
                "aws:FederatedProvider",
                "older text of the key's entry names AssumeRoleWithSAML, newer text does not",
            );
            for (name, state) in &self.attributes {
                let key = ConditionKey::new(format!("saml:{name}"));
                if IN_SESSION.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    let source = "IAM User Guide, available keys for SAML-based federation: permissions policies";
                    keys.set(key, state.clone(), Evidence::Documented, source);
                } else {
                    let source = "IAM User Guide, available keys for SAML-based federation: trust policies only";
                    keys.set(key, KeyState::Absent, Evidence::Assumed, source);
                }
            }
        });
        Ok(Exchange { checks, session })
    }
}
