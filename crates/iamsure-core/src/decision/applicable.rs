//! Which layers look at which requester (7.2, E-21, E-23, T-8).

use super::precedence::{Mechanism, Standing};
use crate::language::action::ActionName;
use crate::language::arn::Arn;
use crate::language::document::PolicyType;
use crate::world::principal::Principal;
use crate::world::request::Request;
use crate::world::switch::{Switch, Switches};

/// Service prefixes whose resources RCPs cover.
///
/// AWS page: Organizations User Guide, `orgs_manage_policies_rcps`, captured 2026-09-26.
pub const RCP_SERVICES: [&str; 62] = [
    "appstream",
    "dsql",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "logs",
    "networkmonitor",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "firehose",
    "dynamodb",
    "dax",
    "autoscaling",
    "ecr",
    "ecr-public",
    "gamelift",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "memorydb",
    "aoss",
    "personalize",
    "polly",
    "s3",
    "swf",
    "sqs",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "translate",
    "workspaces",
    "appconfig",
    "autoscaling-plans",
    "budgets",
    "servicediscovery",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "compute-optimizer",
    "cost-optimization-hub",
    "events",
    "fms",
    "fis",
    "health",
    "rolesanywhere",
    "kms",
    "opensearch",
    "pricing",
    "pca-connector-ad",
    "resource-groups",
    "secretsmanager",
    "sts",
    "signin",
    "support",
    "transfer",
    "notifications",
    "wafv2",
    "xray",
];

/// Actions of `sts` whose resource-based policy is the trust policy of the role.
pub const TRUST_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

/// Whether a request is one of KMS about no resource, such as `CreateKey`: IAM alone decides it (E-33).
///
/// AWS page: KMS Developer Guide, `key-policies`.
pub fn is_of_no_key(request: &Request) -> bool {
    request.resource == "*" && is_of_kms(&request.action)
}

pub(super) fn is_of_kms(action: &ActionName) -> bool {
    action.prefix().eq_ignore_ascii_case("kms")
}

/// What kind of requester precedence sees.
///
/// AWS page: CloudFront Developer Guide, `private-content-restricting-access-to-s3` (origin access identity): the policy of the
/// bucket alone lets it in.
pub fn standing(principal: &Principal) -> Standing {
    match principal {
        Principal::User { .. } if principal.is_origin_access_identity() => Standing::Outside,
        Principal::User { .. }
        | Principal::RoleSession { .. }
        | Principal::FederatedUser { .. } => Standing::Member,
        Principal::Root { .. } => Standing::Root,
        Principal::AssumeRoot { .. } => Standing::TaskSession,
        Principal::Service { .. } | Principal::Anonymous | Principal::FederatedCaller { .. } => {
            Standing::Outside
        }
    }
}

/// What the policy of the resource is to this request.
pub fn mechanism(request: &Request) -> Mechanism {
    let action = &request.action;
    // `TagSession` and `SetContext` are also asked of federated users and of the session itself,
    // which have no trust policy.
    let is_of_session = || Arn::split(&request.resource).is_some_and(|arn| arn.service == "sts");
    if TRUST_ACTIONS.iter().any(|name| action.is(name)) && !is_of_session() {
        return Mechanism::Trust;
    }
    let is_key = || {
        Arn::split(&request.resource)
            .is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"))
    };
    if is_of_kms(action) && is_key() { Mechanism::Key } else { Mechanism::Ordinary }
}

/// Whether policies of `layer` look at this request at all.
pub fn applies(layer: PolicyType, request: &Request, switches: &Switches) -> bool {
    Scope::of(request, switches).covers(layer)
}

/// What a request is to the layers: enough to say which of them look at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) request: &'a Request,
    pub(super) switches: &'a Switches,
    pub(super) standing: Standing,
    pub(super) mechanism: Mechanism,
}

impl<'a> Scope<'a> {
    pub(super) fn of(request: &'a Request, switches: &'a Switches) -> Self {
        let standing = standing(&request.requester.principal);
        Self { request, switches, standing, mechanism: mechanism(request) }
    }

    /// As [`applies`].
    pub(super) fn covers(&self, layer: PolicyType) -> bool {
        let Self { request, switches, standing, mechanism } = *self;
        let principal = &request.requester.principal;
        let service_linked = principal.is_service_linked();
        match layer {
            PolicyType::Identity | PolicyType::Boundary => standing == Standing::Member,
            PolicyType::Session => matches!(
                principal,
                Principal::RoleSession { .. }
                    | Principal::FederatedUser { .. }
                    | Principal::AssumeRoot { .. }
            ),
            PolicyType::Scp => {
                standing != Standing::Outside
                    && !service_linked
                    && !request.requester.in_management_account
            }
            PolicyType::Trust => mechanism == Mechanism::Trust,
            PolicyType::Resource => mechanism != Mechanism::Trust && !is_of_no_key(request),
            PolicyType::Rcp => {
                !service_linked
                    && !request.resource_in_management_account
                    && RCP_SERVICES
                        .iter()
                        .any(|service| service.eq_ignore_ascii_case(request.action.prefix()))
                    && !request.action.is("kms:RetireGrant")
            }
            PolicyType::Endpoint => {
                !matches!(principal, Principal::Service { .. })
                    || switches.is_alternative(Switch::Q18)
            }
        }
    }
}
