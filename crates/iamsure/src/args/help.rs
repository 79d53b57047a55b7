//! The arguments of `iamsure help`.

/// What `iamsure help` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Topics:
  claims      The language of claims
  suites      The files that `iamsure test` runs
  paths       Call paths: how a call arrives
  formats     Output formats, by command
  exit-codes  What the exit codes mean")]
pub struct HelpArgs {
    /// A topic, or a command with its subcommand.
    #[arg(value_name = "NAME")]
    pub name: Vec<String>,
}
