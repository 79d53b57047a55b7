//! Evidence: how well it is known what AWS puts in a request context, and where that comes from.

use std::borrow::Cow;
use std::fmt;

use super::context::{Context, KeyState};
use crate::language::key::ConditionKey;

/// How well it is known that a key has a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    /// Seen in a request context that AWS published or somebody recorded.
    Observed,
    /// AWS's documentation says so.
    Documented,
    /// Follows from something documented, or is this project's reading.
    Assumed,
    /// AWS does not say.
    Unknown,
}

impl Evidence {
    /// Every level, from the best.
    pub const ALL: [Self; 4] = [Self::Observed, Self::Documented, Self::Assumed, Self::Unknown];

    /// The word for the level.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::Assumed => "assumed",
            Self::Unknown => "unknown",
        }
    }

    /// The level called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.name() == name)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The state of one key, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedKey {
    /// The key.
    pub key: ConditionKey,
    /// Its state. [`KeyState::Unknown`] where AWS does not say, and where the key is there with a
    /// value that nobody gave.
    pub state: KeyState,
    /// Whether the key is there, if its state is unknown: present, with a value that nobody gave.
    pub is_present: bool,
    /// How well that is known.
    pub evidence: Evidence,
    /// Where that comes from.
    pub source: Cow<'static, str>,
}

impl FixedKey {
    /// A key with its state.
    pub fn new(
        key: impl Into<ConditionKey>,
        state: KeyState,
        evidence: Evidence,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { key: key.into(), state, is_present: false, evidence, source: source.into() }
    }

    /// A key that is there, with a value that nobody gave.
    pub fn present(
        key: impl Into<ConditionKey>,
        evidence: Evidence,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { is_present: true, ..Self::new(key, KeyState::Unknown, evidence, source) }
    }

    /// Sets the key, unless `context` already says something of it.
    pub fn apply(&self, context: &mut Context) {
        if !context.is_set(&self.key) {
            context.set(self.key.clone(), self.state.clone());
        }
    }
}
