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
    /// Check every bound table against its policy.
    ///
    /// A comment before a handwritten table binds it. Each wrong cell is shown in place with the computed value,
    /// the reason, and the policy that the table really describes. A generated table is compared with what would be
    /// generated now.
    ///
    /// Exit code 0: every table is correct; 1: one is wrong; 2: a marker or policy cannot be resolved, a cell is
    /// not understood, or there is no table to check.
    Check(DocsCheckArgs),
    /// Generate the tables between begin and end comments.
    ///
    /// Nothing outside the comments is touched, and writing again changes nothing. A table edited by hand is kept
    /// unless --force is given.
    Write(DocsWriteArgs),
    /// Print the tables that would be generated, without writing them.
    Print(DocsPrintArgs),
    /// Find tables that look like truth tables of a policy on the same page, and check them without comments.
    ///
    /// Searches folders, skipping files in .gitignore. Also reports statements without effect, retired actions and
    /// conditions that cannot be met, in the policies of the same documents.
    ///
    /// Exit code 0: no table disagrees; 1: one does.
    Scan(DocsScanArgs),
}

/// What `iamsure docs check` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "A comment before a table binds it:
  {/* iamsure:check policy=\"#role.json\" sid=\"DenyDirect\" */}
  <!-- iamsure:check policy=\"role.json\" sid=\"DenyDirect\" column=\"Blocked?=applies\" -->

docs/documentation-tables.md lists what comments and cells may contain.")]
pub struct DocsCheckArgs {
    /// Documents, folders of them, or `-` for standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Show how generated tables differ from what would be generated.
    #[arg(long)]
    pub diff: bool,
    /// Do not fail if there is nothing to check (otherwise exit code 2).
    #[arg(long)]
    pub allow_none: bool,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Github, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `iamsure docs write` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Where a table is generated:
  <!-- iamsure:begin policy=\"role.json\" sid=\"DenyDirect\" -->
  <!-- iamsure:end -->

docs/documentation-tables.md lists what the comment may contain.")]
pub struct DocsWriteArgs {
    /// Documents, or folders of them.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Also correct wrong cells in bound tables, in the table's own wording.
    #[arg(long)]
    pub fix_cells: bool,
    /// Overwrite manual changes in generated tables.
    #[arg(long)]
    pub force: bool,
    /// Show what would change, without writing.
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
    /// The contents of a begin comment: prints the comments and the table, ready to paste. With PATH, policy
    /// references are relative to that document.
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
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Github, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
}
