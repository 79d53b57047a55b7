//! Parts of statements that say nothing: conditions that never hold, never fail or follow from others,
//! and entries of a list that the other entries swallow.
//!
//! Each part is looked at within its own statement, over the classes that its element is made of. What
//! is reported of one list, or of one statement's conditions, can all be taken away at once: the
//! statement matches the same requests.
//!
//! A value with policy variables is said to be swallowed only by the same value written twice, and a
//! condition that has one is not looked at as a whole: what it matches depends on the request.

mod condition;
mod every_value;
mod list;

use iamsure_core::decision::statement::resource_rules;
use iamsure_core::language::document::{PolicyDocument, Statement};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{Context, KeyState, PolicySet, Switch};

use crate::clause::{KeyClause, Settled};
use crate::dependence::alternatives;
use crate::setting::Setting;

/// What says nothing in these policies.
#[derive(Clone, Debug)]
pub struct RedundancyQuery<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// The choices where AWS is silent, and how much work one element may take. What is known of the
    /// request beside is not looked at.
    pub setting: &'a Setting,
}

/// A part of a statement that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needless {
    /// The statement.
    pub statement: StatementId,
    /// The part, and why it says nothing.
    pub part: Part,
}

/// Which part, and why. Numbers are places in the lists of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The condition holds in no request, so the statement matches none.
    NeverHolds {
        /// The condition.
        clause: usize,
        /// What it says of each kind of state of its key.
        row: Row,
    },
    /// The condition holds in every request.
    NeverFails {
        /// The condition.
        clause: usize,
        /// What it says of each kind of state of its key.
        row: Row,
    },
    /// No request meets all these conditions on one key, though each can be met.
    Contradiction {
        /// The conditions.
        clauses: Vec<usize>,
    },
    /// The condition holds wherever these others of the statement do.
    Implied {
        /// The condition.
        clause: usize,
        /// The others.
        by: Vec<usize>,
    },
    /// A value of a condition matches nothing but what these others match.
    Value {
        /// The condition.
        clause: usize,
        /// The value.
        entry: usize,
        /// The others.
        by: Vec<usize>,
    },
    /// An entry of Action or NotAction matches nothing but what these others match.
    Action {
        /// The entry.
        entry: usize,
        /// The others.
        by: Vec<usize>,
    },
    /// An entry of Resource or NotResource matches nothing but what these others match.
    Resource {
        /// The entry.
        entry: usize,
        /// The others.
        by: Vec<usize>,
    },
    /// Too much for an exact answer: nothing is said of the element.
    Unchecked(Element),
}

impl Part {
    /// Whether the statement matches no request because of it.
    pub const fn silences(&self) -> bool {
        matches!(self, Self::NeverHolds { .. } | Self::Contradiction { .. })
    }

    /// Whether the same is said of the same part, whatever shows it.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NeverHolds { clause: one, .. }, Self::NeverHolds { clause: other, .. })
            | (Self::NeverFails { clause: one, .. }, Self::NeverFails { clause: other, .. })
            | (Self::Implied { clause: one, .. }, Self::Implied { clause: other, .. })
            | (Self::Action { entry: one, .. }, Self::Action { entry: other, .. })
            | (Self::Resource { entry: one, .. }, Self::Resource { entry: other, .. }) => {
                one == other
            }
            (
                Self::Value { clause: one, entry, .. },
                Self::Value { clause: other, entry: same, .. },
            ) => (one, entry) == (other, same),
            _ => self == other,
        }
    }
}

/// An element of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Action or NotAction.
    Action,
    /// Resource or NotResource.
    Resource,
    /// The condition with this number.
    Clause(usize),
}

/// States of a key, one of each class up to a few, none of which a condition tells from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The states.
    pub states: Vec<KeyState>,
    /// Whether there are more classes.
    pub more: bool,
}

impl RedundancyQuery<'_> {
    /// Every part that says nothing, in the order of the policies.
    pub fn answer(&self) -> Vec<Needless> {
        let clauses: Vec<(StatementId, Vec<KeyClause>)> = self
            .policies
            .statements()
            .map(|(id, document, statement)| (id, self.clauses(document, statement)))
            .collect();
        let about: Vec<&KeyClause> = clauses.iter().flat_map(|(_, clauses)| clauses).collect();
        let natures = condition::Natures::new(self.policies, self.setting, &about);
        let mut found = Vec::new();
        for ((_, document, statement), (id, clauses)) in self.policies.statements().zip(&clauses) {
            let mut add = |part| found.push(Needless { statement: *id, part });
            self.lists(document, statement, &natures, &mut add);
            condition::check(clauses, &natures, &mut add);
        }
        found
    }

    /// For each of the parts that were found, by number, the choices where AWS is silent with which it is none.
    pub fn dependent(&self, found: &[Needless]) -> Vec<(usize, Switch, &'static str)> {
        let mut dependent = Vec::new();
        if found.is_empty() {
            return dependent;
        }
        for (switch, choice, switches) in alternatives(self.policies, &self.setting.switches) {
            let setting = Setting { switches, ..self.setting.clone() };
            let other = RedundancyQuery { policies: self.policies, setting: &setting }.answer();
            for (number, needless) in found.iter().enumerate() {
                let is_so = |known: &Needless| {
                    known.statement == needless.statement && known.part.is_like(&needless.part)
                };
                if !other.iter().any(is_so) {
                    dependent.push((number, switch, choice));
                }
            }
        }
        dependent
    }

    fn settled<'a>(&'a self, context: &'a Context) -> Settled<'a> {
        Settled { context, switches: &self.setting.switches }
    }

    fn clauses(&self, document: &PolicyDocument, statement: &Statement) -> Vec<KeyClause> {
        let open = Context::open();
        let reading = document.reading(self.setting.switches.is_alternative(Switch::Q1));
        let clauses = statement.condition.clauses.iter();
        clauses.map(|clause| KeyClause::new(clause, reading, self.settled(&open))).collect()
    }

    fn lists(
        &self,
        document: &PolicyDocument,
        statement: &Statement,
        natures: &condition::Natures,
        add: &mut impl FnMut(Part),
    ) {
        let switches = &self.setting.switches;
        let open = Context::open();
        let reading = document.reading(switches.is_alternative(Switch::Q1));
        let (settled, budget) = (self.settled(&open), list::budget(self.setting.budget));
        if let Some(element) = &statement.action {
            match list::actions(&element.entries, budget) {
                Ok(swallowed) => {
                    for (entry, by) in swallowed {
                        add(Part::Action { entry, by });
                    }
                }
                Err(_) => add(Part::Unchecked(Element::Action)),
            }
        }
        if let Some(element) = &statement.resource {
            let rules = resource_rules(switches);
            match list::resources(element, document.kind, reading, settled, rules, budget) {
                Ok(swallowed) => {
                    for (entry, by) in swallowed {
                        add(Part::Resource { entry, by });
                    }
                }
                Err(_) => add(Part::Unchecked(Element::Resource)),
            }
        }
        for (number, clause) in statement.condition.clauses.iter().enumerate() {
            let domain = natures.domain(&clause.key);
            match list::values(clause, reading, settled, domain, budget) {
                Ok(swallowed) => swallowed
                    .into_iter()
                    .for_each(|(entry, by)| add(Part::Value { clause: number, entry, by })),
                Err(_) => add(Part::Unchecked(Element::Clause(number))),
            }
        }
    }
}

#[cfg(test)]
mod tests;
