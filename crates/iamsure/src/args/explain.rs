//! The arguments of `iamsure explain`.

/// What `iamsure explain` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// What is printed: a code such as `inert-statement`, a claim of a review such as `mcp-bypass`, a switch such as
    /// `Q20`, or a rule such as `C-45`. Without it, everything that can be explained is listed.
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}
