//! The possibilities of one request: one for each world of its call path.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::principal_keys::{derived_keys, principal_keys};
use iamsure_core::world::{CallPath, KeyState, PolicySet, Principal, Request};

use crate::background::knowledge::{Anybody, knowledge_of_anybody, knowledge_on};
use crate::model::Knowledge;
use crate::sample::{Who, account_of, owner_in};

/// Every possibility of one request. At least one; they differ in nothing but condition keys.
#[derive(Clone, Debug)]
pub struct Worlds<'a> {
    first: Request,
    /// All of them, the first too; empty, if there is no other.
    several: Vec<Request>,
    path: Option<&'a CallPath>,
    /// Whoever is known to call.
    caller: Option<Principal>,
    /// Who may call, if nobody is known to.
    anybody: Anybody,
}

/// Which condition keys follow from caller and resource, and are known with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// None but those of the context.
    Given,
    /// Those of the caller; of the resource too, if the request is about one.
    Derived {
        /// Whether the resource of the request is the one that is asked about.
        resource: bool,
    },
}

impl<'a> Worlds<'a> {
    /// The worlds of `request` on a call path; any way at all, without one.
    ///
    /// What the context of the request says comes first, then what the path fixes, then what follows from
    /// caller and resource. A requester that was not `named` is an example: nothing follows from it.
    pub fn of(request: Request, who: &Who, path: Option<&'a CallPath>, known: Known) -> Self {
        let mut request = request;
        if request.resource_account.is_none() && account_of(&request.resource).is_none() {
            // Whose the resource is, its key tells.
            request.resource_account = owner_in(&request.context).map(str::to_owned);
        }
        let own = path.and_then(CallPath::principal);
        let caller = own.or_else(|| who.named().map(|requester| &requester.principal)).cloned();
        let settled = |mut request: Request| {
            if caller.is_some() {
                derive(&mut request, known);
            }
            request
        };
        let world = |world: &iamsure_core::world::call_path::World| {
            let mut request = request.clone();
            world.apply(&mut request.context);
            settled(request)
        };
        let several: Vec<Request> =
            path.into_iter().flat_map(CallPath::worlds).map(world).collect();
        let first = several.first().cloned().unwrap_or_else(|| settled(request));
        Self { first, several, path, caller, anybody: Anybody::default() }
    }

    /// The same worlds, by a caller of whom it is known what it is, though perhaps not which one.
    #[must_use]
    pub(crate) fn by(mut self, caller: Principal) -> Self {
        self.caller = Some(caller);
        self
    }

    /// The same worlds, by whoever the policies may depend on. Only keys that the policies ask about are told.
    #[must_use]
    pub(crate) fn of_anybody(mut self, policies: &[&PolicySet]) -> Self {
        self.anybody = Anybody::asking(policies);
        let is_service = ConditionKey::new("aws:PrincipalIsAWSService");
        if self.is_open(&is_service, policies) {
            self.each_with(&is_service, &["false"]);
        }
        let kind = ConditionKey::new("aws:PrincipalType");
        if self.is_open(&kind, policies) {
            let kinds = self.anybody.identities();
            let names: Vec<&str> = kinds.iter().map(|kind| kind.principal_type()).collect();
            self.each_with(&kind, &names);
        }
        self
    }

    /// Whether the policies ask about a key that no world says anything of.
    fn is_open(&self, key: &ConditionKey, policies: &[&PolicySet]) -> bool {
        policies.iter().any(|policies| policies.keys().contains(key))
            && self.requests().iter().all(|world| !world.context.is_set(key))
    }

    /// Each world with each of these values of a key.
    fn each_with(&mut self, key: &ConditionKey, values: &[&str]) {
        let with = |world: &Request, value: &str| {
            let mut world = world.clone();
            world.context.set(key.clone(), KeyState::single(value));
            world
        };
        let of_each = |world: &Request| values.iter().map(|value| with(world, value)).collect();
        self.several = self.requests().iter().flat_map::<Vec<Request>, _>(of_each).collect();
        if let Some(first) = self.several.first() {
            self.first.clone_from(first);
        }
    }

    /// The first of the requests.
    pub const fn first(&self) -> &Request {
        &self.first
    }

    /// The call path of the requests, if one was given.
    pub const fn path(&self) -> Option<&'a CallPath> {
        self.path
    }

    /// Whoever is known to call.
    pub(super) const fn caller(&self) -> Option<&Principal> {
        self.caller.as_ref()
    }

    /// The requests.
    pub fn requests(&self) -> &[Request] {
        if self.several.is_empty() { std::slice::from_ref(&self.first) } else { &self.several }
    }

    /// The same worlds with these keys unknown.
    pub(crate) fn with_unknown(&self, keys: &[ConditionKey]) -> Self {
        Self { several: self.requests_with_unknown(keys), ..self.clone() }
    }

    /// The requests of [`with_unknown`](Self::with_unknown).
    pub(super) fn requests_with_unknown(&self, keys: &[ConditionKey]) -> Vec<Request> {
        let mut requests = self.requests().to_vec();
        for request in &mut requests {
            for key in keys {
                request.context.set(key.clone(), KeyState::Unknown);
            }
        }
        requests
    }

    /// What is known of a key that no world settles.
    pub fn knowledge(&self, key: &ConditionKey) -> Knowledge {
        match &self.caller {
            Some(caller) => knowledge_on(key, Some(caller), self.path),
            None => knowledge_of_anybody(key, self.anybody, self.path),
        }
    }

    /// The policies that look at these requests: no endpoint policy where they come through none.
    pub fn looked_at_by<'p>(&self, policies: &'p PolicySet) -> std::borrow::Cow<'p, PolicySet> {
        looked_at_by(policies, self.path)
    }
}

/// The policies that look at the calls of a path: no endpoint policy where it comes through none.
pub(crate) fn looked_at_by<'p>(
    policies: &'p PolicySet,
    path: Option<&CallPath>,
) -> std::borrow::Cow<'p, PolicySet> {
    let through_none = path.is_some_and(|path| path.through_endpoint() == Some(false));
    if through_none && policies.endpoint.is_some() {
        std::borrow::Cow::Owned(PolicySet { endpoint: None, ..policies.clone() })
    } else {
        std::borrow::Cow::Borrowed(policies)
    }
}

/// Sets the keys that follow from the caller and from the resource, where nothing is known of them.
fn derive(request: &mut Request, known: Known) {
    let keys = match known {
        Known::Given => return,
        Known::Derived { resource } if resource || request.resource_account.is_some() => {
            derived_keys(request)
        }
        Known::Derived { .. } => principal_keys(&request.requester.principal),
    };
    for (key, state) in keys {
        if !request.context.is_set(&key) {
            request.context.set(key, state);
        }
    }
}
