//! What the credentials of a session cannot call, whatever the policies say (O-4).
//!
//! AWS page: IAM User Guide, `id_credentials_temp_request` (comparison of the operations).

use super::Session;
use super::operation::Operation;
use crate::language::action::ActionName;

/// Why the credentials of `session` cannot call `action`.
pub(super) fn limit(session: &Session, action: &ActionName) -> Option<&'static str> {
    let service = |name: &str| action.prefix().eq_ignore_ascii_case(name);
    let is_one_of = |names: &[&str]| names.iter().any(|name| action.is(name));
    match session.operation {
        Operation::AssumeRole
        | Operation::AssumeRoleWithWebIdentity
        | Operation::AssumeRoleWithSaml => {
            is_one_of(&["sts:GetFederationToken", "sts:GetSessionToken"]).then_some(
                "credentials of a role cannot call GetFederationToken or GetSessionToken (O-4)",
            )
        }
        Operation::GetFederationToken if service("iam") => Some(
            "credentials of GetFederationToken cannot call IAM through the CLI or the API (O-4)",
        ),
        Operation::GetFederationToken if service("sts") => (!is_one_of(&["sts:GetCallerIdentity"]))
            .then_some(
                "GetFederationToken credentials can call no STS operation except GetCallerIdentity (O-4)",
            ),
        Operation::GetSessionToken if service("iam") => (!session.with_mfa)
            .then_some("credentials of GetSessionToken can call IAM only with MFA (O-4)"),
        Operation::GetSessionToken if service("sts") => {
            (!is_one_of(&["sts:AssumeRole", "sts:GetCallerIdentity"])).then_some(
                "GetSessionToken credentials can call no STS operation except AssumeRole and GetCallerIdentity (O-4)",
            )
        }
        Operation::GetFederationToken | Operation::GetSessionToken | Operation::AssumeRoot => None,
    }
}
