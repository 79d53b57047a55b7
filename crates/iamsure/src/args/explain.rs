//! The arguments of `iamsure explain`.

/// What `iamsure explain` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// The name: a finding code such as `inert-statement`, a review claim such as `mcp-bypass`, a switch such as
    /// `Q20`, or a rule such as `C-45`. Without it, all names are listed.
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}
