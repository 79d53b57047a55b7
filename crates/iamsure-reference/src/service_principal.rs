//! Names of service principals. AWS publishes no list of them; a page of each service has its own.

use crate::service::service;

/// What the name of a service principal ends in, by partition.
///
/// AWS page: IAM User Guide, `reference_policies_elements_principal` (service principals), and the endpoints of
/// the partitions.
const SUFFIXES: [&str; 5] =
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".c2s.ic.gov", ".sc2s.sgov.gov"];

/// Names, without what they end in, of which no part is the prefix of the service's actions. Each is in the
/// user guide of its service.
const NAMED: &[&str] = &[
    "alexa-appkit",
    "assets.bedrock-agentcore",
    "billingconsole",
    "bedrock-agentcore",
    "channels.lex",
    "cloudwatch-crossaccount",
    "config-conforms",
    "config-multiaccountsetup",
    "continuousexport.discovery",
    "costalerts",
    "ec2fleet",
    "edgelambda",
    "lexv2",
    "logger.cloudfront",
    "opensearchservice",
    "s3-outposts",
    "spot",
    "spotfleet",
    "storage-lens.s3",
    "transitgateway",
    "vpc-flow-logs",
];

/// Whether `name` is that of a service principal, as far as is known: some part of it is a service prefix that AWS
/// publishes, as in `delivery.logs.amazonaws.com`, or a user guide names it.
pub fn is_service_principal(name: &str) -> bool {
    let stem = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix));
    stem.is_some_and(|stem| {
        NAMED.contains(&stem) || stem.split('.').any(|part| service(part).is_known())
    })
}
