//! Policies with symbols where one of their statements matches.
//!
//! A request that a statement matches tells something of the values: an entry that matches it is matched wherever it is
//! written, and so is every entry that begins as it does and ends in `*`. The rest stays between its bounds.

use iamsure_core::language::condition::Clause;
use iamsure_core::language::document::{
    ActionElement, PrincipalElement, PrincipalEntry, ResourceElement, Sense, Statement,
};
use iamsure_core::language::{ActionPattern, ResourcePattern, Spanned};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

use super::{Bounds, Match, Open};

/// The ways in which a statement may match, at most.
const MAX_WAYS: usize = 16;

/// What is known of the values where a statement matches in one way.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The entry of each element by which it does, if that has symbols.
    by: [Option<String>; 3],
    /// The entries with symbols that do not match: those that an element excludes.
    not: [Vec<String>; 3],
    /// The clauses with symbols that hold.
    clauses: Vec<Clause>,
}

/// The bounds of policies where a statement matches, for each way in which it does: there the statement has no symbols
/// left. `None` if there are too many ways.
pub(crate) fn bounds_where_matching(policies: &PolicySet, id: StatementId) -> Option<Vec<Bounds>> {
    let (_, statement) = policies.statement(id)?;
    let open = Open::default();
    let mut ways = vec![Known::default()];
    let clauses = statement.condition.clauses.iter().map(|clause| &clause.value);
    let held: Vec<Clause> = clauses.filter(|clause| open.is_in_clause(clause)).cloned().collect();
    for (element, (sense, texts)) in elements(statement).into_iter().enumerate() {
        let (symbolic, literal): (Vec<&str>, Vec<&str>) =
            texts.into_iter().partition(|text| open.is_in(text));
        let mut found = Vec::new();
        for way in ways {
            if sense == Sense::NoneOf || symbolic.is_empty() {
                let mut way = way;
                if let Some(not) = way.not.get_mut(element) {
                    not.extend(symbolic.iter().map(|text| (*text).to_owned()));
                }
                found.push(way);
                continue;
            }
            let by_literal = (!literal.is_empty()).then_some(None);
            for by in symbolic.iter().map(|text| Some((*text).to_owned())).chain(by_literal) {
                let mut way = way.clone();
                if let Some(slot) = way.by.get_mut(element) {
                    *slot = by;
                }
                found.push(way);
            }
        }
        ways = found;
        if ways.len() > MAX_WAYS {
            return None;
        }
    }
    let bounds = |way: Known| {
        let known = Known { clauses: held.clone(), ..way };
        let mut policies = policies.clone();
        let all: Vec<StatementId> = policies.statements().map(|(id, ..)| id).collect();
        for other in all {
            if let Some(found) = policies.statement_mut(other) {
                known.settle(&mut found.value, other == id, &open);
            }
        }
        Bounds::of(&policies, "").unwrap_or_else(|| Bounds {
            most: policies.clone(),
            least: policies,
            symbols: std::collections::BTreeSet::new(),
        })
    };
    Some(ways.into_iter().map(bounds).collect())
}

/// The texts of Action, Resource and Principal, in the order of [`Known`].
fn elements(statement: &Statement) -> [(Sense, Vec<&str>); 3] {
    let action = statement
        .action
        .as_ref()
        .map(|found| (found.sense, found.entries.iter().map(|entry| entry.as_str()).collect()));
    let resource = statement
        .resource
        .as_ref()
        .map(|found| (found.sense, found.entries.iter().map(|entry| entry.as_str()).collect()));
    let principal = statement
        .principal
        .as_ref()
        .map(|found| (found.sense, found.entries.iter().map(|entry| entry.as_str()).collect()));
    [action, resource, principal].map(|found| found.unwrap_or((Sense::OneOf, Vec::new())))
}

impl Known {
    /// Puts what is known into a statement; `is_own` says whether it is the one that matches.
    fn settle(&self, statement: &mut Statement, is_own: bool, open: &Open<'_>) {
        let mut never = false;
        if let Some(element) = &mut statement.action {
            let ActionElement { sense, entries } = &mut element.value;
            let any = |text: &str| open.any_action(text);
            never |= self.entries(0, (sense, entries), (is_own, open), ActionPattern::as_str, any);
        }
        if let Some(element) = &mut statement.resource {
            let ResourceElement { sense, entries } = &mut element.value;
            let any = |text: &str| ResourcePattern::new(open.any_resource(text));
            never |=
                self.entries(1, (sense, entries), (is_own, open), ResourcePattern::as_str, any);
        }
        if let Some(element) = &mut statement.principal {
            let PrincipalElement { sense, entries } = &mut element.value;
            let any = |_: &str| PrincipalEntry::Everyone;
            never |= self.entries(2, (sense, entries), (is_own, open), PrincipalEntry::as_str, any);
        }
        statement.condition.clauses.retain_mut(|clause| {
            let is_same = |known: &Clause| says(known) == says(&clause.value);
            if !self.clauses.iter().any(is_same) {
                return true;
            }
            // Where only "always" bounds it, it holds.
            open.clause(&mut clause.value, Match::Most).is_some()
        });
        // A statement without its action never matches (T-7).
        if never {
            statement.action = None;
        }
    }

    /// Puts it into the entries of an element; whether none is left that could match.
    fn entries<T>(
        &self,
        element: usize,
        (sense, entries): (&mut Sense, &mut Vec<Spanned<T>>),
        (is_own, open): (bool, &Open<'_>),
        text: impl Fn(&T) -> &str,
        any: impl Fn(&str) -> T,
    ) -> bool {
        let Some(span) = entries.first().map(|entry| entry.span) else { return false };
        let by = self.by.get(element).and_then(Option::as_deref);
        let not = self.not.get(element).map(Vec::as_slice).unwrap_or_default();
        entries.retain(|entry| {
            let text = text(&entry.value);
            let is_way = match by {
                _ if !is_own || *sense == Sense::NoneOf => true,
                Some(by) => text == by,
                None => !open.is_in(text),
            };
            is_way && !not.iter().any(|known| known == text)
        });
        for entry in entries.iter_mut() {
            let own = text(&entry.value);
            if by.is_some_and(|by| is_within(by, own)) && open.is_in(own) {
                entry.value = any(own);
            }
        }
        let is_empty = entries.is_empty();
        // What excludes nothing matches everything.
        if is_empty && *sense == Sense::NoneOf {
            *sense = Sense::OneOf;
            entries.push(Spanned::new(any("*"), span));
            return false;
        }
        is_empty
    }
}

/// Whether an entry matches whatever another does, as both are written.
pub(crate) fn is_within(one: &str, other: &str) -> bool {
    one == other || other.strip_suffix('*').is_some_and(|start| one.starts_with(start))
}

/// What a clause says, wherever it is written.
fn says(clause: &Clause) -> (String, String, Vec<&str>) {
    let values = clause.values.iter().map(|value| value.as_str()).collect();
    (clause.operator.value.to_string(), clause.key.value.to_string(), values)
}
