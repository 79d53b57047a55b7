//! A question about resources with its patterns laid out, from which the classes are made.

use std::sync::LazyLock;

use iamsure_core::decision::distinction;

use super::entry::{EntryForm, ResourceClause, ResourceEntry, rule_patterns};
use super::kind::asked_arns;
use super::one::{Beside, One, of_one};
use super::{ResourceClass, ResourceKind, ResourceQuestion};
use crate::bits::Bits;
use crate::budget::Budget;
use crate::class::readable;
use crate::class::text::{TextClass, TextPattern, text_classes};

/// The classes of ARNs that each list of the rules of combination alone tells apart. They depend on no policy, so
/// they are worked out once.
static OF_RULES: LazyLock<Vec<(Vec<String>, Vec<TextClass>)>> = LazyLock::new(|| {
    let classes = |list: Vec<String>| {
        let patterns = rule_patterns(&list);
        let found = text_classes(&[&patterns], Some(&ResourceKind::Any.every()), Budget::default());
        Some((list, found.ok()?))
    };
    distinction::of_all_resources().into_iter().filter_map(classes).collect()
});

/// How many causes of too much work are looked up as they are written.
const MAX_CAUSES: usize = 16;

/// A question with its patterns laid out: clauses, entries with variables, rules, what is asked about.
pub(crate) struct Asked<'a> {
    question: ResourceQuestion<'a>,
    patterns: Vec<Vec<TextPattern>>,
    every: Bits,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(question: ResourceQuestion<'a>) -> Self {
        let of_clause = |clause: &&ResourceClause| {
            let pattern = |entry: &ResourceEntry| match &entry.form {
                EntryForm::Arns(pattern) => Some(pattern.clone()),
                _ => None,
            };
            clause.entries.iter().filter_map(pattern).collect::<Vec<_>>()
        };
        let of_entry = |entry: &&ResourceEntry| match &entry.form {
            EntryForm::Relational(pattern, _) => vec![pattern.clone()],
            _ => Vec::new(),
        };
        let patterns = question
            .clauses
            .iter()
            .map(of_clause)
            .chain(question.relational.iter().map(of_entry))
            .chain(question.rules.iter().map(|list| rule_patterns(list)))
            .chain(question.asked.iter().map(|text| asked_arns(text)))
            .collect();
        let names_every = |clause: &&ResourceClause| {
            clause.entries.iter().any(|entry| entry.form == EntryForm::Every)
        };
        let every = question
            .clauses
            .iter()
            .enumerate()
            .filter(|(_, clause)| names_every(clause))
            .map(|(at, _)| at)
            .collect();
        Self { question, patterns, every }
    }

    /// The classes where nothing but one list of the rules of combination tells resources apart.
    pub(super) fn by_rule_alone(&self, kind: ResourceKind) -> Option<Vec<TextClass>> {
        let [rule] = self.question.rules else { return None };
        if kind != ResourceKind::Any || !self.question.asked.is_empty() {
            return None;
        }
        let clauses = self.question.clauses.len();
        if self.every.len() < clauses || !self.question.relational.is_empty() {
            return None;
        }
        let (_, classes) = OF_RULES.iter().find(|(known, _)| known == rule)?;
        let numbered = |class: &TextClass| TextClass {
            signature: class.signature.raised(clauses),
            ..class.clone()
        };
        Some(classes.iter().map(numbered).collect())
    }

    /// What matches everything tells nothing apart.
    pub(super) fn slices(&self) -> Vec<&[TextPattern]> {
        self.patterns
            .iter()
            .enumerate()
            .map(|(at, patterns)| if self.every.contains(at) { &[] } else { patterns.as_slice() })
            .collect()
    }

    /// What lists them, what may match them, what names them, and what was asked about and matches them.
    pub(super) fn split(&self, signature: &Bits) -> [Bits; 4] {
        let clauses = self.question.clauses.len();
        let entries = clauses + self.question.relational.len();
        let rules = entries + self.question.rules.len();
        let part = |from: usize, to: usize| -> Bits {
            signature.iter().filter(|bit| (from..to).contains(bit)).map(|bit| bit - from).collect()
        };
        [
            part(0, clauses).union(&self.every),
            part(clauses, entries),
            part(entries, rules),
            part(rules, self.patterns.len()),
        ]
    }

    /// A resource of a class that has this form, if there is one and it is found within the budget.
    pub(crate) fn one_of(
        &self,
        class: &ResourceClass,
        form: &TextPattern,
        budget: Budget,
    ) -> Option<String> {
        let found = text_classes(&self.slices(), Some(form), budget).ok()?;
        let mut own = found.into_iter().filter(|found| self.is_of(&found.witness, class));
        own.next().map(|found| found.witness)
    }

    /// The class of one resource.
    pub(crate) fn of_one(&self, text: &str) -> ResourceClass {
        of_one(self.question, self.beside(), text)
    }

    /// Whether a resource is of a class.
    pub(crate) fn is_of(&self, text: &str, class: &ResourceClass) -> bool {
        One::new(text).is_of(class, self.question, self.beside())
    }

    /// The patterns of the rules and of what is asked about.
    fn beside(&self) -> Beside<'_> {
        let entries = self.question.clauses.len() + self.question.relational.len();
        let all = self.patterns.get(entries..).unwrap_or_default();
        let (rules, asked) = all.split_at_checked(self.question.rules.len()).unwrap_or_default();
        Beside { rules, asked }
    }

    /// Readable witnesses: what a policy names, then examples, as far as [`readable`] goes.
    pub(super) fn prefer(
        &self,
        classes: &mut [ResourceClass],
        kind: ResourceKind,
        hints: &[String],
    ) {
        let patterns: usize = self.patterns.iter().map(Vec::len).sum();
        let tries = readable::tries(patterns);
        let named = self.patterns.iter().flatten().filter_map(TextPattern::only_text);
        let examples = self.patterns.iter().flatten().map(|pattern| pattern.example("example"));
        let mut settled: Vec<bool> = classes.iter().map(|class| class.is_all).collect();
        let texts = named.chain(hints.iter().cloned()).chain(examples);
        for text in texts.take(tries) {
            let is_one = iamsure_core::language::Arn::split(&text).is_some()
                && (kind == ResourceKind::Any || kind.every().matches(&text));
            if !is_one {
                continue;
            }
            let one = self.of_one(&text);
            for (class, settled) in classes.iter_mut().zip(&mut settled) {
                if !*settled && class.is_like(&one) {
                    class.witness.clone_from(&text);
                    *settled = true;
                }
            }
            if settled.iter().all(|settled| *settled) {
                break;
            }
        }
    }

    /// The entries as written, those of the named patterns first.
    pub(super) fn causes(&self, patterns: &[String]) -> Vec<String> {
        let entries = || self.question.clauses.iter().flat_map(|clause| &clause.entries);
        let mut causes: Vec<String> = Vec::new();
        // No more are named.
        for pattern in patterns.iter().take(MAX_CAUSES) {
            let text = entries()
                .find(|entry| matches!(&entry.form, EntryForm::Arns(known) if known.to_string() == *pattern))
                .map_or_else(|| pattern.clone(), |entry| entry.text.clone());
            if !causes.contains(&text) {
                causes.push(text);
            }
        }
        causes
    }
}
