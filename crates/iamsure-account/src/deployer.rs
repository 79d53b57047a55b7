//! Who applies a plan or deploys a template: the account in which principals will be that have no ARN yet.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::language::{Arn, is_account_id};
use iamsure_truth::sample::{EXAMPLE_ACCOUNT, account_beside};

use crate::intrinsic::Choices;
use crate::node::{Look, Node};
use crate::plan::planned;
use crate::principal::{Principal, Resource};
use crate::written::written;

/// The account that a plan is applied in, or a template is deployed in.
pub(crate) struct Deployer {
    partition: String,
    account: Option<String>,
    /// The account where nothing tells it.
    example: &'static str,
    /// What makes ARNs known, in words.
    until: &'static str,
}

impl Deployer {
    /// The account that Terraform asked AWS for; else the one that the ARNs of the plan name, if it is one.
    ///
    /// HashiCorp page: AWS provider, data source `aws_caller_identity` (`account_id`, `arn`).
    pub(crate) fn of_plan(plan: &Node) -> Self {
        let mut resources = Vec::new();
        for part in ["prior_state", "planned_values"] {
            let values = plan.get(part).map(|part| part.get("values").unwrap_or(part));
            if let Some(root) = values.and_then(|values| values.get("root_module")) {
                planned(root, &mut resources);
            }
        }
        let is_caller = |of: &Node| of.text_of("type") == Some("aws_caller_identity");
        let identities = resources.iter().filter(|of| is_caller(of));
        let asked_for = only(identities.filter_map(|of| account_in(of.get("values")?)));
        let before = plan.items_of("resource_changes").iter();
        let before = before.filter_map(|change| change.get("change")?.get("before"));
        let planned = resources.iter().filter_map(|of| of.get("values"));
        let told = asked_for.or_else(|| only(before.chain(planned).filter_map(account_in)));
        let partition = told.map_or("aws", |(partition, _)| partition).to_owned();
        Self {
            partition,
            account: told.map(|(_, account)| account.to_owned()),
            example: EXAMPLE_ACCOUNT,
            until: "apply",
        }
    }

    /// The account that was chosen for a template; else the one that the Resource elements in it name, if it is one; else one
    /// that nothing in it names.
    pub(crate) fn of_template(template: &Node, choices: &Choices) -> Self {
        let mut named = BTreeSet::new();
        if let Some(resources) = template.get("Resources") {
            named_in(resources, false, &mut named);
        }
        let mut named = named.into_iter();
        let only = named.next().filter(|_| named.next().is_none());
        let chosen = choices.of("AWS::AccountId").filter(|account| is_account_id(account));
        let partition = choices.of("AWS::Partition").unwrap_or("aws").to_owned();
        let account = chosen.or(only).map(str::to_owned);
        let text = written(template);
        let example = account_beside(|account| text.contains(account)).unwrap_or(EXAMPLE_ACCOUNT);
        Self { partition, account, example, until: "deployment" }
    }

    /// The account, if the plan or template tells it.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The account, or the one that is assumed.
    pub(crate) fn account_or_example(&self) -> &str {
        self.account().unwrap_or(self.example)
    }

    /// The partition of the account.
    pub(crate) fn partition(&self) -> &str {
        &self.partition
    }

    /// The ARN that a principal will have.
    ///
    /// AWS page: IAM User Guide, `reference_identifiers`, "IAM ARNs".
    pub(crate) fn arn(&self, principal: Principal, path: &str, name: &str) -> String {
        let kind = match principal {
            Principal::Role => "role",
            Principal::User => "user",
            Principal::Group => "group",
        };
        format!("arn:{}:iam::{}:{kind}{path}{name}", self.partition, self.account_or_example())
    }

    /// What is assumed of principals without an ARN, as a clause. Where two would have the same one, they are of several
    /// accounts, and neither has it.
    pub(crate) fn settle(&self, resources: &mut [Resource]) -> Option<String> {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for arn in resources.iter().filter_map(|resource| resource.arn.as_ref()) {
            *count.entry(arn.clone()).or_default() += 1;
        }
        for resource in resources.iter_mut().filter(|resource| resource.is_arn_assumed) {
            let is_shared = |arn: &String| count.get(arn).is_some_and(|count| *count > 1);
            if resource.arn.as_ref().is_some_and(is_shared) {
                resource.arn = None;
                resource.is_arn_assumed = false;
            }
        }
        let some = resources.iter().any(|resource| resource.is_arn_assumed);
        some.then(|| {
            format!(
                "principals without an ARN until {} are assumed to belong to account {}",
                self.until,
                self.account_or_example()
            )
        })
    }
}

impl Deployer {
    /// Said of principals whose names nothing tells: a clause.
    pub(crate) fn names_assumed(&self, addresses: &[&str]) -> Option<String> {
        /// How many are listed.
        const LISTED: usize = 5;
        let listed = addresses.iter().take(LISTED).map(|address| format!("`{address}`"));
        let listed: Vec<String> = listed.collect();
        let more = addresses.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let of = listed.join(", ");
        (!listed.is_empty())
            .then(|| format!("names are assumed until {} for {of}{more}", self.until))
    }
}

/// The partition and the account that the values of a resource tell.
fn account_in(values: &Node) -> Option<(&str, &str)> {
    let arn = values.text_of("arn").and_then(Arn::split);
    let told = values.text_of("account_id").or(arn.map(|arn| arn.account))?;
    is_account_id(told).then(|| (arn.map_or("aws", |arn| arn.partition), told))
}

/// The accounts that ARNs in Resource elements name.
fn named_in<'a>(node: &'a Node, is_resource: bool, found: &mut BTreeSet<&'a str>) {
    if let Some(arn) = node.text().filter(|_| is_resource).and_then(Arn::split) {
        found.extend(Some(arn.account).filter(|account| is_account_id(account)));
    }
    for item in node.items() {
        named_in(item, is_resource, found);
    }
    for member in node.members() {
        let is_call = member.key.value.starts_with("Fn::");
        let is_resource = member.key.value == "Resource" || is_resource && is_call;
        named_in(&member.value, is_resource, found);
    }
}

/// The one thing that all are; `None` if there are several, or none.
fn only<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Option<(&'a str, &'a str)> {
    let distinct: BTreeSet<(&str, &str)> = all.collect();
    let mut distinct = distinct.into_iter();
    distinct.next().filter(|_| distinct.next().is_none())
}
