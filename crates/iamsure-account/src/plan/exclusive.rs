//! What says that a principal has these policies and no others.
//!
//! Pages of the AWS provider: `aws_iam_role_policies_exclusive`, `aws_iam_role_policy_attachments_exclusive`, and those of users
//! and groups.

use std::collections::BTreeMap;

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

    /// Gives its principal what it lists, and nothing else; what other resources gave is taken. What an apply changes beside it
    /// may come before or after it.
    fn apply<'a>(
        &self,
        principal: &'a Resource,
        settled: &mut Resource,
        given: &Given<'a>,
        is_changed: &impl Fn(&str) -> bool,
    ) -> Vec<Taken> {
        let mut taken = Vec::new();
        let names: Vec<Name> = principal
            .names
            .iter()
            .filter(|name| given.whose(name, principal) == Some(For::This))
            .cloned()
            .collect();
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
                for (of, _) in given.inline(principal) {
                    let name = of.inline_name.as_deref();
                    known.extend(name.map(str::to_owned));
                    if is_listed(name) {
                        continue;
                    }
                    if name.is_some() && !is_changed(&of.address) {
                        taken.push(Taken {
                            by: of.address.clone(),
                            policy: None,
                            whom: names.clone(),
                        });
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
                for (of, name, _) in given.managed(principal) {
                    if is_listed(name) {
                        known.push(name.clone());
                    } else if is_changed(&of.address) {
                        settled.own.push(self.contradicted(&of.address));
                    } else {
                        let policy = Some(name.clone());
                        taken.push(Taken { by: of.address.clone(), policy, whom: names.clone() });
                    }
                }
                let is_missing = |one: &&Name| !known.iter().any(|name| given.is_same(one, name));
                settled.attached.extend(listed.iter().filter(is_missing).cloned());
            }
        }
        taken
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

/// What is taken away from a principal.
struct Taken {
    /// The resource that gives it.
    by: String,
    /// The managed policy; `None` if the resource is an inline policy.
    policy: Option<Name>,
    /// What the principal is called.
    whom: Vec<Name>,
}

/// Gives principals what is listed for them, and nothing else. An inline policy that nobody has is none.
pub(super) fn settle(
    resources: &mut Vec<Resource>,
    lists: &[Exclusive],
    is_changed: impl Fn(&str) -> bool,
) {
    if lists.is_empty() {
        return;
    }
    let none = ManagedPolicies::default();
    let mut settled: BTreeMap<String, Resource> = BTreeMap::new();
    let mut taken: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
    {
        let joined = Joined::of(resources, &none);
        let given = Given::of(resources, &joined);
        for list in lists {
            let Some(principal) = joined.find(&list.whom) else { continue };
            let address = principal.address.clone();
            let settled = settled.entry(address).or_insert_with(|| principal.clone());
            for one in list.apply(principal, settled, &given, &is_changed) {
                taken.entry(one.by.clone()).or_default().push(one);
            }
        }
    }
    for resource in &mut *resources {
        if let Some(settled) = settled.remove(&resource.address) {
            *resource = settled;
        }
        for one in taken.get(&resource.address).into_iter().flatten() {
            match &one.policy {
                Some(policy) => {
                    resource.joins.retain(|(of, what)| !(one.whom.contains(of) && what == policy));
                }
                None => resource.to.retain(|of| !one.whom.contains(of)),
            }
        }
    }
    let is_inline = |of: &Resource| {
        taken.get(&of.address).is_some_and(|all| all.iter().any(|one| one.policy.is_none()))
    };
    resources.retain(|of| !of.to.is_empty() || !is_inline(of));
}
