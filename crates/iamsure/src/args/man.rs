//! The arguments of `iamsure man`.

use std::path::PathBuf;

/// What `iamsure man` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure man --out ~/.local/share/man/man1
  man iamsure-account-prove")]
pub struct ManArgs {
    /// The folder to write the pages to, created if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
