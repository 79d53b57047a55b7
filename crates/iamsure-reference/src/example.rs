//! A concrete resource for an action, made from its ARN formats.

use crate::action::{Action, action};
use crate::resource::ResourceType;

/// A plausible resource for an action: `arn:aws:s3:::example-bucket/example-key` for
/// `s3:GetObject`, or `*` if the action has no resource types. None for an action that is not
/// [known](crate::Standing::Known).
///
/// The partition is `aws`, the region `us-east-1`, the account `111122223333`; every other variable
/// becomes `example-` and its name. The same data give the same ARN. It is an example: it fits the
/// format, and no more is promised.
pub fn example_resource(name: &str) -> Option<String> {
    let action = action(name).known()?;
    Some(
        primary(action)
            .and_then(|resource| resource.arn_formats().next())
            .map_or_else(|| "*".to_owned(), filled),
    )
}

/// A plausible resource of a type, made from its first ARN format as [`example_resource`] does.
pub fn example_arn(kind: ResourceType) -> String {
    kind.arn_formats().next().map_or_else(|| "*".to_owned(), filled)
}

/// The resource type an action is most about: one that is required before one that is not, then the
/// one whose name is the longest in the action's (`object` for `GetObject`), then the one whose
/// last word is (`custom-model` for `InvokeModel`), then the first.
fn primary(action: Action) -> Option<ResourceType> {
    let operation = letters(action.operation());
    let shared = |name: &str| {
        let name = letters(name);
        if operation.contains(&name) { name.len() } else { 0 }
    };
    let rank = |resource: &ResourceType| {
        let last_word = resource.name().rsplit(['-', ' ']).next().unwrap_or_default();
        (resource.required, shared(resource.name()), shared(last_word))
    };
    // `max_by_key` takes the last of equals; the first is wanted.
    action.resource_types().collect::<Vec<_>>().into_iter().rev().max_by_key(rank)
}

fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// A format with its variables filled in.
fn filled(format: &str) -> String {
    let mut parts = format.split("${");
    let mut arn = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (variable, literal) = part.split_once('}').unwrap_or((part, ""));
        arn.push_str(&value(variable));
        arn.push_str(literal);
    }
    arn.replace('*', "example")
}

/// What stands in for one variable.
fn value(variable: &str) -> String {
    let lower = variable.to_ascii_lowercase();
    match lower.as_str() {
        "partition" => "aws".to_owned(),
        // S3's own word for the name of an object.
        "objectname" => "example-key".to_owned(),
        _ if lower.ends_with("region") => "us-east-1".to_owned(),
        _ if lower.ends_with("account") || lower.ends_with("accountid") => {
            "111122223333".to_owned()
        }
        _ => {
            let ending = ENDINGS.into_iter().find_map(|ending| lower.strip_suffix(ending));
            let noun = ending.filter(|noun| !noun.is_empty()).unwrap_or(&lower);
            format!("example-{noun}")
        }
    }
}

/// Endings of variables that say only that a noun is named: `${BucketName}` is `example-bucket`.
const ENDINGS: [&str; 6] =
    ["namewithoutleadingslash", "namewithpath", "name", "identifier", "uuid", "id"];
