//! Classes of resources: ARNs that no Resource element tells apart, and `*`, the resource of an action
//! without resource types.

mod ask;
mod asked;
mod entry;
mod kind;
mod one;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use iamsure_core::language::Arn;
use rustc_hash::{FxHashMap, FxHashSet};

pub use ask::{NotAResource, check_resource};
pub(crate) use asked::Asked;
pub(crate) use entry::EntryForm;
pub(crate) use entry::pattern_of_parts;
pub use entry::{ResourceClause, ResourceEntry};
pub(crate) use one::{class_of_one, is_of_class};

use super::text::text_classes;
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};
pub use kind::{ResourceKind, ResourceRange, is_resource_pattern};

/// Resources that everything asked about resources answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceClass {
    /// One of them.
    pub(crate) witness: String,
    /// The clauses of which some entry without variables matches.
    pub(crate) listed: Bits,
    /// The entries with variables, by number, that could match.
    pub(crate) possible: Bits,
    /// The lists of the rules of combination that name them.
    pub(crate) rules: Bits,
    /// The patterns that were asked about and match them.
    pub(crate) asked: Bits,
    /// Whether it is the resource `*`.
    pub(crate) is_all: bool,
    /// Whether there is more than one.
    pub(crate) several: bool,
}

impl ResourceClass {
    const fn told_apart(&self) -> (bool, [&Bits; 4]) {
        (self.is_all, [&self.listed, &self.possible, &self.rules, &self.asked])
    }

    /// Whether everything that is asked answers two classes alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.told_apart() == other.told_apart()
    }
}

/// What resources are told apart by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResourceQuestion<'a> {
    /// The elements.
    pub(crate) clauses: &'a [&'a ResourceClause],
    /// The entries with variables among them, each once.
    pub(crate) relational: &'a [&'a ResourceEntry],
    /// The lists of the rules of combination.
    pub(crate) rules: &'a [Vec<String>],
    /// What was asked about, if patterns were: each is told apart.
    pub(crate) asked: &'a [String],
}

/// The classes of a few resources. One stands for all of its class, so that those of one class are of one form: what may be
/// done with it may be done with each.
fn classes_of_named<'a>(
    asked: &Asked<'_>,
    names: impl Iterator<Item = &'a str>,
) -> Vec<ResourceClass> {
    let form = |text: &str| {
        let arn = Arn::split(text)?;
        let kind = arn.resource.find([':', '/']).and_then(|end| arn.resource.get(..end));
        let account = (!arn.account.is_empty()).then(|| arn.account.to_owned());
        Some((arn.service.to_owned(), kind.map(str::to_owned), account))
    };
    let mut known = FxHashSet::default();
    let mut classes: Vec<ResourceClass> = Vec::new();
    for text in names {
        let class = asked.of_one(text);
        let (is_all, told_apart) = class.told_apart();
        if known.insert((is_all, told_apart.map(Clone::clone), form(text))) {
            classes.push(class);
        }
    }
    classes
}

/// The classes of resources in a range that a question tells apart: `*` first. `hints` are ARNs to prefer as witnesses.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn resource_classes(
    question: ResourceQuestion<'_>,
    range: ResourceRange<'_>,
    hints: &[String],
    budget: Budget,
) -> Result<Vec<ResourceClass>, TooComplex> {
    let asked = Asked::new(question);
    let kind = match range {
        ResourceRange::One(name) => return Ok(classes_of_named(&asked, std::iter::once(name))),
        ResourceRange::Of(names) if question.asked.is_empty() => {
            return Ok(classes_of_named(&asked, names.iter().map(String::as_str)));
        }
        ResourceRange::Of(_) => ResourceKind::Any,
        ResourceRange::Every(kind) => kind,
    };
    let mut classes: Vec<ResourceClass> = Vec::new();
    let mut places: FxHashMap<(bool, [Bits; 4]), usize> = FxHashMap::default();
    let mut add = |class: ResourceClass| {
        let (is_all, told_apart) = class.told_apart();
        let key = (is_all, told_apart.map(Clone::clone));
        if let Some(known) = places.get(&key).and_then(|place| classes.get_mut(*place)) {
            known.several = true;
        } else {
            places.insert(key, classes.len());
            classes.push(class);
        }
    };
    let is_asked = |class: &ResourceClass| !range.is_given() || !class.asked.is_empty();
    let symbols = (question.clauses.iter().flat_map(|clause| &clause.entries))
        .filter(|entry| entry.form == EntryForm::Symbol)
        .map(|entry| entry.text.as_str());
    let named = question.asked.iter().map(String::as_str);
    let no_arns = named.filter(|text| !is_resource_pattern(text) && Arn::split(text).is_none());
    let no_resource = (kind == ResourceKind::Any).then_some("*");
    let beside: BTreeSet<&str> = no_resource.into_iter().chain(symbols).chain(no_arns).collect();
    for text in beside {
        let class = asked.of_one(text);
        if is_asked(&class) {
            add(class);
        }
    }
    let all = kind.every();
    let found = match asked.by_rule_alone(kind) {
        Some(known) => known,
        None => text_classes(&asked.slices(), Some(&all), budget).map_err(|error| {
            let because = asked.causes(&error.because).into();
            TooComplex { subject: "Resource".to_owned(), because, ..error }
        })?,
    };
    for class in found {
        let [listed, possible, rules, matched] = asked.split(&class.signature);
        let class = ResourceClass {
            witness: class.witness,
            listed,
            possible,
            rules,
            asked: matched,
            is_all: false,
            several: class.several,
        };
        if is_asked(&class) {
            add(class);
        }
    }
    asked.prefer(&mut classes, kind, hints);
    Ok(classes)
}
