//! Which statements can match, by how the action and the resource of a request start.
//!
//! An entry can only match a text that starts with what stands before its first wildcard or variable. A
//! statement is therefore put under those heads of its actions, and there under those of its resources. What
//! cannot be said so stands under the empty head, which every text has: `*`, the negated elements, and entries
//! whose match a switch takes away from their text. The index only leaves out what cannot match; whether the
//! others do is judged as everywhere.

use std::collections::BTreeMap;

use super::heads::{Heads, common, least};
use crate::decision::statement::resource_rules;
use crate::language::document::{Sense, Statement};
use crate::language::resource::ResourcePattern;
use crate::language::source::Spanned;
use crate::language::variable::Reading;
use crate::world::switch::Switches;

/// Statements by heads of the action and of the resource.
#[derive(Clone, Debug)]
pub(super) struct Index {
    by_action: Heads<Heads<Vec<usize>>>,
}

/// An index in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexBuilder {
    by_action: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

/// Under how many pairs of heads one statement stands, unless one of its lists alone is longer.
const PLACES: usize = 16;

impl IndexBuilder {
    /// Adds `statement` as `number`.
    pub(super) fn add(
        &mut self,
        number: usize,
        statement: &Statement,
        reading: Reading,
        switches: &Switches,
    ) {
        let mut actions = action_heads(statement);
        let mut resources = resource_heads(statement, reading, switches);
        if actions.len().saturating_mul(resources.len()) > PLACES {
            if actions.len() < resources.len() {
                actions = vec![common(&actions)];
            } else {
                resources = vec![common(&resources)];
            }
        }
        for action in actions {
            let by_resource = self.by_action.entry(action).or_default();
            for resource in &resources {
                by_resource.entry(resource.clone()).or_default().push(number);
            }
        }
    }

    pub(super) fn finish(self) -> Index {
        let by_action = self
            .by_action
            .into_iter()
            .map(|(action, by_resource)| (action, Heads::new(by_resource)))
            .collect();
        Index { by_action: Heads::new(by_action) }
    }
}

impl Index {
    /// The numbers of the statements that may match, each once, in no order. `action` is in lower case.
    pub(super) fn candidates(&self, action: &str, resource: &str) -> impl Iterator<Item = usize> {
        self.by_action
            .of(action)
            .flat_map(move |by_resource| by_resource.of(resource))
            .flatten()
            .copied()
    }
}

/// What the actions that a statement may be about start with, in lower case; none if it is about none.
fn action_heads(statement: &Statement) -> Vec<String> {
    let Some(element) = &statement.action else { return Vec::new() };
    if element.sense == Sense::NoneOf {
        return vec![String::new()];
    }
    least(element.entries.iter().filter_map(|entry| entry.folded_head()).collect())
}

/// What the resources that a statement may be about start with.
fn resource_heads(statement: &Statement, reading: Reading, switches: &Switches) -> Vec<String> {
    let rules = resource_rules(switches);
    match &statement.resource {
        Some(element) if element.sense == Sense::OneOf => {
            let head =
                |entry: &Spanned<ResourcePattern>| entry.literal_start(reading, rules).collect();
            least(element.entries.iter().map(head).collect())
        }
        _ => vec![String::new()],
    }
}
