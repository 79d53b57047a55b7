//! The arguments of `iamsure lint`.

use super::{Format, Level, OutputArgs, PolicyArgs, SettingArgs};

/// What `iamsure lint` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure lint role.json
  iamsure lint role.json --scp guardrails.json --boundary boundary.json
  iamsure lint policies/*.json                             each file separately
  iamsure lint --together base.json extra.json             the policies of one principal
  iamsure lint role.json --allow condition-implied --allow value-swallowed
  iamsure explain inert-statement

docs/lint.md shows each finding.")]
pub struct LintArgs {
    /// Hide findings with this code (repeatable).
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Check the POLICY files together, as the policies of one principal. By default each is checked separately,
    /// together with the policies given by option.
    #[arg(long)]
    pub together: bool,
    /// List every finding. By default, the first ten of each code.
    #[arg(long)]
    pub all: bool,
    /// Exit with code 1 if there is a finding of this severity or worse.
    #[arg(long, value_enum, default_value_t = Level::Warning, value_name = "SEVERITY")]
    pub fail_on: Level,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json, Format::Github, Format::Sarif, Format::Junit]), default_value = "human", value_name = "FORMAT")]
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
