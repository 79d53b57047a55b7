//! Tags of principals and sessions.

use super::exchange::ExchangeError;
use crate::language::key::ConditionKey;
use crate::world::context::KeyState;

/// Tags, in the order they were given. Keys compare without case, as AWS does: `Team` and `team`
/// are one tag.
///
/// AWS page: IAM User Guide, `id_session-tags`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// No tags.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Tags from keys and values.
    ///
    /// # Errors
    /// If two keys are the same but for case.
    pub fn new<K: Into<String>, V: Into<String>>(
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, ExchangeError> {
        let mut found = Self::none();
        for (key, value) in tags {
            let key = key.into();
            if found.value(&key).is_some() {
                return Err(ExchangeError::TagTwice { key });
            }
            found.0.push((key, value.into()));
        }
        Ok(found)
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of a tag.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    /// These tags under `others`: where both have a key, the value (and spelling) of `others` counts.
    #[must_use]
    pub fn overridden_by(&self, others: &Self) -> Self {
        let kept = self.iter().filter(|(key, _)| others.value(key).is_none());
        Self(kept.chain(others.iter()).map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// Those of these tags whose keys are among `keys`.
    pub(super) fn only(&self, keys: &[String]) -> Self {
        let wanted = |key: &str| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
        Self(self.0.iter().filter(|(key, _)| wanted(key)).cloned().collect())
    }

    /// The condition keys `<family><tag key>` with the values.
    pub(super) fn keys_of(&self, family: &str) -> impl Iterator<Item = (ConditionKey, KeyState)> {
        self.iter().map(move |(key, value)| {
            (ConditionKey::new(format!("{family}{key}")), KeyState::single(value))
        })
    }
}
