//! Where files are that iam-collect wrote.
//!
//! Page: the documentation of iam-collect, `docs/Storage.md`, "Storage Layout Explained":
//! `aws/<partition>/accounts/<id>/<service>/<region>/<type>/<id>/{metadata,policy}.json`, without a type for buckets, and
//! `organizations/<id>/{ous,rcps,scps}/<id>/…`.

use std::path::Path;

use iamsure_core::language::is_account_id;

/// What a file is by its place in a folder that iam-collect wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collected {
    /// The policy of a resource of this account.
    Policy(String),
    /// What IAM holds: identity-based policies and the trust policies of roles.
    Iam,
    /// An SCP.
    Scp,
    /// An RCP.
    Rcp,
    /// What an account shares by Resource Access Manager.
    Shared,
    /// What else is known of resources, accounts and organizations.
    Data,
}

impl Collected {
    /// What a file is; `None` if iam-collect writes no file of such a path.
    pub fn of(path: &Path) -> Option<Self> {
        let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
        let (name, folders) = parts.split_last()?;
        let is_partition = |part: &&str| *part == "aws" || part.starts_with("aws-");
        let at = folders.windows(2).position(|two| {
            matches!(two, [partition, "accounts" | "organizations" | "indexes"] if is_partition(partition))
        })?;
        let is_policy = *name == "policy.json";
        let found = match folders.get(at + 1..)? {
            ["accounts", account, rest @ ..] if is_account_id(account) => match rest {
                ["iam", ..] => Self::Iam,
                ["ram", ..] => Self::Shared,
                [_, ..] if is_policy => Self::Policy((*account).to_owned()),
                _ => Self::Data,
            },
            ["organizations", _, "scps", ..] if is_policy => Self::Scp,
            ["organizations", _, "rcps", ..] if is_policy => Self::Rcp,
            ["organizations" | "indexes", ..] => Self::Data,
            _ => return None,
        };
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_tells_what_a_file_is() {
        let of = |path: &str| Collected::of(Path::new(path));
        let policy = Some(Collected::Policy("111122223333".to_owned()));
        for (path, found) in [
            ("iam-data/aws/aws/accounts/111122223333/s3/acme/policy.json", policy.clone()),
            ("aws/aws-cn/accounts/111122223333/kms/cn-north-1/key/1/policy.json", policy),
            ("aws/aws/accounts/111122223333/s3/acme/metadata.json", Some(Collected::Data)),
            ("aws/aws/accounts/111122223333/organization.json", Some(Collected::Data)),
            ("aws/aws/accounts/111122223333/iam/policy/read/policy.json", Some(Collected::Iam)),
            ("aws/aws/accounts/111122223333/ram/global/a.json", Some(Collected::Shared)),
            ("aws/aws/organizations/o-1/scps/p-1/policy.json", Some(Collected::Scp)),
            ("aws/aws/organizations/o-1/rcps/p-1/policy.json", Some(Collected::Rcp)),
            ("aws/aws/organizations/o-1/scps/p-1/metadata.json", Some(Collected::Data)),
            ("aws/aws/indexes/vpcs.json", Some(Collected::Data)),
            ("policies/accounts/111122223333/s3/acme/policy.json", None),
            ("aws/aws/accounts/prod/s3/acme/policy.json", None),
            ("acme/policy.json", None),
        ] {
            assert_eq!(of(path), found, "{path}");
        }
    }
}
