//! A policy in the place of one that must exist and was not given.

use std::sync::OnceLock;

use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request, Requester};

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
}

/// The policy that must exist for a request, beside those of its caller.
fn needed(request: &Request) -> Option<PolicyType> {
    match mechanism(request) {
        Mechanism::Ordinary => None,
        Mechanism::Trust => Some(PolicyType::Trust),
        Mechanism::Key => Some(PolicyType::Resource),
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
    let mut ways = either_way(policies, Some(&request.requester));
    let needed = needed(request);
    ways.missing.retain(|kind| Some(*kind) == needed);
    // A policy of a key is no policy of another resource.
    if needed != Some(PolicyType::Trust) && policies.trust.is_none() {
        ways.delegating.trust = None;
    }
    if needed != Some(PolicyType::Resource) && policies.resource.is_none() {
        ways.delegating.resource = None;
    }
    if ways.missing.is_empty() {
        ways.silent = None;
    }
    ways
}

/// The policies both ways for requests of `requester`; as they are, if callers differ. If nothing among them
/// grants anything, an identity-based policy that allows everything is beside them, so that what they limit
/// is seen.
pub(crate) fn either_way(policies: &PolicySet, requester: Option<&Requester>) -> EitherWay {
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
    let Some(requester) = requester else { return alone };
    alone.grants_everything =
        !grants(policies) && stand_in(&mut alone.delegating, PolicyType::Identity, requester);
    let silent = alone.delegating.clone();
    for kind in [PolicyType::Trust, PolicyType::Resource] {
        // Where everything that grants is assumed to, so are these.
        if stand_in(&mut alone.delegating, kind, requester) && !alone.grants_everything {
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
    let read = || {
        PolicyDocument::read(&Source::new(NOT_GIVEN, text), PolicyType::Scp, Profile::Lenient).ok()
    };
    READ.get_or_init(read).clone()
}

/// A stand-in; those for the account of examples are read once.
fn read(kind: PolicyType, account: &str, text: String) -> Option<PolicyDocument> {
    static OF_EXAMPLES: [OnceLock<Option<PolicyDocument>>; 3] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let read = || PolicyDocument::read(&Source::new(NOT_GIVEN, text), kind, Profile::Lenient).ok();
    let [identity, resource, trust] = &OF_EXAMPLES;
    let kept = match kind {
        PolicyType::Identity => identity,
        PolicyType::Resource => resource,
        PolicyType::Trust => trust,
        _ => return read(),
    };
    if account == EXAMPLE_ACCOUNT { kept.get_or_init(read).clone() } else { read() }
}

/// Puts a stand-in where there is no policy of `kind`; whether it did.
fn stand_in(policies: &mut PolicySet, kind: PolicyType, requester: &Requester) -> bool {
    let (given, elements) = match kind {
        PolicyType::Trust => (policies.trust.is_some(), r#""Action": "sts:*""#),
        PolicyType::Resource => {
            (policies.resource.is_some(), r#""Action": "kms:*", "Resource": "*""#)
        }
        _ => (!policies.identity.is_empty(), r#""Action": "*", "Resource": "*""#),
    };
    // Across accounts it is the caller's account that the policy must leave it to.
    let Some(account) = requester.principal.account().filter(|_| !given) else { return false };
    let principal = if kind.has_principal() {
        format!(r#""Principal": {{ "AWS": "{account}" }}, "#)
    } else {
        String::new()
    };
    let text = format!(
        r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", {principal}{elements} }} }}"#
    );
    let Some(document) = read(kind, account, text) else { return false };
    match kind {
        PolicyType::Trust => policies.trust = Some(document),
        PolicyType::Resource => policies.resource = Some(document),
        _ => policies.identity.push(document),
    }
    true
}
