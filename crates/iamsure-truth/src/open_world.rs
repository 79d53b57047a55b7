//! The open world: whatever other Allow somebody attaches later.
//!
//! A matching Allow never takes access away (A-7), so all worlds lie between two: the policies as they
//! are, and the same policies with an Allow of everything to everyone in every layer that grants. What
//! holds in both of these bounds holds in every world between.
//!
//! Layers that grant are the identity-based policies, the policy of the resource, the trust policy of
//! the role, and the session policies where there are any. A boundary, an SCP, an RCP and an endpoint
//! policy grant nothing; they stay as they are, and so does every Deny.

use std::sync::LazyLock;

use iamsure_core::decision::{Answerable, Verdict, evaluate};
use iamsure_core::language::PolicyDocument;
use iamsure_core::language::document::PolicyType;
use iamsure_core::world::{PolicySet, Principal, Switches};

use crate::ask::beside::{extend, named_as};
use crate::ask::callers::Callers;
use crate::ask::{Beside, Case};

/// The name of the policies that hold the Allows that nobody wrote.
pub const NAME: &str = "(attached later)";

/// The Sid of those Allows.
pub const SID: &str = "AttachedLater";

/// A layer that may be given an Allow later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grant {
    /// An identity-based policy.
    Identity,
    /// The session policies.
    Session,
    /// The policy of the resource, or the trust policy of the role.
    Resource,
}

impl Grant {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Identity, Self::Session, Self::Resource];

    /// The words of reports.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Identity => "an identity-based policy",
            Self::Session => "the session policy",
            Self::Resource => "the policy of the resource",
        }
    }
}

/// Whether a case of an answer is denied for want of the caller's own policies, which are not given: with an Allow of
/// theirs it is allowed.
pub fn wants_callers_policies(policies: &PolicySet, case: &Case, switches: &Switches) -> bool {
    let is_own = match case.decision.by {
        Answerable::Layer(PolicyType::Identity) => policies.identity.is_empty(),
        Answerable::Layer(PolicyType::Session) => policies.session.is_empty(),
        _ => false,
    };
    let wants = is_own
        && case.decision.verdict == Verdict::ImplicitlyDenied
        && policies.identity.is_empty();
    wants && {
        let allowing = with_callers_own(policies);
        let found = evaluate(&allowing, &case.witness, switches).outcome;
        found.decided().is_some_and(|decision| decision.verdict == Verdict::Allowed)
    }
}

/// The policies as if the callers' own, which were not given, allowed everything: session policies, too, without which
/// some have no access (E-12, E-28).
#[must_use]
pub fn with_callers_own(policies: &PolicySet) -> PolicySet {
    with_grants(policies, own_grants(policies, true))
}

/// Takes away what [`with_callers_own`] adds.
pub(crate) fn take_callers_own(policies: &mut PolicySet) {
    let is_given = |document: &PolicyDocument| document.source.name() != NAME;
    policies.identity.retain(is_given);
    policies.session.retain(is_given);
}

/// Which policies a caller needs for what it is allowed by [`with_callers_own`].
pub(crate) fn callers_own(policies: &PolicySet, caller: &Principal) -> &'static [Grant] {
    let needs_session =
        matches!(caller, Principal::FederatedUser { .. } | Principal::AssumeRoot { .. });
    own_grants(policies, needs_session)
}

fn own_grants(policies: &PolicySet, needs_session: bool) -> &'static [Grant] {
    if needs_session && policies.session.is_empty() {
        &[Grant::Identity, Grant::Session]
    } else {
        &[Grant::Identity]
    }
}

/// The policies with an Allow of everything in these layers. Places of statements stay as they are.
#[must_use]
pub fn with_grants(policies: &PolicySet, grants: &[Grant]) -> PolicySet {
    let mut opened = policies.clone();
    for grant in grants {
        match grant {
            Grant::Identity => opened.identity.extend(everything(PolicyType::Identity, EVERYONE)),
            // Without session policies there is nothing to widen, but where one is required.
            Grant::Session => opened.session.extend(everything(PolicyType::Session, EVERYONE)),
            Grant::Resource => {
                add(&mut opened.resource, PolicyType::Resource, EVERYONE);
                add(&mut opened.trust, PolicyType::Trust, EVERYONE);
            }
        }
    }
    opened
}

/// The policies with every Allow that anybody could attach; layers that only limit, given alone, beside what they are
/// [written to stand beside](Beside).
#[must_use]
pub fn opened(policies: &PolicySet) -> PolicySet {
    let callers = Callers::default();
    let beside = Beside::of_callers(policies, &callers);
    with_grants(&beside.added_to(policies, &callers), &Grant::ALL)
}

/// The policies with an Allow of everything to these accounts in the policy of the resource and the trust
/// policy: where that names the account, its own policies decide (P-5).
#[must_use]
pub fn with_delegation(policies: &PolicySet, accounts: &[&str]) -> PolicySet {
    let accounts: Vec<String> = accounts.iter().map(|account| format!("\"{account}\"")).collect();
    let principal = format!(r#"{{ "AWS": [{}] }}"#, accounts.join(", "));
    let mut opened = policies.clone();
    add(&mut opened.resource, PolicyType::Resource, &principal);
    add(&mut opened.trust, PolicyType::Trust, &principal);
    opened
}

/// The Principal of an Allow to all.
const EVERYONE: &str = "\"*\"";

/// Puts the statements of an Allow of everything behind those of a policy.
fn add(policy: &mut Option<PolicyDocument>, kind: PolicyType, principal: &str) {
    let Some(granting) = everything(kind, principal) else { return };
    match policy {
        Some(policy) => extend(policy, &granting),
        None => *policy = Some(granting),
    }
}

/// A policy that allows everything to this Principal. Those for everyone are read once.
fn everything(kind: PolicyType, principal: &str) -> Option<PolicyDocument> {
    static TO_EVERYONE: LazyLock<Vec<(PolicyType, PolicyDocument)>> = LazyLock::new(|| {
        let kinds =
            [PolicyType::Identity, PolicyType::Session, PolicyType::Resource, PolicyType::Trust];
        kinds.into_iter().filter_map(|kind| Some((kind, read(kind, EVERYONE)?))).collect()
    });
    if principal != EVERYONE {
        return read(kind, principal);
    }
    TO_EVERYONE.iter().find(|(known, _)| *known == kind).map(|(_, policy)| policy.clone())
}

fn read(kind: PolicyType, principal: &str) -> Option<PolicyDocument> {
    let principal =
        if kind.has_principal() { format!(r#""Principal": {principal}, "#) } else { String::new() };
    let resource = if kind == PolicyType::Trust { "" } else { r#", "Resource": "*""# };
    let text = format!(
        r#"{{ "Version": "2012-10-17", "Statement": {{ "Sid": "{SID}", "Effect": "Allow", {principal}"Action": "*"{resource} }} }}"#
    );
    named_as(NAME, kind, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{EXAMPLE_ACCOUNT, sample_requester};
    use iamsure_core::decision::{Verdict, evaluate};
    use iamsure_core::language::ActionName;
    use iamsure_core::world::{Context, Request, Switches};

    #[test]
    fn everything_is_allowed_where_nothing_denies() {
        let requester = sample_requester(EXAMPLE_ACCOUNT);
        for action in ["s3:GetObject", "kms:Decrypt", "sts:AssumeRole"] {
            let action = ActionName::parse(action).unwrap();
            let request = Request::new(requester.clone(), action, "*", Context::closed());
            let decide = |policies: &PolicySet| {
                let found = evaluate(policies, &request, &Switches::default()).outcome;
                found.decided().unwrap().verdict
            };
            assert_eq!(decide(&PolicySet::default()), Verdict::ImplicitlyDenied);
            assert_eq!(decide(&opened(&PolicySet::default())), Verdict::Allowed);
        }
    }
}
