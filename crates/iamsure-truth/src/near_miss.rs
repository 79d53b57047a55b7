//! Near misses: the Allow that a denied request comes closest to, and the nearest request that is allowed.
//!
//! What is offered is never a guess: each offer is a whole request, or the policies with one entry changed, and
//! core has allowed it. An offer is a request that can be made: its resource is one that the action works on, as
//! far as AWS publishes its resource types.

mod alignment;
mod closest;
mod offer;
#[cfg(test)]
mod tests;

use iamsure_core::decision::{StatementExplanation, Truth, explain};
use iamsure_core::language::document::Effect;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, PolicySet, Request, Switches};

use crate::ask::Case;
use closest::principals;
pub use offer::is_carried;

/// How many steps of alignment one request is worth: about as many characters of patterns as a thousand long
/// ARNs have.
const MAX_STEPS: usize = 4_000_000;

/// How many near entries are tried with the whole policy set.
const MAX_TRIED: usize = 64;

/// How many statements are gone through for that, at most.
const MAX_WORK: usize = 200_000;

/// An Allow that a denied request misses by one part.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementId,
    /// The part that does not match; the others do.
    pub part: Part,
    /// What comes closest in that part, as written in the policy; nothing for a condition.
    pub closest: Option<String>,
    /// What would be allowed; nothing if no request or entry like the closest one is.
    pub offer: Option<Offer>,
}

/// A part of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Resource or NotResource.
    Resource,
    /// Condition.
    Condition,
    /// Principal or NotPrincipal.
    Principal,
    /// Action or NotAction.
    Action,
}

impl Part {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Condition => "condition",
            Self::Principal => "principal",
            Self::Action => "action",
        }
    }
}

/// One change, after which core allows the request.
#[derive(Clone, Debug)]
pub enum Offer {
    /// The request about another resource.
    Resource(String),
    /// The request for another action.
    Action(&'static str),
    /// The same request, if the closest entry of Resource were this text.
    Entry(String),
    /// The request with these values of condition keys, one after another.
    Keys(Box<Case>),
}

/// What was found about a denied request.
#[derive(Clone, Debug, Default)]
pub struct NearMisses {
    /// The nearest first.
    pub found: Vec<NearMiss>,
    /// Entries that were not looked at, for their number or length.
    pub not_compared: usize,
}

/// The Allow statements of `policies` that `request`, which comes on this path and is denied implicitly, misses by one
/// part, the nearest first.
pub fn near_misses(
    policies: &PolicySet,
    request: &Request,
    path: Option<&CallPath>,
    switches: &Switches,
) -> NearMisses {
    let mut search =
        Search { policies, request, path, switches, steps: MAX_STEPS, not_compared: 0 };
    let allows = policies.statements().filter(|(_, _, found)| *found.effect == Effect::Allow);
    let mut near: Vec<(usize, NearMiss)> = Vec::new();
    for (id, ..) in allows {
        let Some(explanation) = explain(policies, id, request, switches) else { continue };
        near.extend(search.of_statement(&explanation));
    }
    near.sort_by_key(|(distance, miss)| (miss.part == Part::Action, *distance, miss.statement));
    let tried = (MAX_WORK / policies.statements().count().max(1)).clamp(1, MAX_TRIED);
    search.not_compared += near.len().saturating_sub(tried);
    near.truncate(tried);
    let mut found: Vec<NearMiss> = near.into_iter().map(|(_, miss)| search.tried(miss)).collect();
    // What can be had comes first; the order by distance stays.
    found.sort_by_key(|miss| miss.offer.is_none());
    NearMisses { found, not_compared: search.not_compared }
}

struct Search<'a> {
    policies: &'a PolicySet,
    request: &'a Request,
    path: Option<&'a CallPath>,
    switches: &'a Switches,
    steps: usize,
    not_compared: usize,
}

impl Search<'_> {
    /// How far the statement is away, if one part alone is false.
    fn of_statement(
        &mut self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, NearMiss)> {
        let matched = explanation.matched;
        let parts = [
            (Part::Resource, matched.resource),
            (Part::Condition, matched.condition),
            (Part::Principal, matched.principal),
            (Part::Action, matched.action),
        ];
        let mut failed = parts.iter().filter(|(_, truth)| *truth != Truth::True);
        let (part, _) = *failed.next()?;
        if failed.next().is_some() {
            return None;
        }
        let (distance, closest) = match part {
            Part::Resource => self.closest_resource(explanation)?,
            Part::Action => self.closest_action(explanation)?,
            Part::Principal => (0, Some(principals(explanation)?)),
            Part::Condition => (0, None),
        };
        let miss = NearMiss { statement: explanation.id, part, closest, offer: None };
        Some((distance, miss))
    }
}
