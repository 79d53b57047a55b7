//! What a service refuses to save as the policy of one of its resources, or stores only up to a limit (T-3, 2.3).
//!
//! IAM's own refusals are the grammar's findings. Each service has its own besides: [`service::SERVICES`] lists those that
//! AWS documents, and [`Code::sources`] where the others were seen. Which service stores a resource-based policy is told from
//! its actions and resources; where they do not tell, nothing is said.

mod bucket;
mod key;
mod limit;
pub mod service;
mod topic;

use iamsure_core::code_table;
use iamsure_core::language::diagnostic::Grade;
use iamsure_core::language::{Label, PolicyDocument, PolicyType, Profile, Span};

use crate::finding::{Finding, FindingCode};
use crate::published;
use service::Stored;

code_table! {
    /// The code of a finding about what a service stores.
    pub enum Code: (&'static str, Grade, &'static [&'static str]);

    ServiceLimit "service-limit" "The policy exceeds a limit of its service."
        ("2.3", Grade::Refused, &["the table below"]);
    ServiceLimitOfAll "service-limit-of-all" "All statements together exceed a limit; AWS does not say whether it applies to one statement or to all."
        ("2.3", Grade::Suspicious, &["https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"]);
    BucketAction "bucket-action" "S3 rejects a bucket policy with an action that applies to no resource of its statement."
        ("T-3", Grade::Refused, &["https://github.com/versity/versitygw/issues/645", "https://github.com/wandb/terraform-aws-wandb/issues/156"]);
    BucketKey "bucket-key" "S3 rejects a bucket policy with an S3 condition key that an action of the statement does not support."
        ("T-3", Grade::Refused, &["https://github.com/humanmade/S3-Uploads/issues/239"]);
    BucketOther "bucket-other" "S3 rejects a bucket policy that names another bucket."
        ("T-3", Grade::Refused, &["https://github.com/versity/versitygw/issues/648"]);
    BucketNoResource "bucket-no-resource" "S3 rejects a bucket policy statement without Resource."
        ("T-3", Grade::Refused, &["https://github.com/awsdocs/aws-systems-manager-user-guide/pull/166"]);
    TopicAction "topic-action" "SNS rejects a topic policy with an action that topic policies do not support."
        ("T-3", Grade::Refused, &["https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html", "https://github.com/hashicorp/terraform/issues/12740"]);
    TopicResource "topic-resource" "SNS rejects a topic policy that names more than its topic."
        ("T-3", Grade::Refused, &["https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"]);
    KeyLockout "key-lockout" "KMS rejects a key policy that no one could change, unless the check is bypassed."
        ("T-3", Grade::Suspicious, &["https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"]);
}

impl Code {
    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        self.row().more.0
    }

    /// What kind of trouble this is.
    pub const fn grade(self) -> Grade {
        self.row().more.1
    }

    /// Where it is documented, or was seen.
    pub const fn sources(self) -> &'static [&'static str] {
        self.row().more.2
    }
}

/// What the service that stores a resource-based policy refuses of it; nothing for other types of policy, or where the document
/// does not tell the service.
pub fn findings(document: &PolicyDocument, profile: Profile) -> Vec<Finding> {
    let mut report = Report { profile, findings: Vec::new() };
    if document.kind != PolicyType::Resource {
        return report.findings;
    }
    let Some(stored) = Stored::of(document) else { return report.findings };
    limit::check(&mut report, document, stored);
    // What is too long is refused for that; how long the rest takes is bounded by the limit.
    if limit::is_too_long(document, stored) {
        return report.findings;
    }
    match stored.service.prefix {
        "s3" => bucket::check(&mut report, document),
        "sns" => topic::check(&mut report, document),
        "kms" => key::check(&mut report, document),
        _ => {}
    }
    report.findings
}

/// Adds what the service refuses to what else was found, and leaves out what is weaker and at the same place.
pub fn add(found: &mut Vec<Finding>, document: &PolicyDocument, profile: Profile) {
    let refused = findings(document, profile);
    found.retain(|weaker| {
        weaker.is_error()
            || !matches!(
                weaker.code,
                FindingCode::Published(
                    published::Code::ResourceTypeMismatch | published::Code::UnsuppliedKey
                )
            )
            || refused.iter().all(|finding| finding.span() != weaker.span())
    });
    found.extend(refused);
}

struct Report {
    profile: Profile,
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.findings.push(Finding {
            code: FindingCode::Saving(code),
            severity: code.grade().severity(self.profile),
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: Some(help.into()),
        });
    }

    /// One more place of the finding that was added last.
    fn also(&mut self, span: Span, text: &str) {
        if let Some(finding) = self.findings.last_mut() {
            finding.labels.push(Label { span, text: text.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests;
