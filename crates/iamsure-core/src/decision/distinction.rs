//! What the rules of combination ask of an action and of a resource, beside which statements match.
//!
//! Whoever decides many requests at once needs to know which actions and which resources the rules
//! of 7.2 to 7.8 tell apart. Here they are as patterns, next to the code that asks:
//! [`applicable`](super::applicable), [`exemption`](super::exemption), `service_rule` and
//! [`evaluate`](mod@super::evaluate). Two actions that the same lists name, and two resources likewise, are
//! treated alike by every rule that does not read a policy.

use super::applicable::{RCP_SERVICES, TRUST_ACTIONS};
use super::exemption::{EXEMPTIONS, UNSIGNED};
use super::service_rule::{OWNED_READS, RESCUES};
use crate::language::action::ActionName;
use crate::world::policy_set::PolicySet;
use crate::world::principal::Principal;
use crate::world::request::Request;
use crate::world::switch::{Switch, Switches};

/// The lists of [`of_actions`] that depend on no policy and no request. Those come first.
pub fn of_all_actions() -> Vec<Vec<String>> {
    vec![
        EXEMPTIONS.iter().map(|exemption| exemption.action.to_owned()).collect(),
        owned(&TRUST_ACTIONS),
        owned(&["sts:AssumeRole"]),
        owned(&["sts:AssumeRoot"]),
        owned(&["kms:*"]),
        owned(&["iam:*"]),
        OWNED_READS.iter().map(|verb| format!("iam:{verb}*")).collect(),
    ]
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Lists of action patterns: each list tells the actions it names from all others.
///
/// `request` stands for all requests that are asked about: only its action and its resource are free.
pub fn of_actions(policies: &PolicySet, request: &Request) -> Vec<Vec<String>> {
    let mut lists = of_all_actions();
    if !policies.rcp.is_empty() {
        lists.push(RCP_SERVICES.iter().map(|service| format!("{service}:*")).collect());
        lists.push(owned(&["kms:RetireGrant"]));
    }
    if policies.resource.is_some() {
        lists.push(owned(&["execute-api:*"]));
        if matches!(request.requester.principal, Principal::Root { .. }) {
            lists.push(owned(&RESCUES));
        }
    }
    if matches!(request.requester.principal, Principal::FederatedCaller { .. }) {
        lists.extend(UNSIGNED.map(|exchange| owned(&[exchange])));
    }
    let bucket = &request.bucket;
    if bucket.request_makes_public || bucket.restrict_public_buckets {
        lists.push(owned(&["s3:*"]));
        lists.push(owned(&["s3:*policy*"]));
        lists.push(owned(&["s3:*put*"]));
    }
    lists
}

/// The lists of [`of_resources`] that depend on the action alone: of KMS, of IAM, and of the actions that trust
/// policies are about.
pub fn of_all_resources() -> [Vec<String>; 3] {
    [
        owned(&["arn:*:kms:*:*:key/*"]),
        owned(&["arn:*:iam:*:aws:policy/*", "arn:*:iam:*:*:role/aws-reserved/*"]),
        // Sessions, which have no trust policy.
        owned(&["arn:*:sts:*:*:*"]),
    ]
}

/// Lists of resource patterns, as [`of_actions`], for requests of `action`: ARN patterns in which `*`
/// stays within its field, up to the fifth colon.
pub fn of_resources(
    action: &ActionName,
    request: &Request,
    switches: &Switches,
) -> Vec<Vec<String>> {
    let mut lists: Vec<Vec<String>> = Vec::new();
    let principal = &request.requester.principal;
    let is_of = |service: &str| action.prefix().eq_ignore_ascii_case(service);
    let is_of_trust = TRUST_ACTIONS.iter().any(|name| action.is(name));
    let asked = [is_of("kms"), is_of("iam"), is_of_trust];
    if asked.contains(&true) {
        lists.extend(
            of_all_resources()
                .into_iter()
                .zip(asked)
                .filter(|(_, asked)| *asked)
                .map(|(list, _)| list),
        );
    }
    if request.resource_account.is_none()
        && let Some(account) = principal.account()
    {
        lists.push(vec![format!("arn:*:*:*:{account}:*")]);
        // An account is twelve digits; anything else there leaves the requester's own.
        lists.push(vec![format!("arn:*:*:*:{}:*", "#".repeat(12))]);
    }
    if switches.is_alternative(Switch::Q22)
        && action.is("sts:AssumeRole")
        && let Some(name) = principal.role_name()
    {
        lists.push(vec![format!("arn:*:*:*:*:*/{name}")]);
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::applicable::mechanism;
    use crate::language::pattern::{Case, Pattern};
    use crate::world::Context;

    /// Whether `of_resources` tells the two resources apart for requests of `action`.
    fn told_apart(action: &str, one: &str, two: &str) -> bool {
        let action = ActionName::parse(action).unwrap();
        let root = Principal::Root { account: "111122223333".to_owned() };
        let mut request = Request::new(root, action.clone(), "*", Context::closed());
        request.resource_account = Some("111122223333".to_owned());
        let names = |list: &Vec<String>, text: &str| {
            list.iter().any(|pattern| Pattern::glob(pattern, Case::Sensitive).matches(text))
        };
        of_resources(&action, &request, &Switches::default())
            .iter()
            .any(|list| names(list, one) != names(list, two))
    }

    #[test]
    fn resources_with_another_mechanism_are_told_apart() {
        let resources = [
            "arn:aws:sts::111122223333:assumed-role/r/s",
            "arn:aws:iam::111122223333:role/r",
            "arn:aws:kms:us-east-1:111122223333:key/k",
            "arn:aws:kms:us-east-1:111122223333:alias/a",
            "arn:aws:s3:::b",
        ];
        let mut differ = 0;
        for action in ["sts:SetContext", "sts:AssumeRole", "kms:Decrypt", "s3:GetObject"] {
            let of = |resource: &str| {
                let name = ActionName::parse(action).unwrap();
                mechanism(&Request::new(Principal::Anonymous, name, resource, Context::closed()))
            };
            for one in resources {
                for two in resources {
                    if of(one) != of(two) {
                        differ += 1;
                        assert!(told_apart(action, one, two), "{action}: {one} and {two}");
                    }
                }
            }
        }
        assert!(differ > 0);
    }
}
