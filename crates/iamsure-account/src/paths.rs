//! What a principal can become, step by step.
//!
//! An edge is a [`Method`] whose every call is allowed, with a request for each that the evaluator decided. The
//! closure of all edges is what a principal reaches.

mod method;
mod step;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::{CallPaths, PolicySet, Request};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict, Reason};
use iamsure_truth::known_later::symbols_about;
use iamsure_truth::unanswered::Unanswered;

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
    by_principal: Vec<Vec<usize>>,
}

/// Every step that somebody can take.
///
/// # Errors
/// A bug of this program.
pub fn paths(principals: &Principals, facts: &Facts) -> Result<Paths, Unanswered> {
    let mut steps = Steps::new(principals, facts);
    let mut edges = Vec::new();
    let mut undecided = BTreeMap::new();
    let mut by_principal = Vec::with_capacity(principals.principals.len());
    let Administrators { are: administrators, perhaps: perhaps_administrators } =
        administrators(principals, facts)?;
    for (from, principal) in principals.principals.iter().enumerate() {
        let first = edges.len();
        match &principal.set {
            Err(why) => {
                undecided.insert(from, why.clone());
            }
            Ok(_) => {
                for method in METHODS {
                    steps.take(from, method, &mut edges)?;
                }
            }
        }
        if let Some(Err(why)) = principals.known_trust(&principal.arn) {
            undecided.entry(from).or_insert_with(|| why.to_owned());
        }
        by_principal.push((first..edges.len()).collect());
    }
    Ok(Paths { edges, administrators, perhaps_administrators, undecided, by_principal })
}

/// Who may attach any policy to any user of the account.
#[derive(Default)]
struct Administrators {
    /// By the number of a principal, whether it may.
    are: Vec<bool>,
    /// Whoever may for some values of symbols.
    perhaps: BTreeMap<usize, BTreeSet<String>>,
}

/// What an administrator may do.
const ATTACH: &str = "iam:AttachUserPolicy";

/// Who may attach any policy to any user of the account, and so has every permission there is; and who may for some
/// values of symbols.
fn administrators(principals: &Principals, facts: &Facts) -> Result<Administrators, Unanswered> {
    let paths = CallPaths::new(facts.switches);
    let keys = |set| {
        let policies = facts.policies(principals, set);
        let keys = policies.keys();
        (policies, keys)
    };
    let ask = |of: &AccountPrincipal, policies: PolicySet, keys: &[ConditionKey]| {
        let partition = of.requester.principal.partition().unwrap_or("aws");
        let users = format!("arn:{partition}:iam::{}:user/*", of.account());
        let claim = Claim::parse(&format!("always allow {ATTACH} on \"{users}\""));
        // An ARN that no claim can hold is none of AWS's.
        let Ok(claim) = claim else { return Ok((ClaimVerdict::Refuted, BTreeSet::new())) };
        let about = ActionName::parse(ATTACH).map(|action| symbols_about(&policies, &action, None));
        let setting = facts.setting(of, keys);
        let query =
            ClaimQuery { policies, claim, setting, paths: paths.clone(), open_world: false };
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

impl Paths {
    /// Everywhere that a principal gets to, each by the fewest steps, certain ones before others: the numbers of the
    /// [edges](Self::edges), in order.
    pub fn from(&self, principal: usize) -> BTreeMap<Target, Vec<usize>> {
        let mut reached = self.walk(principal, true);
        for (target, way) in self.walk(principal, false) {
            reached.entry(target).or_insert(way);
        }
        reached.remove(&Target::Principal(principal));
        reached
    }

    fn walk(&self, start: usize, only_certain: bool) -> BTreeMap<Target, Vec<usize>> {
        let mut reached: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        let mut queue = VecDeque::from([(start, Vec::new())]);
        while let Some((at, way)) = queue.pop_front() {
            for number in self.by_principal.get(at).into_iter().flatten() {
                let Some(edge) = self.edges.get(*number) else { continue };
                if (only_certain && !edge.is_certain) || reached.contains_key(&edge.to) {
                    continue;
                }
                let mut way: Vec<usize> = way.clone();
                way.push(*number);
                if let Target::Principal(next) = edge.to {
                    queue.push_back((next, way.clone()));
                }
                reached.insert(edge.to.clone(), way);
            }
        }
        reached
    }

    /// Whether every step of a way is certain.
    pub fn is_certain(&self, way: &[usize]) -> bool {
        way.iter().all(|edge| self.edges.get(*edge).is_some_and(|edge| edge.is_certain))
    }

    /// Whether a principal may attach any policy to any user.
    pub fn is_administrator(&self, principal: usize) -> bool {
        self.administrators.get(principal).copied().unwrap_or(false)
    }

    /// The shortest way of a principal to everything there is: to an administrator, or to permissions that it gives
    /// itself; to whoever is one for some values of symbols, if there is no other. An administrator is there already.
    pub fn to_everything(&self, principal: usize) -> Option<Vec<usize>> {
        if self.is_administrator(principal) {
            return None;
        }
        let is_everything = |target: &Target| match target {
            Target::Principal(number) => {
                self.is_administrator(*number) || self.perhaps_administrators.contains_key(number)
            }
            Target::MorePermissions => true,
            Target::Group(_) => false,
        };
        let ways = self.from(principal).into_iter().filter(|(target, _)| is_everything(target));
        ways.map(|(_, way)| way).min_by_key(|way| {
            (!self.symbols_at_end(way).is_empty(), !self.is_certain(way), way.len())
        })
    }

    /// The symbols on which it depends whether the principal that a way leads to is an administrator.
    pub fn symbols_at_end(&self, way: &[usize]) -> BTreeSet<String> {
        let last = way.last().and_then(|edge| self.edges.get(*edge));
        match last.map(|edge| &edge.to) {
            Some(Target::Principal(number)) => {
                self.perhaps_administrators.get(number).cloned().unwrap_or_default()
            }
            _ => BTreeSet::new(),
        }
    }
}
