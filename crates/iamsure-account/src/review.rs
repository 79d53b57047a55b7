//! What reviewers ask, of every principal and of whom every role trusts.

use std::collections::HashMap;
use std::sync::Arc;

use iamsure_core::decision::evaluate;
use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType};
use iamsure_core::world::{CallPaths, PolicySet, Request, Switches};
use iamsure_review::review_claim::{ReviewClaim, for_policies, for_policies_of};
use iamsure_truth::claim::{ClaimVerdict, Proof};
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};

use crate::account_principal::AccountPrincipal;
use crate::changes::Aspect;
use crate::container::Container;
use crate::principals::Principals;
use crate::question::Facts;
use crate::resource_policy::ResourcePolicy;
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
    /// Of a role: those about whom it trusts, or why that is not known.
    trust: Result<Arc<Vec<Reviewed>>, String>,
    /// The choices where AWS is silent.
    switches: Switches,
}

impl ReviewOfOne {
    /// The parts of the principal that are unknown, each with the reason.
    pub fn undecided(&self) -> impl Iterator<Item = (Aspect, &str)> {
        let own = self.own.as_ref().err().map(|why| (Aspect::Access, why.as_str()));
        let trust = self.trust.as_ref().err().map(|why| (Aspect::Trust, why.as_str()));
        own.into_iter().chain(trust)
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
        let trust = self.trust.iter().flat_map(|trust| trust.iter()).map(|found| {
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
    let (found, own) = of_each(principals, keys, facts, ask);
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
        let trust = match principals.known_trust(&principal.arn) {
            None => Ok(Arc::default()),
            Some(Err(why)) => Err(why.to_owned()),
            Some(Ok(trust)) => {
                let key = (principal.account().to_owned(), trust.source.text().to_owned());
                if !trusts.contains_key(&key) {
                    let found = of_trust(trust, principal, facts, paths)?;
                    trusts.insert(key.clone(), Arc::new(found));
                }
                Ok(trusts.get(&key).cloned().unwrap_or_default())
            }
        };
        all.push(ReviewOfOne { own, trust, switches: facts.switches });
    }
    Ok(all)
}

/// A policy of no principal, such as that of a bucket, and what came of the claims about it.
#[derive(Clone, Debug)]
pub struct ReviewOfPolicy {
    /// What is after the `#` in its address.
    pub address: String,
    /// The claims, or why the policy is not known.
    pub claims: Result<Vec<Reviewed>, String>,
    /// The choices where AWS is silent.
    switches: Switches,
}

impl ReviewOfPolicy {
    /// The request that decides a claim about it.
    pub fn request(&self, claim: &Reviewed) -> Option<Request> {
        claim.request(self.switches, Request::clone)
    }
}

/// Asks every claim that makes sense for each policy that is of no principal. Identity-based policies that are attached to
/// nobody grant nothing in an account; in a plan or a template, whoever has them is elsewhere.
///
/// # Errors
/// A bug of this program.
pub fn review_of_policies(
    container: &Container,
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Vec<ReviewOfPolicy>, Unanswered> {
    let mut all = Vec::new();
    for holder in container.unattached() {
        let Some(held) = holder.policies.first() else { continue };
        let kind = held.layer();
        if kind == PolicyType::Identity && !container.has_symbols {
            continue;
        }
        let setting = facts.setting_within(container.account.as_deref());
        let found = of_policy((held.document(kind), kind), &setting, facts, paths);
        all.push(ReviewOfPolicy {
            address: holder.address,
            claims: found?,
            switches: facts.switches,
        });
    }
    Ok(all)
}

/// Asks every claim that makes sense for the policy of each resource, as of a policy that is of no principal.
///
/// # Errors
/// A bug of this program.
pub fn review_of_resources(
    policies: &[ResourcePolicy],
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Vec<ReviewOfPolicy>, Unanswered> {
    let review = |policy: &ResourcePolicy| {
        let setting = facts.setting_within(policy.account.as_deref());
        let (resources, known_later) = (policy.decides_about(), policy.known_later);
        let setting = Setting { resources, known_later, ..setting };
        let document = (policy.document(), PolicyType::Resource);
        Ok(ReviewOfPolicy {
            address: policy.resource.as_ref().unwrap_or(&policy.path).clone(),
            claims: of_policy(document, &setting, facts, paths)?,
            switches: facts.switches,
        })
    };
    policies.iter().map(review).collect()
}

/// The claims about a policy of no principal, or why it is not known.
fn of_policy(
    (document, kind): (Result<PolicyDocument, String>, PolicyType),
    setting: &Setting,
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Result<Vec<Reviewed>, String>, Unanswered> {
    let document = match document {
        Ok(document) => document,
        Err(why) => return Ok(Err(why)),
    };
    let policies = facts.beside(Some(document), kind);
    let claims = match &setting.resource_account {
        Some(account) => for_policies_of(&policies, account),
        None => for_policies(&policies),
    };
    answered(claims, &policies, setting, paths).map(Ok)
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
