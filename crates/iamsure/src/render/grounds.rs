//! What an answer about all requests rests on, in sentences.

use iamsure_core::language::ConditionKey;
use iamsure_core::language::PolicyDocument;
use iamsure_core::language::document::{Effect, PolicyType};
use iamsure_truth::class::value::Domain;
use iamsure_truth::grounds::Grounds;

/// Said where the dependence on switches was not asked for.
pub(crate) const SWITCHES_NOT_ASKED: &str = "Which choices where AWS is silent (docs/switches.md) matter here was not asked: the policies are too large to decide them all again; --switch asks for one.";

fn named(keys: &[ConditionKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What was taken of policies that were not given and of resources nobody placed; for questions about
/// decisions.
pub(crate) fn of_policies(grounds: &Grounds) -> Vec<String> {
    let mut notes = Vec::new();
    for kind in &grounds.assumed {
        notes.push(match kind {
            PolicyType::Identity => "No policy here grants anything. Taken as if an identity-based policy allowed everything: \"allowed\" means \"not held back\".".to_owned(),
            PolicyType::Trust => "The trust policy of a role that sts:AssumeRole asks for was not given; taken as leaving it to the account.".to_owned(),
            _ => "The policy of a KMS key was not given; taken as leaving it to the account.".to_owned(),
        });
    }
    if grounds.own_resources {
        notes.push("Resources are taken as the own account's (111122223333), whatever account their ARNs name; --principal or --resource-account asks otherwise.".to_owned());
    }
    if grounds.exchanges_only {
        notes.push("Only the actions of exchanges: a trust policy decides nothing else. --action asks about others.".to_owned());
    }
    for (level, policies) in grounds.policies.scp.iter().enumerate() {
        let allows = |document: &PolicyDocument| {
            document.statements.iter().any(|statement| *statement.effect == Effect::Allow)
        };
        if !policies.iter().any(allows) {
            notes.push(format!(
                "No service control policy of level {level} allows anything, so everything is denied. AWS attaches FullAWSAccess beside them unless somebody took it away: give it with --scp {level}=FILE too."
            ));
        }
    }
    notes
}

/// What is known of the keys.
pub(crate) fn of_keys(grounds: &Grounds) -> Vec<String> {
    let mut notes = Vec::new();
    for (domain, words) in [
        (Domain::Boolean, "true or false"),
        (Domain::Number, "a number"),
        (Domain::Date, "a date"),
        (Domain::Address, "an address"),
    ] {
        let keys: Vec<ConditionKey> = grounds
            .typed
            .iter()
            .filter(|(_, known)| *known == domain)
            .map(|(key, _)| key.clone())
            .collect();
        if !keys.is_empty() {
            notes.push(format!("{}: {words} wherever present, as AWS documents.", named(&keys)));
        }
    }
    if !grounds.always.is_empty() {
        notes.push(format!(
            "In every request of such callers, as AWS documents: {}.",
            named(&grounds.always)
        ));
    }
    if !grounds.never.is_empty() {
        notes.push(format!(
            "In no request of such callers, as AWS documents: {}.",
            named(&grounds.never)
        ));
    }
    if !grounds.unpublished.is_empty() {
        notes.push(format!(
            "AWS does not publish whether these hold one value or several; taken as their operators ask: {}.",
            named(&grounds.unpublished)
        ));
    }
    notes
}
