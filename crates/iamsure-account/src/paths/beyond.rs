//! What somebody is after a step that gives it more: the same principal, with more policies.
//!
//! Whoever puts a policy on itself has everything that its boundary and the SCPs leave; whoever joins a group has what the
//! group has; whoever takes its boundary away has all of its policies. From there it goes on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iamsure_core::world::KeyState;
use iamsure_truth::unanswered::Unanswered;

use super::step::Steps;
use super::{Administrators, Edge, METHODS, Target, administrators_of};
use crate::principals::Principals;
use crate::question::Facts;

/// How many are followed.
const MOST: usize = 2_000;

/// Said of a principal that has too many ways to more.
const NOT_FOLLOWED: &str = "it has too many ways to get more permissions to follow all of them";

/// A principal as it is after steps that give it more, in whatever order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// Who it is, by number.
    whose: usize,
    /// What the steps gave it.
    has: BTreeSet<Target>,
}

impl Way {
    /// Whether it has no more after a step.
    fn has(&self, to: &Target) -> bool {
        match to {
            Target::Principal(_) => true,
            // Each has its own.
            Target::With(..) => false,
            // Whoever has everything has no more by a group.
            Target::Group(_) if self.has.contains(&Target::MorePermissions) => true,
            more => self.has.contains(more),
        }
    }
}

/// What came of adding what a principal is after a step.
enum Added {
    /// It is there, and got there so.
    New(Way),
    /// It was there before.
    Known,
    /// There are too many.
    NoRoom,
}

/// Principals as they are after steps that give them more.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// By who takes the step, and where it leads, the number of what that is.
    numbers: BTreeMap<(usize, Target), usize>,
    /// The number of each that was made.
    ways: BTreeMap<Way, usize>,
    /// The policy sets that were made, by what they are made of.
    sets: HashMap<(usize, Target), Result<usize, String>>,
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
        // By number, how it got there.
        let mut ways: Vec<Way> =
            (0..count).map(|whose| Way { whose, has: BTreeSet::new() }).collect();
        while !pending.is_empty() {
            let first = all.principals.len();
            for (from, to) in std::mem::take(&mut pending) {
                let Some(way) = ways.get(from).cloned() else { continue };
                let whose = way.whose;
                match found.add(&mut all, (from, way), to) {
                    Added::New(way) => ways.push(way),
                    Added::Known => {}
                    Added::NoRoom => {
                        undecided.entry(whose).or_insert_with(|| NOT_FOLLOWED.to_owned());
                    }
                }
            }
            let mut made = all.clone();
            made.principals.drain(..first);
            let Administrators { are, perhaps } = administrators_of(&made, facts)?;
            let perhaps = perhaps.into_iter().map(|(number, symbols)| (first + number, symbols));
            found.administrators.perhaps.extend(perhaps);
            let mut steps = Steps::new(&all, facts, count);
            for (from, has_everything) in (first..all.principals.len()).zip(&are) {
                let before = found.edges.len();
                let Some(way) = ways.get(from) else { continue };
                match all.principals.get(from).map(|principal| &principal.set) {
                    Some(Ok(_)) => {
                        // From here on it counts where they lead, and not in how many ways.
                        let mut reached = BTreeSet::new();
                        for method in METHODS {
                            steps.take(from, method, &mut found.edges, Some(&mut reached))?;
                        }
                        if !has_everything {
                            let own = found.edges.get(before..).unwrap_or_default();
                            let is_one =
                                |of: usize| administrators.get(of).copied().unwrap_or(false);
                            let more = steps.strengthen(from, own, is_one)?;
                            found.edges.extend(more);
                        }
                    }
                    Some(Err(why)) => {
                        undecided.entry(way.whose).or_insert_with(|| why.clone());
                    }
                    None => {}
                }
                for edge in found.edges.iter_mut().skip(before) {
                    if !has_everything && !way.has(&edge.to) {
                        pending.push((from, edge.to.clone()));
                    }
                    edge.from = way.whose;
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

    /// Adds what a principal is after a step, behind all others.
    fn add(&mut self, principals: &mut Principals, (from, way): (usize, Way), to: Target) -> Added {
        let (of, mut way, step) = match &to {
            Target::With(whose, more) => {
                (*whose, Way { whose: *whose, has: BTreeSet::new() }, Target::clone(more))
            }
            more => (from, way, more.clone()),
        };
        way.has.insert(step.clone());
        if let Some(known) = self.ways.get(&way) {
            self.numbers.insert((from, to), *known);
            return Added::Known;
        }
        if self.ways.len() >= MOST {
            return Added::NoRoom;
        }
        let Some(mut after) = principals.principals.get(of).cloned() else { return Added::Known };
        after.set = after.set.and_then(|set| {
            let make = || principals.set_after(set, &step);
            self.sets.entry((set, step.clone())).or_insert_with(make).clone()
        });
        match step {
            Target::Group(group) => after.groups.push(group),
            Target::Unbounded => after.boundary = KeyState::Absent,
            Target::Principal(_) | Target::With(..) | Target::MorePermissions => {}
        }
        let number = principals.principals.len();
        principals.principals.push(after);
        self.numbers.insert((from, to), number);
        self.ways.insert(way.clone(), number);
        Added::New(way)
    }
}
