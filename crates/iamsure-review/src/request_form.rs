//! The JSON form of one request with all its policies, version 1.
//!
//! ```json
//! { "id": "any text, echoed",
//!   "principal": { "kind": "user", "account": "111122223333",
//!                  "arn": "arn:aws:iam::111122223333:user/alice" },
//!   "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
//!   "context": { "aws:ViaAWSMCPService": "true", "aws:TagKeys": ["a", "b"],
//!                "aws:SourceIp": { "unknown": true } },
//!   "policies": { "identity": [ { "Version": "2012-10-17", "Statement": [] } ] } }
//! ```
//!
//! Unknown fields are errors; everything but `principal`, `action` and `resource` is optional. Only
//! what the context gives is there: a key that is not named is absent.

use std::fmt;

use iamsure_core::language::action::{ActionName, ActionNameError};
use iamsure_core::language::{
    ConditionKey, Diagnostic, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::context::DuplicateKey;
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Requester};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::tree;

/// A request in the form, read.
#[derive(Clone, Debug)]
pub struct RequestForm {
    /// The text to echo in the answer.
    pub id: Option<String>,
    /// The request.
    pub request: Request,
    /// Its policies.
    pub policies: PolicySet,
    /// The name of a call path, if one is given.
    pub path: Option<String>,
    /// What was found in the policies that is not an error.
    pub warnings: Vec<PolicyFinding>,
}

/// A finding in one of the policies of a request.
#[derive(Clone, Debug)]
pub struct PolicyFinding {
    /// The policy, named by its place in the form: `identity[0]`.
    pub source: Source,
    /// What was found.
    pub finding: Diagnostic,
}

/// Why a request could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestFormError {
    /// It is not JSON, or not of this form.
    #[error("this is not a request of the form: {0}")]
    Form(#[from] serde_json::Error),
    /// It is not YAML.
    #[error("{0}")]
    Yaml(String),
    /// The action is none.
    #[error("`{action}` is not the action of a request: {error}")]
    Action {
        /// The text.
        action: String,
        /// What is wrong with it.
        error: ActionNameError,
    },
    /// The resource is neither an ARN nor `*`.
    #[error("the resource `{0}` is neither an ARN (six fields, starting with `arn:`) nor `*`")]
    Resource(String),
    /// A principal lacks what its kind needs, or has what it must not.
    #[error("a principal of kind `{kind}` {problem}")]
    Principal {
        /// The kind.
        kind: String,
        /// What is wrong.
        problem: String,
    },
    /// Two context keys differ only by case.
    #[error(transparent)]
    Context(#[from] DuplicateKey),
    /// Two facts of the request cannot both be true.
    #[error("the request contradicts itself: {0}")]
    Contradiction(String),
    /// Policies stand in the request, and others were given for all requests.
    #[error(
        "the request has `policies`, and policies were given for all requests: give them in one of the two places"
    )]
    PoliciesTwice,
    /// A policy cannot be used.
    #[error("the policy `{}` cannot be used: {}", .0.source.name(), .0.finding.message)]
    Policy(Box<PolicyFinding>),
}

impl RequestFormError {
    /// The stable, kebab-case code of the answer form.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(error) if error.is_data() => "bad-request",
            Self::Form(_) => "not-json",
            Self::Yaml(_) => "not-yaml",
            Self::Action { .. } => "bad-action",
            Self::Resource(_) => "bad-resource",
            Self::Principal { .. } => "bad-principal",
            Self::Context(_) => "duplicate-context-key",
            Self::Contradiction(_) => "contradiction",
            Self::PoliciesTwice => "policies-twice",
            Self::Policy(found) => found.finding.code.name(),
        }
    }
}

/// Reads one request. `profile` is how its policies are read.
///
/// # Errors
/// The first thing that keeps it from being decided.
pub fn read(text: &str, profile: Profile) -> Result<RequestForm, RequestFormError> {
    let mut form: Form<PoliciesForm> = serde_json::from_str(text)?;
    let policies = std::mem::take(&mut form.policies);
    let (id, path) = (form.id.take(), form.path.take());
    let request = form.request()?;
    let mut warnings = Vec::new();
    let policies = policies.policy_set(profile, &mut warnings)?;
    consistent(&request)?;
    Ok(RequestForm { id, request, policies, path, warnings })
}

/// A request of the form, with the text of its policies.
#[derive(Clone, Debug)]
pub struct Unattached<'a> {
    /// The text to echo in the answer.
    pub id: Option<String>,
    /// The request.
    pub request: Request,
    /// The name of a call path, if one is given.
    pub path: Option<String>,
    /// The `policies` of the form, as written, if there are any. Not read: they may be none.
    pub policies: Option<&'a str>,
}

/// Reads one request and leaves its policies as they are written, for a caller that knows them by their text.
///
/// # Errors
/// If it is no request. What [`read`] says of such a text stands at the same place, but where several things
/// are wrong it may name another of them.
pub fn read_unattached(text: &str) -> Result<Unattached<'_>, RequestFormError> {
    let mut form: Form<Unread<'_>> = serde_json::from_str(text)?;
    let policies = form.policies.0.take().map(RawValue::get);
    let (id, path) = (form.id.take(), form.path.take());
    let request = form.request()?;
    consistent(&request)?;
    Ok(Unattached { id, request, path, policies })
}

/// Reads one request written as YAML.
///
/// # Errors
/// As [`read`]; what is not YAML is [`RequestFormError::Yaml`].
pub fn read_yaml(text: &str, profile: Profile) -> Result<RequestForm, RequestFormError> {
    let source = Source::new("", text);
    let form =
        tree::document(&source).map_err(|error| RequestFormError::Yaml(error.placed(&source)))?;
    read(&form.value.to_json().to_string(), profile)
}

/// The accounts of a request must agree with its ARNs.
///
/// # Errors
/// The first contradiction.
pub fn consistent(request: &Request) -> Result<(), RequestFormError> {
    let principal = &request.requester.principal;
    if let (Some(account), Some(arn)) =
        (principal.account(), iamsure_core::language::Arn::split(&principal.display_arn()))
        && arn.account != account
    {
        let contradiction =
            format!("the principal's account is `{account}`, its ARN says `{}`", arn.account);
        return Err(RequestFormError::Contradiction(contradiction));
    }
    if let (Some(account), Some(arn)) =
        (request.resource_account.as_deref(), iamsure_core::language::Arn::split(&request.resource))
        && !arn.account.is_empty()
        && arn.account != account
        // AWS's own resources, such as managed policies, stand under `aws`.
        && arn.account.bytes().all(|b| b.is_ascii_digit())
    {
        let contradiction =
            format!("the resource's account is `{account}`, its ARN says `{}`", arn.account);
        return Err(RequestFormError::Contradiction(contradiction));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Form<P> {
    id: Option<String>,
    principal: PrincipalForm,
    action: String,
    resource: String,
    resource_account: Option<String>,
    #[serde(default)]
    resource_in_management_account: bool,
    path: Option<String>,
    #[serde(default)]
    context: Entries,
    #[serde(default)]
    policies: P,
}

impl<P> Form<P> {
    /// The request, but for what its accounts and ARNs say of each other.
    fn request(self) -> Result<Request, RequestFormError> {
        let action = ActionName::parse(&self.action)
            .map_err(|error| RequestFormError::Action { action: self.action.clone(), error })?;
        if self.resource != "*" && iamsure_core::language::Arn::split(&self.resource).is_none() {
            return Err(RequestFormError::Resource(self.resource));
        }
        let mut context = Context::closed();
        for (key, state) in self.context.0 {
            context.add(ConditionKey::new(key), state.into())?;
        }
        let requester = self.principal.requester()?;
        let mut request = Request::new(requester, action, self.resource, context);
        request.resource_account = self.resource_account;
        request.resource_in_management_account = self.resource_in_management_account;
        Ok(request)
    }
}

/// Who is meant by the `principal` of the form.
///
/// # Errors
/// If it is not of the form.
pub(crate) fn requester(value: serde_json::Value) -> Result<Requester, RequestFormError> {
    serde_json::from_value::<PrincipalForm>(value)?.requester()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PrincipalForm {
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
    fn requester(self) -> Result<Requester, RequestFormError> {
        let kind = self.kind;
        let wrong = |problem: String| RequestFormError::Principal { kind: kind.clone(), problem };
        // Fields that another kind of principal has.
        let strays: Vec<_> = [
            (
                "account",
                self.account.is_some(),
                "user role-session federated-user root assume-root",
            ),
            ("arn", self.arn.is_some(), "user role-session federated-user root assume-root"),
            ("uniqueId", self.unique_id.is_some(), "user"),
            ("roleArn", self.role_arn.is_some(), "role-session"),
            ("roleId", self.role_id.is_some(), "role-session"),
            ("serviceLinkedRole", self.service_linked_role, "role-session"),
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
                    "does not exist: the kinds are user, role-session, federated-user, root, assume-root, service, anonymous, federated-caller"
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

#[derive(Deserialize)]
#[serde(untagged)]
enum StateForm {
    Single(String),
    Multi(Vec<String>),
    Unknown(UnknownForm),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnknownForm {
    /// Only `true` means anything.
    unknown: True,
}

struct True;

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? {
            Ok(Self)
        } else {
            Err(serde::de::Error::custom("`unknown` is `true` or is not written"))
        }
    }
}

impl From<StateForm> for KeyState {
    fn from(form: StateForm) -> Self {
        match form {
            StateForm::Single(value) => Self::Single(value),
            StateForm::Multi(values) => Self::Multi(values),
            StateForm::Unknown(UnknownForm { unknown: True }) => Self::Unknown,
        }
    }
}

/// The entries of the context in order, so that a repeated key is seen.
#[derive(Default)]
struct Entries(Vec<(String, StateForm)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a map of condition keys to text, a list of texts, or { \"unknown\": true }",
                )
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    let state = map.next_value::<StateForm>().map_err(|_| {
                        serde::de::Error::custom(format!(
                            "the context value of `{key}` is neither text, nor a list of texts, nor {{ \"unknown\": true }}"
                        ))
                    })?;
                    entries.push((key, state));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// Policies as they are written, `null` too.
#[derive(Default)]
struct Unread<'a>(Option<&'a RawValue>);

impl<'de> Deserialize<'de> for Unread<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PoliciesForm {
    identity: Vec<Box<RawValue>>,
    boundary: Option<Box<RawValue>>,
    session: Vec<Box<RawValue>>,
    resource: Option<Box<RawValue>>,
    trust: Option<Box<RawValue>>,
    vpce: Option<Box<RawValue>>,
    scp: Vec<Vec<Box<RawValue>>>,
    rcp: Vec<Vec<Box<RawValue>>>,
}

impl PoliciesForm {
    fn policy_set(
        self,
        profile: Profile,
        warnings: &mut Vec<PolicyFinding>,
    ) -> Result<PolicySet, RequestFormError> {
        let mut read = |raw: &RawValue, kind: PolicyType, place: String| {
            let source = Source::new(format!("policies.{place}"), raw.get());
            let inspection = PolicyDocument::inspect_attached(&source, kind, profile);
            let (errors, others): (Vec<_>, Vec<_>) =
                inspection.findings.into_iter().partition(Diagnostic::is_error);
            let found = |finding| PolicyFinding { source: source.clone(), finding };
            warnings.extend(others.into_iter().map(found));
            match (inspection.document, errors.into_iter().next()) {
                (Some(document), _) => Ok(document),
                (None, Some(finding)) => Err(RequestFormError::Policy(Box::new(found(finding)))),
                (None, None) => Err(RequestFormError::Contradiction(format!(
                    "`{}` has no document",
                    source.name()
                ))),
            }
        };
        let mut list = |raws: &[Box<RawValue>], kind: PolicyType, place: &str| {
            raws.iter()
                .enumerate()
                .map(|(index, raw)| read(raw, kind, format!("{place}[{index}]")))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut set = PolicySet {
            identity: list(&self.identity, PolicyType::Identity, "identity")?,
            session: list(&self.session, PolicyType::Session, "session")?,
            ..PolicySet::default()
        };
        for (level, raws) in self.scp.iter().enumerate() {
            set.scp.push(list(raws, PolicyType::Scp, &format!("scp[{level}]"))?);
        }
        for (level, raws) in self.rcp.iter().enumerate() {
            set.rcp.push(list(raws, PolicyType::Rcp, &format!("rcp[{level}]"))?);
        }
        let mut one = |raw: Option<Box<RawValue>>, kind: PolicyType, place: &str| {
            raw.map(|raw| read(&raw, kind, place.to_owned())).transpose()
        };
        set.boundary = one(self.boundary, PolicyType::Boundary, "boundary")?;
        set.resource = one(self.resource, PolicyType::Resource, "resource")?;
        set.trust = one(self.trust, PolicyType::Trust, "trust")?;
        set.endpoint = one(self.vpce, PolicyType::Endpoint, "vpce")?;
        Ok(set)
    }
}
