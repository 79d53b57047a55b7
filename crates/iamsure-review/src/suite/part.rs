//! The parts of a policy set that are asked apart: what a role may do, and who gets the role.

use iamsure_core::language::PolicyType;
use iamsure_core::world::PolicySet;

/// A part of a policy set.
///
/// With a trust policy beside others, a set is a role: the trust policy decides exchanges and the others do not,
/// but RCPs, which limit both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// What the role may do.
    WithoutTrust,
    /// Who gets it.
    TrustAlone,
}

impl Part {
    /// The parts that there are.
    pub(super) fn all(policies: &PolicySet) -> Vec<Self> {
        let beside_trust = policies
            .policies()
            .any(|(kind, ..)| !matches!(kind, PolicyType::Trust | PolicyType::Rcp));
        if policies.trust.is_some() && beside_trust {
            vec![Self::WithoutTrust, Self::TrustAlone]
        } else {
            vec![Self::Whole]
        }
    }

    /// The policies of the part, each statement in its place.
    pub(super) fn of(self, policies: &PolicySet) -> PolicySet {
        match self {
            Self::Whole => policies.clone(),
            Self::WithoutTrust => PolicySet { trust: None, ..policies.clone() },
            Self::TrustAlone => PolicySet {
                trust: policies.trust.clone(),
                rcp: policies.rcp.clone(),
                ..PolicySet::default()
            },
        }
    }
}
