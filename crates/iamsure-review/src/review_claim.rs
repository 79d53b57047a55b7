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
mod owner;
mod say;
mod scope;
mod stranger;
mod thing;
mod trust;

use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::CallPaths;
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::claim::{Body, Claim, ClaimQuery, ClaimVerdict, Condition, Target};
use iamsure_truth::open_world::with_callers_own;
use iamsure_truth::setting::Setting;

pub use entry::{Entry, ReviewCode, World};
pub use owner::Owner;
use scope::Found;
pub use thing::actions_of_resource_alone;

/// A claim of the library, made for some policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewClaim {
    /// Which one it is.
    pub code: ReviewCode,
    /// The claim.
    pub claim: Claim,
    /// The statement it was made for; `None` if it is about all of them.
    pub statement: Option<StatementId>,
    /// Which policies beside those given it reckons with.
    pub world: World,
    /// The account that the resources are taken to be of.
    pub account: String,
}

impl ReviewClaim {
    /// Whether it is to be asked whatever other Allow is attached.
    pub fn is_open_world(&self) -> bool {
        self.world == World::Open
    }

    /// What it means if no request is what the claim asks about: that what should work for somebody works for
    /// nobody. Where nobody should be let in, there is nothing to review.
    pub const fn about_nobody(&self) -> Option<ClaimVerdict> {
        match self.claim.body {
            Body::Some(_) => Some(ClaimVerdict::Refuted),
            _ => None,
        }
    }

    /// The question about these policies. Those of callers are taken to be of the owner's account, so callers of
    /// other accounts have an Allow of everything.
    pub fn query(&self, policies: PolicySet, setting: &Setting, paths: &CallPaths) -> ClaimQuery {
        let mut setting = setting.clone();
        let policies = if self.world == World::Foreign {
            setting.resource_account.get_or_insert_with(|| self.account.clone());
            let PolicySet { resource, trust, rcp, endpoint, .. } = policies;
            let of_resources = PolicySet { resource, trust, rcp, endpoint, ..PolicySet::default() };
            with_callers_own(&of_resources)
        } else {
            policies
        };
        ClaimQuery {
            policies,
            claim: self.claim.clone(),
            setting,
            paths: paths.clone(),
            open_world: self.is_open_world(),
            is_whole: true,
        }
    }
}

/// The claims that make sense for these policies, in the order of the library and, of one kind, of the
/// statements. None is there twice. The resources are taken as the [`Owner`]'s.
pub fn for_policies(policies: &PolicySet) -> Vec<ReviewClaim> {
    for_policies_of(policies, &Owner::of(policies).account)
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
    if let Some(document) = &policies.resource {
        asked.put_sentence(ReviewCode::PublicAccess);
        thing::of(document, &mut asked);
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

    /// Adds a claim for a statement that grants. Who calls from another account has policies of its own, and so has
    /// whoever takes a role: those are not among what is given.
    fn add_of_grant(
        &mut self,
        code: ReviewCode,
        found: Found<'_>,
        target: Target,
        when: Vec<Condition>,
    ) {
        let layer = found.id.layer;
        if !code.entry().layers.contains(&layer) {
            return;
        }
        if layer == PolicyType::Trust {
            self.put_in(World::Foreign, code, Some(found.id), &say::never_allow(target, when));
            return;
        }
        if layer == PolicyType::Resource && found.names_others(self.account) {
            let own = say::is("aws:PrincipalAccount", self.account);
            let foreign = when.iter().cloned().chain([say::not(own)]).collect();
            let body = say::never_allow(target.clone(), foreign);
            self.put_in(World::Foreign, code, Some(found.id), &body);
        }
        self.put(code, Some(found.id), &say::never_allow(target, when));
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
        self.put_in(code.entry().world, code, statement, body);
    }

    fn put_in(
        &mut self,
        world: World,
        code: ReviewCode,
        statement: Option<StatementId>,
        body: &Body,
    ) {
        // Read again, so that its parts know their places.
        let sentence = body.to_string();
        let Ok(claim) = Claim::parse(&sentence) else { return };
        let is_known = |known: &ReviewClaim| known.code == code && known.claim == claim;
        if !self.claims.iter().any(is_known) {
            let account = self.account.to_owned();
            self.claims.push(ReviewClaim { code, claim, statement, world, account });
        }
    }

    fn has(&self, code: ReviewCode) -> bool {
        self.claims.iter().any(|claim| claim.code == code)
    }
}
