//! Who asks in a test, and under which policies.

use iamsure_core::world::{PolicySet, Principal, Requester};

use super::super::principal::principal;
use super::super::sets::{NamedSet, SetReader, unknown};
use super::super::shelf::Shelved;
use super::Reader;
use super::fields::TestReader;
use crate::caller;
use crate::tree::{self, Misread, Node, Shape, Value};

/// Who asks under which policies.
pub(super) struct Caller {
    pub(super) set: Option<usize>,
    pub(super) policies: PolicySet,
    pub(super) requester: Option<Requester>,
    /// Whether the policies are all those of a principal.
    pub(super) is_of_principal: bool,
    /// That principal as it calls, if its ARN is known.
    pub(super) own: Option<Requester>,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub(super) known_later: bool,
    /// What tells it from other callers of the test; empty if there is one.
    pub(super) label: String,
}

impl Caller {
    /// Whether another asks the same under the same policies. Policies that are shared are told without a look at them.
    pub(super) fn asks_alike(&self, other: &Self) -> bool {
        (self.is_of_principal, self.known_later) == (other.is_of_principal, other.known_later)
            && (&self.requester, &self.own) == (&other.requester, &other.own)
            && self.policies == other.policies
    }

    fn of(
        set: Option<usize>,
        policies: Shelved,
        requester: Option<Requester>,
        label: String,
    ) -> Self {
        let Shelved { policies, is_of_principal, caller: own, known_later } = policies;
        Self { set, policies, requester, is_of_principal, own, known_later, label }
    }

    /// Who asks where the policies are the caller's: who is named, or the principal whose policies they are.
    ///
    /// # Errors
    /// If they are somebody else's.
    pub(super) fn asking(&self) -> Result<Option<Requester>, String> {
        match (&self.requester, &self.own) {
            (Some(named), Some(own)) if !caller::is_of(&named.principal, &own.principal) => {
                Err(format!(
                    "the policies are those of `{}`, and the principal is `{}`",
                    own.principal.display_arn(),
                    named.principal.display_arn()
                ))
            }
            (Some(named), _) => Ok(Some(named.clone())),
            (None, own) => Ok(own.clone()),
        }
    }

    /// Whether a resource is the role whose policies they are.
    pub(super) fn is_own_role(&self, resource: &str) -> bool {
        let role = self.own.as_ref().map(|own| &own.principal);
        matches!(role, Some(Principal::RoleSession { role_arn: Some(arn), .. }) if arn == resource)
    }
}

impl TestReader<'_, '_, '_> {
    pub(super) fn set_named(&self, node: &Node, name: &str) -> Result<usize, Misread> {
        let known = &self.reader.sets;
        known.iter().position(|set| set.name == name).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|set| set.name.as_str()).collect();
            unknown(node.span, "policy set", name, &names)
        })
    }

    fn policies_of(&self, set: usize) -> Shelved {
        self.reader.sets.get(set).map(NamedSet::shelved).unwrap_or_default()
    }

    /// The policy sets that the test names under `policies`.
    pub(super) fn sets(&mut self) -> Result<Vec<(Option<usize>, Shelved, String)>, Misread> {
        let Some(node) = self.value.get("policies") else { return Ok(Vec::new()) };
        let mut sets = Vec::new();
        for item in node.one_or_many() {
            if let Value::Mapping(_) = item.value {
                let Reader { shelf, errors, sets: before, .. } = &mut *self.reader;
                let policies = SetReader { source: self.source, shelf: &mut **shelf, errors }
                    .set("policies", item, before)?;
                sets.push((None, policies, "its own policies".to_owned()));
                continue;
            }
            let name = item.string("`policies` names a policy set")?;
            let set = self.set_named(item, &name)?;
            sets.push((Some(set), self.policies_of(set), name));
        }
        Ok(sets)
    }

    /// Who asks, under which policies: every set with every principal.
    pub(super) fn callers(&mut self) -> Result<Vec<Caller>, Misread> {
        let sets = self.sets()?;
        let said = self.items("principal", "principals")?;
        let mut principals: Vec<(Option<Requester>, Option<usize>, String)> = Vec::new();
        for item in &said {
            let text = item.value.text().map(str::to_owned);
            let named = text.as_ref().and_then(|text| {
                self.reader.principals.iter().find(|(name, _)| name == text).map(|(_, who)| who)
            });
            let set = text
                .as_ref()
                .and_then(|text| self.reader.sets.iter().position(|set| set.name == *text));
            let requester = match (named, set) {
                (Some(requester), _) => Some(requester.clone()),
                (None, Some(_)) => None,
                (None, None) => Some(self.nobody_or(item)?),
            };
            principals.push((requester, set, text.unwrap_or_else(|| "a principal".to_owned())));
        }
        if principals.is_empty() {
            principals.push((None, None, String::new()));
        }
        let mut callers = Vec::new();
        let several = principals.len() > 1;
        for (requester, own, label) in principals {
            let label = if several { label } else { String::new() };
            if !sets.is_empty() {
                for (set, policies, name) in &sets {
                    let mut label = label.clone();
                    if sets.len() > 1 {
                        label = if label.is_empty() {
                            name.clone()
                        } else {
                            format!("{label} with {name}")
                        };
                    }
                    callers.push(Caller::of(*set, policies.clone(), requester.clone(), label));
                }
                continue;
            }
            let set = match (own, self.reader.sets.as_slice()) {
                (Some(set), _) => set,
                (None, [_]) => 0,
                (None, []) => {
                    return Err(Misread::at(self.node.span, "the suite defines no policies")
                        .help("define policy sets under `policies`"));
                }
                (None, several) => {
                    let names: Vec<&str> = several.iter().map(|set| set.name.as_str()).collect();
                    let message = "this test has no `policies`";
                    return Err(Misread::at(self.node.span, message)
                        .help(format!("add `policies`; defined sets: {}", names.join(", "))));
                }
            };
            callers.push(Caller::of(Some(set), self.policies_of(set), requester, label));
        }
        Ok(callers)
    }

    /// A principal that has no name in the suite.
    pub(super) fn nobody_or(&self, item: &Node) -> Result<Requester, Misread> {
        principal(item).map_err(|misread| {
            let names = self.reader.principals.iter().map(|(name, _)| name.as_str());
            let names = names.chain(self.reader.sets.iter().map(|set| set.name.as_str()));
            let text = item.value.text().unwrap_or_default();
            match tree::closest(text, names) {
                Some(meant) if !text.contains(':') => {
                    misread.help(format!("did you mean `{meant}`?"))
                }
                _ => misread,
            }
        })
    }
}
