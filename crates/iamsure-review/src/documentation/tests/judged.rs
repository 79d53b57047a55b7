//! What is said of the policies of a page, and what is not, for a placeholder.

use super::{codes, of_statements};
use crate::documentation::finding::{Code, Finding};

/// A statement of the reports from the field: what depends on a placeholder is not judged, and that is said.
#[test]
fn what_depends_on_a_placeholder_is_not_judged() {
    for statement in [
        r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:${AWS::Partition}:ec2:${AWS::Region}:*:instance/*"}"#,
        r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:${region}:${account_id}:key/${key}"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${var.bucket_arn}/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Principal": {"AWS": "arn:aws:iam::<ACCOUNT_ID>:root"}, "Resource": "arn:aws:s3:::<BUCKET>/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Principal": {"AWS": "ACCOUNT-B-ID"}, "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::YOUR_BUCKET/*"}"#,
        r#"{"Effect": "Allow", "Action": "sns:Publish", "Resource": "SNS-topic-ARN"}"#,
        r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ["List of the KMS key ARNs."]}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "<your-ip>/32"}}}"#,
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:REGION:123456789012:QUEUE-ID"}"#,
        r#"{"Effect": "Deny", "Action": "service:*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "service-prefix:action-name", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{{ bucket }}/*"}"#,
        r#"{"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "arn:aws:ec2:[region]:[account-id]:instance/*"}"#,
        r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::account-id:role/x"}}"#,
        r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Principal": {"Service": "logs.region.amazonaws.com"}, "Resource": "<arn of the key>"}"#,
        r#"{"Effect": "Deny", "Action": "s3:*", "NotResource": "${arn}"}"#,
    ] {
        let found = of_statements(&[statement]);
        let all: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(all, [Code::Placeholder], "{statement}: {:?}", found.findings);
        assert_eq!(found.unjudged, 1, "{statement}");
    }
}

#[test]
fn what_holds_for_every_value_of_a_placeholder_is_said() {
    for (statements, expected) in [
        (
            &[
                r#"{"Effect": "Allow", "Action": "glue:BatchCreatePartitions", "Resource": "<ARN>"}"#,
            ][..],
            "never published",
        ),
        (
            &[r#"{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "<ARN>"}"#],
            "needs no permission",
        ),
        (
            &[
                r#"{"Effect": "Allow", "Action": "ec2:* ", "Resource": "arn:aws:ec2:<region>:*:instance/*"}"#,
            ],
            "`ec2:* ` ends with a blank",
        ),
        // The same placeholder is the same value.
        (
            &[
                r#"{"Sid": "One", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:<region>:<id>:q"}"#,
                r#"{"Sid": "Two", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:<region>:<id>:q"}"#,
            ],
            "Allow `One` does the same",
        ),
    ] {
        let found = of_statements(statements);
        let inert: Vec<_> =
            found.findings.iter().filter(|found| found.code == Code::InertStatement).collect();
        assert_eq!(inert.len(), 1, "{statements:?}: {:?}", found.findings);
        assert!(inert[0].message.contains(expected), "{}", inert[0].message);
    }
}

/// A Deny that leaves out what a placeholder stands for may leave out what the other statement allows.
#[test]
fn nothing_rests_on_what_a_placeholder_is_not() {
    let found = of_statements(&[
        r#"{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Sid": "D", "Effect": "Deny", "Action": "s3:*", "NotResource": "<ARN>"}"#,
    ]);
    assert_eq!(codes(&found.findings), [], "{:?}", found.findings);
}

#[test]
fn policy_variables_are_no_placeholders() {
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}"#,
        r#"{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "arn:aws:iam::user/${aws:username}"}"#,
    ]);
    assert_eq!(found.unjudged, 0);
    let [only] = &found.findings[..] else { panic!("{:?}", found.findings) };
    assert!(only.message.ends_with("the account field is missing"), "{}", only.message);
}

#[test]
fn an_arn_without_its_account_is_of_nobody() {
    let statement = |action: &str, resources: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": {resources}}}"#)
    };
    for (action, resources, is_found) in [
        ("iam:PassRole", r#""arn:aws:iam::role/app""#, true),
        (
            "dynamodb:GetItem",
            r#"["arn:aws:dynamodb:us-east-1:table/t1", "arn:aws:dynamodb:eu-west-1:table/t2"]"#,
            true,
        ),
        (
            "dynamodb:GetItem",
            r#"["arn:aws:dynamodb:us-east-1:table/t1", "arn:aws:dynamodb:*:*:table/t2"]"#,
            false,
        ),
        ("iam:GetPolicy", r#""arn:aws:iam::aws""#, false),
        ("iam:GetUser", r#""arn:aws:iam::123456789012""#, false),
        ("dynamodb:GetItem", r#""arn:aws:dynamodb:us-east-1:*""#, false),
    ] {
        let found = of_statements(&[&statement(action, resources)]);
        assert_eq!(found.findings.len(), usize::from(is_found), "{resources} {:?}", found.findings);
        let says = |finding: &Finding| finding.message.contains("the account field is missing");
        assert!(found.findings.iter().all(says), "{:?}", found.findings);
    }
}

#[test]
fn an_account_that_examples_share_is_nobodys_own() {
    for statement in [
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "kms:Decrypt", "Resource": "*"}"#,
    ] {
        let found = of_statements(&[statement]);
        assert_eq!(found.findings, [], "{statement}");
    }
    // Here the page says whose the queue is.
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    ]);
    assert!(found.findings[0].message.contains("the account that owns the resource"));
}

#[test]
fn stack_policies_are_no_iam_policies() {
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}"#,
        r#"{"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Db"}"#,
    ]);
    assert_eq!(codes(&found.findings), [Code::NotJudged]);
    assert_eq!(found.unjudged, 2);
}
