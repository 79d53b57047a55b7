//! The policies of AWS: those that are one statement and never change are built in, the others come from files of
//! the user ([`ManagedPolicies`]).
//!
//! AWS pages: AWS Managed Policy Reference, `AdministratorAccess`; Organizations User Guide,
//! `orgs_manage_policies_scps_evaluation` (`FullAWSAccess`), `orgs_manage_policies_rcps` (`RCPFullAWSAccess`).

mod policies;
mod read;

use iamsure_core::language::PolicyType;

pub use policies::{ManagedPolicies, ManagedPolicy, UnknownPolicy};
pub use read::read_managed;

/// A policy of AWS that is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BuiltIn {
    /// Its name, such as `AdministratorAccess`.
    name: &'static str,
    /// Its ARN, without the partition.
    arn: &'static str,
    /// What it is attached as.
    kind: PolicyType,
    /// The document.
    document: &'static str,
}

const ALL: [BuiltIn; 3] = [
    BuiltIn {
        name: "AdministratorAccess",
        arn: ":iam::aws:policy/AdministratorAccess",
        kind: PolicyType::Identity,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
    BuiltIn {
        name: "FullAWSAccess",
        arn: ":organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        kind: PolicyType::Scp,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
    BuiltIn {
        name: "RCPFullAWSAccess",
        arn: ":organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
        kind: PolicyType::Rcp,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    },
];

impl BuiltIn {
    /// The policy that a name or an ARN names.
    fn named(text: &str) -> Option<Self> {
        ALL.into_iter().find(|policy| {
            let of_partition = || Some(text.strip_prefix("arn:")?.split_once(':')?.1);
            policy.name == text || of_partition() == policy.arn.strip_prefix(':')
        })
    }
}

/// The name in `aws:NAME`, or the ARN of a policy of AWS; `None` of anything else. A file that is called so is
/// `./aws:NAME`.
pub fn managed_name(text: &str) -> Option<&str> {
    if is_of_aws(text) { Some(text) } else { text.strip_prefix("aws:") }
}

/// Whether an ARN is that of a policy of AWS: in place of an account it says `aws`.
///
/// AWS page: IAM User Guide, `access_policies_managed-vs-inline` (AWS managed policies).
fn is_of_aws(arn: &str) -> bool {
    let mut fields = arn.splitn(6, ':');
    fields.next() == Some("arn")
        && fields.nth(1).is_some_and(|service| ["iam", "organizations"].contains(&service))
        && fields.nth(1) == Some("aws")
        && fields.next().is_some_and(|resource| resource.starts_with("policy/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_any_partition_names_the_policy_and_no_other_does() {
        let named = |text: &str| BuiltIn::named(text).map(|policy| policy.name);
        assert_eq!(named("AdministratorAccess"), Some("AdministratorAccess"));
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            let arn = format!("arn:{partition}:iam::aws:policy/AdministratorAccess");
            assert_eq!(named(&arn), Some("AdministratorAccess"));
        }
        for text in [
            "arn:aws:iam::111122223333:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "administratoraccess",
            "arn:",
            "",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_stands_after_aws_or_is_an_arn_of_aws() {
        for (text, name) in [
            ("aws:ReadOnlyAccess", Some("ReadOnlyAccess")),
            ("aws:job-function/Billing", Some("job-function/Billing")),
            ("aws:", Some("")),
            (
                "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
                Some("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"),
            ),
            ("./aws:ReadOnlyAccess", None),
            ("AWS:ReadOnlyAccess", None),
            ("arn:aws:iam::111122223333:policy/aws", None),
            ("arn:aws:s3::aws:policy/x", None),
            ("role.json", None),
        ] {
            assert_eq!(managed_name(text), name, "{text}");
        }
    }
}
