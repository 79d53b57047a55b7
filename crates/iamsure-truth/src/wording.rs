//! Which words to choose for a set of classes.
//!
//! A cell of a table is a set of classes. What can be said about classes are *literals*: a clause
//! matches, or does not. A set is put as the shortest choice of literals, and pairs of them, whose
//! union is exactly the set; so what is [said](crate::said) is exact, and the same always means the same
//! set of values.

mod literal;
mod resource;
mod state;
#[cfg(test)]
mod tests;

use crate::bits::Bits;
use crate::class::state::{StateClass, StateKind};
use crate::model::Classes;
use crate::said::Said;
pub(crate) use literal::{Literal, express};
use resource::resources;
use state::states;

/// What a set of classes of a subject says; `None` for all of them.
pub(crate) fn describe(classes: &Classes, target: &Bits) -> Option<Said> {
    if target.len() == classes.len() {
        return None;
    }
    Some(match classes {
        Classes::NoYes => Said::Holds(target.contains(1)),
        Classes::States { classes, clauses, own } => {
            states(classes, clauses.get(..*own).unwrap_or_default(), target)
        }
        Classes::Resources { .. } => resources(classes, target),
    })
}

/// The place of a class among those of its subject, for the order of rows.
pub(crate) fn rank(classes: &Classes, target: &Bits) -> (u8, String) {
    let Classes::States { classes, .. } = classes else {
        return (0, target.iter().next().map_or_else(String::new, |first| format!("{first:06}")));
    };
    let first = target.iter().next().and_then(|first| classes.states.get(first));
    match first {
        Some(StateClass { kind: StateKind::Absent, .. }) => (0, String::new()),
        Some(StateClass { kind: StateKind::Empty, .. }) => (1, String::new()),
        Some(class) => {
            let text = class.witness.as_ref().map(|state| format!("{state:?}")).unwrap_or_default();
            (2 + u8::from(class.several), text)
        }
        None => (u8::MAX, String::new()),
    }
}
