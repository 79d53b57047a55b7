//! An exchange: the checks, and the session that follows.

use super::Session;
use super::operation::Operation;
use super::role::Role;
use super::tags::Tags;
use super::terms::Terms;
use crate::language::action::{ActionName, ActionNameError};
use crate::world::context::{Context, KeyState};
use crate::world::evidence::Evidence;
use crate::world::principal::Requester;
use crate::world::request::Request;

/// One exchange: what AWS checks, and what it yields if every check is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The checks, the operation itself first. Every one must be allowed.
    pub checks: Vec<Check>,
    /// The session that follows.
    pub session: Session,
}

/// One request that an exchange must be allowed.
///
/// It is decided with the policies of the caller (none, for a token or a service) and the trust
/// policy of the role, never with the policies of the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The request.
    pub request: Request,
    /// How well it is known that AWS makes this check here.
    pub evidence: Evidence,
    /// Where that comes from.
    pub source: &'static str,
}

/// Why there is no such exchange: STS refuses it before any policy is asked, or it was not described
/// well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The ARN is not that of a role.
    #[error("`{arn}` is not the ARN of a role, such as arn:aws:iam::111122223333:role/reader")]
    NotARole {
        /// The text.
        arn: String,
    },
    /// A name holds what STS does not take.
    #[error(
        "STS does not accept the {parameter} `{name}`: only letters, digits and _+=,.@- within its length limits"
    )]
    Name {
        /// The parameter of the operation.
        parameter: &'static str,
        /// The text.
        name: String,
    },
    /// Two tags have one key.
    #[error("duplicate tag `{key}`: tag keys are case-insensitive")]
    TagTwice {
        /// The key that was repeated.
        key: String,
    },
    /// More tags than STS takes.
    #[error("{count} session tags exceed the STS limit of 50")]
    TooManyTags {
        /// How many there are.
        count: usize,
    },
    /// The tag is inherited, and STS refuses to have it passed again.
    #[error(
        "the tag `{key}` is transitive and inherited from an earlier session: passing it again fails"
    )]
    InheritedTag {
        /// The key.
        key: String,
    },
    /// The source identity cannot be changed.
    #[error(
        "the source identity was set to `{set}` in an earlier session and cannot be changed to `{asked}`"
    )]
    SourceIdentity {
        /// What was set.
        set: String,
        /// What was asked for.
        asked: String,
    },
    /// The caller's credentials cannot make this call, whatever the policies say (O-3, O-4, E-27).
    #[error("{operation} cannot be called {by}")]
    Credentials {
        /// The operation.
        operation: Operation,
        /// By whom.
        by: &'static str,
    },
    /// The account is not twelve digits.
    #[error("the account `{account}` is not twelve digits")]
    Account {
        /// The text.
        account: String,
    },
    /// The action could not be written; no built-in operation is at fault.
    #[error(transparent)]
    Action(#[from] ActionNameError),
}

/// The page of session tags.
pub(super) const TAGS: &str = "IAM User Guide, id_session-tags";
/// The page of source identity.
pub(super) const SOURCE_IDENTITY: &str =
    "IAM User Guide, id_credentials_temp_control-access_monitor";

/// The checks of an `AssumeRole*` operation: the operation, then `sts:TagSession` and
/// `sts:SetSourceIdentity` as far as tags and a source identity go along (E-32, O-5).
///
/// All are made about the same call, so that they share its keys.
pub(super) fn role_checks(
    operation: Operation,
    requester: &Requester,
    role: &Role,
    context: &Context,
    inherited: &Tags,
    source_identity: Option<&str>,
    terms: &Terms,
) -> Result<Vec<Check>, ExchangeError> {
    let check = |action: &str, evidence, source| -> Result<Check, ExchangeError> {
        let action = ActionName::parse(action)?;
        let request = Request::new(requester.clone(), action, role.arn(), context.clone());
        Ok(Check { request, evidence, source })
    };
    let mut checks =
        vec![check(operation.action(), Evidence::Documented, "STS API Reference, AssumeRole*")?];
    if !terms.tags.is_empty() {
        checks.push(check("sts:TagSession", Evidence::Documented, TAGS)?);
    } else if !inherited.is_empty() {
        // AWS asks for the permission wherever tags are passed along, and its examples of roles that
        // are reached with transitive tags have it; no page says so of a call that passes none.
        checks.push(check("sts:TagSession", Evidence::Assumed, TAGS)?);
    }
    if terms.source_identity.is_some() || source_identity.is_some() {
        checks.push(check("sts:SetSourceIdentity", Evidence::Documented, SOURCE_IDENTITY)?);
    }
    Ok(checks)
}

/// Sets the keys that every `AssumeRole*` operation has: the session name, the tags that are passed,
/// the source identity, and the tags of the role.
pub(super) fn set_terms(
    context: &mut Context,
    role: &Role,
    inherited: &Tags,
    source_identity: Option<&str>,
    terms: &Terms,
) {
    let list = |keys: Vec<String>| {
        if keys.is_empty() { KeyState::Absent } else { KeyState::Multi(keys) }
    };
    context.set("sts:RoleSessionName".into(), KeyState::single(terms.session_name.as_str()));
    for (key, state) in terms.tags.keys_of("aws:RequestTag/") {
        context.set(key, state);
    }
    if inherited.is_empty() {
        let keys = terms.tags.iter().map(|(key, _)| key.to_owned()).collect();
        context.set("aws:TagKeys".into(), list(keys));
        context.set("sts:TransitiveTagKeys".into(), list(terms.transitive.clone()));
    } else {
        // Whether inherited tags count as passed in the request, AWS does not say.
        context.set("aws:TagKeys".into(), KeyState::Unknown);
        context.set("sts:TransitiveTagKeys".into(), KeyState::Unknown);
        for (key, _) in inherited.keys_of("aws:RequestTag/") {
            context.set(key, KeyState::Unknown);
        }
    }
    context.complete("aws:RequestTag/");
    // What an earlier session set is there as aws:SourceIdentity; whether it is repeated under the
    // key of the request, AWS does not say.
    let source_identity = match (&terms.source_identity, source_identity) {
        (Some(asked), _) => KeyState::single(asked.as_str()),
        (None, Some(_)) => KeyState::Unknown,
        (None, None) => KeyState::Absent,
    };
    context.set("sts:SourceIdentity".into(), source_identity);
    if let Some(tags) = role.tags() {
        for family in ["aws:ResourceTag/", "iam:ResourceTag/"] {
            for (key, state) in tags.keys_of(family) {
                context.set(key, state);
            }
            context.complete(family);
        }
    }
    context.set("aws:ResourceAccount".into(), KeyState::single(role.account()));
}
