//! The arguments of `iamsure report`.

use std::path::PathBuf;

use super::{PolicyArgs, SettingArgs};

/// What `iamsure report` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure report role.json -o review.html
  iamsure report role.json --trust trust.json --scp 0=org.json -o review.html
  iamsure report --resource-policy bucket.json --resource-account 111122223333 -o review.html
  iamsure report role.json --path mcp:aws-mcp --action 's3:*' -o review.html

docs/report.md says what is on the page.")]
pub struct ReportArgs {
    /// The file to write. Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}
