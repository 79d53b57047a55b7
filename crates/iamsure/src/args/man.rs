//! The arguments of `iamsure man`.

use std::path::PathBuf;

/// What `iamsure man` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure man --out ~/.local/share/man/man1
  man iamsure-account-prove")]
pub struct ManArgs {
    /// The folder that the pages are written to, which is made if there is none.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
