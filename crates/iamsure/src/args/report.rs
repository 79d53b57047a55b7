//! The arguments of `iamsure report`.

use super::{OutputArgs, PolicyArgs, SettingArgs};

/// What `iamsure report` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure report role.json -o review.html
  iamsure report role.json --trust trust.json --scp 0=org.json -o review.html
  iamsure report --resource-policy bucket.json --resource-account 111122223333 -o review.html
  iamsure report role.json --path mcp:aws-mcp --action 's3:*' -o review.html

docs/report.md says what is on the page.")]
pub struct ReportArgs {
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}
