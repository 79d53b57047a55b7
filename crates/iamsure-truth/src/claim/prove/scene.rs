//! The policies and the questions of one claim, and the search for the request that decides it.

use iamsure_core::decision::{Decision, Outcome as CoreOutcome, Verdict as Decided, evaluate};
use iamsure_core::language::PolicyType;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Switch, Switches};

use super::{Example, Reason, Verdict};
use crate::background::{Background, Certainty};
use crate::budget::TooComplex;
use crate::claim::fact::FactId;
use crate::claim::formula::{Answers, Formula, Search};
use crate::dependence::is_of_reading;
use crate::diagram::{FALSE, Function};
use crate::hunt::{Found, Hunt};
use crate::model::{Model, Question, Residual, Scope, View};
use crate::open_world::{Grant, with_grants};
use crate::table::{Reach, Rule};
use crate::unanswered::Unanswered;

/// What is found with one choice of the switches.
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) found: Option<Found>,
    pub(super) background: Vec<&'static Rule>,
}

/// The policies and the questions of one claim.
pub(super) struct Scene {
    pub(super) closed: PolicySet,
    opened: Option<PolicySet>,
    pub(super) said: PolicySet,
    facts: Vec<StatementId>,
    layers: Vec<PolicyType>,
    search: Search,
}

impl Scene {
    pub(super) fn new(
        closed: PolicySet,
        opened: Option<PolicySet>,
        said: PolicySet,
        search: Search,
    ) -> Self {
        let facts = said.statements().map(|(id, ..)| id).collect();
        let mut layers = Vec::new();
        search.formula.layers(&mut layers);
        Self { closed, opened, said, facts, layers, search }
    }

    /// The same claim about other policies.
    pub(super) fn with(&self, closed: PolicySet) -> Self {
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
    pub(super) fn reads_alike(
        &self,
        scope: Scope<'_>,
        switch: Switch,
        choices: [&Switches; 2],
    ) -> bool {
        is_of_reading(switch)
            && self.worlds().chain([&self.said]).all(|policies| {
                let view = |switches| View { policies, switches, question: Question::Decision };
                Model::reads_alike(&choices.map(view), scope)
            })
    }

    /// What is found with these choices where AWS is silent.
    pub(super) fn found(
        &self,
        scope: Scope<'_>,
        switches: &Switches,
    ) -> Result<Finding, Unanswered> {
        let views = self.views(switches);
        let mut model = Model::build(&views, scope)?;
        self.decide(&mut model, &views)
    }

    /// Whether no request is what the claim asks about.
    pub(super) fn is_about_nothing(&self, model: &mut Model) -> Result<bool, Unanswered> {
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
    pub(super) fn views<'a>(&'a self, switches: &'a Switches) -> Vec<View<'a>> {
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
    fn function(&self, formula: &Formula, residual: &mut Residual) -> Result<Function, TooComplex> {
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
            let fact = |fact: FactId| at(worlds * a_world + fact.0);
            let of_world = Answers { decision: at(first), layer: &layer, fact: &fact };
            let holds = formula.function(&mut residual.diagram, &of_world)?;
            any = residual.diagram.or(any, holds)?;
        }
        Ok(any)
    }

    /// Looks for the request the claim is about: first in all requests there are, then only in those
    /// that nothing documented speaks against.
    pub(super) fn decide(
        &self,
        model: &mut Model,
        views: &[View<'_>],
    ) -> Result<Finding, Unanswered> {
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
    pub(super) fn example(&self, found: Found, closed: &PolicySet, switches: &Switches) -> Example {
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
