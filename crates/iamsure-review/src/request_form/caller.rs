//! Who makes a request: an object that names the kind, or a text as the command line takes it.

use std::fmt;

use iamsure_core::world::{Principal, Requester};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{PrincipalForm, RequestFormError};

/// The `principal` of a request.
pub(super) enum CallerForm {
    Text(String),
    Kind(PrincipalForm),
}

impl CallerForm {
    /// Who is meant; `role` is the role of a session, where a text cannot tell it.
    pub(super) fn requester(self, role: Option<String>) -> Result<Requester, RequestFormError> {
        let text = match (self, &role) {
            (Self::Text(text), _) => text,
            (Self::Kind(form), None) => return form.requester(),
            (Self::Kind(form), Some(_)) => {
                let problem =
                    "says its role itself: `roleArn` stands beside a principal that is a text";
                return Err(RequestFormError::Principal {
                    kind: form.kind,
                    problem: problem.to_owned(),
                });
            }
        };
        let wrong = |problem: String| RequestFormError::Caller(problem);
        let mut requester = crate::caller::requester(&text).map_err(wrong)?;
        let Some(role) = role else { return Ok(requester) };
        let named = requester.principal.role_name().map(str::to_owned);
        match &mut requester.principal {
            Principal::RoleSession { role_arn, service_linked, account, .. } => {
                let known = crate::caller::requester(&role).map_err(wrong)?.principal;
                if known.role_name().map(str::to_owned) != named
                    || known.account() != Some(account.as_str())
                {
                    return Err(wrong(format!("`{text}` is no session of `{role}`")));
                }
                if let Principal::RoleSession { service_linked: is_linked, .. } = known {
                    *service_linked = is_linked;
                }
                *role_arn = Some(role);
                Ok(requester)
            }
            _ => Err(wrong(format!("`{text}` is no session of a role, and `roleArn` is given"))),
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
                PrincipalForm::deserialize(MapAccessDeserializer::new(map)).map(CallerForm::Kind)
            }
        }

        deserializer.deserialize_any(Either)
    }
}
