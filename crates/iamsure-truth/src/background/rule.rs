//! Constraints between keys (8.3), as data: what is in a request only with, or never with, something else.
//!
//! No rule says that `aws:ViaAWSMCPService` is present: its absence is the bypass that a table is looked at
//! for.

use std::borrow::Cow;
use std::fmt;

use iamsure_core::world::Evidence;

use crate::class::identity::{IdentityKey, Kind};

/// What a rule says of one key. A name that ends in `/` means each key that begins so, the same one
/// in both halves of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The key is in the request.
    Present(&'static str),
    /// The key is not.
    Absent(&'static str),
    /// The key has this value, in whatever case.
    Is(&'static str, &'static str),
    /// Among the elements of the first key is what the name of the second, of a family, ends in, in
    /// whatever case.
    HasTag(&'static str, &'static str),
    /// The key that identifies the caller has a value of such callers.
    Identifies(IdentityKey, Kind),
    /// `aws:PrincipalAccount` is the account in `aws:PrincipalArn`. Only what follows in a rule.
    OfItsAccount,
    /// `aws:ResourceAccount` is the account in the ARN of the resource, if that names one. Only what follows in a rule.
    OfItsResource,
}

impl Fact {
    /// The key that it is about.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Present(key) | Self::Absent(key) | Self::Is(key, _) | Self::HasTag(key, _) => key,
            Self::Identifies(key, _) => key.name(),
            Self::OfItsAccount => IdentityKey::Account.name(),
            Self::OfItsResource => RESOURCE_ACCOUNT,
        }
    }

    /// As [`key`](Self::key), of the key of a family whose name ends in `tag`.
    pub(super) fn key_for(self, tag: &str) -> Cow<'static, str> {
        let name = self.key();
        if name.ends_with(FAMILY) { format!("{name}{tag}").into() } else { name.into() }
    }

    /// What the key is called, or the family of which it is one, for a rule to be about.
    pub(super) const fn family(self) -> &'static str {
        match self {
            Self::HasTag(_, family) => family,
            other => other.key(),
        }
    }
}

/// The account that owns the resource.
const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

/// What the name of a family of keys ends in.
pub(super) const FAMILY: char = '/';

/// A constraint between keys: wherever `when` holds, `then` does (8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number in the spec.
    pub id: &'static str,
    /// The condition.
    pub when: Fact,
    /// What follows.
    pub then: Fact,
    /// How well it is known.
    pub evidence: Evidence,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sentence(self, "NAME"))
    }
}

/// A rule in words; `tag` is the variable part of a key of a family.
pub(super) fn sentence(rule: &Rule, tag: &str) -> String {
    let named = |key: &'static str| Present(key).key_for(tag);
    let words = |fact: Fact| match fact {
        Present(key) => format!("{} is present", named(key)),
        Absent(key) => format!("{} is absent", named(key)),
        Is(key, value) => format!("{} is {value}", named(key)),
        HasTag(key, _) => format!("{key} holds {tag}"),
        Identifies(_, kind) => format!("{} is that of {}", fact.key(), kind.words()),
        OfItsAccount => format!("{} is the account in it", fact.key()),
        OfItsResource => "it is the account that the ARN of the resource names".to_owned(),
    };
    format!("{}: where {}, {}", rule.id, words(rule.when), words(rule.then))
}

const fn rule(id: &'static str, when: Fact, then: Fact, evidence: Evidence) -> Rule {
    Rule { id, when, then, evidence }
}

/// A key of sessions that some service starts: the caller is a role session (KC-12).
const fn of_role(key: &'static str) -> Rule {
    rule("KC-12", Present(key), Is("aws:PrincipalType", "AssumedRole"), Documented)
}

/// The kind of a caller is in its ARN (K-11), in its unique ID (K-17) and in its type.
const fn is_type(id: &'static str, key: IdentityKey, kind: Kind) -> Rule {
    rule(id, Identifies(key, kind), Is("aws:PrincipalType", kind.principal_type()), Documented)
}

const fn has_form(id: &'static str, key: IdentityKey, kind: Kind) -> Rule {
    rule(id, Is("aws:PrincipalType", kind.principal_type()), Identifies(key, kind), Documented)
}

const fn has_id(kind: Kind) -> Rule {
    rule("K-17", Identifies(Arn, kind), Identifies(UniqueId, kind), Documented)
}

use Evidence::{Assumed, Documented};
use Fact::{Absent, HasTag, Identifies, Is, OfItsAccount, OfItsResource, Present};
use IdentityKey::{Arn, UniqueId};

/// The constraints that can be said of two keys.
///
/// AWS page: IAM User Guide, `reference_policies_condition-keys`. What AWS says of each key alone and
/// only together makes a constraint is *assumed*.
///
/// Not here, since they tie *values* of two keys, of which a class knows one at most:
///
/// - of KC-4, that `aws:CalledViaFirst` and `aws:CalledViaLast` are the ends of `aws:CalledVia`: the
///   classes of a set say which values occur, not in which order;
/// - of KC-5, that `aws:PrincipalServiceName` is an element of `aws:PrincipalServiceNamesList`;
/// - KC-14: `aws:CurrentTime` and `aws:EpochTime` are one instant, in two notations, and
///   `aws:TokenIssueTime` is no later. Their classes are intervals, each with one witness.
pub(super) const RULES: &[Rule] = &[
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpc"), Documented),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpce"), Documented),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpcSourceIp"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpcArn"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceAccount"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceOrgID"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceOrgPaths"), Assumed),
    // A call that a service makes on for its caller carries nothing of an endpoint
    // (IAM User Guide, access_forward_access_sessions).
    rule("E-29", Is("aws:ViaAWSService", "true"), Absent("aws:SourceVpc"), Documented),
    rule("E-29", Is("aws:ViaAWSService", "true"), Absent("aws:SourceVpce"), Documented),
    rule("E-29", Is("aws:ViaAWSService", "true"), Absent("aws:VpcSourceIp"), Documented),
    rule("KC-2", Present("aws:SourceVpce"), Present("aws:SourceVpc"), Assumed),
    rule("KC-2", Present("aws:SourceVpc"), Present("aws:SourceVpce"), Assumed),
    rule("KC-2", Present("aws:SourceVpc"), Present("aws:VpcSourceIp"), Assumed),
    rule("KC-2", Present("aws:VpcSourceIp"), Present("aws:SourceVpc"), Assumed),
    rule("KC-2", Present("aws:VpcSourceIp"), Present("aws:SourceVpce"), Assumed),
    rule("KC-2", Present("aws:SourceVpce"), Present("aws:VpcSourceIp"), Assumed),
    rule("KC-3", Present("aws:VpceOrgID"), Present("aws:SourceVpce"), Documented),
    rule("KC-3", Present("aws:VpceOrgPaths"), Present("aws:SourceVpce"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Present("aws:CalledViaFirst"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Present("aws:CalledViaLast"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Present("aws:CalledVia"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Present("aws:CalledViaLast"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Present("aws:CalledVia"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Present("aws:CalledViaFirst"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Is("aws:ViaAWSService", "true"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Is("aws:ViaAWSService", "true"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Is("aws:ViaAWSService", "true"), Documented),
    rule(
        "KC-5",
        Is("aws:PrincipalIsAWSService", "true"),
        Present("aws:PrincipalServiceName"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceName"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceNamesList"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule(
        "KC-5",
        Is("aws:PrincipalIsAWSService", "true"),
        Present("aws:PrincipalServiceNamesList"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceName"),
        Present("aws:PrincipalServiceNamesList"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceNamesList"),
        Present("aws:PrincipalServiceName"),
        Documented,
    ),
    rule("KC-6", Present("aws:SourceArn"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule("KC-6", Present("aws:SourceAccount"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule("KC-6", Present("aws:SourceOrgID"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule(
        "KC-6",
        Present("aws:SourceOrgPaths"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule("KC-7", Present("aws:SourceOrgID"), Present("aws:SourceOrgPaths"), Assumed),
    rule("KC-7", Present("aws:SourceOrgPaths"), Present("aws:SourceOrgID"), Assumed),
    rule("KC-7", Present("aws:PrincipalOrgID"), Present("aws:PrincipalOrgPaths"), Assumed),
    rule("KC-7", Present("aws:PrincipalOrgPaths"), Present("aws:PrincipalOrgID"), Assumed),
    rule("KC-7", Present("aws:ResourceOrgID"), Present("aws:ResourceOrgPaths"), Assumed),
    rule("KC-7", Present("aws:ResourceOrgPaths"), Present("aws:ResourceOrgID"), Assumed),
    // KMS takes signed requests alone (KMS API Reference, signing requests).
    rule("E-33", Is("aws:PrincipalType", "Anonymous"), Absent("kms:CallerAccount"), Documented),
    rule("KC-8", Present("aws:username"), Is("aws:PrincipalType", "User"), Documented),
    rule("KC-8", Is("aws:PrincipalType", "User"), Present("aws:username"), Documented),
    rule(
        "KC-9",
        Present("aws:MultiFactorAuthAge"),
        Is("aws:MultiFactorAuthPresent", "true"),
        Documented,
    ),
    rule("KC-9", Present("aws:MultiFactorAuthAge"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-9", Present("aws:MultiFactorAuthPresent"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-9", Present("aws:SourceIdentity"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-10", Present("aws:AssumedRoot"), Is("aws:AssumedRoot", "true"), Documented),
    rule("KC-10", Present("aws:AssumedRoot"), Identifies(Arn, Kind::Root), Documented),
    rule("KC-11", Present("aws:RequestTag/"), Present("aws:TagKeys"), Assumed),
    rule("KC-11", Present("aws:RequestTag/"), HasTag("aws:TagKeys", "aws:RequestTag/"), Assumed),
    rule("KC-11", HasTag("aws:TagKeys", "aws:RequestTag/"), Present("aws:RequestTag/"), Assumed),
    of_role("aws:ChatbotSourceArn"),
    of_role("aws:Ec2InstanceSourceVpc"),
    of_role("aws:Ec2InstanceSourcePrivateIPv4"),
    of_role("ec2:RoleDelivery"),
    of_role("ec2:SourceInstanceArn"),
    of_role("glue:RoleAssumedBy"),
    of_role("glue:CredentialIssuingService"),
    of_role("codebuild:BuildArn"),
    of_role("codebuild:ProjectArn"),
    of_role("lambda:SourceFunctionArn"),
    of_role("ssm:SourceInstanceArn"),
    of_role("identitystore:UserId"),
    rule("KC-13", Is("aws:ViaAWSMCPService", "true"), Present("aws:CalledViaAWSMCP"), Documented),
    rule("KC-13", Present("aws:CalledViaAWSMCP"), Is("aws:ViaAWSMCPService", "true"), Documented),
    rule("KC-15", Present("aws:PrincipalArn"), OfItsAccount, Documented),
    rule("KC-15", Present(RESOURCE_ACCOUNT), OfItsResource, Documented),
    is_type("K-11", Arn, Kind::Role),
    is_type("K-11", Arn, Kind::User),
    is_type("K-11", Arn, Kind::FederatedUser),
    is_type("K-11", Arn, Kind::Root),
    has_form("K-11", Arn, Kind::Role),
    has_form("K-11", Arn, Kind::User),
    has_form("K-11", Arn, Kind::FederatedUser),
    has_form("K-11", Arn, Kind::Root),
    rule("KC-8", Present("aws:username"), Identifies(Arn, Kind::User), Documented),
    rule("KC-8", Identifies(Arn, Kind::User), Present("aws:username"), Documented),
    rule("K-17", Present("aws:username"), Identifies(UniqueId, Kind::User), Documented),
    has_id(Kind::Role),
    has_id(Kind::User),
    has_id(Kind::FederatedUser),
    has_id(Kind::Root),
    has_form("K-17", UniqueId, Kind::Role),
    has_form("K-17", UniqueId, Kind::User),
    has_form("K-17", UniqueId, Kind::FederatedUser),
    has_form("K-17", UniqueId, Kind::Root),
];
