//! The arguments of `iamsure completions`.

use std::path::PathBuf;

use clap_complete::Shell;

/// What `iamsure completions` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure completions bash > ~/.local/share/bash-completion/completions/iamsure
  iamsure completions zsh > ~/.zfunc/_iamsure       with ~/.zfunc in fpath
  iamsure completions fish > ~/.config/fish/completions/iamsure.fish
  iamsure completions --addresses auth.json")]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL", required_unless_present = "addresses")]
    pub shell: Option<Shell>,
    /// List the addresses FILE#NAME of the policies and principals in this file, one per line. The completions of
    /// bash, zsh and fish use this after `#`.
    #[arg(long, value_name = "FILE", conflicts_with = "shell")]
    pub addresses: Option<PathBuf>,
}
