//! What can be typed. The doc comments are the help text.

mod test;
mod toolhive;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

pub use test::{TestArgs, TestFormat};
pub use toolhive::{RolePolicyArgs, ToolhiveArgs, ToolhiveCommand, ToolhiveFormat, VerifyArgs};

/// Say exactly what AWS IAM policies decide.
///
/// Exit codes: 0 as expected, 1 the answer is no, 2 could not run.
#[derive(Clone, Debug, Parser)]
#[command(name = "iamsure", version, max_term_width = 100, propagate_version = true)]
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
    /// Show the decision matrix: actions × call paths.
    ///
    /// Each cell is one decision with the statement that makes it, or, where it differs with
    /// something nobody said, each outcome with what it needs. Above the columns stand the condition
    /// keys that each call path fixes, and how well that is known.
    ///
    /// Rows are the actions that the policies name; a wildcard is decided for all its members.
    /// Resources are chosen to fit. A key that nothing fixes (no call path, no --context) is unknown:
    /// it is never taken as absent.
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
    /// that breaks the claim, decided again by the evaluator. DEPENDS says what it hangs on.
    ///
    /// With --open-world the claim must hold whatever other Allow somebody attaches later: so a
    /// guardrail is proved.
    ///
    /// Exit code 0: proved; 1: refuted; 2: it depends, or could not be asked.
    Prove(ProveArgs),
    /// Compare what two versions of a policy decide.
    ///
    /// Either they decide every request alike, which is a proof, or the rows in which they do not: what
    /// widened, what narrowed, what is denied for another reason, each with a request that shows it.
    /// Reformatting and reordering change nothing.
    ///
    /// Exit code 0: the same; 1: not the same (see --fail-on); 2: could not be compared.
    Diff(DiffArgs),
    /// Find what of policies says or does nothing, each with its proof.
    ///
    /// Statements that nobody would miss, conditions that never hold or never fail, entries that others
    /// swallow: each is derived from what every request is decided with the part and without it. A
    /// statement that decides only beside other Allows, as a guardrail does, is a note and no warning.
    /// Beside them, what AWS's published data tell, as in `iamsure validate`.
    ///
    /// Exit code 0: no warnings (there may be notes); 1: warnings; 2: a policy could not be read.
    Lint(LintArgs),
    /// Explain the code of a finding.
    ///
    /// Every code of `iamsure validate` and `iamsure lint`: what it means, the rule of the evaluation
    /// spec it rests on, and what to do. docs/findings.md lists them all.
    Explain(ExplainArgs),
    /// Decide one request, and explain it.
    ///
    /// The answer first; then what each layer said, each statement that matters with every clause and
    /// the values compared, AWS's own access-denied sentence, the keys that could change the answer,
    /// and the choices it depends on where AWS is silent.
    ///
    /// A condition key that is not given is absent from the request; those that could change the
    /// answer are listed with what else would be decided.
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
    /// --expect does not hold; 2: a file cannot be read.
    ///
    /// `iamsure toolhive verify URL` checks a running proxy: the one command that opens a connection.
    Toolhive(ToolhiveArgs),
    /// Report everything AWS would refuse to save, with its place.
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
    /// tables that nobody bound. docs/documentation-tables.md describes the comments.
    Docs(DocsArgs),
    /// Run the suites beside policies: what they must decide, request by request and for every request.
    ///
    /// A suite (*.iamsure.yaml) names policies, callers and call paths, and says what is decided and by which
    /// statement. What fails is explained clause by clause. docs/suites.md has the format.
    ///
    /// Exit code 0: everything passed; 1: something failed; 2: a suite cannot be read, a case cannot be decided,
    /// or there is no case.
    Test(TestArgs),
    /// List the actions that patterns stand for.
    ///
    /// Each action with its access levels and the resource types it works on, as AWS published them on
    /// the day that is printed. A pattern that matches no action says why: AWS retired or no longer lists
    /// what it matches, it is misspelt, or nobody published it.
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
    /// From denials of IAM Access Troubleshooter, CloudTrail records, and requests to AWS's policy
    /// simulator with their results. The suite goes to standard output. What a record does not tell is
    /// unknown: a key is not given, and comments in the test say so; a test that cannot be run yet says
    /// what to add in its `todo`. The parameters of requests are never copied.
    ///
    /// Where the policies are known, the evaluator of iamsure decides the same request, and standard error
    /// says whether it agrees with AWS.
    ///
    /// Exit code 0: written; 1: written, and our evaluator decides otherwise than AWS; 2: a file cannot be
    /// read, or nothing in it can be imported.
    Import(ImportArgs),
}

/// What `iamsure matrix` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Call paths (docs/paths.md lists what each fixes, with its evidence):
  direct                    the principal calls AWS itself. AWS contradicts itself on whether
                            aws:ViaAWSMCPService is then false or absent: both are decided
  direct/vpce               the same, through a VPC endpoint
  direct/internet           the same, through none
  mcp:SERVER                an AWS-managed MCP server calls with the principal's credentials:
                            mcp:aws-mcp, mcp:eks-mcp, mcp:ecs-mcp,
                            mcp:sagemaker-unified-studio-mcp, mcp:any
  service:CHAIN             services call on with the principal's credentials (forward access
                            session), in this order: service:cloudformation, service:athena+glue
  mcp:SERVER/service:CHAIN  the same, after a first call by an MCP server; also after direct/vpce
                            and direct/internet
  service-principal:NAME    a service calls as itself, as service-principal:cloudtrail: only
                            resource-based policies and RCPs look at it
  execution-role:SERVICE    a role that a service assumed calls, as execution-role:lambda. It is a
                            principal of its own: give its policies, or name it with --principal.
                            A call through MCP that made it act leaves no mark on its calls
  sts:OPERATION             the exchange that starts a session: sts:AssumeRole,
                            sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML (decided by
                            --trust, never by the policies of the role), sts:GetFederationToken,
                            sts:GetSessionToken, sts:AssumeRoot. With --trust, those that it is
                            about are shown without being asked for

Examples:
  iamsure matrix role.json
  iamsure matrix role.json --trust trust.json --action sts:GetCallerIdentity
  iamsure matrix role.json --path direct --path mcp:aws-mcp/service:cloudformation
  iamsure matrix role.json --paths ours.yaml --path office
  iamsure matrix role.json --path direct --context aws:SourceIp=203.0.113.7 --format markdown")]
pub struct MatrixArgs {
    /// Ask about this action too (repeatable). May hold wildcards, all of whose members are decided.
    #[arg(long = "action", value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Leave out the actions that the policies name: ask about those of --action only.
    #[arg(long, requires = "actions")]
    pub only: bool,
    /// Ask about this resource, in place of those chosen to fit (repeatable). An ARN, or `*`.
    #[arg(long = "resource", value_name = "ARN")]
    pub resources: Vec<String>,
    /// Show this call path (repeatable): in place of the usual ones, or beside them as `+NAME`.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Call paths of your own, in a YAML file (repeatable; docs/paths.md describes it): each is shown
    /// if --path names it.
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = MatrixFormat::Table, value_name = "FORMAT")]
    pub format: MatrixFormat,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit the table into this many columns. Default: the terminal's, or no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// What is said of the request.
    #[command(flatten)]
    pub request: ContextArgs,
}

/// What `iamsure table` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure table guardrail.json --statement DenyDirectAPIAccess
  iamsure table role.json --why --examples
  iamsure table role.json --action 's3:*' --path direct
  iamsure table role.json --keys aws:ViaAWSMCPService --format markdown
  iamsure table --resource-policy bucket.json --hit priority")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag on the command line")]
pub struct TableArgs {
    /// Show when this statement applies: its Sid, or its number from 1 over all policies.
    #[arg(long, value_name = "SID")]
    pub statement: Option<String>,
    /// Show only these condition keys (comma-separated or repeated). Rows say every outcome that the
    /// others lead to.
    #[arg(long = "keys", value_name = "KEY", value_delimiter = ',')]
    pub keys: Vec<String>,
    /// How rows are read: unique (disjoint), any (may overlap and agree), priority (an explicit denial
    /// wins). Default: unique up to 64 rows, else priority.
    #[arg(long, value_enum, value_name = "POLICY")]
    pub hit: Option<Hit>,
    /// Put key states with the same outcome into one row.
    #[arg(long, conflicts_with = "apart")]
    pub merge: bool,
    /// Give each key state a row of its own.
    #[arg(long)]
    pub apart: bool,
    /// Add the statements that decide the example of each row.
    #[arg(long)]
    pub why: bool,
    /// Add a request for each row.
    #[arg(long)]
    pub examples: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
    pub format: TableFormat,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit the table into this many columns. Default: the terminal's, or no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// How the rows of a table are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hit {
    /// Exactly one row matches each request.
    Unique,
    /// Rows may overlap and say the same.
    Any,
    /// Rows may overlap; an explicit denial wins.
    Priority,
}

/// The forms of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people, at a terminal.
    Table,
    /// For documents and pull requests.
    Markdown,
    /// One line a row, for spreadsheets.
    Csv,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// The forms of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MatrixFormat {
    /// For people, at a terminal.
    Table,
    /// For documents and pull requests.
    Markdown,
    /// One line a cell, for spreadsheets.
    Csv,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// What `iamsure prove` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure prove 'never allow * unless aws:ViaAWSMCPService is true' role.json --open-world
  iamsure prove 'never allow iam:* when aws:MultiFactorAuthPresent is absent' admin.json
  iamsure prove 'always allow s3:GetObject when path is mcp:aws-mcp' role.json
  iamsure prove 'allow implies aws:PrincipalOrgID is o-example' --resource-policy bucket.json
  iamsure prove 'no inert statements' role.json
  iamsure prove 'never allow s3:*' role.json --emit simulate
  iamsure prove --review role.json --trust trust.json

docs/claims.md has the language.")]
pub struct ProveArgs {
    /// The claim, in quotes: see docs/claims.md. Not with --review.
    #[arg(value_name = "CLAIM", required_unless_present = "review")]
    pub claim: Option<String>,
    /// Ask everything that reviewers ask of such policies: see docs/review-claims.md.
    #[arg(long, conflicts_with_all = ["open_world", "emit"])]
    pub review: bool,
    /// It must hold whatever other Allow is attached later: to an identity-based, session or
    /// resource-based policy. Boundaries, SCPs, RCPs, endpoint policies and every Deny stay as given.
    #[arg(long)]
    pub open_world: bool,
    /// Print the request that decides the claim in another form, and nothing else: an `iamsure simulate`
    /// command, a test for a suite, or a command of the AWS CLI.
    #[arg(long, value_enum, value_name = "FORM")]
    pub emit: Option<Emit>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = ProveFormat::Human, value_name = "FORMAT", conflicts_with = "emit")]
    pub format: ProveFormat,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// What `iamsure lint` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure lint role.json
  iamsure lint role.json --scp guardrails.json --boundary boundary.json
  iamsure lint role.json --allow condition-implied --allow value-swallowed
  iamsure explain inert-statement

docs/lint.md shows each finding.")]
pub struct LintArgs {
    /// Leave out findings of this code (repeatable).
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = LintFormat::Human, value_name = "FORMAT")]
    pub format: LintFormat,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// The form of what `iamsure lint` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people, with the lines of the policy.
    Human,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// What `iamsure explain` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// The code, such as `inert-statement`.
    #[arg(value_name = "CODE")]
    pub code: String,
}

/// What `iamsure diff` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure diff old.json new.json
  iamsure diff main:role.json role.json --format markdown
  iamsure diff old.json new.json --identity AmazonS3ReadOnlyAccess.json
  iamsure diff old.json new.json --as scp --fail-on widened
  iamsure diff old.json new.json --open-world")]
pub struct DiffArgs {
    /// The policy before: a file, `-`, or a file of a git revision as `main:role.json`.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The policy after.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// What kind of policy the two are.
    #[arg(long = "as", value_enum, default_value_t = DiffLayer::Identity, value_name = "LAYER")]
    pub kind: DiffLayer,
    /// Compare beside whatever other Allow is attached to both.
    #[arg(long)]
    pub open_world: bool,
    /// Exit with code 1 on: any difference; a difference of access; new access only; never.
    #[arg(long, value_enum, default_value_t = FailOn::Any, value_name = "CHANGE")]
    pub fail_on: FailOn,
    /// Show a request for rows that only change the reason, too.
    #[arg(long)]
    pub examples: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = DiffFormat::Table, value_name = "FORMAT")]
    pub format: DiffFormat,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit the table into this many columns. Default: the terminal's, or no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// Policies beside both versions.
    #[command(flatten)]
    pub layers: LayerArgs,
    /// Which requests it is about.
    #[command(flatten)]
    pub setting: SettingArgs,
}

/// What kind of policy is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffLayer {
    /// An identity-based policy.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// The policy of a resource.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// The policy of a VPC endpoint.
    Endpoint,
}

/// Which differences are a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any.
    Any,
    /// Those that change what is allowed.
    Access,
    /// Those that allow what was not.
    Widened,
    /// None.
    Never,
}

/// The forms of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people, at a terminal.
    Table,
    /// For a comment on a pull request.
    Markdown,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// The forms of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// A command line of `iamsure simulate`.
    Simulate,
    /// A test of a suite, in YAML.
    Test,
    /// A command line of `aws iam simulate-custom-policy`.
    Aws,
}

/// The forms of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProveFormat {
    /// For people.
    Human,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// Which requests a question is about: all, where nothing is said.
#[derive(Clone, Debug, clap::Args)]
pub struct SettingArgs {
    /// Only this action (repeatable). May hold wildcards.
    #[arg(long = "action", value_name = "ACTION", help_heading = "Request")]
    pub actions: Vec<String>,
    /// Only this resource (repeatable). An ARN, or `*`.
    #[arg(long = "resource", value_name = "ARN", help_heading = "Request")]
    pub resources: Vec<String>,
    /// Only requests that arrive like this (see `iamsure matrix --help`).
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    pub path: Option<String>,
    /// Read call paths of your own from this file (repeatable; see docs/paths.md).
    #[arg(long = "paths", value_name = "FILE", help_heading = "Request")]
    pub path_files: Vec<PathBuf>,
    /// What is said of the request.
    #[command(flatten)]
    pub request: ContextArgs,
}

/// The policies, by layer.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Policies")]
pub struct PolicyArgs {
    /// Identity-based policies: files, or `-` for standard input. A policy in a document is named by the
    /// title of its code fence, a Sid, or a line: `page.mdx#role.json`, `page.mdx#DenyDirect`, `page.mdx#L40`.
    #[arg(value_name = "POLICY")]
    pub files: Vec<PathBuf>,
    /// The policies of every layer.
    #[command(flatten)]
    pub layers: LayerArgs,
}

impl PolicyArgs {
    /// Whether no policy is named.
    pub fn are_none(&self) -> bool {
        self.paths().next().is_none()
    }

    /// Whether some policy is standard input.
    pub fn name_standard_input(&self) -> bool {
        self.paths().any(|path| path == Path::new("-"))
    }

    /// Every file, without its level.
    fn paths(&self) -> impl Iterator<Item = &Path> {
        let LayerArgs {
            identity,
            boundary,
            session,
            resource_policy,
            trust,
            scp,
            rcp,
            endpoint,
            ..
        } = &self.layers;
        let levels = scp.iter().chain(rcp);
        let one = [boundary, resource_policy, trust, endpoint].into_iter().flatten();
        let several = self.files.iter().chain(identity).chain(session);
        several.chain(one).map(PathBuf::as_path).chain(
            levels.map(|text| {
                Path::new(text.split_once('=').map_or(text.as_str(), |(_, path)| path))
            }),
        )
    }
}

/// The policies of every layer, by option.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Policies")]
pub struct LayerArgs {
    /// An identity-based policy (repeatable); the same as a bare POLICY.
    #[arg(long, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
    /// The permissions boundary.
    #[arg(long, value_name = "FILE")]
    pub boundary: Option<PathBuf>,
    /// A session policy (repeatable; several are one union).
    #[arg(long, value_name = "FILE")]
    pub session: Vec<PathBuf>,
    /// The resource-based policy of the resource.
    #[arg(long, value_name = "FILE")]
    pub resource_policy: Option<PathBuf>,
    /// The trust policy of the role.
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// A service control policy (repeatable). LEVEL counts from the organization root, which is 0;
    /// policies of one level are a union, and every level must allow.
    #[arg(long, value_name = "[LEVEL=]FILE")]
    pub scp: Vec<String>,
    /// A resource control policy (repeatable), by level as --scp.
    #[arg(long, value_name = "[LEVEL=]FILE")]
    pub rcp: Vec<String>,
    /// The policy of the VPC endpoint that the request comes through.
    #[arg(long, value_name = "FILE")]
    pub endpoint: Option<PathBuf>,
    /// Accept what AWS would refuse to save, wherever a rule says how it evaluates.
    #[arg(long)]
    pub lenient: bool,
}

/// What is said of the request.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request")]
pub struct ContextArgs {
    /// Who calls: the ARN of a user, role, role session, federated user, root or (for the exchange of a
    /// token) identity provider; a service such as `cloudtrail.amazonaws.com`; or `anonymous`.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// The account that owns the resources. Default: the one in the ARN, or the caller's.
    #[arg(long, value_name = "ACCOUNT")]
    pub resource_account: Option<String>,
    /// A condition key of the request (repeatable). A JSON list makes it multivalued:
    /// `aws:TagKeys=["a","b"]`.
    #[arg(long, value_name = "KEY=VALUE")]
    pub context: Vec<String>,
    /// A condition key that is not in the request (repeatable).
    #[arg(long, value_name = "KEY")]
    pub absent: Vec<String>,
    /// A condition key of which nobody knows (repeatable), also where a call path would fix it.
    #[arg(long, value_name = "KEY")]
    pub unknown: Vec<String>,
    /// Choose otherwise where AWS is silent (repeatable): `Q4`, or `Q4=any-element`.
    #[arg(long = "switch", value_name = "SWITCH")]
    pub switches: Vec<String>,
}

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
    #[arg(long, value_enum, default_value_t = DocsFormat::Human, value_name = "FORMAT")]
    pub format: DocsFormat,
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
}

/// What `iamsure docs scan` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct DocsScanArgs {
    /// Documents, folders of them, or `-` for standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = DocsFormat::Human, value_name = "FORMAT")]
    pub format: DocsFormat,
}

/// The forms of what is found in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocsFormat {
    /// For people, with the lines of the document.
    Human,
    /// For GitHub Actions: annotations in the pull request.
    Github,
    /// For programs (version 1; see docs/formats.md).
    Json,
}

/// What `iamsure validate` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ValidateArgs {
    /// The documents: files, or `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What type of policy they are. Default: what each document shows, by its principals and actions: a role trust
    /// policy, a resource-based policy, or else an identity-based policy.
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: Option<PolicyTypeArg>,
    /// Accept what AWS would refuse to save, wherever a rule says how it evaluates.
    #[arg(long)]
    pub lenient: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = ValidateFormat::Human, value_name = "FORMAT")]
    pub format: ValidateFormat,
}

/// What `iamsure actions` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure actions 's3:Get*' 'kms:*crypt'
  iamsure actions 'iam:*' --access-level permissions-management
  iamsure actions --not 's3:Get*' 's3:List*'     what a NotAction of the two leaves of S3")]
pub struct ActionsArgs {
    /// Action patterns, as in a policy: `s3:Get*`. Quote them from the shell.
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,
    /// List the other actions of the services that the patterns name, as NotAction does.
    #[arg(long)]
    pub not: bool,
    /// List only actions of this access level (repeatable).
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub access_level: Vec<LevelArg>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit the table into this many columns. Default: the terminal's, or no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}

/// AWS's access levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// Reads what a resource holds.
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

/// The forms of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people, at a terminal.
    Table,
    /// For documents and pull requests.
    Markdown,
    /// One fact a line, for spreadsheets.
    Csv,
    /// Everything, for programs (version 1; see docs/formats.md).
    Json,
}

/// What `iamsure keys` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure keys s3:GetObject
  iamsure keys ec2:RunInstances --resource instance --path direct
  iamsure keys sqs:SendMessage --principal sns.amazonaws.com
  iamsure keys aws:SourceArn")]
pub struct KeysArgs {
    /// An action, or a condition key.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The resource: an ARN, a pattern of one, or the name of a resource type.
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<String>,
    /// How the call arrives (repeatable; see `iamsure matrix --help`). Default: direct, mcp:aws-mcp.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Who calls: an ARN, a service such as `cloudtrail.amazonaws.com`, or `anonymous`. Default: a user or
    /// role session.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,
    /// Draw with ASCII characters only.
    #[arg(long)]
    pub ascii: bool,
    /// Fit the table into this many columns. Default: the terminal's, or no limit elsewhere.
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}

/// The types of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyTypeArg {
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a resource.
    Resource,
    /// The trust policy of a role.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// Passed when a session is started.
    Session,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// Attached to a VPC endpoint.
    Endpoint,
}

impl From<PolicyTypeArg> for iamsure_core::language::PolicyType {
    fn from(kind: PolicyTypeArg) -> Self {
        match kind {
            PolicyTypeArg::Identity => Self::Identity,
            PolicyTypeArg::Resource => Self::Resource,
            PolicyTypeArg::Trust => Self::Trust,
            PolicyTypeArg::Boundary => Self::Boundary,
            PolicyTypeArg::Session => Self::Session,
            PolicyTypeArg::Scp => Self::Scp,
            PolicyTypeArg::Rcp => Self::Rcp,
            PolicyTypeArg::Endpoint => Self::Endpoint,
        }
    }
}

/// The forms of a validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ValidateFormat {
    /// For people, with the lines of the source.
    Human,
    /// For programs (version 1; see docs/formats.md).
    Json,
}

/// What `iamsure simulate` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure simulate role.json --principal arn:aws:iam::111122223333:role/app \\
      --action s3:GetObject --resource arn:aws:s3:::bucket/key --path direct
  iamsure simulate --request request.json
  iamsure simulate --requests requests.jsonl > answers.jsonl
  iamsure simulate role.json --scp root.json --requests requests.jsonl > answers.jsonl

docs/simulate.md describes the request form and the answers.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag on the command line")]
pub struct SimulateArgs {
    /// The action.
    #[arg(long, value_name = "ACTION", required_unless_present_any = ["request", "requests"])]
    pub action: Option<String>,
    /// The resource: an ARN, or `*` for an action without resource types. Default: `*`.
    #[arg(long, value_name = "ARN")]
    pub resource: Option<String>,
    /// One more check that the same API call makes (repeatable): every one must pass.
    #[arg(long, value_name = "ACTION=ARN")]
    pub also: Vec<String>,
    /// How the call arrives; fixes condition keys that were not said (see `iamsure matrix --help`).
    #[arg(long, value_name = "NAME")]
    pub path: Option<String>,
    /// Call paths of your own, in a YAML file (repeatable; see `iamsure matrix --help`).
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// Fill in the condition keys that follow from the principal and the resource.
    #[arg(long)]
    pub derive: bool,
    /// The call is made from the management account of the organization.
    #[arg(long)]
    pub management_account: bool,
    /// The resource belongs to the management account of the organization.
    #[arg(long)]
    pub resource_in_management_account: bool,
    /// The VPC endpoint (--endpoint) is a gateway endpoint, as for S3 and DynamoDB: an account in its
    /// policy is the root user alone.
    #[arg(long)]
    pub gateway_endpoint: bool,
    /// What S3 knows of the bucket or object beside its policy (repeatable).
    #[arg(long, value_enum, value_name = "FACT")]
    pub bucket: Vec<BucketFact>,
    /// Exit with code 1 unless the decision is this one.
    #[arg(long, value_enum, value_name = "DECISION")]
    pub expect: Option<Expected>,
    /// A whole request with its policies, as JSON, or as YAML in a `.yaml` file; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "resource", "requests", "also", "files", "identity", "boundary", "session", "resource_policy", "trust", "scp", "rcp", "endpoint", "principal", "resource_account", "context", "absent", "unknown", "management_account", "resource_in_management_account", "bucket", "gateway_endpoint"])]
    pub request: Option<PathBuf>,
    /// Requests, one a line as JSON; an answer a line, in the same order. `-` is standard input. Policies stand
    /// in each line, or are given once, as arguments, for all lines.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "resource", "also", "principal", "resource_account", "context", "absent", "unknown", "management_account", "resource_in_management_account", "bucket", "gateway_endpoint"])]
    pub requests: Option<PathBuf>,
    /// The form of the output. With --requests it is always json, a line each.
    #[arg(long, value_enum, default_value_t = SimulateFormat::Human, value_name = "FORMAT")]
    pub format: SimulateFormat,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// What is said of the request.
    #[command(flatten)]
    pub said: ContextArgs,
}

/// Facts of a bucket or object that its policy does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BucketFact {
    /// Object ownership is "bucket owner enforced": ACLs are ignored.
    OwnerEnforced,
    /// The object belongs to an account that is not the bucket's.
    ObjectOfAnother,
    /// The ACL grants what is asked to the requester.
    AclGrants,
    /// The ACL grants it to everybody.
    PublicAclGrants,
    /// Block Public Access: IgnorePublicAcls.
    IgnorePublicAcls,
    /// Block Public Access: RestrictPublicBuckets.
    RestrictPublicBuckets,
    /// Block Public Access: BlockPublicAcls.
    BlockPublicAcls,
    /// Block Public Access: BlockPublicPolicy.
    BlockPublicPolicy,
    /// The request would make the bucket or object public.
    RequestMakesPublic,
}

/// What may be expected of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Expected {
    /// It is allowed.
    Allowed,
    /// It is denied, explicitly or implicitly.
    Denied,
    /// A Deny matches.
    ExplicitlyDenied,
    /// Nothing allows it.
    ImplicitlyDenied,
    /// AWS does not authorize it.
    Exempt,
    /// It depends on what was not said.
    Depends,
}

/// The forms of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SimulateFormat {
    /// For people: the answer, and why.
    Human,
    /// For programs (version 1; see docs/simulate.md).
    Json,
}

/// What `iamsure import` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure import denial.json --policy arn:aws:iam::111122223333:policy/app=app.json > denial.iamsure.yaml
  iamsure import events.json --identity role.json --scp guardrails.json > events.iamsure.yaml
  aws cloudtrail lookup-events | iamsure import - --identity role.json
  iamsure import request.json result.json

docs/import.md says what each kind of record tells, and what it does not.")]
pub struct ImportArgs {
    /// The records, or `-` for standard input. The result of a simulation follows its request.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What the files hold. Default: each file tells.
    #[arg(long, value_enum, value_name = "FORM")]
    pub from: Option<ImportForm>,
    /// The document of a policy that a denial names by its URI, as `get-request-authorization-policy`
    /// answers (repeatable).
    #[arg(long = "policy", value_name = "URI=FILE")]
    pub documents: Vec<String>,
    /// The policies of records that hold none. The suite names the files as they are given here.
    #[command(flatten)]
    pub layers: LayerArgs,
}

/// The kinds of record that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportForm {
    /// The answer of `aws iam-toolbox get-request-authorization-details`.
    Denial,
    /// CloudTrail: a record, a log file, records one a line, or what `lookup-events` answers.
    #[value(name = "cloudtrail")]
    CloudTrail,
    /// The request and the result of `aws iam simulate-custom-policy` or `simulate-principal-policy`.
    Simulate,
}

impl From<ImportForm> for iamsure_review::import::Form {
    fn from(form: ImportForm) -> Self {
        match form {
            ImportForm::Denial => Self::Denial,
            ImportForm::CloudTrail => Self::CloudTrail,
            ImportForm::Simulate => Self::Simulation,
        }
    }
}
