//! The condition keys that follow from who makes the request.
//!
//! AWS page: IAM User Guide, `reference_policies_condition-keys` (properties of the principal), and
//! its table of principal key values.

use super::context::KeyState;
use super::principal::Principal;
use super::request::Request;
use crate::language::arn::Arn;
use crate::language::key::ConditionKey;

/// The keys that the requester and the resource of `request` fix, with their states. Keys that
/// depend on more than that (tags, organizations, MFA, networks) are not among them.
pub fn derived_keys(request: &Request) -> Vec<(ConditionKey, KeyState)> {
    let mut keys = principal_keys(&request.requester.principal);
    let owner = request.owner().map_or(KeyState::Unknown, KeyState::single);
    keys.push((ConditionKey::new("aws:ResourceAccount"), owner));
    keys
}

/// The keys that follow from who makes a request, of every kind of principal.
const OF_EVERYBODY: [&str; 8] = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalServiceName",
    "aws:username",
    "aws:userid",
];

/// The keys that follow from who makes a request, with their states.
pub fn principal_keys(principal: &Principal) -> Vec<(ConditionKey, KeyState)> {
    let mut keys: Vec<(ConditionKey, KeyState)> = Vec::new();
    let mut add = |key: &str, state: Option<KeyState>| {
        keys.push((ConditionKey::new(key), state.unwrap_or(KeyState::Absent)));
    };
    let single = |text: &str| Some(KeyState::single(text));
    if principal.is_origin_access_identity() {
        // AWS does not say what they are.
        for key in OF_EVERYBODY {
            add(key, Some(KeyState::Unknown));
        }
        return keys;
    }
    // K-11: for a role session it is the ARN of the role, which only the role's path completes.
    let arn = match principal {
        Principal::User { arn, .. } | Principal::FederatedUser { arn, .. } => single(arn),
        Principal::RoleSession { role_arn: Some(arn), .. } => single(arn),
        Principal::RoleSession { account, arn, role_arn: None, .. } => {
            let partition = Arn::split(arn).map_or("aws", |arn| arn.partition);
            principal
                .role_name()
                .map(|name| KeyState::Single(format!("arn:{partition}:iam::{account}:role/{name}")))
        }
        Principal::Root { account } | Principal::AssumeRoot { account, .. } => {
            single(&format!("arn:aws:iam::{account}:root"))
        }
        // AWS does not say what it is for a service.
        Principal::Service { .. } => Some(KeyState::Unknown),
        Principal::Anonymous | Principal::FederatedCaller { .. } => None,
    };
    add("aws:PrincipalArn", arn);
    let account = match principal {
        Principal::Anonymous => single("anonymous"),
        // The documentation says "every request"; nobody has shown one of these.
        Principal::FederatedCaller { .. } | Principal::Service { .. } => Some(KeyState::Unknown),
        other => other.account().and_then(single),
    };
    add("aws:PrincipalAccount", account);
    let kind = match principal {
        Principal::User { .. } => single("User"),
        Principal::RoleSession { .. } => single("AssumedRole"),
        Principal::FederatedUser { .. } => single("FederatedUser"),
        Principal::Root { .. } | Principal::AssumeRoot { .. } => single("Account"),
        Principal::Anonymous => single("Anonymous"),
        Principal::Service { .. } | Principal::FederatedCaller { .. } => Some(KeyState::Unknown),
    };
    add("aws:PrincipalType", kind);
    let is_service = match principal {
        Principal::Service { .. } => single("true"),
        Principal::Anonymous => None,
        Principal::FederatedCaller { .. } => Some(KeyState::Unknown),
        _ => single("false"),
    };
    add("aws:PrincipalIsAWSService", is_service);
    let names = match principal {
        // Its regional names are among them, and not known here.
        Principal::Service { .. } => Some(KeyState::Unknown),
        _ => None,
    };
    add("aws:PrincipalServiceNamesList", names);
    let (service, user) = match principal {
        Principal::Service { name } => (single(name), None),
        Principal::User { arn, .. } => (None, arn.rsplit('/').next().and_then(single)),
        _ => (None, None),
    };
    add("aws:PrincipalServiceName", service);
    add("aws:username", user);
    let user_id = match principal {
        Principal::User { unique_id: Some(id), .. } => single(id),
        // Of any session of a role the name is not known.
        Principal::RoleSession { role_id: Some(id), arn, .. } if !principal.is_any_session() => {
            arn.rsplit('/').next().map(|session| KeyState::Single(format!("{id}:{session}")))
        }
        Principal::Root { account } => single(account),
        Principal::FederatedUser { account, arn, .. } => {
            arn.rsplit('/').next().map(|name| KeyState::Single(format!("{account}:{name}")))
        }
        _ => Some(KeyState::Unknown),
    };
    add("aws:userid", user_id);
    if let Principal::FederatedCaller { provider } = principal {
        add("aws:FederatedProvider", single(provider));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::ActionName;
    use crate::world::Context;

    fn state(principal: Principal, key: &str) -> KeyState {
        let action = ActionName::parse("s3:GetObject").unwrap();
        let request = Request::new(principal, action, "arn:aws:s3:::b/k", Context::closed());
        let key = ConditionKey::new(key);
        derived_keys(&request).into_iter().find(|(known, _)| *known == key).unwrap().1
    }

    #[test]
    fn the_arn_of_a_session_is_that_of_its_role() {
        let session = |role_arn: Option<&str>| Principal::RoleSession {
            account: "111122223333".to_owned(),
            arn: "arn:aws:sts::111122223333:assumed-role/app/s".to_owned(),
            role_arn: role_arn.map(str::to_owned),
            role_id: Some("AROAAPP".to_owned()),
            service_linked: false,
        };
        let with_path = "arn:aws:iam::111122223333:role/team/app";
        assert_eq!(
            state(session(Some(with_path)), "aws:PrincipalArn"),
            KeyState::single(with_path)
        );
        let without = KeyState::single("arn:aws:iam::111122223333:role/app");
        assert_eq!(state(session(None), "aws:PrincipalArn"), without);
        assert_eq!(state(session(None), "aws:userid"), KeyState::single("AROAAPP:s"));
        assert_eq!(state(session(None), "aws:username"), KeyState::Absent);
    }

    #[test]
    fn what_aws_does_not_say_is_unknown() {
        let token = Principal::FederatedCaller { provider: "accounts.google.com".to_owned() };
        assert_eq!(state(token.clone(), "aws:PrincipalAccount"), KeyState::Unknown);
        assert_eq!(state(token, "aws:PrincipalArn"), KeyState::Absent);
    }
}
