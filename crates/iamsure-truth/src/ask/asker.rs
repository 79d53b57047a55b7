//! One request decided by one policy set, over everything that is unknown of it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use iamsure_core::decision::{
    Answerable, Evaluation, Outcome as CoreOutcome, Truth, Verdict, evaluate,
};
use iamsure_core::language::document::{Effect, PolicyType};
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{Context, PolicySet, Switches};

use super::answer::{Answer, Case, Conditions, LeftOpen};
use super::stand_in;
use super::worlds::Worlds;
use crate::background::documented;
use crate::budget::{Budget, TooComplex};
use crate::class::requester::Caller;
use crate::class::resource::ResourceRange;
use crate::cover::{Cube, cover};
use crate::diagram::{FALSE, Function, TRUE};
use crate::hunt::Hunt;
use crate::known_later::Bounds;
use crate::model::{Model, Outcome, Outcomes, Question, Scope, View};
use crate::table::cells;

/// What the model of one request may take. Beyond it, the answer says that it was too much.
pub(crate) const BUDGET: Budget = Budget {
    states: 200_000,
    classes: 4_096,
    subjects: 200,
    nodes: 200_000,
    rows: 1_000,
    combinations: 100_000,
};

/// How many statements that may or may not match are told apart.
const MAX_STATEMENTS: usize = 32;

/// How many cases of one verdict are told apart by the statements that decide.
const MAX_CASES: usize = 8;

/// Decides requests by one policy set.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The policies, all of which look at the requests.
    pub policies: &'a PolicySet,
    /// The choices where AWS is silent.
    pub switches: &'a Switches,
}

impl Asker<'_> {
    /// Every decision of the possibilities of one request. Each witness is decided by core.
    ///
    /// What cannot be, as AWS documents its condition keys, is left out.
    pub fn answer(&self, worlds: &Worlds<'_>) -> Answer {
        let evaluations: Vec<Evaluation> = (worlds.requests().iter())
            .map(|request| evaluate(self.policies, request, self.switches))
            .collect();
        if let Some(answer) = alike(worlds, &evaluations) {
            return answer;
        }
        let open = Open::of(&evaluations, self.policies);
        self.by_model(worlds, &open).unwrap_or_else(|error| {
            let verdicts = bounds(&evaluations).into_iter().collect();
            Answer { cases: Vec::new(), left_open: vec![LeftOpen::Budget(error, verdicts)] }
        })
    }

    /// As [`answer`](Self::answer). If the policy of the role or key must exist and is not among the policies,
    /// the answer is for both: it delegates to the account, or it does not allow the caller.
    pub(crate) fn either_way(&self, worlds: &Worlds<'_>) -> Answer {
        let ways = stand_in::either_way_of(self.policies, worlds.first());
        let answer = Asker { policies: &ways.delegating, ..*self }.answer(worlds);
        match &ways.silent {
            None => answer,
            Some(policies) => answer.assuming(Asker { policies, ..*self }.answer(worlds)),
        }
    }

    /// As [`either_way`](Self::either_way), whatever the symbols in the policies stand for: one answer where it is the same for
    /// every value, otherwise that of the most they may let through and that of the least. A symbol in the resource
    /// is that one value.
    pub(crate) fn for_every_value(&self, worlds: &Worlds<'_>) -> Answer {
        let literal = self.either_way(worlds);
        let Some(Bounds { most, least, .. }) = Bounds::at(self.policies, worlds.first()) else {
            return literal;
        };
        let either_way = |policies| Asker { policies, ..*self }.either_way(worlds);
        // As written, the policies are between the two.
        if either_way(&most).decides_as(&either_way(&least)) {
            return literal;
        }
        let ways = [most, least].map(|set| stand_in::either_way_of(&set, worlds.first()));
        let [most, least] = &ways;
        let answer = |policies| Asker { policies, ..*self }.answer(worlds);
        answer(&most.delegating).bounded(answer(least.silenced()))
    }

    /// As [`answer`](Self::answer), whatever the symbols in the policies stand for.
    pub(super) fn answer_for_every_value(&self, worlds: &Worlds<'_>) -> Answer {
        let literal = self.answer(worlds);
        let Some(Bounds { most, least, .. }) = Bounds::at(self.policies, worlds.first()) else {
            return literal;
        };
        let answer = |policies| Asker { policies, ..*self }.answer(worlds);
        let (most, least) = (answer(&most), answer(&least));
        if most.decides_as(&least) { literal } else { most.bounded(least) }
    }

    fn by_model(&self, worlds: &Worlds<'_>, open: &Open) -> Result<Answer, TooComplex> {
        let first = worlds.first();
        // Nothing else can match.
        let policies = self.policies.only(|id| open.may_match.contains(&id));
        let view = |question| View { policies: &policies, switches: self.switches, question };
        let layers: Vec<PolicyType> = layers(self.policies);
        let told_apart: &[StatementId] =
            if open.unsure.len() > MAX_STATEMENTS { &[] } else { &open.unsure };
        let mut views = vec![view(Question::Decision)];
        views.extend(layers.iter().map(|layer| view(Question::DecidedBy(*layer))));
        views.extend(told_apart.iter().map(|id| view(Question::Applies(*id))));

        let callers = [Caller::new("the caller", first.requester.clone())];
        let contexts: Vec<Context> =
            worlds.requests().iter().map(|world| world.context.clone()).collect();
        let knowledge = |key: &ConditionKey, _: &Caller| worlds.knowledge(key);
        let scope = Scope {
            callers: &callers,
            template: first,
            worlds: &contexts,
            actions: &[ActionPattern::new(first.action.as_str())],
            resources: ResourceRange::One(&first.resource),
            knowledge: &knowledge,
            budget: BUDGET,
        };
        let mut model = Model::build(&views, scope)?;
        let mut regions = Regions::of(&mut model, layers.len())?;
        regions.split_by_layer(&mut model)?;
        regions.split_by_statement(&mut model, told_apart, self.policies)?;
        regions.answer(&mut model, &views, self, open)
    }
}

/// The answer where every world is decided alike, whatever is unknown.
fn alike(worlds: &Worlds<'_>, evaluations: &[Evaluation]) -> Option<Answer> {
    let (first, rest) = evaluations.split_first()?;
    let decision = first.outcome.decided()?;
    let same = rest.iter().all(|other| other.outcome.decided() == Some(decision));
    same.then(|| Answer::only(decision.clone(), worlds.first().clone()))
}

/// Every verdict that three-valued evaluation leaves possible.
fn bounds(evaluations: &[Evaluation]) -> BTreeSet<Verdict> {
    let of = |evaluation: &Evaluation| match &evaluation.outcome {
        CoreOutcome::Decided(decision) => vec![decision.verdict],
        CoreOutcome::Depends { least, most, neither } => {
            vec![least.verdict, neither.verdict, most.verdict]
        }
    };
    evaluations.iter().flat_map(of).collect()
}

/// The layers that there are.
fn layers(policies: &PolicySet) -> Vec<PolicyType> {
    let layers: BTreeSet<PolicyType> = policies.policies().map(|(kind, ..)| kind).collect();
    layers.into_iter().collect()
}

/// Which statements may match.
struct Open {
    may_match: BTreeSet<StatementId>,
    /// Those that do in every world, whatever is unknown.
    certain: BTreeSet<StatementId>,
    /// The others, in the order of the policies.
    unsure: Vec<StatementId>,
}

impl Open {
    fn of(evaluations: &[Evaluation], policies: &PolicySet) -> Self {
        let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<BTreeSet<StatementId>> {
            let of = |evaluation: &Evaluation| {
                let statements = evaluation.statements.iter();
                statements.filter(|(.., found)| wanted(found.truth())).map(|(id, ..)| *id).collect()
            };
            evaluations.iter().map(of).collect()
        };
        let may_match: BTreeSet<StatementId> =
            with(&|truth| truth != Truth::False).into_iter().flatten().collect();
        let certain = with(&|truth| truth == Truth::True)
            .into_iter()
            .reduce(|one, two| one.intersection(&two).copied().collect())
            .unwrap_or_default();
        let is_unsure = |id: &StatementId| may_match.contains(id) && !certain.contains(id);
        let unsure = policies.statements().map(|(id, ..)| id).filter(is_unsure).collect();
        Self { may_match, certain, unsure }
    }
}

/// Requests of one verdict that are told apart no further.
#[derive(Clone)]
struct Region {
    verdict: Verdict,
    holds: Function,
}

/// All requests of one residual, by what is decided. There is one residual: one caller, one action.
struct Regions {
    regions: Vec<Region>,
    /// How many views are about layers.
    layers: usize,
}

impl Regions {
    fn of(model: &mut Model, layers: usize) -> Result<Self, TooComplex> {
        let mut regions = Vec::new();
        if let Some(residual) = model.residuals.first_mut() {
            let background = documented(residual)?;
            let possible = residual.diagram.and(residual.possible, background)?;
            let answer = residual.answers.first().copied().unwrap_or(FALSE);
            for verdict in [
                Verdict::ExplicitlyDenied,
                Verdict::ImplicitlyDenied,
                Verdict::Allowed,
                Verdict::Exempt,
            ] {
                let wanted = Outcomes::only(Outcome::Verdict(verdict)).0;
                let holds = residual
                    .diagram
                    .map(answer, &|leaf| if leaf == wanted { TRUE } else { FALSE })?;
                let holds = residual.diagram.and(holds, possible)?;
                if holds != FALSE {
                    regions.push(Region { verdict, holds });
                }
            }
        }
        Ok(Self { regions, layers })
    }

    /// Tells apart the layers that answer.
    fn split_by_layer(&mut self, model: &mut Model) -> Result<(), TooComplex> {
        for number in 1..=self.layers {
            let mut split = Vec::with_capacity(self.regions.len());
            for region in std::mem::take(&mut self.regions) {
                split.extend(region.split(model, number)?);
            }
            self.regions = split;
        }
        Ok(())
    }

    /// Tells apart the statements that decide, where that makes few cases.
    fn split_by_statement(
        &mut self,
        model: &mut Model,
        told_apart: &[StatementId],
        policies: &PolicySet,
    ) -> Result<(), TooComplex> {
        let mut all = Vec::with_capacity(self.regions.len());
        for region in std::mem::take(&mut self.regions) {
            let mut split = vec![region.clone()];
            for (number, id) in told_apart.iter().enumerate() {
                let is_of_verdict = policies.statement(*id).is_some_and(|(_, statement)| {
                    Some(*statement.effect) == effect(region.verdict)
                });
                if !is_of_verdict {
                    continue;
                }
                let mut finer = Vec::with_capacity(split.len());
                for part in std::mem::take(&mut split) {
                    finer.extend(part.split(model, 1 + self.layers + number)?);
                }
                split = finer;
                if split.len() > MAX_CASES {
                    break;
                }
            }
            if split.len() > MAX_CASES { all.push(region) } else { all.extend(split) }
        }
        self.regions = all;
        Ok(())
    }

    fn answer(
        self,
        model: &mut Model,
        views: &[View<'_>],
        asker: &Asker<'_>,
        open: &Open,
    ) -> Result<Answer, TooComplex> {
        let mut found: Vec<(Case, Function)> = Vec::new();
        let mut left_open = Vec::new();
        for region in self.regions {
            let Some(case) = region.case(model, views, self.layers, asker, open)? else {
                left_open.push(LeftOpen::NoWitness(region.verdict));
                continue;
            };
            // A statement of another layer made no difference.
            let same = |(known, _): &&mut (Case, Function)| {
                known.decision == case.decision && known.sometimes == case.sometimes
            };
            match (found.iter_mut().find(same), model.residuals.first_mut()) {
                (Some((_, holds)), Some(residual)) => {
                    *holds = residual.diagram.or(*holds, region.holds)?;
                }
                _ => found.push((case, region.holds)),
            }
        }
        let mut ranked = Vec::with_capacity(found.len());
        for (mut case, holds) in found {
            let rank;
            (case.when, rank) = conditions(model, holds)?;
            ranked.push((rank, case));
        }
        ranked.sort_by(|(one, first), (two, second)| {
            one.cmp(two).then_with(|| by_decision(first, second))
        });
        let cases = ranked.into_iter().map(|(_, case)| case).collect();
        Ok(Answer { cases, left_open })
    }
}

fn by_decision(one: &Case, two: &Case) -> Ordering {
    let key = |case: &Case| (case.decision.verdict, case.decision.by);
    key(one).cmp(&key(two))
}

/// The effect of the statements that lead to a verdict.
const fn effect(verdict: Verdict) -> Option<Effect> {
    match verdict {
        Verdict::ExplicitlyDenied => Some(Effect::Deny),
        Verdict::Allowed => Some(Effect::Allow),
        Verdict::ImplicitlyDenied | Verdict::Exempt => None,
    }
}

impl Region {
    /// Where a view says "applies", and where it does not; what is nowhere is left out.
    fn split(self, model: &mut Model, view: usize) -> Result<Vec<Self>, TooComplex> {
        let applies = applies(model, view)?;
        let Some(residual) = model.residuals.first_mut() else { return Ok(vec![self]) };
        let not = residual.diagram.not(applies)?;
        let (with, without) =
            (residual.diagram.and(self.holds, applies)?, residual.diagram.and(self.holds, not)?);
        let parts = [with, without].into_iter().filter(|part| *part != FALSE);
        Ok(parts.map(|holds| Self { holds, ..self.clone() }).collect())
    }

    /// The decision of the region and a request that gets it. Conditions are not among it.
    fn case(
        &self,
        model: &mut Model,
        views: &[View<'_>],
        layers: usize,
        asker: &Asker<'_>,
        open: &Open,
    ) -> Result<Option<Case>, TooComplex> {
        let found = Hunt::new(model, views).find(&[self.holds], &|_| true);
        let Some(witness) = found.ok().flatten().map(|found| found.request) else {
            return Ok(None);
        };
        let CoreOutcome::Decided(mut decision) =
            evaluate(asker.policies, &witness, asker.switches).outcome
        else {
            return Ok(None);
        };
        let mut sometimes = Vec::new();
        if let Some(effect) = effect(decision.verdict) {
            let candidates = asker.policies.statements().filter(|(id, _, statement)| {
                *statement.effect == effect
                    && open.may_match.contains(id)
                    && (answers(decision.by, id.layer) || decision.statements.contains(id))
            });
            let mut always = Vec::new();
            for (id, ..) in candidates {
                if open.certain.contains(&id) {
                    always.push(id);
                    continue;
                }
                let place = open.unsure.iter().position(|known| *known == id);
                let view = place.map(|place| 1 + layers + place).filter(|view| *view < views.len());
                match self.matched(model, view)? {
                    Some(true) => always.push(id),
                    Some(false) => {}
                    None => sometimes.push(id),
                }
            }
            // What decides the request that is shown is named in any case.
            let of_witness = std::mem::replace(&mut decision.statements, always);
            let is_new =
                |id: &StatementId| !decision.statements.contains(id) && !sometimes.contains(id);
            let others: Vec<StatementId> = of_witness.into_iter().filter(is_new).collect();
            sometimes.extend(others);
        }
        Ok(Some(Case { decision, sometimes, when: Vec::new(), witness, assumes: Vec::new() }))
    }

    /// Whether every request of the region, or none, matches the statement of a view.
    fn matched(&self, model: &mut Model, view: Option<usize>) -> Result<Option<bool>, TooComplex> {
        let Some(view) = view else { return Ok(None) };
        let applies = applies(model, view)?;
        let Some(residual) = model.residuals.first_mut() else { return Ok(None) };
        if residual.diagram.and(self.holds, applies)? == FALSE {
            return Ok(Some(false));
        }
        let not = residual.diagram.not(applies)?;
        Ok((residual.diagram.and(self.holds, not)? == FALSE).then_some(true))
    }
}

/// Whether the statements of a layer are named for a decision that `by` answers for.
fn answers(by: Answerable, layer: PolicyType) -> bool {
    match by {
        Answerable::Layer(own) => own == layer,
        Answerable::CrossAccount => {
            matches!(layer, PolicyType::Identity | PolicyType::Resource | PolicyType::Trust)
        }
        Answerable::Root | Answerable::NoPermissionNeeded => false,
    }
}

/// Where a view says "applies".
fn applies(model: &mut Model, view: usize) -> Result<Function, TooComplex> {
    let Some(residual) = model.residuals.first_mut() else { return Ok(FALSE) };
    let answer = residual.answers.get(view).copied().unwrap_or(FALSE);
    let wanted = Outcomes::only(Outcome::Applies).0;
    residual.diagram.map(answer, &|leaf| if leaf == wanted { TRUE } else { FALSE })
}

/// The place of conditions among others: absent, empty, one value, other values.
type Rank = Vec<(u8, String)>;

/// A function in words, as few conjunctions as are found, and its place among others.
fn conditions(model: &mut Model, holds: Function) -> Result<(Vec<Conditions>, Rank), TooComplex> {
    let Some(residual) = model.residuals.first_mut() else { return Ok((Vec::new(), Rank::new())) };
    let impossible = residual.diagram.not(residual.possible)?;
    let upper = residual.diagram.or(holds, impossible)?;
    let cubes: Vec<Cube> = cover(&mut residual.diagram, holds, upper)?;
    let mut rows: Vec<(Rank, Conditions)> = Vec::with_capacity(cubes.len());
    for cube in &cubes {
        let described = cells(residual, cube);
        let rank = described.values().map(|(_, rank)| rank.clone()).collect();
        let words = described.into_iter().map(|(column, (words, _))| (column, words)).collect();
        rows.push((rank, words));
    }
    rows.sort();
    rows.dedup_by(|one, two| one.1 == two.1);
    let rank = rows.first().map(|(rank, _)| rank.clone()).unwrap_or_default();
    Ok((rows.into_iter().map(|(_, words)| words).collect(), rank))
}
