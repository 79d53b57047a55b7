//! The arguments of `iamsure explain`.

/// What `iamsure explain` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// The code, such as `inert-statement`.
    #[arg(value_name = "CODE")]
    pub code: String,
}
