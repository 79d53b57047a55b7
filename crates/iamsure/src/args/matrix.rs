//! The arguments of `iamsure matrix`.

use std::path::PathBuf;

use super::{ContextArgs, DrawingArgs, Format, OutputArgs, PolicyArgs};

/// What `iamsure matrix` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Call paths (docs/paths.md lists the keys that each sets, with evidence):
  direct                    the principal calls AWS itself. AWS's docs disagree on whether
                            aws:ViaAWSMCPService is then false or absent; both are evaluated
  direct/vpce               the same, through a VPC endpoint
  direct/internet           the same, but not through one
  mcp:SERVER                an AWS-managed MCP server calls with the principal's credentials:
                            mcp:aws-mcp, mcp:eks-mcp, mcp:ecs-mcp,
                            mcp:sagemaker-unified-studio-mcp, mcp:any
  service:CHAIN             services make further calls with the principal's credentials
                            (forward access session), in this order:
                            service:cloudformation, service:athena+glue
  mcp:SERVER/service:CHAIN  the same, after a first call by an MCP server; also after direct/vpce
                            and direct/internet
  service-principal:NAME    a service calls as itself (service-principal:cloudtrail): only
                            resource-based policies and RCPs apply
  execution-role:SERVICE    a role that a service assumed is the caller (execution-role:lambda).
                            It is a separate principal: give its policies, or name it with
                            --principal. An MCP call that triggered it is not visible in its
                            requests
  sts:OPERATION             the exchange that starts a session: sts:AssumeRole,
                            sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML (decided by
                            --trust, never by the policies of the role), sts:GetFederationToken,
                            sts:GetSessionToken, sts:AssumeRoot. With --trust, the matching
                            exchanges are shown automatically
  sts:AssumeRoleWithWebIdentity/TOKEN
                            the same with a known kind of token: github, or one of its variants
                            (github:branch, github:pull_request, github:environment, github:tag);
                            eks; gitlab (gitlab:branch, gitlab:tag); circleci. docs/paths.md says
                            which keys it has and the form of its subject

Examples:
  iamsure matrix role.json
  iamsure matrix role.json --trust trust.json --action sts:GetCallerIdentity
  iamsure matrix role.json --path direct --path mcp:aws-mcp/service:cloudformation
  iamsure matrix role.json --paths ours.yaml --path office
  iamsure matrix role.json --path direct --context aws:SourceIp=203.0.113.7 --format markdown")]
pub struct MatrixArgs {
    /// Also cover this action (repeatable). May contain wildcards; all matching actions are decided.
    #[arg(long = "action", value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Show only the actions given with --action.
    #[arg(long, requires = "actions")]
    pub only: bool,
    /// Use this resource instead of automatically chosen ones (repeatable): an ARN, in which `*` and `?` are wildcards, or `*`
    /// for calls without a resource.
    #[arg(long = "resource", value_name = "ARN")]
    pub resources: Vec<String>,
    /// Show this call path (repeatable): instead of the usual ones, or in addition to them as `+NAME`.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Define your own call paths in a YAML file (repeatable; see docs/paths.md): each is shown if --path names it.
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Csv, Format::Svg, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Facts about the request.
    #[command(flatten)]
    pub request: ContextArgs,
}
