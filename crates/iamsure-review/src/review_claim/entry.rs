//! The library: one row for each claim of a review.

use iamsure_core::language::PolicyType::{
    self, Boundary, Endpoint, Identity, Rcp, Resource, Scp, Session, Trust,
};

/// Whether a claim must hold whatever other Allow is attached later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum World {
    /// The policies as they are.
    Closed,
    /// Whatever other Allow is attached: guardrails are asked so.
    Open,
    /// For callers of other accounts, whose own policies are not among those given and allow them everything.
    Foreign,
}

impl World {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Foreign => "foreign",
        }
    }
}

/// One claim of the library, in words.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The public name, such as `mcp-bypass`.
    pub name: &'static str,
    /// What should be so.
    pub title: &'static str,
    /// The claim; capitals stand for what the policies say.
    pub sentence: &'static str,
    /// The layers whose statements it is made for.
    pub layers: &'static [PolicyType],
    /// Whether it is asked whatever other Allow is attached.
    pub world: World,
    /// For which policies it is asked.
    pub applies: &'static str,
    /// What it means if it is refuted.
    pub refuted: &'static str,
    /// What to do then.
    pub advice: &'static str,
    /// Where the question comes from.
    pub source: &'static str,
}

macro_rules! library {
    ($($variant:ident { $($field:ident: $value:expr,)* })*) => {
        /// A claim of the library. Its name is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ReviewCode {
            $(#[doc = concat!("See its [`entry`](Self::entry).")] $variant,)*
        }

        impl ReviewCode {
            /// Every claim, in the order of reports.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its row of the library.
            pub const fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$variant => &Entry { $($field: $value,)* },)*
                }
            }
        }
    };
}

impl ReviewCode {
    /// The public name, such as `mcp-bypass`.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The claim called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

const GUARDRAILS: &[PolicyType] =
    &[Identity, Boundary, Session, Resource, Trust, Endpoint, Scp, Rcp];
const GRANTS: &[PolicyType] = &[Identity, Resource, Trust];
const RESOURCES: &[PolicyType] = &[Resource];
const TRUSTS: &[PolicyType] = &[Trust];
const IDENTITIES: &[PolicyType] = &[Identity];

library! {
    GuardrailAbsentKey {
        name: "guardrail-absent-key",
        title: "A guardrail also holds where its key is absent",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that exempts an expected value: a negated operator, `Bool` with `false`, a number out of bounds",
        refuted: "A request without the key is not denied. Any Allow added later then grants it.",
        advice: "Where the clause has no `IfExists`, use it if an absent key is as bad as a wrong value, or deny the absent key with `Null` in a separate statement. Otherwise look at what else the Deny asks. No change is needed if the key is always present.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: IfExists, and Null",
    }
    McpBypass {
        name: "mcp-bypass",
        title: "Access reserved for MCP servers is denied to all other calls",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that exempts calls with `aws:ViaAWSMCPService` or `aws:CalledViaAWSMCP`",
        refuted: "Calls without the key are not denied: the guardrail can be bypassed.",
        advice: "Write `BoolIfExists` with `aws:ViaAWSMCPService: false`.",
        source: "Agent Toolkit for AWS User Guide, identity-based policy examples; stacklok/docs-website PR #676, where the table says the opposite",
    }
    McpBlocked {
        name: "mcp-blocked",
        title: "A Deny aimed at MCP servers denies calls through them",
        sentence: "never allow ACTIONS on RESOURCES when path is mcp:SERVER",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that targets calls through MCP servers",
        refuted: "The Deny does not match calls through the server: the key is compared with a value it never has, or another condition of the statement fails.",
        advice: "Compare `aws:ViaAWSMCPService` with `true`, or `aws:CalledViaAWSMCP` with the name of the server's service principal.",
        source: "Agent Toolkit for AWS User Guide, identity-based policy examples",
    }
    MfaBypass {
        name: "mfa-bypass",
        title: "Access denied without MFA is also denied if the MFA key is absent",
        sentence: "never allow ACTIONS on RESOURCES when aws:MultiFactorAuthPresent is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that exempts calls with MFA",
        refuted: "Requests with long-term access keys are not denied: they carry no `aws:MultiFactorAuthPresent`.",
        advice: "Write `BoolIfExists` with `aws:MultiFactorAuthPresent: false`.",
        source: "AWS re:Post, mfa-iam-user-aws-cli; IAM User Guide, reference_policies_condition-keys",
    }
    MfaRequired {
        name: "mfa-required",
        title: "Access that an Allow ties to MFA is allowed only with MFA",
        sentence: "never allow ACTIONS on RESOURCES unless aws:MultiFactorAuthPresent is true",
        layers: GRANTS,
        world: World::Closed,
        applies: "each Allow with a clause on `aws:MultiFactorAuthPresent`",
        refuted: "The same requests are allowed without MFA: because of `Null` with `false` (present is not the same as true), `IfExists`, or another Allow.",
        advice: "Write `Bool` with `aws:MultiFactorAuthPresent: true`, and check for another Allow.",
        source: "awsdocs/iam-user-guide PR #29; IAM User Guide, reference_policies_condition-keys",
    }
    GlobalServices {
        name: "global-services",
        title: "A region lock exempts services whose only endpoint is in us-east-1",
        sentence: "some allow SERVICES on RESOURCES when aws:RequestedRegion is us-east-1",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that exempts some values of `aws:RequestedRegion` but not us-east-1, for the global services that it covers completely",
        refuted: "Calls to these services always go to us-east-1, and are denied.",
        advice: "Add the services you use to the NotAction of the Deny.",
        source: "IAM User Guide, aws:RequestedRegion (global services); AWS Organizations User Guide, SCP examples: deny access based on the requested Region",
    }
    RegionLock {
        name: "region-lock",
        title: "A region lock has no gaps other than its NotAction",
        sentence: "never allow ACTIONS on RESOURCES unless aws:RequestedRegion in [REGIONS]",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that exempts some values of `aws:RequestedRegion`",
        refuted: "Other regions can be used: the Deny exempts a principal, a call path or requests without the key.",
        advice: "Check whether the example request is an intended exception; if not, remove the exception.",
        source: "AWS Organizations User Guide, SCP examples: deny access based on the requested Region",
    }
    Organization {
        name: "outside-organization",
        title: "No access from outside the organization",
        sentence: "never allow ACTIONS on RESOURCES unless aws:PrincipalOrgID in [ORGANIZATIONS] or aws:PrincipalIsAWSService is true",
        layers: &[Resource, Endpoint, Scp, Rcp],
        world: World::Open,
        applies: "each Deny that exempts some values of `aws:PrincipalOrgID`; calls by AWS service principals are excluded",
        refuted: "The Deny does not match a principal of another organization, or of none.",
        advice: "Check the example request for an exception (a call path, a tag, a forwarded service call) that is wider than intended.",
        source: "aws-samples/data-perimeter-policy-examples; IAM User Guide, reference_policies_condition-keys",
    }
    LoggingProtected {
        name: "logging-protected",
        title: "Logging cannot be turned off",
        sentence: "never allow ACTIONS on RESOURCES",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that names actions of CloudTrail, Config, GuardDuty or Security Hub that turn logging off",
        refuted: "A principal that the Deny exempts can turn logging off.",
        advice: "Check whether the example request is an intended exception.",
        source: "AWS Organizations User Guide, SCP examples: AWS Config, CloudTrail and GuardDuty",
    }
    ExceptionWorks {
        name: "exception-works",
        title: "Principals a Deny exempts really are exempt",
        sentence: "some allow ACTIONS on RESOURCES when aws:PrincipalArn like [PRINCIPALS]",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that exempts principals, by `aws:PrincipalArn` or NotPrincipal",
        refuted: "Every request of such a principal is denied: the exception never applies, another Deny matches, or NotPrincipal lists the role but not its sessions.",
        advice: "Exempt principals with `ArnNotLike` on `aws:PrincipalArn`, which contains the role's ARN in sessions of the role.",
        source: "AWS knowledge center, explicit-deny-principle-elements-s3; IAM User Guide, reference_policies_elements_notprincipal",
    }
    ServicesLockedOut {
        name: "services-locked-out",
        title: "An IP address restriction allows forwarded service calls for callers behind a VPC endpoint",
        sentence: "some allow ACTIONS on RESOURCES when aws:ViaAWSService is true and aws:SourceIp is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that exempts ranges of `aws:SourceIp`",
        refuted: "Calls that a service makes on behalf of its caller (forward access sessions) are denied if the first call came through a VPC endpoint, because they have no `aws:SourceIp`. Otherwise they keep the caller's public address, and callers in the ranges are not denied.",
        advice: "If callers reach the service through a VPC endpoint, add `aws:ViaAWSService: false` to the conditions of the Deny; callers in the ranges need no exemption.",
        source: "IAM User Guide, reference_policies_examples_aws_deny-ip and access_forward_access_sessions (text of 2026)",
    }
    PolicyLockedOut {
        name: "policy-locked-out",
        title: "The resource-based policy can still be changed, even from outside an exempted network",
        sentence: "some allow ACTION when KEY is absent",
        layers: RESOURCES,
        world: World::Open,
        applies: "every policy with a Deny on a resource for which the action that changes its policy is known; and, for calls from outside the network, each Deny that exempts a network and covers that action",
        refuted: "At most the root user can change the policy, or only callers inside that network can: a mistake may lock everyone out of the resource.",
        advice: "Exclude the actions that change the policy from the Deny, or exempt an administrator role by its role ARN.",
        source: "Amazon S3 User Guide, example-bucket-policies-vpc-endpoint",
    }
    FederationLockedOut {
        name: "federation-locked-out",
        title: "An organization restriction lets federated users sign in",
        sentence: "some allow ACTION when KEY is absent",
        layers: &[Resource, Trust, Rcp],
        world: World::Open,
        applies: "each Deny that exempts principals of an organization or account and covers `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity`",
        refuted: "A token is not an IAM principal, and its request carries no principal keys: a negated operator matches, with or without `IfExists`, and no one can sign in.",
        advice: "Exclude the two actions from the Deny, and restrict them with the provider's keys.",
        source: "aws/lza-universal-configuration issue #25",
    }
    PublicAccess {
        name: "public-access",
        title: "No anonymous access",
        sentence: "never allow when aws:PrincipalType is Anonymous",
        layers: RESOURCES,
        world: World::Closed,
        applies: "every resource-based policy",
        refuted: "This policy lets anyone do it without credentials. A service setting (Block Public Access) may still block it.",
        advice: "Name principals, or tie the Allow to an organization, an account or a network.",
        source: "IAM User Guide, reference_policies_elements_principal: anonymous users",
    }
    CrossAccount {
        name: "cross-account",
        title: "No access from other accounts without a condition on the organization",
        sentence: "never allow SERVICE on RESOURCES unless aws:PrincipalAccount is ACCOUNT or aws:PrincipalOrgID is present or aws:PrincipalIsAWSService is true",
        layers: RESOURCES,
        world: World::Foreign,
        applies: "every resource-based policy; calls by AWS service principals are excluded",
        refuted: "This policy allows a principal from another account even if the request has no `aws:PrincipalOrgID`.",
        advice: "Add `aws:PrincipalOrgID`, or accept the account that the policy names.",
        source: "IAM User Guide, reference_policies_evaluation-logic-cross-account",
    }
    ConfusedDeputy {
        name: "confused-deputy",
        title: "Service access is limited to a named account or resource",
        sentence: "never allow when aws:PrincipalIsAWSService is true unless aws:SourceAccount is present or aws:SourceArn is present or aws:SourceOrgID is present or aws:SourceOrgPaths is present",
        layers: &[Resource, Trust],
        world: World::Closed,
        applies: "every policy that allows a service principal",
        refuted: "Anyone can make the service act on this resource from their own account.",
        advice: "Add `aws:SourceAccount` or `aws:SourceArn`, without `IfExists`, if the service sends them.",
        source: "IAM User Guide, confused-deputy: cross-service confused deputy prevention",
    }
    InsecureTransport {
        name: "insecure-transport",
        title: "No access over plain HTTP",
        sentence: "never allow ACTIONS on RESOURCES when aws:SecureTransport is false",
        layers: &[Resource, Endpoint, Scp, Rcp],
        world: World::Open,
        applies: "every resource-based policy of a service with a plain HTTP endpoint, for the whole resource (a bucket with its objects), and each Deny in other policies with a condition on `aws:SecureTransport`",
        refuted: "A request over HTTP can be allowed.",
        advice: "Deny everything when `aws:SecureTransport` is `false`, on the whole resource; for a bucket, also on its objects.",
        source: "AWS Security Hub, control S3.5; AWS General Reference, the endpoints of each service",
    }
    IfExistsAllow {
        name: "if-exists-allow",
        title: "An Allow must not match merely because its key is absent",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with `IfExists` in an Allow",
        refuted: "The Allow grants access if the key is absent.",
        advice: "Remove `IfExists` if every request that should be allowed carries the key.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: IfExists; awsdocs/iam-user-guide issue #58",
    }
    ForAllValuesAllow {
        name: "for-all-values-allow",
        title: "An Allow with ForAllValues must not match merely because its key has no values",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with `ForAllValues` in an Allow",
        refuted: "`ForAllValues` is true if the key is absent: the Allow grants access.",
        advice: "Add `Null` with `false` for the same key.",
        source: "IAM User Guide, reference_policies_condition-single-vs-multi-valued-context-keys",
    }
    NegatedAllow {
        name: "negated-allow",
        title: "An Allow with a negated operator must not match merely because its key is absent",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with a negated operator in an Allow",
        refuted: "A negated operator is true if the key is absent: the Allow grants access.",
        advice: "Add `Null` with `false` for the same key, or move the clause into a Deny.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: negated matching",
    }
    NotActionAllow {
        name: "not-action-allow",
        title: "An Allow with NotAction does not grant account administration",
        sentence: "never allow [account:*, iam:*, organizations:*]",
        layers: GRANTS,
        world: World::Closed,
        applies: "policies with an Allow with NotAction on resources that may belong to these services",
        refuted: "Everything not listed is granted, including these services.",
        advice: "List the granted actions in Action, or add these services to NotAction.",
        source: "IAM User Guide, reference_policies_elements_notaction: NotAction with Allow",
    }
    PrivilegeEscalation {
        name: "privilege-escalation",
        title: "No privilege escalation",
        sentence: "never allow [iam:AddUserToGroup, iam:AttachGroupPolicy, iam:AttachRolePolicy, iam:AttachUserPolicy, iam:CreateAccessKey, iam:CreateLoginProfile, iam:CreatePolicyVersion, iam:PutGroupPolicy, iam:PutRolePolicy, iam:PutUserPolicy, iam:SetDefaultPolicyVersion, iam:UpdateAssumeRolePolicy, iam:UpdateLoginProfile]",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "every identity-based policy",
        refuted: "The principal can change policies or obtain credentials of at least one principal: see the example's resource.",
        advice: "Remove the action, limit its resources, or require a permissions boundary.",
        source: "Rhino Security Labs, AWS IAM Privilege Escalation: Methods and Mitigation",
    }
    PassRoleService {
        name: "pass-role-service",
        title: "Roles can be passed only to named services",
        sentence: "never allow iam:PassRole unless iam:PassedToService is present",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with an Allow that covers `iam:PassRole`",
        refuted: "The role can be passed to any service that accepts one.",
        advice: "Add `StringEquals` on `iam:PassedToService`.",
        source: "IAM User Guide, id_roles_use_passrole",
    }
    PassRoleAdmin {
        name: "pass-role-administrator",
        title: "The organization's administrator role cannot be passed",
        sentence: "never allow iam:PassRole on arn:aws:iam::ACCOUNT:role/OrganizationAccountAccessRole",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with an Allow that covers `iam:PassRole`",
        refuted: "The Allow covers the full-access role that Organizations creates in member accounts, and so probably every role.",
        advice: "Name the roles that may be passed, by ARN or path.",
        source: "IAM User Guide, id_roles_use_passrole; AWS Organizations User Guide, orgs_manage_accounts_access-cross-account-role",
    }
    BoundaryRequired {
        name: "boundary-required",
        title: "Users and roles can be created only with a permissions boundary",
        sentence: "never allow [iam:CreateRole, iam:CreateUser] unless iam:PermissionsBoundary is present",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with a condition on `iam:PermissionsBoundary`",
        refuted: "A user or role can be created without a boundary, and then be given any permission.",
        advice: "Tie both actions to `iam:PermissionsBoundary`, without `IfExists`.",
        source: "IAM User Guide, access_policies_boundaries: delegating responsibility",
    }
    BoundaryKept {
        name: "boundary-kept",
        title: "Permissions boundaries cannot be removed",
        sentence: "never allow [iam:DeleteRolePermissionsBoundary, iam:DeleteUserPermissionsBoundary]",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with a condition on `iam:PermissionsBoundary`",
        refuted: "The boundary that the policy requires can be removed afterwards.",
        advice: "Deny both actions.",
        source: "IAM User Guide, access_policies_boundaries: delegating responsibility",
    }
    EncryptedWrites {
        name: "encrypted-writes",
        title: "Objects are written with the required encryption",
        sentence: "never allow s3:PutObject unless s3:x-amz-server-side-encryption in [VALUES]",
        layers: &[Identity, Resource, Scp, Rcp],
        world: World::Open,
        applies: "each Deny that exempts some values of `s3:x-amz-server-side-encryption`",
        refuted: "An object can be written with another encryption, or without specifying one.",
        advice: "Buckets have encrypted objects by default since 2023; if a specific encryption is required, deny the absent header as well.",
        source: "Amazon S3 User Guide, UsingServerSideEncryption",
    }
    OidcSubject {
        name: "oidc-subject",
        title: "The role is limited to subjects that the trust policy names",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when PROVIDER:sub is a-subject-that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name an OIDC provider",
        refuted: "Subjects that the trust policy does not name can assume the role: for GitHub, repositories of any organization, or of organizations with the same name prefix.",
        advice: "Add a condition on the token's `sub` that spells out the organization (GitHub), the namespace (EKS) or the group (GitLab).",
        source: "IAM User Guide, id_roles_create_for-idp_oidc; trackr.live 2026-06-17, GitHub AWS OIDC sub condition",
    }
    OidcRepository {
        name: "oidc-repository",
        title: "The role is limited to named repositories of a GitHub organization",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when token.actions.githubusercontent.com:sub is repo:ORGANIZATION/another-repository:pull_request",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies with a condition on GitHub's `sub` that names an organization",
        refuted: "A workflow in any repository of the organization can assume the role, on the named branch or in the named environment.",
        advice: "Name the repository, and the branch or environment.",
        source: "GitHub Docs, Configuring OpenID Connect in Amazon Web Services",
    }
    OidcAudience {
        name: "oidc-audience",
        title: "The role is limited to tokens with the audience that the trust policy names",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when PROVIDER:aud is an-audience-that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name an OIDC provider",
        refuted: "A token issued for another application of the provider can assume the role.",
        advice: "Add a condition on the token's `aud`.",
        source: "IAM User Guide, id_roles_create_for-idp_oidc",
    }
    SamlAudience {
        name: "saml-audience",
        title: "The role is limited to assertions issued for AWS",
        sentence: "never allow sts:AssumeRoleWithSAML on arn:aws:iam::*:role/* when SAML:aud is https://an.audience.example/that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name a SAML provider",
        refuted: "An assertion issued for another service of the provider can assume the role.",
        advice: "Add `StringEquals` with `SAML:aud: https://signin.aws.amazon.com/saml`, or the endpoint of your partition.",
        source: "IAM User Guide, id_roles_create_for-idp_saml",
    }
    CrossAccountTrust {
        name: "cross-account-trust",
        title: "Another account can assume the role only with an external ID or as part of an organization",
        sentence: "never allow sts:AssumeRole on arn:aws:iam::*:role/* unless aws:PrincipalAccount is ACCOUNT or sts:ExternalId is present or aws:PrincipalOrgID is present or aws:PrincipalIsAWSService is true",
        layers: TRUSTS,
        world: World::Foreign,
        applies: "trust policies that name AWS principals or everyone",
        refuted: "A principal of another account needs only the role's ARN to assume it.",
        advice: "Require `sts:ExternalId` from third parties, and `aws:PrincipalOrgID` from your own accounts.",
        source: "IAM User Guide, id_roles_common-scenarios_third-party",
    }
}
