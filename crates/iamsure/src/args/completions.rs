//! The arguments of `iamsure completions`.

use clap_complete::Shell;

/// What `iamsure completions` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure completions bash > ~/.local/share/bash-completion/completions/iamsure
  iamsure completions zsh > ~/.zfunc/_iamsure       with ~/.zfunc in fpath
  iamsure completions fish > ~/.config/fish/completions/iamsure.fish")]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}
