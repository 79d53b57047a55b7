//! Callers that have the keys their requests hold.
//!
//! Where a question names nobody, an example calls and its keys are free. A request in which `aws:PrincipalArn`
//! is that of another role than the one that calls cannot occur, so whoever calls is chosen by the keys.

use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, Principal, Request, Requester};

use crate::class::identity::Kind;
use crate::class::requester::Caller;
use crate::sample::{account_of, is_sample};

/// What sessions of examples are called.
const EXAMPLE_SESSION: &str = "example-session";

/// The request by a caller that has its keys; unchanged if the caller is no example of its kind, or none has them.
///
/// Keys that follow from the caller are then what they are for it, so that the request may be of other classes: it is
/// for the reader to decide it again.
pub(crate) fn embodied(request: &Request, caller: &Caller) -> Request {
    if !is_sample(&request.requester) && !caller.is_example() {
        return with_session(request, caller);
    }
    let principal = principal(request, caller);
    let own = request.requester.principal.account();
    let mut found = request.clone();
    // What belongs to the caller's account does so still.
    if is_sample(&request.requester) && found.resource_account.as_deref() == own {
        found.resource_account = principal.account().map(str::to_owned);
    }
    let in_management_account = request.requester.in_management_account;
    found.requester = Requester { principal, in_management_account };
    for (key, state) in principal_keys(&found.requester.principal) {
        let is_held = matches!(found.context.state(&key), KeyState::Single(_) | KeyState::Multi(_));
        if is_held && matches!(state, KeyState::Single(_)) {
            found.context.set(key, state);
        }
    }
    if contradiction(&found).is_none() { found } else { request.clone() }
}

/// The request with the session that `aws:userid` names, where the caller is any session of a role.
fn with_session(request: &Request, caller: &Caller) -> Request {
    let mut found = request.clone();
    if let Principal::RoleSession { arn, role_id: role_id @ None, .. } =
        &mut found.requester.principal
        && let KeyState::Single(id) = request.context.state(&"aws:userid".into())
        && let Some((id, session)) = id.split_once(':')
        && let Some(role) = arn.strip_suffix(EXAMPLE_SESSION).filter(|_| !caller.keys.is_empty())
    {
        *arn = format!("{role}{session}");
        *role_id = Some(id.to_owned());
    }
    found
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

/// Whoever has the keys of a request, as far as they say; `kind` is an example of whom it may be.
fn principal(request: &Request, kind: &Caller) -> Principal {
    let text = |key: &str| match request.context.state(&key.into()) {
        KeyState::Single(text) => Some(text.as_str()),
        _ => None,
    };
    let own = request.requester.principal.account().unwrap_or_default();
    let arn = text("aws:PrincipalArn").and_then(|text| Some((text, Arn::split(text)?)));
    let of_resource = || account_of(&request.resource).filter(|_| !kind.is_example());
    let account = arn
        .as_ref()
        .and_then(|(text, _)| account_of(text))
        .or_else(|| text("aws:PrincipalAccount").filter(|text| text.len() == 12))
        .or_else(of_resource)
        .unwrap_or(own)
        .to_owned();
    let id = text("aws:userid");
    let session = |role_arn: &str| {
        let role_name = role_arn.rsplit('/').next().unwrap_or_default();
        let partition = Arn::split(role_arn).map_or("aws", |arn| arn.partition);
        let (role_id, session) = match id.and_then(|id| id.split_once(':')) {
            Some((id, session)) => (Some(id.to_owned()), session),
            None => (None, EXAMPLE_SESSION),
        };
        Principal::RoleSession {
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{role_name}/{session}"),
            role_arn: Some(role_arn.to_owned()),
            role_id,
            service_linked: false,
            account: account.clone(),
        }
    };
    let user = |arn: String| Principal::User {
        arn,
        account: account.clone(),
        // An id with a colon is a session's; of a class that holds both, a user has one of its own.
        unique_id: id
            .map(|id| if id.contains(':') { Kind::User.example_id() } else { id })
            .map(str::to_owned),
    };
    let named = |name: &str| user(format!("arn:aws:iam::{account}:user/{name}"));
    if let Some((text, arn)) = arn {
        match (arn.service, arn.resource.split_once('/')) {
            ("iam", Some(("role", _))) => return session(text),
            ("iam", Some(("user", _))) => return user(text.to_owned()),
            ("iam", None) if arn.resource == "root" => return Principal::Root { account },
            ("sts", Some(("federated-user", _))) => {
                return Principal::FederatedUser { arn: text.to_owned(), account, user_arn: None };
            }
            _ => {}
        }
    }
    match (&kind.requester.principal, text("aws:username"), text("aws:PrincipalType")) {
        (Principal::User { .. }, None, _) if id.is_some() => named("example-user"),
        (Principal::FederatedUser { .. }, ..) => kind.requester.principal.clone(),
        (_, Some(name), _) => named(name),
        (_, None, Some("User")) => named("example-user"),
        (_, None, Some("Account")) => Principal::Root { account },
        // Only a session's id holds a colon.
        (Principal::RoleSession { .. }, None, None) if id.is_some_and(|id| !id.contains(':')) => {
            if id == Some(&account) {
                Principal::Root { account }
            } else {
                named("example-user")
            }
        }
        (Principal::RoleSession { .. }, ..) => {
            session(&format!("arn:aws:iam::{account}:role/example-role"))
        }
        (other, ..) => other.clone(),
    }
}
