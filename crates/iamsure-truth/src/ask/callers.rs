//! Who asks, as far as it matters to what is assumed of policies that were not given.

use std::collections::BTreeSet;

use iamsure_core::world::{Principal, Request};

/// Some callers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callers<'a> {
    principals: Vec<&'a Principal>,
    /// Whether all of them ask about resources of their own account alone.
    at_home: bool,
}

impl<'a> Callers<'a> {
    /// These; `at_home` if all of them ask about resources of their own account alone.
    pub(crate) fn new(principals: impl IntoIterator<Item = &'a Principal>, at_home: bool) -> Self {
        Self { principals: principals.into_iter().collect(), at_home }
    }

    /// The caller of one request.
    pub(crate) fn of(request: &'a Request) -> Self {
        Self::new([&request.requester.principal], request.is_same_account())
    }

    /// The accounts of those who have one.
    pub(super) fn accounts(&self) -> BTreeSet<&'a str> {
        self.principals.iter().filter_map(|principal| principal.account()).collect()
    }

    /// Whether session policies are what grants to all of them (E-28).
    pub(super) fn are_granted_by_sessions(&self) -> bool {
        let is_so = |principal: &&Principal| matches!(principal, Principal::AssumeRoot { .. });
        !self.principals.is_empty() && self.principals.iter().all(is_so)
    }

    /// Whether some have no permission without a session policy (E-12, E-28).
    pub(super) fn need_a_session_policy(&self) -> bool {
        let does = |principal: &&Principal| {
            matches!(principal, Principal::FederatedUser { .. } | Principal::AssumeRoot { .. })
        };
        self.principals.iter().any(does)
    }

    /// Whether some need an Allow that is not theirs: of a policy of the resource.
    pub(super) fn need_admission(&self) -> bool {
        !self.at_home && !self.principals.is_empty()
    }
}
