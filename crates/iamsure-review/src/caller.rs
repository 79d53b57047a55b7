//! Who is meant by the text of a principal.

use iamsure_core::language::{Arn, is_account_id};
use iamsure_core::world::principal::{ANY_SESSION, OF_CLOUDFRONT};
use iamsure_core::world::{Principal, Requester};

use crate::foreign::Sink;

/// The identity providers that policies name without an ARN.
///
/// AWS page: IAM User Guide, `reference_policies_elements_principal` (OIDC federated principals).
const PROVIDERS: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// Who is meant by a text: the ARN of a user, a role (some session of it), a session, a federated user, the
/// root user of an account or an identity provider; the name of a service or of a provider without an ARN; or `anonymous`.
///
/// AWS page: IAM User Guide, `reference_identifiers`.
///
/// # Errors
/// Why nobody is, and what is a principal.
pub fn requester(text: &str) -> Result<Requester, String> {
    let nobody = || {
        let text = Sink::Line.text(text);
        format!(
            "`{text}` is not a valid principal; expected the ARN of a user, role, role session, federated user, root or identity provider, a service such as `cloudtrail.amazonaws.com`, or `anonymous`"
        )
    };
    // No name of AWS holds one, and it would begin a line of ours.
    if text.contains(char::is_control) {
        return Err(nobody());
    }
    if text == "anonymous" {
        return Ok(Principal::Anonymous.into());
    }
    if PROVIDERS.contains(&text) {
        return Ok(Principal::FederatedCaller { provider: text.to_owned() }.into());
    }
    let Some(arn) = Arn::split(text) else {
        return if text.ends_with(".amazonaws.com") {
            Ok(Principal::Service { name: text.to_owned() }.into())
        } else {
            Err(nobody())
        };
    };
    if let ("iam", Some(("oidc-provider" | "saml-provider", _))) =
        (arn.service, arn.resource.split_once('/'))
    {
        return Ok(Principal::FederatedCaller { provider: text.to_owned() }.into());
    }
    let is_of_cloudfront =
        arn.account == OF_CLOUDFRONT && arn.service == "iam" && arn.resource.starts_with("user/");
    if !is_account_id(arn.account) && !is_of_cloudfront {
        return Err(format!("the account `{}` of `{text}` is not twelve digits", arn.account));
    }
    let account = arn.account.to_owned();
    let arn_text = text.to_owned();
    let principal = match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) if arn.resource == "root" => Principal::Root { account },
        ("iam", Some(("user", _))) => Principal::User { account, arn: arn_text, unique_id: None },
        ("iam", Some(("role", path))) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            Principal::RoleSession {
                arn: format!(
                    "arn:{}:sts::{account}:assumed-role/{name}/{ANY_SESSION}",
                    arn.partition
                ),
                account,
                role_arn: Some(arn_text),
                role_id: None,
                service_linked: path.starts_with("aws-service-role/"),
            }
        }
        ("sts", Some(("assumed-role", _))) => Principal::RoleSession {
            account,
            arn: arn_text,
            role_arn: None,
            role_id: None,
            service_linked: false,
        },
        ("sts", Some(("federated-user", _))) => {
            Principal::FederatedUser { account, arn: arn_text, user_arn: None }
        }
        _ => return Err(nobody()),
    };
    Ok(principal.into())
}

/// Whether a caller is this principal, or a session of it.
pub fn is_of(caller: &Principal, owner: &Principal) -> bool {
    let role = |principal: &Principal| match principal {
        Principal::RoleSession { role_arn, .. } => role_arn.clone(),
        _ => None,
    };
    match (caller, owner) {
        (Principal::RoleSession { .. }, Principal::RoleSession { .. }) => {
            let is_same_name =
                caller.account() == owner.account() && caller.role_name() == owner.role_name();
            is_same_name && role(caller).is_none_or(|arn| Some(arn) == role(owner))
        }
        _ => caller.display_arn() == owner.display_arn(),
    }
}
/// Says which user started a federated session.
///
/// # Errors
/// If the principal is none, or the user is of another account.
pub fn started_by(principal: &mut Principal, user: String) -> Result<(), String> {
    let shown = principal.display_arn();
    let Principal::FederatedUser { account, user_arn, .. } = principal else {
        return Err(format!(
            "`{user}` is given as the user, but `{shown}` is not a federated user"
        ));
    };
    match requester(&user)?.principal {
        Principal::User { account: of_user, .. } if of_user == *account => {
            *user_arn = Some(user);
            Ok(())
        }
        _ => Err(format!("`{user}` is not a user of account {account}")),
    }
}
