//! `MCPOIDCConfig`: whose tokens a proxy takes.

use super::fields::{Fields, Findings};
use super::finding::FindingCode;
use super::url::Url;

/// The issuer of a cluster's own tokens, unless another is named.
const CLUSTER_ISSUER: &str = "https://kubernetes.default.svc";

/// One configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcConfig {
    /// The name of the resource.
    pub name: String,
    /// Its namespace; empty if it says none.
    pub namespace: String,
    /// The issuer of the tokens, as in their claim `iss`.
    pub issuer: String,
}

pub(super) fn read(
    (name, namespace): (String, String),
    spec: &Fields<'_>,
    findings: &mut Findings<'_>,
) -> Option<OidcConfig> {
    const KINDS: [&str; 2] = ["kubernetesServiceAccount", "inline"];
    spec.only(&["type", KINDS[0], KINDS[1]], &[], findings);
    let kind = spec.required_text("type", findings)?;
    if !KINDS.contains(&kind.value.as_str()) {
        findings.advise(
            FindingCode::WrongValue,
            kind.span,
            format!("unknown type `{}`", kind.value),
            format!("the types are {}", KINDS.join(", ")),
        );
        return None;
    }
    for other in KINDS.into_iter().filter(|other| *other != kind.value) {
        if let Some(span) = spec.key_span(other) {
            findings.add(
                FindingCode::TypeMismatch,
                span,
                format!("`spec.{other}` is set, but the type is {}", kind.value),
            );
        }
    }
    if !spec.has(&kind.value) {
        findings.add(
            FindingCode::TypeMismatch,
            kind.span,
            format!("the type is {0}, but `spec.{0}` is missing", kind.value),
        );
        return None;
    }
    let fields = spec.mapping(&kind.value, findings)?;
    let issuer = if kind.value == "inline" {
        fields.only(
            &[
                "issuer",
                "jwksUrl",
                "introspectionUrl",
                "clientId",
                "clientSecretRef",
                "caBundleRef",
                "jwksAuthTokenPath",
                "jwksAllowPrivateIP",
                "protectedResourceAllowPrivateIP",
                "insecureAllowHTTP",
            ],
            &[],
            findings,
        );
        inline_issuer(&fields, findings)?
    } else {
        fields.only(
            &[
                "serviceAccount",
                "namespace",
                "issuer",
                "jwksUrl",
                "introspectionUrl",
                "useClusterAuth",
            ],
            &[],
            findings,
        );
        fields
            .text("issuer", findings)
            .map_or_else(|| CLUSTER_ISSUER.to_owned(), |issuer| issuer.value)
    };
    Some(OidcConfig { name, namespace, issuer })
}

/// The issuer of an inline configuration.
pub(super) fn inline_issuer(fields: &Fields<'_>, findings: &mut Findings<'_>) -> Option<String> {
    let issuer = fields.required_text("issuer", findings)?;
    if Url::split(&issuer.value).is_none_or(|url| url.host.is_empty()) {
        findings.advise(
            FindingCode::BadUrl,
            issuer.span,
            format!("the issuer `{}` is not a URL", issuer.value),
            "it must equal the tokens' `iss` exactly, such as https://idp.example.com, including any trailing slash",
        );
        return None;
    }
    Some(issuer.value)
}
