//! The arguments of `iamsure table`.

use clap::ValueEnum;

use super::{DrawingArgs, Format, OutputArgs, PolicyArgs, SettingArgs};

/// What `iamsure table` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure table guardrail.json --statement DenyDirectAPIAccess
  iamsure table role.json --why --examples
  iamsure table role.json --action 's3:*' --path direct
  iamsure table role.json --keys aws:ViaAWSMCPService --format markdown
  iamsure table --resource-policy bucket.json --hit priority")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag on the command line")]
pub struct TableArgs {
    /// Show when this statement applies: its Sid, or its number from 1 over all policies.
    #[arg(long, value_name = "SID")]
    pub statement: Option<String>,
    /// Show only these condition keys (comma-separated or repeated). Rows then list every outcome that the other
    /// keys lead to.
    #[arg(long = "keys", value_name = "KEY", value_delimiter = ',')]
    pub keys: Vec<String>,
    /// How rows are read: unique (disjoint), any (may overlap and agree), priority (an explicit denial
    /// wins). Default: unique up to 64 rows, else priority.
    #[arg(long, value_enum, value_name = "POLICY")]
    pub hit: Option<Hit>,
    /// Merge key states with the same outcome into one row.
    #[arg(long, conflicts_with = "apart")]
    pub merge: bool,
    /// Give each key state its own row.
    #[arg(long)]
    pub apart: bool,
    /// Show the statements that decide each row's example.
    #[arg(long)]
    pub why: bool,
    /// Show an example request for each row.
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
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests to cover.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// How the rows of a table are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hit {
    /// Each request matches exactly one row.
    Unique,
    /// Rows may overlap and agree.
    Any,
    /// Rows may overlap; an explicit deny wins.
    Priority,
}
