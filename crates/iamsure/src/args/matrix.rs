//! The arguments of `iamsure matrix`.

use std::path::PathBuf;

use super::{ContextArgs, DrawingArgs, Format, OutputArgs, PolicyArgs};

/// What `iamsure matrix` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Call paths (docs/paths.md lists what each fixes, with its evidence):
  direct                    the principal calls AWS itself. AWS contradicts itself on whether
                            aws:ViaAWSMCPService is then false or absent: both are decided
  direct/vpce               the same, through a VPC endpoint
  direct/internet           the same, through none
  mcp:SERVER                an AWS-managed MCP server calls with the principal's credentials:
                            mcp:aws-mcp, mcp:eks-mcp, mcp:ecs-mcp,
                            mcp:sagemaker-unified-studio-mcp, mcp:any
  service:CHAIN             services call on with the principal's credentials (forward access
                            session), in this order: service:cloudformation, service:athena+glue
  mcp:SERVER/service:CHAIN  the same, after a first call by an MCP server; also after direct/vpce
                            and direct/internet
  service-principal:NAME    a service calls as itself, as service-principal:cloudtrail: only
                            resource-based policies and RCPs look at it
  execution-role:SERVICE    a role that a service assumed calls, as execution-role:lambda. It is a
                            principal of its own: give its policies, or name it with --principal.
                            A call through MCP that made it act leaves no mark on its calls
  sts:OPERATION             the exchange that starts a session: sts:AssumeRole,
                            sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML (decided by
                            --trust, never by the policies of the role), sts:GetFederationToken,
                            sts:GetSessionToken, sts:AssumeRoot. With --trust, those that it is
                            about are shown without being asked for
  sts:AssumeRoleWithWebIdentity/TOKEN
                            the same with a token of a known shape: github, or one of its kinds
                            (github:branch, github:pull_request, github:environment, github:tag);
                            eks; gitlab (gitlab:branch, gitlab:tag); circleci. docs/paths.md says
                            which keys it has and what its subject looks like

Examples:
  iamsure matrix role.json
  iamsure matrix role.json --trust trust.json --action sts:GetCallerIdentity
  iamsure matrix role.json --path direct --path mcp:aws-mcp/service:cloudformation
  iamsure matrix role.json --paths ours.yaml --path office
  iamsure matrix role.json --path direct --context aws:SourceIp=203.0.113.7 --format markdown")]
pub struct MatrixArgs {
    /// Ask about this action too (repeatable). May hold wildcards, all of whose members are decided.
    #[arg(long = "action", value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Leave out the actions that the policies name: ask about those of --action only.
    #[arg(long, requires = "actions")]
    pub only: bool,
    /// Ask about this resource, in place of those chosen to fit (repeatable). An ARN, or `*`.
    #[arg(long = "resource", value_name = "ARN")]
    pub resources: Vec<String>,
    /// Show this call path (repeatable): in place of the usual ones, or beside them as `+NAME`.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Call paths of your own, in a YAML file (repeatable; docs/paths.md describes it): each is shown
    /// if --path names it.
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// The form of the output.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Csv, Format::Svg, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
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
