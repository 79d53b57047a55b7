//! What a role lists that resources of their own gave it.
//!
//! Page of the AWS provider: `aws_iam_role` (`inline_policy`, `managed_policy_arns`). Where the configuration does not set
//! them they are computed: what the role had when it was last read, also by `aws_iam_role_policy` and by attachments.

use super::given::{For, Given, afterwards};
use crate::container::{BEFORE, Document};
use crate::managed::ManagedPolicies;
use crate::principal::{Joined, Name, Own, Principal, Resource};
use iamsure_core::language::PolicyType;

/// Who says what is in the list of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// The role: it has these policies, and no others.
    ByItself,
    /// Whoever read it: copies of what it has.
    Copied,
    /// One of the two.
    NotTold,
}

/// The attribute of inline policies.
const INLINE: &str = "inline_policy";

/// The attribute of managed policies.
const MANAGED: &str = "managed_policy_arns";

/// Takes out of the lists of roles what resources of their own say better, and what these take away: remarks, a clause each.
pub(super) fn settle(
    after: &mut [Resource],
    before: &mut [Resource],
    listed: impl Fn(&str, &str) -> Listed,
) -> Vec<String> {
    let mut remarks = Vec::new();
    let none = ManagedPolicies::default();
    let changed: Vec<(usize, Resource)> = {
        let (is, was) = (Joined::of(after, &none), Joined::of(before, &none));
        let (is, was) = (Given::of(after, &is), Given::of(before, &was));
        let roles =
            after.iter().enumerate().filter(|(_, of)| of.principal == Some(Principal::Role));
        roles
            .map(|(index, role)| {
                let versions = Versions { role, is: &is, was: &was };
                let mut settled = role.clone();
                versions.inline(&mut settled, listed(&role.address, INLINE), &mut remarks);
                versions.managed(&mut settled, listed(&role.address, MANAGED), &mut remarks);
                (index, settled)
            })
            .collect()
    };
    put(after, changed);
    let changed: Vec<(usize, Resource)> = {
        let was = Joined::of(before, &none);
        let was = Given::of(before, &was);
        let roles =
            before.iter().enumerate().filter(|(_, of)| of.principal == Some(Principal::Role));
        roles
            .map(|(index, role)| {
                let mut settled = role.clone();
                let apart = was.inline(role);
                settled.own.retain(|own| {
                    !apart.iter().any(|(of, whose)| *whose == For::This && is_copy(own, of))
                });
                (index, settled)
            })
            .collect()
    };
    put(before, changed);
    remarks
}

fn put(resources: &mut [Resource], changed: Vec<(usize, Resource)>) {
    for (index, settled) in changed {
        if let Some(resource) = resources.get_mut(index) {
            *resource = settled;
        }
    }
}

/// The name of an inline policy that a principal lists.
pub(super) fn inline_name(own: &Own) -> Option<&str> {
    own.slot.strip_prefix("inline/")
}

/// Whether an inline policy of a role has the name of one that is a resource of its own.
fn is_copy(own: &Own, of: &Resource) -> bool {
    inline_name(own).is_some() && inline_name(own) == of.inline_name.as_deref()
}

/// A role, after and before.
struct Versions<'a> {
    role: &'a Resource,
    is: &'a Given<'a>,
    was: &'a Given<'a>,
}

impl Versions<'_> {
    /// The role before.
    fn before(&self) -> Option<&Resource> {
        self.was.at(&format!("{BEFORE}{}", self.role.address))
    }

    fn inline(&self, settled: &mut Resource, listed: Listed, remarks: &mut Vec<String>) {
        let role = &self.role.address;
        let apart: Vec<(&Resource, For)> = self.is.inline(self.role);
        let before = self.before();
        let gave: Vec<(&Resource, For)> =
            before.into_iter().flat_map(|role| self.was.inline(role)).collect();
        settled.own.retain_mut(|own| {
            if inline_name(own).is_none() {
                return true;
            }
            let is_this = |(of, whose): &&(&Resource, For)| *whose == For::This && is_copy(own, of);
            if let Some((of, _)) = apart.iter().find(is_this) {
                let is_same = of.own.iter().any(|other| other.document == own.document);
                if listed != Listed::ByItself || is_same {
                    return false;
                }
                own.document = Document::Absent(format!(
                    "is not what `{}` sets for the same name: keep one of the two",
                    of.address
                ));
                return true;
            }
            let unnamed = apart.iter().find(|(of, _)| of.inline_name.is_none());
            if let Some((of, _)) = unnamed.filter(|_| listed != Listed::ByItself) {
                own.document = Document::Absent(format!(
                    "may be replaced by `{}`, whose name is unknown until apply",
                    of.address
                ));
                return true;
            }
            let Some((of, whose)) = gave.iter().find(|(of, _)| is_copy(own, of)) else {
                return true;
            };
            let of = of.address.trim_start_matches(BEFORE);
            match (listed, whose) {
                (Listed::Copied, For::This) => return false,
                (Listed::ByItself, _) => remarks.push(kept(role, INLINE, of)),
                _ => own.document = Document::Absent(not_told(INLINE, of)),
            }
            true
        });
        if listed == Listed::ByItself {
            let is_listed = |of: &Resource| self.role.own.iter().any(|own| is_copy(own, of));
            for (of, _) in apart.into_iter().filter(|(of, _)| !is_listed(of)) {
                settled.own.push(unlisted(of, INLINE));
            }
        }
    }

    fn managed(&self, settled: &mut Resource, listed: Listed, remarks: &mut Vec<String>) {
        let role = &self.role.address;
        let apart: Vec<(&Resource, &Name, For)> = self.is.managed(self.role);
        let before = self.before();
        let gave: Vec<(&Resource, Name, For)> = before
            .into_iter()
            .flat_map(|role| self.was.managed(role))
            .map(|(of, name, whose)| (of, afterwards(name), whose))
            .collect();
        let mut missing = Vec::new();
        settled.attached.retain(|arn| {
            if apart.iter().any(|(_, name, _)| self.is.is_same(arn, name)) {
                return true;
            }
            let Some((of, _, whose)) = gave.iter().find(|(_, name, _)| name == arn) else {
                return true;
            };
            let of = of.address.trim_start_matches(BEFORE);
            match (listed, whose) {
                (Listed::Copied, For::This) => return false,
                (Listed::ByItself, _) => remarks.push(kept(role, MANAGED, of)),
                _ => {
                    missing.push(absent(arn.shown(), not_told(MANAGED, of)));
                    return false;
                }
            }
            true
        });
        settled.own.extend(missing);
        let is_known = !self.role.attached.iter().any(|name| !name.shown().starts_with("arn:"));
        if listed == Listed::ByItself && is_known {
            let is_listed =
                |name: &Name| self.role.attached.iter().any(|arn| self.is.is_same(arn, name));
            for (of, ..) in apart.iter().filter(|(_, name, _)| !is_listed(name)) {
                settled.own.push(unlisted(of, MANAGED));
            }
        }
    }
}

/// A policy of a principal that cannot be had.
pub(super) fn absent(place: &str, why: String) -> Own {
    let kind = Some(PolicyType::Identity);
    Own::new(format!("unknown/{place}"), kind, place, Document::Absent(why))
}

/// Of a policy that a resource of its own gives, and the list of the role does not hold.
fn unlisted(of: &Resource, attribute: &str) -> Own {
    let why = format!("is for a role whose `{attribute}` does not list it: keep one of the two");
    absent(&of.address, why)
}

fn kept(role: &str, attribute: &str, of: &str) -> String {
    format!(
        "`{of}` no longer gives `{role}` a policy that its `{attribute}` sets: it counts as what the role has"
    )
}

fn not_told(attribute: &str, of: &str) -> String {
    format!(
        "is in `{attribute}`, and `{of}`, which gave it, no longer does: the plan does not tell whether the role keeps it"
    )
}
