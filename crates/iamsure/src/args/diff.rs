//! The arguments of `iamsure diff`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{DrawingArgs, Format, LayerArgs, OutputArgs, SettingArgs};

/// What `iamsure diff` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure diff old.json new.json
  iamsure diff main:role.json role.json --format markdown
  iamsure diff old.json new.json --identity AmazonS3ReadOnlyAccess.json
  iamsure diff old.json new.json --as scp --fail-on widened
  iamsure diff plan.json --format markdown
  iamsure diff old.json new.json --open-world")]
pub struct DiffArgs {
    /// The policy before: a file, `-`, or a file from a git revision, such as `main:role.json`. A Terraform plan
    /// (`terraform show -json`) contains both versions and needs no AFTER: every principal and policy is compared.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The policy after.
    #[arg(value_name = "AFTER")]
    pub after: Option<PathBuf>,
    /// What kind of policy the two are.
    #[arg(long = "as", value_enum, default_value_t = DiffLayer::Identity, value_name = "LAYER")]
    pub kind: DiffLayer,
    /// Compare under any additional Allow.
    #[arg(long)]
    pub open_world: bool,
    /// Exit with code 1 on: any difference; a difference in access; new access only; never.
    #[arg(long, value_enum, default_value_t = FailOn::Any, value_name = "CHANGE")]
    pub fail_on: FailOn,
    /// Also show a request for rows where only the reason changes.
    #[arg(long)]
    pub examples: bool,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Csv, Format::Svg, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
    /// Policies added to both versions.
    #[command(flatten)]
    pub layers: LayerArgs,
    /// Which requests to cover.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// What kind of policy is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffLayer {
    /// An identity-based policy.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// The policy of a resource.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// The policy of a VPC endpoint.
    Endpoint,
}

/// Which differences are a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any.
    Any,
    /// Those that change what is allowed.
    Access,
    /// Those that allow what was not.
    Widened,
    /// None.
    Never,
}
