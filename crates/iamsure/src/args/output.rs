//! Where the answer goes.

use std::path::PathBuf;

/// Where the answer goes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OutputArgs {
    /// Write the answer to this file, whole or not at all, in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
