//! Entries of a list that the other entries swallow.

use std::collections::BTreeMap;
use std::sync::Arc;

use iamsure_core::language::condition::Family;
use iamsure_core::language::document::{ResourceElement, Sense};
use iamsure_core::language::resource::ResourceRules;
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{ActionPattern, Clause, PolicyType, Spanned};

use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};
use crate::class::action::text_pattern;
use crate::class::resource::{
    EntryForm, ResourceClause, ResourceEntry, ResourceKind, ResourceQuestion, ResourceRange,
    resource_classes,
};
use crate::class::text::{TextPattern, text_classes};
use crate::class::value::{Domain, Search, value_classes};
use crate::clause::{Form, KeyClause, Settled};

/// An entry by number, and the entries that swallow it.
pub(super) type Swallowed = (usize, Vec<usize>);

/// States of one subset construction: what is merely superfluous is not worth more.
const MAX_STATES: usize = 100_000;

/// Classes of one list.
const MAX_CLASSES: usize = 4_096;

/// What one list may cost.
pub(super) fn budget(budget: Budget) -> Budget {
    Budget {
        states: budget.states.min(MAX_STATES),
        classes: budget.classes.min(MAX_CLASSES),
        ..budget
    }
}

/// A list of entries, each with the texts that stand for what it matches.
struct List {
    /// For each class of what there is, the entries that match it.
    classes: Vec<Bits>,
    /// For each entry, what it is; entries that are the same match the same.
    likeness: Vec<String>,
    /// The entries that may swallow others beside such as are the same.
    exact: Bits,
}

impl List {
    fn swallowed(&self) -> Vec<Swallowed> {
        let count = self.likeness.len();
        let is_like = |one: usize, other: usize| {
            one != other && self.likeness.get(one) == self.likeness.get(other)
        };
        let matched = |entry: usize| self.classes.iter().filter(move |class| class.contains(entry));
        // The narrowest first, of those that are alike the last first.
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|entry| (matched(*entry).count(), std::cmp::Reverse(*entry)));
        let mut kept: Bits = (0..count).collect();
        let mut gone = Vec::new();
        for entry in order {
            let others: Bits = kept.iter().filter(|other| *other != entry).collect();
            let is_repeated = others.iter().any(|other| is_like(entry, other));
            let swallows = |class: &Bits| {
                class.iter().any(|other| others.contains(other) && self.exact.contains(other))
            };
            // What matches nothing is another finding.
            let is_within = matched(entry).next().is_some() && matched(entry).all(swallows);
            if is_repeated || is_within {
                kept = others;
                gone.push(entry);
            }
        }
        gone.sort_unstable();
        let by = |entry: usize| {
            if let Some(same) = kept.iter().find(|other| is_like(entry, *other)) {
                return vec![same];
            }
            let may = |other: &usize| kept.contains(*other) && self.exact.contains(*other);
            let mut left: Vec<&Bits> = matched(entry).collect();
            let mut by = Vec::new();
            while let Some(class) = left.first() {
                let count =
                    |other: &usize| left.iter().filter(|class| class.contains(*other)).count();
                let best = class
                    .iter()
                    .filter(may)
                    .max_by_key(|other| (count(other), std::cmp::Reverse(*other)));
                let Some(best) = best else { break };
                left.retain(|class| !class.contains(best));
                by.push(best);
            }
            by.sort_unstable();
            by
        };
        gone.into_iter().map(|entry| (entry, by(entry))).collect()
    }
}

/// Of the entries of Action or NotAction.
pub(super) fn actions(
    entries: &[Spanned<ActionPattern>],
    budget: Budget,
) -> Result<Vec<Swallowed>, TooComplex> {
    if let Some(every) = entries.iter().position(|entry| entry.is_every()) {
        let others = (0..entries.len()).filter(|entry| *entry != every);
        return Ok(others.map(|entry| (entry, vec![every])).collect());
    }
    // Patterns of different services have nothing in common.
    let mut services: BTreeMap<String, Vec<(usize, TextPattern)>> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        if let (Some((prefix, _)), Some(pattern)) = (entry.parts(), text_pattern(entry)) {
            services.entry(prefix.to_ascii_lowercase()).or_default().push((number, pattern));
        }
    }
    let mut found = Vec::new();
    for entries_of_one in services.into_values().filter(|entries| entries.len() > 1) {
        let numbers: Vec<usize> = entries_of_one.iter().map(|(number, _)| *number).collect();
        let likeness = numbers
            .iter()
            .filter_map(|number| entries.get(*number))
            .map(|entry| entry.as_str().to_ascii_lowercase())
            .collect();
        let slices: Vec<&[TextPattern]> =
            entries_of_one.iter().map(|(_, pattern)| std::slice::from_ref(pattern)).collect();
        let classes = text_classes(&slices, None, budget)?;
        let list = List {
            classes: classes.into_iter().map(|class| class.signature).collect(),
            likeness,
            exact: (0..numbers.len()).collect(),
        };
        let number = |place: usize| numbers.get(place).copied();
        found.extend(list.swallowed().into_iter().filter_map(|(entry, by)| {
            Some((number(entry)?, by.into_iter().filter_map(number).collect()))
        }));
    }
    found.sort_unstable();
    Ok(found)
}

/// Of the entries of Resource or NotResource.
pub(super) fn resources(
    element: &ResourceElement,
    kind: PolicyType,
    reading: Reading,
    settled: Settled<'_>,
    rules: ResourceRules,
    budget: Budget,
) -> Result<Vec<Swallowed>, TooComplex> {
    if element.entries.len() < 2 {
        return Ok(Vec::new());
    }
    let mut likeness = Vec::with_capacity(element.entries.len());
    let mut exact = Bits::new();
    let mut clauses = Vec::with_capacity(element.entries.len());
    for (number, entry) in element.entries.iter().enumerate() {
        let mut entry = ResourceEntry::new(entry, kind, reading, settled, rules);
        likeness.push(entry.text.clone());
        match entry.form {
            // Whatever its variables stand for, it matches no more than this. In NotResource one without a
            // value may matter of itself (Q3).
            EntryForm::Relational(pattern, _) if element.sense == Sense::OneOf => {
                entry.form = EntryForm::Arns(pattern);
            }
            EntryForm::Relational(..) | EntryForm::NoVariable => entry.form = EntryForm::Nothing,
            _ => exact.insert(number),
        }
        clauses.push(ResourceClause {
            sense: Sense::OneOf,
            entries: vec![entry],
            switches: *settled.switches,
        });
    }
    let borrowed: Vec<&ResourceClause> = clauses.iter().collect();
    let question = ResourceQuestion { clauses: &borrowed, relational: &[], rules: &[], asked: &[] };
    let every = ResourceRange::Every(ResourceKind::Any);
    let classes = resource_classes(question, every, &[], budget)?;
    let classes = classes.into_iter().map(|class| class.listed).collect();
    Ok(List { classes, likeness, exact }.swallowed())
}

/// Of the values of a condition.
pub(super) fn values(
    clause: &Clause,
    reading: Reading,
    settled: Settled<'_>,
    domain: Domain,
    budget: Budget,
) -> Result<Vec<Swallowed>, TooComplex> {
    if clause.values.len() < 2 || clause.operator.base.family() == Family::Null {
        return Ok(Vec::new());
    }
    if clause.values.len() > budget.classes {
        return Err(TooComplex {
            exceeded: Exceeded::Classes,
            limit: budget.classes,
            subject: clause.key.to_string(),
            because: Arc::default(),
        });
    }
    let mut likeness = Vec::with_capacity(clause.values.len());
    let mut exact = Bits::new();
    let mut each = Vec::with_capacity(clause.values.len());
    let mut alone = clause.clone();
    for (number, value) in clause.values.iter().enumerate() {
        alone.values = vec![value.clone()];
        let alone = KeyClause::new(&alone, reading, settled);
        if alone.values.iter().all(|value| matches!(value.form, Form::Text(_) | Form::Typed(_))) {
            exact.insert(number);
        }
        likeness.push(value.as_str().to_owned());
        each.push(alone);
    }
    let borrowed: Vec<&KeyClause> = each.iter().collect();
    let search = Search { domain, spells: domain, split_empty: true, hints: &[], budget };
    let found = value_classes(&borrowed, search)?;
    let classes = found.empty.into_iter().chain(found.others).map(|class| class.matched).collect();
    Ok(List { classes, likeness, exact }.swallowed())
}
