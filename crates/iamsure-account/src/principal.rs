//! Principals and the policies they have, whichever container says so.

use std::collections::BTreeMap;

use iamsure_core::language::json;
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{PolicyType, Source};
use iamsure_core::world::KeyState;

use crate::container::{BEFORE, Document, Held, Holder, Unreadable};
use crate::managed::{ManagedPolicies, managed_name};
use crate::written::written;

/// A thing that is described in a container: a principal, a policy, or what joins the two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resource {
    pub(crate) address: String,
    pub(crate) arn: Option<String>,
    /// Whether the text does not tell the ARN, and it follows from the name.
    pub(crate) is_arn_assumed: bool,
    pub(crate) id: Option<String>,
    pub(crate) tags: Option<Vec<(String, String)>>,
    /// `role`, `user` or `group`; `None` of anything else.
    pub(crate) principal: Option<Principal>,
    /// What others call it.
    pub(crate) names: Vec<Name>,
    /// Policies that are written in it.
    pub(crate) own: Vec<Own>,
    /// The managed policies that it names.
    pub(crate) attached: Vec<Name>,
    pub(crate) boundary: Option<Name>,
    /// Of a role: whether an instance profile holds it, if the text tells.
    pub(crate) has_instance_profile: Option<bool>,
    /// Of a managed policy: how many versions of it there are, if the text tells.
    pub(crate) versions: Option<usize>,
    /// Of a user: its groups.
    pub(crate) groups: Vec<Name>,
    /// Of a policy: the principals that have it.
    pub(crate) to: Vec<Name>,
    /// Which managed policies whom has, and which users are in which groups.
    pub(crate) joins: Vec<(Name, Name)>,
    /// Of an inline policy that is described apart from its principal: its name, if the text tells it.
    pub(crate) inline_name: Option<String>,
}

/// A policy that is written in a resource.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    /// What it is called in the resource; empty where it is the resource itself.
    pub(crate) slot: String,
    pub(crate) kind: Option<PolicyType>,
    pub(crate) place: String,
    pub(crate) document: Document,
    /// The text it is in; set when all of it is read.
    pub(crate) within: Source,
}

/// A kind of principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Principal {
    Role,
    User,
    Group,
}

/// What a resource is called, by whoever names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// A principal, in an account if that is known.
    Of(Principal, String),
    /// A managed policy, by its ARN.
    Policy(String),
    /// Nobody knows whom, before it is deployed; what stands there.
    Unknown(Principal, String),
}

impl Resource {
    /// A policy that is a resource of its own.
    pub(crate) fn policy(
        address: impl Into<String>,
        kind: Option<PolicyType>,
        place: impl Into<String>,
        document: Document,
    ) -> Self {
        let own = Own::new("", kind, place, document);
        Self { address: address.into(), own: vec![own], ..Self::default() }
    }

    /// The state of `iam:PermissionsBoundary` where somebody changes this principal.
    fn boundary_key(&self) -> KeyState {
        match &self.boundary {
            _ if self.principal.is_none() => KeyState::Unknown,
            Some(name @ Name::Policy(arn)) if placeholders(arn).is_empty() => {
                KeyState::single(name.shown())
            }
            None if !self.own.iter().any(|own| own.kind == Some(PolicyType::Boundary)) => {
                KeyState::Absent
            }
            _ => KeyState::Unknown,
        }
    }

    /// Whether another describes the same thing, by its ARN, and says the same of it.
    fn is_same(&self, other: &Self) -> bool {
        let told = |of: &Self| of.arn.clone().filter(|_| !of.is_arn_assumed);
        let is_own = |(one, other): (&Own, &Own)| one.is_same(other);
        told(self).is_some()
            && told(self) == told(other)
            && (&self.address, &self.id, &self.tags) == (&other.address, &other.id, &other.tags)
            && (self.principal, &self.names) == (other.principal, &other.names)
            && (&self.attached, &self.boundary) == (&other.attached, &other.boundary)
            && (self.has_instance_profile, self.versions)
                == (other.has_instance_profile, other.versions)
            && (&self.groups, &self.to, &self.joins) == (&other.groups, &other.to, &other.joins)
            && self.own.len() == other.own.len()
            && self.own.iter().zip(&other.own).all(is_own)
    }

    /// The ARN of a group.
    pub(crate) fn group_arn(&self) -> Option<&str> {
        self.arn.as_deref().filter(|_| self.principal == Some(Principal::Group))
    }

    /// Whether somebody may ask about it: a principal, or a policy.
    pub(crate) const fn is_asked_about(&self) -> bool {
        self.principal.is_some() || !self.own.is_empty() || !self.attached.is_empty()
    }
}

/// Each thing once, by its ARN. What two texts say alike of it is said once.
pub(crate) fn merged(
    resources: impl IntoIterator<Item = Resource>,
) -> Result<Vec<Resource>, Unreadable> {
    let mut once: BTreeMap<String, Resource> = BTreeMap::new();
    let mut order = Vec::new();
    for resource in resources {
        let key = resource.arn.clone().unwrap_or_else(|| resource.address.clone());
        if let Some(other) = once.get(&key) {
            if other.is_same(&resource) {
                continue;
            }
            return Err(Unreadable(twice(&key)));
        }
        order.push(key.clone());
        once.insert(key, resource);
    }
    Ok(order.iter().filter_map(|key| once.remove(key)).collect())
}

/// What to do where two texts contradict each other about something.
fn twice(key: &str) -> String {
    if managed_name(key).is_some() {
        return format!(
            "`{key}` is described twice, in two versions: ask about the accounts one by one, or get the details of both again"
        );
    }
    format!("`{key}` is described twice; keep only one of the two")
}

/// What is for principals that are not described: a clause each.
pub(crate) fn for_others(resources: &[Resource]) -> Vec<String> {
    let managed = ManagedPolicies::default();
    let joined = Joined::of(resources, &managed);
    let mut remarks = Vec::new();
    for resource in resources {
        let whom = resource.joins.iter().map(|(whom, _)| whom);
        for name in resource.to.iter().chain(whom) {
            if let Name::Of(_, whom) = name
                && joined.find(name).is_none()
            {
                let of = &resource.address;
                remarks.push(format!("`{of}` is for `{whom}`, which is not in the file"));
            }
        }
    }
    remarks
}

/// Said of what grants access to others and holds no policy document, as a clause about the file.
pub(crate) fn without_a_policy(address: &str, kind: &str) -> String {
    format!("`{address}` ({kind}) grants access without a policy document, which is not checked")
}

/// Resources, and which is called what.
pub(crate) struct Joined<'a> {
    resources: &'a [Resource],
    named: BTreeMap<&'a Name, Vec<usize>>,
    /// By the name of whom, what it has.
    joins: Vec<(&'a Name, &'a Name)>,
    /// What says whom it is for.
    joining: Vec<&'a Resource>,
    /// The policies of AWS whose documents need not be described.
    managed: &'a ManagedPolicies,
}

impl<'a> Joined<'a> {
    pub(crate) fn of(resources: &'a [Resource], managed: &'a ManagedPolicies) -> Self {
        let mut named: BTreeMap<&Name, Vec<usize>> = BTreeMap::new();
        let mut joins = Vec::new();
        for (index, resource) in resources.iter().enumerate() {
            for name in &resource.names {
                named.entry(name).or_default().push(index);
            }
            joins.extend(resource.joins.iter().map(|(whom, what)| (whom, what)));
        }
        let says_whom = |of: &&Resource| !of.to.is_empty() || !of.joins.is_empty();
        let joining = resources.iter().filter(says_whom).collect();
        Self { resources, named, joins, joining, managed }
    }

    /// The one that is called so; `None` if none or several are.
    pub(crate) fn find(&self, name: &Name) -> Option<&'a Resource> {
        match self.named.get(name).map(Vec::as_slice) {
            Some([index]) => self.resources.get(*index),
            _ => None,
        }
    }

    /// Whether a name is of one thing, and of which.
    pub(crate) fn is(&self, name: &Name, resource: &Resource) -> bool {
        self.find(name)
            .is_some_and(|found| found.address == resource.address && found.arn == resource.arn)
    }

    /// A policy as it is, or a principal with all of its policies.
    pub(crate) fn holder(&self, resource: &Resource) -> Holder {
        let policies = if resource.principal.is_some() {
            self.policies(resource)
        } else {
            let own = resource.own.iter().map(|own| own.held(&resource.address));
            let kind = PolicyType::Identity;
            let attached = resource.attached.iter();
            let attached = attached.map(|name| self.managed(name, &resource.address, kind));
            own.chain(attached).chain(self.boundary(resource)).collect()
        };
        let groups: Vec<&Resource> =
            resource.groups.iter().filter_map(|name| self.find(name)).collect();
        Holder {
            address: resource.address.clone(),
            arn: resource.arn.clone(),
            id: resource.id.clone(),
            tags: resource.tags.clone(),
            boundary: resource.boundary_key(),
            has_instance_profile: resource.has_instance_profile,
            groups: groups.iter().filter_map(|group| group.arn.clone()).collect(),
            attached: groups
                .iter()
                .copied()
                .chain([resource])
                // Nothing else is joined, and there may be thousands of both.
                .filter(|of| of.principal.is_some() || !of.attached.is_empty())
                .flat_map(|of| {
                    let is_principal = of.principal.is_some();
                    let joins = self.joins.iter().filter(move |_| is_principal);
                    let joined = joins.filter(|(whom, _)| self.is(whom, of));
                    of.attached.iter().chain(joined.map(|(_, what)| *what))
                })
                .filter(|name| matches!(name, Name::Policy(_)))
                .map(|name| name.shown().to_owned())
                .collect(),
            is_principal: resource.principal.is_some(),
            calls: matches!(resource.principal, Some(Principal::Role | Principal::User)),
            policies,
        }
    }

    /// Everything that a principal has.
    fn policies(&self, resource: &Resource) -> Vec<Held> {
        let address = &resource.address;
        let mut all: Vec<Held> = resource.own.iter().map(|own| own.held(address)).collect();
        let joined = self.joins.iter().filter(|(whom, _)| self.is(whom, resource));
        let joined: Vec<&Name> = joined.map(|(_, what)| *what).collect();
        let mut seen = std::collections::BTreeSet::new();
        for name in resource.attached.iter().chain(joined.iter().copied()) {
            if matches!(name, Name::Policy(_)) && seen.insert(name) {
                all.push(self.managed(name, address, PolicyType::Identity));
            }
        }
        for policy in self.joining.iter().filter(|policy| policy.principal.is_none()) {
            if policy.to.iter().any(|name| self.is(name, resource)) {
                all.extend(policy.own.iter().map(|own| Held {
                    address: format!("{address}/policy/{}", policy.address),
                    ..own.held(&policy.address)
                }));
            }
        }
        all.extend(self.boundary(resource));
        all.extend(self.unknown(resource));
        // A group is in no group.
        if resource.principal != Some(Principal::User) {
            return all;
        }
        let groups = joined.iter().copied().filter(|name| !matches!(name, Name::Policy(_)));
        for name in resource.groups.iter().chain(groups) {
            match self.find(name).filter(|group| group.principal == Some(Principal::Group)) {
                Some(group) => {
                    all.extend(self.policies(group).into_iter().map(|held| Held {
                        address: format!("{address}/{}", held.address),
                        ..held
                    }));
                }
                None => all.push(absent(
                    address,
                    &format!("group {}", name.shown()),
                    "is one of its groups, but is not in the file",
                )),
            }
        }
        all
    }

    fn boundary(&self, resource: &Resource) -> Option<Held> {
        let address = &resource.address;
        resource.boundary.as_ref().map(|name| Held {
            address: format!("{address}/boundary"),
            ..self.managed(name, address, PolicyType::Boundary)
        })
    }

    /// What somebody has who is not known yet, and may be this principal.
    fn unknown(&self, resource: &Resource) -> Vec<Held> {
        let Some(principal) = resource.principal else { return Vec::new() };
        let hangs = |of: &Resource, name: &Name| {
            let may_be = match name {
                Name::Unknown(kind, _) => *kind == principal,
                // A reference to what there are several of, or a name that several have.
                Name::Of(kind, what) => {
                    let is_reference = what.trim_start_matches(BEFORE).starts_with('<');
                    *kind == principal
                        && self.find(name).is_none()
                        && (is_reference || resource.names.contains(name))
                }
                Name::Policy(_) => false,
            };
            let why = format!(
                "is the target of `{}`, which is not known yet and may be this",
                of.address
            );
            may_be.then(|| absent(&resource.address, name.shown(), &why))
        };
        self.joining
            .iter()
            .flat_map(|of| {
                let joins = of.joins.iter().map(|(whom, _)| whom);
                of.to.iter().chain(joins).filter_map(move |name| hangs(of, name))
            })
            .collect()
    }

    fn managed(&self, name: &Name, address: &str, kind: PolicyType) -> Held {
        let Some(policy) = self.find(name) else {
            let is_of_aws = managed_name(name.shown()).is_some();
            return match self.managed.find(name.shown()) {
                Ok(policy) => policy.held(format!("{address}/policy/{}", policy.name), kind),
                Err(_) if is_of_aws => {
                    absent(address, name.shown(), self.managed.why_not(name.shown()))
                }
                Err(_) => {
                    absent(address, name.shown(), "is attached to it, but is not in the file")
                }
            };
        };
        let own = policy.own.first();
        let document = own.map_or_else(
            || Document::Absent("has no document here".to_owned()),
            |own| own.document.clone(),
        );
        Held {
            address: format!("{address}/{}", policy.address),
            kind: Some(kind),
            place: own.map(|own| own.place.clone()).unwrap_or_default(),
            lent: None,
            within: own.map_or_else(|| Source::new("", ""), |own| own.within.clone()),
            document,
        }
    }
}

fn absent(address: &str, place: &str, why: &str) -> Held {
    Held {
        address: address.to_owned(),
        kind: None,
        place: place.to_owned(),
        document: Document::Absent(why.to_owned()),
        lent: None,
        within: Source::new("", ""),
    }
}

impl Own {
    pub(crate) fn new(
        slot: impl Into<String>,
        kind: Option<PolicyType>,
        place: impl Into<String>,
        document: Document,
    ) -> Self {
        let within = Source::new("", "");
        Self { slot: slot.into(), kind, place: place.into(), document, within }
    }

    /// Whether another is called the same, and says the same.
    fn is_same(&self, other: &Self) -> bool {
        let text = |own: &Self| {
            let source = own.held("").source()?;
            Some(json::read(&source).map_or_else(|_| source.text().to_owned(), |it| written(&it)))
        };
        let is_absent = |own: &Self| matches!(own.document, Document::Absent(_));
        (&self.slot, self.kind) == (&other.slot, other.kind)
            && text(self) == text(other)
            && (!is_absent(self) || self.document == other.document)
    }

    pub(crate) fn held(&self, address: &str) -> Held {
        let address = match self.slot.as_str() {
            "" => address.to_owned(),
            slot => format!("{address}/{slot}"),
        };
        Held {
            address,
            kind: self.kind,
            place: self.place.clone(),
            document: self.document.clone(),
            lent: None,
            within: self.within.clone(),
        }
    }
}

impl Name {
    /// What stands there, or will.
    pub(crate) fn shown(&self) -> &str {
        let (Self::Of(_, name) | Self::Policy(name) | Self::Unknown(_, name)) = self;
        name.strip_prefix(BEFORE).unwrap_or(name)
    }
}
