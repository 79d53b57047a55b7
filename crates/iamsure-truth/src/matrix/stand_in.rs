//! A policy in the place of one that must exist and was not given.

use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request};

/// The policies with a trust or key policy that leaves the decision to the account; `None` if one
/// was given, or none is needed.
pub(super) fn delegating(policies: &PolicySet, request: &Request) -> Option<PolicySet> {
    // Across accounts it is the caller's account that the policy must leave it to.
    let account = request.requester.principal.account()?;
    let (kind, given, elements) = match mechanism(request) {
        Mechanism::Ordinary => return None,
        Mechanism::Trust => (PolicyType::Trust, policies.trust.is_some(), r#""Action": "sts:*""#),
        Mechanism::Key => (
            PolicyType::Resource,
            policies.resource.is_some(),
            r#""Action": "kms:*", "Resource": "*""#,
        ),
    };
    if given {
        return None;
    }
    let text = format!(
        r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Principal": {{ "AWS": "{account}" }}, {elements} }} }}"#
    );
    let document =
        PolicyDocument::read(&Source::new("(not given)", text), kind, Profile::Lenient).ok()?;
    let mut policies = policies.clone();
    match kind {
        PolicyType::Trust => policies.trust = Some(document),
        _ => policies.resource = Some(document),
    }
    Some(policies)
}
