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

/// The version, and the day of the data that answers rest on.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\nAWS reference data of {}",
        env!("CARGO_PKG_VERSION"),
        iamsure_reference::captured()
    )
});

/// Say exactly what AWS IAM policies decide.
///
/// Exit codes: 0 as expected, 1 the answer is no, 2 could not run, 3 it depends, 70 an internal error.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "iamsure",
    version,
    long_version = LONG_VERSION.as_str(),
    max_term_width = 100,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Whether to use colour. Nothing is said by colour alone. NO_COLOR is honoured.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub color: Color,
    /// Also read files outside the repository that a suite, a page or a link in it names.
    ///
    /// Without it, what a file names is read only if it is in the same repository, or beside the file where there
    /// is none, after every link was followed.
    #[arg(long, global = true)]
    pub allow_outside: bool,
    /// Documents of AWS managed policies (repeatable): a file or folder that you have. Policies are then named as
    /// `aws:ReadOnlyAccess` wherever a policy is named.
    ///
    /// It holds account authorization details, documents in files called NAME.json, a JSON map of names, or the list
    /// of the Python package `moto` (`aws_managed_policies.py`). aws:AdministratorAccess, aws:FullAWSAccess and
    /// aws:RCPFullAWSAccess are built in. docs/accounts.md says more.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Policies")]
    pub managed: Vec<PathBuf>,
    /// Options for this repository, from this file. Default: the nearest `iamsure.toml` in the folder or above it, up
    /// to the root of the repository.
    #[arg(long, global = true, value_name = "PATH", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no `iamsure.toml`.
    #[arg(long, global = true)]
    pub no_config: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
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
    /// Ask about everybody in an account: who can, who breaks a claim, what changed.
    ///
    /// Reads what `aws iam get-account-authorization-details` prints: each role and user with its policies, those
    /// of its groups, attached versions and its boundary. Principals with the same policies are decided once, and
    /// every answer comes with a request.
    Account(AccountArgs),
    /// Show the decision matrix: actions × call paths.
    ///
    /// Each cell is one decision with the statement that makes it, or, where it differs with
    /// something that is not given, each outcome with what it needs. Above the columns are the condition
    /// keys that each call path fixes, and how well that is known.
    ///
    /// Rows are the actions that the policies name; a wildcard is decided for all its members.
    /// Resources are chosen to fit. A key that nothing fixes (no call path, no --context) is unknown:
    /// it is never assumed absent.
    Matrix(MatrixArgs),
    /// Show the truth table: every request there is, in the fewest rows.
    ///
    /// The table is exact and complete: it holds every combination of action, resource, principal and
    /// condition keys that the policies can tell apart, absent keys included. Rows are disjoint (U) up
    /// to 64 of them; beyond that, an explicit denial wins where rows overlap (P), as it does in IAM.
    ///
    /// With --statement it shows when one statement applies, whatever the others say.
    Table(TableArgs),
    /// Prove or refute a claim about every request.
    ///
    /// A claim is one sentence: `never allow * unless aws:ViaAWSMCPService is true`. PROVED means of
    /// every request there is, with what the proof rests on. REFUTED comes with the smallest request
    /// that breaks the claim, decided again by the evaluator. DEPENDS names what it depends on.
    ///
    /// With --open-world the claim must hold whatever other Allow somebody attaches later: so a
    /// guardrail is proved.
    ///
    /// Exit code 0: proved; 1: refuted; 2: it could not be asked; 3: it depends.
    Prove(ProveArgs),
    /// Compare what two versions of a policy decide.
    ///
    /// Either they decide every request alike, which is a proof, or the rows in which they do not: what
    /// widened, what narrowed, what is denied for another reason, each with a request that shows it.
    /// Reformatting and reordering change nothing.
    ///
    /// Exit code 0: the same; 1: not the same (see --fail-on); 2: could not be compared; 3: no
    /// difference is known to occur, and one is not ruled out.
    Diff(DiffArgs),
    /// Write one page to look at: verdicts, matrix, truth table, claims, findings, in one HTML file.
    ///
    /// The page needs no network and can be mailed and archived. On it a reader chooses the action, the resource
    /// and the state of each condition key, and sees the decision, the statement that makes it in the source of
    /// the policy, and a command that decides such a request again. The truth table's own diagram is in the page, so
    /// this is exact. It can be read and printed without scripts.
    ///
    /// The same policies and options give the same bytes: no date is in it but that of the reference data.
    Report(ReportArgs),
    /// Find policy parts that have no effect, with proof.
    ///
    /// Statements whose removal changes nothing, conditions that never hold or never fail, entries that
    /// others cover: each is derived from what every request is decided with the part and without it. A
    /// statement that decides only beside other Allows, as a guardrail does, is a note and no warning.
    /// Beside them, what AWS's published data tell, as in `iamsure validate`.
    ///
    /// Exit code 0: no warnings (there may be notes); 1: warnings; 2: a policy could not be read.
    Lint(LintArgs),
    /// Explain anything that is printed by name: a code, a claim of a review, a switch, a rule.
    ///
    /// What it means, what it rests on, and what to do about it. A name in several lists is explained
    /// once for each.
    Explain(ExplainArgs),
    /// Decide one request, and explain it.
    ///
    /// The answer first; then what each layer said, each statement that matters with every clause and
    /// the values compared, AWS's own access-denied sentence, the keys that could change the answer,
    /// and the choices it depends on where AWS is silent.
    ///
    /// A condition key that is not given is absent from the request; those that could change the
    /// answer are listed with what else would be decided.
    ///
    /// Exit code 0: decided, and as --expect says; 1: not as --expect says, or not as AWS decided (--from); 2: it
    /// could not be decided; 3: whether it is as --expect says depends on what was not given.
    Simulate(SimulateArgs),
    /// Follow tokens through ToolHive's manifests: role mapping, trust decision, session, decisions.
    ///
    /// ToolHive is a proxy for MCP servers in Kubernetes; its MCPExternalAuthConfig of type awsSts maps
    /// the claims of a token to an IAM role. For each token: which mappings match, which role is
    /// selected, what the trust policy of that role decides about AssumeRoleWithWebIdentity, and what
    /// the session may do on each call path. Then what the manifests cannot enforce: a role that the
    /// holder of a token can have from STS without ToolHive, shown as a request.
    ///
    /// Without --claims the manifests are only checked. Exit code 1: ToolHive would refuse them, or
    /// --expect does not hold; 2: a file cannot be read; 3: whether --expect holds is undecided.
    ///
    /// `iamsure toolhive verify URL` checks a running proxy: the one command that opens a connection.
    Toolhive(ToolhiveArgs),
    /// Report everything AWS would reject, with line and column.
    ///
    /// Also, as warnings, what probably does not do what its author meant, such as actions and condition
    /// keys that AWS does not publish.
    ///
    /// Every finding is reported, not only the first. Exit code 0: no errors (there may be warnings);
    /// 1: AWS would refuse a document; 2: a document could not be read at all.
    Validate(ValidateArgs),
    /// Check, generate and find the truth tables in documents: Markdown and MDX.
    ///
    /// A table that says what a policy does is held against the policy, cell by cell. A comment in the
    /// document binds a table that was written by hand, or says where one is generated; `scan` looks for
    /// tables that no comment binds. docs/documentation-tables.md describes the comments.
    Docs(DocsArgs),
    /// Run the suites beside policies: what they must decide, request by request and for every request.
    ///
    /// A suite (*.iamsure.yaml) names policies, callers and call paths, and says what is decided and by which
    /// statement. What fails is explained clause by clause. docs/suites.md has the format.
    ///
    /// Exit code 0: everything passed; 1: something failed; 2: a suite cannot be read, a case cannot be decided,
    /// or there is no case.
    Test(TestArgs),
    /// List the actions that patterns match.
    ///
    /// Each action with its access levels and the resource types it works on, as AWS published them on
    /// the day that is printed. A pattern that matches no action says why: AWS retired or no longer lists
    /// what it matches, it is misspelt, or AWS never published it.
    ///
    /// Exit code 0: every pattern matches a current action; 1: one does not.
    Actions(ActionsArgs),
    /// List the condition keys of an action, or the actions of a condition key.
    ///
    /// For an action: which keys AWS lists for it and its resource types, their type, whether they hold
    /// one value or several, and whether a request carries them (always, sometimes, never, unknown) on
    /// each call path; then the global keys.
    ///
    /// For a key: which actions AWS lists it for and, if it is global, which callers carry it.
    Keys(KeysArgs),
    /// Write what AWS decided as tests of a suite.
    ///
    /// From access-denied sentences, decoded authorization messages, denials of IAM Access Troubleshooter,
    /// CloudTrail records, and requests to AWS's policy simulator with their results. The suite goes to standard output. What a record does not tell is
    /// unknown: a key is not given, and comments in the test say so; a test that cannot be run yet says
    /// what to add in its `todo`. The parameters of requests are never copied.
    ///
    /// Where the policies are known, the evaluator of iamsure decides the same request, and standard error
    /// says whether it agrees with AWS.
    ///
    /// Exit code 0: written; 1: written, and our evaluator decides otherwise than AWS; 2: a file cannot be
    /// read, or nothing in it can be imported.
    Import(ImportArgs),
    /// Print the completions of a shell: every command, option and fixed value.
    ///
    /// Names within files (FILE#NAME) are not completed.
    Completions(CompletionsArgs),
    /// Write the manual pages: one a command, named as in `man iamsure-lint`.
    Man(ManArgs),
    /// Show the help of a command, or a topic: claims, suites, paths, formats, exit-codes.
    Help(HelpArgs),
}

impl Command {
    /// The file that the answer goes to, in place of standard output.
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
