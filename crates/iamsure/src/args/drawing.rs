//! How tables are drawn at a terminal.

/// How tables are drawn at a terminal.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DrawingArgs {
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit tables into this many columns. Default: the terminal's width; no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}
