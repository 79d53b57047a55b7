//! The arguments of `iamsure simulate`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{ContextArgs, Format, OutputArgs, PolicyArgs};

/// What `iamsure simulate` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure simulate role.json --principal arn:aws:iam::111122223333:role/app \\
      --action s3:GetObject --resource arn:aws:s3:::bucket/key --path direct
  iamsure simulate role.json --call ec2:RunInstances --also ec2:RunInstances=arn:aws:ec2:eu-west-1::image/ami-0a
  iamsure simulate --request request.json
  iamsure simulate role.json --from denied.txt
  iamsure simulate --requests requests.jsonl > answers.jsonl
  iamsure simulate role.json --scp root.json --requests requests.jsonl > answers.jsonl

docs/simulate.md describes the request form and the answers.")]
pub struct SimulateArgs {
    /// The action.
    #[arg(long, value_name = "ACTION", required_unless_present_any = ["request", "requests", "call", "from"])]
    pub action: Option<String>,
    /// The resource: the ARN of one, or `*` for an action without resource types. Default: `*`.
    #[arg(long, value_name = "ARN")]
    pub resource: Option<String>,
    /// Check the whole API call: one check for each resource type that AWS lists as required, and for each
    /// dependent action. Resources come from --resource and --also; if none matches, an example is used.
    #[arg(long, value_name = "ACTION", conflicts_with_all = ["action", "request", "requests"])]
    pub call: Option<String>,
    /// Read the request from a record: an access-denied message, a decoded authorization message, a CloudTrail
    /// record or anything else that `iamsure import` reads; `-` is standard input. What the record does not contain
    /// is unknown unless given by option. Exit code 1 if AWS decided otherwise.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "call", "also", "request", "requests", "path"])]
    pub from: Option<PathBuf>,
    /// One more check that the same API call makes (repeatable): every one must pass.
    #[arg(long, value_name = "ACTION=ARN")]
    pub also: Vec<String>,
    /// The call path; sets the condition keys it implies unless given (see `iamsure matrix --help`).
    #[arg(long, value_name = "NAME")]
    pub path: Option<String>,
    /// Define your own call paths in a YAML file (repeatable; see `iamsure matrix --help`).
    #[arg(long = "paths", value_name = "FILE")]
    pub path_files: Vec<PathBuf>,
    /// The user who started the session of a federated user (--principal), which the ARN of the session does not tell.
    #[arg(long, value_name = "ARN", requires = "principal")]
    pub user_arn: Option<String>,
    /// Fill in the condition keys that follow from the principal and the resource.
    #[arg(long)]
    pub derive: bool,
    /// The VPC endpoint (--endpoint) is a gateway endpoint, as for S3 and DynamoDB: an account principal in its
    /// policy then means only the root user.
    #[arg(long)]
    pub gateway_endpoint: bool,
    /// S3 settings outside the bucket policy (repeatable).
    #[arg(long, value_enum, value_name = "FACT")]
    pub bucket: Vec<BucketFact>,
    /// Exit with code 1 unless the decision is this one, and with 3 if that depends on what was not given, or on what AWS does not document.
    #[arg(long, value_enum, value_name = "DECISION")]
    pub expect: Option<Expected>,
    /// A whole request with its policies, as JSON, or as YAML in a `.yaml` file; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "resource", "requests", "also", "files", "identity", "boundary", "session", "resource_policy", "trust", "scp", "rcp", "endpoint", "principal", "resource_account", "context", "absent", "unknown", "management_account", "resource_in_management_account", "bucket", "gateway_endpoint"])]
    pub request: Option<PathBuf>,
    /// Requests as JSON, one per line; prints one answer per line, in the same order. `-` is standard input. Each
    /// line contains its policies, or they are given once, as arguments, for all lines.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "action", "resource", "also", "principal", "resource_account", "context", "absent", "unknown", "management_account", "resource_in_management_account", "bucket", "gateway_endpoint"])]
    pub requests: Option<PathBuf>,
    /// The output format. With --requests it is always json, one line per answer.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The policies.
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Facts about the request.
    #[command(flatten)]
    pub said: ContextArgs,
}

/// Facts about a bucket or object that are not in its policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BucketFact {
    /// Object ownership is `BucketOwnerEnforced`: ACLs are ignored.
    OwnerEnforced,
    /// The object belongs to another account than the bucket.
    ObjectOfAnother,
    /// The ACL grants the request to the requester.
    AclGrants,
    /// The ACL grants it to everyone.
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

/// The expected decision.
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
    /// AWS performs no authorization check.
    Exempt,
    /// It depends on what was not given.
    Depends,
}
