//! The arguments of `iamsure validate`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Format, Level, OutputArgs};

/// What `iamsure validate` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ValidateArgs {
    /// The documents: files, folders of JSON files, patterns in quotes, or `-` for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The policy type. Default: inferred from each document's principals and actions: a role trust policy, a
    /// resource-based policy, or else an identity-based policy.
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: Option<PolicyTypeArg>,
    /// Accept documents that AWS would reject, where a rule defines how they evaluate.
    #[arg(long)]
    pub lenient: bool,
    /// List every finding. By default, the first ten of each code.
    #[arg(long)]
    pub all: bool,
    /// Exit with code 1 if there is a finding of this severity or worse.
    #[arg(long, value_enum, default_value_t = Level::Error, value_name = "SEVERITY")]
    pub fail_on: Level,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Json, Format::Github, Format::Sarif, Format::Junit]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
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
