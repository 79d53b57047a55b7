//! Keys whose values go together, of which classes know one at most: what a request that is shown must keep to beside the
//! [rules](super::rule).
//!
//! AWS page: IAM User Guide, `reference_policies_condition-keys`.

use iamsure_core::language::ConditionKey;
use iamsure_core::language::condition::date::Date;
use iamsure_core::world::{KeyState, Request};

/// Whether the values of a request contradict each other, as far as these keys of it say.
pub(super) fn contradicts(request: &Request, asked: &[ConditionKey]) -> bool {
    let state = |name: &str| {
        let key = asked.iter().find(|key| key.folded().eq_ignore_ascii_case(name))?;
        Some(request.context.state(key))
    };
    is_no_chain(state("aws:CalledVia"), state("aws:CalledViaFirst"), state("aws:CalledViaLast"))
        || is_no_instant(
            state("aws:CurrentTime"),
            state("aws:EpochTime"),
            state("aws:TokenIssueTime"),
        )
}

/// KC-4: the first and the last service are among those that called.
fn is_no_chain(via: Option<&KeyState>, first: Option<&KeyState>, last: Option<&KeyState>) -> bool {
    let services = match via {
        Some(KeyState::Multi(services)) => services.as_slice(),
        Some(KeyState::Single(service)) => std::slice::from_ref(service),
        _ => return false,
    };
    let is_other = |end: Option<&KeyState>| match end {
        Some(KeyState::Single(end)) => !services.contains(end),
        _ => false,
    };
    is_other(first) || is_other(last)
}

/// KC-14: the current time is one instant in both notations, and no token was issued later.
fn is_no_instant(
    now: Option<&KeyState>,
    epoch: Option<&KeyState>,
    issued: Option<&KeyState>,
) -> bool {
    let read = |state: Option<&KeyState>| match state {
        Some(KeyState::Single(text)) => Date::read(text),
        _ => None,
    };
    let (now, epoch, issued) = (read(now), read(epoch), read(issued));
    let is_two = |(now, epoch): (&Date, &Date)| now != epoch;
    let is_later = |now: &Option<Date>| {
        issued.as_ref().zip(now.as_ref()).is_some_and(|(issued, now)| issued > now)
    };
    now.as_ref().zip(epoch.as_ref()).is_some_and(is_two) || is_later(&now) || is_later(&epoch)
}
