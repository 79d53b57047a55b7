//! One request with everything that was found about it.

use iamsure_core::world::{CallPath, PolicySet, Request, Switches};
use iamsure_review::answer_form;
use iamsure_truth::ask::{Assumed, Case, Inquiry, Known, NotGiven, Worlds, inquire};
use iamsure_truth::sample::Who;
use iamsure_truth::unpublished::Unpublished;
use serde_json::Value;

/// One request with everything that was found about it.
pub(crate) struct Check {
    pub(crate) id: Option<String>,
    pub(crate) policies: PolicySet,
    /// Every possibility of the request: one, or one for each world of its call path.
    pub(crate) worlds: Vec<Request>,
    /// The call path of the request, if one was given.
    pub(crate) path: Option<CallPath>,
    pub(crate) switches: Switches,
    pub(crate) inquiry: Inquiry,
    /// Whether the keys that follow from principal and resource were filled in (`--derive`).
    pub(crate) derived: bool,
    /// Whether the account that owns the resource was given.
    pub(crate) owner_is_given: bool,
    /// What is odd about the request, if it came in a form; what is typed is said as it is read.
    pub(crate) odd: Vec<Unpublished>,
}

impl Check {
    /// A request with every fact of it said.
    pub(crate) fn of(policies: &PolicySet, request: Request, switches: Switches) -> Self {
        let who = Who::Named(request.requester.clone());
        let asked = Asked {
            owner_is_given: request.resource_account.is_some(),
            request,
            who,
            path: None,
            derive: false,
            not_given: NotGiven::Nonexistent,
            known_later: false,
        };
        Self::new(None, policies, asked, switches)
    }

    pub(crate) fn new(
        id: Option<String>,
        policies: &PolicySet,
        asked: Asked<'_>,
        switches: Switches,
    ) -> Self {
        let Asked { request, who, path, derive, not_given, known_later, owner_is_given } = asked;
        let worlds = Worlds::of(request, &who, path, known_by(derive));
        let inquiry = inquire(policies, &worlds, &switches, not_given, known_later);
        let check = Self::found(id, inquiry, &worlds, derive, switches);
        Self { owner_is_given, ..check }
    }

    /// The policies that decide a case.
    pub(crate) fn policies_of(&self, case: &Case) -> &PolicySet {
        let is_least = |one: &Assumed| matches!(one, Assumed::Silent | Assumed::Least);
        match &self.inquiry.silenced {
            Some(silenced) if case.assumes.iter().any(is_least) => silenced,
            _ => &self.policies,
        }
    }

    /// What is found about the possibilities of one request.
    pub(crate) fn about(
        id: Option<String>,
        policies: &PolicySet,
        worlds: &Worlds<'_>,
        derived: bool,
        not_given: NotGiven,
        switches: Switches,
    ) -> Self {
        let inquiry = inquire(policies, worlds, &switches, not_given, false);
        Self::found(id, inquiry, worlds, derived, switches)
    }

    fn found(
        id: Option<String>,
        inquiry: Inquiry,
        worlds: &Worlds<'_>,
        derived: bool,
        switches: Switches,
    ) -> Self {
        let policies = inquiry.policies.clone();
        let owner_is_given = worlds.first().resource_account.is_some();
        let path = worlds.path().cloned();
        let worlds = worlds.requests().to_vec();
        Self {
            id,
            policies,
            worlds,
            path,
            switches,
            inquiry,
            derived,
            owner_is_given,
            odd: Vec::new(),
        }
    }
}

/// Which keys are known with the request, by whether those that follow are filled in.
pub(crate) const fn known_by(derive: bool) -> Known {
    if derive { Known::Derived { resource: true } } else { Known::Given }
}

/// One request, as far as it was given.
pub(crate) struct Asked<'a> {
    pub(crate) request: Request,
    pub(crate) who: Who,
    pub(crate) path: Option<&'a CallPath>,
    /// Whether the keys that follow from principal and resource are filled in.
    pub(crate) derive: bool,
    pub(crate) not_given: NotGiven,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub(crate) known_later: bool,
    /// Whether the account that owns the resource was given.
    pub(crate) owner_is_given: bool,
}

/// The answer form of one check.
pub(crate) fn answer_value(check: &Check) -> Value {
    let Some(request) = check.worlds.first() else { return Value::Null };
    let mut form =
        answer_form::answer(check.id.as_deref(), &check.policies, request, &check.inquiry);
    answer_form::say_odd(&check.odd, &mut form);
    Value::Object(form)
}
