//! What resources of their own give to principals.

use crate::container::BEFORE;
use crate::principal::{Joined, Name, Resource};

/// The resources of one version of a plan, and which gives what to whom.
pub(super) struct Given<'a> {
    resources: &'a [Resource],
    joined: &'a Joined<'a>,
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
    pub(super) const fn of(resources: &'a [Resource], joined: &'a Joined<'a>) -> Self {
        Self { resources, joined }
    }

    /// The one that has an address.
    pub(super) fn at(&self, address: &str) -> Option<&'a Resource> {
        self.resources.iter().find(|resource| resource.address == address)
    }

    /// The inline policies that are resources of their own.
    pub(super) fn inline(
        &self,
        principal: &'a Resource,
    ) -> impl Iterator<Item = (&'a Resource, For)> {
        let all = self.resources.iter().filter(|of| of.principal.is_none() && !of.own.is_empty());
        all.filter_map(move |of| {
            let whom = of.to.iter().filter_map(|name| self.whose(name, principal)).next();
            whom.map(|whom| (of, whom))
        })
    }

    /// The managed policies that attachments give.
    pub(super) fn managed(
        &self,
        principal: &'a Resource,
    ) -> impl Iterator<Item = (&'a Resource, &'a Name, For)> {
        let is_policy = |what: &Name| matches!(what, Name::Policy(_));
        let joins =
            self.resources.iter().flat_map(|of| of.joins.iter().map(move |join| (of, join)));
        joins.filter(move |(_, (_, what))| is_policy(what)).filter_map(move |(of, (whom, what))| {
            self.whose(whom, principal).map(|whose| (of, what, whose))
        })
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
