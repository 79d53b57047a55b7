//! Resources of Terraform's AWS provider that have to do with policies.

use iamsure_core::language::PolicyType;

use super::configuration::Configuration;
use super::policy_document::rebuilt;
use super::principals::{Principals, principal_of, said};
use crate::answer::organization;
use crate::container::Document;
use crate::decoded::{decoded, document};
use crate::node::{Look, Node};
use crate::principal::{Name, Own, Principal, Resource, without_a_policy};
use crate::written::written;

/// A resource as a plan describes it.
pub(super) struct Described<'a> {
    pub(super) address: &'a str,
    /// What stands before the address.
    pub(super) prefix: &'a str,
    pub(super) kind: &'a str,
    pub(super) values: Option<&'a Node>,
    /// Which values are unknown until apply.
    pub(super) unknown: Option<&'a Node>,
    pub(super) configuration: Option<&'a Configuration<'a>>,
    /// What is planned of a resource, by address.
    pub(super) planned: &'a dyn Fn(&str) -> Option<&'a Node>,
    /// The principals of the plan.
    pub(super) principals: &'a Principals<'a>,
}

impl<'a> Described<'a> {
    /// A resource as it is, of which nothing is unknown; `prefix` stands before its address.
    pub(super) fn settled(
        (address, prefix): (&'a str, &'a str),
        kind: &'a str,
        values: Option<&'a Node>,
        principals: &'a Principals<'a>,
    ) -> Self {
        let planned = &|_: &str| None;
        Self {
            address,
            prefix,
            kind,
            values,
            unknown: None,
            configuration: None,
            planned,
            principals,
        }
    }
}

/// The attributes that hold a policy document, by the type of resource.
const DOCUMENTS: [(&str, &str, PolicyType); 10] = [
    ("aws_iam_policy", "policy", PolicyType::Identity),
    ("aws_iam_role_policy", "policy", PolicyType::Identity),
    ("aws_iam_user_policy", "policy", PolicyType::Identity),
    ("aws_iam_group_policy", "policy", PolicyType::Identity),
    ("aws_s3_bucket_policy", "policy", PolicyType::Resource),
    ("aws_sqs_queue_policy", "policy", PolicyType::Resource),
    ("aws_sns_topic_policy", "policy", PolicyType::Resource),
    ("aws_kms_key", "policy", PolicyType::Resource),
    ("aws_vpc_endpoint", "policy", PolicyType::Endpoint),
    ("aws_vpc_endpoint_policy", "policy", PolicyType::Endpoint),
];

/// The attributes that are lists of principals or of managed policies.
const LISTS: [&str; 4] = ["managed_policy_arns", "roles", "users", "groups"];

/// Types that grant access to others without a policy document.
const GRANTS: [&str; 4] = [
    "aws_cloudwatch_event_permission",
    "aws_kms_grant",
    "aws_lambda_layer_version_permission",
    "aws_lambda_permission",
];

impl Described<'_> {
    /// The resource; `None` if it has nothing to do with policies.
    pub(super) fn read(&self, remarks: &mut Vec<String>) -> Option<Resource> {
        let mut resource =
            Resource { address: format!("{}{}", self.prefix, self.address), ..Resource::default() };
        resource.arn = self.text("arn").map(str::to_owned);
        if let Some(principal) = principal_of(self.kind) {
            self.principal(&mut resource, principal);
        }
        match self.kind {
            _ if resource.principal.is_some() => {}
            "aws_iam_policy" => {
                resource.names.push(Name::Policy(self.own_name()));
                resource.names.extend(self.text("arn").map(|arn| self.managed(arn)));
            }
            "aws_iam_role_policy" => self.inline(&mut resource, Principal::Role, "role"),
            "aws_iam_user_policy" => self.inline(&mut resource, Principal::User, "user"),
            "aws_iam_group_policy" => self.inline(&mut resource, Principal::Group, "group"),
            "aws_iam_role_policy_attachment" => {
                self.attachment(&mut resource, Principal::Role, "role");
            }
            "aws_iam_user_policy_attachment" => {
                self.attachment(&mut resource, Principal::User, "user");
            }
            "aws_iam_group_policy_attachment" => {
                self.attachment(&mut resource, Principal::Group, "group");
            }
            "aws_iam_user_group_membership" => {
                let user = self.whom(Principal::User, "user");
                resource.joins.extend(
                    self.each(Principal::Group, "groups").map(|group| (user.clone(), group)),
                );
            }
            "aws_iam_group_membership" => {
                let group = self.whom(Principal::Group, "group");
                resource
                    .joins
                    .extend(self.each(Principal::User, "users").map(|user| (user, group.clone())));
            }
            "aws_iam_policy_attachment" => {
                let policy = self.policy("policy_arn");
                for (kind, key) in [
                    (Principal::Role, "roles"),
                    (Principal::User, "users"),
                    (Principal::Group, "groups"),
                ] {
                    resource.joins.extend(self.each(kind, key).map(|whom| (whom, policy.clone())));
                }
            }
            "aws_organizations_policy" => {
                let kind = self.text("type").and_then(organization);
                let kind = kind.or(Some(PolicyType::Scp).filter(|_| self.text("type").is_none()));
                if kind.is_some() {
                    resource.own.push(self.own("content", kind, ""));
                }
            }
            kind => {
                if let Some((_, attribute, layer)) =
                    DOCUMENTS.iter().find(|(known, ..)| *known == kind)
                {
                    resource.own.extend(
                        self.held(attribute).then(|| self.own(attribute, Some(*layer), "")),
                    );
                } else {
                    self.others(&mut resource, remarks);
                }
                return Some(resource).filter(Resource::is_asked_about);
            }
        }
        if let Some((_, attribute, layer)) =
            DOCUMENTS.iter().find(|(known, ..)| *known == self.kind)
        {
            resource.own.push(self.own(attribute, Some(*layer), ""));
        }
        remarks.extend(LISTS.into_iter().filter_map(|attribute| self.unknown_beside(attribute)));
        Some(resource)
    }

    /// Said of a list that is known after apply, of which one item is read: the plan does not show constants beside it.
    fn unknown_beside(&self, attribute: &str) -> Option<String> {
        let refers = self.configuration?.refers(self.address, attribute)?;
        self.is_unknown(attribute).then(|| {
            format!(
                "`{attribute}` of `{}` is unknown until apply: it holds `{refers}`, and the plan does not show what else",
                self.address
            )
        })
    }

    /// What Terraform calls an attribute, and which version of it this is.
    fn place(&self, attribute: &str) -> String {
        format!("{}{}.{attribute}", self.prefix, self.address)
    }

    /// The text of an attribute. In what Terraform reads of AWS, an empty one says that there is none.
    fn text(&self, attribute: &str) -> Option<&str> {
        said(self.values?, attribute)
    }

    pub(super) fn is_unknown(&self, attribute: &str) -> bool {
        self.unknown
            .and_then(|unknown| unknown.get(attribute))
            .is_some_and(|node| written(node).contains("true"))
    }

    fn held(&self, attribute: &str) -> bool {
        self.is_unknown(attribute)
            || self.values.is_some_and(|values| values.get(attribute).is_some())
    }

    /// What resources that refer to this one call it.
    fn own_name(&self) -> String {
        format!("{}<{}>", self.prefix, self.address)
    }

    fn own(&self, attribute: &str, kind: Option<PolicyType>, slot: &str) -> Own {
        let document = match self.values.and_then(|values| values.get(attribute)) {
            Some(node) => document(node, true),
            None if self.is_unknown(attribute) => self.rebuilt(attribute),
            None => Document::Absent("is not in the plan".to_owned()),
        };
        Own::new(slot, kind, self.place(attribute), document)
    }

    /// A document that is known after apply, from the data source that makes it.
    fn rebuilt(&self, attribute: &str) -> Document {
        let found = self.configuration.and_then(|configuration| {
            let address = configuration.policy_document(self.address, attribute)?;
            let known = |reference: &str| self.principals.arn_of(reference, &address);
            Some(rebuilt(&address, (self.planned)(&address), configuration, &known))
        });
        match found {
            Some(Ok(text)) => {
                Document::Written { text: text.into(), how: "from the configuration" }
            }
            Some(Err(why)) => Document::Absent(why),
            None => Document::Absent("is unknown until apply".to_owned()),
        }
    }

    fn principal(&self, resource: &mut Resource, principal: Principal) {
        resource.principal = Some(principal);
        resource.tags = self.tags();
        resource.names.push(Name::Of(principal, self.own_name()));
        if resource.arn.is_none() {
            resource.arn = self.principals.arn(principal, self.address, self.values);
            resource.is_arn_assumed = resource.arn.is_some();
        }
        resource.names.extend(
            self.text("name").map(|name| Name::Of(principal, format!("{}{name}", self.prefix))),
        );
        if principal == Principal::Role {
            resource.own.push(self.own("assume_role_policy", Some(PolicyType::Trust), "trust"));
            let inline =
                self.values.map(|values| values.items_of("inline_policy")).unwrap_or_default();
            for (index, policy) in inline.iter().enumerate() {
                // A block that says nothing is how Terraform writes that there is none.
                let Some(found) = policy.get("policy").filter(|found| found.text() != Some(""))
                else {
                    continue;
                };
                let name = policy.text_of("name").map_or_else(|| index.to_string(), str::to_owned);
                resource.own.push(Own::new(
                    format!("inline/{name}"),
                    Some(PolicyType::Identity),
                    self.place(&format!("inline_policy[{index}].policy")),
                    document(found, true),
                ));
            }
            if self.has_unknown_documents("inline_policy") {
                resource.own.push(Own::new(
                    "inline",
                    Some(PolicyType::Identity),
                    self.place("inline_policy"),
                    Document::Absent("is unknown until apply".to_owned()),
                ));
            }
            let arns = self
                .values
                .map(|values| values.items_of("managed_policy_arns"))
                .unwrap_or_default();
            resource.attached.extend(
                arns.iter()
                    .filter_map(Look::text)
                    .filter(|text| !text.is_empty())
                    .map(|arn| self.managed(arn)),
            );
            // Of a role that is there already, what is known after apply is what else is attached to it: attachments say that.
            if self
                .configuration
                .is_some_and(|found| found.is_said(self.address, "managed_policy_arns"))
                && self.is_unknown("managed_policy_arns")
            {
                resource.attached.push(self.policy("managed_policy_arns"));
            }
        }
        if self.is_unknown("permissions_boundary") || self.text("permissions_boundary").is_some() {
            resource.boundary = Some(self.policy("permissions_boundary"));
        }
    }

    /// The tags, also those of the provider (`tags_all`); `None` if one is unknown until apply, or the plan does not tell.
    fn tags(&self) -> Option<Vec<(String, String)>> {
        let members = self.values.map(Look::members).unwrap_or_default();
        let is_told = |name: &&str| {
            self.is_unknown(name) || members.iter().any(|member| member.key.value == *name)
        };
        let attribute = ["tags_all", "tags"].into_iter().find(is_told)?;
        if self.is_unknown(attribute) {
            return None;
        }
        let tags = self.values.and_then(|values| values.get(attribute));
        let tags = tags.map(Look::members).unwrap_or_default().iter();
        tags.map(|tag| Some((tag.key.value.clone(), tag.value.text()?.to_owned()))).collect()
    }

    /// Whether inline policies are written in the configuration, and not known.
    fn has_unknown_documents(&self, attribute: &str) -> bool {
        self.is_unknown(attribute)
            && self.configuration.is_some_and(|found| found.is_said(self.address, attribute))
    }

    /// A policy of a principal that is a resource of its own.
    fn inline(&self, resource: &mut Resource, principal: Principal, attribute: &str) {
        resource.to.push(self.whom(principal, attribute));
        let is_written =
            self.configuration.is_none_or(|found| found.sets(self.address, "name") != Some(false));
        // A name that the provider makes up is that of no other.
        let made_up = (!is_written).then(|| self.own_name());
        resource.inline_name = self.text("name").map(str::to_owned).or(made_up);
    }

    fn attachment(&self, resource: &mut Resource, principal: Principal, attribute: &str) {
        resource.joins.push((self.whom(principal, attribute), self.policy("policy_arn")));
    }

    /// Whom an attribute names.
    pub(super) fn whom(&self, principal: Principal, attribute: &str) -> Name {
        if let Some(name) = self.text(attribute) {
            return Name::Of(principal, format!("{}{name}", self.prefix));
        }
        match self.configuration.and_then(|found| found.refers(self.address, attribute)) {
            Some(address) => Name::Of(principal, format!("<{address}>")),
            None => Name::Unknown(principal, format!("{}.{attribute}", self.address)),
        }
    }

    /// Everybody whom an attribute names.
    fn each(&self, principal: Principal, attribute: &str) -> impl Iterator<Item = Name> {
        let listed = self.values.map(|values| values.items_of(attribute)).unwrap_or_default();
        let mut names: Vec<Name> = listed
            .iter()
            .filter_map(Look::text)
            .filter(|text| !text.is_empty())
            .map(|name| Name::Of(principal, format!("{}{name}", self.prefix)))
            .collect();
        if self.is_unknown(attribute) {
            names.push(
                match self.configuration.and_then(|found| found.refers(self.address, attribute)) {
                    Some(address) => Name::Of(principal, format!("<{address}>")),
                    None => Name::Unknown(principal, format!("{}.{attribute}", self.address)),
                },
            );
        }
        names.into_iter()
    }

    fn managed(&self, arn: &str) -> Name {
        Name::Policy(format!("{}{arn}", self.prefix))
    }

    /// The managed policy that an attribute names.
    fn policy(&self, attribute: &str) -> Name {
        if let Some(arn) = self.text(attribute) {
            return self.managed(arn);
        }
        let refers = self.configuration.and_then(|found| found.refers(self.address, attribute));
        Name::Policy(refers.map_or_else(
            || format!("{}.{attribute} (known after apply)", self.address),
            |address| format!("<{address}>"),
        ))
    }

    /// Of a type that is not known: whatever reads like a policy document.
    fn others(&self, resource: &mut Resource, remarks: &mut Vec<String>) {
        if GRANTS.contains(&self.kind) {
            remarks.push(without_a_policy(&resource.address, self.kind));
        }
        for member in self.values.map(Look::members).unwrap_or_default() {
            let is_policy = member
                .value
                .text()
                .and_then(decoded)
                .is_some_and(|text| text.contains("\"Statement\""));
            if is_policy {
                let attribute = &member.key.value;
                resource.own.push(self.own(
                    attribute,
                    None,
                    if attribute == "policy" { "" } else { attribute },
                ));
            }
        }
        for member in self.unknown.map(Look::members).unwrap_or_default() {
            let name = member.key.value.as_str();
            if name.ends_with("policy") && written(&member.value) == "true" {
                remarks.push(format!("`{name}` of `{}` is unknown until apply", resource.address));
            }
        }
    }
}
