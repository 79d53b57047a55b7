//! What everybody can do in one account and not in another, or whom roles trust.

use std::collections::BTreeMap;

use iamsure_core::language::{PolicyDocument, PolicyType};
use iamsure_core::world::PolicySet;
use iamsure_truth::comparison::{Comparison, ComparisonQuery};
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;

/// What is compared of a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// What it may do.
    Access,
    /// Whom the role trusts.
    Trust,
}

/// In which of the accounts a principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In both.
    Both,
    /// In the second alone.
    Added,
    /// In the first alone.
    Removed,
}

/// What differs of one principal.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its ARN.
    pub arn: String,
    /// What is after the `#` in its address.
    pub address: String,
    /// Where it is.
    pub presence: Presence,
    /// What was compared.
    pub aspect: Aspect,
    /// What differs, or why that is not known.
    pub comparison: Result<Comparison, String>,
}

/// Compares two accounts principal by principal, by ARN. What decides alike is not among the changes.
///
/// # Errors
/// A bug of this program.
pub fn changes(
    before: &Principals,
    after: &Principals,
    facts: &Facts,
) -> Result<Vec<Change>, Unanswered> {
    let mut all: BTreeMap<&str, [Option<&AccountPrincipal>; 2]> = BTreeMap::new();
    for principal in &before.principals {
        all.entry(&principal.arn).or_default()[0] = Some(principal);
    }
    for principal in &after.principals {
        all.entry(&principal.arn).or_default()[1] = Some(principal);
    }
    let mut found = Vec::new();
    for (arn, [was, is]) in all {
        let (presence, principal) = match (was, is) {
            (Some(_), Some(is)) => (Presence::Both, is),
            (None, Some(is)) => (Presence::Added, is),
            (Some(was), None) => (Presence::Removed, was),
            (None, None) => continue,
        };
        let mut add = |aspect, comparison: Result<Result<Comparison, Unanswered>, String>| {
            let comparison = match comparison {
                // Denied for another reason is denied.
                Ok(Ok(found)) if !(found.widens() || found.narrows() || found.is_open()) => {
                    return Ok(());
                }
                Ok(Ok(comparison)) => Ok(comparison),
                Ok(Err(Unanswered::Bug(bug))) => return Err(Unanswered::Bug(bug)),
                Ok(Err(error)) => Err(error.to_string()),
                Err(why) => Err(why),
            };
            found.push(Change {
                arn: arn.to_owned(),
                address: principal.address.clone(),
                presence,
                aspect,
                comparison,
            });
            Ok(())
        };
        let policies = |of: Option<&AccountPrincipal>, within: &Principals| match of {
            // Whoever is not there can do nothing.
            None => {
                let identity = vec![PolicyDocument::empty(PolicyType::Identity)];
                Ok(PolicySet { identity, ..facts.layers.clone() })
            }
            Some(of) => of.set.clone().map(|set| facts.policies(within, set)),
        };
        match (policies(was, before), policies(is, after)) {
            (Ok(one), Ok(other)) if one == other => {}
            (Ok(one), Ok(other)) => {
                let mut keys = one.keys();
                keys.extend(other.keys());
                let setting = facts.setting(principal, &keys);
                add(Aspect::Access, Ok(compared(one, other, setting, true)))?;
            }
            (Err(why), _) | (_, Err(why)) => add(Aspect::Access, Err(why))?,
        }
        let trust = |of: Option<&AccountPrincipal>, within: &Principals| {
            let trust = of.and_then(|of| within.trust(&of.arn)).cloned();
            trust.or_else(|| Some(PolicyDocument::empty(PolicyType::Trust)))
        };
        let (one, other) = (trust(was, before), trust(is, after));
        if one != other {
            let of = |trust| PolicySet { trust, ..PolicySet::default() };
            let setting = Setting {
                resources: vec![arn.to_owned()],
                switches: facts.switches,
                ..Setting::default()
            };
            add(Aspect::Trust, Ok(compared(of(one), of(other), setting, false)))?;
        }
    }
    Ok(found)
}

fn compared(
    before: PolicySet,
    after: PolicySet,
    setting: Setting,
    is_whole: bool,
) -> Result<Comparison, Unanswered> {
    ComparisonQuery { before, after, setting, open_world: false, is_whole }.answer()
}
