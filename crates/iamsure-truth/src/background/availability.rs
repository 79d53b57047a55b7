//! Whether a request carries a condition key: always, sometimes, never, or nobody knows.
//!
//! Four things decide, each with its own source: the call path fixes some keys; AWS's page of global
//! keys says which of them which kind of caller has; the service authorization reference lists, per
//! action and resource type, the keys of services and of tags; and what none of them says is
//! unknown.
//!
//! A key of a service that an action does not list is never there. A **global** key that an action
//! does not list may well be: AWS's lists per action are known to leave global keys out, so their
//! silence proves nothing.
//!
//! Which keys appear *together* (KC rules of the spec, 8.3) is not said here.

use std::borrow::Cow;

use iamsure_core::decision::exemption::UNSIGNED;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::Evidence;
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::{CallPath, KeyState, Principal};
use iamsure_reference::{
    Action, CallerKind, Category, GlobalKey, Presence, ResourceType, Standing, condition_key,
    global_key,
};

use super::knowledge::kinds;

/// Whether requests of an [`Occasion`] carry a key, and why that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Always, sometimes, never, unknown.
    pub presence: Presence,
    /// How well that is known; [`Evidence::Unknown`] exactly where the presence is.
    pub evidence: Evidence,
    /// Where that comes from, or why it is not known: part of a sentence, without a full stop.
    pub source: Cow<'static, str>,
}

/// What an action works on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target<'a> {
    /// Any resource that the action works on.
    #[default]
    Any,
    /// This ARN, or what this pattern of one stands for.
    Arn(&'a str),
    /// A resource of this type, by the name AWS gives it.
    Type(&'a str),
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A principal of this kind.
    Principal(CallerKind),
    /// Whoever brings a token to `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`: no AWS
    /// principal yet (E-32).
    Token,
}

impl Caller {
    /// The kinds of caller that `principal` may be; users and role sessions, if nobody was named.
    pub fn of(principal: Option<&Principal>) -> Vec<Self> {
        if matches!(principal, Some(Principal::FederatedCaller { .. })) {
            return vec![Self::Token];
        }
        kinds(principal).iter().copied().map(Self::Principal).collect()
    }
}

/// The requests that are asked about. Copied freely; every question is answered by look-ups.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The action, as [`iamsure_reference::action`] found it.
    pub action: Standing<Action>,
    /// What it works on.
    pub target: Target<'a>,
    /// Who may call; nobody named means nobody known.
    pub callers: &'a [Caller],
    /// How the call arrives, if that is said. On the path of a token exchange the caller is a
    /// [`Caller::Token`], whatever `callers` says.
    pub path: Option<&'a CallPath>,
}

const GLOBAL_PAGE: &str = "IAM User Guide, global condition context keys";
const PASS_ROLE: &str = "iam:PassRole";

/// Keys that do not exist for `iam:PassRole` (O-6).
const NOT_FOR_PASS_ROLE: [&str; 4] =
    ["aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"];

/// Keys that S3 lists for access points alone. Through one it also decides by the policy of the bucket, about the bucket
/// or object, with the keys of the access point: so a bucket policy delegates to access points.
const OF_ACCESS_POINTS: [&str; 3] =
    ["s3:AccessPointNetworkOrigin", "s3:DataAccessPointAccount", "s3:DataAccessPointArn"];
const DELEGATION: &str =
    "Amazon S3 User Guide, access-points-policies: delegating access control to access points";

/// Global keys that an action supports or not, as its list says.
const BY_ACTION: [&str; 3] = ["aws:ResourceTag/tag-key", "aws:RequestTag/tag-key", "aws:TagKeys"];

impl Occasion<'_> {
    /// Whether the requests carry `key`. `aws:ResourceTag/team` and its like are asked about with
    /// their variable part.
    pub fn availability(&self, key: &ConditionKey) -> Availability {
        if let Some(fixed) = self.path.and_then(|path| on_path(path, key)) {
            return fixed;
        }
        match global_key(key.as_str()) {
            Some(global) if BY_ACTION.contains(&global.name) => self.tag(key),
            Some(global) => self.global(&global),
            None => self.of_service(key),
        }
    }

    /// By who calls.
    fn global(&self, key: &GlobalKey) -> Availability {
        let passes_role = self.action.known().is_some_and(|action| action.name() == PASS_ROLE);
        if passes_role && NOT_FOR_PASS_ROLE.contains(&key.name) {
            return documented(
                Presence::Never,
                "IAM User Guide, id_roles_use_passrole: iam:PassRole is not an API call",
            );
        }
        let exchange = self.path.is_some_and(
            |path| matches!(path.kind(), PathKind::Exchange(operation) if operation.is_unsigned()),
        );
        let callers = if exchange { &[Caller::Token] } else { self.callers };
        let each = callers.iter().map(|caller| match caller {
            Caller::Principal(kind) => of_principal(key, *kind),
            Caller::Token => of_token(key),
        });
        each.reduce(either).unwrap_or_else(|| unknown("it depends on who calls"))
    }

    /// The keys of tags, which need the support of the action.
    fn tag(&self, key: &ConditionKey) -> Availability {
        let listed = self.listed(key);
        match listed.presence {
            Presence::Never => unknown(
                "the service authorization reference does not list it here, and is known to leave global keys out",
            ),
            _ => listed,
        }
    }

    fn of_service(&self, key: &ConditionKey) -> Availability {
        let name = key.as_str();
        let Some(known) = condition_key(name).known() else {
            return unknown("AWS published no such key");
        };
        let listed = self.listed(key);
        if listed.presence != Presence::Never {
            return listed;
        }
        // Keys of identity providers stand in no list, but for a few well-known providers.
        let of_provider = known.name.starts_with('<') || name.starts_with("saml:");
        let of_host = name.split(':').next().is_some_and(|vendor| vendor.contains('.'));
        if !of_provider && !of_host {
            // `aws:SourceOwner` and its like: old, and in no list of any action.
            let vendor = known.name.split(':').next().unwrap_or_default();
            return if iamsure_reference::service(vendor).is_known() {
                listed
            } else {
                unknown("AWS does not list the requests that carry it")
            };
        }
        let exchanges = |action: Action| UNSIGNED.contains(&action.name());
        if self.action.known().is_some_and(exchanges) {
            documented(Presence::Sometimes, "IAM User Guide, keys for AWS OIDC federation and SAML")
        } else {
            unknown(
                "some claims of a token stay with the session it starts, and AWS lists only a few",
            )
        }
    }

    /// By the lists of the action and of the resource types it works on.
    fn listed(&self, key: &ConditionKey) -> Availability {
        let action = match self.action {
            Standing::Known(action) => action,
            Standing::Retired(_) => return unknown("AWS no longer lists the action"),
            Standing::Unknown => return unknown("AWS published no such action"),
        };
        let is = |listed: iamsure_reference::ConditionKey| listed.is(key.as_str());
        let page = format!("Service Authorization Reference, {}", action.service().title());
        if action.own_condition_keys().any(is) {
            return documented(Presence::Sometimes, format!("{page}: listed for {action}"));
        }
        let (mut listed, mut on) = (false, None);
        for resource in action.resource_types() {
            if resource.condition_keys().any(is) {
                listed = true;
                on = on.or_else(|| self.is_meant(&resource).then_some(resource.name()));
            }
        }
        if let Some(name) = on {
            return documented(
                Presence::Sometimes,
                format!("{page}: listed for {action} on {name}"),
            );
        }
        if !listed {
            let text = format!("{page}: listed neither for {action} nor for its resource types");
            documented(Presence::Never, text)
        } else if OF_ACCESS_POINTS.iter().any(|name| name.eq_ignore_ascii_case(key.as_str())) {
            documented(Presence::Sometimes, DELEGATION)
        } else if action.resource_types().any(|resource| self.is_meant(&resource)) {
            let text = format!("{page}: listed for {action} on other types of resource only");
            documented(Presence::Never, text)
        } else {
            unknown(format!("{action} applies to no such resource, according to {page}"))
        }
    }

    fn is_meant(&self, resource: &ResourceType) -> bool {
        match self.target {
            Target::Any => true,
            Target::Arn(arn) => resource.fits(arn),
            Target::Type(name) => resource.name().eq_ignore_ascii_case(name),
        }
    }
}

/// What a path fixes, if every possibility of it fixes the key.
fn on_path(path: &CallPath, key: &ConditionKey) -> Option<Availability> {
    let fixed: Option<Vec<_>> = path.worlds().iter().map(|world| world.fixed(key)).collect();
    let each = fixed?.into_iter().map(|fixed| Availability {
        presence: match fixed.state {
            KeyState::Absent => Presence::Never,
            KeyState::Unknown => Presence::Unknown,
            KeyState::Single(_) | KeyState::Multi(_) => Presence::Always,
        },
        evidence: if fixed.state == KeyState::Unknown { Evidence::Unknown } else { fixed.evidence },
        source: fixed.source.clone(),
    });
    let each: Vec<Availability> = each.collect();
    let (first, rest) = each.split_first()?;
    let fixed = if rest.iter().all(|other| other.presence == first.presence) {
        each.iter().cloned().reduce(either)?
    } else {
        // Only one of the possibilities is true, and nobody knows which.
        readings(&each)
    };
    // Present in any case, with a value that nobody knows: then the pages below say more.
    let only_the_value = fixed.evidence == Evidence::Unknown && fixed.presence != Presence::Unknown;
    (!only_the_value).then_some(fixed)
}

/// What is known where the possibilities of a path disagree: nothing, with the source of each.
fn readings(each: &[Availability]) -> Availability {
    let mut sources: Vec<String> = Vec::new();
    let same = each.iter().all(|found| each.iter().all(|other| other.source == found.source));
    for found in each {
        let reading = match found.presence {
            Presence::Never => format!("never ({})", found.source),
            Presence::Always => format!("always ({})", found.source),
            Presence::Sometimes | Presence::Unknown => found.source.to_string(),
        };
        if !sources.contains(&reading) {
            sources.push(reading);
        }
    }
    match each.first() {
        Some(first) if same => unknown(first.source.clone()),
        _ => unknown(format!("the readings differ: {}", sources.join("; "))),
    }
}

/// What AWS's page says of one kind of caller.
fn of_principal(key: &GlobalKey, kind: CallerKind) -> Availability {
    if key.name == "aws:userid" && kind == CallerKind::Anonymous {
        return unknown(
            "AWS's docs disagree: the key's entry says that anonymous requests omit it, but the table of principal values lists `anonymous`",
        );
    }
    match key.presence(kind) {
        Presence::Unknown => unknown("AWS does not document whether such a caller has it"),
        presence if key.name == "aws:ViaCustomerDomain" => {
            documented(presence, format!("{GLOBAL_PAGE}, as quoted by iam-floyd 0.851.0"))
        }
        presence => documented(presence, GLOBAL_PAGE),
    }
}

/// What is known of whoever brings a token (E-32 and 8.1 of the spec).
fn of_token(key: &GlobalKey) -> Availability {
    match (key.name, key.category) {
        ("aws:FederatedProvider", _) => documented(Presence::Sometimes, GLOBAL_PAGE),
        ("aws:PrincipalAccount", _) => {
            unknown("AWS documents it for every request; it was never observed before there is a principal")
        }
        (_, Category::Principal | Category::Session) => Availability {
            presence: Presence::Never,
            evidence: Evidence::Observed,
            source: "there is no AWS principal yet; github.com/aws/lza-universal-configuration/issues/25"
                .into(),
        },
        (_, Category::Network | Category::Resource | Category::Request) => {
            let [first, rest @ ..] = CallerKind::ALL.map(|kind| key.presence(kind));
            if rest.iter().all(|presence| *presence == first) && first != Presence::Unknown {
                documented(first, GLOBAL_PAGE)
            } else {
                unknown("AWS does not document whether a token's bearer has it")
            }
        }
    }
}

/// What holds of either of two kinds of request.
fn either(one: Availability, other: Availability) -> Availability {
    use Presence::{Always, Never, Sometimes, Unknown};
    let presence = match (one.presence, other.presence) {
        (one, other) if one == other => one,
        (Sometimes, _) | (_, Sometimes) | (Always, Never) | (Never, Always) => Sometimes,
        (Unknown, Always | Never) | (Always | Never, Unknown) => Unknown,
        // Equal, and so caught above.
        (Always, Always) | (Never, Never) | (Unknown, Unknown) => Unknown,
    };
    // Of one that is known and one that is not, the one that says what the result says.
    let (kept, other) = if (one.presence == Unknown) == (presence == Unknown) {
        (one, other)
    } else {
        (other, one)
    };
    let evidence = match presence {
        Unknown => Evidence::Unknown,
        _ if other.presence == Unknown => kept.evidence,
        _ => kept.evidence.max(other.evidence),
    };
    Availability { presence, evidence, source: kept.source }
}

fn documented(presence: Presence, source: impl Into<Cow<'static, str>>) -> Availability {
    Availability { presence, evidence: Evidence::Documented, source: source.into() }
}

fn unknown(why: impl Into<Cow<'static, str>>) -> Availability {
    Availability { presence: Presence::Unknown, evidence: Evidence::Unknown, source: why.into() }
}

#[cfg(test)]
mod tests {
    use iamsure_core::world::Switches;
    use iamsure_reference::action;

    use super::*;

    const ROLE: Caller = Caller::Principal(CallerKind::RoleSession);

    fn asked(
        name: &str,
        target: Target<'_>,
        callers: &[Caller],
        path: Option<&str>,
        key: &str,
    ) -> Availability {
        let path = path.map(|name| CallPath::named(name, &Switches::default()).unwrap());
        let occasion = Occasion { action: action(name), target, callers, path: path.as_ref() };
        occasion.availability(&key.into())
    }

    /// Presence and evidence for a role session, on any resource and path.
    fn of_role(action: &str, key: &str) -> (Presence, Evidence) {
        let found = asked(action, Target::Any, &[ROLE], None, key);
        (found.presence, found.evidence)
    }

    use Evidence::{Documented, Observed};
    use Presence::{Always, Never, Sometimes};
    const UNKNOWN: (Presence, Evidence) = (Presence::Unknown, Evidence::Unknown);

    #[test]
    fn a_key_of_a_service_is_there_only_where_it_is_listed() {
        assert_eq!(of_role("s3:ListBucket", "s3:prefix"), (Sometimes, Documented));
        assert_eq!(of_role("s3:GetObject", "s3:prefix"), (Never, Documented));
        assert_eq!(of_role("s3:GetObject", "S3:ExistingObjectTag/team"), (Sometimes, Documented));
        assert_eq!(of_role("ec2:RunInstances", "ec2:InstanceType"), (Sometimes, Documented));
        assert_eq!(of_role("s3:GetObject", "ec2:InstanceType"), (Never, Documented));
        assert_eq!(of_role("s3:GetObject", "s3:nosuch"), UNKNOWN);
        assert_eq!(of_role("s3:Nosuch", "s3:prefix"), UNKNOWN);
        assert_eq!(of_role("aws-mcp:InvokeMcp", "s3:prefix"), UNKNOWN);
    }

    #[test]
    fn the_resource_narrows_what_is_listed() {
        let on = |target, key| asked("ec2:RunInstances", target, &[ROLE], None, key).presence;
        let instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-1";
        let subnet = "arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1";
        assert_eq!(on(Target::Arn(instance), "ec2:InstanceType"), Sometimes);
        assert_eq!(on(Target::Arn(subnet), "ec2:InstanceType"), Never);
        assert_eq!(on(Target::Type("instance"), "ec2:InstanceType"), Sometimes);
        assert_eq!(on(Target::Type("subnet"), "ec2:InstanceType"), Never);
        assert_eq!(on(Target::Arn("*"), "ec2:InstanceType"), Sometimes);
        assert_eq!(on(Target::Arn("arn:aws:s3:::bucket"), "ec2:InstanceType"), Presence::Unknown);
        assert_eq!(on(Target::Arn(subnet), "s3:prefix"), Never);
    }

    #[test]
    fn that_an_action_does_not_list_a_global_key_proves_nothing() {
        assert_eq!(of_role("ec2:RunInstances", "aws:RequestTag/team"), (Sometimes, Documented));
        assert_eq!(of_role("s3:GetObject", "aws:RequestTag/team"), UNKNOWN);
        assert_eq!(of_role("ec2:StartInstances", "aws:ResourceTag/team"), (Sometimes, Documented));
        assert_eq!(of_role("sts:GetCallerIdentity", "aws:ResourceTag/team"), UNKNOWN);
        assert_eq!(of_role("s3:GetObject", "aws:PrincipalTag/team"), (Sometimes, Documented));
        assert_eq!(of_role("s3:GetObject", "aws:SecureTransport"), (Always, Documented));
        assert_eq!(of_role("s3:Nosuch", "aws:SecureTransport"), (Always, Documented));
    }

    #[test]
    fn the_caller_decides_on_global_keys() {
        let of = |callers: &[Caller], key| {
            let found = asked("s3:GetObject", Target::Any, callers, None, key);
            (found.presence, found.evidence)
        };
        let kind = Caller::Principal;
        let user = kind(CallerKind::UserLongTermKey);
        assert_eq!(of(&[user], "aws:username"), (Always, Documented));
        assert_eq!(of(&[ROLE], "aws:username"), (Never, Documented));
        assert_eq!(of(&[user, ROLE], "aws:username"), (Sometimes, Documented));
        assert_eq!(of(&[kind(CallerKind::ServicePrincipal)], "aws:PrincipalArn"), UNKNOWN);
        assert_eq!(of(&[ROLE, kind(CallerKind::ServicePrincipal)], "aws:PrincipalArn"), UNKNOWN);
        assert_eq!(of(&[kind(CallerKind::Anonymous)], "aws:userid"), UNKNOWN);
        assert_eq!(of(&[Caller::Token], "aws:PrincipalArn"), (Never, Observed));
        assert_eq!(of(&[Caller::Token], "aws:PrincipalAccount"), UNKNOWN);
        assert_eq!(of(&[Caller::Token], "aws:SecureTransport"), (Always, Documented));
        assert_eq!(of(&[Caller::Token], "aws:CalledVia"), UNKNOWN);
        assert_eq!(of(&[], "aws:username"), UNKNOWN);
        assert_eq!(of(&[], "s3:ExistingObjectTag/a"), (Sometimes, Documented));
    }

    #[test]
    fn the_path_fixes_keys_and_two_readings_are_not_sometimes() {
        let on = |path, key| {
            let found = asked("s3:GetObject", Target::Any, &[ROLE], Some(path), key);
            (found.presence, found.evidence)
        };
        assert_eq!(on("direct", "aws:ViaAWSMCPService"), UNKNOWN);
        assert_eq!(on("direct", "aws:CalledViaAWSMCP"), (Never, Documented));
        assert_eq!(on("mcp:aws-mcp", "aws:ViaAWSMCPService"), (Always, Documented));
        assert_eq!(on("mcp:aws-mcp", "aws:CalledVia"), UNKNOWN);
        assert_eq!(on("mcp:aws-mcp", "aws:ViaAWSService"), (Always, Documented));
        assert_eq!(on("mcp:new-mcp", "aws:CalledViaAWSMCP"), (Always, Evidence::Assumed));
        // An exchange has no principal, whoever was named: the path fixes that, with its own evidence.
        let exchange = "sts:AssumeRoleWithWebIdentity";
        assert_eq!(on(exchange, "aws:PrincipalArn"), (Never, Evidence::Assumed));
    }

    #[test]
    fn passing_a_role_has_no_network_keys_of_endpoints() {
        assert_eq!(of_role("iam:PassRole", "aws:VpceAccount"), (Never, Documented));
        assert_eq!(of_role("iam:GetRole", "aws:VpceAccount"), (Sometimes, Documented));
        assert_eq!(of_role("iam:PassRole", "iam:PassedToService"), (Sometimes, Documented));
    }

    #[test]
    fn claims_of_a_token_are_there_when_it_is_exchanged() {
        let assume = "sts:AssumeRoleWithWebIdentity";
        let token = |key| asked(assume, Target::Any, &[Caller::Token], None, key).presence;
        assert_eq!(token("keycloak.example.com:sub"), Sometimes);
        assert_eq!(token("token.actions.githubusercontent.com:repository"), Sometimes);
        assert_eq!(token("sts:RoleSessionName"), Sometimes);
        assert_eq!(of_role("s3:GetObject", "keycloak.example.com:sub"), UNKNOWN);
        assert_eq!(of_role("s3:GetObject", "saml:aud"), UNKNOWN);
        assert_eq!(of_role("s3:GetObject", "sts:ExternalId"), (Never, Documented));
        assert_eq!(of_role("s3:GetObject", "aws:SourceOwner"), UNKNOWN);
    }

    #[test]
    fn every_answer_has_a_reason_and_unknown_is_unknown() {
        let names = ["s3:GetObject", "iam:PassRole", "sts:AssumeRoleWithWebIdentity", "s3:Nosuch"];
        let paths = [None, Some("direct"), Some("mcp:any"), Some("sts:AssumeRoleWithWebIdentity")];
        let callers = CallerKind::ALL.map(Caller::Principal).into_iter().chain([Caller::Token]);
        let callers: Vec<_> = callers.collect();
        for key in iamsure_reference::global_keys() {
            for (name, path) in names.iter().flat_map(|name| paths.map(|path| (name, path))) {
                for group in callers.chunks(1).chain([callers.as_slice()]) {
                    let found = asked(name, Target::Any, group, path, key.name);
                    assert!(!found.source.is_empty());
                    let is_unknown = found.presence == Presence::Unknown;
                    assert_eq!(
                        is_unknown,
                        found.evidence == Evidence::Unknown,
                        "{name} {}",
                        key.name
                    );
                }
            }
        }
    }
}
