//! Amazon Resource Names: six fields, the last of which takes the rest.

/// The fields of an ARN, borrowed from its text: `arn:partition:service:region:account:resource`.
///
/// AWS page: IAM User Guide, `reference-arns`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `s3`, `iam`, …
    pub service: &'a str,
    /// `us-east-1`, …; empty for global resources.
    pub region: &'a str,
    /// The account that owns the resource; empty in, for example, S3 ARNs.
    pub account: &'a str,
    /// Everything after the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits `text`; `None` if it does not start with `arn:` or has fewer than six fields.
    pub fn split(text: &'a str) -> Option<Self> {
        let [head, partition, service, region, account, resource] = fields(text)?;
        (head == "arn").then_some(Self { partition, service, region, account, resource })
    }
}

/// Whether a text is the ID of an account: twelve digits.
///
/// AWS page: Account Management Reference Guide, `manage-acct-identifiers`.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The six fields of a text, the last taking the rest; `None` if there are fewer.
pub fn fields(text: &str) -> Option<[&str; 6]> {
    let mut rest = text;
    // Fields are short: a plain walk finds their ends sooner than a search made for long texts.
    let mut field = || {
        let end = rest.bytes().position(|byte| byte == b':')?;
        let (field, after) = rest.split_at_checked(end)?;
        rest = after.get(1..)?;
        Some(field)
    };
    let first = [field()?, field()?, field()?, field()?, field()?];
    let [head, partition, service, region, account] = first;
    Some([head, partition, service, region, account, rest])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_field_takes_the_rest() {
        let arn = Arn::split("arn:aws:sns:us-east-1:111122223333:topic:sub").unwrap();
        assert_eq!((arn.service, arn.account, arn.resource), ("sns", "111122223333", "topic:sub"));
        assert_eq!(Arn::split("arn:aws:s3"), None);
        assert_eq!(Arn::split("urn:aws:s3:::b"), None);
    }
}
