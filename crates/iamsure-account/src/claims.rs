//! Claims about everybody: who breaks them.

use iamsure_core::decision::evaluate;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{CallPaths, PolicySet, Request};
use iamsure_truth::claim::{
    Body, Claim, ClaimQuery, ClaimVerdict, Condition, DecisionWord, Fact, Proof,
};
use iamsure_truth::unanswered::{Bug, Unanswered, Unaskable};

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::{Facts, is_of_its_owner};
use crate::roles::roles_of;
use crate::shared::{of_each, own_answers};

/// What came of a claim about everybody, in the order of the principals.
#[derive(Debug)]
pub struct Everybody {
    /// One for each principal.
    pub answers: Vec<OneHolds>,
    /// The proofs that were made: one for all principals of whom the question is the same.
    pub proofs: Vec<Option<Proof>>,
}

/// Whether a claim is true of one principal.
#[derive(Clone, Debug)]
pub struct OneHolds {
    /// Whether it is.
    pub verdict: ClaimVerdict,
    /// Which of [`Everybody::proofs`] says so.
    pub proof: Option<usize>,
    /// The request that decides it, made by this principal and decided by the evaluator.
    pub request: Option<Request>,
    /// Why it depends, where it was not decided.
    pub undecided: Option<String>,
    /// Whether no request of this principal is what the claim is about, so that it cannot break it.
    pub is_about_nothing: bool,
}

/// A claim, and how everybody is asked.
#[derive(Clone, Debug)]
pub struct ClaimOfAll<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The call paths that it may name.
    pub paths: &'a CallPaths,
    /// Whether it must hold whatever other Allow is attached later.
    pub open_world: bool,
}

impl ClaimOfAll<'_> {
    /// Whether what is so of the resources of the own account is so of all. Across accounts nothing is allowed that would
    /// not be allowed in one (E-15), so that a claim that something is not is broken at home or nowhere.
    fn is_decided_at_home(&self) -> bool {
        let Body::Never(asked) = &self.claim.body else { return false };
        let is_of_requests = asked.when.as_ref().is_none_or(is_of_requests);
        asked.decision == DecisionWord::Allowed && is_of_requests && !self.open_world
    }

    /// Asks who breaks the claim. A claim about several roles is asked of those that trust the same, beside whom they trust.
    ///
    /// # Errors
    /// If the claim cannot be asked of anybody, or, which is a bug, the evaluator decides a request otherwise than the
    /// proof.
    pub fn answer(&self, principals: &Principals, facts: &Facts) -> Result<Everybody, Unanswered> {
        // What a claim says of some actions it may say of all others.
        let is_of_all = matches!(self.claim.body, Body::AllowOnly(_) | Body::Implies { .. });
        let actions = if is_of_all { Vec::new() } else { self.claim.actions() };
        let resources = match self.claim.resources() {
            [] => &facts.resources,
            named => named,
        };
        let roles = match roles_of(principals, facts, &actions, resources) {
            Ok(roles) => roles,
            Err(why) => {
                let mut all = self.answer_beside(principals, facts)?;
                for one in &mut all.answers {
                    if !one.is_settled(self.claim) {
                        *one = OneHolds::undecided(why.to_owned());
                    }
                }
                return Ok(all);
            }
        };
        let mut all = if roles.are_all {
            Everybody::about_nothing(principals)
        } else {
            self.answer_beside(principals, facts)?
        };
        let of_roles = ClaimOfAll { claim: &self.claim.of_any_resource(), ..self.clone() };
        for group in roles.groups {
            let found = of_roles.answer_beside(principals, &group.facts(facts))?;
            all.or_worse(found, self.claim);
        }
        Ok(all)
    }

    /// Asks who breaks the claim, beside one trust policy at most.
    fn answer_beside(
        &self,
        principals: &Principals,
        facts: &Facts,
    ) -> Result<Everybody, Unanswered> {
        let query = |policies, setting| ClaimQuery {
            policies,
            claim: self.claim.clone(),
            setting,
            paths: self.paths.clone(),
            open_world: self.open_world,
            is_whole: true,
        };
        let keys = |set| {
            let resources = match self.claim.resources() {
                [] => &facts.resources,
                named => named,
            };
            let policies = facts.policies_about(resources, principals, set);
            let query = query(policies, iamsure_truth::setting::Setting::default());
            let keys = query.keys();
            (query.policies, keys)
        };
        let ask = |of: &AccountPrincipal, policies: PolicySet, keys: &[ConditionKey]| {
            if self.is_decided_at_home() {
                let at_home = query(policies.clone(), facts.setting_at_home(of, keys)).answer();
                if at_home.as_ref().is_ok_and(is_of_its_owner) {
                    return at_home;
                }
            }
            query(policies, facts.setting(of, keys)).answer()
        };
        let (found, own) = of_each(principals, keys, facts, ask);
        let answers = own_answers(principals, &found, &own, facts.jobs, |principal, own| {
            Ok(match own {
                Err(why) => OneHolds::undecided(why.to_owned()),
                Ok((place, Ok(proof), asked)) => {
                    OneHolds::of((place, proof), (asked, principal), facts)?
                }
                Ok((_, Err(error), _)) => match error {
                    Unanswered::Claim(Unaskable::NoRequest) => OneHolds::about_nothing(),
                    Unanswered::TooComplex(error) => OneHolds::undecided(error.to_string()),
                    error => return Err(error.clone()),
                },
            })
        })?;
        let proofs = found.into_iter().map(|answered| answered.answer.ok()).collect();
        Ok(Everybody { answers, proofs })
    }
}

impl Everybody {
    /// Of a claim of which nothing has been asked.
    fn about_nothing(principals: &Principals) -> Self {
        let answers = principals.principals.iter().map(|_| OneHolds::about_nothing()).collect();
        Self { answers, proofs: Vec::new() }
    }

    /// What is so of other requests, too: a claim is broken by whoever breaks it by some of them.
    fn or_worse(&mut self, mut others: Self, claim: &Claim) {
        let before = self.proofs.len();
        self.proofs.append(&mut others.proofs);
        for (one, mut other) in self.answers.iter_mut().zip(others.answers) {
            other.proof = other.proof.map(|proof| proof + before);
            let is_same = one.verdict == other.verdict && !one.is_about_nothing;
            let is_open = one.is_about_nothing || other.verdict == ClaimVerdict::Depends;
            let counts = !other.is_about_nothing && !is_same && !one.is_settled(claim);
            if counts && (is_open || other.is_settled(claim)) {
                *one = other;
            }
        }
    }
}

/// Whether a condition is about requests alone, not about what is decided of them.
fn is_of_requests(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_of_requests),
        Condition::Not(part) => is_of_requests(part),
        Condition::Is(atom) => !matches!(atom.fact, Fact::Decision(_) | Fact::Layer(_)),
    }
}

impl OneHolds {
    /// Whether no other request can change the verdict: one breaks a claim about all of them, one proves a claim about some.
    fn is_settled(&self, claim: &Claim) -> bool {
        let settles = if matches!(claim.body, Body::Some(_)) {
            ClaimVerdict::Proved
        } else {
            ClaimVerdict::Refuted
        };
        self.verdict == settles && !self.is_about_nothing
    }

    const fn undecided(why: String) -> Self {
        Self {
            verdict: ClaimVerdict::Depends,
            proof: None,
            request: None,
            undecided: Some(why),
            is_about_nothing: false,
        }
    }

    const fn about_nothing() -> Self {
        Self {
            verdict: ClaimVerdict::Proved,
            proof: None,
            request: None,
            undecided: None,
            is_about_nothing: true,
        }
    }

    /// What the proof for `asked` says of `principal`.
    fn of(
        (place, proof): (usize, &Proof),
        (asked, principal): (&AccountPrincipal, &AccountPrincipal),
        facts: &Facts,
    ) -> Result<Self, Unanswered> {
        let request = match &proof.example {
            None => None,
            Some(example) => {
                let request = principal.instead_of(asked, &example.request);
                let again = evaluate(&example.policies, &request, &facts.switches);
                let again = again.outcome.decided().map(|found| found.verdict);
                if again != Some(example.decision.verdict) {
                    return Err(Unanswered::Bug(Bug::NotShared));
                }
                Some(request)
            }
        };
        Ok(Self {
            verdict: proof.verdict,
            proof: Some(place),
            request,
            undecided: None,
            is_about_nothing: false,
        })
    }
}
