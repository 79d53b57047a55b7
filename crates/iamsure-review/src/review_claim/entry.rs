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
        applies: "each clause of a Deny that spares a good value: a negated operator, `Bool` with `false`, a number out of bounds",
        refuted: "A request without the key passes the Deny. Any Allow attached later then grants it.",
        advice: "Use `IfExists` where an absent key is as bad as a wrong value, or deny the absent key with `Null` in a statement of its own. Leave it if the key is known to be there.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: IfExists, and Null",
    }
    McpBypass {
        name: "mcp-bypass",
        title: "What is only for calls through an MCP server is denied to calls without its mark",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that spares calls with `aws:ViaAWSMCPService` or `aws:CalledViaAWSMCP`",
        refuted: "A call that carries no such key at all passes the Deny: the guardrail can be walked around.",
        advice: "Write `BoolIfExists` with `aws:ViaAWSMCPService: false`.",
        source: "Agent Toolkit for AWS User Guide, identity-based policy examples; stacklok/docs-website PR #676, where the table says the opposite",
    }
    McpBlocked {
        name: "mcp-blocked",
        title: "What is denied to MCP servers is denied to them",
        sentence: "never allow ACTIONS on RESOURCES when path is mcp:SERVER",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that is about calls through MCP servers",
        refuted: "The Deny does not fire for a call through the server: the key is compared with a value that it never has, or another condition of the statement fails.",
        advice: "Compare `aws:ViaAWSMCPService` with `true`, or `aws:CalledViaAWSMCP` with the name of the server's service principal.",
        source: "Agent Toolkit for AWS User Guide, identity-based policy examples",
    }
    MfaBypass {
        name: "mfa-bypass",
        title: "What is denied without MFA is denied where the key is absent",
        sentence: "never allow ACTIONS on RESOURCES when aws:MultiFactorAuthPresent is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each clause of a Deny that spares calls with MFA",
        refuted: "A user with a long-term access key passes: such requests carry no `aws:MultiFactorAuthPresent`.",
        advice: "Write `BoolIfExists` with `aws:MultiFactorAuthPresent: false`.",
        source: "AWS re:Post, mfa-iam-user-aws-cli; IAM User Guide, reference_policies_condition-keys",
    }
    MfaRequired {
        name: "mfa-required",
        title: "What an Allow ties to MFA is allowed with MFA only",
        sentence: "never allow ACTIONS on RESOURCES unless aws:MultiFactorAuthPresent is true",
        layers: GRANTS,
        world: World::Closed,
        applies: "each Allow with a clause on `aws:MultiFactorAuthPresent`",
        refuted: "The same is allowed without MFA: by `Null` with `false` (present is not true), by `IfExists`, or by another Allow.",
        advice: "Write `Bool` with `aws:MultiFactorAuthPresent: true`, and look for the other Allow.",
        source: "awsdocs/iam-user-guide PR #29; IAM User Guide, reference_policies_condition-keys",
    }
    GlobalServices {
        name: "global-services",
        title: "A region lock spares services whose one endpoint is in us-east-1",
        sentence: "some allow SERVICES on RESOURCES when aws:RequestedRegion is us-east-1",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that spares some values of `aws:RequestedRegion`, us-east-1 not among them, about the global services that it covers whole",
        refuted: "Calls of these services go to us-east-1 from everywhere, and are denied.",
        advice: "Put the services that are in use into the NotAction of the Deny.",
        source: "IAM User Guide, aws:RequestedRegion (global services); AWS Organizations User Guide, SCP examples: deny access based on the requested Region",
    }
    RegionLock {
        name: "region-lock",
        title: "A region lock has no holes but those that its NotAction names",
        sentence: "never allow ACTIONS on RESOURCES unless aws:RequestedRegion in [REGIONS]",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that spares some values of `aws:RequestedRegion`",
        refuted: "Somebody can work in another region: a principal, a path or a request without the key is spared.",
        advice: "Look whether the witness is an exception that was meant; if not, take it out of the statement.",
        source: "AWS Organizations User Guide, SCP examples: deny access based on the requested Region",
    }
    Organization {
        name: "outside-organization",
        title: "Nobody outside the organization is let in",
        sentence: "never allow ACTIONS on RESOURCES unless aws:PrincipalOrgID in [ORGANIZATIONS] or aws:PrincipalIsAWSService is true",
        layers: &[Resource, Endpoint, Scp, Rcp],
        world: World::Open,
        applies: "each Deny that spares some values of `aws:PrincipalOrgID`; services that call as themselves are left out",
        refuted: "A principal of another organization, or of none, passes the Deny.",
        advice: "Look at what the witness carries: an exception (a path, a tag, a service calling on) that is wider than it was meant to be.",
        source: "aws-samples/data-perimeter-policy-examples; IAM User Guide, reference_policies_condition-keys",
    }
    LoggingProtected {
        name: "logging-protected",
        title: "Nobody turns logging off",
        sentence: "never allow ACTIONS on RESOURCES",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that names actions of CloudTrail, Config, GuardDuty or Security Hub that turn logging off",
        refuted: "Somebody is spared who can turn it off.",
        advice: "Look whether the witness is an exception that was meant.",
        source: "AWS Organizations User Guide, SCP examples: AWS Config, CloudTrail and GuardDuty",
    }
    ExceptionWorks {
        name: "exception-works",
        title: "Who a Deny spares is not denied after all",
        sentence: "some allow ACTIONS on RESOURCES when aws:PrincipalArn like [PRINCIPALS]",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that spares principals, by `aws:PrincipalArn` or by NotPrincipal",
        refuted: "No request of such a principal passes: the exception can never hold, another Deny catches it, or NotPrincipal names the role and not its sessions.",
        advice: "Spare principals with `ArnNotLike` on `aws:PrincipalArn`, which holds the ARN of the role in a session of the role.",
        source: "AWS knowledge center, explicit-deny-principle-elements-s3; IAM User Guide, reference_policies_elements_notprincipal",
    }
    ServicesLockedOut {
        name: "services-locked-out",
        title: "A fence around addresses lets services call on for callers behind a VPC endpoint",
        sentence: "some allow ACTIONS on RESOURCES when aws:ViaAWSService is true and aws:SourceIp is absent",
        layers: GUARDRAILS,
        world: World::Open,
        applies: "each Deny that spares ranges of `aws:SourceIp`",
        refuted: "Calls that a service makes on for its caller (forward access sessions) are denied if the first call came through a VPC endpoint: they have no `aws:SourceIp`. If it came through none, they keep the public address of the caller, and callers in the ranges are not denied.",
        advice: "If callers reach the service through a VPC endpoint, add `aws:ViaAWSService: false` to the conditions of the Deny; callers in the ranges need no exemption.",
        source: "IAM User Guide, reference_policies_examples_aws_deny-ip and access_forward_access_sessions (text of 2026)",
    }
    PolicyLockedOut {
        name: "policy-locked-out",
        title: "The policy of a resource can still be changed, from outside its network too",
        sentence: "some allow ACTION when KEY is absent",
        layers: RESOURCES,
        world: World::Open,
        applies: "every policy with a Deny on a resource whose policy is changed by a known action; and each Deny that spares a network and covers that action, about calls from outside",
        refuted: "Nobody can change the policy but perhaps the root user, or nobody outside that network: whatever goes wrong takes the resource with it.",
        advice: "Leave the actions that change the policy out of the Deny, or spare an administrator's role by its role ARN.",
        source: "Amazon S3 User Guide, example-bucket-policies-vpc-endpoint",
    }
    FederationLockedOut {
        name: "federation-locked-out",
        title: "A fence around an organization lets federated users sign in",
        sentence: "some allow ACTION when KEY is absent",
        layers: &[Resource, Trust, Rcp],
        world: World::Open,
        applies: "each Deny that spares principals of an organization or account and covers `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity`",
        refuted: "A token is no IAM principal, and its request carries no key of one: a negated operator matches, with `IfExists` or without, and no caller signs in.",
        advice: "Leave the two actions out of the Deny, and fence them with keys of the provider.",
        source: "aws/lza-universal-configuration issue #25",
    }
    PublicAccess {
        name: "public-access",
        title: "Nobody anonymous is let in",
        sentence: "never allow when aws:PrincipalType is Anonymous",
        layers: RESOURCES,
        world: World::Closed,
        applies: "every resource-based policy",
        refuted: "Everyone can do it, without credentials, as far as this policy goes. A setting of the service (Block Public Access) may still forbid it.",
        advice: "Name principals, or tie the Allow to an organization, an account or a network.",
        source: "IAM User Guide, reference_policies_elements_principal: anonymous users",
    }
    CrossAccount {
        name: "cross-account",
        title: "Nobody of another account is let in without a condition on the organization",
        sentence: "never allow SERVICE on RESOURCES unless aws:PrincipalAccount is ACCOUNT or aws:PrincipalOrgID is present or aws:PrincipalIsAWSService is true",
        layers: RESOURCES,
        world: World::Foreign,
        applies: "every resource-based policy; services that call as themselves are left out",
        refuted: "A principal of another account and of no known organization is let in as far as this policy goes.",
        advice: "Add `aws:PrincipalOrgID`, or accept the account that the policy names.",
        source: "IAM User Guide, reference_policies_evaluation-logic-cross-account",
    }
    ConfusedDeputy {
        name: "confused-deputy",
        title: "A service is let in only for a named account or resource",
        sentence: "never allow when aws:PrincipalIsAWSService is true unless aws:SourceAccount is present or aws:SourceArn is present or aws:SourceOrgID is present or aws:SourceOrgPaths is present",
        layers: &[Resource, Trust],
        world: World::Closed,
        applies: "every policy that lets a service principal in",
        refuted: "Anybody can have the service act on the resource from an account of their own.",
        advice: "Add `aws:SourceAccount` or `aws:SourceArn`, without `IfExists`, if the service sends them.",
        source: "IAM User Guide, confused-deputy: cross-service confused deputy prevention",
    }
    InsecureTransport {
        name: "insecure-transport",
        title: "Nothing goes over plain HTTP",
        sentence: "never allow ACTIONS on RESOURCES when aws:SecureTransport is false",
        layers: &[Resource, Endpoint, Scp, Rcp],
        world: World::Open,
        applies: "every resource-based policy of a service with an endpoint that takes plain HTTP, about the whole resource (a bucket with its objects), and each Deny of other kinds that asks for `aws:SecureTransport`",
        refuted: "A request over HTTP can be allowed.",
        advice: "Deny everything when `aws:SecureTransport` is `false`, on the whole resource: of a bucket also on its objects.",
        source: "AWS Security Hub, control S3.5; AWS General Reference, the endpoints of each service",
    }
    IfExistsAllow {
        name: "if-exists-allow",
        title: "An Allow does not hold for want of its key",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with `IfExists` in an Allow",
        refuted: "The Allow grants where the key is absent.",
        advice: "Take `IfExists` away where the key is there in every request that should be allowed.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: IfExists; awsdocs/iam-user-guide issue #58",
    }
    ForAllValuesAllow {
        name: "for-all-values-allow",
        title: "An Allow with ForAllValues does not hold of no values",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with `ForAllValues` in an Allow",
        refuted: "`ForAllValues` is true where the key is absent: the Allow grants.",
        advice: "Add `Null` with `false` for the same key.",
        source: "IAM User Guide, reference_policies_condition-single-vs-multi-valued-context-keys",
    }
    NegatedAllow {
        name: "negated-allow",
        title: "An Allow with a negated operator does not hold for want of its key",
        sentence: "never allow ACTIONS on RESOURCES when KEY is absent",
        layers: GRANTS,
        world: World::Closed,
        applies: "each clause with a negated operator in an Allow",
        refuted: "A negated operator is true where the key is absent: the Allow grants.",
        advice: "Add `Null` with `false` for the same key, or move the clause into a Deny.",
        source: "IAM User Guide, reference_policies_elements_condition_operators: negated matching",
    }
    NotActionAllow {
        name: "not-action-allow",
        title: "An Allow of all but some actions grants no administration of accounts",
        sentence: "never allow [account:*, iam:*, organizations:*]",
        layers: GRANTS,
        world: World::Closed,
        applies: "policies that hold an Allow with NotAction on resources that may be of these services",
        refuted: "What the list leaves out is granted, and these services are part of it.",
        advice: "List what is granted in Action, or put the services into NotAction.",
        source: "IAM User Guide, reference_policies_elements_notaction: NotAction with Allow",
    }
    PrivilegeEscalation {
        name: "privilege-escalation",
        title: "Nobody can give themselves more",
        sentence: "never allow [iam:AddUserToGroup, iam:AttachGroupPolicy, iam:AttachRolePolicy, iam:AttachUserPolicy, iam:CreateAccessKey, iam:CreateLoginProfile, iam:CreatePolicyVersion, iam:PutGroupPolicy, iam:PutRolePolicy, iam:PutUserPolicy, iam:SetDefaultPolicyVersion, iam:UpdateAssumeRolePolicy, iam:UpdateLoginProfile]",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "every identity-based policy",
        refuted: "The principal can change policies or take credentials, of somebody at least: look at the resource of the witness.",
        advice: "Take the action away, limit its resources, or require a permissions boundary.",
        source: "Rhino Security Labs, AWS IAM Privilege Escalation: Methods and Mitigation",
    }
    PassRoleService {
        name: "pass-role-service",
        title: "Roles are passed to named services only",
        sentence: "never allow iam:PassRole unless iam:PassedToService is present",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with an Allow that covers `iam:PassRole`",
        refuted: "The role can be passed to any service that takes one.",
        advice: "Add `StringEquals` on `iam:PassedToService`.",
        source: "IAM User Guide, id_roles_use_passrole",
    }
    PassRoleAdmin {
        name: "pass-role-administrator",
        title: "The administrator's role of the organization cannot be passed",
        sentence: "never allow iam:PassRole on arn:aws:iam::ACCOUNT:role/OrganizationAccountAccessRole",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies with an Allow that covers `iam:PassRole`",
        refuted: "The Allow reaches the role with all rights that Organizations puts into the accounts it creates, and so probably every role.",
        advice: "Name the roles that may be passed, by ARN or path.",
        source: "IAM User Guide, id_roles_use_passrole; AWS Organizations User Guide, orgs_manage_accounts_access-cross-account-role",
    }
    BoundaryRequired {
        name: "boundary-required",
        title: "Users and roles are created with a permissions boundary only",
        sentence: "never allow [iam:CreateRole, iam:CreateUser] unless iam:PermissionsBoundary is present",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies that ask for `iam:PermissionsBoundary`",
        refuted: "A user or role without boundary can be created, and given anything.",
        advice: "Tie both actions to `iam:PermissionsBoundary`, without `IfExists`.",
        source: "IAM User Guide, access_policies_boundaries: delegating responsibility",
    }
    BoundaryKept {
        name: "boundary-kept",
        title: "Nobody takes a permissions boundary away",
        sentence: "never allow [iam:DeleteRolePermissionsBoundary, iam:DeleteUserPermissionsBoundary]",
        layers: IDENTITIES,
        world: World::Closed,
        applies: "policies that ask for `iam:PermissionsBoundary`",
        refuted: "The boundary that the policy asks for can be taken away afterwards.",
        advice: "Deny both actions.",
        source: "IAM User Guide, access_policies_boundaries: delegating responsibility",
    }
    EncryptedWrites {
        name: "encrypted-writes",
        title: "Objects are written with the encryption that is asked for",
        sentence: "never allow s3:PutObject unless s3:x-amz-server-side-encryption in [VALUES]",
        layers: &[Identity, Resource, Scp, Rcp],
        world: World::Open,
        applies: "each Deny that spares some values of `s3:x-amz-server-side-encryption`",
        refuted: "An object can be written with another encryption or without naming one.",
        advice: "A bucket encrypts by default since 2023; where a certain key is asked for, deny the absent header as well.",
        source: "Amazon S3 User Guide, UsingServerSideEncryption",
    }
    OidcSubject {
        name: "oidc-subject",
        title: "The role is for subjects that the trust policy names",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when PROVIDER:sub is a-subject-that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name an OIDC provider",
        refuted: "Subjects that the trust policy does not name can have the role: for GitHub, repositories of any organization, or of those whose names begin alike.",
        advice: "Add a clause on the `sub` of the token, in which the organization (GitHub), the namespace (EKS) or the group (GitLab) is written out.",
        source: "IAM User Guide, id_roles_create_for-idp_oidc; trackr.live 2026-06-17, GitHub AWS OIDC sub condition",
    }
    OidcRepository {
        name: "oidc-repository",
        title: "The role is for named repositories of an organization on GitHub",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when token.actions.githubusercontent.com:sub is repo:ORGANIZATION/another-repository:pull_request",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies whose clause on the `sub` of GitHub names an organization",
        refuted: "A workflow in any repository of the organization gets the role, if only on the branch or in the environment that is named.",
        advice: "Name the repository, and the branch or environment.",
        source: "GitHub Docs, Configuring OpenID Connect in Amazon Web Services",
    }
    OidcAudience {
        name: "oidc-audience",
        title: "The role is for tokens with the audience that the trust policy names",
        sentence: "never allow sts:AssumeRoleWithWebIdentity on arn:aws:iam::*:role/* when PROVIDER:aud is an-audience-that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name an OIDC provider",
        refuted: "A token that was made for another application of the provider gets the role.",
        advice: "Add a clause on the `aud` of the token.",
        source: "IAM User Guide, id_roles_create_for-idp_oidc",
    }
    SamlAudience {
        name: "saml-audience",
        title: "The role is for assertions that were made for AWS",
        sentence: "never allow sts:AssumeRoleWithSAML on arn:aws:iam::*:role/* when SAML:aud is https://an.audience.example/that-nobody-names",
        layers: TRUSTS,
        world: World::Closed,
        applies: "trust policies that name a SAML provider",
        refuted: "An assertion that was made for another service of the provider gets the role.",
        advice: "Add `StringEquals` with `SAML:aud: https://signin.aws.amazon.com/saml`, or the endpoint of your partition.",
        source: "IAM User Guide, id_roles_create_for-idp_saml",
    }
    CrossAccountTrust {
        name: "cross-account-trust",
        title: "Another account takes the role only with an external ID or as part of an organization",
        sentence: "never allow sts:AssumeRole on arn:aws:iam::*:role/* unless aws:PrincipalAccount is ACCOUNT or sts:ExternalId is present or aws:PrincipalOrgID is present or aws:PrincipalIsAWSService is true",
        layers: TRUSTS,
        world: World::Foreign,
        applies: "trust policies that name AWS principals or everyone",
        refuted: "A principal of another account takes the role with nothing but the ARN of it.",
        advice: "Ask a third party for `sts:ExternalId`, and accounts of your own for `aws:PrincipalOrgID`.",
        source: "IAM User Guide, id_roles_common-scenarios_third-party",
    }
}
