//! What a principal can become, step by step.
//!
//! An edge is a [`Method`] whose every call is allowed, with a request for each that the evaluator decided. The
//! closure of all edges is what a principal reaches.

mod beyond;
mod call;
mod method;
mod step;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use iamsure_core::language::document::Effect;
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::{CallPaths, PolicySet, Request};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict, Reason};
use iamsure_truth::known_later::symbols_about;
use iamsure_truth::unanswered::Unanswered;

use beyond::Beyond;
pub use method::{Gain, METHODS, Method, Need, On};
use step::Steps;

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;
use crate::shared::of_each;

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// To another principal, by number.
    Principal(usize),
    /// To more permissions for the same principal, as far as its boundary and SCPs leave them.
    MorePermissions,
    /// To the policies of a group, by ARN.
    Group(String),
    /// To its own policies without its permissions boundary.
    Unbounded,
    /// To another principal, by number, after a step that gives it more.
    With(usize, Box<Target>),
}

/// One step.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Who takes it, by number.
    pub from: usize,
    /// Where it leads.
    pub to: Target,
    /// How.
    pub method: &'static Method,
    /// How one becomes whom the method gives more.
    pub then: Option<&'static Method>,
    /// A request for each call, made by whoever takes the step; none where a call may be allowed, and it is not known.
    pub requests: Vec<Request>,
    /// Whether it is certain. If it is not, it depends on what the account does not tell: whether a function runs as
    /// the role, whether a user has a password, which other versions a policy has; or on what was not given; or on
    /// [`symbols`](Self::symbols).
    pub is_certain: bool,
    /// The symbols for values that are known later on which it depends whether there is this step.
    pub symbols: BTreeSet<String>,
}

/// Every step that somebody can take.
#[derive(Debug)]
pub struct Paths {
    /// The steps, by who takes them.
    pub edges: Vec<Edge>,
    /// By the number of a principal, whether it may attach any policy to any user.
    pub administrators: Vec<bool>,
    /// Whoever may do so for some values of symbols, by number, with the symbols on which it depends.
    pub perhaps_administrators: BTreeMap<usize, BTreeSet<String>>,
    /// Why somebody was not looked at, by number.
    pub undecided: BTreeMap<usize, String>,
    /// What follows after steps that give somebody more.
    beyond: Beyond,
    /// By the number of a principal, the numbers of its steps.
    by_principal: Vec<Vec<usize>>,
}

/// Every step that somebody can take.
///
/// # Errors
/// A bug of this program.
pub fn paths(principals: &Principals, facts: &Facts) -> Result<Paths, Unanswered> {
    let mut edges = Vec::new();
    let mut undecided = BTreeMap::new();
    let mut by_principal = Vec::with_capacity(principals.principals.len());
    let Administrators { are: administrators, perhaps: perhaps_administrators } =
        administrators_of(principals, facts)?;
    let mut steps = Steps::new(principals, facts, principals.principals.len());
    for (from, principal) in principals.principals.iter().enumerate() {
        let first = edges.len();
        if let Err(why) = &principal.set {
            undecided.insert(from, why.clone());
        } else {
            for method in METHODS {
                steps.take(from, method, &mut edges, None)?;
            }
            let has_everything = |of: usize| administrators.get(of).copied().unwrap_or(false);
            if !has_everything(from) {
                let own = edges.get(first..).unwrap_or_default();
                let more = steps.strengthen(from, own, has_everything)?;
                edges.extend(more);
            }
        }
        if let Some(Err(why)) = principals.known_trust(&principal.arn) {
            undecided.entry(from).or_insert_with(|| why.to_owned());
        }
        by_principal.push((first..edges.len()).collect());
    }
    drop(steps);
    let beyond = Beyond::follow((principals, facts), (&edges, &administrators), &mut undecided)?;
    Ok(Paths { edges, administrators, perhaps_administrators, undecided, beyond, by_principal })
}

/// Who may attach any policy to any user of the account.
#[derive(Debug, Default)]
struct Administrators {
    /// By the number of a principal, whether it may.
    are: Vec<bool>,
    /// Whoever may for some values of symbols.
    perhaps: BTreeMap<usize, BTreeSet<String>>,
}

/// What an administrator may do, unless its own policies allow it everything that others leave.
const ATTACH: &str = "iam:AttachUserPolicy";

/// Whether policies allow everything, as far as SCPs and RCPs leave it: one statement does, and no boundary, no condition and
/// no Deny of their own takes anything away.
fn allow_everything(policies: &PolicySet) -> bool {
    let own = || policies.identity.iter().flat_map(|policy| &policy.statements);
    policies.boundary.is_none()
        && own().all(|statement| *statement.effect == Effect::Allow)
        && own().any(|statement| statement.is_about_everything())
}

/// Who may attach any policy to any user of the account, or do everything, and so has every permission there is; and who may for
/// some values of symbols.
fn administrators_of(principals: &Principals, facts: &Facts) -> Result<Administrators, Unanswered> {
    let paths = CallPaths::new(facts.switches);
    let keys = |set| {
        let policies = facts.policies(principals, set);
        let keys = policies.keys();
        (policies, keys)
    };
    let ask = |of: &AccountPrincipal, policies: PolicySet, keys: &[ConditionKey]| {
        if allow_everything(&policies) {
            return Ok((ClaimVerdict::Proved, BTreeSet::new()));
        }
        let partition = of.requester.principal.partition().unwrap_or("aws");
        let users = format!("arn:{partition}:iam::{}:user/*", of.account());
        let claim = Claim::parse(&format!("always allow {ATTACH} on \"{users}\""));
        // An ARN that no claim can hold is none of AWS's.
        let Ok(claim) = claim else { return Ok((ClaimVerdict::Refuted, BTreeSet::new())) };
        let about = ActionName::parse(ATTACH).map(|action| symbols_about(&policies, &action, None));
        let setting = facts.setting(of, keys);
        let query = ClaimQuery {
            policies,
            claim,
            setting,
            paths: paths.clone(),
            open_world: false,
            is_whole: true,
        };
        query.proof().map(|proof| {
            let depends =
                proof.reasons.iter().any(|reason| matches!(reason, Reason::KnownLater(..)));
            (proof.verdict, about.ok().filter(|_| depends).unwrap_or_default())
        })
    };
    let (found, own) = of_each(principals, keys, facts, ask);
    let mut all = Administrators::default();
    for (number, place) in own.into_iter().enumerate() {
        let answered = place.ok().and_then(|place| found.get(place));
        all.are.push(match answered.map(|answered| &answered.answer) {
            Some(Ok((verdict, symbols))) => {
                if !symbols.is_empty() {
                    all.perhaps.insert(number, symbols.clone());
                }
                *verdict == ClaimVerdict::Proved
            }
            Some(Err(Unanswered::Bug(bug))) => return Err(Unanswered::Bug(bug.clone())),
            Some(Err(_)) | None => false,
        });
    }
    Ok(all)
}

/// Where a principal gets to, each by the fewest steps: the numbers of the steps, in order.
#[derive(Default)]
struct Reached {
    targets: BTreeMap<Target, Vec<usize>>,
    /// By number: others, and itself as it is after steps that give it more.
    whom: BTreeMap<usize, Vec<usize>>,
    /// A way to more permissions from which it is not known how it goes on.
    not_followed: Option<Vec<usize>>,
}

impl Paths {
    /// Everywhere that a principal gets to, each by the fewest steps, certain ones before others: the numbers of the
    /// [edges](Self::edges), in order.
    pub fn from(&self, principal: usize) -> BTreeMap<Target, Vec<usize>> {
        let mut reached = self.walk(principal, true).targets;
        for (target, way) in self.walk(principal, false).targets {
            reached.entry(target).or_insert(way);
        }
        reached.remove(&Target::Principal(principal));
        reached
    }

    fn walk(&self, start: usize, only_certain: bool) -> Reached {
        let mut found = Reached::default();
        let mut queue = VecDeque::from([(start, Vec::new())]);
        while let Some((at, way)) = queue.pop_front() {
            for number in self.steps_of(at) {
                let Some(edge) = self.edge(*number) else { continue };
                let next = self.beyond.after(at, &edge.to);
                let goes_on = next.filter(|next| *next != start && !found.whom.contains_key(next));
                let is_new = !found.targets.contains_key(&edge.to);
                if (only_certain && !edge.is_certain) || (goes_on.is_none() && !is_new) {
                    continue;
                }
                let mut way: Vec<usize> = way.clone();
                way.push(*number);
                if let Some(next) = goes_on {
                    queue.push_back((next, way.clone()));
                    found.whom.insert(next, way.clone());
                }
                if next.is_none() && edge.to == Target::MorePermissions {
                    found.not_followed.get_or_insert_with(|| way.clone());
                }
                if is_new {
                    found.targets.insert(edge.to.clone(), way);
                }
            }
        }
        found
    }

    /// A step, of anybody as it is or as it is after steps that give it more. Those in [`edges`](Self::edges) come first.
    pub fn edge(&self, number: usize) -> Option<&Edge> {
        let later = || self.beyond.edges.get(number.checked_sub(self.edges.len())?);
        self.edges.get(number).or_else(later)
    }

    /// The numbers of the steps of a principal, as it is or as it is after steps that give it more.
    fn steps_of(&self, number: usize) -> &[usize] {
        let later = || self.beyond.steps.get(number.checked_sub(self.by_principal.len())?);
        self.by_principal.get(number).or_else(later).map_or(&[], Vec::as_slice)
    }

    /// Whether every step of a way is certain.
    pub fn is_certain(&self, way: &[usize]) -> bool {
        way.iter().all(|edge| self.edge(*edge).is_some_and(|edge| edge.is_certain))
    }

    /// Whether a principal may attach any policy to any user.
    pub fn is_administrator(&self, principal: usize) -> bool {
        let later = || {
            self.beyond.administrators.are.get(principal.checked_sub(self.administrators.len())?)
        };
        self.administrators.get(principal).or_else(later).copied().unwrap_or(false)
    }

    /// The shortest way of a principal to everything there is: to an administrator, or to permissions that it gives
    /// itself; to whoever is one for some values of symbols, if there is no other. An administrator is there already.
    pub fn to_everything(&self, principal: usize) -> Option<Vec<usize>> {
        if self.is_administrator(principal) {
            return None;
        }
        let is_everything =
            |number: &usize| self.is_administrator(*number) || self.perhaps(*number).is_some();
        let walks = [self.walk(principal, true), self.walk(principal, false)];
        let ways = walks.into_iter().flat_map(|found| {
            let of_whom = found.whom.into_iter().filter(|(number, _)| is_everything(number));
            of_whom.map(|(_, way)| way).chain(found.not_followed).collect::<Vec<_>>()
        });
        ways.min_by_key(|way| {
            (!self.symbols_at_end(way).is_empty(), !self.is_certain(way), way.len())
        })
    }

    /// The symbols on which it depends whether the principal that a way leads to is an administrator.
    pub fn symbols_at_end(&self, way: &[usize]) -> BTreeSet<String> {
        let last = self.end(way);
        last.and_then(|number| self.perhaps(number)).cloned().unwrap_or_default()
    }

    /// The symbols on which it depends whether somebody is an administrator.
    fn perhaps(&self, number: usize) -> Option<&BTreeSet<String>> {
        self.perhaps_administrators
            .get(&number)
            .or_else(|| self.beyond.administrators.perhaps.get(&number))
    }

    /// Whom a way leads to, as it is then.
    fn end(&self, way: &[usize]) -> Option<usize> {
        let (first, _) = way.split_first()?;
        let start = self.edge(*first)?.from;
        way.iter().try_fold(start, |at, edge| self.beyond.after(at, &self.edge(*edge)?.to))
    }
}
