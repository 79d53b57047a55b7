//! The arguments of `iamsure prove`.

use clap::ValueEnum;

use super::{Format, OutputArgs, PolicyArgs, SettingArgs};

/// What `iamsure prove` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure prove 'never allow * unless aws:ViaAWSMCPService is true' role.json --open-world
  iamsure prove 'never allow iam:* when aws:MultiFactorAuthPresent is absent' admin.json
  iamsure prove 'always allow s3:GetObject when path is mcp:aws-mcp' role.json
  iamsure prove 'allow implies aws:PrincipalOrgID is o-example' --resource-policy bucket.json
  iamsure prove 'no inert statements' role.json
  iamsure prove 'never allow s3:*' role.json --emit simulate
  iamsure prove --review role.json --trust trust.json

docs/claims.md describes the language.")]
pub struct ProveArgs {
    /// The claim, in quotes: see docs/claims.md. Not with --review.
    #[arg(value_name = "CLAIM", required_unless_present = "review")]
    pub claim: Option<String>,
    /// Check everything a reviewer would check for these policies: see docs/review-claims.md.
    #[arg(long, conflicts_with_all = ["open_world", "emit"])]
    pub review: bool,
    /// The claim must hold even if Allows are added later to an identity-based, session or resource-based policy.
    /// Boundaries, SCPs, RCPs, endpoint policies and every Deny stay as given.
    #[arg(long)]
    pub open_world: bool,
    /// Print only the deciding request, as an `iamsure simulate` command, a suite test, or an AWS CLI command.
    #[arg(long, value_enum, value_name = "FORM")]
    pub emit: Option<Emit>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json, Format::Github, Format::Sarif]), default_value = "human", value_name = "FORMAT", conflicts_with = "emit")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests to cover.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// The forms of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// A command line of `iamsure simulate`.
    Simulate,
    /// A test of a suite, in YAML.
    Test,
    /// A command line of `aws iam simulate-custom-policy`.
    Aws,
}
