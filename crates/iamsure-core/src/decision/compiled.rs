//! One policy set and many requests: what does not depend on the request is worked out once.
//!
//! [`evaluate`](super::evaluate()) is the reference: it judges every statement. [`CompiledPolicies::decide`] gives
//! the same answer and judges only those statements that can match, by an index of how their actions and
//! resources start. The rest is shared: how a statement is judged, how the unknown is settled, and the
//! precedence of layers.
//!
//! Why it decided so is another question, with another price: [`explain`](super::explain()).

mod heads;
mod index;

use std::borrow::Borrow;

use super::applicable::Scope;
use super::clause::Facts;
use super::evaluate::{Outcome, combine, exempted};
use super::statement::{self, StatementMatch, judge_compiled};
use super::truth::Truth;
use smallvec::SmallVec;

use crate::language::document::{Effect, PolicyDocument, PolicyType, Statement};
use crate::language::resource::CompiledResource;
use crate::language::variable::Reading;
use crate::world::policy_set::{PolicySet, StatementId};
use crate::world::request::Request;
use crate::world::switch::{Switch, Switches};
use index::{Index, IndexBuilder};

/// A policy set with the choice of switches, ready to decide many requests.
///
/// It holds the policies, or whatever lends them: `&PolicySet`, `Arc<PolicySet>`. Deciding changes nothing, so
/// that several threads may ask one `CompiledPolicies` at a time.
///
/// ```
/// use iamsure_core::decision::{CompiledPolicies, Verdict};
/// use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
/// use iamsure_core::world::{Context, PolicySet, Principal, Request, Switches};
///
/// let source = Source::new("read.json", r#"{
///   "Version": "2012-10-17",
///   "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket/*" }
/// }"#);
/// let policy = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
/// let policies = CompiledPolicies::new(PolicySet::of_identity([policy]), Switches::default());
///
/// let alice = Principal::User {
///     account: "111122223333".into(),
///     arn: "arn:aws:iam::111122223333:user/alice".into(),
///     unique_id: None,
/// };
/// for (action, allowed) in [("s3:GetObject", true), ("s3:PutObject", false)] {
///     let action = ActionName::parse(action).unwrap();
///     let request =
///         Request::new(alice.clone(), action, "arn:aws:s3:::bucket/key", Context::closed());
///     let outcome = policies.decide(&request);
///     let decision = outcome.decided().expect("nothing is unknown");
///     assert_eq!(decision.verdict == Verdict::Allowed, allowed);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CompiledPolicies<P = PolicySet> {
    policies: P,
    switches: Switches,
    /// In the order of [`PolicySet::statements`].
    statements: Vec<CompiledStatement>,
    index: Index,
}

#[derive(Clone, Debug)]
struct CompiledStatement {
    id: StatementId,
    kind: PolicyType,
    effect: Effect,
    reading: Reading,
    /// One for each entry of Resource or NotResource.
    resources: Box<[CompiledResource]>,
}

/// Statements with how they match. Few match one request: without a list on the heap for them.
type Matched = SmallVec<[(StatementId, Effect, StatementMatch); 4]>;

/// For how many requests a thread is worth starting, which takes as long as some dozens of decisions.
const LEAST_SHARE: usize = 256;

impl<P: Borrow<PolicySet>> CompiledPolicies<P> {
    /// Compiles `policies`, to be decided with `switches`. Takes time and memory in proportion to their text.
    pub fn new(policies: P, switches: Switches) -> Self {
        Self::of_statements(policies, switches, |_, _| true)
    }

    /// As [`new`](Self::new), but as if `policies` held no statements but those that `keep` keeps.
    pub fn of_statements(
        policies: P,
        switches: Switches,
        keep: impl Fn(&PolicyDocument, &Statement) -> bool,
    ) -> Self {
        let rules = statement::resource_rules(&switches);
        let mut index = IndexBuilder::default();
        let mut statements = Vec::new();
        for (id, document, found) in policies.borrow().statements() {
            if !keep(document, found) {
                continue;
            }
            let number = statements.len();
            let reading = document.reading(switches.is_alternative(Switch::Q1));
            index.add(number, found, reading, &switches);
            let resources = found
                .resource
                .iter()
                .flat_map(|element| &element.entries)
                .map(|entry| entry.compile(document.kind, reading, rules))
                .collect();
            let (kind, effect) = (document.kind, *found.effect);
            statements.push(CompiledStatement { id, kind, effect, reading, resources });
        }
        Self { policies, switches, statements, index: index.finish() }
    }

    /// The policies.
    pub fn policies(&self) -> &PolicySet {
        self.policies.borrow()
    }

    /// The choices where AWS is silent.
    pub const fn switches(&self) -> &Switches {
        &self.switches
    }

    /// Decides `request`: the outcome of [`evaluate`](super::evaluate()), without the statements that do
    /// not match.
    pub fn decide(&self, request: &Request) -> Outcome {
        if let Some(outcome) = exempted(request) {
            return outcome;
        }
        let scope = Scope::of(request, &self.switches);
        combine(self.policies.borrow(), scope, &self.matched(scope))
    }

    /// The statements that match `request`, or may, with how, in the order of [`PolicySet::statements`]: those of which
    /// [`evaluate`](super::evaluate()) says so. Nothing, where no statement is asked.
    pub fn matching(&self, request: &Request) -> Vec<(StatementId, StatementMatch)> {
        if exempted(request).is_some() {
            return Vec::new();
        }
        let matched = self.matched(Scope::of(request, &self.switches));
        matched.into_iter().map(|(id, _, found)| (id, found)).collect()
    }

    /// Whether the statements that it holds match `request` as `matching` says, which has those that match it by other choices
    /// in the order of [`PolicySet::statements`].
    pub fn matches_as(
        &self,
        request: &Request,
        matching: &[(StatementId, StatementMatch)],
    ) -> bool {
        if exempted(request).is_some() {
            return true;
        }
        let own = self.matched(Scope::of(request, &self.switches));
        let holds =
            |id: &StatementId| self.statements.binary_search_by_key(id, |own| own.id).is_ok();
        let theirs = matching.iter().filter(|(id, _)| holds(id));
        own.iter().map(|(id, _, found)| (id, found)).eq(theirs.map(|(id, found)| (id, found)))
    }

    fn matched(&self, scope: Scope<'_>) -> Matched {
        let policies = self.policies.borrow();
        let request = scope.request;
        let has_boundary = policies.boundary.is_some() && scope.covers(PolicyType::Boundary);
        let mut matched = Matched::new();
        for statement in self.candidates(request) {
            if !scope.covers(statement.id.layer) {
                continue;
            }
            let Some((_, found)) = policies.statement(statement.id) else { continue };
            let (kind, resources) = (statement.kind, &statement.resources);
            let facts = Facts {
                context: &request.context,
                reading: statement.reading,
                switches: &self.switches,
            };
            let judged = judge_compiled(kind, found, resources, request, has_boundary, facts);
            if judged.truth() != Truth::False {
                matched.push((statement.id, statement.effect, judged));
            }
        }
        matched.sort_unstable_by_key(|(id, ..)| *id);
        matched
    }

    /// Decides many requests, on as many threads as the machine has processors; the outcomes stand in the order
    /// of the requests. Where there is one processor, or there are no threads, it decides one after the other.
    pub fn decide_all(&self, requests: &[Request]) -> Vec<Outcome>
    where
        P: Sync,
    {
        let in_turn = |part: &[Request]| part.iter().map(|request| self.decide(request)).collect();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let share = requests.len().div_ceil(processors).max(LEAST_SHARE);
        let mut parts = requests.chunks(share);
        let Some(own) = parts.next() else { return Vec::new() };
        std::thread::scope(|scope| {
            let others: Vec<_> = parts
                .map(|part| {
                    let thread = std::thread::Builder::new();
                    (part, thread.spawn_scoped(scope, move || in_turn(part)))
                })
                .collect();
            let mut outcomes: Vec<Outcome> = in_turn(own);
            outcomes.reserve(requests.len().saturating_sub(own.len()));
            for (part, thread) in others {
                // A thread that could not be started leaves its part to this one.
                let theirs = thread.ok().and_then(|thread| thread.join().ok());
                outcomes.extend(theirs.unwrap_or_else(|| in_turn(part)));
            }
            outcomes
        })
    }

    /// How many statements the index leaves to be judged for `request`, in all layers; the others cannot match.
    /// That is what deciding costs, on whatever machine.
    pub fn count_judged(&self, request: &Request) -> usize {
        self.candidates(request).count()
    }

    fn candidates(&self, request: &Request) -> impl Iterator<Item = &CompiledStatement> {
        self.index
            .candidates(request.action.folded(), &request.resource)
            .filter_map(|number| self.statements.get(number))
    }
}
