//! From the event of a CloudTrail record to the IAM action that was authorized.
//!
//! The two are often the same, and often not. What AWS documents is a table here; otherwise the name
//! is taken if AWS publishes an action of that name, and the test says where it comes from.

use iamsure_core::language::ActionName;
use iamsure_reference::{Standing, action_prefix, authorized_by};

/// The action of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// AWS documents this action for the event; the text names the page.
    Documented(ActionName, &'static str),
    /// AWS publishes an action of this name.
    SameName(ActionName),
    /// Nothing tells which action it is; the text says why. The name is the event's, as an action.
    Unclear(ActionName, String),
}

const S3_PAGE: &str = "Amazon S3 User Guide, required permissions for S3 API operations";

/// The event of S3 whose action is checked for each of several objects.
const S3_OF_SEVERAL: &str = "DeleteObjects";

/// Actions of S3 that are another action if a version of the object is asked for.
const S3_VERSIONED: [(&str, &str); 3] = [
    ("GetObject", "GetObjectVersion"),
    ("HeadObject", "GetObjectVersion"),
    ("DeleteObject", "DeleteObjectVersion"),
];

/// The action of an event. `of_a_version` is whether the request names a version of an object.
/// `None`: not even a name of an action can be made of it.
pub(super) fn operation(source: &str, event: &str, of_a_version: bool) -> Option<Operation> {
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    let prefix = action_prefix(service).map_or(service, |(prefix, _)| prefix);
    let named = |name: &str| ActionName::parse(&format!("{prefix}:{name}")).ok();
    let event = undated(event);
    let other = |table: &[(&'static str, &'static str)]| {
        table.iter().find(|(known, _)| *known == event).map(|(_, action)| *action)
    };
    if prefix == "s3" {
        if event == S3_OF_SEVERAL {
            let why = format!("`{event}` is made on several objects ({S3_PAGE})");
            return Some(Operation::Unclear(named(event)?, why));
        }
        let versioned = if of_a_version { other(&S3_VERSIONED) } else { None };
        if let Some(name) = versioned {
            return Some(Operation::Documented(named(name)?, S3_PAGE));
        }
        let documented = authorized_by(&format!("s3:{event}"));
        if of_a_version && documented.is_none_or(|found| found.only().is_none()) {
            let why =
                format!("`{event}` is about an object version, for which S3 has other actions");
            return Some(Operation::Unclear(named(event)?, why));
        }
    }
    if let Some(found) = authorized_by(&format!("{prefix}:{event}")) {
        let Some(action) = found.only() else {
            let why = format!("`{event}` is authorized by several actions ({})", found.source());
            return Some(Operation::Unclear(named(event)?, why));
        };
        return Some(Operation::Documented(ActionName::parse(action.name()).ok()?, found.source()));
    }
    let action = named(event)?;
    Some(match iamsure_reference::action(action.as_str()) {
        Standing::Known(known) => {
            Operation::SameName(ActionName::parse(known.name()).unwrap_or(action))
        }
        Standing::Retired(_) | Standing::Unknown => {
            let why = format!(
                "AWS publishes no action `{action}` (as of {}), so another action authorizes the event",
                iamsure_reference::captured()
            );
            Operation::Unclear(action, why)
        }
    })
}

/// The event without the version of the API that Lambda and `CloudFront` put after it:
/// `CreateFunction20150331`, `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`.
fn undated(event: &str) -> &str {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let without_revision = event
        .rsplit_once('v')
        .filter(|(before, revision)| {
            !revision.is_empty()
                && digits(revision)
                && before.ends_with(|c: char| c.is_ascii_digit())
        })
        .map_or(event, |(before, _)| before);
    let name = without_revision.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let date = without_revision.get(name.len()..).unwrap_or_default();
    if date.bytes().filter(u8::is_ascii_digit).count() == 8 { name } else { event }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(source: &str, event: &str) -> String {
        match operation(source, event, false).unwrap() {
            Operation::Documented(action, _) => format!("{action} documented"),
            Operation::SameName(action) => format!("{action} same name"),
            Operation::Unclear(action, _) => format!("{action} unclear"),
        }
    }

    #[test]
    fn events_are_authorized_by_actions() {
        for (source, event, wanted) in [
            ("s3.amazonaws.com", "GetObject", "s3:GetObject same name"),
            ("s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket documented"),
            ("s3.amazonaws.com", "HeadObject", "s3:GetObject documented"),
            ("s3.amazonaws.com", "CopyObject", "s3:CopyObject unclear"),
            ("lambda.amazonaws.com", "Invoke20150331", "lambda:InvokeFunction documented"),
            (
                "lambda.amazonaws.com",
                "UpdateFunctionCode20150331v2",
                "lambda:UpdateFunctionCode same name",
            ),
            (
                "cloudfront.amazonaws.com",
                "CreateDistribution2020_05_31",
                "cloudfront:CreateDistribution same name",
            ),
            ("monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm same name"),
            ("dynamodb.amazonaws.com", "getitem", "dynamodb:GetItem same name"),
            ("ec2.amazonaws.com", "DoesNotExist", "ec2:DoesNotExist unclear"),
        ] {
            assert_eq!(action(source, event), wanted, "{source} {event}");
        }
        assert_eq!(operation("signin.amazonaws.com", "Console Login", false), None);
    }

    #[test]
    fn a_version_of_an_object_has_its_own_actions() {
        let of_version = |event| operation("s3.amazonaws.com", event, true);
        assert!(
            matches!(of_version("GetObject"), Some(Operation::Documented(action, _)) if action.as_str() == "s3:GetObjectVersion")
        );
        assert!(matches!(of_version("PutObjectTagging"), Some(Operation::Unclear(..))));
    }

    #[test]
    fn every_action_of_the_table_of_versions_is_published() {
        for (_, action) in &S3_VERSIONED {
            let known = iamsure_reference::action(&format!("s3:{action}")).known().unwrap();
            assert_eq!(known.operation(), *action);
        }
    }
}
