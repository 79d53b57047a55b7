//! Branches: statements that do the same, merged where only one clause differs.
//!
//! Two Allows of one layer that differ in their resources alone are one Allow with the resources of
//! both. Merging before classes are made keeps `*a*`, `*b*`, `*c*` … from being told apart where nothing
//! depends on which of them matched.

use iamsure_core::decision::Strength;
use iamsure_core::language::condition::Operator;
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ConditionKey, PolicyType};
use rustc_hash::FxHashMap;

use super::statement::{Prepared, Resources};
use crate::class::resource::ResourceClause;
use crate::clause::KeyClause;

/// What a statement does when it matches, as far as the rules of combination tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Role {
    pub(super) view: usize,
    pub(super) layer: PolicyType,
    pub(super) level: usize,
    pub(super) effect: Effect,
    pub(super) strength: Strength,
    /// Whether the caller's being meant is unknown (P-13).
    pub(super) is_uncertain: bool,
    /// A statement that plays it.
    pub(super) example: usize,
}

impl Role {
    /// Whether two statements do the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Self { example: 0, ..*self } == Self { example: 0, ..*other }
    }
}

/// A conjunction of clauses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Branch {
    pub(super) resource: Resources,
    /// The clauses, by number, ascending.
    pub(super) keys: Vec<usize>,
}

/// Merges branches that do the same until no two can be merged.
pub(super) fn merge(prepared: &mut Prepared, mut branches: Vec<Branch>) -> Vec<Branch> {
    loop {
        let before = branches.len();
        branches = merge_resources(prepared, branches);
        branches = merge_clauses(prepared, branches);
        if branches.len() == before {
            return branches;
        }
    }
}

/// Branches with the same clauses have the resources of all.
fn merge_resources(prepared: &mut Prepared, branches: Vec<Branch>) -> Vec<Branch> {
    let mut merged: Vec<Branch> = Vec::with_capacity(branches.len());
    // For each set of clauses: its place, and the resources that can be put together.
    let mut places: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
    let mut joined: Vec<Vec<usize>> = Vec::with_capacity(branches.len());
    for branch in branches {
        let lists = match branch.resource {
            Resources::Clause(clause) => prepared
                .resources
                .get(clause)
                .filter(|found| found.sense == Sense::OneOf)
                .map(|_| clause),
            _ => None,
        };
        if let Some(clause) = lists {
            if let Some(list) = places.get(&branch.keys).and_then(|place| joined.get_mut(*place)) {
                list.push(clause);
                continue;
            }
            places.insert(branch.keys.clone(), merged.len());
        } else if merged.contains(&branch) {
            continue;
        }
        joined.push(lists.into_iter().collect());
        merged.push(branch);
    }
    for (branch, list) in merged.iter_mut().zip(joined) {
        if list.len() > 1 {
            let clauses: Vec<_> =
                list.iter().filter_map(|clause| prepared.resources.get(*clause)).collect();
            let union = ResourceClause::union(&clauses);
            branch.resource = Resources::Clause(prepared.resource(union));
        }
    }
    merged
}

/// What a clause must have in common with another to be put together with it, beside its place.
type Kin = (ConditionKey, Operator);

/// What branches have in common that may be put together: the resources, the other clauses, the kin.
type Family = (Resources, Vec<usize>, Kin);

/// Branches of more clauses are left as they are: each would be kept as often as it has clauses.
const MAX_MERGED: usize = 128;

/// Branches that differ in one clause, whose values can be put together.
fn merge_clauses(prepared: &mut Prepared, branches: Vec<Branch>) -> Vec<Branch> {
    let mut groups: FxHashMap<Family, Vec<(usize, usize)>> = FxHashMap::default();
    let mut order: Vec<Family> = Vec::new();
    for (number, branch) in branches.iter().enumerate() {
        if branch.keys.len() > MAX_MERGED {
            continue;
        }
        for (at, clause) in branch.keys.iter().enumerate() {
            let Some(kin) = prepared.clauses.get(*clause).filter(|clause| clause.is_mergeable())
            else {
                continue;
            };
            let group =
                (branch.resource, without(&branch.keys, at), (kin.key.clone(), kin.operator));
            let members = groups.entry(group.clone()).or_default();
            if members.is_empty() {
                order.push(group);
            }
            members.push((number, *clause));
        }
    }
    let mut gone = vec![false; branches.len()];
    let mut merged = branches;
    for group in order {
        let (_, rest, _) = &group;
        let members: Vec<(usize, usize)> = groups
            .get(&group)
            .into_iter()
            .flatten()
            .copied()
            .filter(|(number, _)| gone.get(*number) == Some(&false))
            .collect();
        let Some(((first, _), others)) =
            members.split_first().filter(|(_, others)| !others.is_empty())
        else {
            continue;
        };
        let clauses: Vec<_> =
            members.iter().filter_map(|(_, clause)| prepared.clauses.get(*clause)).collect();
        let Some(union) = KeyClause::union(&clauses) else { continue };
        let union = prepared.clause(union);
        // A branch takes part in one merger a round: its clauses change.
        for (number, _) in others {
            if let Some(gone) = gone.get_mut(*number) {
                *gone = true;
            }
        }
        if let (Some(branch), Some(gone)) = (merged.get(*first).cloned(), gone.get_mut(*first)) {
            *gone = true;
            let mut keys = rest.clone();
            keys.push(union);
            keys.sort_unstable();
            merged.push(Branch { keys, ..branch });
        }
    }
    gone.resize(merged.len(), false);
    merged.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(branch, _)| branch).collect()
}

fn without(keys: &[usize], at: usize) -> Vec<usize> {
    keys.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, key)| *key).collect()
}
