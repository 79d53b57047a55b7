//! Other sessions of the role that a question names.
//!
//! Whoever names a role asks about any session of it, and one that is made up calls. Where a Principal element names another
//! (P-7), what holds for the one may fail for the other.

use std::collections::BTreeSet;

use iamsure_core::language::document::{Named, PrincipalEntry};
use iamsure_core::world::{PolicySet, Principal, Requester};

use super::prove::{Proof, Reason, Verdict};
use crate::model::caller::role_of_any_session;
use crate::sample::Who;

/// The sessions of the caller's role that Principal elements name, where the question names the role and no session: what is
/// decided for any other session may not hold for them.
pub fn other_sessions(policies: &PolicySet, caller: Option<&Requester>) -> BTreeSet<String> {
    let Some(Principal::RoleSession { arn, .. }) = caller.map(|caller| &caller.principal) else {
        return BTreeSet::new();
    };
    let Some(role) = role_of_any_session(arn) else { return BTreeSet::new() };
    let elements = policies.statements().filter_map(|(_, _, found)| found.principal.as_ref());
    let sessions = elements.flat_map(|element| &element.entries).filter_map(|entry| {
        let PrincipalEntry::Aws(named) = &entry.value else { return None };
        let Named::RoleSession(session) = named.named() else { return None };
        session.strip_prefix(role).filter(|_| session != arn).map(|_| session.to_owned())
    });
    sessions.collect()
}

/// A proof for one session is none for those that policies name: without a request that decides it, it depends on them.
pub(super) fn for_any(proof: Proof, policies: &PolicySet, who: &Who) -> Proof {
    let sessions = other_sessions(policies, who.named());
    if sessions.is_empty() || proof.example.is_some() || proof.verdict == Verdict::Depends {
        return proof;
    }
    let mut reasons = proof.reasons;
    reasons.push(Reason::Sessions(sessions, proof.verdict));
    Proof { verdict: Verdict::Depends, reasons, ..proof }
}
