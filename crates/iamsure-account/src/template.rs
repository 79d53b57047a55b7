//! CloudFormation templates, also of SAM, and as CDK synthesizes them.
//!
//! AWS pages: CloudFormation Template Reference, `AWS::IAM::Role` and the other types that are named here.

mod kinds;
mod policy_template;

use iamsure_core::language::PolicyType;
use iamsure_core::language::json::Json;

use crate::answer::organization;
use crate::container::{Container, Document, FROM_TEMPLATE, Unreadable};
use crate::decoded::document;
use crate::deployer::Deployer;
use crate::intrinsic::{Choices, Scope};
use crate::node::{Look, Node};
use crate::principal::{Name, Own, Principal, Resource, for_others, without_a_policy};
use kinds::{DOCUMENTS, GRANTS, PRINCIPALS, is_elsewhere, is_sam};
use policy_template::expanded;

/// Whether a value is a template.
pub(crate) fn is_template(node: &Node) -> bool {
    node.get("Resources").is_some_and(|resources| {
        resources
            .members()
            .iter()
            .any(|member| member.value.text_of("Type").is_some_and(|kind| kind.contains("::")))
    })
}

/// What a template makes, under some choices of its conditions.
pub(crate) fn read(node: &Node, choices: &Choices, is_json: bool) -> Result<Container, Unreadable> {
    let Some(resources) = node.get("Resources") else {
        return Err(Unreadable("it is a template without resources".to_owned()));
    };
    if let Some(name) = choices.0.keys().find(|name| !is_of(node, name)) {
        return Err(Unreadable(format!(
            "the template has no condition, parameter or resource `{name}`"
        )));
    }
    let scope = Scope { resources, choices };
    let deployer = Deployer::of_template(resources, choices);
    let mut found = Vec::new();
    let (mut remarks, mut made) = (Vec::new(), Vec::new());
    for member in resources.members() {
        if member.key.value.starts_with("Fn::") {
            remarks.push(format!(
                "`{}` is not supported, so the resources that it creates are missing here",
                member.key.value
            ));
            continue;
        }
        let id = member.key.value.as_str();
        let existing = match member.value.text_of("Condition").map(|name| scope.condition(name)) {
            Some(Ok(false)) => continue,
            Some(Err(why)) => Some(why),
            _ => None,
        };
        let described = Described {
            id,
            node: &member.value,
            scope: &scope,
            deployer: &deployer,
            existing,
            is_json,
        };
        let kind = member.value.text_of("Type").unwrap_or_default();
        if GRANTS.contains(&kind) {
            remarks.push(without_a_policy(id, kind));
        } else if is_elsewhere(kind) {
            remarks.push(format!(
                "`{id}` ({kind}) creates resources that are missing here: its template is not read"
            ));
        }
        if is_sam(kind) && described.property("Role").is_none() {
            made.push(format!("`{id}`"));
        }
        found.extend(described.read().map_err(|why| Unreadable(format!("`{id}` {why}")))?);
    }
    if !made.is_empty() {
        remarks.push(format!(
            "the roles that SAM creates for {} have no known names, so they are not among the principals: ask about each as `FILE#LOGICALID`",
            made.join(", ")
        ));
    }
    remarks.extend(deployer.settle(&mut found));
    remarks.extend(for_others(&found));
    if node.get("Transform").is_some() {
        remarks.push(
            "it has a Transform, which may generate policies that are missing here".to_owned(),
        );
    }
    let mut container = Container::new("a CloudFormation template", found).remarking(remarks);
    container.has_symbols = true;
    container.takes_choices = true;
    Ok(container)
}

/// Whether a name is one of a template: a condition, a parameter, a resource or an attribute of it, or of AWS.
fn is_of(node: &Node, name: &str) -> bool {
    let id = name.split('.').next().unwrap_or_default();
    name.starts_with("AWS::")
        || ["Conditions", "Parameters", "Resources"]
            .iter()
            .any(|section| node.get(section).is_some_and(|section| section.get(id).is_some()))
}

/// A resource of a template.
struct Described<'a> {
    id: &'a str,
    node: &'a Node,
    scope: &'a Scope<'a>,
    /// Where what has no ARN yet will be.
    deployer: &'a Deployer,
    /// Why nobody knows whether it exists.
    existing: Option<String>,
    is_json: bool,
}

impl Described<'_> {
    fn read(&self) -> Result<Option<Resource>, String> {
        let kind = self.node.text_of("Type").unwrap_or_default();
        let mut resource = Resource { address: self.id.to_owned(), ..Resource::default() };
        if let Some((_, principal, name)) = PRINCIPALS.iter().find(|(known, ..)| *known == kind) {
            self.principal(&mut resource, *principal, name)?;
        } else if kind == "AWS::IAM::UserToGroupAddition" {
            for user in self.each("Users")? {
                for group in self.each("GroupName")? {
                    resource.joins.push((
                        self.whom(Principal::User, &user),
                        self.whom(Principal::Group, &group),
                    ));
                }
            }
        } else if is_sam(kind) {
            self.of_sam(&mut resource);
        } else {
            self.policies(&mut resource, kind)?;
        }
        Ok(Some(resource))
    }

    fn property(&self, name: &str) -> Option<&Node> {
        self.node.get("Properties")?.get(name)
    }

    fn place(&self, property: &str) -> String {
        format!("Resources.{}.Properties.{property}", self.id)
    }

    fn own(&self, node: Option<&Node>, kind: Option<PolicyType>, slot: &str, place: String) -> Own {
        let document = match (&self.existing, node) {
            (Some(why), _) => Document::Absent(why.clone()),
            (None, None) => Document::Absent("is not in the template".to_owned()),
            (None, Some(node)) => match self.scope.resolve(node) {
                Err(why) => Document::Absent(why),
                Ok(None) => Document::Absent("is not in the template".to_owned()),
                Ok(Some(resolved)) => {
                    let is_as_written = self.is_json && resolved.value == node.value;
                    document(&resolved, is_as_written)
                }
            },
        };
        Own::new(slot, kind, place, document)
    }

    fn principal(
        &self,
        resource: &mut Resource,
        principal: Principal,
        name: &str,
    ) -> Result<(), String> {
        resource.principal = Some(principal);
        resource.names.push(Name::Of(principal, format!("<{}>", self.id)));
        // `Ref` of a principal is its name.
        let chosen = self.scope.choices.of(self.id).map(str::to_owned);
        resource.arn = self.scope.choices.of(&format!("{}.Arn", self.id)).map(str::to_owned);
        let mut names: Vec<String> = chosen.into_iter().chain(self.known(name)).collect();
        names.dedup();
        if resource.arn.is_none()
            && let Some(name) = names.first()
            && let Some(path) = self.known_path()
        {
            resource.arn = Some(self.deployer.arn(principal, &path, name));
            resource.is_arn_assumed = true;
        }
        resource.names.extend(names.into_iter().map(|name| Name::Of(principal, name)));
        if principal == Principal::Role {
            let place = self.place("AssumeRolePolicyDocument");
            let trust = self.property("AssumeRolePolicyDocument");
            resource.own.push(self.own(trust, Some(PolicyType::Trust), "trust", place));
        }
        self.inline(resource);
        for arn in self.each("ManagedPolicyArns")? {
            resource.attached.push(Name::Policy(arn));
        }
        for arn in self.each("PermissionsBoundary")? {
            resource.boundary = Some(Name::Policy(arn));
        }
        for group in self.each("Groups")? {
            resource.groups.push(self.whom(Principal::Group, &group));
        }
        Ok(())
    }

    /// The text of a property, if it is known before it is deployed.
    fn known(&self, property: &str) -> Option<String> {
        let found = self.scope.resolve(self.property(property)?).ok().flatten()?;
        found.text().filter(|text| !text.contains(['<', '>'])).map(str::to_owned)
    }

    fn known_path(&self) -> Option<String> {
        match self.property("Path") {
            None => Some("/".to_owned()),
            Some(_) => self.known("Path"),
        }
    }

    fn inline(&self, resource: &mut Resource) {
        let Some(policies) = self.property("Policies") else { return };
        if !matches!(policies.value, Json::List(_)) {
            let place = self.place("Policies");
            resource.own.push(Own {
                document: Document::Absent("is not a list as it is written".to_owned()),
                ..self.own(None, Some(PolicyType::Identity), "inline", place)
            });
        }
        for (index, policy) in policies.items().iter().enumerate() {
            let place = self.place(&format!("Policies[{index}].PolicyDocument"));
            let (slot, found) = match self.scope.resolve_choice(policy) {
                // It is not there under these choices.
                Ok(None) => continue,
                Ok(Some(policy)) => (policy.text_of("PolicyName"), policy.get("PolicyDocument")),
                Err(why) => {
                    let own = self.own(
                        None,
                        Some(PolicyType::Identity),
                        &format!("inline/{index}"),
                        place,
                    );
                    resource.own.push(Own { document: Document::Absent(why), ..own });
                    continue;
                }
            };
            let slot = slot.map_or_else(|| index.to_string(), str::to_owned);
            resource.own.push(self.own(
                found,
                Some(PolicyType::Identity),
                &format!("inline/{slot}"),
                place,
            ));
        }
    }

    /// The texts of a property that is one or a list.
    fn each(&self, property: &str) -> Result<Vec<String>, String> {
        let Some(node) = self.property(property) else { return Ok(Vec::new()) };
        let Some(resolved) = self.scope.resolve(node)? else { return Ok(Vec::new()) };
        if let Some(text) = resolved.text() {
            return Ok(vec![text.to_owned()]);
        }
        let texts: Option<Vec<String>> =
            resolved.items().iter().map(|item| item.text().map(str::to_owned)).collect();
        texts.ok_or_else(|| format!("has names in `{property}` that are not text"))
    }

    /// Whom a name is for. A parameter never is what the template makes.
    fn whom(&self, principal: Principal, name: &str) -> Name {
        let id = name.trim_start_matches('<').trim_end_matches('>');
        if self.scope.resources.get(id).is_some() {
            return Name::Of(principal, format!("<{id}>"));
        }
        Name::Of(principal, id.to_owned())
    }

    fn policies(&self, resource: &mut Resource, kind: &str) -> Result<(), String> {
        if kind == "AWS::Organizations::Policy" {
            let layer = self.property("Type").and_then(Look::text).and_then(organization);
            resource.own.push(self.own(self.property("Content"), layer, "", self.place("Content")));
            return Ok(());
        }
        if let Some((_, property, layer)) = DOCUMENTS.iter().find(|(known, ..)| *known == kind) {
            let found = self.property(property);
            if found.is_some() {
                resource.own.push(self.own(found, Some(*layer), "", self.place(property)));
            }
        } else {
            for member in self.node.get("Properties").map(Look::members).unwrap_or_default() {
                self.nested(resource, &member.key.value, &member.value);
            }
        }
        if kind == "AWS::IAM::ManagedPolicy" {
            resource.names.push(Name::Policy(format!("<{}>", self.id)));
            if let Some(arn) = self.scope.choices.of(self.id) {
                resource.names.push(Name::Policy(arn.to_owned()));
            }
        }
        if kind.starts_with("AWS::IAM::") {
            for (principal, property) in [
                (Principal::Role, "Roles"),
                (Principal::Role, "RoleName"),
                (Principal::User, "Users"),
                (Principal::User, "UserName"),
                (Principal::Group, "Groups"),
                (Principal::Group, "GroupName"),
            ] {
                let names = self.each(property)?;
                resource.to.extend(names.iter().map(|name| self.whom(principal, name)));
            }
        }
        Ok(())
    }

    /// Whatever reads like a policy document in a property of a type that is not known.
    fn nested(&self, resource: &mut Resource, name: &str, node: &Node) {
        if node.is_policy() {
            resource.own.push(self.own(Some(node), None, name, self.place(name)));
            return;
        }
        for member in node.members() {
            self.nested(resource, &format!("{name}.{}", member.key.value), &member.value);
        }
        for (index, item) in node.items().iter().enumerate() {
            self.nested(resource, &format!("{name}[{index}]"), item);
        }
    }

    /// The policies of a function, in any of the forms that SAM takes; the role that SAM makes has more.
    ///
    /// AWS page: AWS SAM Developer Guide, `sam-resource-function` (`Policies`).
    fn of_sam(&self, resource: &mut Resource) {
        let policies = self.property("Policies");
        if policies.is_some() && self.property("Role").is_some() {
            let why =
                "is ignored: the function has a role of its own (`Role`), whose policies decide";
            let place = self.place("Policies");
            let kind = Some(PolicyType::Identity);
            resource.own.push(Own::new("policy", kind, place, Document::Absent(why.to_owned())));
            return;
        }
        match self.each("PermissionsBoundary") {
            Ok(arns) => resource.boundary = arns.into_iter().next().map(Name::Policy),
            Err(why) => {
                let place = self.place("PermissionsBoundary");
                let kind = Some(PolicyType::Boundary);
                resource.own.push(Own::new("boundary", kind, place, Document::Absent(why)));
            }
        }
        let items = match policies {
            Some(node) if !matches!(node.value, Json::List(_)) => std::slice::from_ref(node),
            Some(node) => node.items(),
            None => &[],
        };
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
                match self.scope.resolve(entry) {
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
