//! The options that say the policies, by layer.

use std::path::{Path, PathBuf};

/// The policies, by layer.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Policies")]
pub struct PolicyArgs {
    /// Identity-based policies: files, folders of JSON files, patterns in quotes, or `-` for standard input. Refer to
    /// a policy in a document by its code fence title, a Sid, or a line: `page.mdx#role.json`, `page.mdx#DenyDirect`, `page.mdx#L40`.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Policies")]
pub struct LayerArgs {
    /// An identity-based policy (repeatable); the same as a bare POLICY.
    #[arg(long, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
    /// The permissions boundary.
    #[arg(long, value_name = "FILE")]
    pub boundary: Option<PathBuf>,
    /// A session policy (repeatable; several are combined).
    #[arg(long, value_name = "FILE")]
    pub session: Vec<PathBuf>,
    /// The resource-based policy of the resource, or a folder of the policies of many, as iam-collect writes it. A question
    /// about one resource is decided with its policy; `iamsure account review` checks each.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub resource_policy: Option<PathBuf>,
    /// The trust policy of the role.
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// A service control policy (repeatable). LEVEL counts from the organization root, which is 0; policies at the
    /// same level are combined, and every level must allow.
    #[arg(long, value_name = "[LEVEL=]FILE")]
    pub scp: Vec<String>,
    /// A resource control policy (repeatable), with a level as for --scp.
    #[arg(long, value_name = "[LEVEL=]FILE")]
    pub rcp: Vec<String>,
    /// The policy of the VPC endpoint that the request comes through.
    #[arg(long, value_name = "FILE")]
    pub endpoint: Option<PathBuf>,
    /// The caller is in the management account of its organization, where SCPs do not apply.
    #[arg(long)]
    pub management_account: bool,
    /// The resource is in the management account of its organization, where RCPs do not apply.
    #[arg(long)]
    pub resource_in_management_account: bool,
    /// Accept documents that AWS would reject, where a rule defines how they evaluate.
    #[arg(long)]
    pub lenient: bool,
}
