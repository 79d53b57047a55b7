//! What SNS refuses in the policy of a topic.

use iamsure_core::language::PolicyDocument;

use super::service::resources;
use super::{Code, Report};

/// The actions of topic policies. `Receive` is no action today, and stands in policies that SNS itself makes.
///
/// AWS page: SNS Developer Guide, `sns-access-policy-language-api-permissions-reference`.
const ACTIONS: [&str; 12] = [
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "ListTagsForResource",
    "Publish",
    "PutDataProtectionPolicy",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
];

pub(super) fn check(report: &mut Report, document: &PolicyDocument) {
    for statement in &document.statements {
        for entry in statement.action.iter().flat_map(|element| &element.entries) {
            let Some((_, name)) = entry.as_str().split_once(':') else { continue };
            // What SNS says of patterns is not documented.
            if name.contains(['*', '?'])
                || ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(name))
            {
                continue;
            }
            let message = format!(
                "`{}` is not a topic policy action; SNS answers `Policy statement action out of service scope!`",
                entry.as_str()
            );
            let help = format!("topic policies support {}", ACTIONS.join(", "));
            report.add(Code::TopicAction, entry.span, message, help);
        }
    }
    topics(report, document);
}

/// A topic's policy names the topic, and nothing else.
fn topics(report: &mut Report, document: &PolicyDocument) {
    let mut entries =
        document.statements.iter().filter_map(|statement| resources(statement)).flatten();
    let Some(first) = entries.next() else { return };
    if let Some(other) = entries.find(|entry| entry.as_str() != first.as_str()) {
        let message = format!(
            "`{}` and `{}`: every statement of a topic policy must name only its topic",
            first.as_str(),
            other.as_str()
        );
        let help = "use the topic's ARN, once in each statement";
        report.add(Code::TopicResource, other.span, message, help);
        report.also(first.span, "named first");
    }
}
