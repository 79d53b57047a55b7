//! Precedence: what follows from what each layer said. AWS's flow, in one place.
//!
//! ```text
//! 1  a Deny matches anywhere that applies      → denied explicitly. AWS names one layer:
//!                                                RCP, SCP, endpoint, resource, identity, boundary, session
//!    the service itself refuses                 → denied implicitly (resource), E-35, X-7
//! 2  a level of SCPs has no Allow              → denied implicitly (SCP)
//! 3  the endpoint policy has no Allow          → denied implicitly (endpoint)
//!    another account owns the S3 object, and its ACL does not grant
//!                                                → denied implicitly (resource), E-19
//! 4  a service, the anonymous, a federated token: the resource-based policy alone grants
//! 5  root: everything in its own account (a KMS key must allow even root; no roles);
//!    elsewhere the resource-based policy must grant
//! 6  another account's resource: it must grant AND the identity path must grant
//! 7  same account, by how strongly the resource-based policy names the requester:
//!      trust policy or KMS key that does not allow → denied implicitly
//!      Direct, Session   → allowed; boundary and session policy do not limit (but E-31)
//!      Parent            → allowed if boundary and session policy allow
//!      Account, None     → the identity path decides
//!    identity path = identity-based ∧ boundary ∧ session policy
//! ```
//!
//! AWS pages: IAM User Guide, `reference_policies_evaluation-logic_policy-eval-denyallow`,
//! `reference_policies_evaluation-logic-cross-account`. The order in which layers are named is
//! that of the IAM Toolbox API (E-40); it never changes a decision.

use std::fmt;

use crate::language::document::PolicyType;

/// What was decided.
///
/// The order is from less to more access: it is what "widens" and "narrows" mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// A Deny matched.
    ExplicitlyDenied,
    /// Nothing that must allow did.
    ImplicitlyDenied,
    /// Allowed.
    Allowed,
    /// AWS does not authorize this call: it succeeds whatever the policies say (O-1).
    Exempt,
}

impl Verdict {
    /// The words of files and reports.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
            Self::Allowed => "allowed",
            Self::Exempt => "exempt",
        }
    }

    /// Whether the call succeeds.
    pub const fn succeeds(self) -> bool {
        matches!(self, Self::Allowed | Self::Exempt)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// Who answers for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answerable {
    /// This layer.
    Layer(PolicyType),
    /// Both accounts of a cross-account call.
    CrossAccount,
    /// The requester is the root user in its own account.
    Root,
    /// The operation needs no permission.
    NoPermissionNeeded,
}

impl Answerable {
    /// The word of the answer form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Layer(PolicyType::Endpoint) => "vpce",
            Self::Layer(kind) => kind.name(),
            Self::CrossAccount => "cross-account",
            Self::Root => "root",
            Self::NoPermissionNeeded => "no-permission-needed",
        }
    }
}

impl fmt::Display for Answerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How strongly an Allow of a resource-based policy names the requester (6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Not at all.
    None,
    /// Its account.
    Account,
    /// The role of the session, or the user that started it.
    Parent,
    /// The session itself, by its ARN.
    Session,
    /// The user itself, a service, an identity provider, or everyone.
    Direct,
}

/// Whether something that must allow does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// It allows, or it does not apply.
    Open,
    /// It applies and does not allow.
    Closed,
}

/// The kinds of requester that precedence tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// A service, the anonymous, or a token of an identity provider: nothing of an account.
    Outside,
    /// The root user.
    Root,
    /// A user, role session or federated user.
    Member,
    /// A session of `sts:AssumeRoot`, whose task policy is its only grant.
    TaskSession,
}

/// What the policy of the resource is to the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// One of two ways to grant.
    Ordinary,
    /// The trust policy of a role, which must allow.
    Trust,
    /// The policy of a KMS key, which must allow, even for root.
    Key,
}

impl Mechanism {
    const fn layer(self) -> PolicyType {
        match self {
            Self::Trust => PolicyType::Trust,
            Self::Ordinary | Self::Key => PolicyType::Resource,
        }
    }
}

/// What each layer said about one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact that the flow above asks about"
)]
pub struct Findings {
    /// The first layer with a matching Deny, in the order AWS names them.
    pub denied_by: Option<PolicyType>,
    /// The request would change what AWS owns in the account (E-35), or make public what may not be
    /// (X-7).
    pub refused_by_service: bool,
    /// The owner of an S3 object that is not the bucket's owner (E-19).
    pub object_owner: Gate,
    /// Every level of SCPs.
    pub scp: Gate,
    /// The endpoint policy.
    pub endpoint: Gate,
    /// The identity-based policies.
    pub identity: Gate,
    /// The permissions boundary.
    pub boundary: Gate,
    /// The session policies.
    pub session: Gate,
    /// The strongest Allow of the resource-based or trust policy.
    pub granted: Strength,
    /// Who asks.
    pub standing: Standing,
    /// Whether the resource is the requester's account's own.
    pub same_account: bool,
    /// What the policy of the resource is.
    pub mechanism: Mechanism,
    /// E-31: a user named in a trust policy is limited by its boundary after all.
    pub boundary_limits_direct: bool,
    /// Q19: session policies limit grants to the session's own ARN.
    pub session_limits_own_arn: bool,
}

/// What follows.
pub fn decide(findings: &Findings) -> (Verdict, Answerable) {
    use Answerable::Layer;
    use PolicyType::{Boundary, Endpoint, Identity, Scp, Session};
    use Verdict::{Allowed, ExplicitlyDenied, ImplicitlyDenied};

    let f = findings;
    let resource = Layer(f.mechanism.layer());
    if let Some(layer) = f.denied_by {
        return (ExplicitlyDenied, Layer(layer));
    }
    if f.refused_by_service {
        return (ImplicitlyDenied, resource);
    }
    if f.scp == Gate::Closed {
        return (ImplicitlyDenied, Layer(Scp));
    }
    if f.endpoint == Gate::Closed {
        return (ImplicitlyDenied, Layer(Endpoint));
    }
    if f.object_owner == Gate::Closed {
        return (ImplicitlyDenied, resource);
    }
    // The identity path: `Err` names the first of its layers that does not allow.
    let path = match (f.identity, f.boundary, f.session) {
        (Gate::Open, Gate::Open, Gate::Open) => Ok(()),
        (Gate::Closed, _, _) => Err(Identity),
        (Gate::Open, Gate::Closed, _) => Err(Boundary),
        (Gate::Open, Gate::Open, Gate::Closed) => Err(Session),
    };
    let by_path = |granted_by| match path {
        Ok(()) => (Allowed, granted_by),
        Err(layer) => (ImplicitlyDenied, Layer(layer)),
    };
    match (f.standing, f.same_account, f.granted) {
        // Root cannot assume roles (E-27).
        (Standing::Root, ..) if f.mechanism == Mechanism::Trust => (ImplicitlyDenied, resource),

        (Standing::Outside, _, Strength::None) => (ImplicitlyDenied, resource),
        (Standing::Outside, _, _) => (Allowed, resource),

        (Standing::Root, true, Strength::None) if f.mechanism != Mechanism::Ordinary => {
            (ImplicitlyDenied, resource)
        }
        (Standing::Root, true, _) => match f.mechanism {
            Mechanism::Ordinary => (Allowed, Answerable::Root),
            Mechanism::Trust | Mechanism::Key => (Allowed, resource),
        },
        (Standing::Root, false, Strength::None) => (ImplicitlyDenied, resource),
        (Standing::Root, false, _) => (Allowed, resource),

        // The task policy grants in the session's own account only, and not what must be granted by
        // the resource (E-28, E-33).
        (Standing::TaskSession, same_account, Strength::None)
            if !same_account || f.mechanism != Mechanism::Ordinary =>
        {
            (ImplicitlyDenied, resource)
        }
        (Standing::TaskSession, ..) => by_path(Layer(Session)),

        (Standing::Member, false, Strength::None) => (ImplicitlyDenied, resource),
        (Standing::Member, false, _) => by_path(Answerable::CrossAccount),

        (Standing::Member, true, Strength::None) if f.mechanism != Mechanism::Ordinary => {
            (ImplicitlyDenied, resource)
        }
        (Standing::Member, true, Strength::Direct)
            if f.boundary_limits_direct && f.boundary == Gate::Closed =>
        {
            (ImplicitlyDenied, Layer(Boundary))
        }
        (Standing::Member, true, Strength::Session)
            if f.session_limits_own_arn && f.session == Gate::Closed =>
        {
            (ImplicitlyDenied, Layer(Session))
        }
        (Standing::Member, true, Strength::Direct | Strength::Session) => (Allowed, resource),
        (Standing::Member, true, Strength::Parent) => match (f.boundary, f.session) {
            (Gate::Open, Gate::Open) => (Allowed, resource),
            // Boundary and session limit what the role is granted.
            (Gate::Closed, _) => (ImplicitlyDenied, Layer(Boundary)),
            (Gate::Open, Gate::Closed) => (ImplicitlyDenied, Layer(Session)),
        },
        (Standing::Member, true, Strength::Account | Strength::None) => by_path(Layer(Identity)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_ordered_by_access_and_half_of_them_succeed() {
        let all = [
            Verdict::ExplicitlyDenied,
            Verdict::ImplicitlyDenied,
            Verdict::Allowed,
            Verdict::Exempt,
        ];
        assert!(all.is_sorted());
        assert_eq!(all.map(Verdict::succeeds), [false, false, true, true]);
        assert_eq!(all.map(|verdict| verdict.to_string()), all.map(Verdict::words));
        assert_eq!(Verdict::ExplicitlyDenied.words(), "explicitly denied");
    }

    #[test]
    fn who_answers_has_the_name_of_the_answer_form() {
        let layer = Answerable::Layer;
        for (by, name) in [
            (layer(PolicyType::Endpoint), "vpce"),
            (layer(PolicyType::Identity), "identity"),
            (Answerable::CrossAccount, "cross-account"),
            (Answerable::Root, "root"),
            (Answerable::NoPermissionNeeded, "no-permission-needed"),
        ] {
            assert_eq!(by.to_string(), name);
        }
    }
}
