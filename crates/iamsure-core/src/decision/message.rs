//! AWS's own words for a denial.
//!
//! AWS page: IAM User Guide, `troubleshoot_access-denied`.

use super::Decision;
use super::precedence::{Answerable, Verdict};
use super::public_access::refused_as_public;
use super::service_rule::refusal;
use crate::language::document::PolicyType;
use crate::world::request::Request;

/// The sentence AWS returns for a denied request; `None` if it is not denied.
///
/// The reason is the one AWS gives inside one organization; across organizations, and in services
/// that do not support it, AWS leaves it out.
pub fn denial(request: &Request, decision: &Decision) -> Option<String> {
    let reason = reason(request, decision)?;
    let parts = [
        "User: ",
        &request.requester.principal.shown_arn(),
        " is not authorized to perform: ",
        request.action.as_str(),
        " on resource: ",
        &request.resource,
        " ",
        &reason,
    ];
    Some(parts.concat())
}

/// The reason part alone.
pub fn reason(request: &Request, decision: &Decision) -> Option<String> {
    // Only layers deny: root, cross-account grants and exempt operations do not.
    let Answerable::Layer(layer) = decision.by else { return None };
    let name = layer.aws_name();
    match decision.verdict {
        Verdict::Allowed | Verdict::Exempt => None,
        // Of what a service refuses for other reasons, AWS's words are not documented.
        Verdict::ImplicitlyDenied if refusal(request).is_some() => {
            refused_as_public(request).map(str::to_owned)
        }
        Verdict::ImplicitlyDenied => {
            Some(["because no ", name, " allows the ", request.action.as_str(), " action"].concat())
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
            Some(["with an explicit deny in ", article, " ", name].concat())
        }
    }
}

/// How EC2 wraps the sentence, with the error code it comes under; `None` for other services.
/// EC2 adds an encoded message that only `sts:DecodeAuthorizationMessage` can read.
pub fn wrapped_by_ec2(request: &Request, sentence: &str) -> Option<String> {
    let is_ec2 = request.action.prefix().eq_ignore_ascii_case("ec2");
    is_ec2.then(|| format!("You are not authorized to perform this operation. {sentence}"))
}
