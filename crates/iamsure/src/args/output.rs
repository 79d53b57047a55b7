//! Where the answer goes.

use std::path::PathBuf;

/// The output file.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct OutputArgs {
    /// Write output to this file (atomically) instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
