//! API operations: what authorizes those that no action has the name of.

use crate::action::{Action, action};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// What authorizes an API operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorized {
    /// The action.
    pub action: Action,
    /// The AWS page that says so.
    pub source: &'static str,
}

/// What authorizes `service:Operation`, ignoring ASCII case, where AWS publishes no action of that name: the
/// action it documents for the operation, or the action of that name under the prefix of the service, which may
/// be written as its endpoint or its client in the SDKs is called. `None` if nothing is known.
pub fn authorized_by(name: &str) -> Option<Authorized> {
    if action(name).known().is_some() {
        return None;
    }
    let (prefix, operation) = name.split_once(':')?;
    let renamed = action_prefix(prefix);
    let of = renamed.map_or(prefix, |(prefix, _)| prefix);
    let name = format!("{of}:{operation}");
    let documented = OPERATIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(&name));
    let (action_name, source) = match documented {
        Some((_, action, source)) => (*action, *source),
        None => (name.as_str(), renamed?.1),
    };
    Some(Authorized { action: action(action_name).known()?, source })
}

/// The prefix of the actions of a service that is written as its endpoint or its client is called, with the
/// page.
pub fn action_prefix(prefix: &str) -> Option<(&'static str, &'static str)> {
    let found = PREFIXES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(prefix))?;
    Some((found.1, found.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service;

    #[test]
    fn every_target_is_published_and_no_operation_is() {
        for (name, meant, _) in OPERATIONS {
            assert_eq!(action(meant).known().map(Action::name), Some(*meant), "{name}");
            let same = action(name).known();
            assert!(same.is_none() || name.eq_ignore_ascii_case(meant), "{name} is published");
        }
        for (name, meant, _) in PREFIXES {
            assert!(service(name).known().is_none(), "{name} is published");
            assert!(service(meant).known().is_some(), "{meant}");
        }
    }

    #[test]
    fn operations_are_authorized_by_their_actions() {
        for (name, wanted) in [
            ("lambda:Invoke", Some("lambda:InvokeFunction")),
            ("s3:getbucketencryption", Some("s3:GetEncryptionConfiguration")),
            ("monitoring:PutMetricData", Some("cloudwatch:PutMetricData")),
            ("bedrock-agent-runtime:Retrieve", Some("bedrock:Retrieve")),
            ("apigatewayv2:GetApis", Some("apigateway:GET")),
            ("monitoring:NoSuch", None),
            ("s3:GetObject", None),
            ("s3", None),
        ] {
            assert_eq!(authorized_by(name).map(|found| found.action.name()), wanted, "{name}");
        }
    }
}
