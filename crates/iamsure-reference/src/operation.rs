//! API operations: what authorizes those that no action has the name of.

use crate::action::{Action, action};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// What authorizes an API operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    /// The actions; there is at least one.
    actions: Vec<Action>,
    /// The API operation, if it is not of the name of its action.
    operation: Option<&'static str>,
    /// Whether AWS checks each of them in every call, and not some of them by what is in the call.
    is_each: bool,
    /// The AWS page that says so.
    source: &'static str,
}

impl Authorized {
    /// The actions that AWS checks. There is at least one.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The API operation, without its service; `None` if an action has its name.
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    /// The action, if there is one only.
    pub fn only(&self) -> Option<Action> {
        match self.actions.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whether AWS checks each of the actions in every call. Otherwise which of them depends on the call.
    pub fn is_each(&self) -> bool {
        self.is_each
    }

    /// The AWS page that says so.
    pub fn source(&self) -> &'static str {
        self.source
    }
}

/// What authorizes `service:Operation`, ignoring ASCII case, where AWS publishes no action of that name: the
/// actions it documents for the operation, or the action of that name under the prefix of the service, which may
/// be written as its endpoint or its client in the SDKs is called. `None` if nothing is known.
pub fn authorized_by(name: &str) -> Option<Authorized> {
    if action(name).known().is_some() {
        return None;
    }
    let (prefix, operation) = name.split_once(':')?;
    let renamed = action_prefix(prefix);
    let name = format!("{}:{operation}", renamed.map_or(prefix, |(prefix, _)| prefix));
    let documented = OPERATIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(&name));
    if let Some((known, actions, is_each, source)) = documented {
        let operation = known.split_once(':').map(|(_, operation)| operation);
        let actions: Vec<Action> = actions.iter().filter_map(|name| action(name).known()).collect();
        return Some(Authorized { actions, operation, is_each: *is_each, source });
    }
    let same = action(&name).known()?;
    Some(Authorized { actions: vec![same], operation: None, is_each: true, source: renamed?.1 })
}

/// The prefix of the actions of a service that is written as its endpoint or its client is called, with the
/// source.
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
        for (name, meant, ..) in OPERATIONS {
            for one in *meant {
                assert_eq!(action(one).known().map(Action::name), Some(*one), "{name}");
            }
            assert!(action(name).known().is_none(), "{name} is published");
            let (prefix, _) = name.split_once(':').unwrap();
            assert!(
                service(prefix).known().is_some(),
                "{name}: rows have the prefix of the actions"
            );
        }
        for (name, meant, _) in PREFIXES {
            assert!(service(name).known().is_none(), "{name} is published");
            assert!(service(meant).known().is_some(), "{meant}");
        }
    }

    #[test]
    fn no_name_is_listed_twice() {
        let mut names: Vec<&str> = OPERATIONS.iter().map(|(name, ..)| *name).collect();
        names.extend(PREFIXES.iter().map(|(name, ..)| *name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn operations_are_authorized_by_their_actions() {
        for (name, wanted) in [
            ("lambda:Invoke", "lambda:InvokeFunction"),
            ("s3:getbucketencryption", "s3:GetEncryptionConfiguration"),
            ("s3:CopyObject", "s3:GetObject and s3:PutObject"),
            ("kms:ReEncrypt", "kms:ReEncryptFrom and kms:ReEncryptTo"),
            ("monitoring:PutMetricData", "cloudwatch:PutMetricData"),
            ("bedrock-agent-runtime:Retrieve", "bedrock:Retrieve"),
            ("bedrock-runtime:Converse", "bedrock:InvokeModel"),
            ("apigatewayv2:GetApis", "apigateway:GET"),
            ("dynamodb:TransactGetItems", "dynamodb:GetItem"),
            ("monitoring:NoSuch", ""),
            ("s3:GetObject", ""),
            ("s3", ""),
        ] {
            let found = authorized_by(name);
            let names = found.map(|found| {
                let names: Vec<&str> = found.actions().iter().copied().map(Action::name).collect();
                names.join(if found.is_each() { " and " } else { " or " })
            });
            assert_eq!(names.unwrap_or_default(), wanted, "{name}");
        }
        assert!(!authorized_by("dynamodb:ExecuteStatement").unwrap().is_each());
    }
}
