//! Operations that AWS does not authorize: policies neither grant nor deny them (O-1).

use super::applicable::TRUST_ACTIONS;
use crate::language::action::ActionName;
use crate::world::principal::{Principal, is_saml_provider};

/// An operation that needs no permission, and where AWS says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The action.
    pub action: &'static str,
    /// AWS's page.
    pub source: &'static str,
    /// Whose credentials AWS refuses all the same, whatever policies say (O-4): a clause about the action.
    pub limit: Option<&'static str>,
}

/// Every exempt operation.
pub const EXEMPTIONS: [Exemption; 2] = [
    Exemption {
        action: "sts:GetCallerIdentity",
        source: "STS API Reference, GetCallerIdentity",
        limit: None,
    },
    Exemption {
        action: "sts:GetSessionToken",
        source: "STS API Reference, GetSessionToken",
        limit: Some("credentials of a role or another session cannot call it (O-4)"),
    },
];

/// The exemption of an action, if it has one.
pub fn exemption(action: &ActionName) -> Option<&'static Exemption> {
    EXEMPTIONS.iter().find(|exemption| action.is(exemption.action))
}

/// Operations whose caller is no AWS principal yet, so that only the trust policy of the role (and
/// RCPs) can decide them (E-32, O-3).
///
/// AWS pages: STS API Reference, `AssumeRoleWithSAML`, `AssumeRoleWithWebIdentity`.
pub const UNSIGNED: [&str; 2] = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Whether a caller can make a call at all. A token or an assertion can only be exchanged, by the operation for its kind; tags,
/// a source identity and a context are parts of the exchange.
///
/// AWS pages: STS API Reference, `AssumeRoleWithSAML`, `AssumeRoleWithWebIdentity`.
pub fn can_call(principal: &Principal, action: &ActionName) -> bool {
    let Principal::FederatedCaller { provider } = principal else { return true };
    let [saml, web_identity] = UNSIGNED;
    let own = if is_saml_provider(provider) { saml } else { web_identity };
    let is_part = || {
        TRUST_ACTIONS.iter().any(|name| action.is(name))
            && !is_unsigned(action)
            && !action.is("sts:AssumeRole")
    };
    action.is(own) || is_part()
}

/// Whether the caller of an action is no AWS principal yet.
pub fn is_unsigned(action: &ActionName) -> bool {
    UNSIGNED.iter().any(|name| action.is(name))
}
