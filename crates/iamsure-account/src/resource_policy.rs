//! Policies of many resources, and which resource each is of.

mod collected;
mod resource;

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::language::document::Sense;
use iamsure_core::language::{Arn, PolicyDocument, PolicyType, Source, Span};
use iamsure_truth::sample::account_of;

use crate::container::{Container, Document, Held, saved};
use crate::intrinsic::Choices;
use crate::read::read;
pub use collected::Collected;
use resource::{decided_by, with_policy};

/// A policy that is attached to a resource.
#[derive(Clone, Debug)]
pub struct ResourcePolicy {
    /// The file, and what is after the `#` where it holds several things.
    pub path: String,
    /// The ARN of the resource, or why it is not known, as a clause about the policy.
    pub resource: Result<String, String>,
    /// The account of the resource, if it is known.
    pub account: Option<String>,
    /// Whether symbols in it stand for values that are known when it is deployed.
    pub(crate) known_later: bool,
    held: Held,
}

/// What else a file is that holds no policy of a resource, in words.
pub type Other = &'static str;

/// The policies of resources that a text holds; what it is, if it holds none. `told` is the ARN of the resource that a file
/// beside it names, and `account` the account whose folder it is in.
///
/// # Errors
/// Why it cannot be used, as a clause about it.
pub fn resource_policies(
    source: &Source,
    told: Option<&str>,
    account: Option<&str>,
) -> Result<Result<Vec<ResourcePolicy>, Other>, String> {
    let path = source.name().to_owned();
    let container = read(source, &Choices::default()).map_err(|error| error.to_string())?;
    let Some(container) = container else {
        if !source.text().contains("Statement") {
            return Ok(Err(NO_POLICY));
        }
        let is_resources = told.is_some() || account.is_some();
        if !is_resources && PolicyDocument::detect(source).0 != PolicyType::Resource {
            return Ok(Err(OF_NO_RESOURCE));
        }
        let held = Held {
            address: "policy".to_owned(),
            kind: Some(PolicyType::Resource),
            place: String::new(),
            document: Document::Inline(Span::new(0, source.text().len())),
            lent: None,
            within: source.clone(),
        };
        return Ok(Ok(vec![ResourcePolicy::of(path, held, told, account)]));
    };
    let found = of_container(&container, told, account).policies;
    Ok(match (found.is_empty(), container.policies().is_empty()) {
        (false, _) => Ok(found),
        (true, true) => Err(NO_POLICY),
        (true, false) => Err(OF_NO_RESOURCE),
    })
}

/// The policies of resources in a container, as [`resource_policies`] finds them.
fn of_container(
    container: &Container,
    told: Option<&str>,
    account: Option<&str>,
) -> ResourcePolicies {
    let is_alone = container.addresses().len() == 1;
    let mut found = Vec::new();
    for holder in container.policies() {
        let Some(held) = holder.policies.first() else { continue };
        let is_resources = match held.kind {
            Some(kind) => kind == PolicyType::Resource,
            None => held
                .source()
                .is_some_and(|text| PolicyDocument::detect(&text).0 == PolicyType::Resource),
        };
        if !is_resources {
            continue;
        }
        let path = held.within.name().to_owned();
        let path = if is_alone { path } else { format!("{path}#{}", holder.address) };
        let told = holder.arn.as_deref().or(told.filter(|_| is_alone));
        let account = account.or(container.account.as_deref());
        let policy = ResourcePolicy::of(path, held.clone(), told, account);
        found.push(ResourcePolicy { known_later: container.has_symbols, ..policy });
    }
    ResourcePolicies { policies: found }
}

/// The ARN of the resource that a `metadata.json` of iam-collect is about.
pub fn told_by(metadata: &str) -> Option<String> {
    let found: serde_json::Value = serde_json::from_str(metadata).ok()?;
    found.get("arn")?.as_str().map(str::to_owned)
}

/// Said of a file without a policy.
const NO_POLICY: Other = "holds no policy";

/// Said of a file whose policies are of another type.
const OF_NO_RESOURCE: Other = "holds no resource-based policy";

impl ResourcePolicy {
    fn of(path: String, held: Held, told: Option<&str>, account: Option<&str>) -> Self {
        let resource = match told {
            Some(arn) => with_policy(arn)
                .ok_or_else(|| format!("its resource is given as `{arn}`, which is not an ARN")),
            None => held.document(PolicyType::Resource).and_then(|document| named_in(&document)),
        };
        let in_arn = resource.as_deref().ok().and_then(account_of);
        let account = in_arn.or(account).map(str::to_owned);
        Self { path, resource, account, known_later: false, held }
    }

    /// Whether it is the policy of a VPC endpoint, which decides about requests that come through it.
    pub fn is_of_endpoint(&self) -> bool {
        self.resource.as_deref().is_ok_and(|arn| arn.contains(":vpc-endpoint/"))
    }

    /// Whether its resource, as far as it is not known, may be one of this service.
    fn may_be_of(&self, service: &str) -> bool {
        let is_service = |name: &str| name.eq_ignore_ascii_case(service) || !is_plain(name);
        match &self.resource {
            Ok(arn) if is_plain(arn) => false,
            Ok(arn) => Arn::split(arn).is_none_or(|arn| is_service(arn.service)),
            // What cannot be read may be anything.
            Err(_) => self.document().map_or(true, |document| {
                let mut actions =
                    document.statements.iter().filter_map(|found| found.action.as_ref());
                actions.any(|element| {
                    element.sense != Sense::OneOf
                        || element
                            .entries
                            .iter()
                            .any(|entry| entry.parts().is_none_or(|(of, _)| is_service(of)))
                })
            }),
        }
    }

    /// What it decides about, as patterns of ARNs; everything, if its resource is not known.
    pub(crate) fn decides_about(&self) -> Vec<String> {
        self.resource.as_deref().map(decided_by).unwrap_or_default()
    }

    /// The document.
    ///
    /// # Errors
    /// Why it cannot be read, in one line.
    pub fn document(&self) -> Result<PolicyDocument, String> {
        match self.held.source() {
            Some(source) => saved(&source, PolicyType::Resource),
            None => Err(self.held.why_missing().unwrap_or_default()),
        }
    }
}

/// Whether a text holds no wildcard and no symbol.
fn is_plain(text: &str) -> bool {
    !text.contains(['*', '?', '<'])
}

/// The resource that a policy is about, by its own Resource elements.
fn named_in(document: &PolicyDocument) -> Result<String, String> {
    let elements = document.statements.iter().filter_map(|found| found.resource.as_ref());
    let entries = elements.flat_map(|element| &element.entries);
    let named: BTreeSet<String> = entries.filter_map(|entry| with_policy(entry.as_str())).collect();
    let count = named.len();
    match (named.into_iter().next(), count) {
        (Some(one), 1) => Ok(one),
        (Some(_), _) => Err(format!("its Resource elements name {count} resources")),
        (None, _) => Err("its Resource elements name no single resource".to_owned()),
    }
}

/// The policies of many resources.
#[derive(Clone, Debug, Default)]
pub struct ResourcePolicies {
    /// Each of them, in the order of the files.
    pub policies: Vec<ResourcePolicy>,
}

impl ResourcePolicies {
    /// Those that a container holds.
    pub fn of(container: &Container) -> Self {
        if container.may_hold_resource_policies() {
            of_container(container, None, None)
        } else {
            Self::default()
        }
    }

    /// The policy that decides about what ARNs name, all of one resource: the resource, and the policy if there is one.
    ///
    /// # Errors
    /// If they name no resource or several, or several policies are of it: why, as a sentence.
    pub fn about(&self, arns: &[String]) -> Result<(String, Option<&ResourcePolicy>), String> {
        let mut named: BTreeMap<String, &str> = BTreeMap::new();
        for arn in arns {
            let Some(resource) = with_policy(arn) else {
                return Err(format!(
                    "`{arn}` may be several resources, each with a policy of its own"
                ));
            };
            named.insert(resource, arn);
        }
        let count = named.len();
        let resource = match (named.into_keys().next(), count) {
            (Some(resource), 1) => resource,
            (Some(_), _) => {
                return Err(format!(
                    "the question is about {count} resources, each with a policy of its own"
                ));
            }
            (None, _) => return Err("the question names no resource".to_owned()),
        };
        let is_of = |policy: &&ResourcePolicy| policy.resource.as_deref() == Ok(&*resource);
        let found: Vec<&ResourcePolicy> = self.policies.iter().filter(is_of).collect();
        match found.as_slice() {
            [] => Ok((resource, None)),
            [one] => Ok((resource, Some(one))),
            [one, other, ..] => Err(format!(
                "`{}` and `{}` are both the policy of `{resource}`; a resource has one",
                one.path, other.path
            )),
        }
    }

    /// Those that may be of a resource, as far as is known before a plan is applied or a template deployed.
    pub fn perhaps_about<'a>(
        &'a self,
        resource: &'a str,
    ) -> impl Iterator<Item = &'a ResourcePolicy> {
        let service = Arn::split(resource).map_or("", |arn| arn.service);
        self.policies.iter().filter(move |policy| policy.may_be_of(service))
    }

    /// Those whose resource is not known, each with the reason.
    pub fn of_unknown(&self) -> impl Iterator<Item = (&ResourcePolicy, &str)> {
        self.policies
            .iter()
            .filter_map(|policy| Some((policy, policy.resource.as_ref().err()?.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, told: Option<&str>) -> ResourcePolicy {
        let found = resource_policies(&Source::new("policy.json", text), told, None);
        let mut found = found.unwrap().unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    fn policy(resource: &str) -> String {
        format!(
            r#"{{"Statement": [{{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": {resource}}}]}}"#
        )
    }

    #[test]
    fn a_policy_is_of_the_one_resource_that_it_names() {
        let acme = || Ok("arn:aws:s3:::acme".to_owned());
        assert_eq!(
            one(&policy(r#"["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"]"#), None).resource,
            acme()
        );
        assert_eq!(one(&policy(r#"["*", "arn:aws:s3:::acme/a"]"#), None).resource, acme());
        for unknown in
            [r#""*""#, r#""arn:aws:s3:::acme-*""#, r#"["arn:aws:s3:::a", "arn:aws:s3:::b"]"#]
        {
            assert!(one(&policy(unknown), None).resource.is_err(), "{unknown}");
            assert_eq!(one(&policy(unknown), Some("arn:aws:s3:::acme")).resource, acme());
        }
    }

    #[test]
    fn an_answer_that_names_its_resource_is_of_it() {
        let text = serde_json::to_string(&policy(r#""*""#)).unwrap();
        let queue = "arn:aws:sqs:eu-west-1:111122223333:jobs";
        let answer = format!(r#"{{"Attributes": {{"QueueArn": "{queue}", "Policy": {text}}}}}"#);
        let found = one(&answer, None);
        assert_eq!(found.resource.as_deref(), Ok(queue));
        assert_eq!(found.account.as_deref(), Some("111122223333"));
        let found = one(&format!(r#"{{"Policy": {text}}}"#), None);
        assert_eq!(found.resource.unwrap_err(), "its Resource elements name no single resource");
    }

    #[test]
    fn what_is_of_no_resource_is_told() {
        let other = |text: &str| {
            resource_policies(&Source::new("a.json", text), None, None).unwrap().unwrap_err()
        };
        assert_eq!(other("{}"), NO_POLICY);
        let neither =
            |text: &str| resource_policies(&Source::new("a.json", text), None, None).unwrap_err();
        assert!(neither(r#"{"Buckets": []}"#).contains("`aws s3api get-bucket-policy` gives it"));
        assert!(neither(r#"{"name": "app"}"#).contains("an object with `name`"));
        let identity = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
        assert_eq!(other(identity), OF_NO_RESOURCE);
    }

    #[test]
    fn a_question_is_about_one_resource_and_a_resource_has_one_policy() {
        let both = |name: &str| ResourcePolicy {
            path: name.to_owned(),
            ..one(&policy(r#""arn:aws:s3:::acme/*""#), None)
        };
        let mut all = ResourcePolicies { policies: vec![both("a.json")] };
        let about = |all: &ResourcePolicies, arns: &[&str]| {
            let arns: Vec<String> = arns.iter().map(|arn| (*arn).to_owned()).collect();
            all.about(&arns).map(|(_, found)| found.map(|found| found.path.clone()))
        };
        let object = ["arn:aws:s3:::acme/a", "arn:aws:s3:::acme"];
        assert_eq!(about(&all, &object), Ok(Some("a.json".to_owned())));
        assert_eq!(about(&all, &["arn:aws:s3:::other"]), Ok(None));
        for none_or_several in [&[][..], &["*"], &["arn:aws:s3:::acme", "arn:aws:s3:::other"]] {
            assert!(about(&all, none_or_several).is_err(), "{none_or_several:?}");
        }
        all.policies.push(both("b.json"));
        let twice = about(&all, &object).unwrap_err();
        assert!(twice.contains("a.json") && twice.contains("b.json"), "{twice}");
    }
}
