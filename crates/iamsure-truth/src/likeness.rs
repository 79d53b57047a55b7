//! What a misspelt name may have meant: the published name most like it.

use iamsure_reference::{
    Action, Authorized, action_prefix, actions, authorized_by, condition_keys, expand, global_keys,
    service, services,
};

/// Longer names are no slips of the finger.
const LONGEST: usize = 100;
/// The beginning of a name says nothing if it is shorter.
const SHORTEST: usize = 6;

/// What to say of a name of an action that AWS does not publish: what authorizes the API operation of that name,
/// else what was probably meant. One sentence, which ends with its mark.
pub fn action_hint(name: &str) -> Option<String> {
    match authorized_by(name) {
        Some(found) => Some(operation_hint(&found)),
        None => meant_action(name).map(|meant| format!("did you mean `{meant}`?")),
    }
}

/// What authorizes an API operation.
fn operation_hint(found: &Authorized) -> String {
    let names: Vec<String> =
        found.actions().iter().map(|action| format!("`{}`", action.name())).collect();
    let (Some(call), Some((last, others))) = (found.operation(), names.split_last()) else {
        return format!("did you mean {}?", names.concat());
    };
    let others = others.join(", ");
    match (others.is_empty(), found.is_each()) {
        (true, _) => format!("did you mean {last}? It authorizes the API call {call}"),
        (false, true) => format!("the API call {call} needs {others} and {last}"),
        (false, false) => {
            format!("the API call {call} needs {others} or {last}, depending on its content")
        }
    }
}

/// The one action, or pattern of actions, that a name which AWS does not publish may have meant: what authorizes
/// the API operation of that name; in its service the most like it; in the service that was meant the same; else
/// the very same name in the only other service that has it.
pub fn meant_action(name: &str) -> Option<String> {
    if let Some(found) = authorized_by(name) {
        return found.only().map(|action| action.name().to_owned());
    }
    let (prefix, operation) = name.split_once(':')?;
    let elsewhere = || action_named(operation).map(str::to_owned);
    let standing = service(prefix);
    if let Some(service) = standing.known() {
        let like = closest(operation, service.actions().map(Action::operation))
            .or_else(|| completed(operation, service.actions().map(Action::operation)));
        let same = service.actions().find(|action| Some(action.operation()) == like);
        return same.map(|action| action.name().to_owned()).or_else(elsewhere);
    }
    if !standing.is_unknown() {
        return elsewhere();
    }
    let near = closest_service(prefix);
    near.map(|near| format!("{near}:{operation}"))
        .filter(|name| expand(name).next().is_some())
        .or_else(elsewhere)
        .or_else(|| near.map(|near| format!("{near}:…")))
}

/// The published action whose name after the service prefix is `operation`, if one service has it: of
/// several, nobody can say which was meant.
pub(crate) fn action_named(operation: &str) -> Option<&'static str> {
    let mut same = actions().filter(|action| action.operation().eq_ignore_ascii_case(operation));
    same.next().filter(|_| same.next().is_none()).map(Action::name)
}

/// The service prefix that `prefix` may have meant: that of a service whose endpoint or client is called so, else
/// the most like it.
pub(crate) fn closest_service(prefix: &str) -> Option<&'static str> {
    let renamed = action_prefix(prefix).map(|(prefix, _)| prefix);
    renamed.or_else(|| closest(prefix, services()))
}

/// The published condition key whose name after the prefix is most like that of `name`, of the same service or
/// identity provider or global.
pub fn closest_key(name: &str) -> Option<&'static str> {
    let (vendor, bare) = name.rsplit_once(':')?;
    let same_vendor = condition_keys()
        .map(|key| key.name)
        .filter(|key| key.rsplit_once(':').is_some_and(|(of, _)| of.eq_ignore_ascii_case(vendor)));
    // Of a key with a part of the caller's own, such as the name of a tag, what is before it counts.
    let head = |bare: &'static str| bare.split_once('/').map_or(bare, |(head, _)| head);
    let (bare, is_open) = bare.split_once('/').map_or((bare, false), |(head, _)| (head, true));
    let known: Vec<&str> = global_keys()
        .map(|key| key.name)
        .chain(same_vendor)
        .filter(|key| key.contains('/') == is_open)
        .collect();
    let bare_of = |key: &'static str| key.rsplit_once(':').map_or("", |(_, bare)| head(bare));
    let near = closest(bare, known.iter().map(|key| bare_of(key)))?;
    // What a service and AWS itself call alike is the service's, under its own prefix.
    known.iter().rfind(|key| bare_of(key) == near).copied()
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

/// The only name that begins with what was written, of one word or more.
fn completed(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let mut longer = known.filter(|candidate| candidate.to_ascii_lowercase().starts_with(&name));
    longer.next().filter(|_| name.len() >= SHORTEST && longer.next().is_none())
}

/// The global condition key whose name after the prefix is `name`.
pub(crate) fn global_key_named(name: &str) -> Option<&'static str> {
    let is = |key: &&'static str| {
        key.split_once(':').is_some_and(|(_, bare)| bare.eq_ignore_ascii_case(name))
    };
    global_keys().map(|key| key.name).find(is)
}
