//! What an answer about all requests rests on, in sentences.

use std::collections::BTreeSet;

use iamsure_core::language::ConditionKey;
use iamsure_core::language::document::PolicyType;
use iamsure_core::world::token::Subject;
use iamsure_core::world::{Switch, TokenShape};
use iamsure_truth::class::value::Domain;
use iamsure_truth::grounds::{Grounds, TakenOwner};
use iamsure_truth::sample::is_sample;

use super::{whose, words};

/// Said where the dependence on switches was not asked for.
pub(crate) const SWITCHES_NOT_ASKED: &str = "Not checked: which undocumented behaviours (docs/switches.md) matter here. The policies are too large to try them all; --switch tries one.";

fn named(keys: &[ConditionKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// On which symbols a comparison depends, if on any.
pub(crate) fn compared_literally(symbols: &BTreeSet<String>) -> Option<String> {
    (!symbols.is_empty()).then(|| {
        format!(
            "It depends on values known only after deployment, each compared as a distinct value: {}.",
            words::symbols(symbols)
        )
    })
}

/// What was taken of policies that were not given and of resources nobody placed; for questions about
/// decisions.
pub(crate) fn of_policies(grounds: &Grounds) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(grounds.missing.iter().map(|kind| not_given(*kind).to_owned()));
    notes.extend(grounds.naming_nobody.iter().map(|kind| may_name(*kind).to_owned()));
    if !grounds.symbols.is_empty() {
        notes.push(format!(
            "Decided for every value known only after deployment; where two decisions are named, the decision depends on {}.",
            words::symbols(&grounds.symbols)
        ));
    }
    notes.extend(compared_literally(&grounds.literal_symbols));
    match &grounds.own_resources {
        None => {}
        Some(TakenOwner::OfAll(account)) => {
            let owned = if grounds.exchanges_only { "role" } else { "resource" };
            notes.push(format!("Assuming every {owned} belongs to account {account} (--resource-account or --principal to change)."));
        }
        Some(TakenOwner::OfUnnamed(account)) => {
            notes.push(format!("{}.", words::owner_taken(account)));
        }
    }
    if grounds.exchanges_only {
        notes.push("Covers only the actions that start sessions, since a trust policy decides nothing else; --action selects others.".to_owned());
    }
    let requester = grounds.requester.as_ref();
    notes.extend(requester.and_then(|one| whose::of_requester(&grounds.policies, one)));
    notes.extend(whose::of_all_callers(grounds).map(str::to_owned));
    notes.extend(whose::not_bound(grounds).map(str::to_owned));
    notes.extend(grounds.beside.warnings());
    notes
}

/// Sessions of the caller's role that policies name and that an answer of rows is not about; a claim depends on them.
pub(crate) fn other_sessions(grounds: &Grounds) -> Option<String> {
    words::other_sessions(&grounds.policies, grounds.requester.as_ref())
}

/// Whom the answer is about, where it is about one caller, or about whoever may have the policies.
pub(crate) fn of_callers(grounds: &Grounds) -> Option<String> {
    let requester = grounds.requester.as_ref()?;
    Some(if is_sample(requester) {
        "Covers every user and role that can have these policies; --principal narrows it."
            .to_owned()
    } else {
        format!("Decided for {}.", requester.principal.display_arn())
    })
}

/// A policy that must exist, and was not given.
pub(crate) const fn not_given(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::Trust => {
            "No trust policy given for the role to assume (--trust FILE): decided both ways, trusting the account and not trusting it."
        }
        PolicyType::Identity => {
            "No caller policies given: decided both ways, allowing such requests and not allowing them."
        }
        _ => {
            "No KMS key policy given (--resource-policy FILE): decided both ways, delegating to IAM and not delegating."
        }
    }
}

/// What a policy that must exist and was not given could say, and is taken not to say.
pub(crate) const fn may_name(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::Trust => {
            "No trust policy given (--trust FILE): a trust policy that names a caller, or its identity provider, can allow requests without any other Allow."
        }
        _ => {
            "No KMS key policy given (--resource-policy FILE): a key policy that names a caller can allow requests without any other Allow."
        }
    }
}

/// The choices where AWS is silent with which some row is another.
pub(crate) fn of_switches(grounds: &Grounds) -> Vec<String> {
    let Some(switches) = &grounds.switches else { return vec![SWITCHES_NOT_ASKED.to_owned()] };
    let note = |(switch, choice): &(Switch, &str)| {
        if *choice == "default" {
            return format!(
                "{switch} is undocumented ({}). --switch overrides the default; by default ({}), some rows differ.",
                switch.question(),
                switch.default_meaning()
            );
        }
        format!(
            "{switch} is undocumented ({}). Assumed: {}. With {switch}={choice}, some rows differ.",
            switch.question(),
            switch.default_meaning()
        )
    };
    switches.iter().map(note).collect()
}

/// What is known of the keys.
pub(crate) fn of_keys(grounds: &Grounds) -> Vec<String> {
    let mut notes = Vec::new();
    let identities = grounds.typed.iter().filter_map(|(_, domain)| match domain {
        Domain::Identity(identity) => Some((*domain, identity.words())),
        _ => None,
    });
    let mut known = vec![
        (Domain::Boolean, "true or false"),
        (Domain::Number, "a number"),
        (Domain::Date, "a date"),
        (Domain::Address, "an address"),
    ];
    known.extend(identities);
    for (domain, words) in known {
        let keys: Vec<ConditionKey> = grounds
            .typed
            .iter()
            .filter(|(_, known)| *known == domain)
            .map(|(key, _)| key.clone())
            .collect();
        if !keys.is_empty() {
            notes.push(format!("{}: {words} whenever present, as AWS documents.", named(&keys)));
        }
    }
    notes.extend(grounds.typed.iter().filter_map(|(key, domain)| match domain {
        Domain::Subject(subjects) => Some(of_subject(key, subjects.shape())),
        _ => None,
    }));
    if !grounds.always.is_empty() {
        notes.push(format!(
            "Always present for these callers, as AWS documents: {}.",
            named(&grounds.always)
        ));
    }
    if !grounds.never.is_empty() {
        notes.push(format!(
            "Never present for these callers, as AWS documents: {}.",
            named(&grounds.never)
        ));
    }
    if !grounds.unpublished.is_empty() {
        notes.push(format!(
            "AWS does not publish whether these keys are single-valued or multivalued; assuming what their operators require: {}.",
            named(&grounds.unpublished)
        ));
    }
    notes
}

/// What the subject of a token of a shape looks like.
fn of_subject(key: &ConditionKey, shape: TokenShape) -> String {
    let forms: Vec<String> = shape.subjects().map(Subject::words).collect();
    let unless =
        shape.issuer.customization.map(|who| format!(", unless {who}")).unwrap_or_default();
    format!(
        "{}: {} ({}){unless}.",
        named(std::slice::from_ref(key)),
        forms.join(" or "),
        shape.issuer.source
    )
}

/// How far an answer reaches, and the date of what it rests on. `asked_only` says what it was limited to.
pub(crate) fn exhaustive(asked_only: &[String]) -> String {
    let reach = if asked_only.is_empty() {
        "Exhaustive".to_owned()
    } else {
        format!("Exhaustive for requests with {}", asked_only.join("; "))
    };
    format!("{reach}. AWS reference data of {}.", iamsure_reference::captured())
}
