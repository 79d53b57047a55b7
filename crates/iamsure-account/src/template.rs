//! CloudFormation templates, also of SAM, and as CDK synthesizes them.
//!
//! AWS pages: CloudFormation Template Reference, `AWS::IAM::Role` and the other types that are named here.

mod kinds;
mod policy_template;
mod principals;
mod sam;

use iamsure_core::language::json::Json;
use iamsure_core::language::{PolicyType, is_account_id};

use crate::answer::organization;
use crate::container::{Container, Document, Unreadable};
use crate::decoded::document;
use crate::deployer::Deployer;
use crate::intrinsic::{Choices, Deployed, Scope, reference, referred};
use crate::node::{Look, Node, one_or_all};
use crate::principal::{Name, Own, Principal, Resource, for_others, without_a_policy};
use crate::written::written;
use kinds::{DOCUMENTS, GRANTS, PRINCIPALS, is_elsewhere, is_sam};
use principals::{Named, assumed};
use sam::Globals;

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
    check(node, choices)?;
    let scope = Scope {
        resources,
        conditions: node.get("Conditions"),
        mappings: node.get("Mappings"),
        choices,
        deployed: None,
    };
    let deployer = Deployer::of_template(node, choices);
    let globals = Globals::of(node);
    let mut found = Vec::new();
    let (mut remarks, mut made) = (Vec::new(), Vec::new());
    let mut described = Vec::new();
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
        described.push(Described {
            id,
            node: &member.value,
            scope,
            documents: scope,
            deployer: &deployer,
            globals,
            existing,
            is_json,
        });
    }
    let named = described.iter().filter_map(|of| Some((of.id, of.as_named()?)));
    let named: Vec<(&str, Named)> = named.collect();
    let deployed = Deployed {
        partition: deployer.partition().to_owned(),
        account: deployer.account_or_example().to_owned(),
        principals: principals::referred(&named),
    };
    for described in described {
        let documents = Scope { deployed: Some(&deployed), ..scope };
        let described = Described { documents, ..described };
        let Described { id, node, .. } = described;
        let kind = node.text_of("Type").unwrap_or_default();
        if GRANTS.contains(&kind) {
            remarks.push(without_a_policy(id, kind));
        } else if is_elsewhere(kind) {
            remarks.push(format!(
                "`{id}` ({kind}) creates resources that are missing here: its template is not read"
            ));
        }
        if is_sam(kind) && described.of_function("Role").is_none() {
            made.push(format!("`{id}`"));
        }
        remarks.extend(described.grants());
        found.extend(described.connected());
        found.push(described.read(&mut remarks));
    }
    if !made.is_empty() {
        remarks.push(format!(
            "the roles that SAM creates for {} have no known names, so they are not among the principals: ask about each as `FILE#LOGICALID`",
            made.join(", ")
        ));
    }
    let unnamed = named.iter().filter(|(_, named)| named.is_name_assumed).map(|(id, _)| *id);
    let unnamed: Vec<&str> = unnamed.collect();
    let is_said = is_said(resources, "AWS::AccountId");
    let is_told = deployer.account().is_some() || !is_said;
    let is_told_or_said = deployer.account().is_some() || is_said;
    let settled = deployer.settle(&mut found);
    remarks.extend(settled.filter(|_| is_told));
    remarks.extend(assumed(&deployer, is_told, &unnamed));
    remarks.extend(for_others(&found));
    if node.get("Transform").is_some() {
        remarks.push(
            "it has a Transform, which may generate policies that are missing here".to_owned(),
        );
    }
    let mut container = Container::new("a CloudFormation template", found).remarking(remarks);
    container.has_symbols = true;
    let is_untold = named.is_empty() && !is_told_or_said && container.may_hold_resource_policies();
    container.remarks.extend(is_untold.then(|| UNTOLD.to_owned()));
    // Where nothing was taken to be in an account, nothing tells whose the resources are either.
    container.account = (!named.is_empty() || is_told_or_said).then_some(deployed.account);
    container.takes_choices = true;
    Ok(container)
}

/// Said where policies of resources are in a stack of which nothing tells the account.
const UNTOLD: &str = "nothing tells the account of the stack: every account in a Principal is treated as another one; `#NAME?AWS::AccountId=ACCOUNT` tells it";

/// Whether what was chosen can be chosen of a template.
fn check(node: &Node, choices: &Choices) -> Result<(), Unreadable> {
    if let Some(name) = choices.0.keys().find(|name| !is_of(node, name)) {
        return Err(Unreadable(format!(
            "the template has no condition, parameter or resource `{name}`"
        )));
    }
    if let Some(account) = choices.of("AWS::AccountId").filter(|account| !is_account_id(account)) {
        return Err(Unreadable(format!(
            "`{account}` is not an account ID: `?AWS::AccountId=` takes twelve digits"
        )));
    }
    Ok(())
}

/// Whether a name is one of a template: a condition, a parameter, a resource or an attribute of it, or of AWS.
fn is_of(node: &Node, name: &str) -> bool {
    let id = name.split('.').next().unwrap_or_default();
    name.starts_with("AWS::")
        || ["Conditions", "Parameters", "Resources"]
            .iter()
            .any(|section| node.get(section).is_some_and(|section| section.get(id).is_some()))
}

/// Whether a name stands in some text of a node: `Ref`, or in `Fn::Sub`.
fn is_said(node: &Node, name: &str) -> bool {
    node.text().is_some_and(|text| text.contains(name))
        || node.items().iter().any(|item| is_said(item, name))
        || node.members().iter().any(|member| is_said(&member.value, name))
}

/// A resource of a template.
struct Described<'a> {
    id: &'a str,
    node: &'a Node,
    scope: Scope<'a>,
    /// As policy documents are read: where the stack is assumed to be.
    documents: Scope<'a>,
    /// Where what has no ARN yet will be.
    deployer: &'a Deployer,
    /// What SAM takes for each function and state machine.
    globals: Globals<'a>,
    /// Why nobody knows whether it exists.
    existing: Option<String>,
    is_json: bool,
}

impl Described<'_> {
    fn read(&self, remarks: &mut Vec<String>) -> Resource {
        let kind = self.kind();
        let mut resource = Resource { address: self.id.to_owned(), ..Resource::default() };
        if let Some((_, principal, name)) = PRINCIPALS.iter().find(|(known, ..)| *known == kind) {
            self.principal(&mut resource, *principal, name, remarks);
        } else if kind == "AWS::IAM::UserToGroupAddition" {
            let groups = self.named(Principal::Group, "GroupName", remarks);
            for user in self.named(Principal::User, "Users", remarks) {
                let joins = groups.iter().map(|group| (user.clone(), group.clone()));
                resource.joins.extend(joins);
            }
        } else if is_sam(kind) {
            self.of_sam(&mut resource);
        } else {
            self.policies(&mut resource, kind, remarks);
        }
        resource
    }

    fn kind(&self) -> &str {
        self.node.text_of("Type").unwrap_or_default()
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
            (None, Some(node)) => match self.documents.resolve(node) {
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
        remarks: &mut Vec<String>,
    ) {
        resource.principal = Some(principal);
        resource.names.push(Name::Of(principal, reference(self.id)));
        // `Ref` of a principal is its name.
        let chosen = self.scope.choices.of(self.id).map(str::to_owned);
        let mut names: Vec<String> = chosen.into_iter().chain(self.known(name)).collect();
        names.dedup();
        if let Some(named) = self.as_named() {
            let chosen = self.scope.choices.of(&format!("{}.Arn", self.id));
            resource.is_arn_assumed = chosen.is_none();
            resource.arn = Some(named.arn);
        }
        resource.names.extend(names.into_iter().map(|name| Name::Of(principal, name)));
        if principal == Principal::Role {
            let place = self.place("AssumeRolePolicyDocument");
            let trust = self.property("AssumeRolePolicyDocument");
            resource.own.push(self.own(trust, Some(PolicyType::Trust), "trust", place));
        }
        self.inline(resource);
        for arn in self.each(self.documents, "ManagedPolicyArns") {
            match arn {
                Ok(arn) => resource.attached.push(Name::Policy(arn)),
                Err(why) => {
                    let count = resource.own.len();
                    let slot = format!("attached/{count}");
                    let place = self.place("ManagedPolicyArns");
                    resource.own.push(absent(PolicyType::Identity, &slot, place, why));
                }
            }
        }
        self.bounded(resource, self.property("PermissionsBoundary"));
        resource.groups = self.named(Principal::Group, "Groups", remarks);
        resource.tags = self.tags();
        if principal == Principal::User && resource.tags.is_some() {
            remarks.push(format!(
                "`{}` also has the tags that the stack is deployed with, which are not in the template",
                self.id
            ));
        }
    }

    /// The permissions boundary of a principal, by what is written for it.
    fn bounded(&self, resource: &mut Resource, written: Option<&Node>) {
        let Some(written) = written else { return };
        let found = self.documents.resolve(written);
        match found.map(|arn| arn.map(|arn| arn.text().map(str::to_owned))) {
            Ok(Some(Some(arn))) => resource.boundary = Some(Name::Policy(arn)),
            Ok(None) => {}
            unknown => {
                let why = unknown.err().unwrap_or_else(|| "is not a text".to_owned());
                let place = self.place("PermissionsBoundary");
                resource.own.push(absent(PolicyType::Boundary, "boundary", place, why));
            }
        }
    }

    /// The tags; `None` if they are not written, or one is not known before it is deployed.
    fn tags(&self) -> Option<Vec<(String, String)>> {
        let tags = self.scope.resolve(self.property("Tags")?).ok().flatten()?;
        let known = |tag: &Node, key: &str| {
            tag.text_of(key).filter(|text| !text.contains(['<', '>'])).map(str::to_owned)
        };
        let is_list = matches!(tags.value, Json::List(_));
        let each = tags.items().iter();
        each.map(|tag| Some((known(tag, "Key")?, known(tag, "Value")?)))
            .collect::<Option<_>>()
            .filter(|_| is_list)
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

    /// The texts of a property that is one or a list, or why one is not known.
    fn each(&self, scope: Scope<'_>, property: &str) -> Vec<Result<String, String>> {
        let Some(node) = self.property(property) else { return Vec::new() };
        let text = |node: &Node| match scope.resolve(node) {
            Ok(found) => found.map(|found| match found.text() {
                Some(text) => vec![Ok(text.to_owned())],
                // A choice between lists.
                None => found.items().iter().map(text_of).collect(),
            }),
            Err(why) => Some(vec![Err(why)]),
        };
        one_or_all(node).iter().filter_map(text).flatten().collect()
    }

    /// Whom a property names. Who is not known may be anybody, and a remark says why.
    fn named(&self, principal: Principal, property: &str, remarks: &mut Vec<String>) -> Vec<Name> {
        let name = |name: Result<String, String>| match name {
            Ok(name) => self.whom(principal, &name),
            Err(why) => {
                remarks.push(format!("`{property}` of `{}` {why}", self.id));
                Name::Unknown(principal, self.place(property))
            }
        };
        self.each(self.scope, property).into_iter().map(name).collect()
    }

    /// Whom a name is for. A parameter never is what the template makes.
    fn whom(&self, principal: Principal, name: &str) -> Name {
        let id = referred(name);
        if self.scope.resources.get(id).is_some() {
            return Name::Of(principal, reference(id));
        }
        Name::Of(principal, id.to_owned())
    }

    fn policies(&self, resource: &mut Resource, kind: &str, remarks: &mut Vec<String>) {
        if kind == "AWS::Organizations::Policy" {
            let layer = self.property("Type").and_then(Look::text).and_then(organization);
            resource.own.push(self.own(self.property("Content"), layer, "", self.place("Content")));
            return;
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
            // What `Ref` gives, and `Fn::GetAtt` too.
            let attribute = format!("{}.PolicyArn", self.id);
            for name in [self.id, &attribute] {
                let chosen = self.scope.choices.of(name).map(str::to_owned);
                let arns = [Some(reference(name)), chosen];
                resource.names.extend(arns.into_iter().flatten().map(Name::Policy));
            }
            resource.names.dedup();
        }
        // Other types name principals, too, and give them nothing.
        if kind.starts_with("AWS::IAM::") && !resource.own.is_empty() {
            for (principal, property) in [
                (Principal::Role, "Roles"),
                (Principal::Role, "RoleName"),
                (Principal::User, "Users"),
                (Principal::User, "UserName"),
                (Principal::Group, "Groups"),
                (Principal::Group, "GroupName"),
            ] {
                resource.to.extend(self.named(principal, property, remarks));
            }
        }
    }

    /// Whatever reads like a policy document in a property of a type that is not known.
    fn nested(&self, resource: &mut Resource, name: &str, node: &Node) {
        if node.is_policy() || is_text_of_policy(node) {
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
}

/// Whether a value is the text of a policy, or what makes one: `!Sub '{ "Statement": … }'`.
fn is_text_of_policy(node: &Node) -> bool {
    let is_call = matches!(node.members(), [member] if member.key.value.starts_with("Fn::"));
    let begins = || first_text(node).is_some_and(|text| text.trim_start().starts_with(['{', '%']));
    let text = || written(node).replace("\\\"", "\"");
    let says = |text: String| text.contains("\"Statement\"") || text.contains("%22Statement%22");
    (node.text().is_some() || is_call) && begins() && says(text())
}

/// The first text of a value.
fn first_text(node: &Node) -> Option<&str> {
    let members = node.members().iter().map(|member| &member.value);
    node.text().or_else(|| node.items().iter().chain(members).find_map(first_text))
}

/// A policy of a principal that cannot be had, and why.
fn absent(kind: PolicyType, slot: &str, place: String, why: String) -> Own {
    Own::new(slot, Some(kind), place, Document::Absent(why))
}

fn text_of(item: &Node) -> Result<String, String> {
    item.text().map(str::to_owned).ok_or_else(|| "has a name that is not a text".to_owned())
}
