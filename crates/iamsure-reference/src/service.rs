//! Services, by the prefix that their actions carry.

use std::fmt;

use crate::action::Action;
use crate::key::{ConditionKey, described};
use crate::resource::ResourceType;
use crate::standing::{Standing, retired};
use crate::table::{RETIRED_SERVICES, SERVICES};

/// A service prefix that AWS listed on the day of capture. A number to copy about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service(u32);

/// Looks a service prefix up, ignoring ASCII case.
pub fn service(prefix: &str) -> Standing<Service> {
    Service::find(prefix).map_or_else(|| retired(&RETIRED_SERVICES, prefix), Standing::Known)
}

/// All service prefixes, in order.
pub fn services() -> impl Iterator<Item = &'static str> {
    (0..last()).map(|record| Service(record).prefix())
}

/// The last record only closes the ranges of the one before.
const fn last() -> u32 {
    SERVICES.len() - 1
}

impl Service {
    pub(crate) const fn at(record: u32) -> Self {
        Self(record)
    }

    pub(crate) fn find(prefix: &str) -> Option<Self> {
        let before = |record| crate::table::compare(Self(record).prefix(), prefix).is_lt();
        let found = Self(crate::table::first(0, last(), before));
        (found.0 < last() && found.prefix().eq_ignore_ascii_case(prefix)).then_some(found)
    }

    /// First index, and the index after the last, of the service's actions.
    pub(crate) fn action_range(self) -> (u32, u32) {
        (SERVICES.field(self.0, 2), SERVICES.field(self.0 + 1, 2))
    }

    /// The prefix, in lower case: `s3`.
    pub fn prefix(self) -> &'static str {
        SERVICES.name(self.0, 0)
    }

    /// The name of the service: `Amazon S3`.
    pub fn title(self) -> &'static str {
        SERVICES.name(self.0, 1)
    }

    /// Whether resource control policies reach the resources of this service.
    pub fn supports_resource_control_policies(self) -> bool {
        SERVICES.field(self.0, 4) != 0
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action> {
        let (start, end) = self.action_range();
        (start..end).map(Action::at)
    }

    /// Its resource types, by name.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = ResourceType> {
        (SERVICES.field(self.0, 3)..SERVICES.field(self.0 + 1, 3)).map(ResourceType::at)
    }

    /// The condition keys listed on its page, by name; some belong to other services.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> {
        described(SERVICES.field(self.0, 5))
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.prefix())
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}
