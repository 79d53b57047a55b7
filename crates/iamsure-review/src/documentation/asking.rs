//! What a table is about, and how a row is asked of the policies.
//!
//! A table about one statement is about its condition: "does the Deny apply?" means "of a request that its
//! Action and Resource are about". So its condition is asked alone, in three-valued logic first, and of the
//! engine of all requests where that leaves it open. A table of decisions is asked of all policies together.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{ClauseExplanation, Truth, Verdict, explain};
use iamsure_core::language::document::{ActionElement, Effect, ResourceElement, Sense};
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, PolicyDocument, PolicyType, ResourcePattern, Span,
    Spanned, Statement,
};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, Context, KeyState, PolicySet, Request, Requester, Switches};
use iamsure_truth::ask::{Known, Worlds};
use iamsure_truth::background::knowledge::knowledge;
use iamsure_truth::class::state::Arity;
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::sample::{EXAMPLE_ACCOUNT, Who, sample_requester};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, HitPolicy, TableQuery, TableReport};
use iamsure_truth::unanswered::Unanswered;

use crate::review_claim::actions_of_resource_alone;

/// What is asked of some policies.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The policies.
    pub(crate) policies: PolicySet,
    /// The statement whose condition is asked; `None` for the decision.
    pub(crate) statement: Option<StatementId>,
    /// The actions; all, if it is empty. A table about a statement is about its own.
    pub(crate) actions: Vec<ActionPattern>,
    /// The resources; all, if it is empty.
    pub(crate) resources: Vec<String>,
    /// Who asks, if given.
    pub(crate) requester: Option<Requester>,
    /// How the request arrives, if given.
    pub(crate) path: Option<CallPath>,
}

/// The key states of one kind of request.
pub type States = BTreeMap<ConditionKey, KeyState>;

/// Where a statement of a policy that stands alone stands.
pub(super) const fn alone(statement: usize) -> StatementId {
    StatementId { layer: PolicyType::Identity, level: 0, policy: 0, statement }
}

impl Subject {
    /// The question whether one statement applies.
    pub fn of_statement(policy: &PolicyDocument, statement: usize) -> Self {
        let mut policies = PolicySet::default();
        let mut policy = policy.clone();
        // A condition is judged alike wherever the policy hangs.
        policy.kind = PolicyType::Identity;
        policies.identity.push(policy);
        Self {
            policies,
            statement: Some(alone(statement)),
            actions: Vec::new(),
            resources: Vec::new(),
            requester: None,
            path: None,
        }
    }

    /// The question what is decided.
    pub(crate) const fn of_policies(policies: PolicySet) -> Self {
        Self {
            policies,
            statement: None,
            actions: Vec::new(),
            resources: Vec::new(),
            requester: None,
            path: None,
        }
    }

    /// The statement that is asked about.
    pub(crate) fn found(&self) -> Option<&Spanned<Statement>> {
        self.policies.statement(self.statement?).map(|(_, statement)| statement)
    }

    /// The effect of the statement that is asked about.
    pub(crate) fn effect(&self) -> Option<Effect> {
        self.found().map(|statement| *statement.effect)
    }

    /// The keys that are asked for.
    pub(crate) fn keys(&self) -> Vec<ConditionKey> {
        match self.statement {
            Some(id) => self.policies.only(|other| other == id).keys(),
            None => self.policies.keys(),
        }
    }

    /// The policies as they are asked: of a statement, its condition alone.
    fn asked(&self) -> (PolicySet, Question) {
        let Some(id) = self.statement else { return (self.policies.clone(), Question::Decision) };
        let Some((document, statement)) = self.policies.statement(id) else {
            return (self.policies.clone(), Question::Decision);
        };
        let mut statement = statement.clone();
        let span = statement.span;
        let everything = |entry| vec![Spanned::new(entry, span)];
        statement.value.principal = None;
        statement.value.action = Some(Spanned::new(
            ActionElement { sense: Sense::OneOf, entries: everything(ActionPattern::new("*")) },
            span,
        ));
        statement.value.resource = Some(Spanned::new(
            ResourceElement {
                sense: Sense::OneOf,
                entries: vec![Spanned::new(ResourcePattern::new("*"), span)],
            },
            span,
        ));
        let mut document = document.clone();
        document.kind = PolicyType::Identity;
        document.statements = vec![statement].into();
        (PolicySet::of_identity([document]), Question::Applies(alone(0)))
    }

    /// The truth table over these keys, or all of them.
    ///
    /// # Errors
    /// If it takes more than the budget, or, which is a bug, a check fails.
    pub fn table(
        &self,
        keys: Option<Vec<ConditionKey>>,
        apart: Option<bool>,
        fixed: &States,
    ) -> Result<TableReport, Unanswered> {
        let (policies, question) = self.asked();
        let mut context = Context::open();
        for (key, state) in fixed {
            context.set(key.clone(), state.clone());
        }
        let hit = keys.is_some().then_some(HitPolicy::Unique);
        TableQuery {
            policies,
            question,
            setting: Setting {
                who: self.requester.clone().into(),
                path: self.path.clone(),
                context,
                actions: if self.statement.is_some() { Vec::new() } else { self.asked_actions() },
                resources: if self.statement.is_some() {
                    Vec::new()
                } else {
                    self.resources.clone()
                },
                ..Setting::default()
            },
            form: Form { hit, apart, keys },
            is_whole: false,
        }
        .answer()
    }

    /// The actions of a table of decisions: where none are named and there is nothing but the policy of a resource, those of
    /// its service, as `iamsure table` asks.
    fn asked_actions(&self) -> Vec<ActionPattern> {
        let of_resource = || actions_of_resource_alone(&self.policies);
        let named = (!self.actions.is_empty()).then(|| self.actions.clone());
        named.or_else(of_resource).unwrap_or_default()
    }

    /// Every outcome that requests with these key states have. Calls that AWS does not authorize are
    /// left out of decisions unless they are all there is.
    ///
    /// # Errors
    /// As [`table`](Self::table).
    pub fn outcomes(&self, fixed: &States) -> Result<BTreeSet<Outcome>, Unanswered> {
        if let Some(truth) = self.condition(fixed) {
            match truth {
                Truth::True => return Ok([Outcome::Applies].into()),
                Truth::False => return Ok([Outcome::DoesNotApply].into()),
                Truth::Unknown => {}
            }
        }
        let report = self.table(Some(Vec::new()), None, fixed)?;
        let mut outcomes: BTreeSet<Outcome> =
            report.table.rows.iter().flat_map(|row| row.outcomes.iter()).collect();
        let exempt = Outcome::Verdict(Verdict::Exempt);
        if outcomes.len() > 1 {
            outcomes.remove(&exempt);
        }
        Ok(outcomes)
    }

    /// Whether the condition of the statement holds, as far as that can be told from these states.
    fn condition(&self, fixed: &States) -> Option<Truth> {
        let judgements = self.judged(fixed, |clauses| {
            clauses.iter().map(|clause| clause.judgement.truth).collect::<Vec<_>>()
        })?;
        Some(Truth::all(judgements))
    }

    /// The clauses of the statement, each judged with these states, as `read` wants them.
    pub(super) fn judged<T>(
        &self,
        fixed: &States,
        read: impl FnOnce(&[ClauseExplanation<'_>]) -> T,
    ) -> Option<T> {
        let id = self.statement?;
        let mut context = Context::open();
        for (key, state) in fixed {
            context.set(key.clone(), state.clone());
        }
        // Of the request only the context is looked at.
        let requester = sample_requester(EXAMPLE_ACCOUNT);
        let request = Request::new(requester, ActionName::get_caller_identity(), "*", context);
        let path = self.path.as_ref().filter(|path| path.worlds().len() == 1);
        let worlds = Worlds::of(request, &Who::Anybody, path, Known::Given);
        let explanation = explain(&self.policies, id, worlds.first(), &Switches::default())?;
        Some(read(&explanation.clauses))
    }

    /// The states of these keys that the policies tell apart: one request of each class.
    ///
    /// # Errors
    /// As [`table`](Self::table).
    pub(crate) fn classes(&self, keys: &[ConditionKey]) -> Result<Vec<States>, Unanswered> {
        let report = self.table(Some(keys.to_vec()), Some(true), &States::new())?;
        let of = |context: &Context| -> States {
            keys.iter()
                .map(|key| (key.clone(), context.state(key).clone()))
                .filter(|(_, state)| *state != KeyState::Unknown)
                .collect()
        };
        Ok(report
            .table
            .rows
            .iter()
            .filter_map(|row| row.witness.as_ref().map(|request| of(&request.context)))
            .collect())
    }
}

/// A key with one value, as the key takes it: several in one, if AWS publishes that it holds several.
pub(super) fn with_value(key: &ConditionKey, value: &str) -> KeyState {
    match knowledge(key, None).nature.arity {
        Some(Arity::Many) => KeyState::Multi(vec![value.to_owned()]),
        Some(Arity::One | Arity::Either) | None => KeyState::single(value),
    }
}

/// The place of a statement's name, or of its first line if it has none.
pub(super) fn name_span(statement: &Spanned<Statement>) -> Span {
    match &statement.sid {
        Some(sid) if !sid.is_empty() => sid.span,
        _ => Span::new(statement.span.start, statement.span.start + 1),
    }
}

/// What a statement is called: its Sid, or its effect.
pub(super) fn called(statement: &Statement) -> String {
    match statement.sid() {
        Some(sid) => format!("`{sid}`"),
        None => format!("the {}", statement.effect.as_str()),
    }
}
