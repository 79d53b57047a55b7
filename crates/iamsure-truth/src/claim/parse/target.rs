//! What a decision is about: `ACTIONS on RESOURCES`.

use iamsure_core::language::ActionPattern;
use nom::Parser as _;
use nom::combinator::{cut, opt};

use super::fault::{Fault, Parsed, Wanted};
use super::lexeme::{self, keyword, one_or_list, text};
use super::{ON, UNLESS, WHEN};
use crate::claim::Target;
use crate::likeness;

pub(super) const ACTION: Wanted = Wanted::Thing("an action");

/// Actions, resources, both or none.
pub(super) fn target(input: &str) -> Parsed<'_, Target> {
    let (rest, actions) = actions(input)?;
    let (rest, on) = opt(keyword(&["on"])).parse(rest)?;
    let (rest, resources) = match on {
        Some(()) => cut(one_or_list(text("a resource"))).parse(rest)?,
        None => (rest, Vec::new()),
    };
    Ok((rest, Target { actions, resources }))
}

fn actions(input: &str) -> Parsed<'_, Vec<ActionPattern>> {
    let passed_over: Parsed<'_, ()> = keyword(&["on", "when", "unless"]).parse(input);
    if passed_over.is_ok() || lexeme::is_end(input) {
        return Ok((input, Vec::new()));
    }
    // A word that is no action may be a slip of one of the words that go on.
    let found = lexeme::next(input.trim_start());
    let may_be_action =
        found.contains([':', '*', '[', '"', '\'']) || likeness::action_named(found).is_some();
    if !may_be_action {
        return Err(Fault::missing(input, &[ACTION, ON, WHEN, UNLESS]));
    }
    one_or_list(action).parse(input)
}

/// A pattern of actions, as in the Action element.
pub(in crate::claim) fn action(input: &str) -> Parsed<'_, ActionPattern> {
    let (rest, written) = text("an action").parse(input)?;
    let pattern = ActionPattern::new(written);
    if pattern.is_every() || pattern.parts().is_some() {
        return Ok((rest, pattern));
    }
    let meant = likeness::action_named(pattern.as_str())
        .map(|meant| format!("did you mean `{meant}`? "))
        .unwrap_or_default();
    let help =
        format!("{meant}an action is written `service:Name`, such as `s3:GetObject`, or `*`");
    let message = format!("`{pattern}` is not an action");
    Err(Fault::wrong(input, rest, message, Some(help)))
}
