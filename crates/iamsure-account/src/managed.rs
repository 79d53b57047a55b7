//! The policies of AWS that are one statement and never change: whoever names one of them means this.
//!
//! AWS pages: AWS Managed Policy Reference, `AdministratorAccess`; Organizations User Guide,
//! `orgs_manage_policies_scps_evaluation` (`FullAWSAccess`), `orgs_manage_policies_rcps` (`RCPFullAWSAccess`).

/// A policy of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Managed {
    /// Its name, such as `AdministratorAccess`.
    pub name: &'static str,
    /// Its ARN, without the partition.
    arn: &'static str,
    /// The document.
    pub document: &'static str,
}

const ALL: [Managed; 3] = [
    Managed {
        name: "AdministratorAccess",
        arn: ":iam::aws:policy/AdministratorAccess",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
    Managed {
        name: "FullAWSAccess",
        arn: ":organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
    Managed {
        name: "RCPFullAWSAccess",
        arn: ":organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    },
];

impl Managed {
    /// The policy that a name or an ARN names.
    pub fn named(text: &str) -> Option<Self> {
        ALL.into_iter().find(|policy| {
            let of_partition = || Some(text.strip_prefix("arn:")?.split_once(':')?.1);
            policy.name == text || of_partition() == policy.arn.strip_prefix(':')
        })
    }

    /// The names, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|policy| policy.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_any_partition_names_the_policy_and_no_other_does() {
        let named = |text: &str| Managed::named(text).map(|policy| policy.name);
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
}
