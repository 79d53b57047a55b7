//! Who may make an exchange, as a trust policy names them, and the principal that stands for each.

use iamsure_core::language::document::{Effect, Named, PrincipalEntry, Sense};
use iamsure_core::language::{ActionName, Arn, PolicyDocument};
use iamsure_core::world::principal::{ANY_SESSION, is_saml_provider};
use iamsure_core::world::session::Operation;
use iamsure_core::world::{CallPath, Principal, TokenShape};

use super::Party;
use crate::sample::{EXAMPLE_ACCOUNT, OTHER_ACCOUNT};

/// A caller that a trust policy names for an operation, and the principal that stands for it.
pub(super) struct Candidate {
    pub(super) provider: Option<String>,
    pub(super) party: Option<Party>,
    pub(super) principal: Principal,
    /// Whether the principal is the one that is named, so that its keys are known.
    pub(super) is_itself: bool,
}

/// Who a trust policy allows an operation to.
pub(super) fn callers(trust: Option<&PolicyDocument>, operation: Operation) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let Ok(action) = ActionName::parse(operation.action()) else { return found };
    for statement in trust.iter().flat_map(|trust| &trust.statements) {
        let names_action = statement.action.as_ref().is_some_and(|element| {
            element.entries.iter().any(|entry| entry.matches(&action))
                == (element.sense == Sense::OneOf)
        });
        if *statement.effect != Effect::Allow || !names_action {
            continue;
        }
        for entry in statement.principal.iter().flat_map(|element| &element.entries) {
            if let Some(caller) = candidate(&entry.value, operation)
                && !found
                    .iter()
                    .any(|known| known.provider == caller.provider && known.party == caller.party)
            {
                found.push(caller);
            }
        }
    }
    found
}

fn candidate(entry: &PrincipalEntry, operation: Operation) -> Option<Candidate> {
    let everyone = match entry {
        PrincipalEntry::Everyone => true,
        PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
        _ => false,
    };
    if operation.is_unsigned() {
        let provider = match entry {
            PrincipalEntry::Federated(name) if is_provider_for(name, operation) => {
                Some(name.clone())
            }
            _ if everyone => None,
            _ => return None,
        };
        return Some(token(provider));
    }
    let (party, principal, is_itself) = match entry {
        _ if everyone => (Party::Anyone, user_of(OTHER_ACCOUNT), false),
        PrincipalEntry::Service(name) => {
            (Party::Named(name.clone()), Principal::Service { name: name.clone() }, true)
        }
        PrincipalEntry::Aws(aws) => match aws.named() {
            Named::Account(id) => (Party::Account(id.to_owned()), user_of(id), false),
            named => (Party::Named(aws.as_str().to_owned()), principal(named, aws.as_str())?, true),
        },
        _ => return None,
    };
    Some(Candidate { provider: None, party: Some(party), principal, is_itself })
}

/// The caller of an exchange of a token; of any provider, if none was named.
pub(super) fn token(provider: Option<String>) -> Candidate {
    let name = provider.clone().unwrap_or_else(|| "any provider".to_owned());
    let principal = Principal::FederatedCaller { provider: name };
    Candidate { provider, party: None, principal, is_itself: false }
}

/// Those of some callers whose tokens can be of a shape; whoever brings a token of any provider has one of its issuer.
pub(super) fn of_shape(
    callers: Vec<Candidate>,
    path: &CallPath,
    shape: TokenShape,
    account: &str,
) -> Vec<Candidate> {
    let is_at = |provider: &str| path.may_be_of(provider);
    let (mut found, others): (Vec<_>, Vec<_>) =
        callers.into_iter().partition(|caller| caller.provider.as_deref().is_some_and(is_at));
    if found.is_empty() && others.iter().any(|caller| caller.provider.is_none()) {
        found.push(token(Some(shape.example_provider(account))));
    }
    found
}

/// Whether what the provider gives is exchanged by the operation.
fn is_provider_for(name: &str, operation: Operation) -> bool {
    is_saml_provider(name) == (operation == Operation::AssumeRoleWithSaml)
}

/// Why the credentials of a principal cannot make a call (O-3, O-4, E-27).
pub(super) const fn refused(operation: Operation, principal: &Principal) -> Option<&'static str> {
    match (operation, principal) {
        (
            Operation::GetFederationToken | Operation::GetSessionToken,
            Principal::User { .. } | Principal::Root { .. },
        )
        | (Operation::AssumeRoot, Principal::User { .. } | Principal::RoleSession { .. }) => None,
        (Operation::AssumeRoot, _) => Some(
            "only users and roles of the management account or a delegated administrator account can call it",
        ),
        (Operation::GetFederationToken | Operation::GetSessionToken, _) => {
            Some("only the long-term credentials of a user or root can call it")
        }
        _ => None,
    }
}

/// Some user of an account.
pub(super) fn user_of(account: &str) -> Principal {
    Principal::User {
        account: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:user/example-user"),
        unique_id: None,
    }
}

/// Some session of a role of an account, of another than the role in question.
pub(super) fn session_of(account: &str) -> Principal {
    Principal::RoleSession {
        account: account.to_owned(),
        role_arn: Some(format!("arn:aws:iam::{account}:role/another-role")),
        arn: format!("arn:aws:sts::{account}:assumed-role/another-role/{ANY_SESSION}"),
        role_id: None,
        service_linked: false,
    }
}

/// The principal that an entry names; `None` if it cannot assume roles.
fn principal(named: Named<'_>, text: &str) -> Option<Principal> {
    let arn = text.to_owned();
    let account = Arn::split(text).map_or(EXAMPLE_ACCOUNT, |arn| arn.account).to_owned();
    match named {
        Named::User(_) => Some(Principal::User { account, arn, unique_id: None }),
        Named::Role { partition, account, name } => Some(Principal::RoleSession {
            account: account.to_owned(),
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{name}/{ANY_SESSION}"),
            role_arn: Some(arn),
            role_id: None,
            service_linked: false,
        }),
        Named::RoleSession(_) => Some(Principal::RoleSession {
            account,
            arn,
            role_arn: None,
            role_id: None,
            service_linked: false,
        }),
        Named::UniqueId(id) if id.starts_with("AROA") => Some(Principal::RoleSession {
            arn: format!("arn:aws:sts::{account}:assumed-role/example-role/{ANY_SESSION}"),
            account,
            role_arn: None,
            role_id: Some(id.to_owned()),
            service_linked: false,
        }),
        Named::UniqueId(id) => Some(Principal::User {
            arn: format!("arn:aws:iam::{account}:user/example-user"),
            account,
            unique_id: Some(id.to_owned()),
        }),
        Named::Everyone | Named::Account(_) | Named::FederatedUser(_) | Named::Nobody => None,
    }
}
