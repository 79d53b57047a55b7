//! Terraform plans: `terraform show -json`.
//!
//! HashiCorp page: Terraform, "JSON Output Format" (`planned_values`, `resource_changes`, `configuration`). What the attributes
//! of a resource hold is documented with the AWS provider.

mod computed;
mod configuration;
mod exclusive;
mod given;
mod policy_document;
mod principals;
mod resource;

use std::collections::{BTreeSet, HashMap};

use crate::container::{BEFORE, Container, Unreadable};
use crate::deployer::Deployer;
use crate::node::{Look, Node};
use crate::principal::{Resource, for_others};
use crate::written::written;
use computed::Listed;
use configuration::Configuration;
use exclusive::Exclusive;
use principals::Principals;
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
    let changes = Changes::of(node);
    let after_of = |address: &str| changes.of_one(address).and_then(|change| change.get("after"));
    let mut remarks = Vec::new();
    let mut after: Vec<Resource> = Vec::new();
    let mut described = Vec::new();
    planned(root, &mut described);
    let deployer = Deployer::of_plan(node);
    let principals = Principals::of(&described, &deployer);
    let mut changed = BTreeSet::new();
    let mut exclusive = Vec::new();
    for resource in &described {
        let address = resource.text_of("address").unwrap_or_default();
        let described = Described {
            address,
            prefix: "",
            kind: resource.text_of("type").unwrap_or_default(),
            values: resource.get("values"),
            unknown: changes.of_one(address).and_then(|change| change.get("after_unknown")),
            configuration: Some(&configuration),
            planned: &after_of,
            principals: &principals,
        };
        exclusive.extend(described.exclusive());
        after.extend(described.read(&mut remarks));
    }
    let mut before: Vec<Resource> = Vec::new();
    let mut was = |address: &str, kind: &str, values: Option<&Node>| {
        let described = Described::settled((address, BEFORE), kind, values, &principals);
        before.extend(described.read(&mut Vec::new()));
    };
    for change in node.items_of("resource_changes") {
        let address = change.text_of("address").unwrap_or_default();
        changed.insert(address);
        let values = change.get("change").and_then(|change| change.get("before"));
        let kind = change.text_of("type").unwrap_or_default();
        if values.is_some() {
            was(address, kind, values);
        }
        if change.get("change").is_some_and(is_forgotten) {
            let described = Described::settled((address, ""), kind, values, &principals);
            after.extend(described.read(&mut remarks));
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
    let listed = |address: &str, attribute: &str| {
        listed(&configuration, changes.of_one(address), address, attribute)
    };
    remarks.extend(computed::settle(&mut after, &mut before, listed));
    exclusive::settle(&mut after, &exclusive, |address| {
        changes.of_one(address).is_some_and(is_change)
    });
    after.extend(exclusive.iter().map(Exclusive::resource));
    remarks.extend(deployer.settle(&mut after));
    remarks.extend(principals.assumed());
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

/// What a plan changes, by address.
struct Changes<'a>(HashMap<&'a str, &'a Node>);

impl<'a> Changes<'a> {
    fn of(plan: &'a Node) -> Self {
        let mut found = HashMap::new();
        for change in plan.items_of("resource_changes") {
            if let Some(address) = change.text_of("address") {
                found.entry(address).or_insert(change);
            }
        }
        Self(found)
    }

    /// The change of a resource.
    fn of_one(&self, address: &str) -> Option<&'a Node> {
        self.0.get(address)?.get("change")
    }
}

/// Whether Terraform leaves a resource as it is, and no longer manages it (`removed` blocks with `destroy = false`).
fn is_forgotten(change: &Node) -> bool {
    change.items_of("actions").iter().any(|action| action.text() == Some("forget"))
}

/// Whether an entry of `resource_changes` changes anything.
fn is_change(change: &Node) -> bool {
    let side = |side: &str| change.get(side).map(written);
    match change.items_of("actions") {
        [] => side("before") != side("after"),
        actions => !actions.iter().all(|action| action.text() == Some("no-op")),
    }
}

/// Who says what is in a list of a role: where the list changes, or is made, the role does, whatever the configuration shows (it
/// shows no blocks that are made one for each of something).
fn listed(
    configuration: &Configuration<'_>,
    change: Option<&Node>,
    address: &str,
    attribute: &str,
) -> Listed {
    let side = |side: &str| change.and_then(|change| change.get(side));
    let (before, after) = (side("before"), side("after"));
    let list =
        |side: &Node| side.get(attribute).filter(|list| !list.items().is_empty()).map(written);
    let unknown = side("after_unknown").and_then(|unknown| unknown.get(attribute));
    let is_unknown = unknown.is_some_and(|unknown| written(unknown).contains("true"));
    let is_new = match (before.map(list), after.map(list)) {
        (None, Some(after)) => after.is_some(),
        (Some(before), Some(after)) => before != after && !is_unknown,
        _ => false,
    };
    match configuration.sets(address, attribute) {
        Some(true) => Listed::ByItself,
        _ if is_new => Listed::ByItself,
        Some(false) => Listed::Copied,
        None => Listed::NotTold,
    }
}
