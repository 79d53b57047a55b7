//! What the configuration of a plan refers to, where a value is not known yet.

use std::collections::{BTreeSet, HashMap};

use crate::node::{Look, Node};

/// The configuration of a plan.
pub(super) struct Configuration<'a> {
    /// The resources of a module, by the names of the calls that lead to it, and their addresses in it.
    resources: HashMap<(Vec<&'a str>, &'a str), &'a Node>,
}

impl<'a> Configuration<'a> {
    pub(super) fn of(plan: &'a Node) -> Self {
        let root = plan.get("configuration").and_then(|found| found.get("root_module"));
        let mut modules: Vec<(Vec<&str>, &Node)> =
            root.map(|root| (Vec::new(), root)).into_iter().collect();
        let mut resources = HashMap::new();
        while let Some((calls, module)) = modules.pop() {
            for resource in module.items_of("resources") {
                if let Some(address) = resource.text_of("address") {
                    resources.entry((calls.clone(), address)).or_insert(resource);
                }
            }
            for call in module.get("module_calls").map(Look::members).unwrap_or_default() {
                let calls = calls.iter().copied().chain([call.key.value.as_str()]).collect();
                modules.extend(call.value.get("module").map(|module| (calls, module)));
            }
        }
        Self { resources }
    }

    /// Whether the configuration gives an attribute of a resource.
    pub(super) fn is_said(&self, address: &str, attribute: &str) -> bool {
        self.expression(address, attribute).is_some()
    }

    /// Whether the configuration sets an attribute of a resource; `None` if that is not told: the resource is not in it, or
    /// what is written may be null.
    pub(super) fn sets(&self, address: &str, attribute: &str) -> Option<bool> {
        let resource = self.resource(address)?;
        let written = resource.get("expressions").and_then(|found| found.get(attribute));
        let Some(written) = written else { return Some(false) };
        let references = written.items_of("references");
        let is_of_resources = |node: &Node| node.text().and_then(resource_of).is_some();
        let is_known = !written.items().is_empty()
            || written.get("constant_value").is_some()
            || !references.is_empty() && references.iter().all(is_of_resources);
        is_known.then_some(true)
    }

    /// The address that an attribute of a resource refers to, with its module; `None` if it is of several, of none,
    /// or made in some other way.
    pub(super) fn refers(&self, address: &str, attribute: &str) -> Option<String> {
        self.only_reference(address, attribute, resource_of)
    }

    /// The data source of a policy document that an attribute is the text of, by its address with its module; `None` if it
    /// is anything else.
    pub(super) fn policy_document(&self, address: &str, attribute: &str) -> Option<String> {
        self.only_reference(address, attribute, policy_document_of)
    }

    /// The one address, with its module, that every reference of an attribute is of, as `name` reads them.
    fn only_reference(
        &self,
        address: &str,
        attribute: &str,
        name: impl Fn(&str) -> Option<&str>,
    ) -> Option<String> {
        let (module, _) = split(address);
        let references = self.expression(address, attribute)?.items_of("references");
        // "aws_iam_role.app.arn" comes with "aws_iam_role.app".
        let names: Option<BTreeSet<&str>> =
            references.iter().map(|node| node.text().and_then(&name)).collect();
        let names: Vec<&str> = names?.into_iter().collect();
        match names.as_slice() {
            [name] => Some(format!("{module}{name}")),
            _ => None,
        }
    }

    /// What is written for an attribute of a resource.
    pub(super) fn expression(&self, address: &str, attribute: &str) -> Option<&'a Node> {
        self.resource(address)?.get("expressions")?.get(attribute)
    }

    /// What is written for a resource.
    fn resource(&self, address: &str) -> Option<&'a Node> {
        let (module, own) = split(address);
        self.resources.get(&(calls(module), without_index(own))).copied()
    }
}

/// The names of `module.a["x"].module.b.`, without keys.
fn calls(module: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = module;
    while let Some(after) = rest.strip_prefix("module.") {
        let end = end_of(after).unwrap_or(after.len());
        names.push(without_index(after.get(..end).unwrap_or_default()));
        rest = after.get(end + 1..).unwrap_or_default();
    }
    names
}

/// Where the name of a module ends, with its key, which may hold anything.
fn end_of(name: &str) -> Option<usize> {
    match (name.find('['), name.find('.')) {
        (Some(open), Some(dot)) if open < dot => name.find("].").map(|end| end + 1),
        (_, dot) => dot,
    }
}

/// `module.a.module.b.` and the address in it.
pub(super) fn split(address: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(rest) = address.get(at..).filter(|rest| rest.starts_with("module.")) {
        let name = rest.get("module.".len()..).unwrap_or_default();
        let end = end_of(name);
        let Some(end) = end else { break };
        at += "module.".len() + end + 1;
    }
    (address.get(..at).unwrap_or_default(), address.get(at..).unwrap_or_default())
}

fn without_index(name: &str) -> &str {
    name.split('[').next().unwrap_or_default()
}

/// `aws_iam_role.app` of `aws_iam_role.app.arn`; an index stays.
fn resource_of(reference: &str) -> Option<&str> {
    if !reference.starts_with("aws_") {
        return None;
    }
    let mut dots = reference.match_indices('.').map(|(at, _)| at);
    dots.next()?;
    Some(dots.next().and_then(|end| reference.get(..end)).unwrap_or(reference))
}

/// `data.aws_iam_policy_document.app` of `data.aws_iam_policy_document.app.json`.
fn policy_document_of(reference: &str) -> Option<&str> {
    let rest = reference.strip_prefix("data.aws_iam_policy_document.")?;
    let name =
        rest.strip_suffix(".json").or_else(|| rest.strip_suffix(".minified_json")).unwrap_or(rest);
    (!name.contains('.')).then(|| reference.get(..reference.len() - rest.len() + name.len()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(split("aws_iam_role.app"), ("", "aws_iam_role.app"));
        assert_eq!(
            split("module.a.module.b.aws_iam_role.app"),
            ("module.a.module.b.", "aws_iam_role.app")
        );
        assert_eq!(
            split("module.a[\"x.y\"].aws_iam_role.app"),
            ("module.a[\"x.y\"].", "aws_iam_role.app")
        );
        assert_eq!(calls("module.a[\"x.y\"].module.b."), ["a", "b"]);
        assert_eq!(resource_of("aws_iam_role.app.arn"), Some("aws_iam_role.app"));
        assert_eq!(resource_of("aws_iam_role.app"), Some("aws_iam_role.app"));
        assert_eq!(resource_of("var.role"), None);
        let app = Some("data.aws_iam_policy_document.app");
        assert_eq!(policy_document_of("data.aws_iam_policy_document.app.json"), app);
        assert_eq!(policy_document_of("data.aws_iam_policy_document.app"), app);
        assert_eq!(policy_document_of("data.aws_iam_role.app.arn"), None);
        assert_eq!(policy_document_of("data.aws_iam_policy_document.app.version"), None);
    }
}
