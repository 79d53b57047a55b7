//! Types of resources that have to do with policies.

use iamsure_core::language::PolicyType;

use crate::principal::Principal;

/// Types that are principals, and the property that names them.
pub(super) const PRINCIPALS: [(&str, Principal, &str); 3] = [
    ("AWS::IAM::Role", Principal::Role, "RoleName"),
    ("AWS::IAM::User", Principal::User, "UserName"),
    ("AWS::IAM::Group", Principal::Group, "GroupName"),
];

/// The property that holds the policy document, by type.
pub(super) const DOCUMENTS: [(&str, &str, PolicyType); 11] = [
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", PolicyType::Identity),
    ("AWS::IAM::Policy", "PolicyDocument", PolicyType::Identity),
    ("AWS::IAM::RolePolicy", "PolicyDocument", PolicyType::Identity),
    ("AWS::IAM::UserPolicy", "PolicyDocument", PolicyType::Identity),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", PolicyType::Identity),
    ("AWS::S3::BucketPolicy", "PolicyDocument", PolicyType::Resource),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", PolicyType::Resource),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", PolicyType::Resource),
    ("AWS::KMS::Key", "KeyPolicy", PolicyType::Resource),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", PolicyType::Resource),
    ("AWS::EC2::VPCEndpoint", "PolicyDocument", PolicyType::Endpoint),
];

/// Types that grant access to others without a policy document.
pub(super) const GRANTS: [&str; 4] = [
    "AWS::Events::EventBusPolicy",
    "AWS::Lambda::LayerVersionPermission",
    "AWS::Lambda::Permission",
    "AWS::Serverless::Connector",
];

/// Whether a type stands for resources that are described elsewhere.
pub(super) fn is_elsewhere(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::CloudFormation::Stack"
            | "AWS::CloudFormation::StackSet"
            | "AWS::Serverless::Application"
    ) || kind.ends_with("::MODULE")
}

/// Types of SAM, whose policies are documents, names and templates in one list.
pub(super) fn is_sam(kind: &str) -> bool {
    matches!(kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine")
}
