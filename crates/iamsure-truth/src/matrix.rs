//! The decision matrix: actions × call paths, one answer a cell.
//!
//! A row is one action on one resource, or a [`Wildcard`], all of whose members are decided. A column is one [`CallPath`], which may have several worlds;
//! a cell then answers over all of them, and over whatever else nobody said. STS exchanges stand
//! apart ([`Exchange`]): no AWS principal calls there, and the policies of the role play no part.

mod division;
mod exchange;
mod question;
mod stand_in;
mod usual;
mod wildcard;

pub(crate) use stand_in::with_delegating;

pub use division::{Classes, Deciding, Division, Silent};
pub use exchange::{Exchange, OwnPolicies, Party, exchanges_of};
pub use question::{MAX_ACTIONS, Question, Questions, StandsFor, questions};
pub use usual::usual_paths;
pub use wildcard::Wildcard;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{Decision, Outcome, Truth, evaluate};
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::call_path::{PathKind, World};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switch, Switches,
};

use crate::candidate::Shape;
use crate::dependence::may_matter;
use crate::resolution::{Answer, Assumed, Case, Resolver};
use crate::shape::shape;
use crate::table::NoTable;

/// What a matrix is asked.
#[derive(Clone, Debug)]
pub struct MatrixQuery {
    /// The policies.
    pub policies: PolicySet,
    /// Whether the trust policy is that of the role that `sts:AssumeRole` is asked about. Otherwise it
    /// is that of the role whose policies these are, and decides exchanges only.
    pub trust_is_of_resource: bool,
    /// Who calls, if it was said.
    pub requester: Option<Requester>,
    /// The rows of one action.
    pub questions: Vec<Question>,
    /// The rows of many.
    pub wildcards: Vec<Wildcard>,
    /// The columns, exchanges included.
    pub paths: Vec<CallPath>,
    /// Keys that were said, over what a path fixes; everything else is unknown.
    pub context: Context,
    /// The account that owns the resources, if it was said.
    pub resource_account: Option<String>,
    /// The choices where AWS is silent.
    pub switches: Switches,
}

/// The decision matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Who calls: what was said, or the sample caller.
    pub requester: Requester,
    /// Whether the caller was said.
    pub requester_was_said: bool,
    /// The rows of one action.
    pub questions: Vec<Question>,
    /// The columns.
    pub paths: Vec<CallPath>,
    /// The answers, a row for each question, in it an answer for each path.
    pub answers: Vec<Vec<Answer>>,
    /// For each answer that trying values left open or that takes many words, all its requests.
    pub divisions: Vec<Vec<Option<Divided>>>,
    /// The rows of many actions.
    pub wildcards: Vec<Wildcard>,
    /// What their members are decided, a row for each, in it a cell for each path.
    pub wildcard_cells: Vec<Vec<Divided>>,
    /// The exchanges that were asked for.
    pub exchanges: Vec<Exchange>,
    /// The keys that the policies ask about, in the order they first do.
    pub keys: Vec<ConditionKey>,
    /// The keys that were said, or follow from who calls.
    pub said: Vec<ConditionKey>,
    /// The switches that cells depend on, each with how many; `None` if there were too many cells to
    /// ask (more than [`MAX_SWITCH_CELLS`]).
    pub switches: Option<BTreeMap<Switch, usize>>,
    /// The statements that name the action, the resource and the principal of some row and match on
    /// no path, whatever is unknown.
    pub never_matching: Vec<StatementId>,
}

/// The classes of a cell, or why they are not known.
pub type Divided = Result<Box<Division>, NoTable>;

/// The most cells that are asked again for every switch.
pub const MAX_SWITCH_CELLS: usize = 600;

/// The account of every example.
pub const EXAMPLE_ACCOUNT: &str = "111122223333";

/// Another account, of examples.
const OTHER_ACCOUNT: &str = "444455556666";

/// The caller when nobody was named: some session of some role.
pub fn sample_requester() -> Requester {
    Requester::from(Principal::RoleSession {
        account: EXAMPLE_ACCOUNT.to_owned(),
        arn: format!("arn:aws:sts::{EXAMPLE_ACCOUNT}:assumed-role/example-role/example-session"),
        role_arn: Some(format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/example-role")),
        role_id: None,
        service_linked: false,
    })
}

impl Matrix {
    /// Decides every cell.
    pub fn decide(mut query: MatrixQuery) -> Self {
        let requester_was_said = query.requester.is_some();
        let requester = query.requester.clone().unwrap_or_else(sample_requester);
        let (exchange_paths, paths): (Vec<_>, Vec<_>) = std::mem::take(&mut query.paths)
            .into_iter()
            .partition(|path| matches!(path.kind(), PathKind::Exchange(_)));
        let table = Table::of(&query);
        let answers: Vec<Vec<Answer>> = query
            .questions
            .iter()
            .map(|question| paths.iter().map(|path| table.cell(path, question)).collect())
            .collect();
        let divide = |(question, answers): (&Question, &Vec<Answer>)| {
            let cells = answers.iter().zip(&paths);
            cells
                .map(|(answer, path)| is_open(answer).then(|| table.divide(path, question)))
                .collect()
        };
        let divisions = query.questions.iter().zip(&answers).map(divide).collect();
        let wildcard_cells = table.wildcard_cells(&query.wildcards, &paths);
        let exchanges = exchange_paths
            .iter()
            .flat_map(|path| match path.kind() {
                PathKind::Exchange(operation) => table.exchanges(path, operation),
                _ => Vec::new(),
            })
            .collect();
        let never_matching = table.never_matching(&paths);
        let said = table.said();
        let switches = table.switches(&paths);
        let keys = query.policies.keys();
        Self {
            requester,
            requester_was_said,
            questions: query.questions,
            paths,
            answers,
            divisions,
            wildcards: query.wildcards,
            wildcard_cells,
            exchanges,
            keys,
            said,
            switches,
            never_matching,
        }
    }
}

impl MatrixQuery {
    /// One cell alone: the answer that [`Matrix::decide`] has for a row and a column that is no exchange.
    pub fn cell(&self, path: &CallPath, question: &Question) -> Answer {
        Table::of(self).cell(path, question)
    }

    /// The switches that a cell depends on: those whose other choices give another decision.
    pub fn cell_switches(&self, path: &CallPath, question: &Question) -> BTreeSet<Switch> {
        let table = Table::of(self);
        table.dependences(path, question, &table.other_switches())
    }

    /// The policies by which a case of an answer on a column was decided, each statement in its place: with
    /// stand-ins for what must be there and was not given, and without what does not look at these calls.
    pub fn deciding(&self, path: &CallPath, case: &Case) -> PolicySet {
        if let PathKind::Exchange(operation) = path.kind()
            && operation.asks_trust_policy()
        {
            return if operation.is_unsigned() {
                self.policies.clone()
            } else {
                exchange::with_own_policy(&self.policies)
            };
        }
        let policies = Table::of(self).policies_on(path).into_owned();
        match case.assumes {
            Some(Assumed::Silent) => policies,
            _ => stand_in::delegating(&policies, &case.witness).unwrap_or(policies),
        }
    }

    /// What is decided on a column that is an exchange of one caller, to a role (an example, if none is said);
    /// `None` on other columns.
    pub fn exchange_by(
        &self,
        path: &CallPath,
        requester: &Requester,
        role: Option<&str>,
    ) -> Option<Exchange> {
        match path.kind() {
            PathKind::Exchange(operation) => {
                Some(Table::of(self).exchange_by(path, operation, requester, role))
            }
            _ => None,
        }
    }

    /// What is decided on a column that is an exchange; nothing on others.
    pub fn exchanges(&self, path: &CallPath) -> Vec<Exchange> {
        match path.kind() {
            PathKind::Exchange(operation) => Table::of(self).exchanges(path, operation),
            _ => Vec::new(),
        }
    }
}

/// Whether trying values left something open, or found more than can be said in a line or two.
fn is_open(answer: &Answer) -> bool {
    let is_whole = answer.exact && answer.not_excluded.is_empty() && answer.gave_up_on.is_empty();
    answer.decision().is_none() && !(is_whole && answer.is_short())
}

/// What the cells of one matrix have in common.
struct Table<'a> {
    query: &'a MatrixQuery,
    /// The policies of the rows; those of the exchanges are the query's.
    policies: Cow<'a, PolicySet>,
    requester: Requester,
}

impl<'a> Table<'a> {
    fn of(query: &'a MatrixQuery) -> Self {
        let policies = if query.trust_is_of_resource || query.policies.trust.is_none() {
            Cow::Borrowed(&query.policies)
        } else {
            Cow::Owned(PolicySet { trust: None, ..query.policies.clone() })
        };
        let requester = query.requester.clone().unwrap_or_else(sample_requester);
        Self { query, policies, requester }
    }
}

impl Table<'_> {
    /// One request for each world of a path.
    fn worlds(
        &self,
        path: &CallPath,
        requester: &Requester,
        action: &ActionName,
        resource: &str,
    ) -> Vec<Request> {
        let was_said = self.query.requester.is_some();
        let request = |world: &World| {
            let mut context = self.query.context.clone();
            world.apply(&mut context);
            let mut request = Request::new(requester.clone(), action.clone(), resource, context);
            request.resource_account.clone_from(&self.query.resource_account);
            if !was_said && request.resource_account.is_none() {
                // Nobody said whose the resources are: they are taken as the caller's own.
                request.resource_account = Some(EXAMPLE_ACCOUNT.to_owned());
            }
            if was_said {
                for (key, state) in derived_keys(&request) {
                    if !request.context.is_set(&key) {
                        request.context.set(key, state);
                    }
                }
            }
            request
        };
        path.worlds().iter().map(request).collect()
    }

    /// Who calls on a path: a service as itself, or whoever the matrix is about.
    fn caller(&self, path: &CallPath) -> Requester {
        path.principal().map_or_else(|| self.requester.clone(), |own| Requester::from(own.clone()))
    }

    /// The policies that look at the calls of a path: no endpoint policy where it comes through none.
    fn policies_on(&self, path: &CallPath) -> Cow<'_, PolicySet> {
        if path.through_endpoint() == Some(false) && self.policies.endpoint.is_some() {
            Cow::Owned(PolicySet { endpoint: None, ..self.policies.as_ref().clone() })
        } else {
            Cow::Borrowed(&*self.policies)
        }
    }

    fn cell(&self, path: &CallPath, question: &Question) -> Answer {
        let requester = self.caller(path);
        let policies = self.policies_on(path);
        let worlds = self.worlds(path, &requester, &question.action, &question.resource);
        let said = self.query.requester.as_ref().map(|requester| &requester.principal);
        let caller = path.principal().or(said);
        let shape_of = |key: &ConditionKey| {
            let shape = shape(key, caller);
            if path.is_present(key) {
                Shape { may_be_absent: false, may_be_present: true, ..shape }
            } else {
                shape
            }
        };
        let resolver =
            Resolver { policies: &policies, switches: &self.query.switches, shape_of: &shape_of };
        let answer = resolver.answer(&worlds);
        // A role has a trust policy and a key has a key policy: if it was not given, it may let the
        // identity-based policies decide, or not.
        match worlds.first().and_then(|world| stand_in::delegating(&policies, world)) {
            None => answer,
            Some(policies) => {
                Resolver { policies: &policies, ..resolver }.answer(&worlds).assuming(answer)
            }
        }
    }

    /// The statements that name some row and match on no path, whatever is unknown.
    fn never_matching(&self, paths: &[CallPath]) -> Vec<StatementId> {
        let (mut named, mut matching) = (BTreeSet::new(), BTreeSet::new());
        let examples: Vec<Question> = self
            .query
            .wildcards
            .iter()
            .flat_map(|wildcard| question::examples(&self.policies, wildcard))
            .collect();
        for question in self.query.questions.iter().chain(&examples) {
            for path in paths {
                for world in
                    self.worlds(path, &self.caller(path), &question.action, &question.resource)
                {
                    for (id, _, matched) in
                        evaluate(&self.policies_on(path), &world, &self.query.switches).statements
                    {
                        if matched.action.and(matched.principal).and(matched.resource)
                            != Truth::False
                        {
                            named.insert(id);
                        }
                        if matched.truth() != Truth::False {
                            matching.insert(id);
                        }
                    }
                }
            }
        }
        named.difference(&matching).copied().collect()
    }

    /// The switches that cells depend on: those whose other choices give another decision.
    fn switches(&self, paths: &[CallPath]) -> Option<BTreeMap<Switch, usize>> {
        let rows = self.query.questions.len() + self.query.wildcards.len();
        if rows * paths.len() > MAX_SWITCH_CELLS {
            return None;
        }
        let others = self.other_switches();
        let mut found = self.wildcard_switches(&self.query.wildcards, paths)?;
        for question in &self.query.questions {
            for path in paths {
                for switch in self.dependences(path, question, &others) {
                    *found.entry(switch).or_insert(0) += 1;
                }
            }
        }
        Some(found)
    }

    /// Every other choice of a switch that the policies hold anything about.
    fn other_switches(&self) -> Vec<(Switch, Switches)> {
        let chosen = &self.query.switches;
        // Q7 is a choice of reading, and Q20 one of worlds, which are all shown.
        let asked = Switch::ALL.iter().copied().filter(|switch| {
            !matches!(switch, Switch::Q7 | Switch::Q20) && may_matter(*switch, &self.policies)
        });
        asked
            .flat_map(|switch| {
                let alternatives =
                    (0..switch.alternatives().len()).map(move |index| chosen.with(switch, index));
                std::iter::once(chosen.with_default(switch))
                    .chain(alternatives)
                    .map(move |other| (switch, other))
            })
            .filter(|(_, other)| other != chosen)
            .collect()
    }

    /// The switches among `others` with which a cell is decided otherwise.
    fn dependences(
        &self,
        path: &CallPath,
        question: &Question,
        others: &[(Switch, Switches)],
    ) -> BTreeSet<Switch> {
        if others.is_empty() {
            return BTreeSet::new();
        }
        let policies = self.policies_on(path);
        let worlds = self.worlds(path, &self.caller(path), &question.action, &question.resource);
        let outcomes = |switches: &Switches| -> Vec<_> {
            let summary = |decision: &Decision| (decision.verdict, decision.by);
            let outcome = |world: &Request| match evaluate(&policies, world, switches).outcome {
                Outcome::Decided(decision) => (summary(&decision), summary(&decision)),
                Outcome::Depends { least, most, .. } => (summary(&least), summary(&most)),
            };
            worlds.iter().map(outcome).collect()
        };
        let decided = outcomes(&self.query.switches);
        others
            .iter()
            .filter(|(_, other)| outcomes(other) != decided)
            .map(|(switch, _)| *switch)
            .collect()
    }

    /// The keys that were said, or follow from who calls.
    fn said(&self) -> Vec<ConditionKey> {
        let mut said: Vec<_> = self.query.context.entries().map(|(key, _)| key.clone()).collect();
        if self.query.requester.is_some()
            && let Ok(action) = ActionName::parse("sts:GetCallerIdentity")
        {
            let request = Request::new(self.requester.clone(), action, "*", Context::closed());
            let known =
                derived_keys(&request).into_iter().filter(|(_, state)| *state != KeyState::Unknown);
            said.extend(known.map(|(key, _)| key));
        }
        said
    }
}

/// The ARN of the role that a session belongs to, or of an example.
fn role_resource(requester: &Requester) -> String {
    match &requester.principal {
        Principal::RoleSession { role_arn: Some(arn), .. } => arn.clone(),
        _ => format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/example-role"),
    }
}
