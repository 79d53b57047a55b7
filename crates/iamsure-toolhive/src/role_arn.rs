//! The ARN of an IAM role, as ToolHive takes it.

use std::fmt;

use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::{Arn, is_account_id};

/// The ARN of a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleArn {
    text: String,
    partition: String,
    account: String,
    name: String,
}

impl RoleArn {
    /// Reads an ARN by the pattern of ToolHive's custom resource:
    /// `^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role/[\w+=,.@\-_/]+$`. The account may also be a
    /// placeholder, as in documentation.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let arn = Arn::split(text).ok_or(
            "an ARN starts with `arn:` and has six fields, as arn:aws:iam::111122223333:role/NAME",
        )?;
        if !["aws", "aws-cn", "aws-us-gov"].contains(&arn.partition) {
            return Err(format!(
                "the partition is `{}`, but ToolHive accepts only aws, aws-cn and aws-us-gov",
                arn.partition
            ));
        }
        if arn.service != "iam" || !arn.region.is_empty() {
            return Err(
                "it is not the ARN of an IAM resource, which begins arn:aws:iam::".to_owned()
            );
        }
        if !is_account_id(arn.account) && !is_placeholder(arn.account) {
            return Err(format!("the account `{}` is not twelve digits", arn.account));
        }
        let path = match arn.resource.split_once('/') {
            Some(("role", path)) => path,
            Some(("assumed-role", _)) => {
                return Err(
                    "this names a session; a role is arn:aws:iam::ACCOUNT:role/NAME".to_owned()
                );
            }
            _ => return Err("it is not a role: the last field must begin with `role/`".to_owned()),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_/".contains(c);
        if let Some(stray) = path.chars().find(|c| !fits(*c)).filter(|_| !is_placeholder(path)) {
            return Err(format!("`{stray}` is not allowed in the name of a role"));
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if name.is_empty() {
            return Err("the name of the role is empty".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            partition: arn.partition.to_owned(),
            account: arn.account.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub(crate) fn partition(&self) -> &str {
        &self.partition
    }

    /// The account: twelve digits, or a placeholder.
    pub(crate) fn account(&self) -> &str {
        &self.account
    }

    /// The name of the role, without its path.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_has_an_account_and_a_name() {
        let role = RoleArn::parse("arn:aws:iam::111122223333:role/team/S3").unwrap();
        assert_eq!((role.account(), role.name()), ("111122223333", "S3"));
        assert!(RoleArn::parse("arn:aws:iam::<YOUR_AWS_ACCOUNT_ID>:role/S3").is_ok());
    }

    #[test]
    fn other_arns_are_refused_with_the_reason() {
        for (text, says) in [
            ("S3", "six fields"),
            ("arn:aws:iam::1234:role/S3", "twelve digits"),
            ("arn:aws:iam::111122223333:user/S3", "`role/`"),
            ("arn:aws:sts::111122223333:assumed-role/S3/s", "not the ARN of an IAM"),
            ("arn:aws-x:iam::111122223333:role/S3", "partition"),
            ("arn:aws:iam::111122223333:role/S 3", "` ` is not allowed"),
            ("arn:aws:iam::111122223333:role/", "empty"),
        ] {
            let error = RoleArn::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
