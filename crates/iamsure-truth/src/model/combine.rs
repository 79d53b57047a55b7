//! Combination: from "which groups of statements match" to a decision, as core decides.
//!
//! Core is asked with one statement for each group that matches. A matching Allow never takes access
//! away and a matching Deny never gives any. So for groups not yet settled, all their Denies and
//! none of their Allows give the least access, and the other way round the most; where those two
//! verdicts are the same, nothing more need be asked.

use iamsure_core::decision::applicable::applies;
use iamsure_core::decision::statement::StatementMatch;
use iamsure_core::decision::{Decision, Strength, Truth, Verdict, settle};
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
    let combination = Combination { view, request };
    if let Question::DecidedBy(layer) = view.question {
        return combination.answering(diagram, &mut certain, &open, layer);
    }
    let least = combination.verdict(&certain, &open, Effect::Deny);
    let most =
        if open.is_empty() { least } else { combination.verdict(&certain, &open, Effect::Allow) };
    combination.decide(diagram, &mut certain, &open, (least, most))
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
    /// What is decided if of the groups not yet settled just those with this effect match.
    fn verdict(&self, certain: &[Group], open: &[Group], effect: Effect) -> Verdict {
        let matching = certain.iter().chain(open.iter().filter(|group| group.effect == effect));
        self.decision(matching).verdict
    }

    fn decision<'g>(&self, matching: impl Iterator<Item = &'g Group>) -> Decision {
        let statements: Vec<_> = matching.map(Group::matching).collect();
        settle(self.view.policies, self.request, self.view.switches, &statements)
    }

    /// Whether `layer` answers for the decision, which less and more access do not bound: every choice
    /// of the groups is asked.
    fn answering(
        &self,
        diagram: &mut Diagram,
        certain: &mut Vec<Group>,
        open: &[Group],
        layer: PolicyType,
    ) -> Result<Function, TooComplex> {
        let Some((first, rest)) = open.split_first() else {
            let outcome = Outcome::answered(&self.decision(certain.iter()), layer);
            return Ok(Function::leaf(Outcomes::only(outcome).0));
        };
        certain.push(*first);
        let then = self.answering(diagram, certain, rest, layer)?;
        certain.pop();
        let otherwise = self.answering(diagram, certain, rest, layer)?;
        diagram.choose(first.function, then, otherwise)
    }

    /// `least` and `most` are the verdicts for all open Denies, and for all open Allows.
    fn decide(
        &self,
        diagram: &mut Diagram,
        certain: &mut Vec<Group>,
        open: &[Group],
        (least, most): (Verdict, Verdict),
    ) -> Result<Function, TooComplex> {
        let Some((first, rest)) = open.split_first().filter(|_| least != most) else {
            return Ok(Function::leaf(Outcomes::only(Outcome::Verdict(most)).0));
        };
        // That a Deny matches is in the least access already, that it does not is in the most; with an
        // Allow it is the other way round. So of each pair one verdict is known, and both of the last.
        let opposite = if first.effect == Effect::Deny { Effect::Allow } else { Effect::Deny };
        let of_rest = |certain: &[Group], effect: Effect, known: Verdict| {
            if rest.is_empty() { known } else { self.verdict(certain, rest, effect) }
        };
        let (known_with, known_without) =
            if first.effect == Effect::Deny { (least, most) } else { (most, least) };
        let without = of_rest(certain, first.effect, known_without);
        certain.push(*first);
        let with = of_rest(certain, opposite, known_with);
        let (bounds_with, bounds_without) = match first.effect {
            Effect::Deny => ((least, with), (without, most)),
            Effect::Allow => ((with, most), (least, without)),
        };
        let then = self.decide(diagram, certain, rest, bounds_with)?;
        certain.pop();
        let otherwise = self.decide(diagram, certain, rest, bounds_without)?;
        diagram.choose(first.function, then, otherwise)
    }
}
