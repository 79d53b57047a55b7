//! Everything to be said about one request: the answer, which switches it depends on, and which
//! keys that nobody gave could change it.

use std::collections::BTreeSet;

use iamsure_core::decision::{Answerable, Verdict};
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, PolicySet, Switch, Switches};

use super::answer::{Answer, Assumed};
use super::asker::Asker;
use super::beside::Beside;
use super::stand_in::either_way_of;
use super::worlds::Worlds;
use crate::dependence::alternatives;
use crate::known_later::Bounds;
use crate::model::Subject;
use crate::table::Column;

/// What was found about a request.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// The answer, over the worlds of the request and everything unknown.
    pub answer: Answer,
    /// The policies that decided, with what stands in for some that were not given: as if those left the
    /// decision to the account.
    pub policies: PolicySet,
    /// The policies as if those that were not given did not allow the caller, if some were not; and as if the symbols let
    /// through the least, if the answer depends on them.
    pub silenced: Option<PolicySet>,
    /// What is assumed beside layers that only limit.
    pub beside: Beside,
    /// The symbols for values that are known later, if the answer depends on them.
    pub symbols: BTreeSet<String>,
    /// The switches whose alternative gives another decision, and that decision.
    pub switches: Vec<SwitchDependence>,
    /// The keys that were not given, and with which the decision could be another.
    pub missing: Vec<MissingKey>,
    /// Keys that were not given and that nobody was asked about: too many, for policies that large.
    pub not_asked: Vec<ConditionKey>,
}

/// What it means that the policy of a role or of a KMS key is not among the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotGiven {
    /// There is none: the policies are all there are. A request form says so.
    Nonexistent,
    /// There is one, as AWS requires, and what it says is unknown: both ways are decided.
    Unknown,
}

/// How many statements and keys are gone through, at most, for asking about keys one by one.
const MAX_WORK: usize = 200_000;

/// An answer that depends on a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchDependence {
    /// The switch.
    pub switch: Switch,
    /// The choice that differs.
    pub choice: &'static str,
    /// What would be decided then.
    pub otherwise: Vec<(Verdict, Answerable)>,
}

/// A key that could change the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingKey {
    /// The key.
    pub key: ConditionKey,
    /// Whether AWS puts it into every request of this caller, so that without it this request does
    /// not occur.
    pub always_there: bool,
    /// Keys that must be given with it for that; empty if it alone changes the decision.
    pub together_with: Vec<ConditionKey>,
    /// What else could be decided, and with which state of the key.
    pub otherwise: Vec<(Verdict, Answerable, KeyState)>,
}

/// Inquires into the possibilities of one request.
pub fn inquire(
    policies: &PolicySet,
    worlds: &Worlds<'_>,
    switches: &Switches,
    not_given: NotGiven,
    known_later: bool,
) -> Inquiry {
    let policies = &*worlds.looked_at_by(policies);
    let answer_by = |worlds: &Worlds<'_>, switches: &Switches| {
        let asker = Asker { policies, switches };
        match not_given {
            _ if known_later => asker.for_every_value(worlds),
            NotGiven::Nonexistent => asker.answer(worlds),
            NotGiven::Unknown => asker.either_way(worlds),
        }
    };
    let answer = answer_by(worlds, switches);
    let decided = outcomes(&answer);
    let mut dependences: Vec<SwitchDependence> = Vec::new();
    for (switch, choice, switches) in alternatives(policies, switches) {
        let otherwise = outcomes(&answer_by(worlds, &switches));
        if otherwise != decided {
            dependences.push(SwitchDependence { switch, choice, otherwise });
        }
    }
    let keys = policies.keys();
    let most = most_keys(policies, keys.len());
    let is_given =
        |key: &ConditionKey| worlds.requests().iter().any(|world| world.context.is_set(key));
    let mut absent: Vec<ConditionKey> = keys.into_iter().filter(|key| !is_given(key)).collect();
    let not_asked = absent.split_off(most.min(absent.len()));
    let ask = |keys: &[ConditionKey]| answer_by(&worlds.with_unknown(keys), switches);
    let always_there = |key: &ConditionKey| !worlds.knowledge(key).nature.may_be_absent;
    let mut missing: Vec<MissingKey> = Vec::new();
    for key in &absent {
        let otherwise = other_outcomes(&ask(std::slice::from_ref(key)), key, &decided);
        if !otherwise.is_empty() {
            let always_there = always_there(key);
            let key = key.clone();
            missing.push(MissingKey { key, always_there, together_with: Vec::new(), otherwise });
        }
    }
    if missing.is_empty() && absent.len() > 1 {
        missing = together(&ask(&absent), &absent, &decided, &always_there);
    }
    let is_bounded = answer
        .cases
        .iter()
        .any(|case| case.assumes.iter().any(|one| matches!(one, Assumed::Most | Assumed::Least)));
    let bounds = if is_bounded { Bounds::at(policies, worlds.first()) } else { None };
    let mut symbols = BTreeSet::new();
    let (decided_by, silenced, beside) = match (bounds, not_given) {
        (Some(bounds), _) => {
            symbols = bounds.symbols;
            let most = either_way_of(&bounds.most, worlds.first());
            let least = either_way_of(&bounds.least, worlds.first());
            (most.delegating, Some(least.silenced().clone()), most.beside)
        }
        (None, NotGiven::Nonexistent) => (policies.clone(), None, Beside::default()),
        (None, NotGiven::Unknown) => {
            let ways = either_way_of(policies, worlds.first());
            (ways.delegating, ways.silent, ways.beside)
        }
    };
    Inquiry {
        answer,
        policies: decided_by,
        silenced,
        beside,
        symbols,
        switches: dependences,
        missing,
        not_asked,
    }
}

/// How many keys are asked about one by one.
pub(super) fn most_keys(policies: &PolicySet, keys: usize) -> usize {
    MAX_WORK / (policies.statements().count() + keys).max(1)
}

/// Each verdict with who answers for it, in order, once.
fn outcomes(answer: &Answer) -> Vec<(Verdict, Answerable)> {
    let mut outcomes: Vec<_> =
        answer.cases.iter().map(|case| (case.decision.verdict, case.decision.by)).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    outcomes
}

/// What is decided with a key unknown, and is not among what was decided without it.
pub(super) fn other_outcomes(
    answer: &Answer,
    key: &ConditionKey,
    decided: &[(Verdict, Answerable)],
) -> Vec<(Verdict, Answerable, KeyState)> {
    let mut otherwise: Vec<(Verdict, Answerable, KeyState)> = Vec::new();
    for case in &answer.cases {
        let (verdict, by) = (case.decision.verdict, case.decision.by);
        let is_known =
            otherwise.iter().any(|(known, known_by, _)| (*known, *known_by) == (verdict, by));
        if !decided.contains(&(verdict, by)) && !is_known {
            otherwise.push((verdict, by, case.witness.context.state(key).clone()));
        }
    }
    otherwise
}

/// The keys that change the decision only together, from the answer with all of them unknown.
pub(super) fn together(
    answer: &Answer,
    keys: &[ConditionKey],
    decided: &[(Verdict, Answerable)],
    always_there: &dyn Fn(&ConditionKey) -> bool,
) -> Vec<MissingKey> {
    let mut missing: Vec<MissingKey> = Vec::new();
    for case in &answer.cases {
        let (verdict, by) = (case.decision.verdict, case.decision.by);
        let Some(simplest) = case.when.iter().min_by_key(|when| when.len()) else { continue };
        if decided.contains(&(verdict, by)) {
            continue;
        }
        let asked: Vec<&ConditionKey> = (simplest.keys())
            .filter_map(|column| match column {
                Column::Subject(Subject::Key(key)) if keys.contains(key) => Some(key),
                _ => None,
            })
            .collect();
        for key in &asked {
            if missing.iter().any(|known| known.key == **key) {
                continue;
            }
            let others = asked.iter().filter(|other| *other != key);
            missing.push(MissingKey {
                key: (*key).clone(),
                always_there: always_there(key),
                together_with: others.map(|other| (*other).clone()).collect(),
                otherwise: vec![(verdict, by, case.witness.context.state(key).clone())],
            });
        }
    }
    missing
}
