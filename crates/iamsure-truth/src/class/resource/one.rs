//! One resource, held against what is asked.

use super::entry::{EntryForm, ResourceClause, ResourceEntry, rule_patterns};
use super::kind::asked_arns;
use super::{ResourceClass, ResourceQuestion};
use crate::bits::Bits;
use crate::class::text::TextPattern;

/// The class of one resource.
pub(crate) fn class_of_one(question: ResourceQuestion<'_>, resource: &str) -> ResourceClass {
    let (rules, asked) = patterns_beside(question);
    of_one(question, Beside { rules: &rules, asked: &asked }, resource)
}

/// What resources are told apart by beside the entries, as patterns.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    /// The lists of the rules.
    pub(super) rules: &'a [Vec<TextPattern>],
    /// What is asked about.
    pub(super) asked: &'a [Vec<TextPattern>],
}

type Lists = Vec<Vec<TextPattern>>;

fn patterns_beside(question: ResourceQuestion<'_>) -> (Lists, Lists) {
    let rules = question.rules.iter().map(|list| rule_patterns(list)).collect();
    let asked = question.asked.iter().map(|text| asked_arns(text)).collect();
    (rules, asked)
}

/// The class of one resource, with all but the entries as patterns.
pub(super) fn of_one(
    question: ResourceQuestion<'_>,
    beside: Beside<'_>,
    resource: &str,
) -> ResourceClass {
    let one = One::new(resource);
    let numbers = |held: &mut dyn Iterator<Item = bool>| -> Bits {
        held.enumerate().filter(|(_, holds)| *holds).map(|(at, _)| at).collect()
    };
    ResourceClass {
        witness: resource.to_owned(),
        listed: numbers(&mut question.clauses.iter().map(|clause| one.is_listed(clause))),
        possible: numbers(&mut question.relational.iter().map(|entry| one.may_match(entry))),
        rules: numbers(&mut beside.rules.iter().map(|list| one.matches_any(list))),
        asked: numbers(
            &mut question.asked.iter().zip(beside.asked).map(|asked| one.is_asked(asked)),
        ),
        is_all: one.is_all,
        several: false,
    }
}

/// One resource, held against what is asked.
#[derive(Clone, Copy)]
pub(super) struct One<'a> {
    resource: &'a str,
    is_all: bool,
}

impl<'a> One<'a> {
    pub(super) fn new(resource: &'a str) -> Self {
        Self { resource, is_all: resource == "*" }
    }

    fn matches(self, pattern: &TextPattern) -> bool {
        !self.is_all && pattern.matches(self.resource)
    }

    fn matches_any(self, list: &[TextPattern]) -> bool {
        list.iter().any(|pattern| self.matches(pattern))
    }

    /// Whether it is what was asked about: `*` by its name alone.
    fn is_asked(self, (text, patterns): (&String, &Vec<TextPattern>)) -> bool {
        if self.is_all { text == self.resource } else { self.matches_any(patterns) }
    }

    fn is_listed(self, clause: &ResourceClause) -> bool {
        clause.entries.iter().any(|entry| match &entry.form {
            EntryForm::Every => true,
            EntryForm::Symbol => entry.text == self.resource,
            EntryForm::Arns(pattern) => self.matches(pattern) || self.is_all && entry.matches_all,
            EntryForm::Relational(..) | EntryForm::NoVariable | EntryForm::Nothing => {
                self.is_all && entry.matches_all
            }
        })
    }

    fn may_match(self, entry: &ResourceEntry) -> bool {
        match &entry.form {
            EntryForm::Relational(pattern, _) => self.matches(pattern),
            _ => false,
        }
    }

    /// Whether it is of a class: [`of_one`] is [like](ResourceClass::is_like) it. What the class is listed by comes first:
    /// most resources are told by that alone.
    pub(super) fn is_of(
        self,
        class: &ResourceClass,
        question: ResourceQuestion<'_>,
        beside: Beside<'_>,
    ) -> bool {
        let listing = class.listed.iter().filter_map(|at| question.clauses.get(at));
        let others = || question.clauses.iter().enumerate();
        self.is_all == class.is_all
            && listing.into_iter().all(|clause| self.is_listed(clause))
            && others().all(|(at, clause)| class.listed.contains(at) || !self.is_listed(clause))
            && (question.relational.iter().enumerate())
                .all(|(at, entry)| self.may_match(entry) == class.possible.contains(at))
            && (beside.rules.iter().enumerate())
                .all(|(at, list)| self.matches_any(list) == class.rules.contains(at))
            && (question.asked.iter().zip(beside.asked).enumerate())
                .all(|(at, asked)| self.is_asked(asked) == class.asked.contains(at))
    }
}

/// Whether a resource is of a class, asked about many resources.
pub(crate) fn is_of_class<'a>(
    question: ResourceQuestion<'a>,
    class: &'a ResourceClass,
) -> impl Fn(&str) -> bool + 'a {
    let (rules, asked) = patterns_beside(question);
    move |resource| {
        let beside = Beside { rules: &rules, asked: &asked };
        One::new(resource).is_of(class, question, beside)
    }
}
