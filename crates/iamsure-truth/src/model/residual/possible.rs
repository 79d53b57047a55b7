//! What can be at all: the worlds of the scope, and what bare equalities rule out.

use iamsure_core::language::ConditionKey;
use iamsure_core::language::condition::Family;
use iamsure_core::world::KeyState;

use super::{Builder, Classes, Subject};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::clause::KeyClause;
use crate::diagram::{Diagram, Function, TRUE};
use crate::relation::{Relation, bare_equality};

impl Builder<'_, '_> {
    /// What can be at all: one of the worlds, and what bare equality asks.
    pub(super) fn possible(&self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        let mut all = self.some_world(diagram)?;
        for (place, subject) in self.subjects.iter().enumerate() {
            let Subject::Relation(relation @ Relation::Value { key, .. }) = &subject.subject else {
                continue;
            };
            let Some(clause) = self
                .clauses_about(key)
                .find(|clause| clause.is_relational() && Relation::of_value(clause) == *relation)
            else {
                continue;
            };
            let Some(other) = bare_equality(clause) else { continue };
            let (Some(one), Some(two)) =
                (self.place(&Subject::Key(key.clone())), self.place(&Subject::Key(other.clone())))
            else {
                continue;
            };
            let consistent = self.equality(diagram, place, one, two)?;
            all = diagram.and(all, consistent)?;
        }
        Ok(all)
    }

    fn clauses_about(&self, key: &ConditionKey) -> impl Iterator<Item = &KeyClause> {
        self.subjects
            .iter()
            .filter(move |subject| subject.subject == Subject::Key(key.clone()))
            .flat_map(|subject| match &subject.classes {
                Classes::States { clauses, own, .. } => clauses.get(..*own).unwrap_or_default(),
                _ => &[],
            })
    }

    /// Equal values are of one class; different ones of two, or of one that has several.
    fn equality(
        &self,
        diagram: &mut Diagram,
        relation: usize,
        one: usize,
        two: usize,
    ) -> Result<Function, TooComplex> {
        let (Some(first), Some(second)) = (self.signatures(one), self.signatures(two)) else {
            return Ok(TRUE);
        };
        let yes = diagram.among(relation, &std::iter::once(1).collect())?;
        if one == two {
            // A value always equals itself.
            let valued: Bits = first
                .iter()
                .enumerate()
                .filter(|(_, value)| value.is_some())
                .map(|(at, _)| at)
                .collect();
            let valued = diagram.among(one, &valued)?;
            return diagram.choose(valued, yes, TRUE);
        }
        let mut bad = Vec::new();
        let no = diagram.not(yes)?;
        for (at, signature) in first.iter().enumerate() {
            let Some((signature, several)) = signature else { continue };
            let own = diagram.among(one, &std::iter::once(at).collect())?;
            let same: Bits = second
                .iter()
                .enumerate()
                .filter(|(_, other)| other.as_ref().is_some_and(|(other, _)| other == signature))
                .map(|(at, _)| at)
                .collect();
            let valued: Bits = second
                .iter()
                .enumerate()
                .filter(|(_, other)| other.is_some())
                .map(|(at, _)| at)
                .collect();
            let equal = diagram.among(two, &same)?;
            let different = diagram.among(two, &valued.difference(&same))?;
            let wrong_yes = diagram.and(different, yes)?;
            let mut wrong = wrong_yes;
            if !several {
                let wrong_no = diagram.and(equal, no)?;
                wrong = diagram.or(wrong, wrong_no)?;
            }
            bad.push(diagram.and(own, wrong)?);
        }
        let bad = diagram.any(&bad)?;
        diagram.not(bad)
    }

    /// For each class of a key's states, the clauses about texts that its value matches, as
    /// [`beside`] orders them, and whether it has several values; `None` where there is no value.
    #[expect(clippy::type_complexity, reason = "read once, two lines below")]
    fn signatures(&self, place: usize) -> Option<Vec<Option<(Vec<KeyClause>, bool)>>> {
        let Some(Classes::States { classes, clauses, .. }) =
            self.subjects.get(place).map(|subject| &subject.classes)
        else {
            return None;
        };
        if clauses.iter().any(|clause| {
            !clause.is_textual()
                && !clause.values.is_empty()
                && clause.operator.base.family() != Family::Null
        }) {
            // Numbers, dates and addresses have more than one spelling: left free.
            return None;
        }
        let signature = |number: usize| {
            let value = classes.values.get(number)?;
            let mut matched: Vec<KeyClause> =
                value.matched.iter().filter_map(|at| clauses.get(at)).map(anonymous).collect();
            matched.sort_unstable();
            matched.dedup();
            Some((matched, value.several))
        };
        Some(classes.states.iter().map(|class| class.value.and_then(signature)).collect())
    }

    /// One of the worlds of the scope holds.
    fn some_world(&self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        if self.scope.worlds.len() < 2 {
            return Ok(TRUE);
        }
        let mut worlds = Vec::with_capacity(self.scope.worlds.len());
        for world in self.scope.worlds {
            let mut all = TRUE;
            for (place, subject) in self.subjects.iter().enumerate().rev() {
                let (Subject::Key(key), Classes::States { classes, .. }) =
                    (&subject.subject, &subject.classes)
                else {
                    continue;
                };
                let state = world.state(key);
                if *state == KeyState::Unknown {
                    continue;
                }
                let is: Bits = classes
                    .states
                    .iter()
                    .enumerate()
                    .filter(|(_, class)| class.witness.as_ref() == Some(state))
                    .map(|(at, _)| at)
                    .collect();
                let is = diagram.among(place, &is)?;
                all = diagram.and(is, all)?;
            }
            worlds.push(all);
        }
        diagram.any(&worlds)
    }
}

/// A clause without the key it is about: what it asks of a value.
fn anonymous(clause: &KeyClause) -> KeyClause {
    KeyClause { key: ConditionKey::new(""), ..clause.clone() }
}
