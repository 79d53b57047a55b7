//! Who makes a request: an object that names the kind, or a text as the command line takes it.

use std::fmt;

use iamsure_core::world::{Principal, Requester};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::RequestFormError;

/// The `principal` of a request.
pub(super) enum CallerForm {
    Text(String),
    Kind(Box<PrincipalForm>),
}

impl CallerForm {
    /// Who is meant; `role` is the role of a session, and `user` whoever started a federated session, which a text cannot tell.
    pub(super) fn requester(
        self,
        role: Option<String>,
        user: Option<String>,
    ) -> Result<Requester, RequestFormError> {
        let text = match (self, role.is_some() || user.is_some()) {
            (Self::Text(text), _) => text,
            (Self::Kind(form), false) => return form.requester(),
            (Self::Kind(form), true) => {
                let problem = "takes no separate `roleArn` or `userArn`: those are only for a principal given as a string";
                return Err(RequestFormError::Principal {
                    kind: form.kind,
                    problem: problem.to_owned(),
                });
            }
        };
        let wrong = |problem: String| RequestFormError::Caller(problem);
        let mut requester = crate::caller::requester(&text).map_err(wrong)?;
        if let Some(user) = user {
            crate::caller::started_by(&mut requester.principal, user).map_err(wrong)?;
        }
        let Some(role) = role else { return Ok(requester) };
        let named = requester.principal.role_name().map(str::to_owned);
        match &mut requester.principal {
            Principal::RoleSession { role_arn, service_linked, account, .. } => {
                let known = crate::caller::requester(&role).map_err(wrong)?.principal;
                if known.role_name().map(str::to_owned) != named
                    || known.account() != Some(account.as_str())
                {
                    return Err(wrong(format!("`{text}` is not a session of `{role}`")));
                }
                if let Principal::RoleSession { service_linked: is_linked, .. } = known {
                    *service_linked = is_linked;
                }
                *role_arn = Some(role);
                Ok(requester)
            }
            _ => Err(wrong(format!("`roleArn` is given, but `{text}` is not a session of a role"))),
        }
    }
}

impl<'de> Deserialize<'de> for CallerForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = CallerForm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a principal: an object with `kind`, or a text such as an ARN")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(CallerForm::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let form = PrincipalForm::deserialize(MapAccessDeserializer::new(map))?;
                Ok(CallerForm::Kind(Box::new(form)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A principal by its kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PrincipalForm {
    kind: String,
    account: Option<String>,
    arn: Option<String>,
    unique_id: Option<String>,
    role_arn: Option<String>,
    role_id: Option<String>,
    user_arn: Option<String>,
    task_policy_arn: Option<String>,
    service: Option<String>,
    idp: Option<String>,
    #[serde(default)]
    service_linked_role: bool,
    #[serde(default)]
    management_account: bool,
}

impl PrincipalForm {
    pub(super) fn requester(self) -> Result<Requester, RequestFormError> {
        let kind = self.kind;
        let wrong = |problem: String| RequestFormError::Principal { kind: kind.clone(), problem };
        // Fields that another kind of principal has.
        let strays: Vec<_> = [
            (
                "account",
                self.account.is_some(),
                "user role role-session federated-user root assume-root",
            ),
            ("arn", self.arn.is_some(), "user role role-session federated-user root assume-root"),
            ("uniqueId", self.unique_id.is_some(), "user"),
            ("roleArn", self.role_arn.is_some(), "role-session"),
            ("roleId", self.role_id.is_some(), "role role-session"),
            ("serviceLinkedRole", self.service_linked_role, "role role-session"),
            ("userArn", self.user_arn.is_some(), "federated-user"),
            ("taskPolicyArn", self.task_policy_arn.is_some(), "assume-root"),
            ("service", self.service.is_some(), "service"),
            ("idp", self.idp.is_some(), "federated-caller"),
        ]
        .into_iter()
        .filter(|(_, given, kinds)| *given && !kinds.split(' ').any(|known| known == kind))
        .map(|(name, ..)| format!("`{name}`"))
        .collect();
        let need = |field: Option<String>, name: &str| {
            field.ok_or_else(|| wrong(format!("needs `{name}`")))
        };
        let principal = match kind.as_str() {
            "user" => Principal::User {
                account: need(self.account, "account")?,
                arn: need(self.arn, "arn")?,
                unique_id: self.unique_id,
            },
            "role-session" => Principal::RoleSession {
                account: need(self.account, "account")?,
                arn: need(self.arn, "arn")?,
                role_arn: self.role_arn,
                role_id: self.role_id,
                service_linked: self.service_linked_role,
            },
            "role" => {
                let arn = need(self.arn, "arn")?;
                let role = crate::caller::requester(&arn).map_err(&wrong)?.principal;
                let Principal::RoleSession {
                    account,
                    arn,
                    role_arn: Some(role_arn),
                    service_linked,
                    ..
                } = role
                else {
                    return Err(wrong("needs the ARN of a role as `arn`".to_owned()));
                };
                if self.account.as_ref().is_some_and(|said| *said != account) {
                    return Err(wrong(format!("is of the account {account} by its ARN")));
                }
                Principal::RoleSession {
                    account,
                    arn,
                    role_arn: Some(role_arn),
                    role_id: self.role_id,
                    service_linked: service_linked || self.service_linked_role,
                }
            }
            "federated-user" => Principal::FederatedUser {
                account: need(self.account, "account")?,
                arn: need(self.arn, "arn")?,
                user_arn: self.user_arn,
            },
            "root" => Principal::Root { account: need(self.account, "account")? },
            "assume-root" => Principal::AssumeRoot {
                arn: match (self.arn, &self.account) {
                    (Some(arn), _) => arn,
                    (None, Some(account)) => format!("arn:aws:iam::{account}:root"),
                    (None, None) => return Err(wrong("needs `account`".to_owned())),
                },
                account: need(self.account, "account")?,
                task_policy_arn: self.task_policy_arn,
            },
            "service" => Principal::Service { name: need(self.service, "service")? },
            "anonymous" => Principal::Anonymous,
            "federated-caller" => Principal::FederatedCaller { provider: need(self.idp, "idp")? },
            _ => {
                return Err(wrong(
                    "does not exist: the kinds are user, role, role-session, federated-user, root, assume-root, service, anonymous, federated-caller"
                        .to_owned(),
                ));
            }
        };
        if !strays.is_empty() {
            return Err(wrong(format!("has no {}", strays.join(", "))));
        }
        Ok(Requester { principal, in_management_account: self.management_account })
    }
}
