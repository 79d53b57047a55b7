//! Whether a call is allowed: what was proved of it, and a request that shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use iamsure_core::world::{PolicySet, Request};
use iamsure_truth::claim::{ClaimVerdict, Proof, Reason};

use crate::question::is_of_its_owner;

/// What is known of a call.
#[derive(Clone, Debug)]
pub(super) enum Call {
    /// It is allowed: the number of the principal that was asked about, its request, and the policies that decide it.
    Allowed(usize, Box<Request>, Arc<PolicySet>),
    /// It may be. It depends on these symbols for values that are known later, or on what the account does not tell.
    Open(BTreeSet<String>),
    /// It is not.
    Denied,
}

impl Call {
    /// The same call on another resource, about which the same is decided.
    pub(super) fn on(mut self, resource: &str) -> Self {
        if let Self::Allowed(_, request, _) = &mut self {
            resource.clone_into(&mut request.resource);
        }
        self
    }

    /// The same call, decided by other policies.
    pub(super) fn by(self, policies: &Arc<PolicySet>) -> Self {
        match self {
            Self::Allowed(asked, request, _) => Self::Allowed(asked, request, Arc::clone(policies)),
            other => other,
        }
    }
}

/// What was found of a call.
pub(super) enum Found {
    /// A proof, and the symbols in the statements that may be about the call.
    Proof(Box<Proof>, BTreeSet<String>),
    Nothing,
    Open,
}

impl Found {
    /// Whether it is settled by what the account in question owns.
    pub(super) fn is_of_its_owner(&self) -> bool {
        match self {
            Self::Proof(proof, _) => is_of_its_owner(proof),
            Self::Nothing | Self::Open => true,
        }
    }

    /// What is known of the call of a principal.
    pub(super) fn call(&self, from: usize) -> Call {
        match self {
            Self::Proof(proof, about) => of_proof(proof, about, from),
            Self::Nothing => Call::Denied,
            Self::Open => Call::Open(BTreeSet::new()),
        }
    }
}

/// The symbols among `about` on which a proof depends.
pub(super) fn symbols(proof: &Proof, about: &BTreeSet<String>) -> BTreeSet<String> {
    let known_later = proof.reasons.iter().find_map(|reason| match reason {
        Reason::KnownLater(symbols, _) => Some(symbols),
        _ => None,
    });
    known_later.map(|symbols| symbols.intersection(about).cloned().collect()).unwrap_or_default()
}

fn of_proof(proof: &Proof, about: &BTreeSet<String>, from: usize) -> Call {
    // A request on a resource that the action does not work on is none.
    let is_of_no_form = proof.verdict == ClaimVerdict::Depends
        && proof.reasons.iter().all(|reason| matches!(reason, Reason::Reach(_)));
    match (proof.verdict, &proof.example) {
        (ClaimVerdict::Proved, Some(example)) => {
            let policies = Arc::new(example.policies.clone());
            Call::Allowed(from, Box::new(example.request.clone()), policies)
        }
        (ClaimVerdict::Refuted, _) => Call::Denied,
        _ if is_of_no_form => Call::Denied,
        _ => Call::Open(symbols(proof, about)),
    }
}
