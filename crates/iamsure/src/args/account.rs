//! The arguments of `iamsure account`.

use std::path::PathBuf;

use clap::Subcommand;

use super::setting::account_id;
use super::{DrawingArgs, Format, LayerArgs, OutputArgs};

/// What `iamsure account` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct AccountArgs {
    /// The question.
    #[command(subcommand)]
    pub question: AccountQuestion,
}

/// The questions about everybody in an account.
#[derive(Clone, Debug, Subcommand)]
pub enum AccountQuestion {
    /// Who can do something: for each principal always, never, or exactly when.
    ///
    /// Exit code 0: answered; 2: a file cannot be read, or nothing in it makes requests.
    WhoCan(WhoCanArgs),
    /// Prove or refute a claim about every principal.
    ///
    /// Exit code 0: nobody breaks it; 1: somebody does; 2: it could not be asked; 3: nobody does, and it depends
    /// for somebody.
    Prove(ProveOfAllArgs),
    /// Everything that reviewers ask, of every principal and of whom every role trusts.
    ///
    /// Exit code 0: every claim is proved; 1: one is refuted; 2: a file cannot be read; 3: none is refuted, and
    /// one depends.
    Review(ReviewOfAllArgs),
    /// What principals can become: by assuming roles, by passing them to services, by changing permissions.
    ///
    /// Every step is decided with both sides of it: the policies of whoever takes it, its boundary and SCPs, and whom the
    /// role trusts. Without --from and --to: who gets to everything.
    ///
    /// Exit code 0: answered; 2: a file cannot be read.
    Paths(PathsArgs),
    /// Which roles holders of a token of an identity provider can have, and with which claims.
    ///
    /// Exit code 0: answered; 2: a file cannot be read.
    Tokens(TokensArgs),
    /// Compare what everybody can do before and after.
    ///
    /// Principals are compared by ARN. Exit code 0: nobody can do anything else; 1: somebody can; 2: a file
    /// cannot be read; 3: nobody is known to, and for somebody it was not decided.
    Diff(DiffOfAllArgs),
}

/// What `iamsure account who-can` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure account who-can iam:PassRole auth.json
  iamsure account who-can s3:GetObject auth.json --resource 'arn:aws:s3:::acme/*' --scp scp.json
  iamsure account who-can sts:AssumeRole auth.json --resource arn:aws:iam::111122223333:role/Admin --format json")]
pub struct WhoCanArgs {
    /// The action. May hold wildcards.
    #[arg(value_name = "ACTION")]
    pub action: String,
    /// Only this resource (repeatable). An ARN, or `*`. Of a role, whom it trusts counts too.
    #[arg(long = "resource", value_name = "ARN")]
    pub resources: Vec<String>,
    /// Also list those who never can.
    #[arg(long)]
    pub all: bool,
    /// Everybody, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account prove` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure account prove 'never allow iam:PassRole when aws:MultiFactorAuthPresent is absent' auth.json
  iamsure account prove 'never allow s3:DeleteBucket' auth.json --scp guardrail.json --format json

docs/claims.md has the language.")]
pub struct ProveOfAllArgs {
    /// The claim, in quotes: see docs/claims.md.
    #[arg(value_name = "CLAIM")]
    pub claim: String,
    /// It must hold whatever other Allow is attached later.
    #[arg(long)]
    pub open_world: bool,
    /// Also list those who do not break it.
    #[arg(long)]
    pub all: bool,
    /// Everybody, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account review` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ReviewOfAllArgs {
    /// Everybody, and what else applies.
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
    /// Everywhere that this principal gets to: an address such as `role/App`, or an ARN.
    #[arg(long, value_name = "PRINCIPAL")]
    pub from: Option<String>,
    /// Everybody who gets to this principal.
    #[arg(long, value_name = "PRINCIPAL")]
    pub to: Option<String>,
    /// Print every step as a graph for Graphviz.
    #[arg(long, conflicts_with_all = ["from", "to", "format"])]
    pub dot: bool,
    /// Everybody, and what else applies.
    #[command(flatten)]
    pub everybody: EverybodyArgs,
}

/// What `iamsure account tokens` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct TokensArgs {
    /// Everybody, and what else applies.
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
    /// The layers beside it, and the form of the answer.
    #[command(flatten)]
    pub beside: BesideArgs,
}

/// Everybody in an account, and what else applies.
#[derive(Clone, Debug, clap::Args)]
pub struct EverybodyArgs {
    /// What describes the principals: answers of `aws iam get-account-authorization-details`, several pages or
    /// accounts, folders of them, or `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The layers beside it, and the form of the answer.
    #[command(flatten)]
    pub beside: BesideArgs,
}

/// The layers beside the policies of an account, and the form of the answer.
#[derive(Clone, Debug, clap::Args)]
pub struct BesideArgs {
    /// A service control policy (repeatable). LEVEL counts from the organization root, which is 0;
    /// policies of one level are a union, and every level must allow.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub scp: Vec<String>,
    /// A resource control policy (repeatable), by level as --scp.
    #[arg(long, value_name = "[LEVEL=]FILE", help_heading = "Policies")]
    pub rcp: Vec<String>,
    /// The resource-based policy of the resource.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub resource_policy: Option<PathBuf>,
    /// The policy of the VPC endpoint that the requests come through.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub endpoint: Option<PathBuf>,
    /// The account is the management account of its organization: its SCPs limit nobody in it.
    #[arg(long, help_heading = "Policies")]
    pub management_account: bool,
    /// The account that owns the resources. Default: the one in the ARN, or the caller's.
    #[arg(long, value_name = "ACCOUNT", value_parser = account_id, help_heading = "Request")]
    pub resource_account: Option<String>,
    /// A condition key of the request (repeatable).
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Request")]
    pub context: Vec<String>,
    /// A condition key that is not in the request (repeatable).
    #[arg(long, value_name = "KEY", help_heading = "Request")]
    pub absent: Vec<String>,
    /// Choose otherwise where AWS is silent (repeatable): `Q4`, or `Q4=any-element`.
    #[arg(long = "switch", value_name = "SWITCH", help_heading = "Request")]
    pub switches: Vec<String>,
    /// How many threads work on it. Default: as many as there are processors.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// The form of the output.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}

impl BesideArgs {
    /// The layers, as other commands take them.
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
