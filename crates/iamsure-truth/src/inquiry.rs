//! Everything to be said about one request: the answer, which switches it depends on, and which
//! keys that nobody gave could change it.

use iamsure_core::decision::{Answerable, Verdict};
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, PolicySet, Request, Switch, Switches};

use crate::candidate::Shape;
use crate::resolution::{Answer, Resolver};

/// What was found about a request.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// The answer, over the worlds of the request and everything unknown.
    pub answer: Answer,
    /// The switches whose alternative gives another decision, and that decision.
    pub switches: Vec<SwitchDependence>,
    /// The keys that were not given, and with which the decision could be another.
    pub missing: Vec<MissingKey>,
    /// Keys that were not given and that nobody was asked about: too many, for policies that large.
    pub not_asked: Vec<ConditionKey>,
}

/// How many statements and keys are gone through, at most, for asking about keys one by one.
const MAX_WORK: usize = 200_000;

/// An answer that hangs on a choice.
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

/// Inquires into `worlds`, the possibilities of one request.
pub fn inquire(
    policies: &PolicySet,
    worlds: &[Request],
    switches: &Switches,
    shape_of: &dyn Fn(&ConditionKey) -> Shape,
) -> Inquiry {
    let answer_by = |switches: &Switches, worlds: &[Request]| {
        Resolver { policies, switches, shape_of }.answer(worlds)
    };
    let answer = answer_by(switches, worlds);
    let decided = outcomes(&answer);
    let mut dependences: Vec<SwitchDependence> = Vec::new();
    for &switch in Switch::ALL {
        let chosen = switches.alternative(switch);
        let default = (chosen.is_some()).then(|| ("default", switches.with_default(switch)));
        let others = switch
            .alternatives()
            .iter()
            .enumerate()
            .filter(|(_, alternative)| chosen != Some(alternative))
            .map(|(index, alternative)| (alternative.name, switches.with(switch, index)));
        for (choice, switches) in default.into_iter().chain(others) {
            let otherwise = outcomes(&answer_by(&switches, worlds));
            if otherwise != decided {
                dependences.push(SwitchDependence { switch, choice, otherwise });
            }
        }
    }
    let keys = policies.keys();
    let most = MAX_WORK / (policies.statements().count() + keys.len()).max(1);
    let mut not_given: Vec<ConditionKey> = keys
        .into_iter()
        .filter(|key| worlds.iter().all(|world| !world.context.is_set(key)))
        .collect();
    let not_asked = not_given.split_off(most.min(not_given.len()));
    let ask = |worlds: &[Request]| answer_by(switches, worlds);
    let mut missing: Vec<MissingKey> = not_given
        .iter()
        .filter_map(|key| missing_alone(key, worlds, &decided, shape_of, ask))
        .collect();
    if missing.is_empty() && not_given.len() > 1 {
        missing = missing_together(&not_given, worlds, &decided, shape_of, ask);
    }
    Inquiry { answer, switches: dependences, missing, not_asked }
}

/// Each verdict with who answers for it, in order, once.
fn outcomes(answer: &Answer) -> Vec<(Verdict, Answerable)> {
    let mut outcomes: Vec<_> =
        answer.cases.iter().map(|case| (case.decision.verdict, case.decision.by)).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    outcomes
}

/// The same worlds with these keys unknown.
fn with_unknown(worlds: &[Request], keys: &[ConditionKey]) -> Vec<Request> {
    let mut worlds = worlds.to_vec();
    for world in &mut worlds {
        for key in keys {
            world.context.set(key.clone(), KeyState::Unknown);
        }
    }
    worlds
}

/// Asks again with one key unknown.
fn missing_alone(
    key: &ConditionKey,
    worlds: &[Request],
    decided: &[(Verdict, Answerable)],
    shape_of: &dyn Fn(&ConditionKey) -> Shape,
    ask: impl Fn(&[Request]) -> Answer,
) -> Option<MissingKey> {
    let answer = ask(&with_unknown(worlds, std::slice::from_ref(key)));
    let mut otherwise: Vec<(Verdict, Answerable, KeyState)> = Vec::new();
    for case in &answer.cases {
        let (verdict, by) = (case.decision.verdict, case.decision.by);
        let known =
            otherwise.iter().any(|(known, known_by, _)| (*known, *known_by) == (verdict, by));
        if !decided.contains(&(verdict, by)) && !known {
            otherwise.push((verdict, by, case.witness.context.state(key).clone()));
        }
    }
    let always_there = !shape_of(key).may_be_absent;
    (!otherwise.is_empty()).then(|| MissingKey {
        key: key.clone(),
        always_there,
        together_with: Vec::new(),
        otherwise,
    })
}

/// Asks again with all keys unknown, for decisions that take more than one of them.
fn missing_together(
    keys: &[ConditionKey],
    worlds: &[Request],
    decided: &[(Verdict, Answerable)],
    shape_of: &dyn Fn(&ConditionKey) -> Shape,
    ask: impl Fn(&[Request]) -> Answer,
) -> Vec<MissingKey> {
    let answer = ask(&with_unknown(worlds, keys));
    let mut missing: Vec<MissingKey> = Vec::new();
    for case in &answer.cases {
        let (verdict, by) = (case.decision.verdict, case.decision.by);
        let Some(simplest) = case.when.iter().min_by_key(|when| when.len()) else { continue };
        if decided.contains(&(verdict, by)) {
            continue;
        }
        for (key, states) in simplest.iter().filter(|(key, _)| keys.contains(key)) {
            let others = simplest.keys().filter(|other| *other != key).cloned().collect();
            let Some(state) =
                states.first().filter(|_| !missing.iter().any(|known| known.key == *key))
            else {
                continue;
            };
            missing.push(MissingKey {
                key: key.clone(),
                always_there: !shape_of(key).may_be_absent,
                together_with: others,
                otherwise: vec![(verdict, by, state.clone())],
            });
        }
    }
    missing
}
