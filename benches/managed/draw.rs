//! Random requests that stay close to what a policy asks for: its actions, its resources, its keys, with
//! the values it compares with, and values beside them.

use iamsure_core::language::{ActionName, Arn, ConditionKey};
use iamsure_core::world::{Context, KeyState, PolicySet, Request};
use iamsure_reference::{ActionSet, actions, example_resource, expand};
use iamsure_truth::background::knowledge::knowledge;
use iamsure_truth::class::state::Arity;
use iamsure_truth::class::value::Domain;
use iamsure_truth::model::Knowledge;
use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

/// What requests about some policies are drawn from.
pub(crate) struct Draw {
    named: Vec<ActionName>,
    published: Vec<ActionName>,
    resources: Vec<String>,
    keys: Vec<(ConditionKey, Knowledge, Vec<String>, bool)>,
}

/// Values that some other key may well have too.
const SHARED: [&str; 4] = ["111122223333", "another-value", "o-example", "alice"];

/// What stands for a wildcard.
const RUNS: [&str; 6] = ["", "x", "example", "a/b", "a:b", "-1"];

/// The most published actions that one pattern adds.
const OF_A_PATTERN: usize = 40;

fn one<'a, T: ?Sized>(rng: &mut TestRng, list: &'a [&'a T]) -> Option<&'a T> {
    if list.is_empty() { None } else { list.get(rng.random_range(0..list.len())).copied() }
}

fn any<'a, T>(rng: &mut TestRng, list: &'a [T]) -> Option<&'a T> {
    if list.is_empty() { None } else { list.get(rng.random_range(0..list.len())) }
}

impl Draw {
    pub(crate) fn new(policies: &PolicySet) -> Self {
        let mut named = Vec::new();
        let mut resources = Vec::new();
        for (_, _, statement) in policies.statements() {
            for pattern in statement.action.iter().flat_map(|element| &element.entries) {
                let members: ActionSet = expand(pattern.as_str()).collect();
                let step = members.iter().count().div_ceil(OF_A_PATTERN).max(1);
                let some = members.iter().step_by(step).map(|action| action.name().to_owned());
                let unpublished = pattern.as_str().replace('*', "Unpublished").replace('?', "U");
                named.extend(
                    some.chain([unpublished]).filter_map(|name| ActionName::parse(&name).ok()),
                );
            }
            let entries = statement.resource.iter().flat_map(|element| &element.entries);
            resources.extend(entries.map(|entry| entry.as_str().to_owned()));
        }
        let keys = policies
            .keys()
            .into_iter()
            .map(|key| {
                let clauses = || {
                    policies
                        .statements()
                        .flat_map(|(_, _, statement)| &statement.condition.clauses)
                        .filter(|clause| clause.key.value == key)
                };
                let values = clauses()
                    .flat_map(|clause| clause.values.iter().map(|value| value.as_str().to_owned()))
                    .collect();
                let known = knowledge(&key, None);
                let as_set = match known.nature.arity {
                    Some(arity) => arity != Arity::One,
                    None => clauses().any(|clause| clause.operator.quantifier.is_some()),
                };
                (key, known, values, as_set)
            })
            .collect();
        let published = actions()
            .step_by(7)
            .filter_map(|action| ActionName::parse(action.name()).ok())
            .collect();
        Self { named, published, resources, keys }
    }

    /// A request of the same caller as `template`.
    pub(crate) fn request(&self, rng: &mut TestRng, template: &Request) -> Request {
        let mut context = Context::closed();
        for (key, known, values, as_set) in &self.keys {
            let state = Self::state(rng, known, values, *as_set, &context);
            context.set(key.clone(), state);
        }
        let pool = if rng.random_range(0..10) < 8 { &self.named } else { &self.published };
        let action =
            any(rng, pool).or_else(|| self.published.first()).unwrap_or(&template.action).clone();
        let example = example_resource(action.as_str()).unwrap_or_else(|| "*".to_owned());
        let mut resource = match rng.random_range(0..10) {
            0 => "*".to_owned(),
            1 | 2 => example.clone(),
            _ => any(rng, &self.resources)
                .map_or_else(|| example.clone(), |text| filled(rng, text, &context)),
        };
        if rng.random_range(0..8) == 0 {
            resource.push_str("-2");
        }
        if Arn::split(&resource).is_none() {
            resource = example;
        }
        Request { action, resource, context, ..template.clone() }
    }

    fn state(
        rng: &mut TestRng,
        known: &Knowledge,
        values: &[String],
        as_set: bool,
        context: &Context,
    ) -> KeyState {
        let nature = known.nature;
        if !nature.may_be_present || (nature.may_be_absent && rng.random_range(0..10) < 3) {
            return KeyState::Absent;
        }
        if !as_set {
            return KeyState::single(Self::value(rng, known, values, context));
        }
        let count = rng.random_range(0..4);
        KeyState::Multi((0..count).map(|_| Self::value(rng, known, values, context)).collect())
    }

    fn value(rng: &mut TestRng, known: &Knowledge, values: &[String], context: &Context) -> String {
        let numbers = ["0", "1", "3600", "1000000"];
        let addresses = ["192.0.2.1", "203.0.113.7", "10.1.2.3", "2001:db8::1"];
        let dates = ["2020-01-01T00:00:00Z", "2026-07-01T12:00:00Z", "2090-01-01T00:00:00Z"];
        let of_domain: &[&str] = match known.domain {
            Domain::Boolean => &["true", "false", "True"],
            Domain::Number => &numbers,
            Domain::Date => &dates,
            Domain::Address => &addresses,
            Domain::Text | Domain::NoneOf(_) => &SHARED,
            Domain::Identity(identity) => &identity.examples(),
            Domain::Subject(subjects) => &subjects.examples(),
        };
        let typed = !matches!(known.domain, Domain::Text | Domain::NoneOf(_));
        let chance = rng.random_range(0..10);
        let written = any(rng, values).filter(|text| !typed || !text.contains(['/', '$', '*']));
        match written {
            Some(text) if chance < 6 => filled(rng, text, context),
            Some(text) if chance < 8 && !typed => {
                let text = filled(rng, text, context);
                if chance == 6 { text.to_uppercase() } else { format!("{text}2") }
            }
            _ => one(rng, of_domain).unwrap_or_default().to_owned(),
        }
    }
}

/// A text with something for each wildcard, and what the context says for each variable.
fn filled(rng: &mut TestRng, text: &str, context: &Context) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        wildcards(rng, before, &mut out);
        let key = name.split(',').next().unwrap_or_default().trim();
        match context.state(&ConditionKey::new(key)) {
            KeyState::Single(value) => out.push_str(value),
            _ => out.push_str(one(rng, &SHARED).unwrap_or_default()),
        }
        rest = after;
    }
    wildcards(rng, rest, &mut out);
    out
}

fn wildcards(rng: &mut TestRng, text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '*' => out.push_str(one(rng, &RUNS).unwrap_or_default()),
            '?' => out.push('x'),
            c => out.push(c),
        }
    }
}
