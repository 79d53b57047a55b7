//! The classes of actions that are named one by one.

use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_reference::{ACTION_COUNT, Action, action};
use rustc_hash::FxHashMap;

use super::{ActionClass, ActionClasses, FEW, listed_by, prefer_everyday};
use crate::bits::Bits;

/// The classes of `names`, told apart by `lists`. No other action is looked at or has a class.
pub(super) fn classes_of(lists: &[Vec<ActionPattern>], names: &[ActionName]) -> ActionClasses {
    let mut published: Vec<(Action, ActionName)> = names
        .iter()
        .filter_map(|name| action(name.as_str()).known())
        .filter_map(|known| Some((known, ActionName::parse(known.name()).ok()?)))
        .collect();
    published.sort_by_key(|(known, _)| known.index());
    published.dedup_by_key(|(known, _)| known.index());
    let mut found = Found::default();
    let mut class_of = vec![u32::MAX; ACTION_COUNT];
    for (known, name) in published {
        let place = found.add(lists, name, |class, _| {
            class.published += 1;
            class.few.push(known);
        });
        if let Some(of) = class_of.get_mut(known.index()) {
            *of = u32::try_from(place).unwrap_or(u32::MAX);
        }
    }
    for class in found.classes.iter_mut().filter(|class| class.published > FEW) {
        class.few.clear();
    }
    for name in names.iter().filter(|name| !action(name.as_str()).is_known()) {
        found.add(lists, name.clone(), |class, name| {
            class.unpublished.get_or_insert(name);
        });
    }
    prefer_everyday(&mut found.classes, &class_of);
    ActionClasses { classes: found.classes, class_of }
}

/// The classes so far, and where each is.
#[derive(Default)]
struct Found {
    classes: Vec<ActionClass>,
    places: FxHashMap<Bits, usize>,
}

impl Found {
    /// Puts an action into its class, whose witness it is if it is the first: the number of the class.
    fn add(
        &mut self,
        lists: &[Vec<ActionPattern>],
        name: ActionName,
        change: impl FnOnce(&mut ActionClass, ActionName),
    ) -> usize {
        let listed = listed_by(lists, &name);
        let place = *self.places.entry(listed.clone()).or_insert_with(|| {
            self.classes.push(ActionClass::of(listed, name.clone()));
            self.classes.len() - 1
        });
        if let Some(class) = self.classes.get_mut(place) {
            change(class, name);
        }
        place
    }
}
