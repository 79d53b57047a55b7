//! Callers that have the keys their requests hold.
//!
//! Where a question names nobody, an example calls and its keys are free. A request in which `aws:PrincipalArn`
//! is that of another role than the one that calls cannot occur, so whoever calls is chosen by the keys.

use iamsure_core::language::{Arn, ConditionKey, is_account_id};
use iamsure_core::world::principal::ANY_SESSION;
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, Principal, Request, Requester};

use crate::class::identity::{Identity, Kind, assumed_root_of};
use crate::class::requester::Caller;
use crate::sample::{account_of, is_sample};
use crate::unpublished::of_owner;

/// What the ARN of a session begins with, up to the session's name, if that is an example.
pub(crate) fn role_of_any_session(arn: &str) -> Option<&str> {
    arn.strip_suffix(ANY_SESSION).filter(|role| role.ends_with('/'))
}

/// The request by callers that have its keys, the likeliest first; none if the caller is no example of its kind.
///
/// Keys that follow from the caller are then what they are for it, so that the request may be of other classes: it is
/// for the reader to decide it again. The ARN of a class may be of another kind of caller than its other keys are of,
/// while other ARNs of the class are of that kind: so one of them goes by the ARN, the other by what else is held.
pub(crate) fn embodied(request: &Request, caller: &Caller) -> Vec<Request> {
    if !is_sample(&request.requester) && !caller.is_example() {
        return with_session(request).into_iter().collect();
    }
    let found = Embodiment::of(request, caller);
    let arn = text(request, "aws:PrincipalArn").and_then(|text| Some((text, Arn::split(text)?)));
    let by_arn = arn.and_then(|(text, arn)| found.by_arn(text, &arn));
    let principals = by_arn.into_iter().chain([found.by_other_keys()]);
    principals
        .map(|principal| by(request, principal))
        .filter(|found| contradiction(found).is_none())
        .collect()
}

/// The request by a principal, with the keys that it has.
fn by(request: &Request, principal: Principal) -> Request {
    let own = request.requester.principal.account();
    let mut found = request.clone();
    // What belongs to the caller's account does so still.
    if is_sample(&request.requester) && found.resource_account.as_deref() == own {
        found.resource_account = principal.account().map(str::to_owned);
    }
    for (key, state) in principal_keys(&principal) {
        let is_held = matches!(found.context.state(&key), KeyState::Single(_) | KeyState::Multi(_));
        if is_held && matches!(state, KeyState::Single(_)) {
            found.context.set(key, state);
        }
    }
    let in_management_account = request.requester.in_management_account;
    found.requester = Requester { principal, in_management_account };
    found
}

/// The request with one session in `aws:userid` and in the ARN of the caller: that of the id where the caller is any
/// session of a role, as where a role is named and its session is an example; that of the caller otherwise.
fn with_session(request: &Request) -> Option<Request> {
    let mut found = request.clone();
    let Principal::RoleSession { arn, role_id, .. } = &mut found.requester.principal else {
        return None;
    };
    let (id, session) = text(request, "aws:userid")?.split_once(':')?;
    if role_id.as_ref().is_some_and(|known| known != id) {
        return None;
    }
    if let Some(role) = role_of_any_session(arn) {
        *arn = format!("{role}{session}");
        *role_id = Some(id.to_owned());
    } else if role_id.is_some() {
        // Its id is that of this session.
        return None;
    } else {
        let own = arn.rsplit('/').next()?;
        found.context.set("aws:userid".into(), KeyState::Single(format!("{id}:{own}")));
    }
    Some(found)
}

/// A key of the request that is not what it is for its caller (8.1).
pub(crate) fn contradiction(request: &Request) -> Option<ConditionKey> {
    let is_other = |(key, state): &(ConditionKey, KeyState)| {
        let held = request.context.state(key);
        let is_open = |state: &KeyState| *state == KeyState::Unknown;
        request.context.is_set(key) && !is_open(state) && !is_open(held) && held != state
    };
    let keys = principal_keys(&request.requester.principal);
    let other = keys.into_iter().find(is_other).map(|(key, _)| key);
    let is_root_session = matches!(request.requester.principal, Principal::AssumeRoot { .. });
    let other = other.or_else(|| {
        let is_so = is_assumed_root(request) && !is_root_session;
        is_so.then(|| ConditionKey::new(ASSUMED_ROOT))
    });
    other.or_else(|| has_another_id(request).then(|| ConditionKey::new("aws:userid")))
}

/// Said of a request whose `aws:ResourceAccount` is another account than the one that its resource is taken to belong to.
pub(crate) const OTHER_OWNER: &str =
    "aws:ResourceAccount names another account than the one the resource is assumed to belong to";

/// Whether `aws:ResourceAccount` is another account than the one that the resource is taken to belong to (KC-15).
pub(crate) fn is_of_other_owner(request: &Request) -> bool {
    of_owner(request).is_some()
}

/// The key of sessions of `AssumeRoot` (KC-10).
const ASSUMED_ROOT: &str = "aws:AssumedRoot";

/// Whether a request says that it is of a session of `AssumeRoot`.
fn is_assumed_root(request: &Request) -> bool {
    text(request, ASSUMED_ROOT).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Whether `aws:userid` is one that the caller cannot have, whichever of its kind has it (K-17).
fn has_another_id(request: &Request) -> bool {
    let Some(id) = text(request, "aws:userid") else { return false };
    let principal = &request.requester.principal;
    let is_of_kind = Identity::of(&"aws:userid".into(), Some(principal))
        .is_none_or(|identity| identity.is_value(id));
    let is_of_session = match principal {
        Principal::RoleSession { arn, .. } => {
            id.split_once(':').map(|(_, session)| session) == arn.rsplit('/').next()
        }
        _ => true,
    };
    !(is_of_kind && is_of_session)
}

/// Whoever has the keys of a request, as far as they say.
struct Embodiment<'a> {
    request: &'a Request,
    /// An example of whom it may be.
    kind: &'a Caller,
    account: String,
    id: Option<&'a str>,
}

impl<'a> Embodiment<'a> {
    fn of(request: &'a Request, kind: &'a Caller) -> Self {
        let own = request.requester.principal.account().unwrap_or_default();
        let of_resource = || account_of(&request.resource).filter(|_| !kind.is_example());
        // The resource is taken to be the caller's account's: whoever calls is of the account that owns it.
        let of_owner = || {
            let is_free = is_sample(&request.requester) && account_of(&request.resource).is_none();
            text(request, "aws:ResourceAccount").filter(|text| is_free && is_account_id(text))
        };
        let account = text(request, "aws:PrincipalArn")
            .and_then(account_of)
            .or_else(|| text(request, "aws:PrincipalAccount").filter(|text| is_account_id(text)))
            .or_else(of_resource)
            .or_else(of_owner)
            .unwrap_or(own)
            .to_owned();
        Self { request, kind, account, id: text(request, "aws:userid") }
    }

    /// Whom an ARN identifies.
    fn by_arn(&self, text: &str, arn: &Arn<'_>) -> Option<Principal> {
        match (arn.service, arn.resource.split_once('/')) {
            ("iam", Some(("role", _))) => Some(self.session(text)),
            ("iam", Some(("user", _))) => Some(self.user(text.to_owned())),
            ("iam", None) if arn.resource == "root" && is_assumed_root(self.request) => {
                Some(assumed_root_of(&self.account))
            }
            ("iam", None) if arn.resource == "root" => Some(self.root()),
            ("sts", Some(("federated-user", _))) => Some(self.federated_user(text.to_owned())),
            _ => None,
        }
    }

    /// Whom the other keys are of.
    fn by_other_keys(&self) -> Principal {
        let account = &self.account;
        let username = text(self.request, "aws:username");
        let kind = text(self.request, "aws:PrincipalType");
        match (&self.kind.requester.principal, username, kind) {
            _ if is_assumed_root(self.request) => assumed_root_of(account),
            (Principal::User { .. }, None, _) if self.id.is_some() => self.named("example-user"),
            (Principal::FederatedUser { .. }, ..) => self.kind.requester.principal.clone(),
            (_, Some(name), _) => self.named(name),
            (_, None, Some("User")) => self.named("example-user"),
            (_, None, Some("Account")) => self.root(),
            (_, None, Some("FederatedUser")) => self.federated_user(format!(
                "arn:aws:sts::{account}:federated-user/example-federated-user"
            )),
            // Only a session's id holds a colon.
            (Principal::RoleSession { .. }, None, None)
                if self.id.is_some_and(|id| !id.contains(':')) =>
            {
                if self.id == Some(account) {
                    self.root()
                } else {
                    self.named("example-user")
                }
            }
            (Principal::RoleSession { .. }, ..) => {
                self.session(&format!("arn:aws:iam::{account}:role/example-role"))
            }
            (other, ..) => other.clone(),
        }
    }

    fn session(&self, role_arn: &str) -> Principal {
        let role_name = role_arn.rsplit('/').next().unwrap_or_default();
        let partition = Arn::split(role_arn).map_or("aws", |arn| arn.partition);
        let account = self.account.clone();
        // An id without a colon is a user's; of a class that holds both, a session has one of its own.
        let own =
            |id: &'a str| id.split_once(':').or_else(|| Kind::Role.example_id().split_once(':'));
        let (role_id, session) = match self.id.and_then(own) {
            Some((id, session)) => (Some(id.to_owned()), session),
            None => (None, ANY_SESSION),
        };
        Principal::RoleSession {
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{role_name}/{session}"),
            role_arn: Some(role_arn.to_owned()),
            role_id,
            service_linked: false,
            account,
        }
    }

    fn user(&self, arn: String) -> Principal {
        // An id with a colon is a session's; of a class that holds both, a user has one of its own.
        let own = |id: &'a str| if id.contains(':') { Kind::User.example_id() } else { id };
        Principal::User {
            arn,
            account: self.account.clone(),
            unique_id: self.id.map(own).map(str::to_owned),
        }
    }

    fn named(&self, name: &str) -> Principal {
        self.user(format!("arn:aws:iam::{}:user/{name}", self.account))
    }

    fn root(&self) -> Principal {
        Principal::Root { account: self.account.clone() }
    }

    fn federated_user(&self, arn: String) -> Principal {
        Principal::FederatedUser { arn, account: self.account.clone(), user_arn: None }
    }
}

/// The value of a key that holds one.
fn text<'a>(request: &'a Request, key: &str) -> Option<&'a str> {
    match request.context.state(&key.into()) {
        KeyState::Single(text) => Some(text),
        _ => None,
    }
}
