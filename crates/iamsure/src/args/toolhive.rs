//! The arguments of `iamsure toolhive`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{DrawingArgs, Format, OutputArgs};

/// What `iamsure toolhive` takes.
#[derive(Clone, Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  iamsure toolhive mcp-aws.yaml
  iamsure toolhive mcp-aws.yaml --claims alice.json --identity role.json --trust trust.json
  iamsure toolhive k8s/*.yaml --claims claims.json --trust trust.json \\
      --identity S3ReadOnlyMcpRole=s3-role.json --identity DefaultMcpRole=default-role.json
  iamsure toolhive k8s/*.yaml --claims claims.json --expect alice=S3ReadOnlyMcpRole
  iamsure toolhive verify https://mcp.example.com/mcp --token-env TOKEN --manifests mcp-aws.yaml

ROLE is the name of a role or its ARN. A FILE without ROLE is attached to every role. A manifest
called `verify` is given as ./verify. docs/toolhive.md has the full walkthrough."
)]
pub struct ToolhiveArgs {
    /// What to do instead.
    #[command(subcommand)]
    pub command: Option<ToolhiveCommand>,
    /// The manifests: YAML files of one or many documents, or `-` for standard input. Kinds other than
    /// MCPExternalAuthConfig, MCPRemoteProxy and MCPOIDCConfig are ignored.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The claims of a token as a JSON object, labelled with the file name; or an object of name → claims
    /// (repeatable). `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub claims: Vec<PathBuf>,
    /// Exit with code 1 unless ToolHive selects this role for this token (repeatable), or refuses it, and with 3 if
    /// that is undecided: `alice=S3ReadOnlyMcpRole`, `mallory=refused`.
    #[arg(long, value_name = "TOKEN=ROLE", requires = "claims")]
    pub expect: Vec<String>,
    /// Also cover this action (repeatable). May contain wildcards; all matching actions are decided.
    #[arg(long = "action", value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Show sessions on this call path (repeatable; see `iamsure matrix --help`). Default: direct and
    /// mcp:aws-mcp.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Define your own call paths in a YAML file (repeatable; see `iamsure matrix --help`).
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
    /// The policies of the roles.
    #[command(flatten)]
    pub policies: RolePolicyArgs,
}

/// The policies of roles.
#[derive(Clone, Debug, Args)]
pub struct RolePolicyArgs {
    /// An identity-based policy of a role (repeatable).
    #[arg(long, value_name = "[ROLE=]FILE", help_heading = "Policies")]
    pub identity: Vec<String>,
    /// The permissions boundary of a role.
    #[arg(long, value_name = "[ROLE=]FILE", help_heading = "Policies")]
    pub boundary: Vec<String>,
    /// The trust policy of a role.
    #[arg(long, value_name = "[ROLE=]FILE", help_heading = "Policies")]
    pub trust: Vec<String>,
    /// A service control policy (repeatable), by level as for `iamsure matrix`.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub scp: Vec<String>,
    /// A resource control policy (repeatable), with a level as for --scp. It can also deny token exchanges.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub rcp: Vec<String>,
    /// Accept documents that AWS would reject, where a rule defines how they evaluate.
    #[arg(long, help_heading = "Policies")]
    pub lenient: bool,
    /// Choose another behaviour where AWS documents none (repeatable): `Q4`, or `Q4=any-element`.
    #[arg(long = "switch", value_name = "SWITCH", help_heading = "Request")]
    pub switches: Vec<String>,
}

/// Other commands.
#[derive(Clone, Debug, Subcommand)]
pub enum ToolhiveCommand {
    /// Check a running proxy. The only command that opens a connection.
    ///
    /// Without a token the proxy must answer 401 and say where to get tokens. With a token it must list its tools;
    /// both MCP lifecycles are supported (2026-07-28, and the handshake of 2025-11-25 and earlier). No tool is
    /// called, and the session is closed.
    ///
    /// With --manifests: the published resource and issuer must be those of the manifests. With --claims:
    /// the role that the token selects, the trust decision, and what the role may do through each tool.
    /// Whether the running proxy agrees with that is a check too.
    ///
    /// The token goes to the scheme, host and port of URL and nowhere else; it is never printed. Proxy environment
    /// variables are ignored.
    ///
    /// Exit code 0: every check holds; 1: one does not; 2: the proxy was not reached, or a file cannot be
    /// read.
    Verify(Box<VerifyArgs>),
}

/// What `iamsure toolhive verify` takes.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:
  iamsure toolhive verify https://mcp.example.com/mcp
  iamsure toolhive verify https://mcp.example.com/mcp --token-file token --manifests mcp-aws.yaml
  kubectl port-forward svc/mcp-aws-mcp-proxy-remote-proxy 8080:8080 &
  iamsure toolhive verify http://localhost:8080/mcp --token-env TOKEN --manifests mcp-aws.yaml \\
      --claims alice.json --trust trust.json --identity S3ReadOnlyMcpRole=s3-role.json

docs/toolhive.md explains it step by step.")]
pub struct VerifyArgs {
    /// The URL of the proxy, as clients call it: `https://HOST/mcp`. Plain HTTP only to this machine.
    #[arg(value_name = "URL")]
    pub url: String,
    /// A file that holds a bearer token and nothing else, or `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    pub token_file: Option<PathBuf>,
    /// The environment variable that holds a bearer token.
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// The manifests of the proxy (repeatable), as for `iamsure toolhive`.
    #[arg(long = "manifests", value_name = "FILE", num_args = 1..)]
    pub manifests: Vec<PathBuf>,
    /// Which MCPRemoteProxy of the manifests it is. Default: the only one, or the one whose resourceUrl
    /// is URL.
    #[arg(long, value_name = "NAME", requires = "manifests")]
    pub proxy: Option<String>,
    /// The claims of the token as a JSON object, or `-` for standard input. Signature and expiry are not
    /// looked at.
    #[arg(long, value_name = "FILE", requires = "manifests")]
    pub claims: Option<PathBuf>,
    /// Timeout for one request, in seconds. Each of the two visits takes at most six times as long.
    #[arg(long, value_name = "SECONDS", default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// Trust the certificate authorities in this PEM file instead of those that browsers trust.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Send the token over plain HTTP to another machine. Anyone on the network path can read it.
    #[arg(long)]
    pub insecure_http: bool,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
    /// The policies of the roles.
    #[command(flatten)]
    pub policies: RolePolicyArgs,
}
