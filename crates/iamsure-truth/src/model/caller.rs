//! Callers that have the keys their requests hold.
//!
//! Where a question names nobody, an example calls and its keys are free. A request in which `aws:PrincipalArn`
//! is that of another role than the one that calls cannot occur, so whoever calls is chosen by the keys.

use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, Principal, Request, Requester};

use crate::sample::{account_of, is_sample, sample_requester};

/// The request by a caller that has its keys; unchanged if the caller is no example, or none has them.
pub(crate) fn embodied(request: &Request) -> Request {
    if !is_sample(&request.requester) {
        return request.clone();
    }
    let principal = principal(request);
    let own = request.requester.principal.account();
    let mut found = request.clone();
    // What belongs to the caller's account does so still.
    if found.resource_account.as_deref() == own {
        found.resource_account = principal.account().map(str::to_owned);
    }
    let in_management_account = request.requester.in_management_account;
    found.requester = Requester { principal, in_management_account };
    if contradiction(&found).is_none() { found } else { request.clone() }
}

/// A key of the request that is not what it is for its caller (8.1).
pub(crate) fn contradiction(request: &Request) -> Option<ConditionKey> {
    let is_other = |(key, state): &(ConditionKey, KeyState)| {
        let held = request.context.state(key);
        let is_open = |state: &KeyState| *state == KeyState::Unknown;
        request.context.is_set(key) && !is_open(state) && !is_open(held) && held != state
    };
    let keys = principal_keys(&request.requester.principal);
    keys.into_iter().find(is_other).map(|(key, _)| key)
}

/// Whoever has the keys of a request, as far as they say.
fn principal(request: &Request) -> Principal {
    let text = |key: &str| match request.context.state(&key.into()) {
        KeyState::Single(text) => Some(text.as_str()),
        _ => None,
    };
    let own = request.requester.principal.account().unwrap_or_default();
    let arn = text("aws:PrincipalArn").and_then(|text| Some((text, Arn::split(text)?)));
    let account = arn
        .as_ref()
        .and_then(|(text, _)| account_of(text))
        .or_else(|| text("aws:PrincipalAccount").filter(|text| text.len() == 12))
        .or_else(|| account_of(&request.resource))
        .unwrap_or(own)
        .to_owned();
    let user = |name: &str| Principal::User {
        arn: format!("arn:aws:iam::{account}:user/{name}"),
        account: account.clone(),
        unique_id: None,
    };
    if let Some((text, arn)) = arn {
        match (arn.service, arn.resource.split_once('/')) {
            ("iam", Some(("role", name))) => {
                let name = name.rsplit('/').next().unwrap_or(name);
                let partition = arn.partition;
                return Principal::RoleSession {
                    arn: format!(
                        "arn:{partition}:sts::{account}:assumed-role/{name}/example-session"
                    ),
                    role_arn: Some(text.to_owned()),
                    role_id: None,
                    service_linked: false,
                    account,
                };
            }
            ("iam", Some(("user", _))) => {
                return Principal::User { arn: text.to_owned(), account, unique_id: None };
            }
            ("iam", None) if arn.resource == "root" => return Principal::Root { account },
            _ => {}
        }
    }
    match (text("aws:username"), text("aws:PrincipalType")) {
        (Some(name), _) => user(name),
        (None, Some("User")) => user("example-user"),
        (None, Some("Account")) => Principal::Root { account },
        _ => sample_requester(&account).principal,
    }
}
