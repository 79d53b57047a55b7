//! What somebody is after a step that gives it more: the same principal, with more policies.
//!
//! Whoever puts a policy on itself has everything that its boundary and the SCPs leave; whoever joins a group has what the
//! group has. From there it goes on.

use std::collections::{BTreeMap, HashMap};

use iamsure_truth::unanswered::Unanswered;

use super::step::Steps;
use super::{Administrators, Edge, METHODS, Target, administrators_of};
use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;

/// How many are followed.
const MOST: usize = 2_000;

/// Said of a principal that has too many ways to more.
const NOT_FOLLOWED: &str = "it has too many ways to get more permissions to follow all of them";

/// Principals as they are after steps that give them more.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// By who takes the step, and where it leads, the number of what that is.
    numbers: BTreeMap<(usize, Target), usize>,
    /// The policy sets that were made, by what they are made of.
    sets: HashMap<(usize, Option<String>), Result<usize, String>>,
    /// The steps that they can take, numbered behind all others.
    pub(super) edges: Vec<Edge>,
    /// The numbers of the steps of each, in their order.
    pub(super) steps: Vec<Vec<usize>>,
    /// Which of them may attach any policy to any user.
    pub(super) administrators: Administrators,
}

impl Beyond {
    /// Follows every step that gives more to somebody who is no administrator; whoever has too many of them is not decided.
    ///
    /// # Errors
    /// A bug of this program.
    pub(super) fn follow(
        (principals, facts): (&Principals, &Facts),
        (edges, administrators): (&[Edge], &[bool]),
        undecided: &mut BTreeMap<usize, String>,
    ) -> Result<Self, Unanswered> {
        let mut found = Self::default();
        let gives_more = |edge: &&Edge| {
            let is_administrator = administrators.get(edge.from).copied().unwrap_or(false);
            !is_administrator && !matches!(edge.to, Target::Principal(_))
        };
        let more = edges.iter().filter(gives_more);
        let mut pending: Vec<(usize, Target)> =
            more.map(|edge| (edge.from, edge.to.clone())).collect();
        if pending.is_empty() {
            return Ok(found);
        }
        let mut all = principals.clone();
        let count = all.principals.len();
        // By number, who it is.
        let mut whom: Vec<usize> = (0..count).collect();
        while !pending.is_empty() {
            let first = all.principals.len();
            for (from, to) in std::mem::take(&mut pending) {
                let Some(own) = whom.get(from).copied() else { continue };
                if !found.add(&mut all, from, &to) {
                    undecided.entry(own).or_insert_with(|| NOT_FOLLOWED.to_owned());
                }
                whom.resize(all.principals.len(), own);
            }
            let mut made = all.clone();
            made.principals.drain(..first);
            let Administrators { are, perhaps } = administrators_of(&made, facts)?;
            let perhaps = perhaps.into_iter().map(|(number, symbols)| (first + number, symbols));
            found.administrators.perhaps.extend(perhaps);
            let mut steps = Steps::new(&all, facts, count);
            for (from, has_everything) in (first..all.principals.len()).zip(&are) {
                let before = found.edges.len();
                let own = whom.get(from).copied().unwrap_or(from);
                match all.principals.get(from).map(|principal| &principal.set) {
                    Some(Ok(_)) => {
                        for method in METHODS {
                            steps.take(from, method, &mut found.edges)?;
                        }
                    }
                    Some(Err(why)) => {
                        undecided.entry(own).or_insert_with(|| why.clone());
                    }
                    None => {}
                }
                for edge in found.edges.iter_mut().skip(before) {
                    // Whoever has everything has no more by a group.
                    if !has_everything && matches!(edge.to, Target::Group(_)) {
                        pending.push((from, edge.to.clone()));
                    }
                    edge.from = own;
                }
                let numbers = before..found.edges.len();
                found.steps.push(numbers.map(|number| edges.len() + number).collect());
            }
            found.administrators.are.extend(are);
        }
        Ok(found)
    }

    /// What a principal is after a step: its number, if it goes on from there.
    pub(super) fn after(&self, from: usize, to: &Target) -> Option<usize> {
        match to {
            Target::Principal(number) => Some(*number),
            more => self.numbers.get(&(from, more.clone())).copied(),
        }
    }

    /// Adds what a principal is after a step, behind all others; whether there is room.
    fn add(&mut self, principals: &mut Principals, from: usize, to: &Target) -> bool {
        let group = match to {
            Target::Principal(_) => return true,
            Target::MorePermissions => None,
            Target::Group(group) => Some(group.clone()),
        };
        if self.numbers.contains_key(&(from, to.clone())) {
            return true;
        }
        let Some(of) = principals.principals.get(from).cloned() else { return true };
        if self.numbers.len() >= MOST {
            return false;
        }
        let joined = group.clone();
        let set = of.set.clone().and_then(|set| {
            let make = || principals.set_with(set, joined.as_deref());
            self.sets.entry((set, joined.clone())).or_insert_with(make).clone()
        });
        let groups = of.groups.iter().cloned().chain(group).collect();
        principals.principals.push(AccountPrincipal { set, groups, ..of });
        self.numbers.insert((from, to.clone()), principals.principals.len() - 1);
        true
    }
}
