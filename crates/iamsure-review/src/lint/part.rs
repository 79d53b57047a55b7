//! Parts of statements that say nothing, as findings.

use std::collections::BTreeSet;

use iamsure_core::language::condition::Family;
use iamsure_core::language::condition::address::Network;
use iamsure_core::language::document::{Effect, Statement};
use iamsure_core::language::{Clause, Label, Span};
use iamsure_core::world::{KeyState, PolicySet};
use iamsure_truth::redundancy::{Element, Needless, Part, Row};

use super::{Code, Linted, PolicyPlace, finding as at};
use crate::finding::Finding;

/// The finding about a part.
pub(super) fn finding(policies: &PolicySet, needless: &Needless) -> Option<Linted> {
    let id = needless.statement;
    let (_, statement) = policies.statement(id)?;
    let (finding, notes) = parts_finding(statement, &needless.part)?;
    let policy = PolicyPlace { layer: id.layer, level: id.level, number: id.policy };
    Some(Linted { policy, finding, notes, example: None, symbols: BTreeSet::new() })
}

fn parts_finding(statement: &Statement, part: &Part) -> Option<(Finding, Vec<String>)> {
    let clause =
        |number: usize| statement.condition.clauses.get(number).map(|clause| &clause.value);
    let mut notes = Vec::new();
    let found = match part {
        Part::NeverHolds { clause: number, row } => {
            let clause = clause(*number)?;
            notes.push(row_of(clause, row, "does not hold"));
            let message = format!("no request meets {}", said(clause));
            let found =
                at(Code::NeverHolds, clause.operator.span, does_nothing(statement), message);
            helped(found, clause)
        }
        Part::NeverFails { clause: number, row } => {
            let clause = clause(*number)?;
            notes.push(row_of(clause, row, "holds"));
            let message = format!("every request meets {}", said(clause));
            let found = at(Code::NeverFails, clause.operator.span, "limits nothing", message);
            helped(found, clause)
        }
        Part::Contradiction { clauses } => {
            let clauses: Vec<&Clause> =
                clauses.iter().filter_map(|number| clause(*number)).collect();
            let (first, others) = clauses.split_first()?;
            let message = format!("no request meets all conditions on {}", first.key.value);
            let label = does_nothing(statement);
            let mut found = at(Code::Contradiction, first.operator.span, label, message);
            also(
                &mut found,
                others.iter().map(|clause| clause.operator.span),
                "together with this one",
            );
            found
        }
        Part::Implied { clause: number, by } => {
            let own = clause(*number)?;
            let others: Vec<&Clause> = by.iter().filter_map(|number| clause(*number)).collect();
            let message = format!(
                "{} is met wherever {} met",
                said(own),
                match others.as_slice() {
                    [one] => format!("{} is", said(one)),
                    _ => "the other conditions on the key are".to_owned(),
                }
            );
            let mut found = at(Code::Implied, own.operator.span, "adds nothing", message);
            also(
                &mut found,
                others.iter().map(|clause| clause.operator.span),
                "already requires this",
            );
            found
        }
        Part::Value { clause: number, entry, by } => {
            let clause = clause(*number)?;
            let value = |at: &usize| clause.values.get(*at);
            let own = value(entry)?;
            let others: Vec<_> = by.iter().filter_map(value).collect();
            let texts: Vec<&str> = others.iter().map(|value| value.as_str()).collect();
            let spans = others.iter().map(|value| value.span);
            swallowed(Code::SwallowedValue, (own.as_str(), own.span), &texts, spans)
        }
        Part::Action { entry, by } => {
            let entries = &statement.action.as_ref()?.entries;
            let own = entries.get(*entry)?;
            let others: Vec<_> = by.iter().filter_map(|at| entries.get(*at)).collect();
            let texts: Vec<&str> = others.iter().map(|entry| entry.as_str()).collect();
            let spans = others.iter().map(|entry| entry.span);
            swallowed(Code::SwallowedAction, (own.as_str(), own.span), &texts, spans)
        }
        Part::Resource { entry, by } => {
            let entries = &statement.resource.as_ref()?.entries;
            let own = entries.get(*entry)?;
            let others: Vec<_> = by.iter().filter_map(|at| entries.get(*at)).collect();
            let texts: Vec<&str> = others.iter().map(|entry| entry.as_str()).collect();
            let spans = others.iter().map(|entry| entry.span);
            swallowed(Code::SwallowedResource, (own.as_str(), own.span), &texts, spans)
        }
        Part::Unchecked(element) => {
            let (span, what) = match element {
                Element::Action => (statement.action.as_ref()?.span, "the actions"),
                Element::Resource => (statement.resource.as_ref()?.span, "the resources"),
                Element::Clause(number) => (clause(*number)?.operator.span, "the condition"),
            };
            let message = format!(
                "{what} of this statement contain too many patterns to check which are superfluous"
            );
            at(Code::Unproved, span, "not checked", message)
        }
    };
    Some((found, notes))
}

/// A finding about a clause whose values are networks that are compared as texts (C-20, C-27), with what compares them.
fn helped(found: Finding, clause: &Clause) -> Finding {
    let base = clause.operator.base;
    let is_range = |text: &str| text.contains('/') && Network::read(text).is_some();
    if base.family() != Family::String
        || !clause.values.iter().any(|value| is_range(value.as_str()))
    {
        return found;
    }
    let instead = if base.is_negated() { "NotIpAddress" } else { "IpAddress" };
    let help = format!(
        "`{}` compares strings, but the key holds a single address: write `{instead}` to match a range",
        *clause.operator
    );
    Finding { help: Some(help), ..found }
}

/// An entry that others swallow.
fn swallowed(
    code: Code,
    (own, span): (&str, Span),
    others: &[&str],
    spans: impl Iterator<Item = Span>,
) -> Finding {
    let message = match others {
        [same] if *same == own => format!("{} is written twice", shown(own)),
        [one] => format!("{} is covered by {}", shown(own), shown(one)),
        several => {
            let several: Vec<String> = several.iter().map(|other| shown(other)).collect();
            format!("{} is covered by {} together", shown(own), several.join(" and "))
        }
    };
    let mut found = at(code, span, "adds nothing", message);
    also(&mut found, spans, "already matches all of it");
    found
}

fn also(found: &mut Finding, spans: impl Iterator<Item = Span>, text: &str) {
    found.labels.extend(spans.map(|span| Label { span, text: text.to_owned() }));
}

/// What a statement fails to do that matches nothing.
fn does_nothing(statement: &Statement) -> &'static str {
    match *statement.effect {
        Effect::Allow => "so the statement allows nothing",
        Effect::Deny => "so the statement denies nothing",
    }
}

/// The longest text that is quoted.
const LONGEST: usize = 80;

fn shown(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(LONGEST).collect::<String>())
}

/// A condition in words.
fn said(clause: &Clause) -> String {
    let values: Vec<&str> = clause.values.iter().map(|value| value.as_str()).collect();
    let values = match values.as_slice() {
        [] => "(no value)".to_owned(),
        [one] => shown(one),
        [first, rest @ ..] => format!("{} (and {} more)", shown(first), rest.len()),
    };
    format!("{} {} {values}", *clause.operator, clause.key.value)
}

/// The states of the key, in words.
fn row_of(clause: &Clause, row: &Row, answer: &str) -> String {
    let states: Vec<String> = row.states.iter().map(state).collect();
    let more = if row.more { ", and so for every other" } else { "" };
    let is_absent = |held: &KeyState| *held == KeyState::Absent;
    let known = if !row.states.iter().any(is_absent) {
        "; AWS documents the key as always present for these callers"
    } else if row.states.iter().all(is_absent) {
        "; AWS documents the key as never present for these callers"
    } else {
        ""
    };
    format!("{} {}: the condition {answer}{more}{known}", clause.key.value, states.join(", or "))
}

/// What a key holds, in words.
pub(super) fn state(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) => format!("= {text:?}"),
        KeyState::Multi(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
            format!("= [{}]", texts.join(", "))
        }
    }
}
