//! What AWS's reference says of a name: known, retired, or not known.

use crate::table::{RETIRED_ACTIONS, RETIRED_KEYS, RETIRED_SERVICES, Section};

/// The answer to a look-up. It is never a plain "no": a name that was dropped is told apart from
/// one that was never published.
///
/// `Unknown` means only that neither the captured data nor the older snapshots list the name. AWS
/// may have published it since [`captured`](crate::captured), and some services have undocumented
/// names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing<T> {
    /// Listed on the day of capture.
    Known(T),
    /// Listed by an older snapshot, no longer on the day of capture.
    Retired(Retirement),
    /// In none of the snapshots.
    Unknown,
}

impl<T> Standing<T> {
    /// The thing itself, if it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(thing) => Some(thing),
            Self::Retired(_) | Self::Unknown => None,
        }
    }

    /// When and by whose word the name went, if it did.
    pub fn retirement(self) -> Option<Retirement> {
        match self {
            Self::Retired(retirement) => Some(retirement),
            Self::Known(_) | Self::Unknown => None,
        }
    }

    /// Whether the name is listed on the day of capture.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether the name was listed once and is no longer.
    pub const fn is_retired(&self) -> bool {
        matches!(self, Self::Retired(_))
    }

    /// Whether no snapshot lists the name.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// When a name left AWS's reference, as closely as the snapshots tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Retirement {
    /// AWS's spelling of the retired name.
    pub name: &'static str,
    /// A date (`2026-03-24`), a bracket (`between 2026-07-08 and 2026-10-27`, `before 2026-07-08`),
    /// or an announcement (`announced 2026-05-29`).
    pub since: &'static str,
    /// Who said so: an AWS document, or the last snapshot that lists the name.
    pub source: &'static str,
}

/// Every retired action, by lower-case name.
pub fn retired_actions() -> impl ExactSizeIterator<Item = Retirement> {
    every(&RETIRED_ACTIONS)
}

/// Every retired service prefix, by name: no current service has it.
pub fn retired_services() -> impl ExactSizeIterator<Item = Retirement> {
    every(&RETIRED_SERVICES)
}

/// Every retired condition key, by lower-case name.
pub fn retired_condition_keys() -> impl ExactSizeIterator<Item = Retirement> {
    every(&RETIRED_KEYS)
}

fn every(section: &'static Section) -> impl ExactSizeIterator<Item = Retirement> {
    (0..section.len()).map(|record| at(section, record))
}

fn at(section: &Section, record: u32) -> Retirement {
    Retirement {
        name: section.name(record, 0),
        since: section.name(record, 1),
        source: section.name(record, 2),
    }
}

/// The standing of a name that is not current.
pub(crate) fn retired<T>(section: &Section, name: &str) -> Standing<T> {
    section.find(name).map_or(Standing::Unknown, |record| Standing::Retired(at(section, record)))
}
