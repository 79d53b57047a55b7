//! Statements that do nothing: what would be decided without them is what is decided with them.
//!
//! For every statement the model says where it matches, where others that do the same match, and what
//! would be decided without it, in every small model. Where that is the same function everywhere, no
//! request tells whether the statement is there: it is *inert*, and that is a proof. Each statement
//! is taken away alone; two inert ones that stand in for each other cannot both go.
//!
//! A Deny can change no access while nothing allows what it denies, and be all that holds when somebody
//! attaches an Allow. So every statement is asked about twice: by these policies alone, and in the
//! [open world](crate::open_world). An Allow is there to be asked in each world between: the policies
//! as they are, and with Allows in layers other than its own.
//!
//! Requests whose keys AWS documents never to meet (8.3) do not count.

mod difference;
mod every_value;
mod reason;

use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Request, Switch};

pub use difference::Change;
pub use reason::Why;

use crate::background::documented;
use crate::claim::{ClaimVerdict, Reason};
use crate::dependence::alternatives;
use crate::diagram::{FALSE, Function};
use crate::grounds::Grounds;
use crate::hunt::{Found, Hunt};
use crate::model::{Disagreement, Model, Question, View};
use crate::open_world::{Grant, with_delegation, with_grants};
use crate::setting::{Setting, Stage};
use crate::table::Reach;
use crate::unanswered::Unanswered;

use difference::difference;
use reason::Reasons;

/// Which statements do something, and what.
#[derive(Clone, Debug)]
pub struct InertQuery {
    /// The policies.
    pub policies: PolicySet,
    /// Which requests count.
    pub setting: Setting,
    /// Whether to look for a request that shows what each statement does.
    pub examples: bool,
}

/// What every statement does.
#[derive(Clone, Debug)]
pub struct Inertness {
    /// One for each statement, in the order of the policies.
    pub statements: Vec<StatementEffect>,
    /// What the answer rests on.
    pub grounds: Grounds,
}

/// What one statement does.
#[derive(Clone, Debug)]
pub struct StatementEffect {
    /// The statement.
    pub statement: StatementId,
    /// What taking it away changes, by these policies alone.
    pub closed: Change,
    /// What taking it away changes in some world with other Allows.
    pub open: Change,
    /// What taking it away changes for actions that AWS does not publish, or has retired.
    pub unpublished: Change,
    /// Why it changes no access by these policies alone, if it does not.
    pub why: Option<Why>,
    /// A request that is decided otherwise without it, if there is one and one was found.
    pub example: Option<Example>,
}

/// What came of the claim that no statement is inert.
#[derive(Clone, Debug)]
pub struct NoneInert {
    /// Whether it is true.
    pub verdict: ClaimVerdict,
    /// Whether it is true with the choices that were made where AWS is silent.
    pub by_default: ClaimVerdict,
    /// The choices with which it is otherwise.
    pub reasons: Vec<Reason>,
    /// What every statement does.
    pub inertness: Inertness,
}

impl Inertness {
    /// The statements that change no access: by these policies alone, or in every world.
    pub fn inert(&self, open_world: bool) -> impl Iterator<Item = &StatementEffect> {
        self.statements.iter().filter(move |effect| {
            if open_world { effect.is_inert_in_every_world() } else { effect.is_inert() }
        })
    }
}

/// A request that shows what a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The request.
    pub request: Request,
    /// What is decided with the statement.
    pub with: Verdict,
    /// What is decided without it.
    pub without: Verdict,
    /// The layers that must be given an Allow for that.
    pub extra: Vec<Grant>,
    /// Whether there are such requests.
    pub reach: Reach,
}

/// The worlds in which a request is tried, those with fewer Allows first.
const FEWER: [&[Grant]; 7] = [
    &[],
    &[Grant::Identity],
    &[Grant::Session],
    &[Grant::Resource],
    &[Grant::Identity, Grant::Session],
    &[Grant::Identity, Grant::Resource],
    &[Grant::Session, Grant::Resource],
];

/// A world: Allows in these layers beside the policies.
struct World {
    extra: Vec<Grant>,
    policies: PolicySet,
}

impl World {
    fn with(policies: &PolicySet, extra: &[Grant]) -> Self {
        Self { extra: extra.to_vec(), policies: with_grants(policies, extra) }
    }
}

/// Where the most that a statement changes was seen: in which view, and where in which small models.
struct Seen {
    change: Change,
    view: usize,
    places: Vec<(usize, Function)>,
}

impl InertQuery {
    /// What every statement does.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn answer(&self) -> Result<Inertness, Unanswered> {
        let setting = self.setting.of_a_stranger(&[&self.policies]);
        let setting = setting.as_ref().unwrap_or(&self.setting);
        let stage = setting.stage_of_decisions(&[&self.policies]);
        let ways = stage.either_way(&self.policies);
        let policies = &ways.delegating;
        let mut effects: Vec<StatementEffect> = self
            .policies
            .statements()
            .map(|(statement, ..)| StatementEffect {
                statement,
                closed: Change::Nothing,
                open: Change::Nothing,
                unpublished: Change::Nothing,
                why: None,
                example: None,
            })
            .collect();
        let mut worlds = vec![World::with(policies, &[])];
        // Where nothing but Allows grant, the widest world says nothing: each is covered in it.
        if !self.grants_only() {
            worlds.push(World::with(policies, &Grant::ALL));
        }
        let model = self.ask(&stage, (policies, &worlds), &mut effects, true)?;
        let between = self.worlds_between(&stage, policies, &effects);
        if !between.is_empty() {
            self.ask(&stage, (policies, &between), &mut effects, false)?;
        }
        let grounds = Grounds::of(&model, &stage, stage.scope(), &self.policies, ways.clone());
        Ok(Inertness { statements: effects, grounds })
    }

    /// What becomes of the claim that no statement is inert, in the open world or by these policies alone, and
    /// what it would be with every other choice where AWS is silent.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn claim(&self, open_world: bool) -> Result<NoneInert, Unanswered> {
        let mut inertness = self.answer()?;
        let of = |answer: &Inertness| match answer.inert(open_world).next() {
            None => ClaimVerdict::Proved,
            Some(_) => ClaimVerdict::Refuted,
        };
        let by_default = of(&inertness);
        let mut reasons = Vec::new();
        for (switch, choice, switches) in alternatives(&self.policies, &self.setting.switches) {
            let setting = Setting { switches, ..self.setting.clone() };
            let other = Self { policies: self.policies.clone(), setting, examples: false };
            let verdict = of(&other.answer()?);
            if verdict != by_default {
                reasons.push(Reason::Switch(switch, choice, verdict));
            }
        }
        let verdict = if reasons.is_empty() { by_default } else { ClaimVerdict::Depends };
        inertness.grounds.switches = Some(reasons.iter().filter_map(Reason::choice).collect());
        Ok(NoneInert { verdict, by_default, reasons, inertness })
    }

    /// For each statement that changes no access in any world, the choices where AWS is silent with which it
    /// does: what was answered depends on them.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn dependent(
        &self,
        answer: &Inertness,
    ) -> Result<Vec<(StatementId, Switch, &'static str)>, Unanswered> {
        let mut found = Vec::new();
        let inert: Vec<&StatementEffect> =
            answer.statements.iter().filter(|effect| effect.is_inert_in_every_world()).collect();
        if inert.is_empty() {
            return Ok(found);
        }
        for (switch, choice, switches) in alternatives(&self.policies, &self.setting.switches) {
            let setting = Setting { switches, ..self.setting.clone() };
            let policies = self.policies.clone();
            let other = Self { policies, setting, examples: false }.answer()?;
            for effect in &inert {
                let is_so = |known: &&StatementEffect| known.statement == effect.statement;
                let known = other.statements.iter().find(is_so);
                if known.is_some_and(|known| !known.is_inert_in_every_world()) {
                    found.push((effect.statement, switch, choice));
                }
            }
        }
        Ok(found)
    }

    /// Whether there is no Deny and no layer that only limits.
    fn grants_only(&self) -> bool {
        !self.limits()
            && self.policies.statements().all(|(.., found)| *found.effect == Effect::Allow)
    }

    /// Whether some layer only limits.
    fn limits(&self) -> bool {
        let limits = |kind| {
            matches!(
                kind,
                PolicyType::Boundary | PolicyType::Scp | PolicyType::Rcp | PolicyType::Endpoint
            )
        };
        self.policies.policies().any(|(kind, ..)| limits(kind))
    }

    /// The worlds between that could tell what an Allow does which does nothing in the others.
    fn worlds_between(
        &self,
        stage: &Stage<'_>,
        policies: &PolicySet,
        effects: &[StatementEffect],
    ) -> Vec<World> {
        let is_left = |effect: &StatementEffect| {
            effect.open != Change::Access
                && self
                    .policies
                    .statement(effect.statement)
                    .is_some_and(|(_, found)| *found.effect == Effect::Allow)
        };
        // In one account, with identity-based policies alone, a grant elsewhere suffices by itself.
        let is_simple = !self.limits()
            && self.policies.resource.is_none()
            && self.policies.trust.is_none()
            && self.policies.session.is_empty()
            && stage.is_of_one_account();
        if is_simple || !effects.iter().any(is_left) {
            return Vec::new();
        }
        let some: [&[Grant]; 6] = [
            &[Grant::Identity],
            &[Grant::Session],
            &[Grant::Resource],
            &[Grant::Identity, Grant::Session],
            &[Grant::Identity, Grant::Resource],
            &[Grant::Session, Grant::Resource],
        ];
        // What the policy of a resource leaves to the account is not what it grants itself.
        let accounts: Vec<&str> = stage
            .callers
            .iter()
            .filter_map(|caller| caller.requester.principal.account())
            .collect();
        let delegated = with_delegation(policies, &accounts);
        let delegations = [vec![], vec![Grant::Session]].into_iter().map(|others| {
            let policies = with_grants(&delegated, &others);
            World { extra: [vec![Grant::Resource], others].concat(), policies }
        });
        let granted = some.into_iter().map(|extra| World::with(policies, extra));
        granted.chain(delegations.filter(|_| !accounts.is_empty())).collect()
    }

    /// Asks in these worlds, which are `policies` with Allows, what each statement changes. The first is that
    /// of the policies alone, if `closed_first` says so.
    fn ask(
        &self,
        stage: &Stage<'_>,
        (policies, worlds): (&PolicySet, &[World]),
        effects: &mut [StatementEffect],
        closed_first: bool,
    ) -> Result<Model, Unanswered> {
        let switches = &self.setting.switches;
        let question = Question::Decision;
        let views: Vec<View<'_>> = worlds
            .iter()
            .map(|world| View { policies: &world.policies, switches, question })
            .collect();
        let mut model = Model::with_shares(&views, stage.scope())?;
        let published = published(&model);
        let mut reasons: Vec<Reasons> = vec![Reasons::default(); effects.len()];
        let mut seen: Vec<Option<Seen>> = effects.iter().map(|_| None).collect();
        for (number, residual) in model.residuals.iter_mut().enumerate() {
            let is_published = published.get(number).copied().unwrap_or(false);
            // What AWS documents never to happen tells nothing.
            let known = documented(residual)?;
            residual.possible = residual.diagram.and(residual.possible, known)?;
            for share in residual.shares.clone() {
                let place = effects.iter().position(|known| known.statement == share.statement);
                let Some(at) = place else { continue };
                let is_closed = closed_first && share.view == 0;
                let (change, function) = difference(residual, &share)?;
                if is_closed && let Some(reasons) = reasons.get_mut(at) {
                    reasons.note(residual, &share, change, is_published)?;
                }
                let Some(effect) = effects.get_mut(at) else { continue };
                if !is_published {
                    effect.unpublished = effect.unpublished.max(change);
                    continue;
                }
                if is_closed {
                    effect.closed = effect.closed.max(change);
                }
                effect.open = effect.open.max(change);
                if let Some(slot) = seen.get_mut(at) {
                    see(slot, change, share.view, (number, function));
                }
            }
        }
        if closed_first {
            for (effect, reasons) in effects.iter_mut().zip(reasons) {
                let is_deny = self
                    .policies
                    .statement(effect.statement)
                    .is_some_and(|(_, found)| *found.effect == Effect::Deny);
                effect.why = (effect.closed != Change::Access).then(|| reasons.why(is_deny));
            }
        }
        if self.examples {
            let hunt = Hunt::new(&model, &views);
            for (effect, seen) in effects.iter_mut().zip(seen) {
                let Some(Seen { change, view, places }) = seen else { continue };
                let known = effect.example.as_ref();
                if known.is_some_and(|known| Change::between(known.with, known.without) >= change) {
                    continue;
                }
                let mut wanted = vec![FALSE; model.residuals.len()];
                for (residual, function) in places {
                    if let Some(slot) = wanted.get_mut(residual) {
                        *slot = function;
                    }
                }
                let Some(world) = worlds.get(view) else { continue };
                let shows = |request: &Request| {
                    let both = self.both(request, &world.policies, effect.statement);
                    both.is_some_and(|(with, without)| Change::between(with, without) == change)
                };
                if let Some(found) = hunt.find(&wanted, &shows)? {
                    let example =
                        self.example(found, (policies, world), effect.statement, change)?;
                    effect.example = example.or(effect.example.take());
                }
            }
        }
        Ok(model)
    }

    /// What core decides with the statement and without it; `None` if that depends on a fact that nobody knows (P-13).
    fn both(
        &self,
        request: &Request,
        policies: &PolicySet,
        statement: StatementId,
    ) -> Option<(Verdict, Verdict)> {
        let verdict = |policies: &PolicySet| {
            let found = evaluate(policies, request, &self.setting.switches).outcome;
            found.decided().map(|decision| decision.verdict)
        };
        Some((verdict(policies)?, verdict(&policies.only(|id| id != statement))?))
    }

    /// What core decides with the statement and without it, which must be what was found. `None` if that
    /// depends on a fact that nobody knows (P-13).
    fn example(
        &self,
        Found { request, reach }: Found,
        (policies, world): (&PolicySet, &World),
        statement: StatementId,
        expected: Change,
    ) -> Result<Option<Example>, Box<Disagreement>> {
        let both = |policies: &PolicySet| self.both(&request, policies, statement);
        // As few Allows as show it.
        for extra in FEWER.iter().filter(|extra| extra.len() < world.extra.len()) {
            if extra.iter().all(|grant| world.extra.contains(grant))
                && let Some((with, without)) = both(&with_grants(policies, extra))
                && Change::between(with, without) == expected
            {
                return Ok(Some(Example { with, without, extra: extra.to_vec(), request, reach }));
            }
        }
        let Some((with, without)) = both(&world.policies) else { return Ok(None) };
        if Change::between(with, without) != expected {
            let [expected, found] = [with, without].map(crate::model::Outcome::Verdict);
            return Err(Box::new(Disagreement { expected, found, request: Box::new(request) }));
        }
        Ok(Some(Example { with, without, extra: world.extra.clone(), request, reach }))
    }
}

/// Keeps the place if nothing greater was seen, the first view before others.
fn see(slot: &mut Option<Seen>, change: Change, view: usize, place: (usize, Function)) {
    if change == Change::Nothing {
        return;
    }
    match slot {
        Some(seen) if seen.change == change && seen.view == view => seen.places.push(place),
        Some(seen) if seen.change > change || (seen.change == change && seen.view < view) => {}
        _ => *slot = Some(Seen { change, view, places: vec![place] }),
    }
}

/// For each small model, whether it is of some action that AWS publishes.
fn published(model: &Model) -> Vec<bool> {
    let mut published = vec![false; model.residuals.len()];
    for cell in &model.cells {
        let is_so = model.actions.classes.get(cell.action).is_some_and(|class| class.published > 0);
        if let Some(known) = published.get_mut(cell.residual) {
            *known |= is_so;
        }
    }
    published
}

impl StatementEffect {
    /// Whether no request of a published action is decided otherwise without it, by these policies alone.
    pub fn is_inert(&self) -> bool {
        self.closed != Change::Access
    }

    /// Whether it changes no access whatever other Allow is attached.
    pub fn is_inert_in_every_world(&self) -> bool {
        self.is_inert() && self.open != Change::Access
    }
}

#[cfg(test)]
mod tests;
