//! A policy in the place of one that must exist and was not given.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use iamsure_core::decision::applicable::{TRUST_ACTIONS, is_of_no_key, mechanism};
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::{ActionName, ActionPattern, PolicyDocument, PolicyType};
use iamsure_core::world::{PolicySet, Request, Switches};

use super::beside::{ASSUMED, Beside, read};
use super::callers::Callers;
use crate::model::{Question, View};
use crate::open_world::with_callers_own;
use crate::sample::EXAMPLE_ACCOUNT;

/// The policies as they decide where some that must exist were not given.
#[derive(Clone, Debug)]
pub(crate) struct EitherWay {
    /// As if those left the decision to the account.
    pub(crate) delegating: PolicySet,
    /// As if those did not allow the caller. `None`: none is missing.
    pub(crate) silent: Option<PolicySet>,
    /// Which are missing.
    pub(crate) missing: Vec<PolicyType>,
    /// What is assumed beside layers that only limit.
    pub(crate) beside: Beside,
    /// Whether the policy of the resource is assumed to allow callers who need more than policies of their own.
    pub(crate) admits: bool,
}

impl EitherWay {
    /// Between the policies that allow most and those that allow least, whatever is known later: as if what is missing left
    /// the decision to the account in the first, and allowed nobody in the second.
    pub(crate) fn between(most: Self, least: &Self) -> Self {
        Self { silent: Some(least.silenced().clone()), ..most }
    }

    /// As if the callers' own policies, which were not given, allowed everything, and as if they allowed nothing.
    #[must_use]
    pub(crate) fn with_callers_own(mut self) -> Self {
        let silent = self.silenced().clone();
        self.delegating = with_callers_own(&self.delegating);
        self.silent = Some(silent);
        self.missing.push(PolicyType::Identity);
        self
    }

    /// The policies that decide examples, where the callers' own are missing what was given alone; and those of the other
    /// way, where there are two.
    fn ways(&self) -> (&PolicySet, Option<&PolicySet>) {
        match &self.silent {
            Some(silent) if self.missing.contains(&PolicyType::Identity) => {
                (silent, Some(&self.delegating))
            }
            silent => (&self.delegating, silent.as_ref()),
        }
    }

    /// The policies that decide examples.
    pub(crate) fn shown(&self) -> &PolicySet {
        self.ways().0
    }

    /// The view that decides examples, and the other one where there are two.
    pub(crate) fn views<'a>(
        &'a self,
        switches: &'a Switches,
        question: Question,
    ) -> (View<'a>, Option<View<'a>>) {
        let view = |policies| View { policies, switches, question };
        let (shown, other) = self.ways();
        (view(shown), other.map(view))
    }

    /// The policies as if those that are missing did not allow the caller.
    pub(crate) fn silenced(&self) -> &PolicySet {
        self.silent.as_ref().unwrap_or(&self.delegating)
    }

    /// Takes what stands in beside `given` for other kinds of policies away: they decide nothing that is asked.
    pub(crate) fn keep(&mut self, given: &PolicySet, kinds: &[PolicyType]) {
        if given.trust.is_none() && !kinds.contains(&PolicyType::Trust) {
            self.delegating.trust = None;
        }
        if given.resource.is_none() && !kinds.contains(&PolicyType::Resource) && !self.admits {
            self.delegating.resource = None;
        }
        self.missing.retain(|kind| kinds.contains(kind));
        if self.missing.is_empty() {
            self.silent = None;
        }
    }
}

/// The policy that must exist for a request, beside those of its caller: of a role, or of whatever of KMS a call is
/// about.
pub(crate) fn needed(request: &Request) -> Option<PolicyType> {
    let of_kms = request.action.prefix().eq_ignore_ascii_case("kms");
    match mechanism(request) {
        Mechanism::Trust => Some(PolicyType::Trust),
        Mechanism::Ordinary | Mechanism::Key => {
            (of_kms && !is_of_no_key(request)).then_some(PolicyType::Resource)
        }
    }
}

/// The policies that must exist for some of these actions, where they are of one service, and are not among the policies.
/// Either way of [`EitherWay`] takes them to name no caller: one that did would allow it without an Allow of its own (E-14).
pub(crate) fn not_given_for(policies: &PolicySet, actions: &[ActionPattern]) -> Vec<PolicyType> {
    let trust = || TRUST_ACTIONS.iter().filter_map(|name| ActionName::parse(name).ok());
    let is_of = |pattern: &ActionPattern, service: &str| {
        pattern.as_str().split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(service))
    };
    let takes_a_role = |pattern: &ActionPattern| {
        is_of(pattern, "sts") && trust().any(|action| pattern.matches(&action))
    };
    let mut kinds = Vec::new();
    if policies.trust.is_none() && actions.iter().any(takes_a_role) {
        kinds.push(PolicyType::Trust);
    }
    if policies.resource.is_none() && actions.iter().any(|pattern| is_of(pattern, "kms")) {
        kinds.push(PolicyType::Resource);
    }
    kinds
}

/// Whether a policy that must exist for a request is not among the policies.
pub(crate) fn is_missing(policies: &PolicySet, request: &Request) -> bool {
    match needed(request) {
        Some(PolicyType::Trust) => policies.trust.is_none(),
        Some(_) => policies.resource.is_none(),
        None => false,
    }
}

/// The policies both ways for one request: only what it needs counts as missing.
pub(crate) fn either_way_of(policies: &PolicySet, request: &Request) -> EitherWay {
    let mut ways = either_way(policies, &Callers::of(request));
    ways.keep(policies, needed(request).as_slice());
    ways
}

/// The policies both ways for requests of `callers`. Where nothing among them grants anything, what they limit is
/// decided beside policies that allow everything: see [`Beside`].
pub(crate) fn either_way(policies: &PolicySet, callers: &Callers<'_>) -> EitherWay {
    let beside = Beside::of_callers(policies, callers);
    let is_limited = policies.policies().next().is_some();
    let mut ways = EitherWay {
        delegating: beside.added_to(policies, callers),
        silent: None,
        missing: Vec::new(),
        admits: beside.grants_everything && is_limited && callers.need_admission(),
        beside,
    };
    if ways.admits {
        ways.delegating.resource = admitting(PolicyType::Resource, callers);
        ways.delegating.trust = admitting(PolicyType::Trust, callers);
    }
    let accounts = callers.accounts();
    if accounts.is_empty() {
        return ways;
    }
    let silent = ways.delegating.clone();
    for kind in [PolicyType::Trust, PolicyType::Resource] {
        // Where everything that grants is assumed to, so are these.
        if stand_in(&mut ways.delegating, kind, &accounts) && !ways.beside.grants_everything {
            ways.missing.push(kind);
        }
    }
    ways.silent = (!ways.missing.is_empty()).then_some(silent);
    ways
}

/// A policy of a resource or role that leaves the decision to the accounts of these callers, and allows whoever
/// belongs to no account.
fn admitting(kind: PolicyType, callers: &Callers<'_>) -> Option<PolicyDocument> {
    let accounts = callers.accounts();
    let named: Vec<String> = accounts.iter().map(|account| format!("\"{account}\"")).collect();
    let named = format!(r#"{{ "AWS": [{}] }}"#, named.join(", "));
    let resource = if kind == PolicyType::Trust { "" } else { r#", "Resource": "*""# };
    let allow = |element: &str, principal: &str| {
        format!(
            r#"{{ "Sid": "{ASSUMED}", "Effect": "Allow", "{element}": {principal}, "Action": "*"{resource} }}"#
        )
    };
    let statements = if accounts.is_empty() {
        allow("Principal", "\"*\"")
    } else {
        // What names an account spares its principals none of their own policies; all others have none.
        format!("{}, {}", allow("Principal", &named), allow("NotPrincipal", &named))
    };
    read(kind, &format!(r#"{{ "Version": "2012-10-17", "Statement": [{statements}] }}"#))
}

/// A policy of a role or of a key that leaves the decision to these accounts. Those for the account of examples are
/// read once.
fn delegating(kind: PolicyType, accounts: &BTreeSet<&str>) -> Option<PolicyDocument> {
    static OF_EXAMPLES: [OnceLock<Option<PolicyDocument>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [of_trust, of_key] = &OF_EXAMPLES;
    let (known, elements) = match kind {
        PolicyType::Trust => (of_trust, r#""Action": "sts:*""#),
        _ => (of_key, r#""Action": "kms:*", "Resource": "*""#),
    };
    let made = || {
        let named: Vec<String> = accounts.iter().map(|account| format!("\"{account}\"")).collect();
        let named = named.join(", ");
        let text = format!(
            r#"{{ "Version": "2012-10-17", "Statement": {{ "Sid": "{ASSUMED}", "Effect": "Allow", "Principal": {{ "AWS": [{named}] }}, {elements} }} }}"#
        );
        read(kind, &text)
    };
    let is_of_examples = accounts.len() == 1 && accounts.contains(EXAMPLE_ACCOUNT);
    if is_of_examples { known.get_or_init(made).clone() } else { made() }
}

/// Puts a policy of `kind` where there is none; whether it did.
fn stand_in(policies: &mut PolicySet, kind: PolicyType, accounts: &BTreeSet<&str>) -> bool {
    let place = match kind {
        PolicyType::Trust => &mut policies.trust,
        _ => &mut policies.resource,
    };
    if place.is_some() {
        return false;
    }
    // Across accounts it is the caller's account that the policy must leave it to.
    *place = delegating(kind, accounts);
    place.is_some()
}
