//! `MCPExternalAuthConfig` of type `awsSts`: how a token becomes AWS credentials.
//!
//! Fields and rules are those of toolhive `cmd/thv-operator/api/v1beta1/mcpexternalauthconfig_types.go`
//! and `pkg/auth/awssts` (read in 2026-08).

use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::{Source, Span};

use super::fields::{Fields, Findings, OldName};
use super::finding::FindingCode;
use super::role_arn::RoleArn;
use super::role_mapping::{RoleMapping, role_arn};

/// The service that requests are signed for, unless another is named.
pub(crate) const AWS_MCP: &str = "aws-mcp";

/// The claim that role mappings look into, unless another is named.
pub(crate) const DEFAULT_ROLE_CLAIM: &str = "groups";

/// The claim that names the session, unless another is named.
pub(crate) const DEFAULT_SESSION_NAME_CLAIM: &str = "sub";

/// Seconds that a session may last, and lasts by default.
const DURATIONS: std::ops::RangeInclusive<i64> = 900..=43_200;
const DEFAULT_DURATION: i64 = 3_600;

/// One configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsSts {
    /// The name of the resource.
    pub name: String,
    /// Its namespace; empty if it says none.
    pub namespace: String,
    /// The file.
    pub source: Source,
    /// Where `awsSts` is written.
    pub span: Span,
    /// The region of STS and of the signature.
    pub region: String,
    /// The service of the signature.
    pub service: String,
    /// The role of tokens that no mapping selects one for.
    pub fallback: Option<RoleArn>,
    /// The mappings, in order.
    pub mappings: Vec<RoleMapping>,
    /// The claim that `claim` mappings look into.
    pub role_claim: String,
    /// The claim that names the session.
    pub session_name_claim: String,
    /// How long a session lasts, in seconds.
    pub session_duration: i64,
}

impl AwsSts {
    /// Every role it may select, each once: those of the mappings in order, then the fallback.
    pub fn roles(&self) -> Vec<&RoleArn> {
        let mut roles: Vec<&RoleArn> = Vec::new();
        for role in self.mappings.iter().map(|mapping| &mapping.role).chain(&self.fallback) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        roles
    }
}

const TYPES: [&str; 9] = [
    "tokenExchange",
    "headerInjection",
    "bearerToken",
    "unauthenticated",
    "embeddedAuthServer",
    "awsSts",
    "upstreamInject",
    "obo",
    "xaa",
];

/// What the `spec` of an `MCPExternalAuthConfig` turns out to be.
pub(super) enum ExternalAuth {
    AwsSts(Box<AwsSts>),
    /// Of another type, or of no use.
    Other,
}

pub(super) fn read(
    (name, namespace): (String, String),
    spec: &Fields<'_>,
    findings: &mut Findings<'_>,
) -> ExternalAuth {
    let mut known = vec!["type"];
    known.extend(TYPES);
    spec.only(&known, &[], findings);
    let Some(kind) = spec.required_text("type", findings) else { return ExternalAuth::Other };
    if !TYPES.contains(&kind.value.as_str()) {
        findings.advise(
            FindingCode::WrongValue,
            kind.span,
            format!("unknown type `{}`", kind.value),
            format!("the types are {}", TYPES.join(", ")),
        );
        return ExternalAuth::Other;
    }
    let is_aws = kind.value == "awsSts";
    if is_aws != spec.has("awsSts") {
        let (span, message) = match spec.key_span("awsSts") {
            Some(span) => (
                span,
                format!(
                    "`spec.awsSts` is only allowed with type awsSts; the type is `{}`",
                    kind.value
                ),
            ),
            None => (kind.span, "the type is awsSts, but `spec.awsSts` is missing".to_owned()),
        };
        findings.add(FindingCode::TypeMismatch, span, message);
        return ExternalAuth::Other;
    }
    if !is_aws {
        findings.add(
            FindingCode::NotAwsSts,
            kind.span,
            format!("`{name}` is of type {}: it selects no role and was ignored", kind.value),
        );
        return ExternalAuth::Other;
    }
    let Some(fields) = spec.mapping("awsSts", findings) else { return ExternalAuth::Other };
    match aws_sts(name, namespace, &fields, findings) {
        Some(config) => ExternalAuth::AwsSts(Box::new(config)),
        None => ExternalAuth::Other,
    }
}

fn aws_sts(
    name: String,
    namespace: String,
    fields: &Fields<'_>,
    findings: &mut Findings<'_>,
) -> Option<AwsSts> {
    let old = [OldName {
        name: "roleArn",
        code: FindingCode::RenamedField,
        message: "`spec.awsSts.roleArn` is now `fallbackRoleArn`: Kubernetes rejects or drops the old name",
        help: "write `fallbackRoleArn`, the role for tokens that match no mapping",
    }];
    fields.only(
        &[
            "region",
            "service",
            "fallbackRoleArn",
            "roleMappings",
            "roleClaim",
            "sessionDuration",
            "sessionNameClaim",
            "subjectProviderName",
        ],
        &old,
        findings,
    );
    let region = fields.required_text("region", findings);
    if let Some(region) =
        region.as_ref().filter(|region| !is_region(region) && !is_placeholder(region))
    {
        findings.advise(
            FindingCode::BadRegion,
            region.span,
            format!("`{}` is not a region that ToolHive accepts", region.value),
            "expected a region such as us-east-1 or us-gov-west-1",
        );
    }
    let service = fields.text("service", findings);
    if let Some(service) = service.as_ref().filter(|service| service.value != AWS_MCP) {
        findings.advise(
            FindingCode::OtherService,
            service.span,
            format!(
                "requests are signed for the service `{}`; the AWS MCP Server accepts requests signed for `{AWS_MCP}`",
                service.value
            ),
            format!("omit `service`, or write `service: {AWS_MCP}`"),
        );
    }
    let fallback = role_arn(fields, "fallbackRoleArn", false, findings);
    let mappings: Vec<RoleMapping> = fields
        .mappings("roleMappings", findings)
        .iter()
        .filter_map(|mapping| RoleMapping::read(mapping, findings))
        .collect();
    if !fields.has("fallbackRoleArn") && !fields.has("roleMappings")
        || !fields.has("fallbackRoleArn") && fields.is_empty_list("roleMappings")
    {
        findings.advise(
            FindingCode::NoRole,
            fields.span(),
            "neither `fallbackRoleArn` nor a role mapping is set: ToolHive needs at least one of them",
            "set `fallbackRoleArn` to the role for tokens that match no mapping",
        );
    }
    let duration = fields.integer("sessionDuration", findings);
    if let Some(duration) = duration.filter(|duration| !DURATIONS.contains(&duration.value)) {
        findings.add(
            FindingCode::BadDuration,
            duration.span,
            format!(
                "session duration {} seconds: must be {} to {}",
                duration.value,
                DURATIONS.start(),
                DURATIONS.end()
            ),
        );
    }
    let mut or = |name: &str, default: &str| {
        fields.text(name, findings).map_or_else(|| default.to_owned(), |text| text.value)
    };
    Some(AwsSts {
        name,
        namespace,
        role_claim: or("roleClaim", DEFAULT_ROLE_CLAIM),
        session_name_claim: or("sessionNameClaim", DEFAULT_SESSION_NAME_CLAIM),
        source: findings.source.clone(),
        span: fields.span(),
        region: region?.value,
        service: service.map_or_else(|| AWS_MCP.to_owned(), |service| service.value),
        fallback,
        mappings,
        session_duration: duration.map_or(DEFAULT_DURATION, |duration| duration.value),
    })
}

/// `^[a-z]{2}(-[a-z]+)+-\d+$`, the pattern of the custom resource.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let lower = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let first = parts.next().is_some_and(|part| part.len() == 2 && lower(part));
    let number = parts
        .next_back()
        .is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let between: Vec<_> = parts.collect();
    first && number && !between.is_empty() && between.into_iter().all(lower)
}

#[cfg(test)]
mod tests {
    use super::is_region;

    #[test]
    fn regions_have_letters_and_a_number() {
        for yes in ["us-east-1", "us-gov-west-1", "cn-north-1", "eu-isoe-west-12"] {
            assert!(is_region(yes), "{yes}");
        }
        for no in
            ["", "us-east", "us-1", "useast1", "US-EAST-1", "us-east-1a", "usa-east-1", "us--1"]
        {
            assert!(!is_region(no), "{no}");
        }
    }
}
