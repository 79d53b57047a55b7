//! Action patterns: which published actions `s3:Get*` stands for.

use crate::action::Action;
use crate::service::Service;
use crate::standing::{Retirement, retired_actions};
use crate::table::{ACTIONS, compare, first};

/// The published actions that an action pattern matches, in index order.
///
/// The prefix equals a service's, the name is a pattern of `*` (any run of characters) and `?`
/// (exactly one), both ignoring ASCII case. `*` and `*:*` match every action. A wildcard in any
/// other prefix (`s*:Get*`) matches nothing, as does anything that is not an action pattern: AWS
/// may know more actions than these, but not by such a pattern.
pub fn expand(pattern: &str) -> impl Iterator<Item = Action> + use<> {
    let (start, end, name) = range(pattern);
    // All the names in the range share the literal start, but the pattern is matched whole: it is
    // short.
    (start..end)
        .map(Action::at)
        .filter(move |action| matches(name.as_bytes(), action.operation().as_bytes()))
}

/// The retired actions that an action pattern matches, by name; as [`expand`] does for current ones.
pub fn expand_retired(pattern: &str) -> impl Iterator<Item = Retirement> + use<> {
    let (prefix, name): (Option<Box<str>>, Box<str>) = match pattern.split_once(':') {
        _ if pattern == "*" || pattern == "*:*" => (None, "*".into()),
        Some((prefix, name)) => (Some(prefix.into()), name.into()),
        // No retired action has an empty prefix.
        None => (Some("".into()), "".into()),
    };
    retired_actions().filter(move |retirement| {
        retirement.name.split_once(':').is_some_and(|(of, operation)| {
            prefix.as_ref().is_none_or(|prefix| of.eq_ignore_ascii_case(prefix))
                && matches(name.as_bytes(), operation.as_bytes())
        })
    })
}

/// Indexes between which every match lies, and the pattern of the name.
fn range(pattern: &str) -> (u32, u32, Box<str>) {
    if pattern == "*" || pattern == "*:*" {
        return (0, ACTIONS.len(), "*".into());
    }
    let Some((service, name)) =
        pattern.split_once(':').and_then(|(prefix, name)| Some((Service::find(prefix)?, name)))
    else {
        return (0, 0, "".into());
    };
    let literal = name.split(['*', '?']).next().unwrap_or_default();
    let (start, end) = service.action_range();
    let start = first(start, end, |index| compare(Action::at(index).operation(), literal).is_lt());
    let end = first(start, end, |index| {
        let operation = Action::at(index).operation();
        operation.get(..literal.len()).is_some_and(|head| head.eq_ignore_ascii_case(literal))
    });
    (start, end, name.into())
}

/// Whether a pattern of `*` and `?` matches the whole of a name, ignoring ASCII case.
fn matches(mut pattern: &[u8], mut name: &[u8]) -> bool {
    // After a `*`: the pattern behind it, and the name from where it was last tried.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, name) {
            ([], []) => return true,
            ([b'*', rest @ ..], _) => {
                pattern = rest;
                retry = Some((rest, name));
                continue;
            }
            ([wanted, after @ ..], [given, rest @ ..])
                if *wanted == b'?' || wanted.eq_ignore_ascii_case(given) =>
            {
                (pattern, name) = (after, rest);
                continue;
            }
            _ => {}
        }
        // Let the last `*` take one character more.
        match retry {
            Some((after, [_, rest @ ..])) => {
                (pattern, name) = (after, rest);
                retry = Some((after, rest));
            }
            Some((_, [])) | None => return false,
        }
    }
}
