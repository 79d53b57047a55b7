//! A role or a user of an account, and what a request of it holds.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{Context, KeyState, Principal, Request, Requester};
use iamsure_review::caller::requester;

use crate::container::Holder;

/// The family of keys that carries the tags of the caller.
///
/// AWS page: IAM User Guide, `reference_policies_condition-keys` (`aws:PrincipalTag/tag-key`).
const TAGS: &str = "aws:PrincipalTag/";

/// The tags of a user, which each of its requests carries. The sessions of a role may have others than the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// Those of a user whose tags are told.
    pub fn of(holder: &Holder) -> Option<Self> {
        let arn = holder.arn.as_deref().filter(|_| holder.calls)?;
        let is_user = matches!(requester(arn).ok()?.principal, Principal::User { .. });
        holder.tags.clone().filter(|_| is_user).map(Self)
    }

    /// The state of a key of a tag; `None` of other keys.
    pub(crate) fn state(&self, key: &ConditionKey) -> Option<KeyState> {
        let name = key.folded().strip_prefix(&*TAGS.to_ascii_lowercase())?;
        let tag = self.0.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name));
        Some(tag.map_or(KeyState::Absent, |(_, value)| KeyState::single(value)))
    }

    /// A context with the tags, and without all others that some keys are of.
    pub fn added_to(&self, given: &Context, keys: &[ConditionKey]) -> Context {
        let mut context = given.clone();
        let own = self.0.iter().map(|(name, _)| ConditionKey::new(format!("{TAGS}{name}")));
        for key in own.chain(keys.iter().cloned()).filter(|key| !given.is_set(key)) {
            if let Some(state) = self.state(&key) {
                context.set(key, state);
            }
        }
        context
    }
}

/// Gives a principal its unique ID. A role has any number of sessions, and `aws:userid` holds the name of one: only what stands
/// before it is known.
///
/// AWS page: IAM User Guide, `reference_identifiers` (unique identifiers).
pub fn identify(principal: &mut Principal, id: Option<&str>) {
    let is_of = |start: &str| id.filter(|id| id.starts_with(start)).map(str::to_owned);
    match principal {
        Principal::User { unique_id, .. } => *unique_id = is_of("AIDA"),
        Principal::RoleSession { role_id, .. } => *role_id = is_of("AROA"),
        _ => {}
    }
}

/// A role or a user.
#[derive(Clone, Debug)]
pub struct AccountPrincipal {
    /// What is after the `#` in its address, such as `role/App`.
    pub address: String,
    /// Its ARN.
    pub arn: String,
    /// Who makes its requests: the user, or some session of the role.
    pub requester: Requester,
    /// Which of [`Principals::sets`](crate::Principals::sets) are its policies, or why they are not known.
    pub set: Result<usize, String>,
    /// The ARNs of the groups that a user is in.
    pub(crate) groups: Vec<String>,
    /// The ARNs of the managed policies that are attached to it or to its groups.
    pub(crate) attached: Vec<String>,
    /// The tags of a user.
    pub(crate) tags: Option<Tags>,
    /// What `iam:PermissionsBoundary` is where somebody changes it.
    pub(crate) boundary: KeyState,
    /// Of a role: whether an instance profile holds it, if that is told.
    pub(crate) has_instance_profile: Option<bool>,
}

impl AccountPrincipal {
    /// What a container describes; why it is no caller, if it is none, as a clause about it.
    pub(crate) fn of(holder: &Holder, set: Result<usize, String>) -> Result<Self, String> {
        let arn = holder.arn.clone().ok_or("has no ARN until it is deployed")?;
        let mut requester = requester(&arn)?;
        identify(&mut requester.principal, holder.id.as_deref());
        let tags = Tags::of(holder);
        Ok(Self {
            address: holder.address.clone(),
            arn,
            requester,
            set,
            groups: holder.groups.clone(),
            attached: holder.attached.clone(),
            tags,
            boundary: holder.boundary.clone(),
            has_instance_profile: holder.has_instance_profile,
        })
    }

    /// Whether it is a user, and not a role.
    pub(crate) const fn is_user(&self) -> bool {
        matches!(self.requester.principal, Principal::User { .. })
    }

    /// Whether a service made it for itself: no customer changes its policies, or whom it trusts.
    ///
    /// AWS page: IAM User Guide, `using-service-linked-roles`.
    pub(crate) fn is_service_linked(&self) -> bool {
        self.arn.contains(":role/aws-service-role/")
    }

    /// The account, twelve digits.
    pub fn account(&self) -> &str {
        self.requester.principal.account().unwrap_or_default()
    }

    /// The unique ID of a role, which the `aws:userid` of its sessions begins with.
    pub(crate) fn role_id(&self) -> Option<&str> {
        match &self.requester.principal {
            Principal::RoleSession { role_id, .. } => role_id.as_deref(),
            _ => None,
        }
    }

    /// What its requests hold for the keys of some policies, as far as the account tells.
    pub(crate) fn states(&self, keys: &[ConditionKey]) -> Vec<(ConditionKey, KeyState)> {
        let own = principal_keys(&self.requester.principal).into_iter();
        let mut states: Vec<_> = own.filter(|(key, _)| keys.contains(key)).collect();
        for key in keys {
            if let Some(state) = self.tag(key) {
                states.push((key.clone(), state));
            }
        }
        states
    }

    /// The state of a key of a tag; `None` of other keys, and where sessions may differ.
    fn tag(&self, key: &ConditionKey) -> Option<KeyState> {
        self.tags.as_ref()?.state(key)
    }

    /// A context with what is known of its tags.
    pub(crate) fn context(&self, given: &Context, keys: &[ConditionKey]) -> Context {
        let mut context = given.clone();
        for key in keys.iter().filter(|key| !given.is_set(key)) {
            if let Some(state) = self.tag(key) {
                context.set(key.clone(), state);
            }
        }
        context
    }

    /// The request that `other` made, made by this principal.
    pub(crate) fn instead_of(&self, other: &Self, request: &Request) -> Request {
        let mut request = request.clone();
        let keys: Vec<ConditionKey> =
            request.context.entries().map(|(key, _)| key.clone()).collect();
        let of_other = other.states(&keys);
        for (key, state) in self.states(&keys) {
            if of_other
                .iter()
                .any(|(known, was)| *known == key && request.context.state(&key) == was)
            {
                request.context.set(key, state);
            }
        }
        let mut own = self.requester.principal.clone();
        if let (
            Principal::RoleSession { arn, role_id, .. },
            Principal::RoleSession { arn: shown, role_id: shown_id, .. },
        ) = (&mut own, &request.requester.principal)
            && let (Some((role, _)), Some((_, session))) =
                (arn.rsplit_once('/'), shown.rsplit_once('/'))
        {
            // The session that the request is about.
            *arn = format!("{role}/{session}");
            if role_id.is_none() {
                role_id.clone_from(shown_id);
            }
        }
        request.requester.principal = own;
        request
    }
}
