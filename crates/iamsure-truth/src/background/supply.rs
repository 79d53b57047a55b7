//! Supply: keys that a row needs, and that its actions never carry.
//!
//! `signin:OAuthGrantType` is in requests of `signin:CreateOAuth2Token` and in none of
//! `signin:AuthorizeOAuth2Access`: a row about both that asks for a value of it is, for one of them, about no
//! request at all. What AWS lists for an action decides ([`availability`](super::availability)); keys of
//! callers are settled before there is a table.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, Request};
use iamsure_reference::{Action, Presence, Standing, global_key};

use super::availability::{Availability, Occasion, Target};
use crate::class::state::StateKind;
use crate::model::{Cell, Classes, Model, Part, Subject};

/// Actions of a row that never carry a key that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFor {
    /// The key.
    pub key: ConditionKey,
    /// The actions.
    pub actions: Vec<Action>,
    /// Where that comes from.
    pub source: String,
}

impl NotFor {
    /// Why there are no such requests.
    pub(super) fn reason(&self) -> String {
        format!("no such request carries {} ({})", self.key, self.source)
    }
}

/// The most actions that are told apart one by one.
const TOLD_APART: usize = 64;

/// The actions of some members of a row for which there are no requests.
///
/// # Errors
/// One of the reasons, if it is so of all of them.
pub(super) fn not_for(model: &Model, members: &[(&Part, &Cell)]) -> Result<Vec<NotFor>, NotFor> {
    let mut found: Vec<NotFor> = Vec::new();
    let mut reached = false;
    let mut looked_at = 0_usize;
    for (part, cell) in members {
        let keys = needed(model, part);
        let Some(class) = model.actions.classes.get(cell.action) else { continue };
        // Whatever an action that nobody published carries.
        reached |= keys.is_empty() || class.unpublished.is_some();
        if keys.is_empty() {
            continue;
        }
        let of_class = std::iter::once(cell.action).collect();
        for action in model.actions.members(&of_class).iter() {
            looked_at += 1;
            if looked_at > TOLD_APART && reached {
                return Ok(Vec::new());
            }
            match keys.iter().find_map(|key| never(action, key)) {
                None => reached = true,
                Some((key, source)) => match found.iter_mut().find(|known| known.key == *key) {
                    Some(known) if known.actions.contains(&action) => {}
                    Some(known) => known.actions.push(action),
                    None => found.push(NotFor { key: key.clone(), actions: vec![action], source }),
                },
            }
        }
    }
    match found.first() {
        Some(first) if !reached => Err(first.clone()),
        _ if looked_at > TOLD_APART => Ok(Vec::new()),
        _ => Ok(found),
    }
}

/// The keys of services that every request of a part carries.
fn needed<'a>(model: &'a Model, part: &Part) -> Vec<&'a ConditionKey> {
    let Some(residual) = model.residuals.get(part.residual) else { return Vec::new() };
    let subjects = residual.subjects.iter().enumerate();
    subjects
        .filter_map(|(place, subject)| match (&subject.subject, &subject.classes) {
            (Subject::Key(key), Classes::States { classes, .. })
                if global_key(key.as_str()).is_none() =>
            {
                let set = part.cube.classes(place)?;
                let mut absent = classes
                    .states
                    .iter()
                    .enumerate()
                    .filter(|(at, class)| class.kind == StateKind::Absent && set.contains(*at));
                absent.next().is_none().then_some(key)
            }
            _ => None,
        })
        .collect()
}

/// The key, and where it is documented, if an action never carries it.
fn never(action: Action, key: &ConditionKey) -> Option<(&ConditionKey, String)> {
    let occasion =
        Occasion { action: Standing::Known(action), target: Target::Any, callers: &[], path: None };
    let Availability { presence, source, .. } = occasion.availability(key);
    (presence == Presence::Never).then(|| (key, source.into_owned()))
}

/// Why there is no such request: it carries a key of a service that its action never does.
pub(crate) fn unsupplied(request: &Request, keys: &[ConditionKey]) -> Option<String> {
    let action = iamsure_reference::action(request.action.as_str()).known()?;
    let is_carried = |key: &&ConditionKey| {
        global_key(key.as_str()).is_none()
            && matches!(request.context.state(key), KeyState::Single(_) | KeyState::Multi(_))
    };
    let (key, source) = keys.iter().filter(is_carried).find_map(|key| never(action, key))?;
    Some(format!("{} never carries {key} ({source})", action.name()))
}
