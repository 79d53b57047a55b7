//! Claims about what a Deny is for, and about whom it spares.

use iamsure_core::language::Clause;
use iamsure_core::language::condition::{Family, Test};
use iamsure_core::language::document::{Named, PrincipalEntry, Sense};
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::CallPath;
use iamsure_core::world::Switches;
use iamsure_reference::{
    CallerKind, Category, GLOBAL_REGION, GLOBAL_SERVICES, Presence, global_key,
};
use iamsure_truth::claim::{Body, Condition, Fact, Test as Said};

use super::entry::ReviewCode;
use super::scope::{Found, Scope};
use super::{Asked, clause, say};

const MCP_KEYS: [&str; 2] = ["aws:ViaAWSMCPService", "aws:CalledViaAWSMCP"];
const NETWORK_KEYS: [&str; 3] = ["aws:SourceVpce", "aws:SourceVpc", "aws:SourceIp"];
const ORGANIZATION_KEYS: [&str; 3] =
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount"];

/// Actions that turn logging and detection off.
const LOGGING: [&str; 8] = [
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "securityhub:DisableSecurityHub",
];

/// Actions that change the policy of a resource.
pub(super) const POLICY_CHANGES: [&str; 6] = [
    "s3:PutBucketPolicy",
    "kms:PutKeyPolicy",
    "secretsmanager:PutResourcePolicy",
    "sqs:SetQueueAttributes",
    "sns:SetTopicAttributes",
    "ecr:SetRepositoryPolicy",
];

/// Actions by which a token becomes a session.
const FEDERATION: [&str; 2] = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// The claims that a Deny gives rise to.
pub(super) fn of(found: Found<'_>, asked: &mut Asked<'_>) {
    for (number, clause) in found.statement.condition.clauses.iter().enumerate() {
        if spares(clause) {
            of_spared(found, number, clause, asked);
        } else if MCP_KEYS.iter().any(|key| is(clause, key)) {
            asked.add(ReviewCode::McpBlocked, found, blocked(found, number, clause));
        }
    }
    let logging: Vec<_> = LOGGING.into_iter().filter(|action| found.names(action)).collect();
    if !logging.is_empty() {
        let scope = found.scope();
        let body = scope.map(|scope| {
            let mut target = say::actions(logging);
            target.resources = scope.target.resources;
            say::never_allow(target, scope.conditions)
        });
        asked.add(ReviewCode::LoggingProtected, found, body);
    }
    asked.add(ReviewCode::ExceptionWorks, found, spared_by_element(found));
}

/// Whether a clause of a Deny spares a good value, and so was hardly meant to spare its absence.
fn spares(clause: &Clause) -> bool {
    let operator = clause.operator.value;
    let is_false =
        || clause.values.iter().all(|value| value.as_str().eq_ignore_ascii_case("false"));
    match operator.base.family() {
        Family::Bool => is_false(),
        Family::Numeric => operator.base.test() != Test::Equal || operator.base.is_negated(),
        Family::String => operator.base.is_negated() || (is_boolean(clause) && is_false()),
        Family::IpAddress | Family::Arn => operator.base.is_negated(),
        Family::Date | Family::Binary | Family::Null => false,
    }
}

fn is_boolean(clause: &Clause) -> bool {
    let key = iamsure_reference::condition_key(clause.key.as_str()).known();
    key.is_some_and(|key| key.value_type == iamsure_reference::ValueType::Bool)
}

fn is(clause: &Clause, key: &str) -> bool {
    clause.key.as_str().eq_ignore_ascii_case(key)
}

fn texts(clause: &Clause) -> impl Iterator<Item = &str> {
    clause.values.iter().map(|value| value.as_str())
}

/// Whether requests of every kind of caller carry the key, whatever it is that they ask for.
fn is_in_every_request(key: &ConditionKey) -> bool {
    let known = global_key(key.as_str()).filter(|known| known.category == Category::Request);
    known.is_some_and(|known| {
        CallerKind::ALL.into_iter().all(|caller| known.presence(caller) == Presence::Always)
    })
}

/// A clause that spares a good value: what of the absent key, and what of the others?
fn of_spared(found: Found<'_>, number: usize, clause: &Clause, asked: &mut Asked<'_>) {
    let key = &clause.key.value;
    let is = |name: &str| is(clause, name);
    let code = if MCP_KEYS.into_iter().any(is) {
        ReviewCode::McpBypass
    } else if is("aws:MultiFactorAuthPresent") {
        ReviewCode::MfaBypass
    } else {
        ReviewCode::GuardrailAbsentKey
    };
    if !is_in_every_request(key) {
        asked.add(code, found, bypass(found, number, say::absent(key)));
    }
    let scope = || found.scope();
    let good = || clause::spared(clause, found.reading);
    if is("aws:RequestedRegion") {
        let body = scope().zip(good()).map(|(scope, good)| unless(scope, vec![good]));
        asked.add(ReviewCode::RegionLock, found, body);
        if texts(clause).all(|region| region != GLOBAL_REGION && !region.contains(['*', '?', '$']))
        {
            asked.add(ReviewCode::GlobalServices, found, global_services(found, key));
        }
    }
    if is("aws:PrincipalOrgID") {
        let service = say::is("aws:PrincipalIsAWSService", "true");
        let body = scope().zip(good()).map(|(scope, good)| unless(scope, vec![good, service]));
        asked.add(ReviewCode::Organization, found, body);
    }
    // Of a resource it is asked whatever the statement covers.
    if is("aws:SecureTransport") && found.id.layer != PolicyType::Resource {
        let body = bypass(found, number, say::is("aws:SecureTransport", "false"));
        asked.add(ReviewCode::InsecureTransport, found, body);
    }
    if is("s3:x-amz-server-side-encryption") && found.covers("s3:PutObject") {
        let body = scope().zip(good()).map(|(mut scope, good)| {
            scope.target.actions = say::actions(["s3:PutObject"]).actions;
            unless(scope, vec![good])
        });
        asked.add(ReviewCode::EncryptedWrites, found, body);
    }
    if is("aws:PrincipalArn") {
        let patterns = texts(clause).map(str::to_owned).collect();
        let principals = say::key(key, None, Said::Like(patterns));
        asked.add(ReviewCode::ExceptionWorks, found, some(found, vec![principals]));
    }
    if is("aws:SourceIp") {
        let called_on = vec![say::is("aws:ViaAWSService", "true"), say::absent(key)];
        asked.add(ReviewCode::ServicesLockedOut, found, some(found, called_on));
    }
    if NETWORK_KEYS.into_iter().any(is) {
        let change = POLICY_CHANGES.into_iter().find(|action| found.covers(action));
        let body = change.and_then(|action| {
            let mut when = found.scope()?.conditions;
            when.push(say::absent(key));
            Some(say::some_allow(say::actions([action]), when))
        });
        asked.add(ReviewCode::PolicyLockedOut, found, body);
    }
    if ORGANIZATION_KEYS.into_iter().any(is) {
        for action in FEDERATION.into_iter().filter(|action| found.covers(action)) {
            let mut target = say::actions([action]);
            if found.id.layer == PolicyType::Trust {
                target.resources.push(say::ROLES.to_owned());
            }
            let body = say::some_allow(target, vec![say::absent(key)]);
            asked.add(ReviewCode::FederationLockedOut, found, Some(body));
        }
    }
}

/// `never allow TARGET when FACT and the other clauses`. Not where another clause settles whether the
/// key is there.
fn bypass(found: Found<'_>, number: usize, fact: Condition) -> Option<Body> {
    let scope = found.scope_beside(number).filter(|_| found.is_alone(number))?;
    let mut when = vec![fact];
    when.extend(scope.conditions);
    Some(say::never_allow(scope.target, when))
}

/// That some of the global services which a Deny covers whole can be used.
fn global_services(found: Found<'_>, region: &ConditionKey) -> Option<Body> {
    let is_covered = |prefix: &&str| {
        let service = iamsure_reference::service(prefix).known();
        service.is_some_and(|service| service.actions().all(|action| found.covers(action.name())))
    };
    let covered = GLOBAL_SERVICES.into_iter().filter(is_covered);
    let patterns: Vec<String> = covered.map(|prefix| format!("{prefix}:*")).collect();
    if patterns.is_empty() {
        return None;
    }
    let mut target = say::actions(patterns.iter().map(String::as_str));
    target.resources = found.scope()?.target.resources;
    Some(say::some_allow(target, vec![say::one_of(region, [GLOBAL_REGION])]))
}

/// `never allow TARGET unless one of these`.
fn unless(scope: Scope, good: Vec<Condition>) -> Body {
    let mut when = scope.conditions;
    when.extend(say::any(good).map(say::not));
    say::never_allow(scope.target, when)
}

fn some(found: Found<'_>, facts: Vec<Condition>) -> Option<Body> {
    let mut scope = found.scope()?;
    scope.conditions.extend(facts);
    Some(say::some_allow(scope.target, scope.conditions))
}

/// A Deny of calls through MCP servers, said by the path of such calls.
fn blocked(found: Found<'_>, number: usize, clause: &Clause) -> Option<Body> {
    let paths: Vec<Condition> = texts(clause)
        .filter_map(|value| value.strip_suffix(".amazonaws.com"))
        .map(|server| format!("mcp:{server}"))
        .filter(|path| CallPath::named(path, &Switches::default()).is_ok())
        .map(|path| say::fact(Fact::Path(path)))
        .collect();
    let through = say::any(paths).unwrap_or_else(|| say::is("aws:ViaAWSMCPService", "true"));
    bypass(found, number, through)
}

/// A Deny that spares principals by NotPrincipal.
fn spared_by_element(found: Found<'_>) -> Option<Body> {
    let element = found.statement.principal.as_ref()?;
    if element.sense == Sense::OneOf {
        return None;
    }
    let mut arns = Vec::new();
    for entry in &element.entries {
        if let PrincipalEntry::Aws(aws) = &entry.value
            && matches!(aws.named(), Named::Role { .. } | Named::User(_))
        {
            arns.push(aws.as_str());
        }
    }
    let actions = found.statement.action.as_ref().filter(|action| action.sense == Sense::OneOf)?;
    let mut target = say::actions(actions.entries.iter().map(|entry| entry.as_str()));
    let resource =
        found.statement.resource.as_ref().filter(|element| element.sense == Sense::OneOf);
    target.resources = resource
        .into_iter()
        .flat_map(|element| &element.entries)
        .map(|entry| entry.as_str().to_owned())
        .collect();
    if arns.is_empty() {
        return None;
    }
    let principals = say::one_of(&ConditionKey::from("aws:PrincipalArn"), arns);
    Some(say::some_allow(target, vec![principals]))
}
