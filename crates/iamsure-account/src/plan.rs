//! Terraform plans: `terraform show -json`.
//!
//! HashiCorp page: Terraform, "JSON Output Format" (`planned_values`, `resource_changes`, `configuration`). What the attributes
//! of a resource hold is documented with the AWS provider.

mod configuration;
mod deployer;
mod policy_document;
mod resource;

use std::collections::BTreeSet;

use crate::container::{BEFORE, Container, Unreadable};
use crate::node::{Look, Node};
use crate::principal::{Resource, for_others};
use configuration::Configuration;
use deployer::Deployer;
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
    planned(root, "planned_values.root_module", &mut described);
    let deployer = Deployer::of(node);
    let mut changed = BTreeSet::new();
    for (place, resource) in &described {
        let address = resource.text_of("address").unwrap_or_default();
        let described = Described {
            address,
            prefix: "",
            kind: resource.text_of("type").unwrap_or_default(),
            place: format!("{place}.values"),
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
    let mut was = |address: &str, kind: &str, place: String, values: Option<&Node>| {
        let described = Described {
            address,
            prefix: BEFORE,
            kind,
            place,
            values,
            unknown: None,
            configuration: None,
            planned: &|_| None,
            deployer: &deployer,
        };
        before.extend(described.read(&mut Vec::new()));
    };
    for (index, change) in node.items_of("resource_changes").iter().enumerate() {
        let address = change.text_of("address").unwrap_or_default();
        changed.insert(address);
        let values = change.get("change").and_then(|change| change.get("before"));
        if values.is_some() {
            let place = format!("resource_changes[{index}].change.before");
            was(address, change.text_of("type").unwrap_or_default(), place, values);
        }
    }
    // A resource without an entry in `resource_changes` stays as it is.
    for (place, resource) in &described {
        let address = resource.text_of("address").unwrap_or_default();
        if !changed.contains(address) {
            let kind = resource.text_of("type").unwrap_or_default();
            was(address, kind, format!("{place}.values"), resource.get("values"));
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

/// The resources of a module and of those it calls, each with its place.
fn planned<'a>(module: &'a Node, place: &str, found: &mut Vec<(String, &'a Node)>) {
    for (index, resource) in module.items_of("resources").iter().enumerate() {
        found.push((format!("{place}.resources[{index}]"), resource));
    }
    for (index, child) in module.items_of("child_modules").iter().enumerate() {
        planned(child, &format!("{place}.child_modules[{index}]"), found);
    }
}

fn change<'a>(plan: &'a Node, address: &str) -> Option<&'a Node> {
    let changes = plan.items_of("resource_changes");
    changes.iter().find(|change| change.text_of("address") == Some(address))?.get("change")
}
