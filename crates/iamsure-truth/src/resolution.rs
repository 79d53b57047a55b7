//! Deciding a request in which something is unknown, by trying every way it can turn out.
//!
//! Three-valued evaluation gives bounds that hold for certain. When they agree, that is the answer.
//! When they do not, every unknown key that matters takes each of its [candidates](crate::candidate)
//! in turn, and each full request is decided by the evaluator. What is found that way is real: each
//! outcome comes with its request. What the bounds allow and no request showed is said too
//! ([`Answer::not_excluded`]), unless the [model](crate::model) of all possibilities rules it out or finds
//! the request; it is never passed over.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{Decision, Evaluation, Outcome, Truth, Verdict, evaluate};
use iamsure_core::language::ConditionKey;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{KeyState, PolicySet, Request, Switch, Switches};

use crate::candidate::{Shape, candidates};
use crate::completion::complete;

/// How many full requests are decided for one question before it is given up, loudly.
pub const MAX_REQUESTS: usize = 4_096;

/// How many statements and unknown keys are gone through for one question before it is given up, loudly: about a
/// large set of policies fewer requests than [`MAX_REQUESTS`] are decided.
const MAX_JUDGEMENTS: usize = 1 << 18;

/// How many requests are decided at least, however large the policies are.
const MIN_REQUESTS: usize = 16;

/// How many keys, and states of each, are varied in one question; beyond it is given up, loudly.
const MAX_KEYS: usize = 32;
const MAX_STATES: usize = 512;

/// How many requests the check of one conjunction may take; beyond it is not called exact.
const MAX_CHECKS: usize = 256;

/// The answer to a question about one or several possible requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Every outcome that a request showed, each decision once, in the order of the worlds and of
    /// the states that were tried: absent first.
    pub cases: Vec<Case>,
    /// Every state that was tried of each key that varied, absent first.
    pub tried: BTreeMap<ConditionKey, Vec<KeyState>>,
    /// Texts among them that stand for more than themselves, by key: a value that some pattern,
    /// range or order takes in. What holds for a sample need not hold for every such value.
    pub samples: BTreeMap<ConditionKey, BTreeSet<String>>,
    /// Whether the cases are the whole truth: three-valued evaluation confirms each of their
    /// conditions with everything else unknown, and none of them rests on a sample. Otherwise they
    /// are what was found by trying values.
    pub exact: bool,
    /// Verdicts that could not be ruled out and that no request showed.
    pub not_excluded: Vec<Verdict>,
    /// Keys that had too many combinations to try (more than [`MAX_REQUESTS`] requests; fewer where a set of
    /// policies is large).
    pub gave_up_on: Vec<ConditionKey>,
}

/// One outcome, and when it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The decision.
    pub decision: Decision,
    /// When it occurs: any of these conjunctions. One empty conjunction means always.
    pub when: Vec<Conjunction>,
    /// A request that shows it.
    pub witness: Request,
    /// What it assumes of a policy that must be there and was not given.
    pub assumes: Option<Assumed>,
}

/// What is assumed of the policy of a role or key that was not given. Each of them has one, so that
/// "there is none" would be no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assumed {
    /// It leaves the decision to the identity-based policies of the account.
    Delegates,
    /// It does not allow the caller.
    Silent,
}

/// Key states that hold together: each key has one of its states.
pub type Conjunction = BTreeMap<ConditionKey, Vec<KeyState>>;

impl Answer {
    /// The one verdict, if there is only one.
    pub fn verdict(&self) -> Option<Verdict> {
        let (first, rest) = self.cases.split_first()?;
        let same = rest.iter().all(|case| case.decision.verdict == first.decision.verdict);
        (same && self.is_complete()).then_some(first.decision.verdict)
    }

    /// The one decision, if there is only one.
    pub fn decision(&self) -> Option<&Decision> {
        match self.cases.as_slice() {
            [case] if self.is_complete() => Some(&case.decision),
            _ => None,
        }
    }

    /// Whether every case fails, or every case succeeds.
    pub fn succeeds(&self) -> Option<bool> {
        let (first, rest) = self.cases.split_first()?;
        let succeeds = first.decision.verdict.succeeds();
        let same = rest.iter().all(|case| case.decision.verdict.succeeds() == succeeds)
            && self.not_excluded.iter().all(|verdict| verdict.succeeds() == succeeds);
        (same && self.gave_up_on.is_empty()).then_some(succeeds)
    }

    /// Whether all conditions can be read in a line or two.
    pub fn is_short(&self) -> bool {
        let keys: BTreeSet<_> =
            self.cases.iter().flat_map(|case| &case.when).flat_map(Conjunction::keys).collect();
        keys.len() <= 2
            && self.cases.len() <= 4
            && self.cases.iter().all(|case| case.when.len() <= 2)
            && self
                .cases
                .iter()
                .flat_map(|case| &case.when)
                .flat_map(Conjunction::values)
                .all(|states| states.len() <= 6)
    }

    /// This answer if a policy that was not given delegates, and `other` if it is silent; either
    /// alone if it makes no difference.
    #[must_use]
    pub fn assuming(mut self, mut other: Self) -> Self {
        let decisions = |answer: &Self| {
            answer.cases.iter().map(|case| case.decision.clone()).collect::<Vec<_>>()
        };
        let same_conditions = || {
            let whens = |answer: &Self| {
                answer.cases.iter().map(|case| case.when.clone()).collect::<Vec<_>>()
            };
            whens(&self) == whens(&other) && self.not_excluded == other.not_excluded
        };
        if decisions(&self) == decisions(&other) && same_conditions() {
            return self;
        }
        self.cases.iter_mut().for_each(|case| case.assumes = Some(Assumed::Delegates));
        other.cases.iter_mut().for_each(|case| case.assumes = Some(Assumed::Silent));
        self.cases.append(&mut other.cases);
        for (key, states) in other.tried {
            let known = self.tried.entry(key).or_default();
            known.extend(states);
            known.sort();
            known.dedup();
        }
        for (key, texts) in other.samples {
            self.samples.entry(key).or_default().extend(texts);
        }
        self.exact &= other.exact;
        self.not_excluded.append(&mut other.not_excluded);
        self.gave_up_on.append(&mut other.gave_up_on);
        self
    }

    fn is_complete(&self) -> bool {
        self.not_excluded.is_empty() && self.gave_up_on.is_empty()
    }
}

/// Decides requests with unknowns over one policy set.
#[derive(Clone, Copy)]
pub struct Resolver<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// The choices where AWS is silent.
    pub switches: &'a Switches,
    /// What is known of a key before any request.
    pub shape_of: &'a dyn Fn(&ConditionKey) -> Shape,
}

impl std::fmt::Debug for Resolver<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver")
            .field("policies", &self.policies)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// One request that was decided, with the states that varied.
struct Trial {
    decision: Decision,
    states: BTreeMap<ConditionKey, KeyState>,
    request: Request,
}

impl Resolver<'_> {
    /// The answer over several possible requests ("worlds"), which differ in what `worlds` says of
    /// some keys.
    pub fn answer(&self, worlds: &[Request]) -> Answer {
        let varying = varying_keys(worlds, &self.policies.keys());
        let mut found = Found::default();
        for world in worlds {
            self.decide(world, &varying, &mut found);
        }
        let Found { trials, samples, mut not_excluded, mut gave_up_on } = found;
        not_excluded.sort_unstable();
        not_excluded.dedup();
        gave_up_on.sort_unstable();
        gave_up_on.dedup();
        let tried = tried_states(&trials);
        let cases = cases(trials, &tried);
        let rests_on_samples =
            cases.iter().flat_map(|case| &case.when).flatten().any(|(key, states)| {
                samples
                    .get(key)
                    .is_some_and(|samples| states.iter().any(|state| holds_one_of(state, samples)))
            });
        let confirmed =
            |case: &Case| case.when.iter().all(|when| self.confirms(worlds, &varying, case, when));
        let exact = gave_up_on.is_empty() && !rests_on_samples && cases.iter().all(confirmed);
        let mut answer = Answer { cases, tried, samples, exact, not_excluded, gave_up_on };
        if !answer.is_complete() {
            complete(*self, worlds, &mut answer);
        }
        answer
    }

    /// Decides one world, in every way its unknown keys can turn out.
    fn decide(&self, world: &Request, varying: &[ConditionKey], found: &mut Found) {
        let states: States =
            varying.iter().map(|key| (key.clone(), world.context.state(key).clone())).collect();
        let evaluation = evaluate(self.policies, world, self.switches);
        let (least, most, neither) = match &evaluation.outcome {
            Outcome::Decided(decision) => {
                found.trials.push(Trial {
                    decision: decision.clone(),
                    states,
                    request: world.clone(),
                });
                return;
            }
            Outcome::Depends { least, most, neither } => {
                (least.verdict, most.verdict, neither.verdict)
            }
        };
        let unknown: Vec<_> = evaluation.unknown_keys(self.policies, world).into_iter().collect();
        let before = found.trials.len();
        self.try_all(world, &evaluation, &unknown, &states, found);
        let shown = |verdict| {
            found.trials.iter().skip(before).any(|trial| trial.decision.verdict == verdict)
        };
        let hidden: Vec<_> =
            [least, neither, most].into_iter().filter(|verdict| !shown(*verdict)).collect();
        found.not_excluded.extend(hidden);
    }

    /// Decides `world` with every combination of candidates, or, if there are too many, with each
    /// key's candidates in turn.
    fn try_all(
        &self,
        world: &Request,
        evaluation: &Evaluation,
        unknown: &[ConditionKey],
        states: &States,
        found: &mut Found,
    ) {
        // Only statements that may match are asked again.
        let may_match: BTreeSet<StatementId> = evaluation
            .statements
            .iter()
            .filter(|(.., matched)| matched.truth() != Truth::False)
            .map(|(id, ..)| *id)
            .collect();
        let policies = self.policies.only(|id| may_match.contains(&id));
        let absent_is_2012 = self.switches.is_alternative(Switch::Q1);
        let statements: Vec<_> = policies
            .statements()
            .filter(|(_, _, statement)| statement.action.is_some())
            .map(|(_, document, statement)| (document.reading(absent_is_2012), &statement.value))
            .collect();
        let mut options: Vec<Vec<KeyState>> = Vec::with_capacity(unknown.len());
        let (varied, fixed) = unknown.split_at(unknown.len().min(MAX_KEYS));
        let mut world = world.clone();
        for key in fixed {
            world.context.set(key.clone(), KeyState::Absent);
        }
        let mut cut = !fixed.is_empty();
        for key in varied {
            let mut candidates = candidates(&statements, &world, key, (self.shape_of)(key));
            cut |= candidates.states.len() > MAX_STATES;
            candidates.states.truncate(MAX_STATES);
            found.samples.entry(key.clone()).or_default().extend(candidates.samples);
            options.push(candidates.states);
        }
        let size = (statements.len() + unknown.len()).max(1);
        let most = (MAX_JUDGEMENTS / size).clamp(MIN_REQUESTS, MAX_REQUESTS);
        let total =
            options.iter().try_fold(1_usize, |product, states| product.checked_mul(states.len()));
        let choices = match total {
            Some(total) if total <= most && !cut => every_choice(&options),
            _ => {
                found.gave_up_on.extend(unknown.iter().cloned());
                one_at_a_time(&options, most)
            }
        };
        for choice in choices {
            let mut request = world.clone();
            let mut states = states.clone();
            for ((key, options), index) in varied.iter().zip(&options).zip(choice) {
                if let Some(state) = options.get(index) {
                    request.context.set(key.clone(), state.clone());
                    states.insert(key.clone(), state.clone());
                }
            }
            if let Outcome::Decided(decision) = evaluate(&policies, &request, self.switches).outcome
            {
                found.trials.push(Trial { decision, states, request });
            }
        }
    }

    /// Whether the case is what is decided wherever `when` holds, with everything else unknown.
    fn confirms(
        &self,
        worlds: &[Request],
        varying: &[ConditionKey],
        case: &Case,
        when: &Conjunction,
    ) -> bool {
        let fits = |world: &&Request| {
            when.iter().all(|(key, states)| {
                !varying.contains(key) || states.contains(world.context.state(key))
            })
        };
        let open: Vec<_> = when.iter().filter(|(key, _)| !varying.contains(key)).collect();
        let options: Vec<_> = open.iter().map(|(_, states)| (*states).clone()).collect();
        let total =
            options.iter().try_fold(1_usize, |product, states| product.checked_mul(states.len()));
        if total.is_none_or(|total| total > MAX_CHECKS) {
            return false;
        }
        worlds.iter().filter(fits).all(|world| {
            every_choice(&options).into_iter().all(|choice| {
                let mut request = world.clone();
                for ((key, states), index) in open.iter().zip(choice) {
                    if let Some(state) = states.get(index) {
                        request.context.set((*key).clone(), state.clone());
                    }
                }
                let outcome = evaluate(self.policies, &request, self.switches).outcome;
                outcome.decided().is_some_and(|decision| decision.verdict == case.decision.verdict)
            })
        })
    }
}

/// The states of the keys that vary.
type States = BTreeMap<ConditionKey, KeyState>;

/// What was found so far.
#[derive(Default)]
struct Found {
    trials: Vec<Trial>,
    samples: BTreeMap<ConditionKey, BTreeSet<String>>,
    not_excluded: Vec<Verdict>,
    gave_up_on: Vec<ConditionKey>,
}

/// Whether a state is, or holds, one of these texts.
fn holds_one_of(state: &KeyState, texts: &BTreeSet<String>) -> bool {
    match state {
        KeyState::Single(text) => texts.contains(text),
        KeyState::Multi(values) => values.iter().any(|text| texts.contains(text)),
        KeyState::Absent | KeyState::Unknown => false,
    }
}

/// Every way to choose one index of each list, the first list turning fastest.
fn every_choice(options: &[Vec<KeyState>]) -> Vec<Vec<usize>> {
    let mut choices = vec![Vec::new()];
    for states in options.iter().rev() {
        let longer = |choice: &Vec<usize>| {
            let choice = choice.clone();
            (0..states.len())
                .map(move |index| std::iter::once(index).chain(choice.iter().copied()).collect())
        };
        choices = choices.iter().flat_map(longer).collect();
    }
    choices
}

/// Each index of each list, with the other lists at their first, and again at their second, `most` at most.
fn one_at_a_time(options: &[Vec<KeyState>], most: usize) -> Vec<Vec<usize>> {
    let mut choices = Vec::new();
    for rest in [0, 1] {
        for (position, states) in options.iter().enumerate() {
            for index in 0..states.len() {
                if choices.len() == most {
                    return choices;
                }
                let choice = options.iter().enumerate().map(|(other, states)| {
                    if other == position { index } else { rest.min(states.len().saturating_sub(1)) }
                });
                choices.push(choice.collect());
            }
        }
    }
    choices
}

/// The keys among `asked` whose state differs between worlds.
fn varying_keys(worlds: &[Request], asked: &[ConditionKey]) -> Vec<ConditionKey> {
    let Some((first, rest)) = worlds.split_first() else { return Vec::new() };
    let varies = |key: &&ConditionKey| {
        rest.iter().any(|world| world.context.state(key) != first.context.state(key))
    };
    asked.iter().filter(varies).cloned().collect()
}

/// Every state of each key that varied, in order.
fn tried_states(decided: &[Trial]) -> BTreeMap<ConditionKey, Vec<KeyState>> {
    let mut tried: BTreeMap<ConditionKey, Vec<KeyState>> = BTreeMap::new();
    for (key, state) in decided.iter().flat_map(|trial| &trial.states) {
        let states = tried.entry(key.clone()).or_default();
        if !states.contains(state) {
            states.push(state.clone());
        }
    }
    for states in tried.values_mut() {
        states.sort();
    }
    tried
}

/// Groups trials by decision, and says in as few conjunctions as merging finds when each occurs.
fn cases(decided: Vec<Trial>, tried: &BTreeMap<ConditionKey, Vec<KeyState>>) -> Vec<Case> {
    let mut groups: Vec<(Decision, Vec<Trial>)> = Vec::new();
    for trial in decided {
        match groups.iter_mut().find(|(decision, _)| *decision == trial.decision) {
            Some((_, members)) => members.push(trial),
            None => groups.push((trial.decision.clone(), vec![trial])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(decision, members)| {
            let rows = members
                .iter()
                .map(|trial| {
                    trial
                        .states
                        .iter()
                        .map(|(key, state)| (key.clone(), vec![state.clone()]))
                        .collect()
                })
                .collect();
            let when = merge(rows, tried);
            let witness = members.into_iter().next()?.request;
            Some(Case { decision, when, witness, assumes: None })
        })
        .collect()
}

/// Merges rows that differ in one key only, until nothing merges; then drops what is "any".
///
/// Each merge keeps the set of requests exactly, so no decision ever changes by it.
fn merge(
    mut rows: Vec<Conjunction>,
    all: &BTreeMap<ConditionKey, Vec<KeyState>>,
) -> Vec<Conjunction> {
    for key in all.keys() {
        let mut merged: Vec<Conjunction> = Vec::new();
        for mut row in rows {
            let Some(states) = row.remove(key) else {
                merged.push(row);
                continue;
            };
            let same = |other: &Conjunction| {
                other.contains_key(key)
                    && other.len() == row.len() + 1
                    && row.iter().all(|(key, states)| other.get(key) == Some(states))
            };
            if let Some(other) = merged.iter_mut().find(|other| same(other)) {
                let known = other.entry(key.clone()).or_default();
                for state in states {
                    if !known.contains(&state) {
                        known.push(state);
                    }
                }
                known.sort();
            } else {
                row.insert(key.clone(), states);
                merged.push(row);
            }
        }
        rows = merged;
    }
    for row in &mut rows {
        row.retain(|key, states| all.get(key).is_none_or(|all| all.len() != states.len()));
    }
    rows
}
