//! The request context of a denial.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::KeyState;

use super::super::field::Field;
use super::super::known::{self, Known};

/// The keys of a context, each once.
#[derive(Clone, Default)]
pub(super) struct Keys {
    pub(super) states: Vec<(ConditionKey, KeyState)>,
    pub(super) unclear: Vec<String>,
}

impl Keys {
    pub(super) fn read(&mut self, context: Option<Field<'_>>) {
        let Some(context) = context else { return };
        for member in context.members() {
            let name = member.key.value.as_str();
            let key = ConditionKey::new(name);
            if self.states.iter().any(|(known, _)| *known == key) {
                self.unclear.push(format!("`{name}` is there twice; the first is taken"));
                continue;
            }
            match known::captured(name, Field::new(context.source, &member.value)) {
                Known::State(state) => self.states.push((key, state)),
                Known::Split(state) => {
                    self.unclear.push(format!(
                        "{name} is a single string in the output and was split at its commas"
                    ));
                    self.states.push((key, state));
                }
                Known::Unclear(why) => self.unclear.push(format!("{name} skipped: {why}")),
            }
        }
    }

    /// Adds what is not there.
    pub(super) fn add(&mut self, other: Self) {
        for (key, state) in other.states {
            if !self.states.iter().any(|(known, _)| *known == key) {
                self.states.push((key, state));
            }
        }
        self.unclear.extend(other.unclear);
    }
}
