//! Whether a part says nothing whatever the symbols in the policies stand for.

use std::collections::BTreeSet;

use iamsure_core::language::Clause;
use iamsure_core::language::condition::{BaseOperator, Family};
use iamsure_core::language::document::Statement;
use iamsure_core::world::PolicySet;

use super::{Needless, Part, RedundancyQuery};
use crate::known_later::{
    Match, any_action, any_resource, any_value, clause_at, clause_has_symbols, has_symbols,
    is_within, symbols_in_principals, symbols_of_text, with_any_principal,
};

impl RedundancyQuery<'_> {
    /// Whether it is shown that a part says nothing for every value of the symbols. False does not say that there is a
    /// value with which it says something.
    pub fn holds_for_every_value(&self, needless: &Needless) -> bool {
        let Some((_, statement)) = self.policies.statement(needless.statement) else { return true };
        if let Some(found) = as_written(statement, &needless.part) {
            return found;
        }
        let widened = widened(statement, &needless.part);
        let callers = with_any_principal(self.policies);
        let statement = match (widened, &callers) {
            (Widened::Unbounded, _) => return false,
            (Widened::AsIs, None) => return true,
            (Widened::AsIs, Some(_)) => None,
            (Widened::To(statement), _) => Some(statement),
        };
        let mut policies: PolicySet = callers.unwrap_or_else(|| self.policies.clone());
        if let (Some(slot), Some(statement)) =
            (policies.statement_mut(needless.statement), statement)
        {
            let principal = slot.value.principal.take();
            slot.value = Statement { principal, ..*statement };
        }
        let found = RedundancyQuery { policies: &policies, setting: self.setting }.answer();
        let (_, shown) = policies.statement(needless.statement).unzip();
        found.iter().any(|known| {
            known.statement == needless.statement
                && known.part.is_like(&needless.part)
                && shown.is_some_and(|statement| !rests_on_symbols(statement, &known.part))
        })
    }
}

impl RedundancyQuery<'_> {
    /// The symbols of a part and of what it is held against; those of the statement's callers where it has none.
    pub fn symbols_of(&self, needless: &Needless) -> BTreeSet<String> {
        let Some((_, statement)) = self.policies.statement(needless.statement) else {
            return BTreeSet::new();
        };
        let clause = |number: &usize| statement.condition.clauses.get(*number);
        let clauses = match &needless.part {
            Part::NeverHolds { clause, .. } | Part::NeverFails { clause, .. } => vec![*clause],
            Part::Contradiction { clauses } => clauses.clone(),
            Part::Implied { clause, by } => by.iter().chain([clause]).copied().collect(),
            _ => Vec::new(),
        };
        let listed = listed(statement, &needless.part);
        let entries = listed.into_iter().flat_map(|found| found.by.into_iter().chain([found.own]));
        let texts = clauses.iter().filter_map(clause).flat_map(|clause| {
            clause.values.iter().map(|value| value.as_str()).chain([clause.key.as_str()])
        });
        let own: BTreeSet<String> = entries.chain(texts).flat_map(symbols_of_text).collect();
        if own.is_empty() { symbols_in_principals(self.policies) } else { own }
    }
}

/// The statement in which a part must say nothing, too.
enum Widened {
    /// As it is: the part holds no symbol.
    AsIs,
    To(Box<Statement>),
    /// No statement bounds it.
    Unbounded,
}

/// A list of entries, the one that is swallowed, and those that swallow it.
struct Listed<'a> {
    own: &'a str,
    by: Vec<&'a str>,
    /// Whether `*` is a wildcard in it.
    has_wildcards: bool,
}

fn listed<'a>(statement: &'a Statement, part: &Part) -> Option<Listed<'a>> {
    let (texts, entry, by, has_wildcards): (Vec<&str>, _, _, _) = match part {
        Part::Action { entry, by } => {
            let entries = &statement.action.as_ref()?.entries;
            (entries.iter().map(|entry| entry.as_str()).collect(), entry, by, true)
        }
        Part::Resource { entry, by } => {
            let entries = &statement.resource.as_ref()?.entries;
            (entries.iter().map(|entry| entry.as_str()).collect(), entry, by, true)
        }
        Part::Value { clause, entry, by } => {
            let clause = &statement.condition.clauses.get(*clause)?.value;
            let texts = clause.values.iter().map(|value| value.as_str()).collect();
            (texts, entry, by, has_wildcards(clause))
        }
        _ => return None,
    };
    let by = by.iter().filter_map(|at| texts.get(*at).copied()).collect();
    Some(Listed { own: texts.get(*entry)?, by, has_wildcards })
}

fn has_wildcards(clause: &Clause) -> bool {
    let base = clause.operator.base;
    base.family() == Family::Arn
        || matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike)
}

/// Whether an entry of a list is swallowed for every value, where how it is written tells.
fn as_written(statement: &Statement, part: &Part) -> Option<bool> {
    let Listed { own, by, has_wildcards } = listed(statement, part)?;
    let by_symbols = by.iter().any(|other| has_symbols(other));
    if !by_symbols && !has_symbols(own) {
        return Some(true);
    }
    let is_swallowed = |other: &&str| own == *other || (has_wildcards && is_within(own, other));
    if by.iter().any(is_swallowed) {
        return Some(true);
    }
    (by_symbols || !has_wildcards).then_some(false)
}

/// Whether what swallows an entry holds symbols.
fn rests_on_symbols(statement: &Statement, part: &Part) -> bool {
    listed(statement, part).is_some_and(|found| found.by.iter().any(|other| has_symbols(other)))
}

fn widened(statement: &Statement, part: &Part) -> Widened {
    let mut found = statement.clone();
    match part {
        Part::Unchecked(_) => return Widened::AsIs,
        Part::Action { entry, .. } => {
            let entries = found.action.as_mut().map(|element| &mut element.value.entries);
            if let Some(entry) = entries.and_then(|entries| entries.get_mut(*entry)) {
                entry.value = any_action(&entry.value);
            }
        }
        Part::Resource { entry, .. } => {
            let entries = found.resource.as_mut().map(|element| &mut element.value.entries);
            if let Some(entry) = entries.and_then(|entries| entries.get_mut(*entry)) {
                entry.value = any_resource(&entry.value);
            }
        }
        Part::Value { clause, entry, .. } => {
            if let Some(clause) = found.condition.clauses.get_mut(*clause) {
                let family = clause.value.operator.base.family();
                if let Some(value) = clause.value.values.get_mut(*entry) {
                    value.value = any_value(&value.value, family);
                }
            }
        }
        Part::NeverHolds { clause, .. } => return clauses(found, &[(*clause, Match::Most)]),
        Part::NeverFails { clause, .. } => return clauses(found, &[(*clause, Match::Least)]),
        Part::Contradiction { clauses: all } => {
            let all: Vec<_> = all.iter().map(|clause| (*clause, Match::Most)).collect();
            return clauses(found, &all);
        }
        Part::Implied { clause, by } => {
            let others = by.iter().map(|other| (*other, Match::Most));
            let all: Vec<_> = others.chain([(*clause, Match::Least)]).collect();
            return clauses(found, &all);
        }
    }
    Widened::To(Box::new(found))
}

/// A statement with some of its clauses at a bound.
fn clauses(mut statement: Statement, some: &[(usize, Match)]) -> Widened {
    let mut is_as_it_is = true;
    for (number, bound) in some {
        let Some(clause) = statement.condition.clauses.get_mut(*number) else { continue };
        if !clause_has_symbols(&clause.value) {
            continue;
        }
        is_as_it_is = false;
        match clause_at(&clause.value, *bound) {
            Some(found) => clause.value = found,
            None => return Widened::Unbounded,
        }
    }
    if is_as_it_is { Widened::AsIs } else { Widened::To(Box::new(statement)) }
}
