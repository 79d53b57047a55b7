//! Endpoints of services: which take requests over plain HTTP, and which are in one region.

/// The services with an endpoint that takes plain HTTP, by the prefix of their actions; all others take HTTPS only.
/// AWS General Reference, "Protocol" of the endpoints of each service (`sns.html`: HTTP and HTTPS, `lambda-service.html`:
/// HTTPS), and `protocols` in the endpoints.json of botocore 1.44.8, in any partition.
const PLAIN_HTTP: [&str; 14] = [
    "application-autoscaling",
    "autoscaling",
    "autoscaling-plans",
    "cloudfront",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "eks",
    "elasticloadbalancing",
    "glacier",
    "s3",
    "sdb",
    "sns",
    "sqs",
];

/// The region of the endpoint of the global services.
pub const GLOBAL_REGION: &str = "us-east-1";

/// The global services: those whose one endpoint is in us-east-1, so that `aws:RequestedRegion` is `us-east-1` wherever
/// their callers are (IAM User Guide, aws:RequestedRegion). By the endpoints.json of botocore 1.44.8, partition `aws`:
/// `aws-global` with the credential scope us-east-1 and not regionalized, or an endpoint in us-east-1 alone.
pub const GLOBAL_SERVICES: [&str; 19] = [
    "account",
    "billingconductor",
    "budgets",
    "ce",
    "cloudfront",
    "cost-optimization-hub",
    "cur",
    "health",
    "iam",
    "importexport",
    "notifications-contacts",
    "organizations",
    "route53",
    "route53domains",
    "savingsplans",
    "shield",
    "support",
    "tax",
    "waf",
];

/// Whether a service, by the prefix of its actions, has an endpoint that takes plain HTTP.
pub fn takes_plain_http(prefix: &str) -> bool {
    PLAIN_HTTP.iter().any(|known| known.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service;

    #[test]
    fn each_is_a_published_service() {
        for prefix in PLAIN_HTTP.into_iter().chain(GLOBAL_SERVICES) {
            assert!(service(prefix).known().is_some(), "{prefix}");
        }
        assert!(takes_plain_http("SNS") && !takes_plain_http("lambda") && !takes_plain_http("kms"));
    }
}
