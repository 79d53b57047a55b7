//! The operations of STS that start a session.

use std::fmt;

/// An operation that starts a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `sts:AssumeRole`
    AssumeRole,
    /// `sts:AssumeRoleWithWebIdentity`
    AssumeRoleWithWebIdentity,
    /// `sts:AssumeRoleWithSAML`
    AssumeRoleWithSaml,
    /// `sts:GetFederationToken`
    GetFederationToken,
    /// `sts:GetSessionToken`
    GetSessionToken,
    /// `sts:AssumeRoot`
    AssumeRoot,
}

impl Operation {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::AssumeRole,
        Self::AssumeRoleWithWebIdentity,
        Self::AssumeRoleWithSaml,
        Self::GetFederationToken,
        Self::GetSessionToken,
        Self::AssumeRoot,
    ];

    /// The action: `sts:AssumeRole`, …
    pub const fn action(self) -> &'static str {
        match self {
            Self::AssumeRole => "sts:AssumeRole",
            Self::AssumeRoleWithWebIdentity => "sts:AssumeRoleWithWebIdentity",
            Self::AssumeRoleWithSaml => "sts:AssumeRoleWithSAML",
            Self::GetFederationToken => "sts:GetFederationToken",
            Self::GetSessionToken => "sts:GetSessionToken",
            Self::AssumeRoot => "sts:AssumeRoot",
        }
    }

    /// The operation of an action, compared without case.
    pub fn from_action(action: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.action().eq_ignore_ascii_case(action))
    }

    /// Whether the caller shows a token in place of AWS credentials (E-32).
    pub const fn is_unsigned(self) -> bool {
        matches!(self, Self::AssumeRoleWithWebIdentity | Self::AssumeRoleWithSaml)
    }

    /// Whether a trust policy decides, alone or with the policies of the caller.
    pub const fn asks_trust_policy(self) -> bool {
        matches!(
            self,
            Self::AssumeRole | Self::AssumeRoleWithWebIdentity | Self::AssumeRoleWithSaml
        )
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action())
    }
}
