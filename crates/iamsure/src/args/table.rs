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
    /// Show only these condition keys (comma-separated or repeated). Rows say every outcome that the
    /// others lead to.
    #[arg(long = "keys", value_name = "KEY", value_delimiter = ',')]
    pub keys: Vec<String>,
    /// How rows are read: unique (disjoint), any (may overlap and agree), priority (an explicit denial
    /// wins). Default: unique up to 64 rows, else priority.
    #[arg(long, value_enum, value_name = "POLICY")]
    pub hit: Option<Hit>,
    /// Put key states with the same outcome into one row.
    #[arg(long, conflicts_with = "apart")]
    pub merge: bool,
    /// Give each key state a row of its own.
    #[arg(long)]
    pub apart: bool,
    /// Add the statements that decide the example of each row.
    #[arg(long)]
    pub why: bool,
    /// Add a request for each row.
    #[arg(long)]
    pub examples: bool,
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
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// How the rows of a table are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hit {
    /// Exactly one row matches each request.
    Unique,
    /// Rows may overlap and say the same.
    Any,
    /// Rows may overlap; an explicit denial wins.
    Priority,
}
