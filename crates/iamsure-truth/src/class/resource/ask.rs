//! What a question can be about, as a resource.

use iamsure_core::language::Arn;

use super::is_resource_pattern;
use crate::class::plausible::names_no_account;

/// Why a text is no resource that a question can be about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAResource {
    /// It is neither `*` nor an ARN.
    #[error(
        "the resource `{0}` is neither `*` nor an ARN, which starts with `arn:` and has six fields"
    )]
    NotAnArn(String),
    /// It names an account that is none.
    #[error(
        "the resource `{resource}` names the account `{account}`, but an account has twelve digits"
    )]
    NotAnAccount {
        /// The text.
        resource: String,
        /// Its fifth field.
        account: String,
    },
    /// It contains what would be a variable in a policy.
    #[error(
        "the resource `{0}` contains a policy variable, but nothing is substituted in the name of a resource; give the resources, such as `arn:aws:s3:::bucket/alice/*`, or prove a claim about them: 'never allow ACTION on {0}'"
    )]
    Variable(String),
}

/// Whether a question can be about a text as a resource: `*`, an ARN, or a pattern of ARNs.
///
/// # Errors
/// Why not.
pub fn check_resource(text: &str) -> Result<(), NotAResource> {
    if text == "*" {
        return Ok(());
    }
    let Some(arn) = Arn::split(text) else { return Err(NotAResource::NotAnArn(text.to_owned())) };
    if text.contains("${") {
        return Err(NotAResource::Variable(text.to_owned()));
    }
    if names_no_account(text) && !is_resource_pattern(arn.account) {
        let account = arn.account.to_owned();
        return Err(NotAResource::NotAnAccount { resource: text.to_owned(), account });
    }
    Ok(())
}
