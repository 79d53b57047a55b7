//! Who called, from what records say of it.

use iamsure_core::language::{Arn, ConditionKey, is_account_id};
use iamsure_core::world::principal::ANY_SESSION;
use iamsure_core::world::{KeyState, Principal};

use super::field::Field;
use iamsure_review::caller::requester;

/// Who called, from the `userIdentity` of a CloudTrail record.
///
/// AWS page: CloudTrail User Guide, `cloudtrail-event-reference-user-identity`.
///
/// # Errors
/// Why the record does not tell, as a thing to add.
pub(super) fn of_record(identity: Field<'_>) -> Result<Principal, String> {
    let kind = identity.text("type").unwrap_or("Unknown");
    let arn = identity.text("arn");
    let account = identity
        .text("accountId")
        .or_else(|| arn.and_then(Arn::split).map(|arn| arn.account))
        .filter(|account| is_account_id(account));
    let unclear =
        || format!("set the caller: the record says `{kind}`, which does not identify it");
    let text = |field: Option<&str>| field.map(str::to_owned);
    // Users and roles are told apart by the record, not by their ARN.
    match (kind, account, arn) {
        ("IAMUser", Some(account), Some(arn)) => Ok(Principal::User {
            account: account.to_owned(),
            arn: arn.to_owned(),
            unique_id: text(identity.text("principalId").filter(|id| id.starts_with("AIDA"))),
        }),
        ("AssumedRole", Some(account), Some(arn)) => {
            let role = identity
                .find(&["sessionContext", "sessionIssuer"])
                .and_then(|issuer| issuer.text("arn"));
            let id = identity.text("principalId").and_then(|id| id.split(':').next());
            Ok(Principal::RoleSession {
                account: account.to_owned(),
                arn: arn.to_owned(),
                role_arn: text(role),
                role_id: text(id.filter(|id| id.starts_with("AROA"))),
                service_linked: role.is_some_and(|arn| arn.contains(":role/aws-service-role/")),
            })
        }
        ("Root", Some(account), arn) => {
            let by_assume_root = identity
                .find(&["sessionContext", "assumedRoot"])
                .and_then(Field::as_bool)
                .unwrap_or_default();
            if !by_assume_root {
                return Ok(Principal::Root { account: account.to_owned() });
            }
            Ok(Principal::AssumeRoot {
                account: account.to_owned(),
                arn: arn.map_or_else(|| format!("arn:aws:iam::{account}:root"), str::to_owned),
                task_policy_arn: None,
            })
        }
        ("FederatedUser", Some(account), Some(arn)) => {
            let issuer = identity.find(&["sessionContext", "sessionIssuer"]);
            let user = issuer.and_then(|issuer| issuer.text("arn"));
            Ok(Principal::FederatedUser {
                account: account.to_owned(),
                arn: arn.to_owned(),
                user_arn: text(user.filter(|arn| arn.contains(":user/"))),
            })
        }
        ("AWSService", ..) => identity
            .text("invokedBy")
            .filter(|name| name.ends_with(".amazonaws.com"))
            .map(|name| Principal::Service { name: name.to_owned() })
            .ok_or_else(unclear),
        ("WebIdentityUser", ..) => identity
            .text("identityProvider")
            .map(|provider| Principal::FederatedCaller { provider: provider.to_owned() })
            .ok_or_else(unclear),
        ("AWSAccount", ..) if identity.text("accountId") == Some("ANONYMOUS_PRINCIPAL") => {
            Ok(Principal::Anonymous)
        }
        ("AWSAccount", Some(account), _) => Err(format!(
            "set the caller: it belongs to account {account}, and a record in another account does not identify it"
        )),
        _ => Err(unclear()),
    }
}

/// Who called, from the keys of a captured request context.
///
/// AWS page: IAM User Guide, `reference_policies_variables` (principal key values).
pub(super) fn of_context(context: &[(ConditionKey, KeyState)]) -> Option<Principal> {
    let value = |name: &str| {
        let key = ConditionKey::new(name);
        context.iter().find_map(|(known, state)| match state {
            KeyState::Single(text) if *known == key => Some(text.as_str()),
            _ => None,
        })
    };
    of_arn_and_id(value("aws:PrincipalArn")?, value("aws:userid"))
}

/// Who called, from an ARN and what `aws:userid` is: `AIDA…` of a user, `AROA…:session` of a session.
pub(super) fn of_arn_and_id(arn: &str, id: Option<&str>) -> Option<Principal> {
    Some(match of_arn(arn)? {
        Principal::User { account, arn, .. } => {
            Principal::User { account, arn, unique_id: id.map(str::to_owned) }
        }
        Principal::RoleSession { account, arn, role_arn, service_linked, .. } => {
            let (role_id, session) = match id.and_then(|id| id.split_once(':')) {
                Some((role, session)) => (Some(role.to_owned()), session),
                None => (None, ANY_SESSION),
            };
            let arn =
                arn.strip_suffix(ANY_SESSION).map(|arn| format!("{arn}{session}")).unwrap_or(arn);
            Principal::RoleSession { account, arn, role_arn, role_id, service_linked }
        }
        other => other,
    })
}

/// Who is meant by an ARN: a user, some session of a role, a session, a federated user, or root.
pub(super) fn of_arn(text: &str) -> Option<Principal> {
    let principal = requester(text).ok()?.principal;
    principal.account().is_some().then_some(principal)
}

/// A short name for people: `alice`, `app`, `cloudtrail.amazonaws.com`.
pub(super) fn short_name(principal: &Principal) -> String {
    match principal {
        Principal::RoleSession { arn, .. } => {
            principal.role_name().map_or_else(|| arn.clone(), str::to_owned)
        }
        Principal::Root { account } | Principal::AssumeRoot { account, .. } => {
            format!("root of {account}")
        }
        other => {
            let arn = other.display_arn();
            arn.rsplit('/').next().unwrap_or_default().to_owned()
        }
    }
}

/// The text that says everything that is known of a principal, if one text can.
pub(super) fn one_text(principal: &Principal) -> Option<String> {
    match principal {
        Principal::User { arn, unique_id: None, .. }
        | Principal::FederatedUser { arn, user_arn: None, .. } => Some(arn.clone()),
        Principal::RoleSession {
            arn,
            role_arn: None,
            role_id: None,
            service_linked: false,
            ..
        } => Some(arn.clone()),
        Principal::RoleSession { role_arn: Some(role), .. }
            if of_arn(role).as_ref() == Some(principal) =>
        {
            Some(role.clone())
        }
        Principal::Root { .. } | Principal::Service { .. } | Principal::Anonymous => {
            Some(principal.display_arn())
        }
        Principal::FederatedCaller { provider } if provider.starts_with("arn:") => {
            Some(provider.clone())
        }
        _ => None,
    }
}
