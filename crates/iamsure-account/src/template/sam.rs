//! What SAM makes: the roles of functions and state machines, and what connects resources.
//!
//! AWS pages: AWS SAM Developer Guide, `sam-resource-function`, `sam-specification-template-anatomy-globals`,
//! `sam-resource-connector`, `sam-property-api-resourcepolicystatement`.

use iamsure_core::language::PolicyType;

use super::policy_template::expanded;
use super::{Described, absent};
use crate::container::{Document, FROM_TEMPLATE};
use crate::intrinsic::{reference, referred};
use crate::node::{Look, Node, one_or_all};
use crate::principal::{Name, Own, Principal, Resource, without_a_policy};

/// The type of resources that connect others.
const CONNECTOR: &str = "AWS::Serverless::Connector";

/// What a template says of all functions, all state machines, all APIs.
#[derive(Clone, Copy)]
pub(super) struct Globals<'a>(Option<&'a Node>);

impl<'a> Globals<'a> {
    pub(super) fn of(template: &'a Node) -> Self {
        Self(template.get("Globals"))
    }

    /// A property of all resources of a type.
    fn property(self, kind: &str, name: &str) -> Option<&'a Node> {
        self.0?.get(globals_of(kind))?.get(name)
    }
}

/// What Globals call a type.
fn globals_of(kind: &str) -> &str {
    kind.rsplit("::").next().unwrap_or_default()
}

impl Described<'_> {
    /// A property of a function or a state machine: its own, or that of all.
    pub(super) fn of_function(&self, name: &str) -> Option<&Node> {
        self.property(name).or_else(|| self.globals.property(self.kind(), name))
    }

    /// What grants access to others and holds no policy document that is read: remarks, a clause each.
    pub(super) fn grants(&self) -> Vec<String> {
        let kind = self.kind();
        let mut parts = Vec::new();
        if self.node.get("Connectors").is_some() {
            parts.push("Connectors");
        }
        let policy = |auth: &Node| auth.get("ResourcePolicy").is_some();
        if kind == "AWS::Serverless::Api"
            && (self.property("Auth").is_some_and(policy)
                || self.globals.property(kind, "Auth").is_some_and(policy))
        {
            parts.push("Auth.ResourcePolicy");
        }
        let url = self.of_function("FunctionUrlConfig").and_then(|url| url.text_of("AuthType"));
        if kind == "AWS::Serverless::Function" && url == Some("NONE") {
            parts.push("FunctionUrlConfig");
        }
        let one = |part| without_a_policy(&format!("{}.{part}", self.id), kind);
        parts.into_iter().map(one).collect()
    }

    /// The policies that connectors give to roles, and that are not known: those of the resource, or it is one.
    pub(super) fn connected(&self) -> Vec<Resource> {
        let own = self.node.get("Connectors").map(Look::members).unwrap_or_default();
        let own = own.iter().map(|one| (format!("{}.{}", self.id, one.key.value), &one.value));
        let itself = (self.kind() == CONNECTOR).then(|| (self.id.to_owned(), self.node));
        let one = |(address, node): (String, &Node)| {
            let to = self.ends(node).into_iter().filter_map(|id| self.role_of(&id)).collect();
            let place = format!("Resources.{address}");
            let why = "gives permissions by a policy that SAM makes, which is not read";
            let own = vec![absent(PolicyType::Identity, "", place, why.to_owned())];
            Resource { address, own, to, ..Resource::default() }
        };
        own.chain(itself).map(one).filter(|one| !one.to.is_empty()).collect()
    }

    /// Whether a connector gives permissions to the role that SAM makes for this function.
    fn is_connected(&self) -> bool {
        let members = self.scope.resources.members().iter();
        self.node.get("Connectors").is_some()
            || members.map(|member| &member.value).any(|node| {
                let of_others = node.get("Connectors").map(Look::members).unwrap_or_default();
                let itself = node.text_of("Type") == Some(CONNECTOR);
                let all = of_others.iter().map(|one| &one.value).chain(itself.then_some(node));
                all.into_iter().any(|one| ends_in(one).contains(&self.id))
            })
    }

    /// The resources that a connector is between.
    fn ends(&self, connector: &Node) -> Vec<String> {
        let source = (self.kind() != CONNECTOR).then_some(self.id);
        ends_in(connector).into_iter().chain(source).map(str::to_owned).collect()
    }

    /// The role in the template that a resource runs as.
    fn role_of(&self, id: &str) -> Option<Name> {
        let properties = self.scope.resources.get(id)?.get("Properties")?;
        let role = properties.get("Role").or_else(|| properties.get("RoleArn"))?;
        let role = self.scope.resolve(role).ok().flatten()?;
        let id = referred(role.text()?).split('.').next().unwrap_or_default();
        let is_there = self.scope.resources.get(id).is_some();
        is_there.then(|| Name::Of(Principal::Role, reference(id)))
    }

    /// The policies of a function, in any of the forms that SAM takes; the role that SAM makes has more.
    ///
    /// AWS page: AWS SAM Developer Guide, `sam-resource-function` (`Policies`).
    pub(super) fn of_sam(&self, resource: &mut Resource) {
        let policies = self.property("Policies");
        if policies.is_some() && self.of_function("Role").is_some() {
            let why =
                "is ignored: the function has a role of its own (`Role`), whose policies decide";
            let place = self.place("Policies");
            let kind = Some(PolicyType::Identity);
            resource.own.push(Own::new("policy", kind, place, Document::Absent(why.to_owned())));
            return;
        }
        let boundary = self.of_function("PermissionsBoundary");
        self.bounded(resource, boundary);
        if self.of_function("Role").is_none() && self.is_connected() {
            let place = "permissions".to_owned();
            let why = "are given by connectors, in policies that SAM makes, which are not read";
            resource.own.push(absent(PolicyType::Identity, "connectors", place, why.to_owned()));
        }
        if self.globals.property(self.kind(), "Policies").is_some() {
            let why = "is in Globals, where SAM takes no policies: give them to each function";
            let place = format!("Globals.{}.Policies", globals_of(self.kind()));
            resource.own.push(absent(PolicyType::Identity, "policies", place, why.to_owned()));
        }
        let items = policies.map(one_or_all).unwrap_or_default();
        for (index, entry) in items.iter().enumerate() {
            let place = self.place(&format!("Policies[{index}]"));
            let slot = format!("policy/{}", index + 1);
            let kind = Some(PolicyType::Identity);
            let absent = |why| Own::new(&*slot, kind, &*place, Document::Absent(why));
            let entry = match self.scope.resolve_choice(entry) {
                Ok(Some(entry)) => entry,
                // It is not there under these choices.
                Ok(None) => continue,
                Err(why) => {
                    resource.own.push(absent(why));
                    continue;
                }
            };
            if entry.is_policy() {
                resource.own.push(self.own(Some(entry), kind, &slot, place));
            } else if entry.text().is_some() || is_call(entry) {
                match self.documents.resolve(entry) {
                    Ok(found) => match found.as_ref().and_then(Look::text) {
                        Some(name) => resource.attached.push(Name::Policy(name.to_owned())),
                        None => resource.own.push(absent("names no policy".to_owned())),
                    },
                    Err(why) => resource.own.push(absent(why)),
                }
            } else {
                let own = match expanded(entry) {
                    Ok(policy) => match self.own(Some(&policy), kind, &slot, place.clone()) {
                        Own { document: Document::Written { text, .. }, .. } => {
                            let how = FROM_TEMPLATE;
                            Own::new(&*slot, kind, &*place, Document::Written { text, how })
                        }
                        other => other,
                    },
                    Err(why) => absent(why),
                };
                resource.own.push(own);
            }
        }
    }
}

/// Whether a value is a call of a function of CloudFormation.
fn is_call(node: &Node) -> bool {
    let [member] = node.members() else { return false };
    member.key.value == "Ref" || member.key.value.starts_with("Fn::")
}

/// The resources in the template that a connector names.
fn ends_in(connector: &Node) -> Vec<&str> {
    let Some(properties) = connector.get("Properties") else { return Vec::new() };
    let ends = ["Source", "Destination"].into_iter().filter_map(|end| properties.get(end));
    ends.flat_map(one_or_all).filter_map(|end| end.text_of("Id")).collect()
}
