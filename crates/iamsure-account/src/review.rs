//! What reviewers ask, of every principal and of whom every role trusts.

use std::collections::HashMap;
use std::sync::Arc;

use iamsure_core::decision::evaluate;
use iamsure_core::language::{ConditionKey, PolicyDocument};
use iamsure_core::world::{CallPaths, PolicySet, Request, Switches};
use iamsure_review::review_claim::{ReviewClaim, for_policies, for_policies_of};
use iamsure_truth::claim::{ClaimVerdict, Proof};
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};

use crate::account_principal::AccountPrincipal;
use crate::changes::Aspect;
use crate::principals::Principals;
use crate::question::Facts;
use crate::shared::{Answered, of_each};

/// A claim of the review library, and what came of it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The claim.
    pub claim: ReviewClaim,
    /// What came of it.
    pub verdict: ClaimVerdict,
    /// The proof, or why there is none.
    pub answer: Result<Proof, String>,
}

/// What came of the claims about one principal.
#[derive(Clone, Debug)]
pub struct ReviewOfOne {
    /// Those about what it may do, or why its policies are not known.
    own: Result<Arc<Answered<Vec<Reviewed>>>, String>,
    /// Of a role: those about whom it trusts.
    trust: Arc<Vec<Reviewed>>,
    /// The choices where AWS is silent.
    switches: Switches,
}

impl ReviewOfOne {
    /// Why the policies of the principal are not known, if they are not.
    pub fn undecided(&self) -> Option<&str> {
        self.own.as_ref().err().map(String::as_str)
    }

    /// Each claim about `principal`, what it is about, and the request that decides it: one of its own, or for its own
    /// role, decided by the evaluator.
    pub fn claims<'a>(
        &'a self,
        principals: &'a Principals,
        principal: &'a AccountPrincipal,
    ) -> impl Iterator<Item = (Aspect, &'a Reviewed, Option<Request>)> {
        let own = self.own.iter().flat_map(move |own| {
            let asked = principals.principals.get(own.asked);
            own.answer.iter().map(move |found| {
                let request = found.request(self.switches, |request| {
                    asked.map_or_else(
                        || request.clone(),
                        |other| principal.instead_of(other, request),
                    )
                });
                (Aspect::Access, found, request)
            })
        });
        let trust = self.trust.iter().map(|found| {
            let of_role =
                |request: &Request| Request { resource: principal.arn.clone(), ..request.clone() };
            (Aspect::Trust, found, found.request(self.switches, of_role))
        });
        own.chain(trust)
    }
}

impl Reviewed {
    /// The request that decides the claim, as `made` over; as it was found where it would be decided otherwise.
    fn request(&self, switches: Switches, made: impl Fn(&Request) -> Request) -> Option<Request> {
        let example = self.answer.as_ref().ok()?.example.as_ref()?;
        let request = made(&example.request);
        let again = evaluate(&example.policies, &request, &switches).outcome;
        let is_same = again.decided().map(|found| found.verdict) == Some(example.decision.verdict);
        Some(if is_same { request } else { example.request.clone() })
    }
}

/// Asks every claim that makes sense for each principal, in the order of the principals.
///
/// # Errors
/// A bug of this program.
pub fn review(
    principals: &Principals,
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Vec<ReviewOfOne>, Unanswered> {
    let keys = |set| {
        let policies = facts.policies(principals, set);
        // The claims ask about keys of the policies, and about the caller itself.
        let mut keys = policies.keys();
        keys.extend(ABOUT_CALLERS.map(ConditionKey::new));
        (policies, keys)
    };
    let ask = |of: &AccountPrincipal, policies: PolicySet, keys: &[ConditionKey]| {
        let setting = facts.setting(of, keys);
        answered(for_policies(&policies), &policies, &setting, paths)
    };
    let (found, own) = of_each(principals, keys, facts.jobs, ask);
    let mut sets = Vec::with_capacity(found.len());
    for answered in found {
        let Answered { asked, answer } = answered;
        sets.push(Arc::new(Answered { asked, answer: answer? }));
    }
    let mut trusts: HashMap<(String, String), Arc<Vec<Reviewed>>> = HashMap::new();
    let mut all = Vec::with_capacity(own.len());
    for (principal, place) in principals.principals.iter().zip(own) {
        let own = place.and_then(|place| {
            sets.get(place).cloned().ok_or_else(|| "it was not asked".to_owned())
        });
        let trust = match principals.trust(&principal.arn) {
            None => Arc::default(),
            Some(trust) => {
                let key = (principal.account().to_owned(), trust.source.text().to_owned());
                if !trusts.contains_key(&key) {
                    let found = of_trust(trust, principal, facts, paths)?;
                    trusts.insert(key.clone(), Arc::new(found));
                }
                trusts.get(&key).cloned().unwrap_or_default()
            }
        };
        all.push(ReviewOfOne { own, trust, switches: facts.switches });
    }
    Ok(all)
}

/// The claims about whom a role trusts. Another role of its account that trusts the same is the same.
fn of_trust(
    trust: &PolicyDocument,
    role: &AccountPrincipal,
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Vec<Reviewed>, Unanswered> {
    let policies = PolicySet { rcp: facts.layers.rcp.clone(), ..PolicySet::of(trust.clone()) };
    let setting = Setting {
        resources: vec![role.arn.clone()],
        switches: facts.switches,
        known_later: facts.known_later,
        ..Setting::default()
    };
    answered(for_policies_of(&policies, role.account()), &policies, &setting, paths)
}

/// The keys by which claims of the library tell callers apart.
const ABOUT_CALLERS: [&str; 3] =
    ["aws:PrincipalAccount", "aws:PrincipalType", "aws:PrincipalIsAWSService"];

fn answered(
    claims: Vec<ReviewClaim>,
    policies: &PolicySet,
    setting: &Setting,
    paths: &CallPaths,
) -> Result<Vec<Reviewed>, Unanswered> {
    let mut all = Vec::with_capacity(claims.len());
    for claim in claims {
        let answer = match claim.query(policies.clone(), setting, paths).answer() {
            Ok(proof) => (proof.verdict, Ok(proof)),
            Err(Unanswered::Claim(error @ Unaskable::NoRequest)) => match claim.about_nobody() {
                Some(verdict) => (verdict, Err(error.to_string())),
                None => continue,
            },
            // Made for these policies, and about nothing: there is nothing to review.
            Err(Unanswered::Claim(Unaskable::Slip(_))) => continue,
            Err(Unanswered::Bug(bug)) => return Err(Unanswered::Bug(bug)),
            Err(error) => (ClaimVerdict::Depends, Err(error.to_string())),
        };
        let (verdict, answer) = answer;
        all.push(Reviewed { claim, verdict, answer });
    }
    Ok(all)
}
