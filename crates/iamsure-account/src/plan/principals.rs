//! The principals that a plan makes: their names and ARNs, before they have any.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::language::symbol::as_name;

use super::configuration::split;
use crate::deployer::Deployer;
use crate::node::{Look, Node};
use crate::principal::Principal;

/// The principals of a plan.
pub(super) struct Principals<'a> {
    deployer: &'a Deployer,
    /// The ARN of each, by its address; those that are alone with theirs.
    arns: BTreeMap<String, String>,
    /// The addresses of those whose names nothing tells.
    unnamed: BTreeSet<String>,
}

impl<'a> Principals<'a> {
    /// Those among the resources that are planned.
    pub(super) fn of(planned: &[&Node], deployer: &'a Deployer) -> Self {
        let mut found = Self { deployer, arns: BTreeMap::new(), unnamed: BTreeSet::new() };
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for resource in planned {
            let Some(principal) = resource.text_of("type").and_then(principal_of) else { continue };
            let values = resource.get("values");
            let address = resource.text_of("address").unwrap_or_default();
            let told = values.and_then(|values| said(values, "arn")).map(str::to_owned);
            if told.is_none() && values.and_then(|values| said(values, "name")).is_none() {
                found.unnamed.insert(address.to_owned());
            }
            if let Some(arn) = told.or_else(|| found.arn(principal, address, values)) {
                *count.entry(arn.clone()).or_default() += 1;
                found.arns.insert(address.to_owned(), arn);
            }
        }
        found.arns.retain(|_, arn| count.get(arn) == Some(&1));
        found
    }

    /// The ARN that a principal will have. One whose name is made up gets its prefix, or what the configuration calls it.
    ///
    /// Page of the AWS provider: `aws_iam_role` (`name`, `name_prefix`).
    pub(super) fn arn(
        &self,
        principal: Principal,
        address: &str,
        values: Option<&Node>,
    ) -> Option<String> {
        let values = values?;
        // No two of them get the same name.
        let label = || {
            let (module, own) = split(address);
            let (_, label) = own.split_once('.')?;
            let calls: String = module
                .split_terminator('.')
                .filter(|part| *part != "module")
                .collect::<Vec<_>>()
                .join("-");
            let label = [calls.as_str(), label].into_iter().filter(|part| !part.is_empty());
            let label = as_name(&label.collect::<Vec<_>>().join("-"));
            Some(label.replace("--", "-").trim_end_matches('-').to_owned())
        };
        let name = match (said(values, "name"), said(values, "name_prefix")) {
            (Some(name), _) => name.to_owned(),
            (None, prefix) => as_name(&format!("{}{}", prefix.unwrap_or_default(), label()?)),
        };
        Some(self.deployer.arn(principal, said(values, "path").unwrap_or("/"), &name))
    }

    /// The ARN that a reference in a module gives: `aws_iam_role.app.arn`, for what is at `address`.
    pub(super) fn arn_of(&self, reference: &str, address: &str) -> Option<String> {
        let (module, _) = split(address);
        let own = reference.strip_suffix(".arn")?;
        self.arns.get(&format!("{module}{own}")).cloned()
    }

    /// What is assumed of their names, as a clause.
    pub(super) fn assumed(&self) -> Option<String> {
        let unnamed: Vec<&str> = self.unnamed.iter().map(String::as_str).collect();
        self.deployer.names_assumed(&unnamed)
    }
}

/// The kind of principal that a type of resource is.
pub(super) fn principal_of(kind: &str) -> Option<Principal> {
    match kind {
        "aws_iam_role" => Some(Principal::Role),
        "aws_iam_user" => Some(Principal::User),
        "aws_iam_group" => Some(Principal::Group),
        _ => None,
    }
}

/// A text that is not empty.
pub(super) fn said<'a>(values: &'a Node, attribute: &str) -> Option<&'a str> {
    values.text_of(attribute).filter(|text| !text.is_empty())
}
