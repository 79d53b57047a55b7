//! The claims of a review: what reviewers ask of policies, made for the policies at hand.
//!
//! The library is one table, whose rows are the [`Entry`] of each [`ReviewCode`]. [`for_policies`] says
//! which of its claims make sense for some policies, and fills in their actions, resources, keys and
//! values. A claim says what should be so: where it is refuted, there is something to look at, and a
//! request that shows it.
//!
//! A clause or a statement that the language of claims has no words for gets no claim, rather than one
//! about other requests than its own.

mod clause;
mod entry;
mod grant;
mod guardrail;
mod say;
mod scope;
mod trust;

use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::claim::{Body, Claim};
use iamsure_truth::sample::EXAMPLE_ACCOUNT;

pub use entry::{Entry, ReviewCode, World};
use scope::Found;

/// A claim of the library, made for some policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewClaim {
    /// Which one it is.
    pub code: ReviewCode,
    /// The claim.
    pub claim: Claim,
    /// The statement it was made for; `None` if it is about all of them.
    pub statement: Option<StatementId>,
}

impl ReviewClaim {
    /// Whether it is to be asked whatever other Allow is attached.
    pub fn is_open_world(&self) -> bool {
        self.code.entry().world == World::Open
    }
}

/// The claims that make sense for these policies, in the order of the library and, of one kind, of the
/// statements. None is there twice. The resources are taken as the example account's.
pub fn for_policies(policies: &PolicySet) -> Vec<ReviewClaim> {
    for_policies_of(policies, EXAMPLE_ACCOUNT)
}

/// As [`for_policies`], where this account owns the resources.
pub fn for_policies_of(policies: &PolicySet, account: &str) -> Vec<ReviewClaim> {
    let mut claims = Vec::new();
    let mut asked = Asked { account, claims: &mut claims };
    for (id, document, statement) in policies.statements() {
        let found = Found::new(id, document, statement);
        match *statement.effect {
            Effect::Deny => guardrail::of(found, &mut asked),
            Effect::Allow => {
                grant::of(found, &mut asked);
                if id.layer == PolicyType::Trust {
                    trust::of(found, &mut asked);
                }
            }
        }
    }
    if !policies.identity.is_empty() {
        asked.put_sentence(ReviewCode::PrivilegeEscalation);
        let boundary = "iam:permissionsboundary";
        if policies.keys().iter().any(|key| key.folded() == boundary) {
            asked.put_sentence(ReviewCode::BoundaryRequired);
            asked.put_sentence(ReviewCode::BoundaryKept);
        }
    }
    if policies.resource.is_some() {
        asked.put_sentence(ReviewCode::PublicAccess);
        asked.put_sentence(ReviewCode::CrossAccount);
        if !asked.has(ReviewCode::InsecureTransport) {
            let everything = say::is("aws:SecureTransport", "false");
            let body = say::never_allow(say::actions([]), vec![everything]);
            asked.put(ReviewCode::InsecureTransport, None, &body);
        }
    }
    claims.sort_by_key(|claim| claim.code);
    claims
}

/// The claims so far.
struct Asked<'a> {
    /// The account that owns the resources.
    account: &'a str,
    claims: &'a mut Vec<ReviewClaim>,
}

impl Asked<'_> {
    /// Adds a claim for a statement, if it is of one of the layers of the claim and could be said.
    fn add(&mut self, code: ReviewCode, found: Found<'_>, body: Option<Body>) {
        if let Some(body) = body
            && code.entry().layers.contains(&found.id.layer)
        {
            self.put(code, Some(found.id), &body);
        }
    }

    /// Adds the claim as the library has it, if the statement is of one of its layers.
    fn add_sentence(&mut self, code: ReviewCode, found: Found<'_>) {
        if code.entry().layers.contains(&found.id.layer) {
            self.put_sentence(code);
        }
    }

    fn put_sentence(&mut self, code: ReviewCode) {
        let sentence = code.entry().sentence.replace("ACCOUNT", self.account);
        if let Ok(claim) = Claim::parse(&sentence) {
            self.put(code, None, &claim.body);
        }
    }

    fn put(&mut self, code: ReviewCode, statement: Option<StatementId>, body: &Body) {
        // Read again, so that its parts know their places.
        let sentence = body.to_string();
        let Ok(claim) = Claim::parse(&sentence) else { return };
        let is_known = |known: &ReviewClaim| known.code == code && known.claim == claim;
        if !self.claims.iter().any(is_known) {
            self.claims.push(ReviewClaim { code, claim, statement });
        }
    }

    fn has(&self, code: ReviewCode) -> bool {
        self.claims.iter().any(|claim| claim.code == code)
    }
}
