//! Inquiries about many requests by one policy set: what does not depend on the request is prepared once.
//!
//! [`inquire`](super::inquire) is the reference. A [`CompiledInquiry`] gives the part of its result that a
//! program reads, for requests with one decision, and leaves the others to it. The saving is in what is not
//! tried: a choice of a switch and a key that was not given cost one compiled decision each, and keys are only
//! tried one by one where all of them together could change the decision.

use std::cell::OnceCell;
use std::sync::Arc;

use iamsure_core::decision::{Answerable, CompiledPolicies, Decision, Outcome, Verdict};
use iamsure_core::language::{ConditionKey, PolicyDocument, Statement};
use iamsure_core::world::{PolicySet, Principal, Request, Switch, Switches};

use super::alike::{Alike, FoundBefore};
use super::asker::Asker;
use super::beside;
use super::missing::{NotGiven, most_keys, other_outcomes, together};
use super::stand_in;
use super::worlds::Worlds;
use crate::dependence::{alternatives, may_matter_in};

/// A policy set with the choice of switches, ready for inquiries about many requests.
#[derive(Debug)]
pub struct CompiledInquiry {
    decided: Compiled,
    /// Each other choice of a switch that the policies hold anything about.
    otherwise: Vec<Otherwise>,
    /// The statements that ask about keys, alone.
    asking: Compiled,
    /// The keys that the policies ask about, in order.
    keys: Vec<ConditionKey>,
    /// How many of them are asked about.
    most: usize,
    not_given: NotGiven,
    /// Whether something stands in for policies that were not given, whatever the request.
    assumes: bool,
    /// What was missing of requests before.
    found_before: FoundBefore,
}

pub(super) type Compiled = CompiledPolicies<Arc<PolicySet>>;

/// Another choice of a switch.
#[derive(Debug)]
struct Otherwise {
    switch: Switch,
    policies: Compiled,
    /// The statements that hold something that the switch is about, alone: where they match as by the choice that was made,
    /// nothing is decided otherwise. `None` if the switch is about something else than what statements hold.
    concerned: Option<Compiled>,
}

/// What was found about a request with one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The decision.
    pub decision: Decision,
    /// The switches whose alternative gives another decision, each once.
    pub switches: Vec<Switch>,
    /// The keys that were not given, and with which the decision could be another.
    pub missing: Vec<ConditionKey>,
    /// Keys that were not given and were not asked about: too many, for policies that large.
    pub not_asked: Vec<ConditionKey>,
}

/// What decides, without the statements.
type By = (Verdict, Answerable);

impl CompiledInquiry {
    /// Compiles `policies`. Takes time and memory in proportion to their text.
    pub fn new(policies: Arc<PolicySet>, switches: Switches, not_given: NotGiven) -> Self {
        let otherwise = alternatives(&policies, &switches)
            .map(|(switch, _, other)| {
                let of_statements = !matches!(switch, Switch::Q18 | Switch::Q19 | Switch::Q22);
                let holds = |document: &PolicyDocument, statement: &Statement| {
                    may_matter_in(switch, document, statement)
                };
                let concerned = of_statements
                    .then(|| CompiledPolicies::of_statements(Arc::clone(&policies), other, holds));
                let policies = CompiledPolicies::new(Arc::clone(&policies), other);
                Otherwise { switch, policies, concerned }
            })
            .collect();
        let asks = |_: &PolicyDocument, statement: &Statement| {
            let mut entries = statement.resource.iter().flat_map(|element| &element.entries);
            !statement.condition.clauses.is_empty()
                || entries.any(|entry| entry.template().has_variables())
        };
        let asking = CompiledPolicies::of_statements(Arc::clone(&policies), switches, asks);
        let keys = policies.keys();
        let most = most_keys(&policies, keys.len());
        let assumes = beside::may_assume(&policies);
        let decided = CompiledPolicies::new(policies, switches);
        let found_before = FoundBefore::default();
        Self { decided, otherwise, asking, keys, most, not_given, assumes, found_before }
    }

    /// The policies.
    pub fn policies(&self) -> &PolicySet {
        self.decided.policies()
    }

    /// Inquires into the possibilities of one request, at which all policies look; `None` if they have no one
    /// decision for certain, whatever is unknown, so that [`inquire`](super::inquire) has to say what it depends
    /// on. What it gives is what `inquire` finds.
    pub fn settle(&self, worlds: &Worlds<'_>) -> Option<Settled> {
        if self.not_given == NotGiven::Unknown
            && (self.assumes || stand_in::is_missing(self.policies(), worlds.first()))
        {
            return None;
        }
        let requests = worlds.requests();
        let decision = one_decision(&self.decided, requests)?;
        let by = (decision.verdict, decision.by);
        let mut switches = Vec::new();
        let matching = OnceCell::new();
        let matching = || {
            matching.get_or_init(|| {
                requests.iter().map(|world| self.decided.matching(world)).collect::<Vec<_>>()
            })
        };
        for Otherwise { switch, policies, concerned } in &self.otherwise {
            let may_matter = |(number, world): (usize, &Request)| {
                let concerns = |concerned: &Compiled| {
                    let known = || matching().get(number).map(Vec::as_slice).unwrap_or_default();
                    !concerned.matches_as(world, known())
                };
                may_matter_to(*switch, world) && concerned.as_ref().is_none_or(concerns)
            };
            if switches.last() != Some(switch)
                && requests.iter().enumerate().any(may_matter)
                && decides_otherwise(policies, requests, by)?
            {
                switches.push(*switch);
            }
        }
        let is_given = |key: &ConditionKey| requests.iter().any(|world| world.context.is_set(key));
        let mut not_given: Vec<ConditionKey> =
            self.keys.iter().filter(|key| !is_given(key)).cloned().collect();
        let not_asked = not_given.split_off(self.most.min(not_given.len()));
        let missing = self.missing(&not_given, worlds, by);
        Some(Settled { decision, switches, missing, not_asked })
    }

    /// The keys among `absent` with which the decision could be another.
    fn missing(&self, absent: &[ConditionKey], worlds: &Worlds<'_>, by: By) -> Vec<ConditionKey> {
        if absent.is_empty()
            || worlds.requests().iter().all(|world| self.asking.count_judged(world) == 0)
        {
            return Vec::new();
        }
        let asker = Asker { policies: self.policies(), switches: self.decided.switches() };
        let find = || self.missing_of(&asker, absent, worlds, by);
        // By Q3 a variable without a value may match where an unknown one does not.
        if self.decided.switches().is_alternative(Switch::Q3) {
            return find();
        }
        // Decided for certain with all of them unknown: decided so with any of them in any state.
        let unknown = worlds.requests_with_unknown(absent);
        if self.is_certain(&unknown, by) {
            return Vec::new();
        }
        self.found_before.get_or(Alike::of(&self.decided, worlds, &unknown, &self.keys), find)
    }

    /// As [`missing`](Self::missing), where some of them may be.
    fn missing_of(
        &self,
        asker: &Asker<'_>,
        absent: &[ConditionKey],
        worlds: &Worlds<'_>,
        by: By,
    ) -> Vec<ConditionKey> {
        let mut missing: Vec<ConditionKey> = Vec::new();
        for key in absent {
            let unknown = worlds.with_unknown(std::slice::from_ref(key));
            if !self.is_certain(unknown.requests(), by)
                && !other_outcomes(&asker.answer(&unknown), key, &[by]).is_empty()
            {
                missing.push(key.clone());
            }
        }
        if missing.is_empty() && absent.len() > 1 {
            let answer = asker.answer(&worlds.with_unknown(absent));
            let found = together(&answer, absent, &[by], &|_| false);
            missing = found.into_iter().map(|missing| missing.key).collect();
        }
        missing
    }

    /// Whether every world is decided so however what is unknown turns out.
    fn is_certain(&self, worlds: &[Request], by: By) -> bool {
        decides_otherwise(&self.decided, worlds, by) == Some(false)
    }
}

/// The decision of every world, if it is one.
fn one_decision(policies: &Compiled, worlds: &[Request]) -> Option<Decision> {
    let (first, rest) = worlds.split_first()?;
    let Outcome::Decided(decision) = policies.decide(first) else { return None };
    let same = |world| policies.decide(world).decided() == Some(&decision);
    rest.iter().all(same).then_some(decision)
}

/// Whether some world is decided otherwise than `by`; `None` if that depends on what is unknown.
fn decides_otherwise(policies: &Compiled, worlds: &[Request], by: By) -> Option<bool> {
    let mut otherwise = false;
    for world in worlds {
        let outcome = policies.decide(world);
        let decision = outcome.decided()?;
        otherwise |= (decision.verdict, decision.by) != by;
    }
    Some(otherwise)
}

/// Whether a switch can matter to a request, whatever the policies. "Yes" costs time, "no" must be certain.
fn may_matter_to(switch: Switch, request: &Request) -> bool {
    match switch {
        // Of roles that assume themselves.
        Switch::Q22 => request.action.is("sts:AssumeRole"),
        // Of callers that are services.
        Switch::Q8 | Switch::Q18 => {
            matches!(request.requester.principal, Principal::Service { .. })
        }
        _ => true,
    }
}
