//! What can be typed: a file a command. The doc comments are the help text.

mod account;
mod actions;
mod completions;
mod diff;
mod docs;
mod drawing;
mod explain;
mod format;
mod help;
mod import;
mod keys;
mod level;
mod lint;
mod man;
mod matrix;
mod of_resource;
mod output;
mod policies;
mod prove;
mod report;
mod setting;
mod simulate;
mod table;
mod test;
mod toolhive;
mod validate;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum};

pub use account::{
    AccountArgs, AccountQuestion, BesideArgs, DiffOfAllArgs, EverybodyArgs, PathsArgs,
    ProveOfAllArgs, ReviewOfAllArgs, TokensArgs, WhoCanArgs,
};
pub use actions::{ActionsArgs, LevelArg};
pub use completions::CompletionsArgs;
pub use diff::{DiffArgs, DiffLayer, FailOn};
pub use docs::{DocsArgs, DocsCheckArgs, DocsCommand, DocsPrintArgs, DocsScanArgs, DocsWriteArgs};
pub use drawing::DrawingArgs;
pub use explain::ExplainArgs;
pub use format::Format;
pub use help::HelpArgs;
pub use import::{ImportArgs, ImportForm};
pub use keys::KeysArgs;
pub use level::Level;
pub use lint::LintArgs;
pub use man::ManArgs;
pub use matrix::MatrixArgs;
pub(crate) use of_resource::OfResource;
pub use output::OutputArgs;
pub use policies::{LayerArgs, PolicyArgs};
pub use prove::{Emit, ProveArgs};
pub use report::ReportArgs;
pub use setting::{ContextArgs, SettingArgs};
pub use simulate::{BucketFact, Expected, SimulateArgs};
pub use table::{Hit, TableArgs};
pub use test::TestArgs;
pub use toolhive::{RolePolicyArgs, ToolhiveArgs, ToolhiveCommand, VerifyArgs};
pub use validate::{PolicyTypeArg, ValidateArgs};

/// The version, and the date of the AWS reference data.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\nAWS reference data of {}",
        env!("CARGO_PKG_VERSION"),
        iamsure_reference::captured()
    )
});

/// The heading of the options that every command has.
const GENERAL: &str = "Every command";

/// Say exactly what AWS IAM policies decide.
///
/// Exit codes: 0 as expected, 1 the answer is no, 2 could not run, 3 it depends, 70 internal error.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "iamsure",
    version,
    long_version = LONG_VERSION.as_str(),
    max_term_width = 100,
    propagate_version = true,
    disable_help_subcommand = true
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    /// Whether to use colour. Colour never carries meaning by itself. Honours NO_COLOR.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN", help_heading = GENERAL)]
    pub color: Color,
    /// Print the answer alone: no notes, warnings or progress on standard error. Errors are still printed.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = GENERAL)]
    pub quiet: bool,
    /// Print everything: warnings about the policies with their source lines, and lists in full.
    #[arg(short, long, global = true, help_heading = GENERAL)]
    pub verbose: bool,
    /// Allow references to files outside the repository.
    ///
    /// By default, files that a suite, page or link refers to must be in the same repository (or, outside a
    /// repository, in the same folder), after resolving symlinks.
    #[arg(long, global = true, help_heading = GENERAL)]
    pub allow_outside: bool,
    /// AWS managed policy documents, as a file or folder (repeatable). Refer to them as `aws:NAME`, such as
    /// `aws:ReadOnlyAccess`, anywhere a policy is accepted.
    ///
    /// Accepts account authorization details, documents in files named NAME.json, a JSON map of names, or the list
    /// in the Python package `moto` (`aws_managed_policies.py`). aws:AdministratorAccess, aws:FullAWSAccess and
    /// aws:RCPFullAWSAccess are built in. See docs/accounts.md.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Policies")]
    pub managed: Vec<PathBuf>,
    /// Read this repository's options from this file. Default: the nearest `iamsure.toml` in this folder or above,
    /// up to the root of the repository.
    #[arg(long, global = true, value_name = "PATH", conflicts_with = "no_config", help_heading = GENERAL)]
    pub config: Option<PathBuf>,
    /// Do not read `iamsure.toml`.
    #[arg(long, global = true, help_heading = GENERAL)]
    pub no_config: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How much is said beside the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors alone.
    Quiet,
    /// What a reader must know, a line each.
    #[default]
    Normal,
    /// Everything.
    Verbose,
}

impl Args {
    /// How much is said beside the answer.
    pub const fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Query a whole account: who can do what, who violates a claim, what changed.
    ///
    /// Reads the output of `aws iam get-account-authorization-details`: each role and user with its own and its
    /// groups' policies, attached versions and boundary. Principals with the same policies are decided once, and
    /// every answer comes with a request.
    Account(AccountArgs),
    /// Show the decision matrix: actions × call paths.
    ///
    /// Each cell is one decision with the statement that makes it or, if it depends on something that is not given,
    /// each outcome with its conditions. Above the columns are the condition keys that each call path sets, and how
    /// well that is documented.
    ///
    /// Rows are the actions that the policies name; a wildcard is decided for all its members. Matching resources
    /// are chosen automatically. A key that neither a call path nor --context sets is unknown: it is never assumed
    /// absent.
    Matrix(MatrixArgs),
    /// Show the truth table: every possible request, in the fewest rows.
    ///
    /// The table is exact and complete: it covers every combination of action, resource, principal and condition
    /// keys that the policies can tell apart, absent keys included. Up to 64 rows are disjoint; larger tables have
    /// overlapping rows, where an explicit deny wins, as it does in IAM.
    ///
    /// With --statement it shows when one statement applies, regardless of the others.
    Table(TableArgs),
    /// Prove or refute a claim about every request.
    ///
    /// A claim is one sentence: `never allow * unless aws:ViaAWSMCPService is true`. PROVED covers every possible
    /// request, and lists what the proof relies on. REFUTED comes with the smallest request that violates the
    /// claim, confirmed by the evaluator. DEPENDS names what it depends on.
    ///
    /// With --open-world the claim must hold even if Allows are added later: this is how to prove a guardrail.
    ///
    /// Exit code 0: proved; 1: refuted; 2: could not be checked; 3: it depends.
    Prove(ProveArgs),
    /// Compare what two versions of a policy decide.
    ///
    /// Either proves that both decide every request alike, or lists the rows where they differ: what widened, what
    /// narrowed, what is denied for another reason, each with an example request. Reformatting and reordering
    /// change nothing.
    ///
    /// Exit code 0: the same; 1: not the same (see --fail-on); 2: could not be compared; 3: no reachable difference
    /// found, but one could not be ruled out.
    Diff(DiffArgs),
    /// Write an HTML report: verdicts, matrix, truth table, claims and findings in one file.
    ///
    /// The page needs no network and can be mailed and archived. Readers choose the action, the resource and the
    /// state of each condition key, and see the decision, the deciding statement in the policy source, and a
    /// command that reproduces it. The page contains the truth table's own decision diagram, so this is exact. It
    /// can be read and printed without scripts.
    ///
    /// The same policies and options produce the same bytes: the only date in it is that of the reference data.
    Report(ReportArgs),
    /// Find policy parts that have no effect, with proof.
    ///
    /// Statements whose removal changes nothing, conditions that never hold or never fail, entries that others
    /// cover: each is proved by deciding every request with and without the part. A statement that takes effect
    /// only once an Allow exists, as a guardrail does, is a note, not a warning. Findings from AWS's published data
    /// are included, as in `iamsure validate`.
    ///
    /// Exit code 0: no warnings (there may be notes); 1: warnings; 2: a policy could not be read.
    Lint(LintArgs),
    /// Explain a finding code, review claim, switch or rule.
    ///
    /// What it means, what it is based on, and what to do about it. A name in several lists is explained once for
    /// each.
    Explain(ExplainArgs),
    /// Decide one request, and explain it.
    ///
    /// The answer first; then each layer's result, each relevant statement with every condition and the values
    /// compared, AWS's own access-denied message, the keys that could change the answer, and any undocumented
    /// behaviour it depends on.
    ///
    /// A condition key that is not given is absent from the request; keys that could change the answer are listed
    /// with the other decisions.
    ///
    /// Exit code 0: decided, and --expect holds; 1: --expect does not hold, or AWS decided otherwise (--from); 2:
    /// could not be decided; 3: whether --expect holds depends on what was not given, or on what AWS does not
    /// document.
    Simulate(SimulateArgs),
    /// Follow tokens through ToolHive's manifests: role mapping, trust decision, session, decisions.
    ///
    /// ToolHive is a proxy for MCP servers in Kubernetes; its MCPExternalAuthConfig of type awsSts maps the claims
    /// of a token to an IAM role. For each token: which mappings match, which role is selected, what that role's
    /// trust policy decides about AssumeRoleWithWebIdentity, and what the session may do on each call path. Then
    /// what the manifests cannot enforce: a role that a token's holder can assume directly from STS, without
    /// ToolHive, shown as a request.
    ///
    /// Without --claims the manifests are only checked. Exit code 1: ToolHive would refuse them, or
    /// --expect does not hold; 2: a file cannot be read; 3: whether --expect holds is undecided.
    ///
    /// `iamsure toolhive verify URL` checks a running proxy. It is the only command that opens a connection.
    Toolhive(ToolhiveArgs),
    /// Report everything AWS would reject, with line and column.
    ///
    /// Also warns about what probably does not do what its author meant, such as actions and condition keys that
    /// AWS does not publish.
    ///
    /// Every finding is reported, not only the first. Exit code 0: no errors (there may be warnings); 1: AWS would
    /// reject a document; 2: a document could not be read at all.
    Validate(ValidateArgs),
    /// Check, generate and find truth tables in Markdown and MDX documents.
    ///
    /// Checks tables about a policy against the policy, cell by cell. A comment in the document binds a handwritten
    /// table, or marks where one is generated; `scan` looks for tables that no comment binds.
    /// docs/documentation-tables.md describes the comments.
    Docs(DocsArgs),
    /// Run test suites for policies: what they must decide, for single requests and for every request.
    ///
    /// A suite (*.iamsure.yaml) names policies, callers and call paths, and states the expected decisions and
    /// deciding statements. Failures are explained condition by condition. docs/suites.md describes the format.
    ///
    /// Exit code 0: everything passed; 1: something failed; 2: a suite cannot be read, a case cannot be decided, or
    /// there are no tests.
    Test(TestArgs),
    /// List the actions that patterns match.
    ///
    /// Each action with its access levels and resource types, from AWS's data of the date shown. If a pattern
    /// matches no action, the output says why: AWS retired or no longer lists the actions, the pattern is misspelt,
    /// or AWS never published them.
    ///
    /// Exit code 0: every pattern matches a current action; 1: one does not.
    Actions(ActionsArgs),
    /// List the condition keys of an action, or the actions of a condition key.
    ///
    /// For an action: which keys AWS lists for it and its resource types, their type, whether they hold
    /// one value or several, and whether a request carries them (always, sometimes, never, unknown) on
    /// each call path; then the global keys.
    ///
    /// For a key: which actions AWS lists it for and, if it is global, which callers' requests carry it.
    Keys(KeysArgs),
    /// Turn AWS's recorded decisions into tests.
    ///
    /// Reads access-denied messages, decoded authorization messages, denials from IAM Access Troubleshooter,
    /// CloudTrail records, and AWS policy simulator requests with their results. The suite goes to standard output.
    /// What a record does not contain is unknown: the key is not set, and a comment in the test says so; a test
    /// that cannot run yet says in its `todo` what to add. Request parameters are never copied.
    ///
    /// If the policies are known, iamsure decides the same request, and standard error says whether it agrees with
    /// AWS.
    ///
    /// Exit code 0: written; 1: written, but iamsure and AWS disagree; 2: a file cannot be read, or nothing in it
    /// can be imported.
    Import(ImportArgs),
    /// Print shell completions: every command, option and fixed value.
    ///
    /// In bash, zsh and fish also the names in a file, after `FILE#`.
    Completions(CompletionsArgs),
    /// Write manual pages, one per command, named as in `man iamsure-lint`.
    Man(ManArgs),
    /// Show the help of a command, or a topic: claims, suites, paths, formats, exit-codes.
    Help(HelpArgs),
}

impl Command {
    /// The policies that are named without an option: files, folders of them, and patterns. Of `diff` each is one.
    pub(crate) const fn policy_files(&mut self) -> Option<&mut Vec<PathBuf>> {
        Some(match self {
            Self::Lint(args) => &mut args.policies.files,
            Self::Matrix(args) => &mut args.policies.files,
            Self::Prove(args) => &mut args.policies.files,
            Self::Report(args) => &mut args.policies.files,
            Self::Simulate(args) => &mut args.policies.files,
            Self::Table(args) => &mut args.policies.files,
            Self::Validate(args) => &mut args.files,
            _ => return None,
        })
    }

    /// The file to write to instead of standard output.
    pub(crate) fn output(&self) -> Option<&Path> {
        let output = match self {
            Self::Account(args) => match &args.question {
                AccountQuestion::WhoCan(args) => &args.everybody.beside.output,
                AccountQuestion::Prove(args) => &args.everybody.beside.output,
                AccountQuestion::Review(args) => &args.everybody.beside.output,
                AccountQuestion::Paths(args) => &args.everybody.beside.output,
                AccountQuestion::Tokens(args) => &args.everybody.beside.output,
                AccountQuestion::Diff(args) => &args.beside.output,
            },
            Self::Actions(args) => &args.output,
            Self::Diff(args) => &args.output,
            Self::Docs(args) => match &args.command {
                DocsCommand::Check(args) => &args.output,
                DocsCommand::Print(args) => &args.output,
                DocsCommand::Scan(args) => &args.output,
                DocsCommand::Write(_) => return None,
            },
            Self::Keys(args) => &args.output,
            Self::Lint(args) => &args.output,
            Self::Matrix(args) => &args.output,
            Self::Prove(args) => &args.output,
            Self::Report(args) => &args.output,
            Self::Simulate(args) => &args.output,
            Self::Table(args) => &args.output,
            Self::Test(args) => &args.output,
            Self::Toolhive(args) => match &args.command {
                Some(ToolhiveCommand::Verify(args)) => &args.output,
                None => &args.output,
            },
            Self::Validate(args) => &args.output,
            Self::Completions(_)
            | Self::Explain(_)
            | Self::Help(_)
            | Self::Import(_)
            | Self::Man(_) => {
                return None;
            }
        };
        output.output.as_deref()
    }
}
