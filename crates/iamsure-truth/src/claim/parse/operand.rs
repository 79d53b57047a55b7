//! What keys are compared with: texts, and other keys.

use iamsure_core::language::ConditionKey;
use iamsure_reference::condition_key;
use nom::Err;

use super::fault::{Fault, Parsed};
use super::lexeme::{bare, quoted};
use crate::claim::Operand;
use crate::likeness;

/// A text or a key. A bare text that is the name of a published key is the key, and so is what
/// stands in `${…}`; a quoted text is a text.
pub(in crate::claim) fn operand(input: &str) -> Parsed<'_, Operand> {
    match quoted(input) {
        Err(Err::Error(_)) => {}
        quoted => return quoted.map(|(rest, text)| (rest, Operand::Text(text))),
    }
    if let Some(variable) = input.trim_start().strip_prefix("${") {
        return in_braces(input, variable);
    }
    let (rest, found) = bare("a value", input)?;
    if found.contains("${") {
        let help = format!("use `like`, or quote a literal dollar sign: \"{found}\"");
        return Err(Fault::wrong(input, rest, VARIABLE, Some(help)));
    }
    if !is_key(found) {
        return Ok((rest, Operand::Text(found.to_owned())));
    }
    if condition_key(found).is_known() {
        return Ok((rest, Operand::Key(ConditionKey::new(found))));
    }
    // `aws:kms` is a value, `aws:PrincipalAcount` a slip: nobody can say which was meant.
    if has_prefix(found, "aws:") {
        let message = format!("`{found}` looks like a condition key, but AWS lists no such key");
        let meant = likeness::closest_key(found)
            .map(|meant| format!("if it is a key, did you mean `{meant}`? "))
            .unwrap_or_default();
        let help = format!("{meant}to use it as a string, quote it: \"{found}\"");
        return Err(Fault::wrong(input, rest, message, Some(help)));
    }
    Ok((rest, Operand::Text(found.to_owned())))
}

/// `${KEY}`, as in a policy: what the key holds.
fn in_braces<'a>(input: &'a str, variable: &'a str) -> Parsed<'a, Operand> {
    let Some((key, rest)) = variable.split_once('}') else {
        let help = Some("close it with }".to_owned());
        return Err(Fault::wrong(input, "", "the key does not end", help));
    };
    if !is_key(key) {
        let message = format!("`{key}` is not a condition key");
        return Err(Fault::wrong(input, rest, message, Some(SHAPE.to_owned())));
    }
    if bare("a value", rest).is_ok() && !rest.starts_with(char::is_whitespace) {
        let help = "a key must be the whole value, as in `aws:username is ${aws:PrincipalTag/user}`, or part of a pattern after `like`";
        return Err(Fault::wrong(input, rest, VARIABLE, Some(help.to_owned())));
    }
    Ok((rest, Operand::Key(ConditionKey::new(key))))
}

/// Patterns hold variables, as those of policies do; texts that are compared for being equal do not.
const VARIABLE: &str = "a policy variable is allowed only inside a pattern";

/// How a key is written, for help.
pub(super) const SHAPE: &str =
    "a condition key needs its prefix, such as `aws:SourceIp` or `s3:prefix`";

/// Whether a text has the form of a condition key: a colon with something on both sides, and no ARN.
pub(in crate::claim) fn is_key(text: &str) -> bool {
    let sides = text.split_once(':');
    sides.is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
        && !has_prefix(text, "arn:")
        && !text.contains(['*', '?', '{', '}'])
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
