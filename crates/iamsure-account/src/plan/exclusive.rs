//! What says that a principal has these policies and no others.
//!
//! Pages of the AWS provider: `aws_iam_role_policies_exclusive`, `aws_iam_role_policy_attachments_exclusive`, and those of users
//! and groups.

use super::computed::{absent, inline_name};
use super::given::{For, Given};
use super::resource::Described;
use crate::managed::ManagedPolicies;
use crate::node::Look;
use crate::principal::{Joined, Name, Principal, Resource};

/// The types: whose policies, the attribute that names the principal, the attribute that lists policies, and whether these are
/// inline.
const TYPES: [(&str, Principal, &str, &str, bool); 6] = [
    ("aws_iam_role_policies_exclusive", Principal::Role, "role_name", "policy_names", true),
    ("aws_iam_user_policies_exclusive", Principal::User, "user_name", "policy_names", true),
    ("aws_iam_group_policies_exclusive", Principal::Group, "group_name", "policy_names", true),
    (
        "aws_iam_role_policy_attachments_exclusive",
        Principal::Role,
        "role_name",
        "policy_arns",
        false,
    ),
    (
        "aws_iam_user_policy_attachments_exclusive",
        Principal::User,
        "user_name",
        "policy_arns",
        false,
    ),
    (
        "aws_iam_group_policy_attachments_exclusive",
        Principal::Group,
        "group_name",
        "policy_arns",
        false,
    ),
];

/// A list of all policies of one kind that a principal has.
#[derive(Debug)]
pub(super) struct Exclusive {
    address: String,
    whom: Name,
    attribute: &'static str,
    is_inline: bool,
    /// The names or the ARNs; `None` if they are not known.
    listed: Option<Vec<String>>,
}

impl Described<'_> {
    /// Such a list, if it is one.
    pub(super) fn exclusive(&self) -> Option<Exclusive> {
        let (_, principal, whom, attribute, is_inline) =
            TYPES.into_iter().find(|(kind, ..)| *kind == self.kind)?;
        let listed = self.values.map(|values| values.items_of(attribute)).unwrap_or_default();
        let listed = listed.iter().map(|item| item.text().map(str::to_owned)).collect();
        Some(Exclusive {
            address: self.address.to_owned(),
            whom: self.whom(principal, whom),
            attribute,
            is_inline,
            listed: if self.is_unknown(attribute) { None } else { listed },
        })
    }
}

impl Exclusive {
    /// What stands for it among the resources: for whom it is.
    pub(super) fn resource(&self) -> Resource {
        Resource {
            address: self.address.clone(),
            to: vec![self.whom.clone()],
            ..Resource::default()
        }
    }

    /// Gives its principal what it lists, and nothing else. What an apply changes beside it may come before or after it.
    pub(super) fn apply(&self, resources: &mut Vec<Resource>, is_changed: impl Fn(&str) -> bool) {
        let none = ManagedPolicies::default();
        let joined = Joined::of(resources, &none);
        let Some(principal) = joined.find(&self.whom).cloned() else { return };
        let given = Given::of(resources, &joined);
        let mut settled = principal.clone();
        let mut taken: Vec<(String, Option<Name>)> = Vec::new();
        match &self.listed {
            None => {
                let why = "is unknown until apply, and lists all that it has";
                settled.own.push(absent(&self.place(), why.to_owned()));
            }
            Some(listed) if self.is_inline => {
                let is_listed =
                    |name: Option<&str>| listed.iter().any(|one| Some(one.as_str()) == name);
                settled.own.retain(|own| inline_name(own).is_none_or(|name| is_listed(Some(name))));
                let mut known: Vec<String> =
                    settled.own.iter().filter_map(inline_name).map(str::to_owned).collect();
                for (of, _) in given.inline(&principal) {
                    let name = of.inline_name.as_deref();
                    known.extend(name.map(str::to_owned));
                    if is_listed(name) {
                        continue;
                    }
                    if name.is_some() && !is_changed(&of.address) {
                        taken.push((of.address.clone(), None));
                    } else {
                        settled.own.push(self.contradicted(&of.address));
                    }
                }
                for name in listed.iter().filter(|name| !known.contains(name)) {
                    let why = format!("lists the inline policy `{name}`, which is not in the plan");
                    settled.own.push(absent(&self.place(), why));
                }
            }
            Some(listed) => {
                let listed: Vec<Name> = listed.iter().cloned().map(Name::Policy).collect();
                let is_listed = |name: &Name| listed.iter().any(|one| given.is_same(one, name));
                settled.attached.retain(&is_listed);
                let mut known = settled.attached.clone();
                for (of, name, _) in given.managed(&principal) {
                    if is_listed(name) {
                        known.push(name.clone());
                    } else if is_changed(&of.address) {
                        settled.own.push(self.contradicted(&of.address));
                    } else {
                        taken.push((of.address.clone(), Some(name.clone())));
                    }
                }
                let is_missing = |one: &&Name| !known.iter().any(|name| given.is_same(one, name));
                settled.attached.extend(listed.iter().filter(is_missing).cloned());
            }
        }
        let is_principal = |name: &Name| given.whose(name, &principal) == Some(For::This);
        let names: Vec<Name> =
            principal.names.iter().filter(|name| is_principal(name)).cloned().collect();
        drop(joined);
        for resource in &mut *resources {
            if resource.address == principal.address {
                *resource = settled.clone();
            }
        }
        take(resources, &taken, &names);
    }

    fn place(&self) -> String {
        format!("{}.{}", self.address, self.attribute)
    }

    /// Of a policy that it does not list, and that an apply gives the principal nevertheless.
    fn contradicted(&self, of: &str) -> crate::principal::Own {
        let why = format!("is not listed by `{}`, which takes away all others", self.place());
        absent(of, why)
    }
}

/// Takes policies away from a principal, by the resources that give them: an inline policy that nobody has is none.
fn take(resources: &mut Vec<Resource>, taken: &[(String, Option<Name>)], whom: &[Name]) {
    for (address, policy) in taken {
        for resource in resources.iter_mut().filter(|of| of.address == *address) {
            match policy {
                Some(policy) => {
                    resource.joins.retain(|(of, what)| !(whom.contains(of) && what == policy));
                }
                None => resource.to.retain(|of| !whom.contains(of)),
            }
        }
        if policy.is_none() {
            resources.retain(|of| of.address != *address || !of.to.is_empty());
        }
    }
}
