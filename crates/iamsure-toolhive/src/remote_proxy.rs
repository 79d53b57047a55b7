//! `MCPRemoteProxy`: the proxy that takes tokens, and what it refers to.
//!
//! Fields are those of toolhive `cmd/thv-operator/api/v1beta1/mcpremoteproxy_types.go` (2026-08).

use iamsure_core::language::{Source, Span, Spanned};

use super::fields::{Fields, Findings, OldName};
use super::finding::FindingCode;
use super::oidc_config::inline_issuer;
use super::url::Url;

/// One proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteProxy {
    /// The name of the resource.
    pub name: String,
    /// Its namespace; empty if it says none.
    pub namespace: String,
    /// The file.
    pub source: Source,
    /// The MCP server behind it.
    pub remote_url: Option<Spanned<String>>,
    /// The name of its `MCPExternalAuthConfig`.
    pub external_auth: Option<Spanned<String>>,
    /// Whose tokens it takes, and for which audience.
    pub tokens: Tokens,
    /// Its public URL, by which clients ask for tokens (RFC 9728); if it says none, ToolHive takes that of the service in
    /// the cluster.
    pub resource_url: Option<Spanned<String>>,
}

/// Whose tokens a proxy takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// Those that an `MCPOIDCConfig` describes.
    Shared {
        /// Its name.
        config: Spanned<String>,
        /// The audience they must be for.
        audience: Option<String>,
    },
    /// Described in place (`oidcConfig`, v1alpha1).
    Inline {
        /// Their issuer.
        issuer: Option<String>,
        /// The audience they must be for.
        audience: Option<String>,
    },
    /// It does not say: the proxy checks none.
    Unchecked,
}

/// The fields of v1beta1.
const FIELDS: [&str; 19] = [
    "remoteUrl",
    "proxyPort",
    "transport",
    "oidcConfigRef",
    "externalAuthConfigRef",
    "authServerRef",
    "headerForward",
    "authzConfig",
    "authzConfigRef",
    "audit",
    "toolConfigRef",
    "telemetryConfigRef",
    "resources",
    "serviceAccount",
    "trustProxyHeaders",
    "endpointPrefix",
    "resourceOverrides",
    "groupRef",
    "sessionAffinity",
];

/// Fields of v1beta1 that say how the proxy scales.
const SCALING: [&str; 2] = ["replicas", "sessionStorage"];

/// Fields that v1alpha1 had beside.
const ALPHA: [&str; 2] = ["oidcConfig", "telemetry"];

pub(super) fn read(
    (name, namespace): (String, String),
    is_alpha: bool,
    span: Span,
    spec: &Fields<'_>,
    findings: &mut Findings<'_>,
) -> RemoteProxy {
    let old = [
        OldName {
            name: "remoteURL",
            code: FindingCode::RenamedField,
            message: "`spec.remoteURL` was renamed to `remoteUrl` in ToolHive 0.19.0: the old name is rejected or silently dropped",
            help: "write `remoteUrl`",
        },
        OldName {
            name: "port",
            code: FindingCode::DeprecatedField,
            message: "`spec.port` is deprecated, and newer versions of ToolHive have dropped it: the proxy then listens on 8080",
            help: "write `proxyPort`",
        },
    ];
    let mut known: Vec<&str> = FIELDS.iter().chain(&SCALING).copied().collect();
    if is_alpha {
        known.extend(ALPHA);
    }
    spec.only(&known, &old, findings);
    let remote_url = if spec.has("remoteURL") && !spec.has("remoteUrl") {
        // Said already, with what to do.
        spec.text("remoteURL", findings)
    } else {
        spec.required_text("remoteUrl", findings)
    };
    if let Some(url) = &remote_url
        && Url::split(url).is_none_or(|url| url.host.is_empty())
    {
        findings.add(
            FindingCode::BadUrl,
            url.span,
            format!(
                "`{}` is not a valid URL: ToolHive accepts http:// and https:// with a host",
                url.value
            ),
        );
    }
    if let Some(port) =
        spec.integer("proxyPort", findings).filter(|port| !(1..=65_535).contains(&port.value))
    {
        findings.add(
            FindingCode::WrongValue,
            port.span,
            format!("port {} is out of range: expected 1 to 65535", port.value),
        );
    }
    if let Some(transport) = spec
        .text("transport", findings)
        .filter(|transport| !["sse", "streamable-http"].contains(&transport.value.as_str()))
    {
        findings.advise(
            FindingCode::WrongValue,
            transport.span,
            format!("unknown transport `{}`", transport.value),
            "the transports are sse and streamable-http",
        );
    }
    let external_auth = spec.mapping("externalAuthConfigRef", findings).and_then(|reference| {
        reference.only(&["name"], &[], findings);
        reference.required_text("name", findings)
    });
    let (tokens, resource_url) = tokens(is_alpha, span, spec, findings);
    RemoteProxy {
        name,
        namespace,
        source: findings.source.clone(),
        remote_url,
        external_auth,
        tokens,
        resource_url,
    }
}

/// Whose tokens it takes, and its public URL, which stands beside.
fn tokens(
    is_alpha: bool,
    span: Span,
    spec: &Fields<'_>,
    findings: &mut Findings<'_>,
) -> (Tokens, Option<Spanned<String>>) {
    if let Some(reference) = spec.mapping("oidcConfigRef", findings) {
        reference.only(&["name", "audience", "scopes", "resourceUrl"], &[], findings);
        let config = reference.required_text("name", findings);
        let audience = reference.required_text("audience", findings).map(|text| text.value);
        let resource_url = resource_url(&reference, findings);
        let tokens = match config {
            Some(config) => Tokens::Shared { config, audience },
            None => Tokens::Inline { issuer: None, audience },
        };
        return (tokens, resource_url);
    }
    if is_alpha
        && let (Some(config), Some(key)) =
            (spec.mapping("oidcConfig", findings), spec.key_span("oidcConfig"))
    {
        findings.advise(
            FindingCode::DeprecatedField,
            key,
            "`spec.oidcConfig` is deprecated, and v1beta1 does not have it",
            "move the provider to an MCPOIDCConfig and refer to it with `oidcConfigRef`",
        );
        let resource_url = resource_url(&config, findings);
        let inline = config.mapping("inline", findings);
        let tokens = Tokens::Inline {
            issuer: inline.as_ref().and_then(|inline| inline_issuer(inline, findings)),
            audience: inline
                .and_then(|inline| inline.text("audience", findings))
                .map(|text| text.value),
        };
        return (tokens, resource_url);
    }
    if !spec.has("oidcConfigRef") && !spec.has("authServerRef") {
        findings.advise(
            FindingCode::Unauthenticated,
            span,
            "the proxy has no `oidcConfigRef`: it checks no tokens, and serves anyone who can reach its port",
            "refer to an MCPOIDCConfig with `oidcConfigRef`, and name the audience there",
        );
    }
    (Tokens::Unchecked, None)
}

/// RFC 9728: clients compare it with the URL that they call.
fn resource_url(reference: &Fields<'_>, findings: &mut Findings<'_>) -> Option<Spanned<String>> {
    const FULL: &str =
        "write the URL that clients call, whole: https://mcp.example.com/mcp (RFC 9728)";
    let text = reference.text("resourceUrl", findings)?;
    match Url::split(&text.value) {
        Some(url) if !url.host.is_empty() => {
            if url.path.is_empty() || url.path == "/" {
                findings.advise(
                    FindingCode::PartialResourceUrl,
                    text.span,
                    format!(
                        "`{}` has no path: resourceUrl is the full public URL of the proxy",
                        text.value
                    ),
                    FULL,
                );
            }
        }
        _ => findings.advise(
            FindingCode::BadUrl,
            text.span,
            format!(
                "`{}` has no scheme or no host: resourceUrl is the full public URL of the proxy",
                text.value
            ),
            FULL,
        ),
    }
    Some(text)
}
