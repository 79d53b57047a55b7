//! Combination: from "which groups of statements match" to a decision, as core decides.
//!
//! Core is asked with one statement for each group that matches. A matching Allow never takes access
//! away and a matching Deny never gives any. So for groups not yet settled, all their Denies and
//! none of their Allows give the least access, and the other way round the most; where those two
//! verdicts are the same, nothing more need be asked.

use iamsure_core::decision::applicable::applies;
use iamsure_core::decision::statement::StatementMatch;
use iamsure_core::decision::{Decision, Strength, Truth, settle};
use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::Request;
use iamsure_core::world::policy_set::StatementId;

use super::branch::Role;
use super::{Outcome, Outcomes, Question, View};
use crate::budget::TooComplex;
use crate::diagram::{Diagram, FALSE, Function, TRUE};

/// Statements that do the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    id: StatementId,
    effect: Effect,
    strength: Strength,
    /// Where one of them matches.
    function: Function,
}

impl Group {
    pub(super) fn new(id: Option<StatementId>, role: &Role, function: Function) -> Self {
        let id = id.unwrap_or(StatementId {
            layer: role.layer,
            level: role.level,
            policy: 0,
            statement: 0,
        });
        Self { id, effect: role.effect, strength: role.strength, function }
    }

    fn matching(&self) -> (StatementId, Effect, StatementMatch) {
        let matched = StatementMatch {
            action: Truth::True,
            resource: Truth::True,
            principal: Truth::True,
            strength: self.strength,
            condition: Truth::True,
        };
        (self.id, self.effect, matched)
    }
}

/// The decision on `request`, wherever each group matches.
pub(super) fn combine(
    diagram: &mut Diagram,
    view: View<'_>,
    request: &Request,
    groups: &[Group],
) -> Result<Function, TooComplex> {
    let mut certain: Vec<Group> = Vec::new();
    let mut open: Vec<Group> = Vec::new();
    for group in groups.iter().filter(|group| applies(group.id.layer, request, view.switches)) {
        match group.function {
            TRUE => certain.push(*group),
            FALSE => {}
            _ => open.push(*group),
        }
    }
    // Denies first: they settle most.
    open.sort_by_key(|group| {
        (group.effect == Effect::Allow, order(group.id.layer), group.id.level)
    });
    Combination { view, request }.decide(diagram, &mut certain, &open)
}

const fn order(layer: PolicyType) -> u8 {
    match layer {
        PolicyType::Rcp => 0,
        PolicyType::Scp => 1,
        PolicyType::Endpoint => 2,
        PolicyType::Boundary => 3,
        PolicyType::Session => 4,
        PolicyType::Identity => 5,
        PolicyType::Resource | PolicyType::Trust => 6,
    }
}

struct Combination<'a> {
    view: View<'a>,
    request: &'a Request,
}

impl Combination<'_> {
    fn decision<'g>(&self, matching: impl Iterator<Item = &'g Group>) -> Decision {
        let statements: Vec<_> = matching.map(Group::matching).collect();
        settle(self.view.policies, self.request, self.view.switches, &statements)
    }

    /// The outcome that is certain, however the open groups turn out; `None` if none is known to be.
    fn certain(&self, certain: &[Group], open: &[Group]) -> Option<Outcome> {
        let with = |effect: Effect| {
            certain.iter().chain(open.iter().filter(move |group| group.effect == effect))
        };
        match self.view.question {
            // Which layer answers is not bounded by less and more access.
            Question::DecidedBy(layer) => {
                open.is_empty().then(|| Outcome::answered(&self.decision(certain.iter()), layer))
            }
            Question::Decision | Question::Applies(_) => {
                let most = self.decision(with(Effect::Allow)).verdict;
                (open.is_empty() || self.decision(with(Effect::Deny)).verdict == most)
                    .then_some(Outcome::Verdict(most))
            }
        }
    }

    fn decide(
        &self,
        diagram: &mut Diagram,
        certain: &mut Vec<Group>,
        open: &[Group],
    ) -> Result<Function, TooComplex> {
        if let Some(outcome) = self.certain(certain, open) {
            return Ok(Function::leaf(Outcomes::only(outcome).0));
        }
        let Some((first, rest)) = open.split_first() else { return Ok(FALSE) };
        certain.push(*first);
        let then = self.decide(diagram, certain, rest)?;
        certain.pop();
        let otherwise = self.decide(diagram, certain, rest)?;
        diagram.choose(first.function, then, otherwise)
    }
}
