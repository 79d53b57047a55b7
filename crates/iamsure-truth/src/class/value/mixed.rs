//! Values that are compared in more than one way: texts are looked for in every combination, and one for which none was
//! found is kept, without a witness.

use iamsure_core::language::condition::Family;
use rustc_hash::FxHashMap;

use super::asks::{Asks, is_named};
use super::{Domain, Search, ValueClass, ValueClasses};
use crate::bits::Bits;
use crate::budget::{Exceeded, TooComplex};
use crate::class::readable;
use crate::class::text::other_text;
use crate::clause::KeyClause;

impl Asks<'_> {
    pub(super) fn mixed(&self) -> Result<ValueClasses, TooComplex> {
        let Search { domain, split_empty, budget, .. } = self.search;
        let mut found = ValueClasses::default();
        let mut places: FxHashMap<(Bits, Bits), usize> = FxHashMap::default();
        let mut add =
            |text: Option<String>, several, key: (Bits, Bits), found: &mut ValueClasses| {
                let place = *places.entry(key).or_insert_with_key(|(matched, unreadable)| {
                    found.others.push(ValueClass {
                        matched: matched.clone(),
                        unreadable: unreadable.clone(),
                        witness: text.clone(),
                        several,
                    });
                    found.others.len() - 1
                });
                if let Some(class) = found.others.get_mut(place) {
                    class.several |= several || class.witness != text;
                }
            };
        // Where texts are only listed, each of them is looked at alone; otherwise examples are a help, and what
        // they do not show is a combination without a witness.
        let tries = match self.lists_texts_only() {
            true if self.patterns() > budget.classes => {
                return Err(self.too_complex(budget.classes));
            }
            true => usize::MAX,
            false => readable::tries(self.patterns()),
        };
        let typed = self.typed_witnesses();
        if typed.len() > budget.classes {
            return Err(self.too_complex(budget.classes));
        }
        let texts = if self.has_texts() { self.text_classes(None)? } else { Vec::new() };
        let other = other_text(|text| is_named(self.clauses, text));
        // A value of the domain is there even where every clause is about something else.
        let usual = domain.usual();
        let candidates = typed
            .iter()
            .cloned()
            .chain(usual.iter().map(|text| ((*text).to_owned(), domain != Domain::Boolean)))
            .chain(texts.iter().map(|class| (class.witness.clone(), class.several)))
            .chain(self.examples().take(tries).map(|text| (text, true)))
            .chain([(other, true)]);
        for (text, several) in candidates {
            if text.is_empty() && split_empty || !self.is_in_domain(&text) {
                continue;
            }
            let key = self.judge(&text);
            add(Some(text), several, key, &mut found);
        }
        found.empty = split_empty.then(|| self.of_empty()).flatten();
        let is_whole = domain == Domain::Boolean
            || !self.has_texts()
                && self.families().len() == 1
                && domain.family().is_none_or(|own| self.families() == [own]);
        if is_whole || self.lists_texts_only() {
            return Ok(found);
        }
        // Every combination of a class of texts and a cell that no candidate showed.
        let textual: Bits = self.numbered(KeyClause::is_textual);
        let mut cells: Vec<(Bits, Bits)> = Vec::new();
        for family in self.families() {
            let own: Bits = self.numbered(|clause| clause.operator.base.family() == family);
            let mut answers: Vec<(Bits, Bits)> = typed
                .iter()
                .map(|(text, _)| text.as_str())
                .chain(["not-a-value"])
                .map(|text| self.judge(text))
                .map(|(matched, unreadable)| {
                    (matched.intersection(&own), unreadable.intersection(&own))
                })
                .collect();
            answers.sort();
            answers.dedup();
            let before = if cells.is_empty() { vec![(Bits::new(), Bits::new())] } else { cells };
            cells = before
                .iter()
                .flat_map(|(m, u)| {
                    answers
                        .iter()
                        .map(move |(matched, unreadable)| (m.union(matched), u.union(unreadable)))
                })
                .collect();
            if cells.len() > budget.classes {
                return Err(self.too_complex(budget.classes));
            }
        }
        let mut text_answers: Vec<Bits> =
            texts.iter().map(|class| class.signature.intersection(&textual)).collect();
        if text_answers.is_empty() {
            text_answers.push(Bits::new());
        }
        if cells.len().saturating_mul(text_answers.len()) > budget.classes {
            return Err(self.too_complex(budget.classes));
        }
        for answer in &text_answers {
            for (matched, unreadable) in &cells {
                if domain.family().is_some_and(|family| self.all_unreadable(family, unreadable)) {
                    continue;
                }
                add(None, true, (answer.union(matched), unreadable.clone()), &mut found);
            }
        }
        Ok(found)
    }

    fn all_unreadable(&self, family: Family, unreadable: &Bits) -> bool {
        let own = self.numbered(|clause| clause.operator.base.family() == family);
        !own.is_empty() && own.is_subset(unreadable)
    }

    /// Whether the clauses about texts only list texts: then those are candidates themselves, and
    /// all other texts answer alike.
    fn lists_texts_only(&self) -> bool {
        self.families().len() == 1
            && self
                .clauses
                .iter()
                .flat_map(|clause| clause.patterns())
                .all(|pattern| pattern.only_text().is_some())
    }

    fn too_complex(&self, limit: usize) -> TooComplex {
        TooComplex {
            exceeded: Exceeded::Classes,
            limit,
            subject: "a value compared in several ways".to_owned(),
            because: self
                .clauses
                .iter()
                .flat_map(|clause| clause.values.iter().map(|value| value.text.clone()))
                .collect(),
        }
    }
}
