//! Claims about the thing that a resource-based policy is attached to, whatever its statements cover.

use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionPattern, Arn, ConditionKey, PolicyDocument};
use iamsure_truth::claim::{Target, Test};

use super::entry::ReviewCode;
use super::guardrail::POLICY_CHANGES;
use super::{Asked, say};

/// The claims about everything that a policy of a resource is attached to.
pub(super) fn of(document: &PolicyDocument, asked: &mut Asked<'_>) {
    let has_deny = document.statements.iter().any(|statement| *statement.effect == Effect::Deny);
    for target in targets(document) {
        let of_s3 = target.actions.iter().any(|action| action.as_str() == "s3:*");
        let mut over_http = vec![say::is("aws:SecureTransport", "false")];
        // The root user of a bucket's owner can always change its policy (E-34).
        over_http.extend(of_s3.then(not_root));
        if !is_over_https_only(&target) {
            let body = say::never_allow(target.clone(), over_http);
            asked.put(ReviewCode::InsecureTransport, None, &body);
        }
        let own = say::any(vec![
            say::is("aws:PrincipalAccount", asked.account),
            say::not(say::absent(&ConditionKey::from("aws:PrincipalOrgID"))),
            say::is("aws:PrincipalIsAWSService", "true"),
        ]);
        let others = own.map(say::not).into_iter().collect();
        asked.put(ReviewCode::CrossAccount, None, &say::never_allow(target.clone(), others));
        let of_target = |change: &&str| {
            target.actions.iter().any(|action| action.parts().map(|(of, _)| of) == prefix(change))
        };
        let change = POLICY_CHANGES.into_iter().find(|change| of_target(change));
        // What is asked of calls from outside a network says more.
        if let Some(change) = change.filter(|_| has_deny && !asked.has(ReviewCode::PolicyLockedOut))
        {
            let when = of_s3.then(not_root).into_iter().collect();
            let mut changed = say::actions([change]);
            // The first of the resources is the bucket.
            changed.resources = target.resources.into_iter().take(1).collect();
            let body = say::some_allow(changed, when);
            asked.put(ReviewCode::PolicyLockedOut, None, &body);
        }
    }
}

/// Services with policies of resources and without endpoints over plain HTTP.
///
/// AWS pages: General Reference, endpoints and quotas of each service (column Protocol); the same is in the
/// `endpoints.json` of botocore 1.43. SNS, SQS, S3 and `DynamoDB` answer over HTTP there; file systems of EFS are mounted
/// with and without TLS.
const OVER_HTTPS_ONLY: [&str; 8] =
    ["backup", "codeartifact", "ecr", "events", "glue", "kms", "lambda", "secretsmanager"];

/// Whether no request of the target can go over plain HTTP.
fn is_over_https_only(target: &Target) -> bool {
    let service = |action: &ActionPattern| Some(action.parts()?.0.to_ascii_lowercase());
    !target.actions.is_empty()
        && target.actions.iter().all(|action| {
            service(action).is_some_and(|service| OVER_HTTPS_ONLY.contains(&service.as_str()))
        })
}

fn prefix(action: &str) -> Option<&str> {
    action.split_once(':').map(|(prefix, _)| prefix)
}

fn not_root() -> iamsure_truth::claim::Condition {
    let root = Test::Like(vec!["arn:aws:iam::*:root".to_owned()]);
    say::not(say::key(&ConditionKey::from("aws:PrincipalArn"), None, root))
}

/// Everything that the policy is about, by service: all its actions, on what the Resource elements name. Of a bucket
/// that is the bucket and its objects, whichever of them a statement names. Of a service whose resources no
/// statement names it is every resource.
fn targets(document: &PolicyDocument) -> Vec<Target> {
    let mut found: Vec<(String, Option<Vec<String>>)> = Vec::new();
    for statement in &document.statements {
        let mut add = |service: &str, resources: Option<Vec<String>>| match found
            .iter_mut()
            .find(|(known, _)| known == service)
        {
            None => found.push((service.to_owned(), resources)),
            Some((_, Some(known))) if resources.is_some() => {
                for resource in resources.into_iter().flatten() {
                    if !known.contains(&resource) {
                        known.push(resource);
                    }
                }
            }
            Some((_, known)) => *known = None,
        };
        let entries = statement.resource.iter().filter(|element| element.sense == Sense::OneOf);
        let named = entries.flat_map(|element| &element.entries);
        let mut of_arns = named.filter_map(|entry| things(entry.as_str())).peekable();
        if of_arns.peek().is_some() {
            of_arns.for_each(|(service, resources)| add(&service, Some(resources)));
        } else {
            let actions = statement.action.iter().flat_map(|element| &element.entries);
            let services = actions.filter_map(|action| action.parts().map(|(of, _)| of));
            for service in services.filter(|service| !service.contains(['*', '?'])) {
                add(&service.to_ascii_lowercase(), None);
            }
        }
    }
    if found.is_empty() {
        return vec![Target::default()];
    }
    let target = |(service, resources): (String, Option<Vec<String>>)| {
        let mut target = say::actions([format!("{service}:*").as_str()]);
        target.resources = resources.unwrap_or_default();
        target
    };
    found.into_iter().map(target).collect()
}

/// The service of an ARN and what the ARN is part of.
fn things(text: &str) -> Option<(String, Vec<String>)> {
    let arn = Arn::split(text)?;
    if arn.service.is_empty() || arn.service.contains(['*', '?', '$']) {
        return None;
    }
    let service = arn.service.to_ascii_lowercase();
    // Buckets have neither region nor account in their ARN; access points have.
    if service == "s3" && arn.account.is_empty() {
        let bucket = text.split_once('/').map_or(text, |(bucket, _)| bucket);
        return Some((service, vec![bucket.to_owned(), format!("{bucket}/*")]));
    }
    Some((service, vec![text.to_owned()]))
}
