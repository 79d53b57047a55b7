//! The model: every request there is, in finitely many classes, and what is decided for each.
//!
//! *Action first, then decompose.* Few statements are left once it is known who asks for which action.
//! For each caller and each class of actions there is a [`Residual`]: a small model of the statements
//! that are left, over the resource, the condition keys and the [relations](crate::relation) between
//! them. Callers and actions that leave the same statements share one. In a residual statements are
//! merged where only one clause differs, then classes are made, then a [diagram](crate::diagram) whose
//! leaves are decisions. Layers are combined by core's own rules ([`settle`]), never by a copy of them.
//!
//! [`settle`]: iamsure_core::decision::settle

mod branch;
pub(crate) mod caller;
mod combine;
mod locate;
mod region;
mod related;
mod residual;
mod scoped_actions;
mod statement;
mod target;
mod witness;

use std::sync::Arc;

use iamsure_core::decision::exemption::can_call;
use iamsure_core::decision::precedence::Answerable;
use iamsure_core::decision::{Decision, Verdict};
use iamsure_core::language::{
    ActionPattern, ConditionKey, PolicyDocument, PolicyType, Spanned, Statement,
};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{Context, PolicySet, Principal, Request, Switches};
use rustc_hash::FxHashMap;

pub use residual::{Classes, Residual, Share, Subject, SubjectClasses};
pub(crate) use scoped_actions::ScopedActions;
use target::Targets;
pub use witness::{Disagreement, Place, Witness};
pub(crate) use witness::{Shows, ask, is_of_its_account};

use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};
use crate::class::action::{ActionClass, ActionClasses, action_classes};
use crate::class::requester::Caller;
pub use crate::class::resource::{
    NotAResource, ResourceKind, ResourceRange, check_resource, is_resource_pattern,
};
use crate::class::state::Nature;
use crate::class::value::Domain;
use crate::cover::Cube;

/// What is asked of one policy set.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// The choices where AWS is silent.
    pub switches: &'a Switches,
    /// The question.
    pub question: Question,
}

impl<'a> View<'a> {
    /// The statements that the question is about.
    pub(crate) fn statements(
        &self,
    ) -> impl Iterator<Item = (StatementId, &'a PolicyDocument, &'a Spanned<Statement>)> + use<'a>
    {
        let question = self.question;
        let is_other = move |id| matches!(question, Question::Applies(asked) if asked != id);
        self.policies.statements().filter(move |(id, ..)| !is_other(*id))
    }
}

/// A question about every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// What is decided?
    Decision,
    /// Does this statement match?
    Applies(StatementId),
    /// Is it this layer that answers for the decision?
    DecidedBy(PolicyType),
}

impl Question {
    /// Whether it takes the rules of combination to answer it.
    pub(crate) const fn is_of_decisions(self) -> bool {
        matches!(self, Self::Decision | Self::DecidedBy(_))
    }
}

/// One answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A decision.
    Verdict(Verdict),
    /// The statement matches, or the layer answers.
    Applies,
    /// The statement does not match, or another layer answers.
    DoesNotApply,
}

impl Outcome {
    /// Every outcome, from the least access to the most.
    pub const ALL: [Self; 6] = [
        Self::Verdict(Verdict::ExplicitlyDenied),
        Self::Verdict(Verdict::ImplicitlyDenied),
        Self::Verdict(Verdict::Allowed),
        Self::Verdict(Verdict::Exempt),
        Self::Applies,
        Self::DoesNotApply,
    ];

    /// Whether `layer` answers for a decision.
    pub(crate) fn answered(decision: &Decision, layer: PolicyType) -> Self {
        if decision.by == Answerable::Layer(layer) { Self::Applies } else { Self::DoesNotApply }
    }

    /// The words of tables.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.words(),
            Self::Applies => "applies",
            Self::DoesNotApply => "does not apply",
        }
    }
}

/// Which outcomes are possible: the leaf of a diagram, one bit for each of [`Outcome::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outcomes(pub u8);

impl Outcomes {
    /// One outcome.
    pub(crate) fn only(outcome: Outcome) -> Self {
        let place = Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or(0);
        Self(1 << place)
    }

    /// The outcomes, from the least access to the most.
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::ALL
            .into_iter()
            .enumerate()
            .filter(move |(place, _)| self.0 & (1 << place) != 0)
            .map(|(_, outcome)| outcome)
    }

    /// The outcome, if only one is possible.
    pub fn one(self) -> Option<Outcome> {
        let mut outcomes = self.iter();
        outcomes.next().filter(|_| outcomes.next().is_none())
    }
}

impl From<&Decision> for Outcome {
    fn from(decision: &Decision) -> Self {
        Self::Verdict(decision.verdict)
    }
}

/// What is known of a condition key before any request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// How many values it has, if anybody published that, and whether it may be there.
    pub nature: Nature,
    /// Which values it has.
    pub domain: Domain,
    /// Values to prefer as witnesses.
    pub hints: Vec<&'static str>,
}

/// Which requests are asked about.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Who asks: at least one.
    pub callers: &'a [Caller],
    /// A request that every other fact is taken from: whose the resource is, what S3 knows of the bucket.
    /// Its requester, action, resource and context are not looked at.
    pub template: &'a Request,
    /// What is known of the keys: one context, or several possibilities of which one holds. A key
    /// that is unknown in a context is free.
    pub worlds: &'a [Context],
    /// The actions; all, if it is empty.
    pub actions: &'a [ActionPattern],
    /// The resources.
    pub resources: ResourceRange<'a>,
    /// What is known of a key before any request of a caller.
    pub knowledge: &'a dyn Fn(&ConditionKey, &Caller) -> Knowledge,
    /// How much work it may take.
    pub budget: Budget,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("callers", &self.callers)
            .field("actions", &self.actions)
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}

/// Every request in a scope, and what each view says of it.
#[derive(Clone, Debug)]
pub struct Model {
    /// Who asks.
    pub(crate) callers: Vec<Caller>,
    /// The classes of actions; those outside the scope may be among them.
    pub actions: Arc<ActionClasses>,
    /// The small models.
    pub residuals: Vec<Residual>,
    /// Which of them decides for which caller and action.
    pub cells: Vec<Cell>,
    /// The lists that tell actions apart.
    action_lists: Vec<Vec<ActionPattern>>,
    /// The first of the lists that were asked to be told apart.
    first_apart: usize,
    template: Request,
    /// The first of the worlds; keys that differ among them are subjects wherever they matter.
    known: Context,
    targets: Targets,
    /// Whether it is about resources that were named.
    names_resources: bool,
}

/// One caller and one class of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The caller, by number.
    pub(crate) caller: usize,
    /// The class of actions, by number.
    pub action: usize,
    /// The residual, by number.
    pub residual: usize,
}

/// A row of one residual: some of its combinations, and what is said of them.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) residual: usize,
    pub(crate) cube: Cube,
    pub(crate) outcomes: Outcomes,
}

impl Model {
    /// Whether the views of the model answer differently anywhere.
    pub fn differs(&self) -> bool {
        self.residuals.iter().any(Residual::differs)
    }

    /// The classes of actions for which the views of the model answer differently somewhere.
    pub(crate) fn differing_actions(&self) -> Bits {
        let differs =
            |cell: &&Cell| self.residuals.get(cell.residual).is_some_and(Residual::differs);
        self.cells.iter().filter(differs).map(|cell| cell.action).collect()
    }

    /// Whether a class of actions is on the list with this number, of those that
    /// [`Model::telling_apart`] was given.
    pub(crate) fn is_listed(&self, class: &ActionClass, list: usize) -> bool {
        class.listed.contains(self.first_apart + list)
    }

    /// The model of those classes of actions alone that are kept, by number.
    #[must_use]
    pub(crate) fn only(&self, keep: impl Fn(usize, &ActionClass) -> bool) -> Self {
        let is_kept = |cell: &&Cell| {
            self.actions.classes.get(cell.action).is_some_and(|class| keep(cell.action, class))
        };
        let mut residuals = Vec::new();
        let mut numbers: FxHashMap<usize, usize> = FxHashMap::default();
        let mut cells = Vec::new();
        for cell in self.cells.iter().filter(is_kept) {
            let Some(residual) = self.residuals.get(cell.residual) else { continue };
            let number = *numbers.entry(cell.residual).or_insert_with(|| {
                residuals.push(residual.clone());
                residuals.len() - 1
            });
            cells.push(Cell { residual: number, ..*cell });
        }
        Self {
            callers: self.callers.clone(),
            actions: Arc::clone(&self.actions),
            residuals,
            cells,
            action_lists: self.action_lists.clone(),
            first_apart: self.first_apart,
            template: self.template.clone(),
            known: self.known.clone(),
            targets: self.targets.clone(),
            names_resources: self.names_resources,
        }
    }

    /// The request that facts beside caller, action, resource and context are taken from.
    pub(crate) const fn template(&self) -> &Request {
        &self.template
    }

    /// The lists that tell actions apart, by number.
    pub(crate) fn lists(&self) -> &[Vec<ActionPattern>] {
        &self.action_lists
    }

    /// Whether two views read every statement alike. If they do, and ask the same of the same policies, and
    /// what they differ in is asked nowhere but where statements are read, they answer alike.
    pub(crate) fn reads_alike(views: &[View<'_>; 2], scope: Scope<'_>) -> bool {
        statement::Prepared::new(views, scope).is_alike(0, 1)
    }

    /// Builds the model of all requests in `scope`, in which every one of `views` is answered.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn build(views: &[View<'_>], scope: Scope<'_>) -> Result<Self, TooComplex> {
        Self::telling_apart(views, scope, &[])
    }

    /// As [`Model::build`], with classes of actions that lie within or outside each of `lists` too
    /// ([`Model::is_listed`]).
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub(crate) fn telling_apart(
        views: &[View<'_>],
        scope: Scope<'_>,
        lists: &[Vec<ActionPattern>],
    ) -> Result<Self, TooComplex> {
        Self::made(views, scope, statement::Prepared::new(views, scope), lists)
    }

    /// As [`Model::build`], with statements that do the same kept apart, so that the
    /// [share](Residual::shares) of each is known. It tells more classes apart and costs more.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn with_shares(views: &[View<'_>], scope: Scope<'_>) -> Result<Self, TooComplex> {
        let mut prepared = statement::Prepared::new(views, scope);
        prepared.apart = true;
        Self::made(views, scope, prepared, &[])
    }

    fn made(
        views: &[View<'_>],
        scope: Scope<'_>,
        mut prepared: statement::Prepared,
        lists: &[Vec<ActionPattern>],
    ) -> Result<Self, TooComplex> {
        let first_apart = prepared.action_lists.len();
        prepared.action_lists.extend_from_slice(lists);
        let actions =
            Arc::new(action_classes(&prepared.action_lists, prepared.scope_list, scope.budget)?);
        // Where nobody but tokens is asked about, what they cannot call is what the question is about.
        let tokens_are_among_others = (scope.callers.iter())
            .any(|caller| !matches!(caller.requester.principal, Principal::FederatedCaller { .. }));
        let is_asked = |action: &ActionClass| {
            prepared.scope_list.is_none_or(|list| action.listed.contains(list))
        };
        let calls = |caller: &&Caller| {
            let mut asked = actions.classes.iter().filter(|action| is_asked(action));
            !tokens_are_among_others
                || asked.any(|action| can_call(&caller.requester.principal, &action.witness))
        };
        let callers: Vec<Caller> = scope.callers.iter().filter(calls).cloned().collect();
        let scope = Scope { callers: &callers, ..scope };
        let combinations = scope.callers.len().saturating_mul(actions.classes.len());
        if combinations > scope.budget.combinations {
            return Err(TooComplex {
                exceeded: Exceeded::Combinations,
                limit: scope.budget.combinations,
                subject: "the whole table".to_owned(),
                because: Arc::default(),
            });
        }
        let mut residuals = Vec::new();
        let mut memory = residual::Memory::default();
        let mut known: FxHashMap<residual::Key, usize> = FxHashMap::default();
        let mut cells = Vec::with_capacity(combinations);
        let addressees = prepared.addressees(views);
        for (caller_number, caller) in scope.callers.iter().enumerate() {
            let principals = prepared.principals(&addressees, views, caller, scope);
            for (action_number, action) in actions.classes.iter().enumerate() {
                if prepared.scope_list.is_some_and(|list| !action.listed.contains(list)) {
                    continue;
                }
                if tokens_are_among_others
                    && !can_call(&caller.requester.principal, &action.witness)
                {
                    continue;
                }
                let key = prepared.alive(caller_number, &principals, action, views, caller, scope);
                let residual = if let Some(residual) = known.get(&key) {
                    *residual
                } else {
                    let residual = residual::build(
                        &mut memory,
                        &mut prepared,
                        &key,
                        &principals,
                        action,
                        views,
                        caller,
                        scope,
                    )?;
                    residuals.push(residual);
                    known.insert(key, residuals.len() - 1);
                    residuals.len() - 1
                };
                cells.push(Cell { caller: caller_number, action: action_number, residual });
            }
        }
        Ok(Self {
            callers: scope.callers.to_vec(),
            actions,
            residuals,
            cells,
            action_lists: prepared.action_lists,
            first_apart,
            template: scope.template.clone(),
            known: scope.worlds.first().cloned().unwrap_or_else(Context::open),
            targets: Targets::default(),
            names_resources: scope.resources.is_given(),
        })
    }
}
