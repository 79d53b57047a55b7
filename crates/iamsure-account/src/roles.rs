//! The roles of an account that a question about several resources is about, by whom they trust.
//!
//! Whether a role is assumed is decided by its own trust policy. A question that names one role is asked beside that; one
//! about several is asked of the others without a trust policy, and of these beside their own.

use std::collections::BTreeMap;

use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::{ActionName, ActionPattern, PolicyDocument};
use iamsure_core::world::PolicySet;

use crate::principals::Principals;
use crate::question::Facts;

/// What a role must be asked for to become it.
pub(crate) const ASSUME_ROLE: &str = "sts:AssumeRole";

/// How many questions are asked of roles, each of one principal and the roles that trust the same.
const MOST: usize = 200_000;

/// Roles with the same trust policy.
#[derive(Debug)]
pub(crate) struct Trusting<'a> {
    /// Their ARNs.
    pub(crate) roles: Vec<String>,
    /// Whom they trust.
    pub(crate) trust: &'a PolicyDocument,
}

impl Trusting<'_> {
    /// The facts of a question about these roles.
    pub(crate) fn facts(&self, facts: &Facts) -> Facts {
        let trust = Some(self.trust.clone());
        Facts {
            resources: self.roles.clone(),
            layers: PolicySet { trust, ..facts.layers.clone() },
            ..facts.clone()
        }
    }
}

/// What is left open of a question that is about several roles.
pub(crate) const TOO_MANY: &str =
    "there are too many roles to ask about each: name one, by the ARN of the resource";

/// The roles that a question is about.
#[derive(Debug, Default)]
pub(crate) struct Roles<'a> {
    /// In groups; none if it is not about assuming roles, or names one role, which is asked beside its trust policy anyway.
    pub(crate) groups: Vec<Trusting<'a>>,
    /// Whether it is about nothing else: each resource is one of them, and assuming it is all that is asked.
    pub(crate) are_all: bool,
    /// Whether assuming roles is all that is asked.
    pub(crate) is_of_assuming: bool,
    /// Whether some role with a known trust policy is among those that are meant, in a group or not.
    pub(crate) some_are_known: bool,
}

/// The roles that a question is about. An error says that there are too many.
pub(crate) fn roles_of<'a>(
    principals: &'a Principals,
    facts: &Facts,
    actions: &[&ActionPattern],
    resources: &[String],
) -> Result<Roles<'a>, &'static str> {
    let assume = ActionName::parse(ASSUME_ROLE);
    let names =
        |pattern: &&ActionPattern| assume.as_ref().is_ok_and(|action| pattern.matches(action));
    let is_about_assuming = actions.is_empty() || actions.iter().any(names);
    let names_one = matches!(resources, [one] if principals.known_trust(one).is_some());
    if !is_about_assuming || names_one || facts.layers.trust.is_some() {
        return Ok(Roles::default());
    }
    let is_it = |pattern: &&ActionPattern| pattern.as_str().eq_ignore_ascii_case(ASSUME_ROLE);
    let is_known = |role: &String| matches!(principals.known_trust(role), Some(Ok(_)));
    let is_of_assuming = !actions.is_empty() && actions.iter().all(is_it);
    let are_all = is_of_assuming && !resources.is_empty() && resources.iter().all(is_known);
    let patterns: Vec<Pattern> =
        resources.iter().map(|resource| Pattern::glob(resource, Case::Sensitive)).collect();
    let is_meant = |role: &str| patterns.is_empty() || patterns.iter().any(|one| one.matches(role));
    let mut some_are_known = false;
    let mut groups: BTreeMap<&str, Trusting<'a>> = BTreeMap::new();
    for (role, trust) in principals.trusts() {
        let Ok(trust) = trust else { continue };
        if !is_meant(role) {
            continue;
        }
        some_are_known = true;
        if are_all || trusts_somebody(trust) {
            let new = || Trusting { roles: Vec::new(), trust };
            groups.entry(trust.source.text()).or_insert_with(new).roles.push(role.to_owned());
        }
    }
    if groups.len().saturating_mul(principals.principals.len()) > MOST {
        return Err(TOO_MANY);
    }
    Ok(Roles { groups: groups.into_values().collect(), are_all, is_of_assuming, some_are_known })
}

/// Whether a trust policy names a principal that is no service and no provider.
pub(crate) fn trusts_somebody(trust: &PolicyDocument) -> bool {
    trust.statements.iter().any(|statement| {
        statement.principal.as_ref().is_some_and(|element| {
            element.entries.iter().any(|entry| {
                !matches!(entry.value, PrincipalEntry::Service(_) | PrincipalEntry::Federated(_))
            })
        })
    })
}
