//! Sections 6.2, 7.2 and 7.9 of the evaluation spec, restated over small abstract worlds.
//!
//! Written from the text and its tables alone, and kept as plain as they are, so that the program
//! has something to agree with. It knows nothing of documents, patterns or conditions: each layer
//! says one thing.

use std::fmt;

/// Who asks: the columns of the table in 7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An IAM user.
    User,
    /// A session of a role.
    Role,
    /// A session of a service-linked role.
    ServiceLinked,
    /// A session from `GetFederationToken`.
    FederatedUser,
    /// The root user.
    Root,
    /// A session from `AssumeRoot`.
    AssumeRoot,
    /// A service that calls as itself.
    Service,
    /// Nobody in particular.
    Anonymous,
    /// The caller of `AssumeRoleWithWebIdentity`.
    Token,
}

/// What one layer says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// There is no such layer.
    Absent,
    /// No statement matches.
    Silent,
    /// Some Allow matches, and no Deny.
    Allows,
    /// Some Deny matches.
    Denies,
}

/// How a statement of the resource's policy names the caller: the columns of the table in 6.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// As `*`.
    Everyone,
    /// By its own ARN, service name or provider.
    Own,
    /// By the ARN of its role or of the user that started it.
    Parent,
    /// By its account.
    Account,
    /// It names somebody else.
    Another,
}

/// How strongly a grant names the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Not at all.
    None,
    /// Its account.
    Account,
    /// What it is a session of.
    Parent,
    /// Itself.
    Direct,
}

/// What the resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Anything with a policy.
    Ordinary,
    /// A role to be assumed.
    Trust,
    /// A KMS key.
    Key,
}

/// An S3 object, its ACL switched on (E-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object {
    /// Whether another account than the bucket's owns it.
    pub of_another: bool,
    /// Whether its ACL grants what is asked.
    pub acl_grants: bool,
    /// Whether it is to be deleted.
    pub deleted: bool,
}

/// A request and its policies, reduced to what each layer says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the request")]
pub struct SmallWorld {
    /// Who asks.
    pub caller: Caller,
    /// Whether from the management account of an organization.
    pub from_management: bool,
    /// Whether the resource is in the caller's account, for callers that have one.
    pub same_account: bool,
    /// Whether the resource is in the management account.
    pub resource_in_management: bool,
    /// What the resource is.
    pub mechanism: Mechanism,
    /// What the resource is beside that, if it is an object of S3: an ordinary one.
    pub object: Option<Object>,
    /// Whether the operation needs no permission (O-1).
    pub exempt: bool,
    /// The identity-based policies.
    pub identity: Says,
    /// The permissions boundary.
    pub boundary: Says,
    /// The session policies, or the task policy.
    pub session: Says,
    /// How the matching Allow statements of the resource's policy name the caller.
    pub grants: Vec<Naming>,
    /// How its matching Deny statements do.
    pub denials: Vec<Naming>,
    /// The endpoint policy.
    pub endpoint: Says,
    /// The service control policies, level by level.
    pub scp: Vec<Says>,
    /// The resource control policies, all levels.
    pub rcp: Says,
}

impl Caller {
    /// Every kind of caller.
    pub const ALL: [Self; 9] = [
        Self::User,
        Self::Role,
        Self::ServiceLinked,
        Self::FederatedUser,
        Self::Root,
        Self::AssumeRoot,
        Self::Service,
        Self::Anonymous,
        Self::Token,
    ];
}

impl SmallWorld {
    /// A world in which no layer says anything.
    pub const fn silent(caller: Caller, mechanism: Mechanism, same_account: bool) -> Self {
        Self {
            caller,
            from_management: false,
            same_account,
            resource_in_management: false,
            mechanism,
            object: None,
            exempt: false,
            identity: Says::Absent,
            boundary: Says::Absent,
            session: Says::Absent,
            grants: Vec::new(),
            denials: Vec::new(),
            endpoint: Says::Absent,
            scp: Vec::new(),
            rcp: Says::Absent,
        }
    }

    /// Whether section 7.9 settles such a request. It has no step for root as the caller of
    /// `AssumeRole` (which 7.7 forbids), nor for an `AssumeRoot` session elsewhere than at an
    /// ordinary resource of its own account; and some callers have no account to be another's.
    pub fn is_settled(&self) -> bool {
        match self.caller {
            Caller::User | Caller::Role | Caller::ServiceLinked | Caller::FederatedUser => true,
            Caller::Root => self.mechanism != Mechanism::Trust,
            Caller::AssumeRoot => self.mechanism == Mechanism::Ordinary && self.same_account,
            Caller::Service | Caller::Anonymous => self.same_account,
            Caller::Token => self.mechanism == Mechanism::Trust && self.same_account,
        }
    }
}

/// How a caller can be named.
pub fn namings(caller: Caller) -> Vec<Naming> {
    let mut namings = vec![Naming::Everyone, Naming::Account, Naming::Another];
    if !matches!(caller, Caller::Anonymous | Caller::AssumeRoot) {
        namings.push(Naming::Own);
    }
    if matches!(caller, Caller::Role | Caller::ServiceLinked | Caller::FederatedUser) {
        namings.push(Naming::Parent);
    }
    namings
}

/// A decision in the words of the request form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The decision.
    pub decision: &'static str,
    /// Who answers for it; empty where the spec does not say.
    pub by: &'static str,
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.decision, self.by)
    }
}

/// A row of the table in 7.2: which layers look at a caller. The policy of the resource looks at
/// everybody.
#[expect(clippy::struct_excessive_bools, reason = "a row of the spec's table of ticks")]
struct Looks {
    identity: bool,
    boundary: bool,
    session: bool,
    scp: bool,
    rcp: bool,
    endpoint: bool,
}

const fn looks(caller: Caller) -> Looks {
    const fn row(marks: [u8; 6]) -> Looks {
        let [identity, boundary, session, scp, rcp, endpoint] = marks;
        Looks {
            identity: identity == 1,
            boundary: boundary == 1,
            session: session == 1,
            scp: scp == 1,
            rcp: rcp == 1,
            endpoint: endpoint == 1,
        }
    }
    match caller {
        //                               id bo se sc rc ep
        Caller::User => row([1, 1, 0, 1, 1, 1]),
        Caller::Role => row([1, 1, 1, 1, 1, 1]),
        Caller::ServiceLinked => row([1, 1, 1, 0, 0, 1]),
        Caller::FederatedUser => row([1, 1, 1, 1, 1, 1]),
        Caller::Root => row([0, 0, 0, 1, 1, 1]),
        Caller::AssumeRoot => row([0, 0, 1, 1, 1, 1]),
        Caller::Service => row([0, 0, 0, 0, 1, 0]),
        Caller::Anonymous | Caller::Token => row([0, 0, 0, 0, 1, 1]),
    }
}

/// The table of 6.2.
const fn strength(caller: Caller, naming: Naming) -> Strength {
    use Strength::{Account, Direct, None, Parent};
    let [everyone, own, parent, account] = match caller {
        Caller::User => [Direct, Direct, None, Account],
        Caller::Role | Caller::ServiceLinked | Caller::FederatedUser => {
            [Direct, Direct, Parent, Account]
        }
        Caller::Root => [Direct, Direct, None, Direct],
        Caller::AssumeRoot => [Direct, None, None, Account],
        Caller::Service | Caller::Anonymous | Caller::Token => [Direct, Direct, None, None],
    };
    match naming {
        Naming::Everyone => everyone,
        Naming::Own => own,
        Naming::Parent => parent,
        Naming::Account => account,
        Naming::Another => None,
    }
}

/// The highest over several (P-16).
fn highest(caller: Caller, namings: &[Naming]) -> Strength {
    namings.iter().map(|naming| strength(caller, *naming)).max().unwrap_or(Strength::None)
}

/// Section 7.9, step by step.
pub fn decide(world: &SmallWorld) -> Decided {
    let answer = |decision, by| Decided { decision, by };
    let (allow, implicit) = (|by| answer("allowed", by), |by| answer("implicitlyDenied", by));
    // Step 0.
    if world.exempt {
        return answer("exempt", "no-permission-needed");
    }
    // Step 1: a layer that does not look at the caller is as good as absent.
    let looks = looks(world.caller);
    let seen = |looks: bool, says: Says| if looks { says } else { Says::Absent };
    let identity = seen(looks.identity, world.identity);
    let boundary = seen(looks.boundary, world.boundary);
    let session = seen(looks.session, world.session);
    let endpoint = seen(looks.endpoint, world.endpoint);
    let rcp = seen(looks.rcp && !world.resource_in_management, world.rcp);
    let scp = if looks.scp && !world.from_management { world.scp.as_slice() } else { &[] };
    let resource = if world.mechanism == Mechanism::Trust { "trust" } else { "resource" };
    // Step 2, in the order of E-40. For a Deny any strength counts.
    let denied = [
        (rcp == Says::Denies, "rcp"),
        (scp.contains(&Says::Denies), "scp"),
        (endpoint == Says::Denies, "vpce"),
        (highest(world.caller, &world.denials) > Strength::None, resource),
        (identity == Says::Denies, "identity"),
        (boundary == Says::Denies, "boundary"),
        (session == Says::Denies, "session"),
    ];
    if let Some((_, by)) = denied.iter().find(|(denies, _)| *denies) {
        return answer("explicitlyDenied", by);
    }
    // Steps 3 and 4.
    if scp.iter().any(|level| *level != Says::Allows) {
        return implicit("scp");
    }
    if endpoint == Says::Silent {
        return implicit("vpce");
    }
    // Step 5.
    let mut g = highest(world.caller, &world.grants);
    // E-19. Of an object of another account than the bucket's its owner must allow too, by the ACL, and the policy of
    // the bucket only denies; but the bucket's owner may always delete. An ACL grants to other accounts and the
    // anonymous, and limits nothing.
    if let Some(object) = world.object {
        let has_account =
            !matches!(world.caller, Caller::Service | Caller::Anonymous | Caller::Token);
        let of_bucket_owner = has_account && world.same_account;
        if object.of_another && !(object.deleted && of_bucket_owner) {
            if !object.acl_grants {
                return implicit(resource);
            }
            g = Strength::None;
        }
        if object.acl_grants && !of_bucket_owner {
            g = g.max(Strength::Account);
        }
    }
    let i = identity == Says::Allows;
    let b = matches!(boundary, Says::Allows | Says::Absent);
    let s = session == Says::Allows
        || (session == Says::Absent && world.caller != Caller::FederatedUser);
    let first_that_fails = || match (i, b) {
        (false, _) => "identity",
        (true, false) => "boundary",
        (true, true) => "session",
    };
    // E-28, which 7.9 leaves out: the task policy is the only grant.
    if world.caller == Caller::AssumeRoot {
        return if session == Says::Allows { allow("session") } else { implicit("session") };
    }
    // Step 6.
    if matches!(world.caller, Caller::Service | Caller::Anonymous | Caller::Token) {
        return if g > Strength::None { allow(resource) } else { implicit(resource) };
    }
    // Step 7.
    if world.caller == Caller::Root {
        return match (world.same_account, world.mechanism, g) {
            (true, Mechanism::Ordinary | Mechanism::Trust, _) => allow("root"),
            (_, _, Strength::None) => implicit(resource),
            (true, Mechanism::Key, _) => allow(""),
            (false, _, _) => allow(resource),
        };
    }
    // Step 8.
    let path = i && b && s;
    if !world.same_account {
        return match (g, path) {
            (Strength::None, _) => implicit(resource),
            (_, true) => allow("cross-account"),
            (_, false) => implicit(first_that_fails()),
        };
    }
    // Step 9.
    let must_be_named = world.mechanism != Mechanism::Ordinary;
    match g {
        Strength::None if must_be_named => implicit(resource),
        // E-31.
        Strength::Direct
            if world.mechanism == Mechanism::Trust && world.caller == Caller::User && !b =>
        {
            implicit("boundary")
        }
        Strength::Direct => allow(resource),
        Strength::Parent if b && s => allow(resource),
        Strength::Parent => implicit(if b { "session" } else { "boundary" }),
        Strength::None | Strength::Account if path => allow("identity"),
        Strength::None | Strength::Account => implicit(first_that_fails()),
    }
}
