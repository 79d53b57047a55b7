//! The request context: what is known of each condition key.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::language::key::ConditionKey;

/// What is known of one condition key in one request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyState {
    /// The key is not in the request context.
    Absent,
    /// A single-valued key with this value.
    Single(String),
    /// A multivalued key with these values; arity belongs to the key, so one value is possible.
    Multi(Vec<String>),
    /// Nobody said. Neither absent nor present: both are possible.
    Unknown,
}

impl KeyState {
    /// A single-valued key with `value`.
    pub fn single(value: impl Into<String>) -> Self {
        Self::Single(value.into())
    }

    /// Whether a multivalued key resolves to a null data set: no value, or only empty ones (C-47).
    pub fn is_null_set(&self) -> bool {
        matches!(self, Self::Multi(values) if values.iter().all(String::is_empty))
    }
}

/// The condition keys of one request. Names compare without case.
///
/// A key that was never set is absent in a [`closed`](Self::closed) context, as in the request of a
/// test or a log, and unknown in an [`open`](Self::open) one, where nobody described the whole
/// request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Shared by copies until one of them changes: a request is copied for each of its possibilities.
    entries: Arc<IndexMap<ConditionKey, KeyState>>,
    /// Families of keys of which all that are there were set, in lower case: `aws:principaltag/`.
    complete: Vec<String>,
    others: KeyState,
}

/// Up to how many keys a context is searched through.
const FEW: usize = 8;

/// A key was set twice in spellings that may differ by case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", said_twice(.first, .second))]
pub struct DuplicateKey {
    /// The spelling that was set first.
    pub first: ConditionKey,
    /// The spelling that was set again.
    pub second: ConditionKey,
}

fn said_twice(first: &ConditionKey, second: &ConditionKey) -> String {
    if first == second && first.as_str() == second.as_str() {
        format!("`{first}` is given twice")
    } else {
        format!("`{first}` and `{second}` are the same key: key names are case-insensitive")
    }
}

impl Context {
    /// A context in which every key is absent until it is set.
    pub fn closed() -> Self {
        Self { entries: Arc::default(), complete: Vec::new(), others: KeyState::Absent }
    }

    /// A context in which every key is unknown until it is set.
    pub fn open() -> Self {
        Self { entries: Arc::default(), complete: Vec::new(), others: KeyState::Unknown }
    }

    /// Adds a key that was not set before.
    ///
    /// # Errors
    /// If the key was set, perhaps in another spelling.
    pub fn add(&mut self, key: ConditionKey, state: KeyState) -> Result<(), DuplicateKey> {
        if let Some((first, _)) = self.entry(key.folded()) {
            return Err(DuplicateKey { first: first.clone(), second: key });
        }
        self.set(key, state);
        Ok(())
    }

    /// Sets a key, whatever it was before.
    pub fn set(&mut self, key: ConditionKey, state: KeyState) {
        Arc::make_mut(&mut self.entries).insert(key, state);
    }

    /// Takes a key back, as if it had never been set.
    pub fn unset(&mut self, key: &ConditionKey) {
        Arc::make_mut(&mut self.entries).shift_remove(key.folded());
    }

    /// Says that every key that starts with `family`, such as `aws:PrincipalTag/`, and is in the
    /// request has been set or will be: the others of the family are absent.
    pub fn complete(&mut self, family: &str) {
        let family = family.to_ascii_lowercase();
        if !self.complete.contains(&family) {
            self.complete.push(family);
        }
    }

    /// What is known of a key.
    pub fn state(&self, key: &ConditionKey) -> &KeyState {
        match self.entry(key.folded()) {
            Some((_, state)) => state,
            None if self.is_of_complete_family(key) => &KeyState::Absent,
            None => &self.others,
        }
    }

    fn entry(&self, folded: &str) -> Option<(&ConditionKey, &KeyState)> {
        // Of few keys each is looked at sooner than one is hashed.
        if self.entries.len() <= FEW {
            let mut entries = self.entries.iter();
            return entries.find(|(key, _)| key.folded() == folded);
        }
        self.entries.get_key_value(folded)
    }

    fn is_of_complete_family(&self, key: &ConditionKey) -> bool {
        self.complete.iter().any(|family| key.folded().starts_with(family.as_str()))
    }

    /// Whether the key was set, to whatever state.
    pub fn is_set(&self, key: &ConditionKey) -> bool {
        self.entry(key.folded()).is_some()
    }

    /// The keys that were set, in the order they were.
    pub fn entries(&self) -> impl Iterator<Item = (&ConditionKey, &KeyState)> {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_and_do_not_repeat() {
        let mut context = Context::closed();
        context.add("aws:UserName".into(), KeyState::single("a")).unwrap();
        assert_eq!(context.state(&"AWS:username".into()), &KeyState::single("a"));
        let error = context.add("aws:username".into(), KeyState::Absent).unwrap_err();
        assert_eq!(error.first.as_str(), "aws:UserName");
    }

    #[test]
    fn what_is_taken_back_was_never_set() {
        let mut context = Context::closed();
        context.set("aws:username".into(), KeyState::single("a"));
        let before = context.clone();
        context.set("aws:PrincipalArn".into(), KeyState::Unknown);
        context.unset(&"AWS:principalarn".into());
        context.unset(&"aws:userid".into());
        assert_eq!(context, before);
    }

    #[test]
    fn what_was_not_said_is_absent_or_unknown() {
        assert_eq!(Context::closed().state(&"x:y".into()), &KeyState::Absent);
        assert_eq!(Context::open().state(&"x:y".into()), &KeyState::Unknown);
    }

    #[test]
    fn of_a_complete_family_the_rest_is_absent() {
        let mut context = Context::open();
        context.set("aws:PrincipalTag/team".into(), KeyState::single("a"));
        context.complete("aws:PrincipalTag/");
        assert_eq!(context.state(&"aws:principaltag/TEAM".into()), &KeyState::single("a"));
        assert_eq!(context.state(&"aws:PrincipalTag/cost".into()), &KeyState::Absent);
        assert_eq!(context.state(&"aws:PrincipalArn".into()), &KeyState::Unknown);
    }
}
