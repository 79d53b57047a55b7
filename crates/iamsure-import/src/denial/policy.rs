//! The policies of a denial, in their layers and levels.

use iamsure_core::language::{Arn, PolicyType};

use super::super::captured::{Captured, CapturedPolicy, Documents};
use super::super::field::{Field, ImportError};
use super::super::{Policies, Test};
use super::check::Checks;
use super::is_role_taken;

/// A policy that was evaluated.
pub(super) struct Policy {
    pub(super) uri: String,
    pub(super) layer: PolicyType,
    pub(super) attached_to: Vec<String>,
    /// It is made by a service from something else, such as a KMS grant.
    pub(super) made_of: Option<String>,
}

impl Policy {
    pub(super) fn read(field: Field<'_>) -> Result<Self, ImportError> {
        let kind = field.required("type")?;
        let layer = layer_of_policy(kind)
            .ok_or_else(|| field.error(format!("`{kind}` is not a known policy type")))?;
        let attached = field.list("attachedTo")?;
        let source = field.get("policySource");
        let grant =
            source.and_then(|source| source.text("typeName").or_else(|| source.text("type")));
        Ok(Self {
            uri: field.required("uri")?.to_owned(),
            layer,
            attached_to: attached
                .into_iter()
                .filter_map(|item| item.text("arn").map(str::to_owned))
                .collect(),
            made_of: grant
                .filter(|name| name.to_ascii_lowercase().contains("grant"))
                .map(str::to_owned),
        })
    }
}

fn layer_of_policy(kind: &str) -> Option<PolicyType> {
    Some(match kind {
        "IDENTITY_BASED_POLICY" => PolicyType::Identity,
        "RESOURCE_BASED_POLICY" => PolicyType::Resource,
        "PERMISSIONS_BOUNDARY" => PolicyType::Boundary,
        "SESSION_POLICY" => PolicyType::Session,
        "SERVICE_CONTROL_POLICY" => PolicyType::Scp,
        "RESOURCE_CONTROL_POLICY" => PolicyType::Rcp,
        "VPC_ENDPOINT_POLICY" => PolicyType::Endpoint,
        _ => return None,
    })
}

/// The policies of an evaluation, in their layers.
pub(super) fn layers(policies: &[Policy], checks: &Checks, documents: &Documents, test: &mut Test) {
    let is_role_taken = is_role_taken(&test.action);
    let mut captured = Captured::default();
    let mut missing = Vec::new();
    let of_this = |policy: &&Policy| {
        policy.layer != PolicyType::Resource
            || policy.attached_to.is_empty()
            || policy.attached_to.iter().any(|arn| covers(arn, test.resource.as_deref()))
    };
    let mut incomplete = checks
        .0
        .is_empty()
        .then(|| "AWS reports the checks only to the caller's account and organization".to_owned());
    for policy in policies.iter().filter(of_this) {
        if let Some(name) = &policy.made_of {
            incomplete = Some(format!(
                "`{}` is derived from a {name}, which no policy document contains",
                policy.uri
            ));
            continue;
        }
        let Some(text) = documents.get(&policy.uri) else {
            missing.push(policy.uri.clone());
            continue;
        };
        let layer = if policy.layer == PolicyType::Resource && is_role_taken {
            PolicyType::Trust
        } else {
            policy.layer
        };
        let levels = match layer {
            PolicyType::Scp | PolicyType::Rcp => levels(policy, policies, checks),
            _ => vec![0],
        };
        for level in levels {
            captured.policies.push(CapturedPolicy {
                layer,
                level,
                name: policy.uri.clone(),
                text: text.to_owned(),
            });
        }
    }
    for layer in [PolicyType::Scp, PolicyType::Rcp] {
        let named = checks.0.iter().filter(|check| check.layer == layer).count();
        let mut found: Vec<usize> = captured
            .policies
            .iter()
            .filter(|policy| policy.layer == layer)
            .map(|policy| policy.level)
            .collect();
        found.sort_unstable();
        found.dedup();
        if missing.is_empty() && found.len() < named {
            incomplete = Some(format!(
                "AWS names {named} levels of {} policies but lists policies of {}",
                layer.name(),
                found.len()
            ));
        }
        // A level without a policy would deny everything.
        for policy in captured.policies.iter_mut().filter(|policy| policy.layer == layer) {
            policy.level =
                found.iter().position(|level| *level == policy.level).unwrap_or_default();
        }
    }
    if let Some(layer) = captured.crowded() {
        test.todo.push(format!(
            "AWS evaluated several policies as {}, but iamsure takes one",
            layer.aws_name()
        ));
    }
    if missing.is_empty() && !captured.policies.is_empty() {
        if let Some(why) = &incomplete {
            test.remarks.push(format!("there may be more policies than these: {why}"));
        }
        captured.incomplete = incomplete;
        test.policies = Policies::Captured(captured);
    } else {
        let named = missing.join(", ");
        test.policies = Policies::NotTold(if missing.is_empty() {
            "the policies that were evaluated: AWS lists none".to_owned()
        } else {
            format!("the policies that were evaluated, with --policy URI=FILE: {named}")
        });
    }
}

/// Whether a resource-based policy that is attached to `arn` is about `resource`: the same, or an object
/// of the bucket.
fn covers(arn: &str, resource: Option<&str>) -> bool {
    resource.is_none_or(|resource| {
        resource.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The levels that a policy is attached at: those of the checks, which AWS lists from the root to the
/// account; or by the kind of what it is attached to. Every level must allow, so that their order changes
/// no decision.
fn levels(policy: &Policy, policies: &[Policy], checks: &Checks) -> Vec<usize> {
    let mut targets: Vec<&str> = checks
        .0
        .iter()
        .filter(|check| check.layer == policy.layer)
        .filter_map(|check| check.target.as_deref())
        .collect();
    if targets.is_empty() {
        targets = policies
            .iter()
            .filter(|other| other.layer == policy.layer)
            .flat_map(|other| other.attached_to.iter().map(String::as_str))
            .collect();
        targets.sort_by_key(|arn| {
            let kind =
                Arn::split(arn).and_then(|arn| arn.resource.split('/').next()).unwrap_or_default();
            ["root", "ou", "account"].iter().position(|known| *known == kind)
        });
    }
    let mut seen: Vec<&str> = Vec::new();
    targets.retain(|target| {
        let is_new = !seen.contains(target);
        seen.push(target);
        is_new
    });
    let found: Vec<usize> = policy
        .attached_to
        .iter()
        .filter_map(|arn| targets.iter().position(|target| target == arn))
        .collect();
    if found.is_empty() { vec![0] } else { found }
}
