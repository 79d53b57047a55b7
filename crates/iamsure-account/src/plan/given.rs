//! What resources of their own give to principals.

use std::collections::{BTreeMap, HashMap};

use crate::container::BEFORE;
use crate::principal::{Joined, Name, Resource};

/// The resources of one version of a plan, and which gives what to whom.
pub(super) struct Given<'a> {
    joined: &'a Joined<'a>,
    at: HashMap<&'a str, &'a Resource>,
    /// By the name of whom: inline policies that are resources of their own.
    inline: BTreeMap<&'a Name, Vec<&'a Resource>>,
    /// By the name of whom: attachments, and the policy that is attached.
    managed: BTreeMap<&'a Name, Vec<(&'a Resource, &'a Name)>>,
}

/// Whether something is for a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// It is.
    This,
    /// It is for one of several that are called alike.
    OneOfSeveral,
}

impl<'a> Given<'a> {
    pub(super) fn of(resources: &'a [Resource], joined: &'a Joined<'a>) -> Self {
        let mut inline: BTreeMap<&Name, Vec<&Resource>> = BTreeMap::new();
        let mut managed: BTreeMap<&Name, Vec<(&Resource, &Name)>> = BTreeMap::new();
        for of in resources {
            for whom in of.to.iter().filter(|_| !of.own.is_empty()) {
                inline.entry(whom).or_default().push(of);
            }
            for (whom, what) in &of.joins {
                if matches!(what, Name::Policy(_)) {
                    managed.entry(whom).or_default().push((of, what));
                }
            }
        }
        let at = resources.iter().map(|resource| (resource.address.as_str(), resource)).collect();
        Self { joined, at, inline, managed }
    }

    /// The one that has an address.
    pub(super) fn at(&self, address: &str) -> Option<&'a Resource> {
        self.at.get(address).copied()
    }

    /// The inline policies that are resources of their own.
    pub(super) fn inline(&self, principal: &'a Resource) -> Vec<(&'a Resource, For)> {
        let names = principal.names.iter().filter_map(|name| self.inline.get_key_value(name));
        let each = |(name, all): (&&Name, &Vec<&'a Resource>)| {
            let whose = self.whose(name, principal);
            all.iter().filter_map(|of| whose.map(|whose| (*of, whose))).collect::<Vec<_>>()
        };
        names.flat_map(each).collect()
    }

    /// The managed policies that attachments give.
    pub(super) fn managed(&self, principal: &'a Resource) -> Vec<(&'a Resource, &'a Name, For)> {
        let names = principal.names.iter().filter_map(|name| self.managed.get_key_value(name));
        let each = |(name, all): (&&Name, &Vec<(&'a Resource, &'a Name)>)| {
            let whose = self.whose(name, principal);
            let one =
                |(of, what): &(&'a Resource, &'a Name)| whose.map(|whose| (*of, *what, whose));
            all.iter().filter_map(one).collect::<Vec<_>>()
        };
        names.flat_map(each).collect()
    }

    /// Whether a name is that of a principal.
    pub(super) fn whose(&self, name: &Name, principal: &Resource) -> Option<For> {
        if self.joined.is(name, principal) {
            return Some(For::This);
        }
        principal.names.contains(name).then_some(For::OneOfSeveral)
    }

    /// Whether two names are of one managed policy.
    pub(super) fn is_same(&self, one: &Name, other: &Name) -> bool {
        one == other || self.joined.find(one).is_some_and(|policy| self.joined.is(other, policy))
    }
}

/// What something of the version before is called after it.
pub(super) fn afterwards(name: &Name) -> Name {
    let without = |text: &str| text.strip_prefix(BEFORE).unwrap_or(text).to_owned();
    match name {
        Name::Of(kind, text) => Name::Of(*kind, without(text)),
        Name::Policy(text) => Name::Policy(without(text)),
        Name::Unknown(kind, text) => Name::Unknown(*kind, text.clone()),
    }
}
