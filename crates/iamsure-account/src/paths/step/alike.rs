//! Resources about which a policy set decides an action alike: those that the same entries match.

use iamsure_core::language::document::{AwsPrincipal, Effect, Named, PrincipalEntry, Sense};
use iamsure_core::language::resource::{CompiledResource, ResourceMatch, ResourceRules};
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::variable::{Reading, Value};
use iamsure_core::language::{
    ActionName, ActionPattern, Arn, PolicyDocument, PolicyType, ResourcePattern,
};
use iamsure_core::world::PolicySet;

use crate::account_principal::AccountPrincipal;

/// What the decision of an action depends on in the name of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Likeness {
    /// All of it.
    Itself(String),
    /// Its partition and account, its type, whether it is the caller itself, and the entries that match it, by number and by
    /// the rules that may count.
    Matched { owner: String, kind: String, is_own: bool, entries: Vec<u8> },
}

/// The entries of a policy set that are about the resources of an action.
#[derive(Clone, Debug)]
pub(super) struct Entries {
    /// Whether an Allow may be about the action, on resources that one of these matches or on some that none tells apart.
    allows: Vec<Option<usize>>,
    compiled: Vec<(ResourcePattern, Vec<CompiledResource>)>,
    /// Whether more than these tells resources apart: values in their entries.
    is_open: bool,
}

impl Entries {
    /// Those of the statements that may be about an action.
    pub(super) fn of(policies: &PolicySet, action: &str) -> Self {
        let mut found = Self { allows: Vec::new(), compiled: Vec::new(), is_open: false };
        let action = ActionName::parse(action).ok();
        let may_be = |entry: &ActionPattern| {
            let is_it = action.as_ref().is_none_or(|action| entry.matches(action));
            is_it || !placeholders(entry.as_str()).is_empty()
        };
        for (id, _, statement) in policies.statements() {
            let may_match = statement.action.as_ref().is_some_and(|element| {
                element.sense == Sense::NoneOf || element.entries.iter().any(|entry| may_be(entry))
            });
            if !may_match {
                continue;
            }
            // Limits allow nothing by themselves.
            let allows = *statement.effect == Effect::Allow
                && matches!(id.layer, PolicyType::Identity | PolicyType::Resource);
            let Some(element) = &statement.resource else {
                found.allows.extend(allows.then_some(None));
                continue;
            };
            if allows && element.sense == Sense::NoneOf {
                found.allows.push(None);
            }
            for entry in &element.entries {
                let text = entry.as_str();
                let is_open = text.contains("${") || !placeholders(text).is_empty();
                found.is_open |= is_open;
                let number = (!is_open).then_some(found.compiled.len());
                if !is_open {
                    let compile = |rules| entry.compile(id.layer, Reading::Plain, rules);
                    let compiled = every_rule().map(compile).collect();
                    found.compiled.push((entry.value.clone(), compiled));
                }
                if allows && element.sense == Sense::OneOf {
                    found.allows.push(number);
                }
            }
        }
        found
    }

    /// What the decision about a resource depends on in its name; `None` if no Allow may be about it.
    pub(super) fn on(&self, resource: &str, own: &str) -> Option<Likeness> {
        // Of a pattern of resources some may match.
        let is_one = !resource.contains(['*', '?', '<']);
        let entries = self.matching(resource);
        let may_allow = |number: &Option<usize>| {
            let bits = number.and_then(|number| entries.get(number));
            !is_one || bits.is_none_or(|bits| *bits != 0)
        };
        let allows = self.allows.iter().any(may_allow);
        allows.then(|| self.likeness(resource, own, entries))
    }

    /// The same where no Allow is about the resource.
    pub(super) fn without_allow(&self, resource: &str, own: &str) -> Likeness {
        self.likeness(resource, own, self.matching(resource))
    }

    /// By number and by rule, which entries match a resource.
    fn matching(&self, resource: &str) -> Vec<u8> {
        let matched = |(entry, compiled): &(ResourcePattern, Vec<CompiledResource>)| {
            compiled.iter().enumerate().fold(0, |bits, (number, one)| {
                let is_match = one.matches(entry, resource, |_| Value::None) == ResourceMatch::Yes;
                bits | u8::from(is_match) << number
            })
        };
        self.compiled.iter().map(matched).collect()
    }

    fn likeness(&self, resource: &str, own: &str, entries: Vec<u8>) -> Likeness {
        match Arn::split(resource).filter(|_| !self.is_open && is_plain(resource)) {
            Some(arn) => Likeness::Matched {
                owner: format!("{}:{}", arn.partition, arn.account),
                kind: arn.resource.split(['/', ':']).next().unwrap_or_default().to_owned(),
                is_own: resource == own,
                entries,
            },
            None => Likeness::Itself(resource.to_owned()),
        }
    }

    /// Whether some Allow may be about the action.
    pub(super) fn allow_some(&self) -> bool {
        !self.allows.is_empty()
    }
}

/// The rules by which an entry may match: the choices where AWS is silent that concern entries without variables.
fn every_rule() -> impl Iterator<Item = ResourceRules> {
    (0..8).map(|bits| ResourceRules {
        fields_ignore_case: bits & 1 != 0,
        inner_runs_cross: bits & 2 != 0,
        complete_everywhere: bits & 4 != 0,
        ..ResourceRules::default()
    })
}

/// Whether a resource is one by its whole name, and of no path that AWS keeps for itself.
fn is_plain(resource: &str) -> bool {
    !resource.contains(['*', '?', '<']) && !resource.contains("/aws-")
}

/// Whether a trust policy names callers of roles and users by themselves, and not by their account.
pub(super) fn names_callers(trust: &PolicyDocument) -> bool {
    trust.statements.iter().any(|statement| {
        statement.principal.as_ref().is_some_and(|element| {
            element.entries.iter().any(|entry| match &entry.value {
                PrincipalEntry::Everyone
                | PrincipalEntry::Service(_)
                | PrincipalEntry::Federated(_) => false,
                PrincipalEntry::Aws(aws) => {
                    !matches!(aws.named(), Named::Account(_) | Named::Everyone)
                }
                PrincipalEntry::CanonicalUser(_) | PrincipalEntry::Other { .. } => true,
            })
        })
    })
}

/// Whether a trust policy may let a principal in by itself, without an Allow of the principal's own.
pub(super) fn may_let_in(trust: &PolicyDocument, principal: &AccountPrincipal) -> bool {
    let name = |text: &'_ str| text.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let may_be = |aws: &AwsPrincipal| match aws.named() {
        _ if !placeholders(aws.as_str()).is_empty() => true,
        // An account lets in whom its own policies let out.
        Named::Account(_) => false,
        Named::Role { .. } | Named::User(_) => name(aws.as_str()) == name(&principal.arn),
        _ => true,
    };
    trust.statements.iter().any(|statement| {
        *statement.effect == Effect::Allow
            && statement.principal.as_ref().is_none_or(|element| {
                element.sense == Sense::NoneOf
                    || element.entries.iter().any(|entry| match &entry.value {
                        PrincipalEntry::Service(_) | PrincipalEntry::Federated(_) => false,
                        PrincipalEntry::Aws(aws) => may_be(aws),
                        _ => true,
                    })
            })
    })
}
