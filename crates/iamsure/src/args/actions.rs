//! The arguments of `iamsure actions`.

use clap::ValueEnum;

use super::{DrawingArgs, Format, OutputArgs};

/// What `iamsure actions` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure actions 's3:Get*' 'kms:*crypt'
  iamsure actions 'iam:*' --access-level permissions-management
  iamsure actions --not 's3:Get*' 's3:List*'     what a NotAction of the two leaves in S3")]
pub struct ActionsArgs {
    /// Action patterns, as in a policy: `s3:Get*`. Quote them from the shell.
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,
    /// List all other actions of the services in the patterns, as NotAction does.
    #[arg(long)]
    pub not: bool,
    /// List only actions of this access level (repeatable).
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub access_level: Vec<LevelArg>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Csv, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}

/// AWS's access levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// Reads the contents of a resource.
    Read,
    /// Lists resources.
    List,
    /// Creates, changes or deletes.
    Write,
    /// Changes tags.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl From<LevelArg> for iamsure_reference::AccessLevel {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Read => Self::Read,
            LevelArg::List => Self::List,
            LevelArg::Write => Self::Write,
            LevelArg::Tagging => Self::Tagging,
            LevelArg::PermissionsManagement => Self::PermissionsManagement,
        }
    }
}
