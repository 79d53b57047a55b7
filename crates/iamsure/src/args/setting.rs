//! The options that say which requests a question is about.

use std::path::PathBuf;

use iamsure_core::language::is_account_id;

/// Which requests to cover: all, by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct SettingArgs {
    /// Only this action (repeatable). May contain wildcards.
    #[arg(long = "action", value_name = "ACTION", help_heading = "Request")]
    pub actions: Vec<String>,
    /// Only this resource (repeatable): an ARN, in which `*` and `?` are wildcards, or `*` for calls without a resource.
    #[arg(long = "resource", value_name = "ARN", help_heading = "Request")]
    pub resources: Vec<String>,
    /// Only requests on this call path (see `iamsure matrix --help`).
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    pub path: Option<String>,
    /// Read your own call paths from this file (repeatable; see docs/paths.md).
    #[arg(long = "paths", value_name = "FILE", help_heading = "Request")]
    pub path_files: Vec<PathBuf>,
    /// Facts about the request.
    #[command(flatten)]
    pub request: ContextArgs,
}

/// Facts about the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Request")]
pub struct ContextArgs {
    /// Who calls: the ARN of a user, role, role session, federated user, root or (for the exchange of a
    /// token) identity provider; a service such as `cloudtrail.amazonaws.com`; or `anonymous`.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// The account that owns the resources. Default: the one in the ARN, or the caller's.
    #[arg(long, value_name = "ACCOUNT", value_parser = account_id)]
    pub resource_account: Option<String>,
    /// A condition key in the request (repeatable). A JSON list makes it multivalued: `aws:TagKeys=["a","b"]`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub context: Vec<String>,
    /// A condition key that is not in the request (repeatable).
    #[arg(long, value_name = "KEY")]
    pub absent: Vec<String>,
    /// A condition key with unknown state (repeatable), even if a call path would set it.
    #[arg(long, value_name = "KEY")]
    pub unknown: Vec<String>,
    /// Choose another behaviour where AWS documents none (repeatable): `Q4`, or `Q4=any-element`.
    #[arg(long = "switch", value_name = "SWITCH")]
    pub switches: Vec<String>,
}

/// An account, by its twelve digits.
///
/// # Errors
/// If it is none.
pub(super) fn account_id(text: &str) -> Result<String, String> {
    if is_account_id(text) {
        Ok(text.to_owned())
    } else {
        Err("expected an account ID of twelve digits".to_owned())
    }
}
