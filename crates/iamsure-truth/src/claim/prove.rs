//! Proving and refuting: a claim is true if no request that would break it is possible.
//!
//! What the claim says of a request becomes more [statements](super::fact) of the same model, so that
//! its classes tell apart what the claim tells apart. In each small model the requests that break the
//! claim are then one function of the diagram. Where that is nothing, the claim is proved, for every
//! request there is. Where it is something, a request of it is made and decided again by core; only
//! then is the claim refuted. What is left between the two is said to be left.

use std::collections::BTreeSet;

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::decision::{Decision, Outcome as CoreOutcome, Verdict as Decided, evaluate};
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey, PolicyType};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPaths, PolicySet, Request, Switch, Switches};

use super::fact::Facts;
use super::formula::{Answers, Formula, Search};
use super::{Body, Claim, session};
use crate::ask::stand_in::EitherWay;
use crate::background::{Background, Certainty};
use crate::budget::TooComplex;
use crate::dependence::{alternatives, is_of_reading, may_be_rebuilt};
use crate::diagram::{FALSE, Function};
use crate::grounds::Grounds;
use crate::hunt::{Found, Hunt};
use crate::model::{Cell, Model, Outcome, Outcomes, Question, Scope, View};
use crate::open_world::{Grant, opened, with_grants};
use crate::setting::{Setting, Stage};
use crate::table::{Reach, Rule, those_that_matter};
use crate::unanswered::{Unanswered, Unaskable};

/// A claim, and what it is about.
#[derive(Clone, Debug)]
pub struct ClaimQuery {
    /// The policies.
    pub policies: PolicySet,
    /// The claim.
    pub claim: Claim,
    /// Which requests it is about.
    pub setting: Setting,
    /// The call paths that the claim may name.
    pub paths: CallPaths,
    /// Whether it must hold whatever other Allow is [attached later](crate::open_world).
    pub open_world: bool,
}

/// What is known of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is true of every request.
    Proved,
    /// It is not true.
    Refuted,
    /// It depends on something that is not known.
    Depends,
}

impl Verdict {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proved => "PROVED",
            Self::Refuted => "REFUTED",
            Self::Depends => "DEPENDS",
        }
    }
}

/// What came of a claim.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Whether it is true.
    pub verdict: Verdict,
    /// What it depends on, if it does.
    pub reasons: Vec<Reason>,
    /// The request that breaks the claim, or the one that fulfils it where it asked for one.
    pub example: Option<Example>,
    /// What AWS documents about keys and without which the verdict would not hold.
    pub background: Vec<&'static Rule>,
    /// Actions the claim is about that AWS does not authorize: policies do not decide them (O-1).
    pub exempt: Vec<String>,
    /// What it rests on.
    pub grounds: Grounds,
}

/// What a verdict depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A choice where AWS is silent: with the other choice the verdict is another.
    Switch(Switch, &'static str, Verdict),
    /// The only requests that matter break what is only assumed of keys.
    Assumed(Vec<&'static Rule>),
    /// The only requests that matter are of a kind that is not known to exist.
    Reach(Reach),
    /// No request was found that decides it: a comparison between keys was left open.
    NoWitness,
    /// Policies that must exist and were not given: if they leave the decision to the account the verdict is the
    /// first, if they do not allow the caller it is the second.
    NotGiven(Vec<PolicyType>, [Verdict; 2]),
    /// Symbols of values that are known when the policies are deployed: where they let through the most the verdict is
    /// the first, where they let through the least it is the second.
    KnownLater(BTreeSet<String>, [Verdict; 2]),
    /// Sessions of the named role that policies name; the verdict is that for any other session.
    Sessions(BTreeSet<String>, Verdict),
}

impl Reason {
    /// The choice where AWS is silent that it is.
    pub const fn choice(&self) -> Option<(Switch, &'static str)> {
        match self {
            Self::Switch(switch, name, _) => Some((*switch, *name)),
            Self::Assumed(_)
            | Self::Reach(_)
            | Self::NoWitness
            | Self::NotGiven(..)
            | Self::KnownLater(..)
            | Self::Sessions(..) => None,
        }
    }
}

/// A request that decides a claim, decided by core.
#[derive(Clone, Debug)]
pub struct Example {
    /// The request.
    pub request: Request,
    /// What core decides about it, with the Allows of [`extra`](Self::extra).
    pub decision: Decision,
    /// The layers that must be given an Allow for that.
    pub extra: Vec<Grant>,
    /// The policies that decided, with those Allows.
    pub policies: PolicySet,
    /// Whether there are such requests.
    pub reach: Reach,
}

/// What is found with one choice of the switches.
struct Finding {
    verdict: Verdict,
    reasons: Vec<Reason>,
    found: Option<Found>,
    background: Vec<&'static Rule>,
}

impl ClaimQuery {
    /// Proves or refutes the claim, and asks what it would be with every other choice where AWS is silent.
    ///
    /// # Errors
    /// If it takes more than the budget, or names what there is not.
    pub fn answer(&self) -> Result<Proof, Unanswered> {
        let proof = self.for_every_value(Self::answer_of_values)?;
        Ok(session::for_any(proof, &self.policies, &self.setting.who))
    }

    /// As [`answer`](Self::answer), with the symbols in the policies as values.
    fn answer_of_values(&self) -> Result<Proof, Unanswered> {
        let (scene, proof, may_be_rebuilt) = self.staged()?;
        if !may_be_rebuilt {
            return Ok(proof);
        }
        let Proof { mut verdict, mut reasons, example, background, exempt, grounds } = proof;
        let stage = self.setting.stage_of_claim(&self.policies, &scene.said);
        let mut others = Vec::new();
        for (switch, name, other) in alternatives(&scene.closed, &self.setting.switches) {
            if !is_asked(switch, self.actions())
                || scene.reads_alike(stage.scope(), switch, [&self.setting.switches, &other])
            {
                continue;
            }
            // Where a policy is not given, both ways with this choice too.
            let other = if grounds.missing.is_empty() {
                scene.found(self.scope(&stage), &other)?.verdict
            } else {
                self.with(other).proof_of_values()?.verdict
            };
            if other != verdict {
                others.push(Reason::Switch(switch, name, other));
            }
        }
        let switches = others.iter().filter_map(Reason::choice).collect();
        if !others.is_empty() {
            verdict = Verdict::Depends;
            reasons.extend(others);
        }
        let grounds = Grounds { switches: Some(switches), ..grounds };
        Ok(Proof { verdict, reasons, example, background, exempt, grounds })
    }

    /// The same question with other choices where AWS is silent.
    fn with(&self, switches: Switches) -> Self {
        Self { setting: Setting { switches, ..self.setting.clone() }, ..self.clone() }
    }

    /// The condition keys that the policies or the claim ask about: what a request holds for any other changes no
    /// answer.
    pub fn keys(&self) -> Vec<ConditionKey> {
        let mut facts = Facts::default();
        let mut keys = self.policies.keys();
        // The search makes the facts.
        if Search::of(&self.claim.body, &mut facts, &self.paths).is_some() {
            keys.extend(facts.policies().iter().flat_map(PolicySet::keys));
        }
        keys
    }

    /// The actions that are asked about, if they are named.
    fn actions(&self) -> &[ActionPattern] {
        match &self.claim.body {
            Body::Never(said) | Body::Always(said) | Body::Some(said)
                if self.setting.actions.is_empty() =>
            {
                &said.target.actions
            }
            _ => &self.setting.actions,
        }
    }

    /// Which requests can decide the claim. Where it names actions, requests of others cannot.
    fn scope<'a>(&'a self, stage: &'a Stage<'_>) -> Scope<'a> {
        let scope = stage.scope();
        if stage.exchanges_only { scope } else { Scope { actions: self.actions(), ..scope } }
    }

    /// Proves or refutes the claim for the choices that were made where AWS is silent; whether the verdict
    /// depends on them is not asked.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn proof(&self) -> Result<Proof, Unanswered> {
        self.for_every_value(Self::proof_of_values)
    }

    fn proof_of_values(&self) -> Result<Proof, Unanswered> {
        self.staged().map(|(_, proof, _)| proof)
    }

    /// The proof, what it was made from, and whether it is small enough to be made again for every switch.
    fn staged(&self) -> Result<(Scene, Proof, bool), Unanswered> {
        for path in self.claim.paths() {
            self.paths.named(path).map_err(Unaskable::from)?;
        }
        if let Some(slip) = self.claim.remarks().into_iter().find(|remark| remark.is_vacuous) {
            return Err(Unaskable::Slip(slip).into());
        }
        let mut facts = Facts::default();
        let search =
            Search::of(&self.claim.body, &mut facts, &self.paths).ok_or(Unaskable::OfPolicies)?;
        let said = facts.policies().ok_or(Unaskable::NotSayable)?;
        let stage = self.setting.stage_of_claim(&self.policies, &said);
        let mut ways = stage.either_way(&self.policies);
        let opened = self.open_world.then(|| opened(&ways.delegating));
        let scene = Scene::new(ways.delegating.clone(), opened, said, search);
        let switches = &self.setting.switches;
        let views = scene.views(switches);
        let mut model = Model::build(&views, self.scope(&stage))?;
        if scene.is_about_nothing(&mut model)? {
            return Err(Unaskable::NoRequest.into());
        }
        let mut finding = scene.decide(&mut model, &views)?;
        let scope = self.scope(&stage);
        match views.first() {
            Some(view) if !self.open_world && !ways.missing.is_empty() => {
                let matter = those_that_matter(&ways.missing, *view, scope)?;
                ways.keep(&self.policies, &matter);
            }
            _ => ways.missing.clear(),
        }
        let mut closed = if self.open_world { &scene.closed } else { &ways.delegating };
        if let Some(silent) = ways.silent.as_ref().filter(|_| !ways.missing.is_empty()) {
            let other = scene.with(silent.clone()).found(scope, switches)?;
            (finding, closed) = either(finding, other, &ways, switches);
        }
        let Finding { verdict, reasons, found, background } = finding;
        let example = found.map(|found| scene.example(found, closed, switches));
        let exempt = exempt_actions(&model, self.actions());
        let mut grounds = Grounds::of(&model, &stage, scope, &self.policies, ways.clone());
        if self.open_world {
            // Whatever such a policy allows was asked about.
            grounds.naming_nobody.clear();
        }
        let may_be_rebuilt = may_be_rebuilt(&model);
        drop(views);
        Ok((
            scene,
            Proof { verdict, reasons, example, background, exempt, grounds },
            may_be_rebuilt,
        ))
    }
}

/// Whether a switch is about some of these actions; all, if there are none.
fn is_asked(switch: Switch, actions: &[ActionPattern]) -> bool {
    // Whether a role assumes itself is asked of no other action.
    switch != Switch::Q22
        || actions.is_empty()
        || ActionName::parse("sts:AssumeRole")
            .is_ok_and(|action| actions.iter().any(|pattern| pattern.matches(&action)))
}

/// The policies and the questions of one claim.
struct Scene {
    closed: PolicySet,
    opened: Option<PolicySet>,
    said: PolicySet,
    facts: Vec<StatementId>,
    layers: Vec<PolicyType>,
    search: Search,
}

impl Scene {
    fn new(closed: PolicySet, opened: Option<PolicySet>, said: PolicySet, search: Search) -> Self {
        let facts = said.statements().map(|(id, ..)| id).collect();
        let mut layers = Vec::new();
        search.formula.layers(&mut layers);
        Self { closed, opened, said, facts, layers, search }
    }

    /// The same claim about other policies.
    fn with(&self, closed: PolicySet) -> Self {
        Self {
            closed,
            opened: self.opened.clone(),
            said: self.said.clone(),
            facts: self.facts.clone(),
            layers: self.layers.clone(),
            search: self.search.clone(),
        }
    }

    /// Whether a switch is about what statements say, and none says anything else with the other choice.
    fn reads_alike(&self, scope: Scope<'_>, switch: Switch, choices: [&Switches; 2]) -> bool {
        is_of_reading(switch)
            && self.worlds().chain([&self.said]).all(|policies| {
                let view = |switches| View { policies, switches, question: Question::Decision };
                Model::reads_alike(&choices.map(view), scope)
            })
    }

    /// What is found with these choices where AWS is silent.
    fn found(&self, scope: Scope<'_>, switches: &Switches) -> Result<Finding, Unanswered> {
        let views = self.views(switches);
        let mut model = Model::build(&views, scope)?;
        self.decide(&mut model, &views)
    }

    /// Whether no request is what the claim asks about.
    fn is_about_nothing(&self, model: &mut Model) -> Result<bool, Unanswered> {
        let mut asked = Vec::with_capacity(model.residuals.len());
        for residual in &mut model.residuals {
            let holds = self.function(&self.search.about, residual)?;
            asked.push(residual.diagram.and(holds, residual.possible)?);
        }
        let background = Background::of(model, &asked)?;
        let documented = background.limited(model, &asked, Certainty::Documented)?;
        Ok(documented.iter().all(|function| *function == FALSE))
    }

    /// The worlds that bound all others. What only ever asks that something be allowed holds in the
    /// widest one if it holds in any.
    fn worlds(&self) -> impl Iterator<Item = &PolicySet> {
        let widest_suffices = self.opened.is_some() && self.search.formula.is_kept_by_access();
        (!widest_suffices).then_some(&self.closed).into_iter().chain(&self.opened)
    }

    /// In each world what is decided and which layers answer, then the facts.
    fn views<'a>(&'a self, switches: &'a Switches) -> Vec<View<'a>> {
        let mut views = Vec::new();
        for policies in self.worlds() {
            views.push(View { policies, switches, question: Question::Decision });
            for layer in &self.layers {
                let question = Question::DecidedBy(*layer);
                views.push(View { policies, switches, question });
            }
        }
        for fact in &self.facts {
            let question = Question::Applies(*fact);
            views.push(View { policies: &self.said, switches, question });
        }
        views
    }

    /// Where a formula holds in each small model, in any of the worlds.
    fn function(
        &self,
        formula: &Formula,
        residual: &mut crate::model::Residual,
    ) -> Result<Function, TooComplex> {
        let answers = residual.answers.clone();
        let at = |place: usize| answers.get(place).copied().unwrap_or(FALSE);
        let a_world = 1 + self.layers.len();
        let worlds = self.worlds().count();
        let mut any = FALSE;
        for world in 0..worlds {
            let first = world * a_world;
            let layer = |wanted: PolicyType| {
                let place = self.layers.iter().position(|layer| *layer == wanted);
                place.map_or(FALSE, |place| at(first + 1 + place))
            };
            let fact = |fact: super::fact::FactId| at(worlds * a_world + fact.0);
            let of_world = Answers { decision: at(first), layer: &layer, fact: &fact };
            let holds = formula.function(&mut residual.diagram, &of_world)?;
            any = residual.diagram.or(any, holds)?;
        }
        Ok(any)
    }

    /// Looks for the request the claim is about: first in all requests there are, then only in those
    /// that nothing documented speaks against.
    fn decide(&self, model: &mut Model, views: &[View<'_>]) -> Result<Finding, Unanswered> {
        let (none, some) = if self.search.is_against {
            (Verdict::Proved, Verdict::Refuted)
        } else {
            (Verdict::Refuted, Verdict::Proved)
        };
        let nothing =
            |background| Finding { verdict: none, reasons: Vec::new(), found: None, background };
        let mut searched = Vec::with_capacity(model.residuals.len());
        for residual in &mut model.residuals {
            let holds = self.function(&self.search.formula, residual)?;
            searched.push(residual.diagram.and(holds, residual.possible)?);
        }
        if searched.iter().all(|function| *function == FALSE) {
            return Ok(nothing(Vec::new()));
        }
        let background = Background::of(model, &searched)?;
        let known = background.limited(model, &searched, Certainty::Assumed)?;
        let hunt = Hunt::new(model, views);
        if let Some(found) = hunt.find(&known, &|_| true)? {
            let reason = match &found.reach {
                Reach::Reachable => None,
                reach => Some(Reason::Reach(reach.clone())),
            };
            let verdict = if reason.is_some() { Verdict::Depends } else { some };
            let reasons = reason.into_iter().collect();
            return Ok(Finding { verdict, reasons, found: Some(found), background: Vec::new() });
        }
        let documented = background.limited(model, &searched, Certainty::Documented)?;
        if documented.iter().all(|function| *function == FALSE) {
            return Ok(nothing(background.needed(model, &searched)?));
        }
        let hunt = Hunt::new(model, views);
        let found = hunt.find(&documented, &|_| true)?;
        let reason = match &found {
            Some(_) => Reason::Assumed(background.broken(model, &documented)?),
            None => Reason::NoWitness,
        };
        Ok(Finding {
            verdict: Verdict::Depends,
            reasons: vec![reason],
            found,
            background: Vec::new(),
        })
    }

    /// The request that was found, with the fewest Allows that it takes.
    fn example(&self, found: Found, closed: &PolicySet, switches: &Switches) -> Example {
        let Found { request, reach } = found;
        let decided = |policies: &PolicySet| match evaluate(policies, &request, switches).outcome {
            CoreOutcome::Decided(decision) => decision,
            CoreOutcome::Depends { neither, .. } => neither,
        };
        let as_given = decided(closed);
        let most = self.opened.as_ref().map(&decided);
        // An Allow changes a decision in one way only.
        let needs_more = most.is_some_and(|most| most.verdict != as_given.verdict)
            && !self.holds_as_given(&as_given);
        if needs_more {
            let choices: [&[Grant]; 5] = [
                &[Grant::Identity],
                &[Grant::Resource],
                &[Grant::Identity, Grant::Session],
                &[Grant::Identity, Grant::Resource],
                &Grant::ALL,
            ];
            for extra in choices {
                let policies = with_grants(closed, extra);
                let decision = decided(&policies);
                if decision.verdict == Decided::Allowed {
                    return Example { request, decision, extra: extra.to_vec(), policies, reach };
                }
            }
        }
        let policies = closed.clone();
        Example { request, decision: as_given, extra: Vec::new(), policies, reach }
    }

    /// Whether what the claim says of decisions is fulfilled by the policies as they are.
    fn holds_as_given(&self, decision: &Decision) -> bool {
        fn asks(formula: &Formula, verdict: Decided) -> bool {
            match formula {
                Formula::All(parts) => parts.iter().all(|part| asks(part, verdict)),
                Formula::Any(parts) => parts.iter().any(|part| asks(part, verdict)),
                Formula::Not(part) => match &**part {
                    Formula::Decision(word) => !word.is(verdict),
                    _ => true,
                },
                Formula::Decision(word) => word.is(verdict),
                Formula::Layer(_) | Formula::Fact(_) => true,
            }
        }
        asks(&self.search.formula, decision.verdict)
    }
}

/// What is known if a policy that must exist was not given: `delegating` where it leaves the decision to the
/// account, `silent` where it does not allow the caller. And the policies that the example is decided by: where
/// both decide it alike, those without a stand-in.
fn either<'a>(
    delegating: Finding,
    silent: Finding,
    ways: &'a EitherWay,
    switches: &Switches,
) -> (Finding, &'a PolicySet) {
    let verdicts = [delegating.verdict, silent.verdict];
    let alike = |finding: &Finding| {
        let decided = |policies: &PolicySet, request: &Request| {
            evaluate(policies, request, switches).outcome.decided().map(|one| one.verdict)
        };
        finding.found.as_ref().is_none_or(|found| {
            decided(&ways.delegating, &found.request) == decided(ways.silenced(), &found.request)
        })
    };
    let [first, second] = verdicts;
    if first == second {
        if alike(&silent) {
            return (silent, ways.silenced());
        }
        if alike(&delegating) {
            return (delegating, ways.silenced());
        }
    }
    let reason = Reason::NotGiven(ways.missing.clone(), verdicts);
    let is_found = delegating.found.is_some();
    let (mut shown, policies) =
        if is_found { (delegating, &ways.delegating) } else { (silent, ways.silenced()) };
    shown.verdict = Verdict::Depends;
    shown.reasons.insert(0, reason);
    (shown, policies)
}

/// The published actions in scope that AWS does not authorize.
fn exempt_actions(model: &Model, asked: &[ActionPattern]) -> Vec<String> {
    let exempt = Outcomes::only(Outcome::Verdict(Decided::Exempt)).0;
    let is_exempt = |cell: &&Cell| {
        let residual = model.residuals.get(cell.residual);
        residual.and_then(|residual| residual.answers.first()?.as_leaf()) == Some(exempt)
    };
    let classes: Vec<usize> =
        model.cells.iter().filter(is_exempt).map(|cell| cell.action).collect();
    let in_scope = |name: &&str| {
        let known = iamsure_reference::action(name).known();
        let is_asked = asked.is_empty()
            || ActionName::parse(name)
                .is_ok_and(|name| asked.iter().any(|pattern| pattern.matches(&name)));
        is_asked
            && known
                .and_then(|known| model.actions.class_of(known))
                .is_some_and(|class| classes.contains(&class))
    };
    EXEMPTIONS.iter().map(|known| known.action).filter(in_scope).map(str::to_owned).collect()
}
