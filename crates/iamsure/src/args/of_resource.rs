//! What is given of the resource that a question is about, whatever the command.

use std::path::PathBuf;

use super::{AccountQuestion, Command, SettingArgs};

/// What is given of the resource that a question is about.
pub(crate) struct OfResource<'a> {
    /// Its policy.
    pub(crate) policy: &'a mut Option<PathBuf>,
    /// Its ARN, or several.
    pub(crate) resources: Vec<String>,
    /// The claims that may name it.
    pub(crate) claims: Vec<String>,
    /// The account that owns it.
    pub(crate) account: &'a mut Option<String>,
}

impl Command {
    /// What is given of the resource's policy and of the resource, by commands that choose the policy of one resource among
    /// several.
    pub(crate) fn of_resource(&mut self) -> Option<OfResource<'_>> {
        let of_setting = |setting: &SettingArgs| setting.resources.clone();
        Some(match self {
            Self::Account(args) => match &mut args.question {
                AccountQuestion::WhoCan(args) => {
                    args.everybody.beside.of_resource(args.resources.clone(), Vec::new())
                }
                AccountQuestion::Prove(args) => {
                    let claims = args.claims().map(str::to_owned).collect();
                    args.everybody.beside.of_resource(Vec::new(), claims)
                }
                _ => return None,
            },
            Self::Matrix(args) => OfResource {
                policy: &mut args.policies.layers.resource_policy,
                resources: args.resources.clone(),
                claims: Vec::new(),
                account: &mut args.request.resource_account,
            },
            Self::Prove(args) => OfResource {
                policy: &mut args.policies.layers.resource_policy,
                resources: of_setting(&args.setting),
                claims: args.claim.iter().cloned().collect(),
                account: &mut args.setting.request.resource_account,
            },
            Self::Simulate(args) => OfResource {
                policy: &mut args.policies.layers.resource_policy,
                resources: args.resource.iter().cloned().collect(),
                claims: Vec::new(),
                account: &mut args.said.resource_account,
            },
            Self::Table(args) => OfResource {
                policy: &mut args.policies.layers.resource_policy,
                resources: of_setting(&args.setting),
                claims: Vec::new(),
                account: &mut args.setting.request.resource_account,
            },
            _ => return None,
        })
    }
}
