//! Terraform plans: `terraform show -json`.
//!
//! HashiCorp page: Terraform, "JSON Output Format" (`planned_values`, `resource_changes`, `configuration`). What the attributes
//! of a resource hold is documented with the AWS provider.

mod configuration;
mod policy_document;
mod resource;

use std::collections::BTreeSet;

use crate::container::{BEFORE, Container, Unreadable};
use crate::deployer::Deployer;
use crate::node::{Look, Node};
use crate::principal::{Resource, for_others};
use configuration::Configuration;
use resource::Described;

/// Whether a value is a plan.
pub(crate) fn is_plan(node: &Node) -> bool {
    node.get("planned_values").is_some() || node.get("resource_changes").is_some()
}

/// What there is after a plan is applied, and before (`before/…`).
pub(crate) fn read(node: &Node) -> Result<Container, Unreadable> {
    let Some(root) = node.get("planned_values").and_then(|values| values.get("root_module")) else {
        return Err(Unreadable(
            "it is a Terraform plan without `planned_values`; `terraform show -json PLAN` gives them".to_owned(),
        ));
    };
    let configuration = Configuration::of(node);
    let after_of = |address: &str| change(node, address).and_then(|change| change.get("after"));
    let mut remarks = Vec::new();
    let mut after: Vec<Resource> = Vec::new();
    let mut described = Vec::new();
    planned(root, &mut described);
    let deployer = Deployer::of_plan(node);
    let mut changed = BTreeSet::new();
    for resource in &described {
        let address = resource.text_of("address").unwrap_or_default();
        let described = Described {
            address,
            prefix: "",
            kind: resource.text_of("type").unwrap_or_default(),
            values: resource.get("values"),
            unknown: change(node, address).and_then(|change| change.get("after_unknown")),
            configuration: Some(&configuration),
            planned: &after_of,
            deployer: &deployer,
        };
        after.extend(described.read(&mut remarks));
    }
    remarks.extend(deployer.settle(&mut after));
    let mut before: Vec<Resource> = Vec::new();
    let mut was = |address: &str, kind: &str, values: Option<&Node>| {
        let described = Described {
            address,
            prefix: BEFORE,
            kind,
            values,
            unknown: None,
            configuration: None,
            planned: &|_| None,
            deployer: &deployer,
        };
        before.extend(described.read(&mut Vec::new()));
    };
    for change in node.items_of("resource_changes") {
        let address = change.text_of("address").unwrap_or_default();
        changed.insert(address);
        let values = change.get("change").and_then(|change| change.get("before"));
        if values.is_some() {
            was(address, change.text_of("type").unwrap_or_default(), values);
        }
    }
    // A resource without an entry in `resource_changes` stays as it is.
    for resource in &described {
        let address = resource.text_of("address").unwrap_or_default();
        if !changed.contains(address) {
            let kind = resource.text_of("type").unwrap_or_default();
            was(address, kind, resource.get("values"));
        }
    }
    remarks.extend(for_others(&after));
    deployer.settle(&mut before);
    after.extend(before);
    let mut container = Container::new("a Terraform plan", after).remarking(remarks);
    container.has_symbols = true;
    container.has_versions = true;
    container.account = deployer.account().map(str::to_owned);
    Ok(container)
}

/// The resources of a module and of those it calls.
pub(crate) fn planned<'a>(module: &'a Node, found: &mut Vec<&'a Node>) {
    found.extend(module.items_of("resources"));
    for child in module.items_of("child_modules") {
        planned(child, found);
    }
}

fn change<'a>(plan: &'a Node, address: &str) -> Option<&'a Node> {
    let changes = plan.items_of("resource_changes");
    changes.iter().find(|change| change.text_of("address") == Some(address))?.get("change")
}
