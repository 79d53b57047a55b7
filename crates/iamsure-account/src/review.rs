//! What reviewers ask, of every principal and of whom every role trusts.

use std::collections::HashMap;
use std::sync::Arc;

use iamsure_core::language::{ConditionKey, PolicyDocument};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_review::review_claim::{ReviewClaim, for_policies, for_policies_of};
use iamsure_truth::claim::Proof;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;
use crate::shared::of_each;

/// A claim of the review library, and what came of it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The claim.
    pub claim: ReviewClaim,
    /// The proof, or why there is none.
    pub answer: Result<Proof, String>,
}

/// What came of the claims about one principal.
#[derive(Clone, Debug)]
pub struct ReviewOfOne {
    /// Those about what it may do, or why its policies are not known.
    pub own: Result<Arc<Vec<Reviewed>>, String>,
    /// Of a role: those about whom it trusts.
    pub trust: Arc<Vec<Reviewed>>,
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
        sets.push(Arc::new(answered.answer?));
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
                    let found = of_trust(trust, principal.account(), facts, paths)?;
                    trusts.insert(key.clone(), Arc::new(found));
                }
                trusts.get(&key).cloned().unwrap_or_default()
            }
        };
        all.push(ReviewOfOne { own, trust });
    }
    Ok(all)
}

/// The claims about whom a role of an account trusts.
fn of_trust(
    trust: &PolicyDocument,
    account: &str,
    facts: &Facts,
    paths: &CallPaths,
) -> Result<Vec<Reviewed>, Unanswered> {
    let policies = PolicySet { rcp: facts.layers.rcp.clone(), ..PolicySet::of(trust.clone()) };
    let setting = Setting { switches: facts.switches, ..Setting::default() };
    answered(for_policies_of(&policies, account), &policies, &setting, paths)
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
            Ok(proof) => Ok(proof),
            // Made for these policies; if no request is what it is about, there is nothing to review.
            Err(Unanswered::Claim(Unaskable::NoRequest | Unaskable::Slip(_))) => continue,
            Err(Unanswered::Bug(bug)) => return Err(Unanswered::Bug(bug)),
            Err(error) => Err(error.to_string()),
        };
        all.push(Reviewed { claim, answer });
    }
    Ok(all)
}
