//! Claims about the thing that a resource-based policy is attached to, whatever its statements cover.

use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionPattern, Arn, ConditionKey, PolicyDocument, PolicyType};
use iamsure_core::world::PolicySet;
use iamsure_reference::takes_plain_http;
use iamsure_truth::claim::{Target, Test};

use super::entry::ReviewCode;
use super::guardrail::POLICY_CHANGES;
use super::{Asked, say};

/// The claims about everything that a policy of a resource is attached to.
pub(super) fn of(document: &PolicyDocument, asked: &mut Asked<'_>) {
    let has_deny = document.statements.iter().any(|statement| *statement.effect == Effect::Deny);
    for target in targets(document) {
        let of_s3 = target.actions.iter().any(|action| action.as_str() == "s3:*");
        let mut own = vec![
            say::is("aws:PrincipalAccount", asked.account),
            say::not(say::absent(&ConditionKey::from("aws:PrincipalOrgID"))),
            say::is("aws:PrincipalIsAWSService", "true"),
        ];
        // The account of the caller, under the name that KMS has for it.
        if keys(document).any(|key| key.folded() == CALLER_OF_KMS) {
            own.push(say::is("kms:CallerAccount", asked.account));
        }
        let others = say::any(own).map(say::not).into_iter().collect();
        asked.put(ReviewCode::CrossAccount, None, &say::never_allow(target.clone(), others));
        let services = target.actions.iter().filter_map(|action| action.parts());
        if services.map(|(of, _)| of).all(takes_plain_http) {
            let mut over_http = vec![say::is("aws:SecureTransport", "false")];
            // The root user of a bucket's owner can always change its policy (E-34).
            over_http.extend(of_s3.then(not_root));
            let body = say::never_allow(target.clone(), over_http);
            asked.put(ReviewCode::InsecureTransport, None, &body);
        }
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

/// The actions of the services whose resources a resource-based policy is about; empty if it names none.
fn actions_about(document: &PolicyDocument) -> Vec<ActionPattern> {
    targets(document).into_iter().flat_map(|target| target.actions).collect()
}

/// The actions of the services whose resources a resource-based policy is about, if there is no other policy: what is
/// decided about other resources is not the policy's. `None` if it does not tell.
pub fn actions_of_resource_alone(policies: &PolicySet) -> Option<Vec<ActionPattern>> {
    let document = policies.resource.as_ref()?;
    let is_alone = policies.policies().all(|(kind, ..)| kind == PolicyType::Resource);
    Some(actions_about(document)).filter(|actions| is_alone && !actions.is_empty())
}

/// What the policy of a key is about, where it names `*`: the key.
const EVERY_KEY: &str = "arn:*:kms:*:*:key/*";

/// AWS page: KMS Developer Guide, `conditions-kms` (`kms:CallerAccount`).
const CALLER_OF_KMS: &str = "kms:calleraccount";

/// The keys of the conditions.
fn keys(document: &PolicyDocument) -> impl Iterator<Item = &ConditionKey> {
    let clauses = document.statements.iter().flat_map(|statement| &statement.condition.clauses);
    clauses.map(|clause| &clause.key.value)
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
        let named: Vec<_> = entries.flat_map(|element| &element.entries).collect();
        let mut of_arns = named.iter().filter_map(|entry| things(entry.as_str())).peekable();
        // What a symbol stands for is of the services of the actions.
        let symbols = named.iter().filter(|entry| entry.is_placeholder());
        let symbols: Vec<String> = symbols.map(|entry| entry.as_str().to_owned()).collect();
        let tells = of_arns.peek().is_some();
        of_arns.for_each(|(service, resources)| add(&service, Some(resources)));
        if !tells || !symbols.is_empty() {
            let actions = statement.action.iter().flat_map(|element| &element.entries);
            let services = actions.filter_map(|action| action.parts().map(|(of, _)| of));
            for service in services.filter(|service| !service.contains(['*', '?'])) {
                let resources = (!symbols.is_empty()).then(|| symbols.clone());
                add(&service.to_ascii_lowercase(), resources);
            }
        }
    }
    if found.is_empty() {
        return vec![Target::default()];
    }
    let target = |(service, resources): (String, Option<Vec<String>>)| {
        let mut target = say::actions([format!("{service}:*").as_str()]);
        // What is about no key is decided without its policy (E-33).
        let keys = || (service == "kms").then(|| EVERY_KEY.to_owned()).into_iter().collect();
        target.resources = resources.unwrap_or_else(keys);
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
