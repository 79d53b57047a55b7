//! Where a stack is assumed to be: what its ARNs say of the partition and the account, and who is in it.

use std::collections::BTreeMap;

use iamsure_core::language::Arn;

/// The partition and the account of a stack, and its principals.
#[derive(Debug)]
pub(crate) struct Deployed {
    pub(crate) partition: String,
    pub(crate) account: String,
    /// What `Ref` (`AppRole`) and `Fn::GetAtt` (`AppRole.Arn`) give for the principals that the template makes.
    pub(crate) principals: BTreeMap<String, String>,
}

/// What stands for the account and the partition of a stack before it is deployed.
const ACCOUNT: &str = "<AWS.AccountId>";
const PARTITION: &str = "<AWS.Partition>";

impl Deployed {
    /// A text as it is in the account: one that is the account, or an ARN, whose partition and account are its own. Elsewhere,
    /// as in the name of a bucket, the account stays what it will be.
    ///
    /// AWS page: CloudFormation Template Reference, `pseudo-parameter-reference`.
    pub(super) fn settled(&self, text: String) -> String {
        if text == ACCOUNT {
            return self.account.clone();
        }
        let Some(arn) = Arn::split(&text) else { return text };
        let partition = if arn.partition == PARTITION { &self.partition } else { arn.partition };
        let account = if arn.account == ACCOUNT { &self.account } else { arn.account };
        format!("arn:{partition}:{}:{}:{account}:{}", arn.service, arn.region, arn.resource)
    }
}
