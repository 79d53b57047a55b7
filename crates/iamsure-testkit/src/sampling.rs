//! Sampling: the obvious way to decide a request with unknowns, as an oracle for the exact one.
//!
//! Every unknown key takes states near those that clauses name, every combination is decided by the evaluator,
//! and what comes out is real. It is not complete, so the law is one-sided: *every sampled outcome is among the
//! exact ones*.

use std::collections::BTreeSet;

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{ConditionKey, ConditionValue};
use iamsure_core::world::{Evidence, KeyState, PolicySet, Request, Switches};
use iamsure_truth::ask::Worlds;
use iamsure_truth::class::identity::Identity;
use iamsure_truth::class::state::Arity;
use iamsure_truth::class::value::Domain;
use iamsure_truth::model::Knowledge;
use iamsure_truth::table::{Fact, rules};

/// How many requests are decided at most.
const MAX_REQUESTS: usize = 2_000;

/// Some of the verdicts that the possibilities of a request get.
pub fn sampled(
    policies: &PolicySet,
    worlds: &Worlds<'_>,
    switches: &Switches,
) -> BTreeSet<Verdict> {
    let policies = worlds.looked_at_by(policies);
    let mut found = BTreeSet::new();
    for world in worlds.requests() {
        let unknown: Vec<ConditionKey> = (policies.keys().into_iter())
            .filter(|key| *world.context.state(key) == KeyState::Unknown)
            .collect();
        let mut requests = vec![world.clone()];
        for key in &unknown {
            let states = candidates(&policies, key, &worlds.knowledge(key));
            let with = |request: &Request| -> Vec<Request> {
                let set = |state: &KeyState| {
                    let mut request = request.clone();
                    request.context.set(key.clone(), state.clone());
                    request
                };
                states.iter().map(set).collect()
            };
            requests = requests.iter().flat_map(with).take(MAX_REQUESTS).collect();
        }
        for request in requests.iter().filter(|request| is_possible(request)) {
            if let Outcome::Decided(decision) = evaluate(&policies, request, switches).outcome {
                found.insert(decision.verdict);
            }
        }
    }
    found
}

/// States of a key: absent, what clauses name, something beside each, and something else.
fn candidates(policies: &PolicySet, key: &ConditionKey, known: &Knowledge) -> Vec<KeyState> {
    let clauses = policies
        .statements()
        .flat_map(|(_, _, statement)| &statement.condition.clauses)
        .filter(|clause| *clause.key == *key);
    let named =
        clauses.flat_map(|clause| &clause.values).map(|value| ConditionValue::as_str(value));
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for text in named {
        texts.insert(text.to_owned());
        texts.insert(text.replace('*', "sample").replace('?', "s"));
        texts.insert(format!("{text}0"));
    }
    let others: &[&str] = match known.domain {
        Domain::Text | Domain::NoneOf(_) => &["sampled", ""],
        Domain::Boolean => &["true", "false"],
        Domain::Number => &["0", "7", "-1", "1000000"],
        Domain::Date => &["2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"],
        Domain::Address => &["192.0.2.1", "10.0.0.1", "2001:db8::1"],
        Domain::Identity(identity) => &identity.examples(),
        Domain::Subject(subjects) => &subjects.examples(),
    };
    texts.extend(others.iter().map(|text| (*text).to_owned()));
    let singles = texts.iter().cloned().map(KeyState::Single);
    let sets = texts.iter().map(|text| KeyState::Multi(vec![text.clone()]));
    let all = std::iter::once(KeyState::Absent)
        .chain(singles)
        .chain(std::iter::once(KeyState::Multi(Vec::new())))
        .chain(sets)
        .chain(std::iter::once(KeyState::Multi(texts.iter().cloned().collect())));
    all.filter(|state| fits(state, known)).collect()
}

/// Whether a key may have a state, as AWS publishes the key.
pub fn fits(state: &KeyState, known: &Knowledge) -> bool {
    let is_of_domain = |text: &String| match known.domain {
        Domain::Text => true,
        Domain::Boolean => text == "true" || text == "false",
        Domain::Number => text.parse::<f64>().is_ok(),
        Domain::Date => text.contains('T'),
        Domain::Address => text.parse::<std::net::IpAddr>().is_ok(),
        Domain::Identity(identity) => identity.is_value(text),
        Domain::Subject(subjects) => subjects.is_value(text),
        Domain::NoneOf(texts) => !texts.contains(&text.as_str()),
    };
    match state {
        KeyState::Absent => known.nature.may_be_absent,
        KeyState::Single(text) => {
            known.nature.may_be_present
                && known.nature.arity != Some(Arity::Many)
                && is_of_domain(text)
        }
        KeyState::Multi(texts) => {
            known.nature.may_be_present
                && known.nature.arity != Some(Arity::One)
                && texts.iter().all(is_of_domain)
        }
        KeyState::Unknown => true,
    }
}

/// Whether no rule between keys that AWS documents is broken.
pub fn is_possible(request: &Request) -> bool {
    let holds = |fact: Fact| match fact {
        Fact::Present(key) => *request.context.state(&key.into()) != KeyState::Absent,
        Fact::Absent(key) => *request.context.state(&key.into()) == KeyState::Absent,
        Fact::Is(key, value) => {
            matches!(request.context.state(&key.into()), KeyState::Single(text) if text.eq_ignore_ascii_case(value))
        }
        Fact::HasTag(..) => true,
        Fact::Identifies(key, kind) => {
            let identity =
                Identity { key, kind: Some(kind), account: None, role: None, in_aws: false };
            matches!(request.context.state(&fact.key().into()), KeyState::Single(text) if identity.is_value(text))
        }
        Fact::OfItsAccount => {
            let states =
                ["aws:PrincipalArn", fact.key()].map(|key| request.context.state(&key.into()));
            match states {
                [KeyState::Single(arn), KeyState::Single(account)] => {
                    arn.split(':').nth(4) == Some(account)
                }
                _ => true,
            }
        }
        Fact::OfItsResource => {
            let named = request.resource.split(':').nth(4).unwrap_or_default();
            let names_one = named.len() == 12 && named.chars().all(|c| c.is_ascii_digit());
            match request.context.state(&fact.key().into()) {
                KeyState::Single(account) => !names_one || account == named,
                _ => true,
            }
        }
    };
    let is_known = |fact: Fact| *request.context.state(&fact.key().into()) != KeyState::Unknown;
    let documented = rules().iter().filter(|rule| rule.evidence == Evidence::Documented);
    let known = documented.filter(|rule| is_known(rule.when) && is_known(rule.then));
    known.into_iter().all(|rule| !holds(rule.when) || holds(rule.then))
}
