//! How two versions of policies are read where the callers' own policies were not given.

use iamsure_core::world::{PolicySet, Switches};

use super::ComparisonQuery;
use crate::ask::beside::allow;
use crate::model::{Question, View};
use crate::open_world::{opened, with_callers_own};

/// Both versions, as they are compared.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    before: PolicySet,
    pub(super) after: PolicySet,
    /// Whether the callers' own policies are taken to allow everything.
    pub(super) callers_are_allowed: bool,
}

impl Reading {
    /// The readings of `given`, the policies with what stands in for some: as they are, and, where the callers' own
    /// policies were not given, also as if these allowed everything. A request is allowed by those or it is not, so what
    /// is the same both ways is the same whatever they say.
    pub(super) fn all(query: &ComparisonQuery, given: [&PolicySet; 2]) -> Vec<Self> {
        let [before, after] = given
            .map(|policies| if query.open_world { opened(policies) } else { policies.clone() });
        let closed = Self { before, after, callers_are_allowed: false };
        let own_are_missing = !query.is_whole
            && !query.open_world
            && !given.iter().any(|policies| allow(&policies.identity));
        let allowing = own_are_missing.then(|| Self {
            before: with_callers_own(&closed.before),
            after: with_callers_own(&closed.after),
            callers_are_allowed: true,
        });
        std::iter::once(closed).chain(allowing).collect()
    }

    pub(super) const fn views<'a>(&'a self, switches: &'a Switches) -> [View<'a>; 2] {
        let question = Question::Decision;
        [
            View { policies: &self.before, switches, question },
            View { policies: &self.after, switches, question },
        ]
    }

    /// Other policies, read in the same way.
    pub(super) fn of(&self, policies: &PolicySet) -> PolicySet {
        if self.callers_are_allowed { with_callers_own(policies) } else { policies.clone() }
    }
}
