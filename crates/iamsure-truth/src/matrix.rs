//! The decision matrix: actions × call paths, one answer a cell.
//!
//! A row is one action on one resource, or a [`Wildcard`], all of whose members are decided. A column is one [`CallPath`], which may have several worlds;
//! a cell then answers over all of them, and over whatever else nobody said. STS exchanges stand
//! apart ([`Exchange`]): no AWS principal calls there, and the policies of the role play no part.

mod division;
mod question;
mod switches;
mod usual;
mod wildcard;

pub use crate::ask::{Exchange, OwnPolicies, Party, exchanges_of};
pub use division::{Classes, Deciding, Division, Silent};
pub use question::{MAX_ACTIONS, Question, Questions, StandsFor, questions};
pub use switches::MAX_SWITCH_CELLS;
pub use usual::usual_paths;
pub use wildcard::Wildcard;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{Truth, evaluate};
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Request, Requester, Switch, Switches,
};

use crate::ask::callers::Callers;
use crate::ask::exchange::Exchanges;
use crate::ask::exchange::with_own_policy;
use crate::ask::worlds::looked_at_by;
use crate::ask::{Answer, Asker, Assumed, Beside, Case, Known, Worlds, stand_in};
use crate::known_later::Bounds;
use crate::open_world::with_callers_own;
use crate::sample::{Who, account_named_by, account_of, is_of_owner, owner_in};
use crate::unanswered::Unanswered;

/// What a matrix is asked.
#[derive(Clone, Debug)]
pub struct MatrixQuery {
    /// The policies.
    pub policies: PolicySet,
    /// Whether the trust policy is that of the role that `sts:AssumeRole` is asked about. Otherwise it
    /// is that of the role whose policies these are, and decides exchanges only.
    pub trust_is_of_resource: bool,
    /// Who calls.
    pub who: Who,
    /// The rows of one action.
    pub questions: Vec<Question>,
    /// The rows of many.
    pub wildcards: Vec<Wildcard>,
    /// The columns, exchanges included.
    pub paths: Vec<CallPath>,
    /// Keys that were said, over what a path fixes; everything else is unknown.
    pub context: Context,
    /// The account that owns the resources, if given.
    pub resource_account: Option<String>,
    /// The choices where AWS is silent.
    pub switches: Switches,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub known_later: bool,
    /// Whether the policies are all there are. Otherwise, where they are those of a resource alone, rows are decided both
    /// ways: as if the callers' own policies allowed everything, and as if they allowed nothing.
    pub is_whole: bool,
}

/// The decision matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Who calls.
    pub who: Who,
    /// The same, or an example of those who may: of the account of the first row's resource, where that names one.
    pub requester: Requester,
    /// Whether other rows name other accounts: these are decided for an example of theirs.
    pub in_each_account: bool,
    /// The rows of one action.
    pub questions: Vec<Question>,
    /// The columns.
    pub paths: Vec<CallPath>,
    /// The answers, a row for each question, in it an answer for each path.
    pub answers: Vec<Vec<Answer>>,
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
    /// What is assumed beside layers that only limit.
    pub beside: Beside,
    /// Whether something depends on the callers' own policies, which are not given.
    pub wants_callers_policies: bool,
    /// The account that resources are taken to be in whose ARN names none, where the policy of a resource decides and nobody said
    /// whose it is.
    pub owner_taken: Option<String>,
}

/// The classes of a cell, or why they are not known.
pub type Divided = Result<Box<Division>, Unanswered>;

impl Matrix {
    /// Decides every cell.
    pub fn decide(mut query: MatrixQuery) -> Self {
        let (exchange_paths, paths): (Vec<_>, Vec<_>) = std::mem::take(&mut query.paths)
            .into_iter()
            .partition(|path| matches!(path.kind(), PathKind::Exchange(_)));
        let table = Table::of(&query);
        let answers: Vec<Vec<Answer>> = query
            .questions
            .iter()
            .map(|question| paths.iter().map(|path| table.cell(path, question)).collect())
            .collect();
        let wildcard_cells = table.wildcard_cells(&query.wildcards, &paths);
        let exchanges = exchange_paths
            .iter()
            .flat_map(|path| match path.kind() {
                PathKind::Exchange(operation) => table.exchanges().all(path, operation),
                _ => Vec::new(),
            })
            .collect();
        let (requester, in_each_account) = table.shown_requester();
        let never_matching = table.never_matching(&paths);
        let said = table.said();
        let switches = table.switches(&paths, &exchange_paths);
        let wants_callers_policies = depends_on_callers(&answers, &wildcard_cells);
        let owner_taken = table.owner_taken();
        let keys = query.policies.keys();
        let callers = Callers::new([&requester.principal], true);
        let beside = Beside::of_callers(&query.policies, &callers);
        Self {
            beside,
            requester,
            in_each_account,
            who: query.who,
            questions: query.questions,
            paths,
            answers,
            wildcards: query.wildcards,
            wildcard_cells,
            exchanges,
            keys,
            said,
            switches,
            never_matching,
            wants_callers_policies,
            owner_taken,
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
                with_own_policy(&self.policies)
            };
        }
        let policies = Table::of(self).policies_on(path).into_owned();
        let assumes = |assumed| case.assumes.contains(&assumed);
        let policies =
            if assumes(Assumed::CallersAllow) { with_callers_own(&policies) } else { policies };
        let bounds = || Bounds::at(&policies, &case.witness);
        if assumes(Assumed::Most) {
            let most = bounds().map_or_else(|| policies.clone(), |bounds| bounds.most);
            return stand_in::either_way_of(&most, &case.witness).delegating;
        }
        if assumes(Assumed::Least) {
            let least = bounds().map_or_else(|| policies.clone(), |bounds| bounds.least);
            return stand_in::either_way_of(&least, &case.witness).silenced().clone();
        }
        let ways = stand_in::either_way_of(&policies, &case.witness);
        if assumes(Assumed::Silent) { ways.silenced().clone() } else { ways.delegating }
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
                Some(Table::of(self).exchanges().by(path, operation, requester, role))
            }
            _ => None,
        }
    }

    /// What is decided on a column that is an exchange; nothing on others.
    pub fn exchanges(&self, path: &CallPath) -> Vec<Exchange> {
        match path.kind() {
            PathKind::Exchange(operation) => Table::of(self).exchanges().all(path, operation),
            _ => Vec::new(),
        }
    }
}

/// Whether some cell depends on the callers' own policies, which are not given.
fn depends_on_callers(answers: &[Vec<Answer>], divided: &[Vec<Divided>]) -> bool {
    let assumed = Assumed::CallersAllow;
    let mut cases = answers.iter().flatten().flat_map(|answer| &answer.cases);
    let mut divisions = divided.iter().flatten().flatten();
    cases.any(|case| case.assumes.contains(&assumed))
        || divisions.any(|division| {
            division.silent.as_ref().is_some_and(|silent| {
                silent.assumes.iter().flatten().any(|known| *known == assumed)
            })
        })
}

/// What the cells of one matrix have in common.
struct Table<'a> {
    query: &'a MatrixQuery,
    /// The policies of the rows; those of the exchanges are the query's.
    policies: Cow<'a, PolicySet>,
    /// The account of callers and resources, where the question names none.
    account: &'a str,
}

impl<'a> Table<'a> {
    fn of(query: &'a MatrixQuery) -> Self {
        let policies = if query.trust_is_of_resource || query.policies.trust.is_none() {
            Cow::Borrowed(&query.policies)
        } else {
            Cow::Owned(PolicySet { trust: None, ..query.policies.clone() })
        };
        let account = query.resource_account.as_deref();
        let account = account.unwrap_or_else(|| account_named_by([&query.policies]));
        Self { query, policies, account }
    }
}

impl Table<'_> {
    /// The caller of the first row, and whether other rows have one of another account.
    fn shown_requester(&self) -> (Requester, bool) {
        let of_rows = self.query.questions.iter().map(|row| Some(row.resource.as_str()));
        let of_wildcards = self.query.wildcards.iter().map(|row| row.resource.as_deref());
        let mut callers = of_rows.chain(of_wildcards).map(|resource| self.requester(resource));
        let first = callers.next().unwrap_or_else(|| self.requester(None));
        let others = callers.any(|other| other != first);
        (first, others)
    }

    /// Who calls: an example of the account that the resource is of, where the question names nobody.
    fn requester(&self, resource: Option<&str>) -> Requester {
        let given = self.query.resource_account.as_deref();
        let account = given
            .or_else(|| resource.and_then(account_of))
            .or_else(|| owner_in(&self.query.context))
            .unwrap_or(self.account);
        self.query.who.or_sample(account)
    }

    /// One request for each world of a path.
    fn worlds<'p>(&self, path: &'p CallPath, action: &ActionName, resource: &str) -> Worlds<'p> {
        self.worlds_about(path, action, Some(resource))
    }

    /// As [`worlds`](Self::worlds); about any resource, without one.
    fn worlds_about<'p>(
        &self,
        path: &'p CallPath,
        action: &ActionName,
        resource: Option<&str>,
    ) -> Worlds<'p> {
        let requester = self.requester(resource);
        let own = requester.principal.account().map(str::to_owned);
        let requester = path.principal().map_or(requester, |own| Requester::from(own.clone()));
        let context = self.query.context.clone();
        let mut request = Request::new(requester, action.clone(), resource.unwrap_or("*"), context);
        request.resource_account.clone_from(&self.query.resource_account);
        if self.query.who == Who::Anybody && request.resource_account.is_none() {
            // Whose the resources are is not given: they belong to the caller's account.
            request.resource_account = own;
        }
        let known = Known::Derived { resource: resource.is_some() };
        let worlds = Worlds::of(request, &self.query.who, Some(path), known);
        let is_anybody =
            self.query.who == Who::Anybody && path.principal().is_none() && path.token().is_none();
        if is_anybody { worlds.of_anybody(&[&self.query.policies]) } else { worlds }
    }

    /// The policies that look at the calls of a path.
    fn policies_on(&self, path: &CallPath) -> Cow<'_, PolicySet> {
        looked_at_by(&self.policies, Some(path))
    }

    fn cell(&self, path: &CallPath, question: &Question) -> Answer {
        self.cell_by(path, question, &self.query.switches)
    }

    /// The cell with other choices where AWS is silent.
    fn cell_by(&self, path: &CallPath, question: &Question, switches: &Switches) -> Answer {
        let worlds = self.worlds(path, &question.action, &question.resource);
        let answer = |policies: &PolicySet| {
            let asker = Asker { policies, switches };
            if self.query.known_later {
                asker.for_every_value(&worlds)
            } else {
                asker.either_way(&worlds)
            }
        };
        let policies = self.policies_on(path);
        let as_given = answer(&policies);
        if self.leaves_out_callers(&policies, worlds.first()) {
            answer(&with_callers_own(&policies)).for_callers(as_given)
        } else {
            as_given
        }
    }

    /// The account that is taken for the owner of rows whose ARN names none.
    fn owner_taken(&self) -> Option<String> {
        let own = self.query.who.named()?.principal.account()?;
        let of_wildcards = self.query.wildcards.iter().map(|row| row.resource.as_deref());
        let of_rows = self.query.questions.iter().map(|row| Some(row.resource.as_str()));
        let mut rows = of_wildcards.chain(of_rows);
        let is_unnamed = |arn: Option<&str>| arn.is_none_or(|arn| account_of(arn).is_none());
        let matters =
            self.policies.resource.is_some() || self.query.policies.keys().iter().any(is_of_owner);
        let is_open = self.query.resource_account.is_none() && matters;
        (is_open && rows.any(is_unnamed)).then(|| own.to_owned())
    }

    /// Whether the policies are those of a resource, and what the callers' own allow is asked both ways.
    fn leaves_out_callers(&self, policies: &PolicySet, request: &Request) -> bool {
        !self.query.is_whole
            && Beside::of_callers(policies, &Callers::of(request)).leaves_out_callers(policies)
    }

    /// The exchanges beside the rows.
    fn exchanges(&self) -> Exchanges<'_> {
        Exchanges {
            policies: &self.query.policies,
            who: &self.query.who,
            requester: self.requester(None),
            account: self.account,
            context: &self.query.context,
            resource_account: self.query.resource_account.as_deref(),
            switches: &self.query.switches,
            known_later: self.query.known_later,
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
                let worlds = self.worlds(path, &question.action, &question.resource);
                for world in worlds.requests() {
                    for (id, _, matched) in
                        evaluate(&self.policies_on(path), world, &self.query.switches).statements
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

    /// The keys that were said, or follow from who calls.
    fn said(&self) -> Vec<ConditionKey> {
        let query = self.query;
        let mut said: Vec<_> = query.context.entries().map(|(key, _)| key.clone()).collect();
        let Some(requester) = query.who.named() else {
            // A user or a role.
            said.push(ConditionKey::new("aws:PrincipalIsAWSService"));
            return said;
        };
        let known = principal_keys(&requester.principal).into_iter();
        said.extend(known.filter(|(_, state)| *state != KeyState::Unknown).map(|(key, _)| key));
        // A resource that says nothing else is the caller's own.
        said.push(ConditionKey::new("aws:ResourceAccount"));
        said
    }
}
