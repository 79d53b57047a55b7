//! Sets of actions, as bits.

use crate::action::{ACTION_COUNT, Action, actions};
use crate::pattern::expand;

const WORD: usize = u64::BITS as usize;
const WORDS: usize = ACTION_COUNT.div_ceil(WORD);

/// A set of published actions: 2.8 KB, whatever it holds. Iterates in [`Action::index`] order.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ActionSet(Box<[u64; WORDS]>);

impl ActionSet {
    /// The empty set.
    pub fn new() -> Self {
        Self(Box::new([0; WORDS]))
    }

    /// Every published action.
    pub fn all() -> Self {
        actions().collect()
    }

    /// The actions that a pattern matches, as [`expand`] does.
    pub fn matching(pattern: &str) -> Self {
        expand(pattern).collect()
    }

    /// Puts an action in; whether it was new.
    pub fn insert(&mut self, action: Action) -> bool {
        let (word, bit) = place(action);
        let Some(word) = self.0.get_mut(word) else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Takes an action out; whether it was there.
    pub fn remove(&mut self, action: Action) -> bool {
        let (word, bit) = place(action);
        let Some(word) = self.0.get_mut(word) else { return false };
        let present = *word & bit != 0;
        *word &= !bit;
        present
    }

    /// Whether the action is in the set.
    pub fn contains(&self, action: Action) -> bool {
        let (word, bit) = place(action);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The actions in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one | two)
    }

    /// The actions in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one & two)
    }

    /// The actions in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one & !two)
    }

    /// Whether every action of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0.iter()).all(|(one, two)| one & !two == 0)
    }

    /// How many actions the set holds.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the set holds none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The actions, in index order.
    pub fn iter(&self) -> impl Iterator<Item = Action> {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.checked_sub(1)?;
                Action::from_index(place * WORD + bit as usize)
            })
        })
    }

    fn combine(&self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        let mut result = self.clone();
        for (word, two) in result.0.iter_mut().zip(other.0.iter()) {
            *word = operation(*word, *two);
        }
        result
    }
}

const fn place(action: Action) -> (usize, u64) {
    (action.index() / WORD, 1 << (action.index() % WORD))
}

impl Default for ActionSet {
    fn default() -> Self {
        Self::new()
    }
}

impl Extend<Action> for ActionSet {
    fn extend<I: IntoIterator<Item = Action>>(&mut self, actions: I) {
        for action in actions {
            self.insert(action);
        }
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        let mut set = Self::new();
        set.extend(actions);
        set
    }
}

impl std::fmt::Debug for ActionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
