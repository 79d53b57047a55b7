//! The arguments of `iamsure account`.

use std::path::PathBuf;

use clap::Subcommand;

use super::setting::account_id;
use super::{DrawingArgs, Format, LayerArgs, OfResource, OutputArgs};

/// The output formats of every question.
const FOR_ALL: [Format; 5] =
    [Format::Human, Format::Markdown, Format::Csv, Format::Json, Format::Jsonl];

/// Those of questions that a check in CI may fail.
const FOR_CLAIMS: [Format; 7] = [
    Format::Human,
    Format::Markdown,
    Format::Csv,
    Format::Json,
    Format::Jsonl,
    Format::Github,
    Format::Sarif,
];

/// What `iamsure account` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct AccountArgs {
    /// The question.
    #[command(subcommand)]
    pub question: AccountQuestion,
}

/// Queries about a whole account.
#[derive(Clone, Debug, Subcommand)]
pub enum AccountQuestion {
    /// Who can do something: for each principal always, never, or exactly when.
    ///
    /// Exit code 0: answered; 2: a file cannot be read, or contains no principal.
    WhoCan(WhoCanArgs),
    /// Prove or refute a claim about every principal.
    ///
    /// Exit code 0: no principal violates it; 1: some principal does; 2: could not be checked; 3: none does, but it
    /// depends for some.
    Prove(ProveOfAllArgs),
    /// Check everything a reviewer would, for every principal and every role trust policy.
    ///
    /// Exit code 0: every claim is proved; 1: one is refuted; 2: a file cannot be read; 3: none is refuted, and
    /// one depends.
    Review(ReviewOfAllArgs),
    /// Show which principals can become others: by assuming roles, passing roles to services, or changing
    /// permissions.
    ///
    /// Every step is checked on both sides: the caller's policies, boundary and SCPs, and the role's trust policy.
    /// Without --from and --to: which principals can reach administrator access.
    ///
    /// Exit code 0: answered; 2: a file cannot be read.
    Paths(PathsArgs),
    /// Show which roles can be assumed with identity-provider tokens, and with which claims.
    ///
    /// Exit code 0: answered; 2: a file cannot be read.
    Tokens(TokensArgs),
    /// Compare what each principal can do before and after.
    ///
    /// Principals are compared by ARN. Exit code 0: no change; 1: access changed; 2: a file cannot be read; 3: no
    /// change found, but some principals are undecided.
    Diff(DiffOfAllArgs),
}

/// What `iamsure account who-can` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure account who-can iam:PassRole auth.json
  iamsure account who-can s3:GetObject auth.json --resource arn:aws:s3:::acme/2026.csv --scp scp.json
  iamsure account who-can sts:AssumeRole auth.json --resource arn:aws:iam::111122223333:role/Admin --format json")]
pub struct WhoCanArgs {
    /// The action. May contain wildcards.
    #[arg(value_name = "ACTION")]
    pub action: String,
    /// Only this resource (repeatable): an ARN, in which `*` and `?` are wildcards, or `*` for calls without a resource. For a
    /// role, its trust policy is evaluated as well.
    #[arg(long = "resource", value_name = "ARN")]
    pub resources: Vec<String>,
    /// The account, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account prove` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure account prove 'never allow iam:PassRole when aws:MultiFactorAuthPresent is absent' auth.json
  iamsure account prove 'never allow s3:DeleteBucket' auth.json --scp guardrail.json --format json
  iamsure account prove 'never allow iam:PassRole' auth.json --claim 'never allow s3:DeleteBucket'

docs/claims.md describes the language.")]
#[command(mut_arg("format", |arg| arg.value_parser(Format::one_of(FOR_CLAIMS))))]
pub struct ProveOfAllArgs {
    /// The claim, in quotes: see docs/claims.md.
    #[arg(value_name = "CLAIM")]
    pub claim: String,
    /// Another claim about the same account, which is read once (repeatable).
    #[arg(long = "claim", value_name = "CLAIM")]
    pub others: Vec<String>,
    /// The claims must hold even if Allows are added later.
    #[arg(long)]
    pub open_world: bool,
    /// The account, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

impl ProveOfAllArgs {
    /// Every claim, in order.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &str> {
        [&self.claim].into_iter().chain(&self.others).map(String::as_str)
    }
}

/// What `iamsure account review` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(mut_arg("format", |arg| arg.value_parser(Format::one_of(FOR_CLAIMS))))]
pub struct ReviewOfAllArgs {
    /// The account, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account paths` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure account paths auth.json
  iamsure account paths auth.json --from user/ada
  iamsure account paths auth.json --to role/Admin --scp guardrail.json
  iamsure account paths auth.json --dot | dot -Tsvg > paths.svg")]
pub struct PathsArgs {
    /// Show everything this principal can reach: an address such as `role/App`, or an ARN.
    #[arg(long, value_name = "PRINCIPAL")]
    pub from: Option<String>,
    /// Show every principal that can reach this one.
    #[arg(long, value_name = "PRINCIPAL")]
    pub to: Option<String>,
    /// Print every step as a graph for Graphviz.
    #[arg(long, conflicts_with_all = ["from", "to", "format"])]
    pub dot: bool,
    /// The account, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account tokens` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct TokensArgs {
    /// The account, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account diff` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct DiffOfAllArgs {
    /// The account as it was.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The account as it is.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// The other layers, and the output format.
    #[command(flatten)]
    pub beside: BesideArgs,
}

/// The account, and what else applies.
#[derive(Clone, Debug, clap::Args)]
pub struct EverybodyArgs {
    /// Output of `aws iam get-account-authorization-details`: files with several pages or accounts, folders of
    /// them, or `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The other layers, and the output format.
    #[command(flatten)]
    pub beside: BesideArgs,
}

/// The layers in addition to the account's policies, and the output format.
#[derive(Clone, Debug, clap::Args)]
pub struct BesideArgs {
    /// A service control policy (repeatable). LEVEL counts from the organization root, which is 0; policies at the
    /// same level are combined, and every level must allow.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub scp: Vec<String>,
    /// A resource control policy (repeatable), with a level as for --scp.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub rcp: Vec<String>,
    /// The resource-based policy of the resource, or a folder of the policies of many, as iam-collect writes it. A question
    /// about one resource is decided with its policy; `iamsure account review` checks each.
    #[arg(long, value_name = "FILE|FOLDER", help_heading = "Policies")]
    pub resource_policy: Option<PathBuf>,
    /// The policy of the VPC endpoint that the requests come through.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub endpoint: Option<PathBuf>,
    /// The account is its organization's management account, to which SCPs do not apply.
    #[arg(long, help_heading = "Policies")]
    pub management_account: bool,
    /// The account that owns the resources. Default: the one in the ARN, or the caller's.
    #[arg(long, value_name = "ACCOUNT", value_parser = account_id, help_heading = "Request")]
    pub resource_account: Option<String>,
    /// A condition key in the request (repeatable).
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Request")]
    pub context: Vec<String>,
    /// A condition key that is not in the request (repeatable).
    #[arg(long, value_name = "KEY", help_heading = "Request")]
    pub absent: Vec<String>,
    /// Choose another behaviour where AWS documents none (repeatable): `Q4`, or `Q4=any-element`.
    #[arg(long = "switch", value_name = "SWITCH", help_heading = "Request")]
    pub switches: Vec<String>,
    /// List everything. By default, the first 20 principals of each answer; those that never can, or do not violate a
    /// claim, are only counted.
    #[arg(long)]
    pub all: bool,
    /// Number of threads. Default: the number of processors.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of(FOR_ALL), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}

impl BesideArgs {
    /// What is given of the resource's policy and of the resource.
    pub(crate) const fn of_resource(
        &mut self,
        resources: Vec<String>,
        claims: Vec<String>,
    ) -> OfResource<'_> {
        let (policy, account) = (&mut self.resource_policy, &mut self.resource_account);
        OfResource { policy, resources, claims, account }
    }

    /// The layers, as in other commands.
    pub fn layers(&self) -> LayerArgs {
        LayerArgs {
            scp: self.scp.clone(),
            rcp: self.rcp.clone(),
            resource_policy: self.resource_policy.clone(),
            endpoint: self.endpoint.clone(),
            management_account: self.management_account,
            ..LayerArgs::default()
        }
    }
}
