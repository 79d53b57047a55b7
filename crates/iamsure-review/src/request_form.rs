//! The JSON form of one request with all its policies, version 2.
//!
//! ```json
//! { "id": "any text, echoed",
//!   "principal": { "kind": "user", "account": "111122223333",
//!                  "arn": "arn:aws:iam::111122223333:user/alice" },
//!   "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
//!   "context": { "aws:ViaAWSMCPService": "true", "aws:TagKeys": ["a", "b"],
//!                "aws:SourceIp": { "unknown": true } },
//!   "policies": { "identity": [ { "Version": "2012-10-17", "Statement": [ … ] } ] } }
//! ```
//!
//! Unknown fields are errors; everything but `principal`, `action` and `resource` is optional. Only
//! what the context gives is there: a key that is not named is absent. A value of the context may be a JSON
//! number or Boolean, which means its text; a Binary value is base64 text, as in a policy. Where a list of
//! policies is meant, one document may stand alone.
//!
//! `principal` may be a text, as `--principal` takes it, with `roleArn` where it is a session of a role with a path, or `userArn` where a user started the session. `null` in
//! the context is absent. The witness of an answer is a request: what it says of the decision is read over.
//!
//! Beside what the request is, a line may say how it is decided: `lenient`, `derive`, `switches`, `path`.

mod bucket;
mod caller;
mod context;
mod policies;
mod text;

pub use bucket::{BUCKET_FACTS, bucket};

use caller::{CallerForm, PrincipalForm};
use context::Entries;
use policies::PoliciesForm;
use text::Text;

use std::borrow::Cow;

use iamsure_core::language::action::ActionNameError;
use iamsure_core::language::{Diagnostic, Profile, Source, is_account_id};
use iamsure_core::world::context::DuplicateKey;
use iamsure_core::world::{Context, PolicySet, Request, Requester, Switches};
use iamsure_truth::kept::Kept;
use iamsure_truth::unpublished::{LookedUp, Unpublished};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
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
    /// Whether the keys that follow from principal and resource are to be filled in.
    pub derive: bool,
    /// The choices that are made where AWS is silent, each as the command line takes them.
    choices: Vec<String>,
    /// What is odd about the request: names that AWS does not publish, a resource that the action never works on.
    pub odd: Vec<Unpublished>,
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
    /// A principal that is a text is nobody.
    #[error("{0}")]
    Caller(String),
    /// Two context keys differ only by case.
    #[error(transparent)]
    Context(#[from] DuplicateKey),
    /// A switch, or its choice, does not exist.
    #[error("{0}")]
    Switch(String),
    /// A fact of the bucket or object does not exist.
    #[error("unknown bucket fact `{0}`; expected {names}", names = BUCKET_FACTS.map(|(name, _)| name).join(", "))]
    Bucket(String),
    /// Two facts of the request cannot both be true.
    #[error("the request contradicts itself: {0}")]
    Contradiction(String),
    /// Policies stand in the request, and others were given for all requests.
    #[error(
        "the request has `policies`, but policies were also given for all requests: use only one of the two"
    )]
    PoliciesTwice,
    /// A policy cannot be used.
    #[error("the policy `{}` cannot be used: {}", .0.source.name(), .0.finding.message)]
    Policy(Box<PolicyFinding>),
}

impl RequestFormError {
    /// The stable, kebab-case code of the answer form.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Form(error) if error.is_data() => "bad-request",
            Self::Form(_) => "not-json",
            Self::Yaml(_) => "not-yaml",
            Self::Action { .. } => "bad-action",
            Self::Resource(_) => "bad-resource",
            Self::Principal { .. } | Self::Caller(_) => "bad-principal",
            Self::Context(_) => "duplicate-context-key",
            Self::Switch(_) => "bad-switch",
            Self::Bucket(_) => "bad-bucket",
            Self::Contradiction(_) => "contradiction",
            Self::PoliciesTwice => "policies-twice",
            Self::Policy(found) => found.finding.code.name(),
        }
    }
}

impl RequestForm {
    /// The choices of `base`, but for those that the request makes itself.
    pub fn switches(&self, base: Switches) -> Switches {
        // Each was read before.
        self.choices.iter().fold(base, |switches, text| switches.choose(text).unwrap_or(switches))
    }
}

/// Reads one request. `profile` is how its policies are read, unless it says `lenient` itself.
///
/// # Errors
/// The first thing that keeps it from being decided.
pub fn read(text: &str, profile: Profile) -> Result<RequestForm, RequestFormError> {
    let mut form: Form<'_, CallerForm, PoliciesForm> = serde_json::from_str(text)?;
    let policies = std::mem::take(&mut form.policies);
    let (id, path) = (form.id.take().map(Text::into_string), form.path.take());
    let (derive, choices) = (form.derive, std::mem::take(&mut form.switches));
    let profile = match form.lenient {
        Some(true) => Profile::Lenient,
        Some(false) => Profile::Strict,
        None => profile,
    };
    let mut names = LookedUp::default();
    let request = form.request(&mut names, CallerForm::requester)?;
    chosen(&choices)?;
    let mut warnings = Vec::new();
    let policies = policies.policy_set(profile, &mut warnings)?;
    consistent(&request)?;
    let odd = names.of_request(&request);
    Ok(RequestForm { id, request, policies, path, derive, choices, odd, warnings })
}

/// Whether every choice of a switch exists.
fn chosen(choices: &[String]) -> Result<(), RequestFormError> {
    choices
        .iter()
        .try_fold(Switches::default(), |switches, text| switches.choose(text))
        .map(|_| ())
        .map_err(RequestFormError::Switch)
}

/// A request of the form, with the text of its policies.
#[derive(Clone, Debug)]
pub struct Unattached<'a> {
    /// The text to echo in the answer.
    pub id: Option<Cow<'a, str>>,
    /// The request.
    pub request: Request,
    /// The name of a call path, if one is given.
    pub path: Option<String>,
    /// Whether the keys that follow from principal and resource are to be filled in.
    pub derive: bool,
    /// What is odd about the request: names that AWS does not publish, a resource that the action never works on.
    pub odd: Vec<Unpublished>,
    /// Whether the line says itself how its policies are read, or what is chosen where AWS is silent: what is known
    /// of its policies from other lines is then of no use.
    pub is_special: bool,
    /// The `policies` of the form, as written, if there are any. Not read: they may be none.
    pub policies: Option<&'a str>,
}

/// What requests held that were read before: actions, keys and callers, which come back.
#[derive(Debug, Default)]
pub struct SeenBefore {
    names: LookedUp,
    /// Callers by how they are written.
    callers: Kept<Requester>,
}

/// Reads one request and leaves its policies as they are written, for a caller that knows them by their text.
///
/// # Errors
/// If it is no request. What [`read`] says of such a text stands at the same place, but where several things
/// are wrong it may name another of them.
pub fn read_unattached<'a>(
    text: &'a str,
    seen: &mut SeenBefore,
) -> Result<Unattached<'a>, RequestFormError> {
    let SeenBefore { names, callers } = seen;
    // A caller who is written as one before is that one. What is wrong is told by the form that is read as a whole.
    let written = serde_json::from_str::<Form<'_, Written<'_>, Written<'_>>>(text).ok();
    let written = written.filter(|form| form.role_arn.is_none() && form.user_arn.is_none());
    let caller = written.as_ref().and_then(|form| form.principal.0).map(RawValue::get);
    if let Some(form) = written
        && let Some(known) = caller.and_then(|caller| callers.get(caller))
    {
        return form.unattached(names, |_, _, _| Ok(known.clone()));
    }
    let form: Form<'_, CallerForm, Written<'_>> = serde_json::from_str(text)?;
    form.unattached(names, |form, role, user| {
        let found = form.requester(role, user)?;
        if let Some(caller) = caller {
            callers.keep(caller, &found);
        }
        Ok(found)
    })
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
        (principal.account(), iamsure_core::language::Arn::split(&principal.shown_arn()))
        && arn.account != account
    {
        let contradiction =
            format!("the principal's account is `{account}`, but its ARN has `{}`", arn.account);
        return Err(RequestFormError::Contradiction(contradiction));
    }
    if let (Some(account), Some(arn)) =
        (request.resource_account.as_deref(), iamsure_core::language::Arn::split(&request.resource))
        && !arn.account.is_empty()
        && arn.account != account
        // AWS's own resources, such as managed policies, stand under `aws`.
        && arn.account.bytes().all(|b| b.is_ascii_digit())
    {
        let slip = if is_account_id(arn.account) { "" } else { ", which is not twelve digits" };
        let contradiction = format!(
            "the resource's account is `{account}`, but its ARN has `{}`{slip}",
            arn.account
        );
        return Err(RequestFormError::Contradiction(contradiction));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Form<'a, C, P> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    principal: C,
    role_arn: Option<String>,
    user_arn: Option<String>,
    principal_in_management_account: Option<bool>,
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    resource: Text<'a>,
    resource_account: Option<String>,
    #[serde(default)]
    resource_in_management_account: bool,
    path: Option<String>,
    #[serde(default)]
    bucket: Vec<String>,
    #[serde(default)]
    gateway_endpoint: bool,
    lenient: Option<bool>,
    #[serde(default)]
    derive: bool,
    #[serde(default)]
    switches: Vec<String>,
    #[serde(borrow, default)]
    context: Entries<'a>,
    #[serde(default)]
    policies: P,
    /// What an answer adds to the request that shows it: read over, so that a witness is a request.
    #[serde(rename = "decision")]
    _decision: Option<IgnoredAny>,
    #[serde(rename = "by")]
    _by: Option<IgnoredAny>,
    #[serde(rename = "statements")]
    _statements: Option<IgnoredAny>,
}

impl<C, P> Form<'_, C, P> {
    /// The request, but for what its accounts and ARNs say of each other. `requester` says who is meant, beside the role and
    /// the user.
    fn request(
        self,
        names: &mut LookedUp,
        requester: impl FnOnce(C, Option<String>, Option<String>) -> Result<Requester, RequestFormError>,
    ) -> Result<Request, RequestFormError> {
        let action = names.action(self.action.as_str()).map_err(|error| {
            RequestFormError::Action { action: self.action.into_string(), error }
        })?;
        let resource = self.resource.into_string();
        if resource != "*" && iamsure_core::language::Arn::split(&resource).is_none() {
            return Err(RequestFormError::Resource(resource));
        }
        let mut context = Context::closed();
        for (key, state) in self.context.0 {
            context.add(names.key(key.as_str()), state)?;
        }
        let mut requester = requester(self.principal, self.role_arn, self.user_arn)?;
        requester.in_management_account |= self.principal_in_management_account == Some(true);
        let mut request = Request::new(requester, action, resource, context);
        request.resource_account = self.resource_account;
        request.resource_in_management_account = self.resource_in_management_account;
        request.bucket = bucket(&self.bucket)?;
        request.through_gateway_endpoint = self.gateway_endpoint;
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

impl<'a, C> Form<'a, C, Written<'a>> {
    /// The request, with its policies as they are written.
    fn unattached(
        mut self,
        names: &mut LookedUp,
        requester: impl FnOnce(C, Option<String>, Option<String>) -> Result<Requester, RequestFormError>,
    ) -> Result<Unattached<'a>, RequestFormError> {
        let policies = self.policies.0.take().map(RawValue::get);
        let (id, path) = (self.id.take().map(|id| id.0), self.path.take());
        let (derive, choices) = (self.derive, std::mem::take(&mut self.switches));
        let is_special = self.lenient.is_some() || !choices.is_empty();
        let request = self.request(names, requester)?;
        chosen(&choices)?;
        consistent(&request)?;
        let odd = names.of_request(&request);
        Ok(Unattached { id, request, path, derive, odd, is_special, policies })
    }
}

/// What is left as it is written, `null` too.
#[derive(Default)]
struct Written<'a>(Option<&'a RawValue>);

impl<'de> Deserialize<'de> for Written<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}
