//! The arguments of `iamsure docs`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{DrawingArgs, Format, OutputArgs};

/// What `iamsure docs` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct DocsArgs {
    /// What to do with the tables.
    #[command(subcommand)]
    pub command: DocsCommand,
}

/// What is done with the tables of documents.
#[derive(Clone, Debug, Subcommand)]
pub enum DocsCommand {
    /// Hold every table that a comment binds against its policy.
    ///
    /// A table written by hand is bound by a comment before it. A wrong cell is shown in place with what was computed, why, and which policy the table really
    /// describes. A generated table is compared with what would be generated.
    ///
    /// Exit code 0: every table is right; 1: one is wrong; 2: a marker or policy cannot be followed, a cell
    /// is not understood, or there is no table to check.
    Check(DocsCheckArgs),
    /// Generate the tables between begin and end comments.
    ///
    /// Nothing outside the comments is touched, and writing again changes nothing. A table that was
    /// changed by hand is left alone unless --force is said.
    Write(DocsWriteArgs),
    /// Print the tables that would be generated, and write nothing.
    Print(DocsPrintArgs),
    /// Find tables that look like truth tables beside a policy, and check them without any comment.
    ///
    /// Walks folders; what .gitignore names is left out. Also reports statements that do nothing, actions
    /// that AWS retired and conditions that cannot be met, in the policies of the same documents.
    ///
    /// Exit code 0: no table disagrees; 1: one does.
    Scan(DocsScanArgs),
}

/// What `iamsure docs check` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "A comment before a table binds it:
  {/* iamsure:check policy=\"#role.json\" sid=\"DenyDirect\" */}
  <!-- iamsure:check policy=\"role.json\" sid=\"DenyDirect\" column=\"Blocked?=applies\" -->

docs/documentation-tables.md lists what comments and cells may say.")]
pub struct DocsCheckArgs {
    /// Documents, folders of them, or `-` for standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Show how generated tables differ from what would be generated.
    #[arg(long)]
    pub diff: bool,
    /// It is well if there is no table to check. Otherwise that is exit code 2.
    #[arg(long)]
    pub allow_none: bool,
    /// The form of the output.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Github, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `iamsure docs write` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Where a table is generated:
  <!-- iamsure:begin policy=\"role.json\" sid=\"DenyDirect\" -->
  <!-- iamsure:end -->

docs/documentation-tables.md lists what the comment may say.")]
pub struct DocsWriteArgs {
    /// Documents, or folders of them.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Put wrong cells of bound tables right too, in the words of the table.
    #[arg(long)]
    pub fix_cells: bool,
    /// Throw away what was changed by hand in generated tables.
    #[arg(long)]
    pub force: bool,
    /// Show what would change, and write nothing.
    #[arg(long)]
    pub diff: bool,
}

/// What `iamsure docs print` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure docs print docs/roles.md
  iamsure docs print --marker 'policy=\"role.json\" sid=\"DenyDirect\" audience=\"reviewer\"'")]
pub struct DocsPrintArgs {
    /// A document with begin and end comments, or `-` for standard input.
    #[arg(value_name = "PATH", required_unless_present = "marker")]
    pub path: Option<PathBuf>,
    /// What a begin comment would say: the comments and the table are printed, to be pasted. With PATH,
    /// policies are named as from that document.
    #[arg(long, value_name = "TEXT")]
    pub marker: Option<String>,
    /// The form: text to be pasted, or a picture of the tables for slides.
    #[arg(long, value_parser = Format::one_of([Format::Markdown, Format::Svg]), default_value = "markdown", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}

/// What `iamsure docs scan` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct DocsScanArgs {
    /// Documents, folders of them, or `-` for standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The form of the output.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Github, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
}
