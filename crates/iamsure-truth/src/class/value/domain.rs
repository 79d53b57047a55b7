//! Which values a key may have, by the type that AWS documents.

use iamsure_core::language::condition::Family;
use iamsure_core::language::condition::address;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;

use crate::class::identity::Identity;
use crate::class::subject::Subjects;

/// Which values a key may have, as far as AWS documents its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Any text.
    Text,
    /// `true` and `false`.
    Boolean,
    /// Numbers.
    Number,
    /// Dates.
    Date,
    /// Addresses.
    Address,
    /// What identifies a caller.
    Identity(Identity),
    /// The subjects of tokens of a known shape.
    Subject(Subjects),
    /// Any text but these.
    NoneOf(&'static [&'static str]),
}

impl Domain {
    pub(super) const fn family(self) -> Option<Family> {
        match self {
            Self::Number => Some(Family::Numeric),
            Self::Date => Some(Family::Date),
            Self::Address => Some(Family::IpAddress),
            Self::Text | Self::Boolean | Self::Identity(_) | Self::Subject(_) | Self::NoneOf(_) => {
                None
            }
        }
    }

    /// Whether a text spells a number, a date or an address, if it is one of these.
    pub(super) fn is_spelled(self, text: &str) -> bool {
        match self {
            Self::Number => Number::read(text).is_some(),
            Self::Date => Date::read(text).is_some(),
            Self::Address => address::read(text, false).is_some(),
            Self::Text | Self::Boolean | Self::Identity(_) | Self::Subject(_) | Self::NoneOf(_) => {
                true
            }
        }
    }

    /// Values of either.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Identity(one), Self::Identity(other)) => Self::Identity(one.or(other)),
            (one, other) if one == other => one,
            _ => Self::Text,
        }
    }

    /// Values of it that stand for any.
    pub(crate) const fn usual(self) -> &'static [&'static str] {
        match self {
            // Those of an identity and of subjects are among the hints.
            Self::Identity(_) | Self::Subject(_) => &[],
            Self::Text | Self::NoneOf(_) => &["another-value"],
            Self::Boolean => &["false", "true"],
            Self::Number => &["1", "-1.5"],
            Self::Date => &["2026-01-01T00:00:00Z", "1767225600"],
            Self::Address => &["192.0.2.1", "2001:db8::1"],
        }
    }
}
