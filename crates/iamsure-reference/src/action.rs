//! Actions: the `service:Name` pairs that policies name.

use std::fmt;

use crate::access::AccessLevels;
use crate::fit::Wanted;
use crate::key::{ConditionKey, described};
use crate::resource::ResourceType;
use crate::service::Service;
use crate::standing::{Standing, retired};
use crate::table::{ACTIONS, RETIRED_ACTIONS, SERVICES, compare, first, numbers, string};

/// An action that AWS listed on the day of capture. A number to copy about; every question is
/// answered from the embedded tables.
///
/// Actions order as their [`index`](Self::index) does: by service, then by lower-case name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(u32);

/// How many actions there are: every [`Action::index`] is below it.
pub const ACTION_COUNT: usize = ACTIONS.len() as usize;

/// Looks up `service:Name`, ignoring ASCII case. Wildcards mean nothing here; see
/// [`expand`](crate::expand).
pub fn action(name: &str) -> Standing<Action> {
    current(name).map_or_else(|| retired(&RETIRED_ACTIONS, name), Standing::Known)
}

fn current(name: &str) -> Option<Action> {
    let (prefix, operation) = name.split_once(':')?;
    let service = Service::find(prefix)?;
    let (start, end) = service.action_range();
    // Every name in the range has this prefix.
    let of = |index| string(index).get(prefix.len() + 1..).unwrap_or_default();
    let found = first(start, end, |index| compare(of(index), operation).is_lt());
    (found < end && of(found).eq_ignore_ascii_case(operation)).then_some(Action(found))
}

/// Every action, in index order.
pub fn actions() -> impl ExactSizeIterator<Item = Action> {
    (0..ACTIONS.len()).map(Action)
}

impl Action {
    pub(crate) const fn at(index: u32) -> Self {
        Self(index)
    }

    /// The action with this [`index`](Self::index).
    pub fn from_index(index: usize) -> Option<Self> {
        u32::try_from(index).ok().filter(|index| *index < ACTIONS.len()).map(Self)
    }

    /// The place of the action among all, in (service, lower-case name) order; below
    /// [`ACTION_COUNT`]. It changes with every refresh of the data, so it is for sets and tables in
    /// memory and not for files.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// `service:Name` in AWS's spelling.
    pub fn name(self) -> &'static str {
        string(self.0)
    }

    /// The part after the colon, in AWS's spelling.
    pub fn operation(self) -> &'static str {
        self.name().split_once(':').unwrap_or_default().1
    }

    /// The service it belongs to.
    pub fn service(self) -> Service {
        // The last service that begins at or before this action.
        Service::at(
            first(0, SERVICES.len(), |service| SERVICES.field(service, 2) <= self.0)
                .saturating_sub(1),
        )
    }

    /// What AWS says the action does: at least one level.
    pub fn access_levels(self) -> AccessLevels {
        AccessLevels::from_bits(ACTIONS.field(self.0, 0))
    }

    /// The resource types the action works on, by name; none if it takes only `*` as its resource.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType> {
        ResourceType::of_action(ACTIONS.field(self.0, 3))
    }

    /// Whether an ARN, or one that a pattern of ARNs means, [fits](ResourceType::fits) a resource type of the action.
    pub fn works_on(self, arn: &str) -> bool {
        let wanted = Wanted::new(arn);
        self.resource_types().any(|kind| kind.has_format_of(&wanted))
    }

    /// The condition keys AWS lists for the action: its own, those of the action on a resource
    /// type, and those of the resource types it works on, by name and each once. The [global
    /// keys](crate::global_key) come on top.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> {
        described(ACTIONS.field(self.0, 2))
    }

    /// Only the keys listed for the action whatever its resource, by name.
    pub fn own_condition_keys(self) -> impl Iterator<Item = ConditionKey> {
        described(ACTIONS.field(self.0, 1))
    }

    /// Names of other actions AWS says the caller needs as well, as of 2026-07-08: since then AWS
    /// no longer publishes them. Newer actions have none here.
    pub fn dependent_actions(self) -> impl Iterator<Item = &'static str> {
        numbers(ACTIONS.field(self.0, 4)).map(string)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({})", self.name())
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
