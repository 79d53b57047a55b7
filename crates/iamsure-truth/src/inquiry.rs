//! Everything to be said about one request: the answer, which switches it depends on, and which
//! keys that nobody gave could change it.

use iamsure_core::decision::{Answerable, Verdict};
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, PolicySet, Request, Switch, Switches};

use crate::candidate::Shape;
use crate::resolution::{Answer, Case, Resolver};

/// What was found about a request.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// The answer, over the worlds of the request and everything unknown.
    pub answer: Answer,
    /// The switches whose alternative gives another decision, and that decision.
    pub switches: Vec<SwitchDependence>,
    /// The keys that were not given, and with which the decision could be another.
    pub missing: Vec<MissingKey>,
}

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
    let missing = policies
        .keys()
        .into_iter()
        .filter(|key| worlds.iter().all(|world| !world.context.is_set(key)))
        .filter_map(|key| missing_key(key, worlds, &decided, |worlds| answer_by(switches, worlds)))
        .collect();
    Inquiry { answer, switches: dependences, missing }
}

/// Each verdict with who answers for it, in order, once.
fn outcomes(answer: &Answer) -> Vec<(Verdict, Answerable)> {
    let mut outcomes: Vec<_> =
        answer.cases.iter().map(|case| (case.decision.verdict, case.decision.by)).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    outcomes
}

/// Asks again with `key` unknown.
fn missing_key(
    key: ConditionKey,
    worlds: &[Request],
    decided: &[(Verdict, Answerable)],
    answer: impl Fn(&[Request]) -> Answer,
) -> Option<MissingKey> {
    let worlds: Vec<Request> = worlds
        .iter()
        .map(|world| {
            let mut world = world.clone();
            world.context.set(key.clone(), KeyState::Unknown);
            world
        })
        .collect();
    let answer = answer(&worlds);
    let state = |case: &Case| case.witness.context.state(&key).clone();
    let mut otherwise: Vec<(Verdict, Answerable, KeyState)> = Vec::new();
    for case in &answer.cases {
        let outcome = (case.decision.verdict, case.decision.by);
        let known = otherwise.iter().any(|(verdict, by, _)| (*verdict, *by) == outcome);
        if !decided.contains(&outcome) && !known {
            otherwise.push((outcome.0, outcome.1, state(case)));
        }
    }
    (!otherwise.is_empty()).then_some(MissingKey { key, otherwise })
}
