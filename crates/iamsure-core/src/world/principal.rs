//! Who makes a request (7.2).

use std::borrow::Cow;

use crate::language::arn::Arn;

/// What stands in the place of the account in the ARN of an origin access identity.
pub const OF_CLOUDFRONT: &str = "cloudfront";

/// Who makes the request, and whether from the organization's management account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requester {
    /// Who it is.
    pub principal: Principal,
    /// Whether the account is the management account of its organization, which SCPs spare (E-21).
    pub in_management_account: bool,
}

impl From<Principal> for Requester {
    fn from(principal: Principal) -> Self {
        Self { principal, in_management_account: false }
    }
}

/// Whether an identity provider gives assertions of SAML. All others give tokens.
///
/// AWS page: IAM User Guide, "Creating a role for SAML 2.0 federation", the ARN of a provider.
pub fn is_saml_provider(name: &str) -> bool {
    Arn::split(name).is_some_and(|arn| arn.resource.starts_with("saml-provider/"))
}

/// What the session is called of a role that is named without one: any session of it.
pub const ANY_SESSION: &str = "example-session";

/// The kinds of principal that make requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// An IAM user, with long-term keys or from `GetSessionToken` (E-13).
    User {
        /// The account, twelve digits; [`OF_CLOUDFRONT`] of an origin access identity.
        account: String,
        /// `arn:aws:iam::A:user/path/name`.
        arn: String,
        /// `AIDA…`, if known.
        unique_id: Option<String>,
    },
    /// A session of a role.
    RoleSession {
        /// The account of the role.
        account: String,
        /// `arn:aws:sts::A:assumed-role/Role/Session`.
        arn: String,
        /// `arn:aws:iam::A:role/path/Role`, if known; the session ARN does not carry the path.
        role_arn: Option<String>,
        /// `AROA…`, if known.
        role_id: Option<String>,
        /// Whether the role is said to be service-linked; one under the path `aws-service-role/` is anyway
        /// ([`Principal::is_service_linked`]).
        service_linked: bool,
    },
    /// A session from `GetFederationToken`.
    FederatedUser {
        /// The account.
        account: String,
        /// `arn:aws:sts::A:federated-user/Name`.
        arn: String,
        /// The ARN of the user that started the session, if known.
        user_arn: Option<String>,
    },
    /// The root user of an account.
    Root {
        /// The account.
        account: String,
    },
    /// A session from `sts:AssumeRoot` in a member account (E-28).
    AssumeRoot {
        /// The member account.
        account: String,
        /// The ARN of the session.
        arn: String,
        /// The task policy that is its only grant.
        task_policy_arn: Option<String>,
    },
    /// An AWS service that calls as itself (E-25).
    Service {
        /// `cloudtrail.amazonaws.com`, …
        name: String,
    },
    /// A request without a signature (E-26).
    Anonymous,
    /// The caller of `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`: a token of an identity
    /// provider, no AWS principal yet (E-32).
    FederatedCaller {
        /// The provider: its ARN, or a name such as `accounts.google.com`.
        provider: String,
    },
}

impl Principal {
    /// Whether it is a session of a service-linked role, which SCPs and RCPs spare (E-21, E-23): one that is
    /// said to be, or whose path is `aws-service-role/`. The ARN of a session does not carry the path.
    ///
    /// AWS page: IAM User Guide, `using-service-linked-roles`.
    pub fn is_service_linked(&self) -> bool {
        let by_path = |arn: &str| {
            Arn::split(arn).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
        };
        match self {
            Self::RoleSession { service_linked, role_arn, .. } => {
                *service_linked || role_arn.as_deref().is_some_and(by_path)
            }
            _ => false,
        }
    }

    /// Whether it stands for any session of its role: its name is that of no session in particular.
    pub fn is_any_session(&self) -> bool {
        matches!(self, Self::RoleSession { arn, .. } if arn.rsplit('/').next() == Some(ANY_SESSION))
    }

    /// The account the principal belongs to, if it belongs to one.
    pub fn account(&self) -> Option<&str> {
        match self {
            // CloudFront's is nobody's.
            Self::User { account, .. } if account == OF_CLOUDFRONT => None,
            Self::User { account, .. }
            | Self::RoleSession { account, .. }
            | Self::FederatedUser { account, .. }
            | Self::Root { account }
            | Self::AssumeRoot { account, .. } => Some(account),
            Self::Service { .. } | Self::Anonymous | Self::FederatedCaller { .. } => None,
        }
    }

    /// Whether it is an origin access identity of CloudFront: a user in no customer's account, to whom nobody attaches policies.
    ///
    /// AWS page: CloudFront Developer Guide, `private-content-restricting-access-to-s3`.
    pub fn is_origin_access_identity(&self) -> bool {
        matches!(self, Self::User { account, .. } if account == OF_CLOUDFRONT)
    }

    /// The partition in the ARN of the principal, if it has one.
    pub fn partition(&self) -> Option<&str> {
        match self {
            Self::User { arn, .. }
            | Self::RoleSession { arn, .. }
            | Self::FederatedUser { arn, .. }
            | Self::AssumeRoot { arn, .. } => Arn::split(arn).map(|arn| arn.partition),
            Self::Root { .. }
            | Self::Service { .. }
            | Self::Anonymous
            | Self::FederatedCaller { .. } => None,
        }
    }

    /// The name that AWS's messages print for the principal (section 11).
    pub fn display_arn(&self) -> String {
        self.shown_arn().into_owned()
    }

    /// As [`display_arn`](Self::display_arn), lent where the principal holds it.
    pub fn shown_arn(&self) -> Cow<'_, str> {
        match self {
            Self::User { arn, .. }
            | Self::RoleSession { arn, .. }
            | Self::FederatedUser { arn, .. }
            | Self::AssumeRoot { arn, .. } => arn.into(),
            Self::Root { account } => format!("arn:aws:iam::{account}:root").into(),
            Self::Service { name } => name.into(),
            Self::Anonymous => "anonymous".into(),
            Self::FederatedCaller { provider } => provider.into(),
        }
    }

    /// The name of the role of a session, without path.
    pub fn role_name(&self) -> Option<&str> {
        let Self::RoleSession { arn, role_arn, .. } = self else { return None };
        let from_session = Arn::split(arn)
            .and_then(|arn| arn.resource.strip_prefix("assumed-role/"))
            .and_then(|rest| rest.split('/').next());
        from_session.or_else(|| role_arn.as_deref().and_then(|arn| arn.rsplit('/').next()))
    }
}
