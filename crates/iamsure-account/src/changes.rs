//! What everybody can do in one account and not in another, whom roles trust, and what policies of resources say.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType};
use iamsure_core::world::PolicySet;
use iamsure_truth::comparison::{Comparison, ComparisonQuery};
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;

use crate::account_principal::AccountPrincipal;
use crate::container::{Container, Held, Holder};
use crate::principals::Principals;
use crate::question::Facts;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// What it may do.
    Access,
    /// Whom the role trusts.
    Trust,
    /// What a policy of no principal says, such as that of a bucket.
    Policy,
}

/// In which of the accounts a principal or a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In both.
    Both,
    /// In the second alone.
    Added,
    /// In the first alone.
    Removed,
}

/// What differs of one principal, or of one policy.
#[derive(Clone, Debug)]
pub struct Change {
    /// The ARN of the principal; `None` of a policy.
    pub arn: Option<String>,
    /// What is after the `#` in its address.
    pub address: String,
    /// Where it is.
    pub presence: Presence,
    /// What was compared.
    pub aspect: Aspect,
    /// Of a policy of no principal, its layer.
    pub layer: Option<PolicyType>,
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
        let mut add = |aspect, comparison: Option<Result<Comparison, String>>| {
            found.extend(comparison.map(|comparison| Change {
                arn: Some(arn.to_owned()),
                address: principal.address.clone(),
                presence,
                aspect,
                layer: None,
                comparison,
            }));
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
            (Ok(one), Ok(other)) if retagged([was, is], [&one, &other]).is_some() => {
                let key = retagged([was, is], [&one, &other]);
                let key = key.map(|key| key.to_string()).unwrap_or_default();
                let why = format!("its tags differ, and its policies ask about `{key}`");
                add(Aspect::Access, Some(Err(why)));
            }
            (Ok(one), Ok(other)) if one == other => {}
            (Ok(one), Ok(other)) => {
                let mut keys = one.keys();
                keys.extend(other.keys());
                let setting = facts.setting(principal, &keys);
                add(Aspect::Access, difference(compared(one, other, setting, true))?);
            }
            (Err(why), _) | (_, Err(why)) => add(Aspect::Access, Some(Err(why))),
        }
        let trust = |of: Option<&AccountPrincipal>, within: &Principals| {
            let trust = of.and_then(|of| within.known_trust(&of.arn));
            match trust {
                Some(Ok(trust)) => Ok(trust.clone()),
                Some(Err(why)) => Err(why.to_owned()),
                None => Ok(PolicyDocument::empty(PolicyType::Trust)),
            }
        };
        match (trust(was, before), trust(is, after)) {
            (Ok(one), Ok(other)) if one == other => {}
            (Ok(one), Ok(other)) => {
                let setting = Setting {
                    resources: vec![arn.to_owned()],
                    switches: facts.switches,
                    known_later: facts.known_later,
                    ..Setting::default()
                };
                let (one, other) = (PolicySet::of(one), PolicySet::of(other));
                add(Aspect::Trust, difference(compared(one, other, setting, false))?);
            }
            (Err(why), _) | (_, Err(why)) => add(Aspect::Trust, Some(Err(why))),
        }
    }
    Ok(found)
}

/// A tag that policies ask about and of which somebody has another value than before.
fn retagged(
    [was, is]: [Option<&AccountPrincipal>; 2],
    policies: [&PolicySet; 2],
) -> Option<ConditionKey> {
    let (was, is) = was.zip(is)?;
    let state = |of: &AccountPrincipal, key: &ConditionKey| of.tags.as_ref()?.state(key);
    let keys = policies.into_iter().flat_map(PolicySet::keys);
    keys.into_iter().find(|key| state(was, key) != state(is, key))
}

/// What differs; `None` if nothing that decides.
///
/// # Errors
/// A bug of this program.
fn difference(
    comparison: Result<Comparison, Unanswered>,
) -> Result<Option<Result<Comparison, String>>, Unanswered> {
    match comparison {
        // Denied for another reason is denied. With other values than the symbols, what is the same may differ.
        Ok(found)
            if !(found.widens() || found.narrows() || found.is_open())
                && found.grounds.literal_symbols.is_empty() =>
        {
            Ok(None)
        }
        Ok(comparison) => Ok(Some(Ok(comparison))),
        Err(Unanswered::Bug(bug)) => Err(Unanswered::Bug(bug)),
        Err(error) => Ok(Some(Err(error.to_string()))),
    }
}

/// Compares the policies that are of no principal, by address. A role or a user without an ARN makes no requests that could
/// be compared: if it is new or has other policies, that is not decided.
///
/// # Errors
/// A bug of this program.
pub fn changes_of_others(
    before: &Container,
    after: &Container,
    facts: &Facts,
) -> Result<Vec<Change>, Unanswered> {
    let (was, is) = (before.policies(), after.policies());
    let mut all: BTreeMap<&str, [Option<&Holder>; 2]> = BTreeMap::new();
    for holder in &was {
        all.entry(&holder.address).or_default()[0] = Some(holder);
    }
    for holder in &is {
        all.entry(&holder.address).or_default()[1] = Some(holder);
    }
    // What somebody has at last is compared as part of what that principal may do.
    let lone = |of: &Container| -> BTreeSet<String> {
        of.unattached().into_iter().map(|holder| holder.address).collect()
    };
    let (lone_before, lone_after) = (lone(before), lone(after));
    all.retain(|address, [_, is]| match is {
        Some(_) => lone_after.contains(*address),
        None => lone_before.contains(*address),
    });
    let mut found = Vec::new();
    for (address, [was, is]) in all {
        let presence = match (was, is) {
            (Some(_), Some(_)) => Presence::Both,
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
        };
        let kind_of = |of: Option<&Holder>| of?.policies.first().map(Held::layer);
        let kind = kind_of(is).or(kind_of(was)).unwrap_or(PolicyType::Identity);
        let document = |of: Option<&Holder>| {
            of.and_then(|of| of.policies.first()).map(|held| held.document(kind)).transpose()
        };
        let comparison = match (document(was), document(is)) {
            (Ok(one), Ok(other)) if one == other => continue,
            (Ok(one), Ok(other)) => {
                let (one, other) = (facts.beside(one, kind), facts.beside(other, kind));
                difference(compared(
                    one,
                    other,
                    facts.setting_within(after.account.as_deref()),
                    false,
                ))?
            }
            (Err(why), _) | (_, Err(why)) => Some(Err(why)),
        };
        found.extend(comparison.map(|comparison| Change {
            arn: None,
            address: address.to_owned(),
            presence,
            aspect: Aspect::Policy,
            layer: Some(kind),
            comparison,
        }));
    }
    found.extend(without_arn(before, after));
    Ok(found)
}

/// The roles and users without an ARN after, if they are new or have other policies.
fn without_arn(before: &Container, after: &Container) -> Vec<Change> {
    let texts = |holder: &Holder| -> Vec<Option<String>> {
        let sources = holder.policies.iter().map(Held::source);
        sources.map(|source| Some(source?.text().to_owned())).collect()
    };
    let was = before.callers();
    let is_new = |holder: &Holder| {
        let own = texts(holder);
        let same = was.iter().filter(|other| other.address == holder.address);
        own.contains(&None) || !same.into_iter().any(|other| texts(other) == own)
    };
    let after = after.callers().into_iter().filter(|holder| holder.arn.is_none());
    after
        .filter(is_new)
        .map(|holder| Change {
            arn: None,
            presence: if was.iter().any(|other| other.address == holder.address) {
                Presence::Both
            } else {
                Presence::Added
            },
            address: holder.address,
            aspect: Aspect::Access,
            layer: None,
            comparison: Err("has no ARN until it is deployed".to_owned()),
        })
        .collect()
}

fn compared(
    before: PolicySet,
    after: PolicySet,
    setting: Setting,
    is_whole: bool,
) -> Result<Comparison, Unanswered> {
    ComparisonQuery { before, after, setting, open_world: false, is_whole }.answer()
}
