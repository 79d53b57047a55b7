//! What a claim looks for, over decisions and facts: a request that breaks it, or one that fulfils it.

use iamsure_core::decision::Verdict;
use iamsure_core::language::PolicyType;
use iamsure_core::world::CallPaths;

use super::fact::{FactId, Facts};
use super::{Atom, Body, Condition, DecisionWord, Fact, Quantified};
use crate::budget::TooComplex;
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::{Outcome, Outcomes};

/// A formula over what is decided and what holds of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Decision(DecisionWord),
    Layer(PolicyType),
    Fact(FactId),
}

/// What a claim looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) formula: Formula,
    /// Whether a request that is found breaks the claim; else it fulfils it.
    pub(super) is_against: bool,
    /// Which requests the claim is about, where that asks for no decision.
    pub(super) about: Formula,
}

impl Search {
    /// What `body` looks for; `None` if it is about whole policies and not about requests.
    pub(super) fn of(body: &Body, facts: &mut Facts, paths: &CallPaths) -> Option<Self> {
        let search = |(about, decided): (Formula, Formula), is_against| {
            let everything = Formula::All(Vec::new());
            let asked = if about.asks_decisions() { everything } else { about.clone() };
            Some(Self { formula: Formula::All(vec![decided, about]), is_against, about: asked })
        };
        match body {
            Body::Never(asked) => search(quantified(asked, false, facts, paths), true),
            Body::Always(asked) => search(quantified(asked, true, facts, paths), true),
            Body::Some(asked) => search(quantified(asked, false, facts, paths), false),
            Body::Implies { premise, conclusion } => {
                let premise = Formula::of(premise, facts, paths);
                let conclusion = Formula::of(conclusion, facts, paths);
                search((premise, not(conclusion)), true)
            }
            Body::AllowOnly(target) => {
                let within = Formula::Fact(facts.target(target));
                let allowed = Formula::Decision(DecisionWord::Allowed);
                search((Formula::All(Vec::new()), Formula::All(vec![allowed, not(within)])), true)
            }
            Body::NoInertStatements | Body::SameDecisionsAs(_) | Body::NoMoreThan(_) => None,
        }
    }
}

fn not(formula: Formula) -> Formula {
    Formula::Not(Box::new(formula))
}

/// Which requests are meant, and what must be decided of one that is looked for.
fn quantified(
    asked: &Quantified,
    negated: bool,
    facts: &mut Facts,
    paths: &CallPaths,
) -> (Formula, Formula) {
    let decision = Formula::Decision(asked.decision);
    let mut all = Vec::new();
    if !asked.target.actions.is_empty() || !asked.target.resources.is_empty() {
        all.push(Formula::Fact(facts.target(&asked.target)));
    }
    all.extend(asked.when.as_ref().map(|when| Formula::of(when, facts, paths)));
    (Formula::All(all), if negated { not(decision) } else { decision })
}

impl Formula {
    fn of(condition: &Condition, facts: &mut Facts, paths: &CallPaths) -> Self {
        match condition {
            Condition::All(all) => {
                Self::All(all.iter().map(|each| Self::of(each, facts, paths)).collect())
            }
            Condition::Any(any) => {
                Self::Any(any.iter().map(|each| Self::of(each, facts, paths)).collect())
            }
            Condition::Not(inner) => not(Self::of(inner, facts, paths)),
            Condition::Is(Atom { fact, .. }) => {
                match fact {
                    Fact::Decision(word) => Self::Decision(*word),
                    Fact::Layer(layer) => Self::Layer(*layer),
                    Fact::Action(patterns) => Self::Fact(facts.target(&super::Target {
                        actions: patterns.clone(),
                        resources: Vec::new(),
                    })),
                    Fact::Resource(patterns) => Self::Fact(facts.target(&super::Target {
                        actions: Vec::new(),
                        resources: patterns.clone(),
                    })),
                    Fact::Key(fact) => Self::Fact(facts.key(fact)),
                    // One of the worlds of the path; none if there is no such path.
                    Fact::Path(name) => Self::Any(match paths.named(name) {
                        Ok(path) => (0..path.worlds().len())
                            .map(|world| Self::Fact(facts.world(&path, world)))
                            .collect(),
                        Err(_) => Vec::new(),
                    }),
                }
            }
        }
    }

    /// The layers that are asked for.
    pub(super) fn layers(&self, found: &mut Vec<PolicyType>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.layers(found);
                }
            }
            Self::Not(part) => part.layers(found),
            Self::Layer(layer) if !found.contains(layer) => found.push(*layer),
            Self::Layer(_) | Self::Decision(_) | Self::Fact(_) => {}
        }
    }

    /// Whether more access never makes it fail: it asks of decisions only that they allow.
    pub(super) fn is_kept_by_access(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_kept_by_access),
            Self::Decision(word) => *word == DecisionWord::Allowed,
            Self::Not(part) => !part.asks_decisions(),
            Self::Layer(_) => false,
            Self::Fact(_) => true,
        }
    }

    fn asks_decisions(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_decisions),
            Self::Not(part) => part.asks_decisions(),
            Self::Decision(_) | Self::Layer(_) => true,
            Self::Fact(_) => false,
        }
    }

    /// Whether it asks for nothing of a decision but whether the request is allowed.
    pub(super) fn asks_for_access_alone(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::asks_for_access_alone),
            Self::Not(part) => part.asks_for_access_alone(),
            Self::Decision(word) => {
                matches!(word, DecisionWord::Allowed | DecisionWord::Denied | DecisionWord::Exempt)
            }
            Self::Layer(_) => false,
            Self::Fact(_) => true,
        }
    }

    /// Where it holds, if `answer` says where each question is answered how.
    pub(super) fn function(
        &self,
        diagram: &mut Diagram,
        answers: &Answers<'_>,
    ) -> Result<Function, TooComplex> {
        match self {
            Self::All(parts) => {
                let mut all = TRUE;
                for part in parts {
                    let part = part.function(diagram, answers)?;
                    all = diagram.and(all, part)?;
                    if all == FALSE {
                        break;
                    }
                }
                Ok(all)
            }
            Self::Any(parts) => {
                let mut any = FALSE;
                for part in parts {
                    let part = part.function(diagram, answers)?;
                    any = diagram.or(any, part)?;
                }
                Ok(any)
            }
            Self::Not(part) => {
                let part = part.function(diagram, answers)?;
                diagram.not(part)
            }
            Self::Decision(word) => {
                let is = |verdict: Verdict| word.is(verdict);
                diagram.map(answers.decision, &|leaf| {
                    let found = Outcomes(leaf).iter().any(|outcome| match outcome {
                        Outcome::Verdict(verdict) => is(verdict),
                        Outcome::Applies | Outcome::DoesNotApply => false,
                    });
                    if found { TRUE } else { FALSE }
                })
            }
            Self::Layer(layer) => applies(diagram, (answers.layer)(*layer)),
            Self::Fact(fact) => applies(diagram, (answers.fact)(*fact)),
        }
    }
}

/// How the questions of a claim are answered in one small model.
pub(super) struct Answers<'a> {
    /// What is decided.
    pub(super) decision: Function,
    /// Whether a layer answers for it.
    pub(super) layer: &'a dyn Fn(PolicyType) -> Function,
    /// Whether a fact holds.
    pub(super) fact: &'a dyn Fn(FactId) -> Function,
}

fn applies(diagram: &mut Diagram, answer: Function) -> Result<Function, TooComplex> {
    let yes = Outcomes::only(Outcome::Applies).0;
    diagram.map(answer, &|leaf| if leaf == yes { TRUE } else { FALSE })
}
