//! Classes of resources: ARNs that no Resource element tells apart, and `*`, the resource of an action
//! without resource types.

mod asked;
mod entry;
mod kind;
mod one;
#[cfg(test)]
mod tests;

use iamsure_core::language::Arn;
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use asked::Asked;
pub(crate) use entry::EntryForm;
pub(crate) use entry::pattern_of_parts;
pub use entry::{ResourceClause, ResourceEntry};
pub(crate) use one::{class_of_one, is_of_class};

use super::text::text_classes;
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};
pub use kind::ResourceKind;

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
    /// Whether it is the resource `*`.
    pub(crate) is_all: bool,
    /// Whether there is more than one.
    pub(crate) several: bool,
}

impl ResourceClass {
    /// Whether everything that is asked answers two classes alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.is_all, &self.listed, &self.possible, &self.rules)
            == (other.is_all, &other.listed, &other.possible, &other.rules)
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
    /// The only resources there are; all, if it is empty.
    pub(crate) only: &'a [String],
    /// Which there are.
    pub(crate) kind: ResourceKind,
    /// ARNs to prefer as witnesses.
    pub(crate) hints: &'a [String],
}

/// The classes of a few resources. One stands for all of its class, so that those of one class are of one form: what may be
/// done with it may be done with each.
fn classes_of_only(asked: &Asked<'_>, only: &[String]) -> Vec<ResourceClass> {
    let form = |text: &str| {
        let arn = Arn::split(text)?;
        let kind = arn.resource.find([':', '/']).and_then(|end| arn.resource.get(..end));
        let account = (!arn.account.is_empty()).then(|| arn.account.to_owned());
        Some((arn.service.to_owned(), kind.map(str::to_owned), account))
    };
    let mut known = FxHashSet::default();
    let mut classes: Vec<ResourceClass> = Vec::new();
    for text in only {
        let class = asked.of_one(text);
        let told_apart =
            (class.is_all, class.listed.clone(), class.possible.clone(), class.rules.clone());
        if known.insert((told_apart, form(text))) {
            classes.push(class);
        }
    }
    classes
}

/// The classes of resources that a question tells apart: `*` first.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn resource_classes(
    question: ResourceQuestion<'_>,
    budget: Budget,
) -> Result<Vec<ResourceClass>, TooComplex> {
    let asked = Asked::new(question);
    let mut classes: Vec<ResourceClass> = Vec::new();
    let mut places: FxHashMap<(bool, Bits, Bits, Bits), usize> = FxHashMap::default();
    let mut add = |class: ResourceClass| {
        let key = (class.is_all, class.listed.clone(), class.possible.clone(), class.rules.clone());
        if let Some(known) = places.get(&key).and_then(|place| classes.get_mut(*place)) {
            known.several = true;
        } else {
            places.insert(key, classes.len());
            classes.push(class);
        }
    };
    if !question.only.is_empty() {
        return Ok(classes_of_only(&asked, question.only));
    }
    if question.kind == ResourceKind::Any {
        add(asked.of_one("*"));
    }
    for entry in question.clauses.iter().flat_map(|clause| &clause.entries) {
        if entry.form == EntryForm::Symbol {
            add(asked.of_one(&entry.text));
        }
    }
    let all = question.kind.every();
    let found = match asked.by_rule_alone() {
        Some(known) => known,
        None => text_classes(&asked.slices(), Some(&all), budget).map_err(|error| {
            let because = asked.causes(&error.because).into();
            TooComplex { subject: "Resource".to_owned(), because, ..error }
        })?,
    };
    for class in found {
        let (listed, possible, rules) = asked.split(&class.signature);
        add(ResourceClass {
            witness: class.witness,
            listed,
            possible,
            rules,
            is_all: false,
            several: class.several,
        });
    }
    asked.prefer(&mut classes);
    Ok(classes)
}
