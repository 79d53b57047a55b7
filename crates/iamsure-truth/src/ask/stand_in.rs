//! A policy in the place of one that must exist and was not given.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request};

use crate::sample::EXAMPLE_ACCOUNT;

/// What a stand-in is called in place of a file.
const NOT_GIVEN: &str = "(not given)";

/// The policies as they decide where some that must exist were not given.
#[derive(Clone, Debug)]
pub(crate) struct EitherWay {
    /// As if those left the decision to the account.
    pub(crate) delegating: PolicySet,
    /// As if those did not allow the caller. `None`: none is missing.
    pub(crate) silent: Option<PolicySet>,
    /// Which are missing.
    pub(crate) missing: Vec<PolicyType>,
    /// Whether an Allow of everything stands in for identity-based policies.
    pub(crate) grants_everything: bool,
    /// The levels of service control policies beside which `FullAWSAccess` stands in, since nothing of them allows
    /// anything.
    pub(crate) full_access: Vec<usize>,
}

impl EitherWay {
    /// The policies as if those that are missing did not allow the caller.
    pub(crate) fn silenced(&self) -> &PolicySet {
        self.silent.as_ref().unwrap_or(&self.delegating)
    }

    /// Takes what stands in beside `given` for other kinds of policies away: they decide nothing that is asked.
    pub(crate) fn keep(&mut self, given: &PolicySet, kinds: &[PolicyType]) {
        if given.trust.is_none() && !kinds.contains(&PolicyType::Trust) {
            self.delegating.trust = None;
        }
        if given.resource.is_none() && !kinds.contains(&PolicyType::Resource) {
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
fn needed(request: &Request) -> Option<PolicyType> {
    let of_kms = request.action.prefix().eq_ignore_ascii_case("kms");
    match mechanism(request) {
        Mechanism::Trust => Some(PolicyType::Trust),
        Mechanism::Ordinary | Mechanism::Key => of_kms.then_some(PolicyType::Resource),
    }
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
    let mut ways = either_way(policies, request.requester.principal.account());
    ways.keep(policies, needed(request).as_slice());
    ways
}

/// The policies both ways for requests of callers of `accounts`. If nothing among them grants anything, an identity-based policy that allows everything is beside them, so that what they limit
/// is seen.
pub(crate) fn either_way<'a>(
    policies: &PolicySet,
    accounts: impl IntoIterator<Item = &'a str>,
) -> EitherWay {
    let mut alone = EitherWay {
        delegating: policies.clone(),
        silent: None,
        missing: Vec::new(),
        grants_everything: false,
        full_access: Vec::new(),
    };
    for (level, policies) in alone.delegating.scp.iter_mut().enumerate() {
        if !allow(policies)
            && let Some(full) = full_access()
        {
            policies.push(full);
            alone.full_access.push(level);
        }
    }
    if !grants(policies)
        && let Some(everything) = everything()
    {
        alone.delegating.identity.push(everything);
        alone.grants_everything = true;
    }
    let accounts: BTreeSet<&str> = accounts.into_iter().collect();
    if accounts.is_empty() {
        return alone;
    }
    let silent = alone.delegating.clone();
    for kind in [PolicyType::Trust, PolicyType::Resource] {
        // Where everything that grants is assumed to, so are these.
        if stand_in(&mut alone.delegating, kind, &accounts) && !alone.grants_everything {
            alone.missing.push(kind);
        }
    }
    alone.silent = (!alone.missing.is_empty()).then_some(silent);
    alone
}

/// Whether any of the policies can grant anything.
const fn grants(policies: &PolicySet) -> bool {
    !policies.identity.is_empty()
        || policies.resource.is_some()
        || policies.trust.is_some()
        || !policies.session.is_empty()
}

/// Whether some of the policies allow something.
fn allow(policies: &[PolicyDocument]) -> bool {
    let mut statements = policies.iter().flat_map(|policy| &policy.statements);
    statements.any(|statement| *statement.effect == Effect::Allow)
}

/// Whether something stands in for what was not given, whatever the request.
pub(crate) fn assumes(policies: &PolicySet) -> bool {
    !grants(policies) || !policies.scp.iter().all(|level| allow(level))
}

/// What AWS attaches to every node of an organization, unless somebody takes it away.
///
/// AWS page: Organizations User Guide, `orgs_manage_policies_scps`.
fn full_access() -> Option<PolicyDocument> {
    static READ: OnceLock<Option<PolicyDocument>> = OnceLock::new();
    let text = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "FullAWSAccess", "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
    READ.get_or_init(|| read(PolicyType::Scp, text)).clone()
}

/// An identity-based policy that allows everything.
fn everything() -> Option<PolicyDocument> {
    static READ: OnceLock<Option<PolicyDocument>> = OnceLock::new();
    let text = r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
    READ.get_or_init(|| read(PolicyType::Identity, text)).clone()
}

fn read(kind: PolicyType, text: &str) -> Option<PolicyDocument> {
    PolicyDocument::read(&Source::new(NOT_GIVEN, text), kind, Profile::Lenient).ok()
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
            r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Principal": {{ "AWS": [{named}] }}, {elements} }} }}"#
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
