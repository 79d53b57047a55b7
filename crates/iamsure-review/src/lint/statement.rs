//! Statements without effect, as findings.

use std::collections::BTreeSet;

use iamsure_core::language::document::{Effect, Statement};
use iamsure_core::language::{Label, Span};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{KeyState, PolicySet};
use iamsure_truth::budget::TooComplex;
use iamsure_truth::inert::{Change, Example, Inertness, StatementEffect, Why};
use iamsure_truth::table::Reach;

use super::part::state;
use super::{Code, Linted, PolicyPlace, finding};

/// The findings about statements, but for those that are known to match nothing.
pub(super) fn findings<'a>(
    policies: &'a PolicySet,
    answer: &'a Inertness,
    silent: &'a [StatementId],
) -> impl Iterator<Item = (StatementId, Linted)> + 'a {
    let is_news = |effect: &&StatementEffect| {
        effect.why != Some(Why::MatchesNothing) || !silent.contains(&effect.statement)
    };
    let news = answer.statements.iter().filter(is_news);
    news.filter_map(|effect| Some((effect.statement, of_one(policies, effect)?)))
}

/// Nothing is said about any statement.
pub(super) fn unproved(policies: &PolicySet, error: &TooComplex) -> Option<Linted> {
    let (layer, level, number, document) = policies.policies().next()?;
    let span = document.statements.first().map_or_else(Span::default, |found| found.effect.span);
    let message = format!("could not prove which statements have an effect: {error}");
    Some(Linted {
        policy: PolicyPlace { layer, level, number },
        finding: finding(
            Code::Unproved,
            span,
            "not proved for this or any other statement",
            message,
        ),
        notes: Vec::new(),
        example: None,
        symbols: BTreeSet::new(),
    })
}

fn of_one(policies: &PolicySet, effect: &StatementEffect) -> Option<Linted> {
    if !effect.is_inert() {
        return None;
    }
    let id = effect.statement;
    let (_, statement) = policies.statement(id)?;
    let span = statement.sid.as_ref().map_or(statement.effect.span, |sid| sid.span);
    let name = name(id, statement);
    let why = why(policies, effect, statement);
    let mut notes = Vec::new();
    let mut finding = if effect.is_inert_in_every_world() {
        let scope = match effect.why {
            Some(Why::Unpublished) => "access to anything that AWS publishes",
            _ => "access, even if Allows are added later",
        };
        if effect.closed.max(effect.open) == Change::Reason {
            notes.push("it turns implicit denies into explicit ones".to_owned());
        }
        if effect.unpublished != Change::Nothing && effect.why != Some(Why::Unpublished) {
            notes.push("it changes some actions that AWS does not publish".to_owned());
        }
        finding(
            Code::InertStatement,
            span,
            "removing it changes nothing",
            format!("{name} has no effect on {scope}: {why}"),
        )
    } else {
        let message =
            format!("{name} has no effect yet ({why}); it will once an Allow is attached");
        finding(Code::InertUntilAllowed, span, "takes effect once an Allow exists", message)
    };
    if let Some(Why::Covered(others)) = &effect.why {
        let beside = others.iter().filter(|other| is_of_one_policy(**other, id));
        finding.labels.extend(beside.filter_map(|other| {
            let (_, other) = policies.statement(*other)?;
            let span = other.sid.as_ref().map_or(other.effect.span, |sid| sid.span);
            Some(Label { span, text: "does the same".to_owned() })
        }));
    }
    let example = effect.example.clone().filter(|_| !effect.is_inert_in_every_world());
    notes.extend(example.as_ref().map(shown));
    let policy = PolicyPlace { layer: id.layer, level: id.level, number: id.policy };
    Some(Linted { policy, finding, notes, example, symbols: BTreeSet::new() })
}

fn is_of_one_policy(one: StatementId, other: StatementId) -> bool {
    (one.layer, one.level, one.policy) == (other.layer, other.level, other.policy)
}

fn name(id: StatementId, statement: &Statement) -> String {
    let effect = statement.effect.as_str();
    match &statement.sid {
        Some(sid) => format!("{effect} `{}`", sid.value),
        None => format!("{effect} statement {}", id.statement + 1),
    }
}

/// Why it changes no access by these policies alone.
pub(crate) fn why(policies: &PolicySet, effect: &StatementEffect, statement: &Statement) -> String {
    let allows = *statement.effect == Effect::Allow;
    match &effect.why {
        Some(Why::Exempt) => {
            "it covers only calls for which AWS performs no authorization check, so no policy can allow or deny them"
                .to_owned()
        }
        Some(Why::Unpublished) => {
            "it covers only actions that AWS has retired or never published".to_owned()
        }
        Some(Why::Covered(others)) if others.is_empty() => {
            "wherever it matches, the decision is the same without it".to_owned()
        }
        Some(Why::Covered(others)) => {
            let named = others.iter().filter_map(|other| {
                let (document, found) = policies.statement(*other)?;
                let name = name(*other, found);
                Some(if is_of_one_policy(*other, effect.statement) {
                    name
                } else {
                    let place = document.source.place(found.span.start);
                    format!("{name} ({}:{}:{})", document.source.name(), place.line, place.column)
                })
            });
            let named: Vec<String> = named.collect();
            format!("wherever it matters, {} does the same", named.join(" or "))
        }
        Some(Why::Denied) => "a Deny matches everything that only it allows".to_owned(),
        Some(Why::HeldBack) => "what only it allows is blocked by another layer, or needs an Allow there, too".to_owned(),
        Some(Why::NothingToDeny) => "nothing allows what it denies".to_owned(),
        Some(Why::Several) if allows => {
            "what it allows is allowed without it, or blocked by another layer or a Deny".to_owned()
        }
        Some(Why::Several) => "what it denies is denied without it, or nothing allows it".to_owned(),
        Some(Why::MatchesNothing) | None => "it matches no request".to_owned(),
    }
}

/// The request that shows what a statement does, in a sentence.
fn shown(example: &Example) -> String {
    let request = &example.request;
    let keys: Vec<String> = request
        .context
        .entries()
        .filter(|(_, held)| **held != KeyState::Unknown)
        .map(|(key, held)| format!("{key} {}", state(held)))
        .collect();
    let keys = if keys.is_empty() { String::new() } else { format!(", {}", keys.join(", ")) };
    let extra: Vec<&str> = example.extra.iter().map(|grant| grant.words()).collect();
    let extra = if extra.is_empty() {
        String::new()
    } else {
        format!(", once {} allows it", extra.join(" and "))
    };
    let doubt = match &example.reach {
        Reach::Reachable => String::new(),
        Reach::Unknown(why) | Reach::Unreachable(why) => {
            format!(" (such requests may not exist: {why})")
        }
    };
    format!(
        "example: {} on {}{keys}{extra}: {} with the statement, {} without it{doubt}",
        request.action.as_str(),
        request.resource,
        example.with.words(),
        example.without.words()
    )
}
