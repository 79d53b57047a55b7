//! Policies of a known size and one request about each, whose answer is known.

use iamsure_core::decision::Verdict;

/// The Deny of everything that does not come through an AWS-managed MCP server.
pub const GUARDRAIL: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "DenyDirectAPIAccess",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } }
  }
}"#;

/// A policy, and what it decides about a user's `s3:GetObject` of
/// `arn:aws:s3:::bucket-0/alice/key`, where `aws:username` is `alice` and no other key is there.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// What to call it.
    pub name: &'static str,
    /// The JSON text of an identity-based policy.
    pub text: String,
    /// How many statements it has.
    pub statements: usize,
    /// The answer.
    pub verdict: Verdict,
}

/// Every specimen, the smaller first.
pub fn all() -> Vec<Specimen> {
    let sized = |name, statements| Specimen {
        name,
        text: with_statements(statements),
        statements,
        verdict: Verdict::Allowed,
    };
    vec![
        sized("statements-1", 1),
        sized("statements-10", 10),
        sized("statements-1000", 1000),
        Specimen {
            name: "guardrail",
            text: GUARDRAIL.to_owned(),
            statements: 1,
            verdict: Verdict::ExplicitlyDenied,
        },
    ]
}

/// Statements that differ in their bucket; only the first is about `bucket-0`.
fn with_statements(count: usize) -> String {
    let statements: Vec<_> = (0..count)
        .map(|number| {
            format!(
                r#"    {{
      "Sid": "Read{number}",
      "Effect": "Allow",
      "Action": ["s3:Get*", "s3:ListBucket"],
      "Resource": ["arn:aws:s3:::bucket-{number}", "arn:aws:s3:::bucket-{number}/${{aws:username}}/*"],
      "Condition": {{ "StringNotEqualsIfExists": {{ "aws:PrincipalTag/team": ["red", "green"] }} }}
    }}"#
            )
        })
        .collect();
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}\n",
        statements.join(",\n")
    )
}
