//! The types of policy and what each of them permits (T-1 to T-6, 2.3). One row each.

use std::fmt;

/// Which type of policy a document is, which decides what it may hold and what it is attached to.
///
/// AWS page: IAM User Guide, `access_policies` (policy types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyType {
    /// Attached to a user, group or role.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session is started.
    Session,
    /// Attached to a resource.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// Attached to a VPC endpoint.
    Endpoint,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
}

/// How strictly a document is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Reject what AWS rejects when a policy is saved.
    #[default]
    Strict,
    /// Accept whatever a rule can evaluate, with a warning.
    Lenient,
}

/// Whether an element may, must or must not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Implied,
    Prohibited,
}

/// A length limit of AWS (2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SizeLimit {
    /// Beyond it some place refuses the policy.
    pub(crate) characters: usize,
    /// Beyond it every place does.
    pub(crate) most: usize,
    pub(crate) white_space_counts: bool,
    pub(crate) what: &'static str,
}

impl PolicyType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Identity,
        Self::Boundary,
        Self::Session,
        Self::Resource,
        Self::Trust,
        Self::Endpoint,
        Self::Scp,
        Self::Rcp,
    ];

    /// The word for the type on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::Endpoint => "endpoint",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
        }
    }

    /// AWS's own name for the type, as its access-denied messages write it.
    pub const fn aws_name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Resource => "resource-based policy",
            Self::Trust => "role trust policy",
            Self::Endpoint => "VPC endpoint policy",
            Self::Scp => "service control policy",
            Self::Rcp => "resource control policy",
        }
    }

    /// The type called `name`, the inverse of [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its statements say who they are for.
    pub const fn has_principal(self) -> bool {
        matches!(self.principal(), Presence::Required)
    }

    pub(crate) const fn principal(self) -> Presence {
        match self {
            Self::Identity | Self::Boundary | Self::Session | Self::Scp => Presence::Prohibited,
            Self::Resource | Self::Trust | Self::Endpoint | Self::Rcp => Presence::Required,
        }
    }

    pub(crate) const fn not_principal(self) -> Presence {
        match self {
            Self::Resource | Self::Endpoint => Presence::Implied,
            Self::Identity
            | Self::Boundary
            | Self::Session
            | Self::Scp
            | Self::Trust
            | Self::Rcp => Presence::Prohibited,
        }
    }

    pub(crate) const fn resource(self) -> Presence {
        match self {
            Self::Trust => Presence::Prohibited,
            Self::Resource => Presence::Implied,
            Self::Identity
            | Self::Boundary
            | Self::Session
            | Self::Endpoint
            | Self::Scp
            | Self::Rcp => Presence::Required,
        }
    }

    /// Whether IAM itself stores it, so that IAM's own rules on text hold (G-6, G-16).
    pub(crate) const fn is_stored_by_iam(self) -> bool {
        match self {
            Self::Identity | Self::Boundary | Self::Session | Self::Trust => true,
            Self::Resource | Self::Endpoint | Self::Scp | Self::Rcp => false,
        }
    }

    /// Whether it is one of the identity family (T-1).
    pub(crate) const fn is_identity_family(self) -> bool {
        matches!(self, Self::Identity | Self::Boundary | Self::Session)
    }

    /// Whether AWS completes an ARN of fewer than six fields (M-14).
    pub(crate) const fn completes_arns(self) -> bool {
        matches!(self, Self::Identity | Self::Boundary)
    }

    /// Whether only Version 2012-10-17 is accepted.
    pub(crate) const fn needs_2012(self) -> bool {
        matches!(self, Self::Scp | Self::Rcp)
    }

    pub(crate) const fn size_limit(self) -> SizeLimit {
        let (characters, most, white_space_counts, what) = match self {
            Self::Identity => (
                6_144,
                10_240,
                false,
                "a managed policy (inline: 2,048 for a user, 5,120 for a group, 10,240 for a role, all policies together; AWS's own are longer)",
            ),
            Self::Boundary => (6_144, 6_144, false, "a permissions boundary"),
            Self::Session => (2_048, 2_048, true, "session policies"),
            Self::Trust => {
                (2_048, 4_096, false, "a role trust policy (4,096 after a quota increase)")
            }
            Self::Endpoint => (20_480, 20_480, true, "a VPC endpoint policy"),
            // 5,120 until 2026-05-15.
            Self::Scp => (10_240, 10_240, true, "a service control policy"),
            Self::Rcp => (5_120, 5_120, true, "a resource control policy"),
            // Each service has its own limit; this is the largest that is known, of the delegation policy of
            // Organizations.
            Self::Resource => (
                40_000,
                40_000,
                true,
                "any resource-based policy (S3 and DynamoDB 20,480, KMS 32,768, SNS 30,720, SQS 8,192)",
            ),
        };
        SizeLimit { characters, most, white_space_counts, what }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
