//! What a misspelt name may have meant: the published name most like it.

use iamsure_reference::{
    Action, action_prefix, actions, authorized_by, condition_keys, global_keys, service, services,
};

/// Longer names are no slips of the finger.
const LONGEST: usize = 100;

/// The published action that `name` may have meant: the one that AWS documents for an API operation of that name;
/// else the most like it, in its service by likeness, or in one other service by the
/// very same name.
pub fn closest_action(name: &str) -> Option<&'static str> {
    if let Some(found) = authorized_by(name) {
        return Some(found.action.name());
    }
    let (prefix, operation) = name.split_once(':')?;
    let of_service = service(prefix).known().and_then(|service| {
        closest(operation, service.actions().map(Action::operation))
            .and_then(|operation| service.actions().find(|action| action.operation() == operation))
    });
    of_service.map(Action::name).or_else(|| action_named(operation))
}

/// The published action whose name after the service prefix is `operation`, if one service has it: of
/// several, nobody can say which was meant.
pub fn action_named(operation: &str) -> Option<&'static str> {
    let mut same = actions().filter(|action| action.operation().eq_ignore_ascii_case(operation));
    same.next().filter(|_| same.next().is_none()).map(Action::name)
}

/// The service prefix that `prefix` may have meant: that of a service whose endpoint or client is called so, else
/// the most like it.
pub fn closest_service(prefix: &str) -> Option<&'static str> {
    let renamed = action_prefix(prefix).map(|(prefix, _)| prefix);
    renamed.or_else(|| closest(prefix, services()))
}

/// The published condition key most like `name`, of the same service or global.
pub fn closest_key(name: &str) -> Option<&'static str> {
    let (vendor, _) = name.split_once(':')?;
    let same_vendor = condition_keys()
        .map(|key| key.name)
        .filter(|key| key.split(':').next().is_some_and(|of| of.eq_ignore_ascii_case(vendor)));
    closest(name, global_keys().map(|key| key.name).chain(same_vendor))
}

fn closest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_ascii_lowercase();
    known
        .map(|candidate| (strsim::jaro_winkler(&name, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.9)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// The global condition key whose name after the prefix is `name`.
pub fn global_key_named(name: &str) -> Option<&'static str> {
    let is = |key: &&'static str| {
        key.split_once(':').is_some_and(|(_, bare)| bare.eq_ignore_ascii_case(name))
    };
    global_keys().map(|key| key.name).find(is)
}
