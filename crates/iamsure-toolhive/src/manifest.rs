//! The resources of one or many files, read together.

use iamsure_core::language::{Source, Span};

use super::external_auth::{self, AwsSts, ExternalAuth};
use super::fields::{Fields, Findings};
use super::finding::{Finding, FindingCode};
use super::oidc_config::{self, OidcConfig};
use super::remote_proxy::{self, RemoteProxy, Tokens};
use super::url::Url;
use iamsure_review::tree::{self, Node};

/// The API group of ToolHive's resources.
const GROUP: &str = "toolhive.stacklok.dev/";

/// Every resource that takes part in choosing a role, and all that is wrong.
#[derive(Clone, Debug, Default)]
pub struct Manifests {
    /// `MCPExternalAuthConfig` of type awsSts.
    pub configs: Vec<AwsSts>,
    /// `MCPRemoteProxy`.
    pub proxies: Vec<RemoteProxy>,
    /// `MCPOIDCConfig`.
    pub oidc_configs: Vec<OidcConfig>,
    /// What was found, file by file and in the order of the text.
    pub findings: Vec<Finding>,
    /// Kind, namespace and name of every resource.
    seen: Vec<(String, String, String)>,
}

impl Manifests {
    /// Reads files, each of one or many YAML documents. Every finding is reported, not only the
    /// first.
    pub fn read(sources: &[Source]) -> Self {
        let mut manifests = Self::default();
        for source in sources {
            let mut findings = Findings { source, found: Vec::new() };
            match tree::documents(source) {
                Ok(documents) => {
                    for document in &documents {
                        manifests.document(document, &mut findings);
                    }
                }
                Err(error) => findings.advise(
                    FindingCode::NotYaml,
                    error.span,
                    error.message,
                    "several documents are separated by a line `---`; check the indentation",
                ),
            }
            manifests.findings.append(&mut findings.found);
        }
        manifests.references();
        let order = |finding: &Finding| {
            let file = sources.iter().position(|source| *source == finding.source);
            (file, finding.span.start)
        };
        manifests.findings.sort_by_key(order);
        manifests
    }

    /// Whether ToolHive would refuse something here.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// The proxies that take tokens and exchange them with AWS, each with its configuration; then the
    /// configurations that no proxy here refers to.
    pub fn doors(&self) -> Vec<Door<'_>> {
        let mut doors = Vec::new();
        for proxy in &self.proxies {
            let Some(config) = self.config_of(proxy) else { continue };
            let (issuer, audience) = match &proxy.tokens {
                Tokens::Shared { config, audience } => {
                    let shared = self.oidc_configs.iter().find(|known| {
                        known.name == config.value && known.namespace == proxy.namespace
                    });
                    (shared.map(|shared| shared.issuer.as_str()), audience.as_deref())
                }
                Tokens::Inline { issuer, audience } => (issuer.as_deref(), audience.as_deref()),
                Tokens::Unchecked => (None, None),
            };
            doors.push(Door { proxy: Some(proxy), config, issuer, audience });
        }
        for config in &self.configs {
            if !doors.iter().any(|door| std::ptr::eq(door.config, config)) {
                doors.push(Door { proxy: None, config, issuer: None, audience: None });
            }
        }
        doors
    }

    fn config_of(&self, proxy: &RemoteProxy) -> Option<&AwsSts> {
        let name = proxy.external_auth.as_ref()?;
        self.configs
            .iter()
            .find(|config| config.name == name.value && config.namespace == proxy.namespace)
    }

    fn document(&mut self, document: &Node, findings: &mut Findings<'_>) {
        let not_a_resource = |findings: &mut Findings<'_>| {
            findings.advise(
                FindingCode::NotAResource,
                document.span,
                "this document is not a Kubernetes resource: it has no `kind`",
                "a resource has apiVersion, kind, metadata and spec",
            );
        };
        let Some(kind) = document.value.get("kind").and_then(|kind| kind.value.text()) else {
            return not_a_resource(findings);
        };
        let kind_span = document.value.get("kind").map_or(document.span, |kind| kind.span);
        if !["MCPExternalAuthConfig", "MCPRemoteProxy", "MCPOIDCConfig"].contains(&kind) {
            findings.add(
                FindingCode::PassedOver,
                kind_span,
                format!("`{kind}` was ignored: only MCPExternalAuthConfig, MCPRemoteProxy and MCPOIDCConfig are checked"),
            );
            return;
        }
        let Some(fields) = Fields::of(document, "", document.span, findings) else { return };
        fields.only(&["apiVersion", "kind", "metadata", "spec", "status"], &[], findings);
        let version = fields.required_text("apiVersion", findings);
        let known = |version: &str| {
            version
                .strip_prefix(GROUP)
                .is_some_and(|version| ["v1alpha1", "v1beta1"].contains(&version))
        };
        if let Some(version) = version.as_ref().filter(|version| !known(version)) {
            findings.advise(
                FindingCode::UnknownVersion,
                version.span,
                format!(
                    "iamsure does not support the version `{}` of ToolHive's resources",
                    version.value
                ),
                format!("it is read as {GROUP}v1beta1"),
            );
        }
        let is_alpha = version.is_some_and(|version| version.value.ends_with("/v1alpha1"));
        let metadata = fields.required_mapping("metadata", findings);
        let mut named = |field: &str, required: bool| {
            let metadata = metadata.as_ref()?;
            let text = if required {
                metadata.required_text(field, findings)
            } else {
                metadata.text(field, findings)
            };
            text.map(|text| text.value)
        };
        let (name, namespace) = (named("name", true), named("namespace", false));
        let Some(spec) = fields.required_mapping("spec", findings) else { return };
        let Some(name) = name else { return };
        let identity = (name.clone(), namespace.unwrap_or_default());
        let resource = (kind.to_owned(), identity.1.clone(), name);
        if self.seen.contains(&resource) {
            findings.add(
                FindingCode::DuplicateResource,
                metadata.as_ref().map_or(document.span, Fields::span),
                format!("two {kind} resources are named `{}`", resource.2),
            );
            return;
        }
        self.seen.push(resource);
        match kind {
            "MCPExternalAuthConfig" => {
                if let ExternalAuth::AwsSts(config) = external_auth::read(identity, &spec, findings)
                {
                    self.configs.push(*config);
                }
            }
            "MCPRemoteProxy" => self
                .proxies
                .push(remote_proxy::read(identity, is_alpha, kind_span, &spec, findings)),
            _ => self.oidc_configs.extend(oidc_config::read(identity, &spec, findings)),
        }
    }

    /// What resources say of each other.
    fn references(&mut self) {
        let mut found = Vec::new();
        let is_there = |kind: &str, name: &str, proxy: &RemoteProxy| {
            self.seen.iter().any(|(known, namespace, known_name)| {
                known == kind && *namespace == proxy.namespace && known_name == name
            })
        };
        for proxy in &self.proxies {
            let mut reference = |kind: &str, name: &str, span: Span| {
                if !is_there(kind, name, proxy) {
                    let namespace = if proxy.namespace.is_empty() {
                        String::new()
                    } else {
                        format!(" in the namespace `{}`", proxy.namespace)
                    };
                    let message = format!("no {kind} `{name}`{namespace} in the given files");
                    found.push(
                        Finding::new(FindingCode::UnresolvedReference, &proxy.source, span, message)
                            .help("also give the file that contains it; references stay within their namespace"),
                    );
                }
            };
            if let Some(name) = &proxy.external_auth {
                reference("MCPExternalAuthConfig", &name.value, name.span);
            }
            if let Tokens::Shared { config, .. } = &proxy.tokens {
                reference("MCPOIDCConfig", &config.value, config.span);
            }
            if let (Some(url), Some(config)) = (&proxy.remote_url, self.config_of(proxy))
                && let Some(region) = region_of_endpoint(&url.value)
                && region != config.region
            {
                let message = format!(
                    "the endpoint is in {region}, and `{}` signs for {}: AWS refuses the signature",
                    config.name, config.region
                );
                found.push(Finding::new(
                    FindingCode::OtherRegion,
                    &proxy.source,
                    url.span,
                    message,
                ));
            }
        }
        self.findings.append(&mut found);
    }
}

/// The region in the host of an AWS MCP Server, `aws-mcp.us-east-1.api.aws`.
fn region_of_endpoint(url: &str) -> Option<&str> {
    server_and_region(url).filter(|(server, _)| *server == "aws-mcp").map(|(_, region)| region)
}

/// The server and the region in the host of an MCP server of AWS.
fn server_and_region(url: &str) -> Option<(&str, &str)> {
    Url::split(url)?.host.strip_suffix(".api.aws")?.split_once('.')
}

/// Where tokens come in: a proxy with its configuration, or a configuration alone.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// The proxy, if one refers to the configuration.
    pub proxy: Option<&'a RemoteProxy>,
    /// How it chooses a role.
    pub config: &'a AwsSts,
    /// The issuer that it takes tokens of, if the files say.
    pub issuer: Option<&'a str>,
    /// The audience that they must be for, if the files say.
    pub audience: Option<&'a str>,
}

impl Door<'_> {
    /// The name of the proxy, or of the configuration.
    pub fn name(&self) -> &str {
        self.proxy.map_or(&self.config.name, |proxy| &proxy.name)
    }

    /// The MCP server of AWS behind the proxy, by its host: `aws-mcp`; `None` if it is another server, or not in the files.
    pub fn server(&self) -> Option<&str> {
        let url = self.proxy?.remote_url.as_ref()?;
        server_and_region(&url.value).map(|(server, _)| server)
    }
}
