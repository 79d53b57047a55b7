//! The arguments of `iamsure report`.

use std::path::PathBuf;

use super::{OutputArgs, PolicyArgs, SettingArgs};

/// What `iamsure report` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure report role.json -o review.html
  iamsure report role.json --trust trust.json --scp 0=org.json -o review.html
  iamsure report role.json --before main:role.json -o review.html
  iamsure report --resource-policy bucket.json --resource-account 111122223333 -o review.html
  iamsure report auth.json --scp 0=org.json -o account.html
  iamsure report plan.json -o plan.html
  iamsure report policies.iamsure.yaml -o tests.html
  iamsure report role.json --path mcp:aws-mcp --action 's3:*' -o review.html

docs/report.md describes the page.")]
pub struct ReportArgs {
    /// The previous version of POLICY or of the account: the page then also shows what changed. A file, or one from
    /// a git revision, such as `main:role.json`.
    #[arg(long, value_name = "FILE")]
    pub before: Option<PathBuf>,
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
