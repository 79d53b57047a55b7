//! AWS's own words for a denial.
//!
//! AWS page: IAM User Guide, `troubleshoot_access-denied`.

use super::Decision;
use super::precedence::{Answerable, Verdict};
use crate::language::document::PolicyType;
use crate::world::request::Request;

/// The sentence AWS returns for a denied request; `None` if it is not denied.
///
/// The reason is the one AWS gives inside one organization; across organizations, and in services
/// that do not support it, AWS leaves it out.
pub fn denial(request: &Request, decision: &Decision) -> Option<String> {
    let reason = reason(request, decision)?;
    let frame = format!(
        "User: {} is not authorized to perform: {} on resource: {}",
        request.requester.principal.display_arn(),
        request.action,
        request.resource
    );
    Some(format!("{frame} {reason}"))
}

/// The reason part alone.
pub fn reason(request: &Request, decision: &Decision) -> Option<String> {
    // Only layers deny: root, cross-account grants and exempt operations do not.
    let Answerable::Layer(layer) = decision.by else { return None };
    let name = layer.aws_name();
    match decision.verdict {
        Verdict::Allowed | Verdict::Exempt => None,
        Verdict::ImplicitlyDenied => {
            Some(format!("because no {name} allows the {} action", request.action))
        }
        Verdict::ExplicitlyDenied => {
            let article = match layer {
                PolicyType::Identity => "an",
                PolicyType::Trust => "the",
                PolicyType::Boundary
                | PolicyType::Session
                | PolicyType::Resource
                | PolicyType::Endpoint
                | PolicyType::Scp
                | PolicyType::Rcp => "a",
            };
            Some(format!("with an explicit deny in {article} {name}"))
        }
    }
}
