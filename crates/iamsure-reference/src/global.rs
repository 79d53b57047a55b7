//! The global condition keys: what they hold and for whom a request carries them.

use crate::key::{ConditionKey, ValueType};

include!(concat!(env!("OUT_DIR"), "/global_keys.rs"));

/// A key of AWS's page of global condition context keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlobalKey {
    /// AWS's spelling. The three keys with a variable part end in `/tag-key`.
    pub name: &'static str,
    /// What its values are.
    pub value_type: ValueType,
    /// Whether a request carries a set of values, so that policies need `ForAllValues` or
    /// `ForAnyValue`.
    pub multivalued: bool,
    /// Whether the value is an identifier (an account, an organization, a VPC), in which wildcards
    /// make no sense.
    pub identifier: bool,
    /// The heading of AWS's page that it stands under.
    pub category: Category,
    presence: [Presence; 8],
}

/// What a global key is a property of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// The principal.
    Principal,
    /// The credentials or the session they belong to.
    Session,
    /// Where the request comes from.
    Network,
    /// The resource.
    Resource,
    /// The request itself.
    Request,
}

/// Whether a request carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Presence {
    /// In every request of that kind of caller.
    Always,
    /// In some.
    Sometimes,
    /// In none.
    Never,
    /// AWS does not say.
    Unknown,
}

/// Who calls, as far as it decides which keys a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallerKind {
    /// The root user of an account.
    Root,
    /// An IAM user with a long-term access key.
    UserLongTermKey,
    /// An IAM user in the console or with credentials of `GetSessionToken`.
    UserTemporaryCredentials,
    /// A session of a role, however it was assumed.
    RoleSession,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// A session of `AssumeRoot`.
    AssumeRootSession,
    /// An AWS service that calls in its own name.
    ServicePrincipal,
    /// Nobody: the request is not signed.
    Anonymous,
}

impl CallerKind {
    /// All eight, in the order of the data.
    pub const ALL: [Self; 8] = [
        Self::Root,
        Self::UserLongTermKey,
        Self::UserTemporaryCredentials,
        Self::RoleSession,
        Self::FederatedUser,
        Self::AssumeRootSession,
        Self::ServicePrincipal,
        Self::Anonymous,
    ];
}

impl GlobalKey {
    /// Whether requests of this kind of caller carry the key. It is about the caller only: the call
    /// path and the action decide as well.
    pub const fn presence(&self, caller: CallerKind) -> Presence {
        let [root, long_term, temporary, role, federated, assume_root, service, anonymous] =
            self.presence;
        match caller {
            CallerKind::Root => root,
            CallerKind::UserLongTermKey => long_term,
            CallerKind::UserTemporaryCredentials => temporary,
            CallerKind::RoleSession => role,
            CallerKind::FederatedUser => federated,
            CallerKind::AssumeRootSession => assume_root,
            CallerKind::ServicePrincipal => service,
            CallerKind::Anonymous => anonymous,
        }
    }

    /// The text before the variable part, for the three keys that have one: `aws:PrincipalTag/`.
    pub fn parameter_prefix(&self) -> Option<&'static str> {
        self.name.strip_suffix("tag-key")
    }
}

impl From<GlobalKey> for ConditionKey {
    fn from(key: GlobalKey) -> Self {
        Self { name: key.name, value_type: key.value_type, multivalued: key.multivalued }
    }
}

/// Looks a global key up, ignoring ASCII case. `aws:PrincipalTag/team` finds
/// `aws:PrincipalTag/tag-key`.
pub fn global_key(name: &str) -> Option<GlobalKey> {
    GLOBAL_KEYS.iter().find(|key| is(key, name)).copied()
}

/// Every global key, in the order of AWS's page.
pub fn global_keys() -> impl ExactSizeIterator<Item = GlobalKey> {
    GLOBAL_KEYS.iter().copied()
}

fn is(key: &GlobalKey, name: &str) -> bool {
    match key.parameter_prefix() {
        None => key.name.eq_ignore_ascii_case(name),
        Some(prefix) => name
            .split_at_checked(prefix.len())
            .is_some_and(|(head, tag)| head.eq_ignore_ascii_case(prefix) && !tag.is_empty()),
    }
}
