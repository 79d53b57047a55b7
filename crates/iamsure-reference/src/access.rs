//! Access levels: what kind of thing AWS says an action does.

use std::fmt;

/// One of AWS's five access levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Reads what a resource holds.
    Read,
    /// Lists resources.
    List,
    /// Creates, changes or deletes.
    Write,
    /// Changes nothing but tags.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl AccessLevel {
    /// All five, in the order AWS's pages use here.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::List, Self::Write, Self::Tagging, Self::PermissionsManagement];

    /// AWS's words for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::List => "List",
            Self::Write => "Write",
            Self::Tagging => "Tagging",
            Self::PermissionsManagement => "Permissions management",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::List => 2,
            Self::Write => 4,
            Self::Tagging => 8,
            Self::PermissionsManagement => 16,
        }
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The access levels of one action. Since July 2026 AWS gives two to actions that tag or manage
/// permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccessLevels(u8);

impl AccessLevels {
    #[expect(clippy::cast_possible_truncation, reason = "five bits are in use")]
    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self(bits as u8)
    }

    /// Whether this level is one of them.
    pub const fn contains(self, level: AccessLevel) -> bool {
        self.0 & level.bit() != 0
    }

    /// The levels, in the order of [`AccessLevel::ALL`]; at least one for every action.
    pub fn iter(self) -> impl Iterator<Item = AccessLevel> {
        AccessLevel::ALL.into_iter().filter(move |level| self.contains(*level))
    }
}

/// As AWS writes it, alphabetically: `Tagging, Write`.
impl fmt::Display for AccessLevels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&str> = self.iter().map(AccessLevel::as_str).collect();
        names.sort_unstable();
        f.write_str(&names.join(", "))
    }
}
