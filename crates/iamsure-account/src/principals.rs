//! The roles and users of accounts, with each distinct set of policies once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;

use crate::account_principal::AccountPrincipal;
use crate::container::{Container, Held, Holder};
use crate::paths::Target;

/// The roles and users of one or several accounts.
///
/// Policies of the same text are one, and principals with the same policies share a set: what is decided for one of
/// them is decided for all.
#[derive(Clone, Debug, Default)]
pub struct Principals {
    /// Every role and user, by ARN.
    pub principals: Vec<AccountPrincipal>,
    /// Each distinct set of the policies that decide what a principal may do: those attached to it and its groups, and
    /// its boundary. The trust policy of a role is not among them. A principal without policies has an empty one.
    pub sets: Vec<PolicySet>,
    /// By the ARN of a role, whom it trusts, or why that is not known.
    trusts: HashMap<String, Result<Arc<PolicyDocument>, String>>,
    /// The ARNs of the groups.
    pub(crate) groups: Vec<String>,
    /// By the ARN of a group, the policies that its members have by it, or why they are not known.
    of_groups: HashMap<String, Result<Vec<Arc<PolicyDocument>>, String>>,
    /// The ARNs of the managed policies of which there are no other versions.
    pub(crate) of_one_version: BTreeSet<String>,
    /// By the file that lends them, the policies of AWS whose documents are not in the containers.
    lent: BTreeMap<String, BTreeSet<String>>,
    /// The roles and users that nothing can be asked about, and why.
    pub unasked: Vec<Unasked>,
    /// Whether the policies are those of a template: symbols in them are values that are known when it is deployed.
    pub known_later: bool,
}

/// A role or a user that nothing can be asked about.
#[derive(Clone, Debug)]
pub struct Unasked {
    /// What is after the `#` in its address.
    pub address: String,
    /// Why, as a clause about it.
    pub why: String,
}

/// The texts of a principal's policies, in order, with their layers.
type Texts<'a> = Vec<(PolicyType, &'a str)>;

/// What was read before, by its text.
#[derive(Default)]
struct Known<'a> {
    documents: HashMap<(PolicyType, &'a str), Result<Arc<PolicyDocument>, String>>,
    sets: HashMap<Texts<'a>, Result<usize, String>>,
}

impl Principals {
    /// The roles and users of containers. Policies are read as AWS has saved them.
    pub fn of<'a>(containers: impl IntoIterator<Item = &'a Container>) -> Self {
        let mut found = Self::default();
        let containers: Vec<&Container> = containers.into_iter().collect();
        let with_policies: Vec<_> =
            containers.iter().flat_map(|container| container.groups_with_policies()).collect();
        let callers: Vec<Holder> =
            containers.iter().flat_map(|container| container.callers()).collect();
        let mut known = Known::default();
        let groups = containers.iter().flat_map(|container| container.groups());
        found.groups = groups.map(str::to_owned).collect();
        let of_one_version = containers.iter().flat_map(|container| container.of_one_version());
        found.of_one_version = of_one_version.map(str::to_owned).collect();
        for group in &with_policies {
            let policies = group.policies.iter();
            let policies = policies.map(|held| known.document(PolicyType::Identity, held));
            let policies = policies.collect();
            found.of_groups.extend(group.arn.clone().map(|arn| (arn, policies)));
        }
        found.known_later = containers.iter().any(|container| container.has_symbols);
        for holder in &callers {
            for held in &holder.policies {
                if let Some((name, file)) = &held.lent {
                    found.lent.entry(file.clone()).or_default().insert(name.clone());
                }
            }
            found.read_trust(holder, &mut known);
            let set = found.set(holder, &mut known);
            match AccountPrincipal::of(holder, set) {
                Ok(principal) => found.principals.push(principal),
                Err(why) => {
                    found.unasked.push(Unasked { address: holder.address.clone(), why });
                }
            }
        }
        // Of a principal that several files describe the first counts; the reader has refused those that differ.
        found.principals.sort_by(|one, other| one.arn.cmp(&other.arn));
        found
    }

    /// Which policies of AWS come from which other file: a clause each.
    pub fn lent(&self) -> Vec<String> {
        let one = |(file, names): (&String, &BTreeSet<String>)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("Documents from {file}: {}", names.join(", "))
        };
        self.lent.iter().map(one).collect()
    }

    /// Whether a permissions boundary limits a principal.
    pub(crate) fn is_bounded(&self, principal: &AccountPrincipal) -> bool {
        let set = principal.set.as_ref().ok().and_then(|set| self.sets.get(*set));
        set.is_some_and(|set| set.boundary.is_some())
    }

    /// Whom a role trusts, if it is described and known.
    pub(crate) fn trust(&self, role: &str) -> Option<&PolicyDocument> {
        self.known_trust(role)?.ok()
    }

    /// Whom a role trusts, or why that is not known; `None` if the role is not described.
    pub(crate) fn known_trust(&self, role: &str) -> Option<Result<&PolicyDocument, &str>> {
        let trust = self.trusts.get(role)?;
        Some(trust.as_ref().map(AsRef::as_ref).map_err(String::as_str))
    }

    /// The roles that are described, with whom each trusts or why that is not known, by ARN.
    pub fn trusts(&self) -> Vec<(&str, Result<&PolicyDocument, &str>)> {
        let mut all: Vec<_> = self
            .trusts
            .keys()
            .filter_map(|role| Some((role.as_str(), self.known_trust(role)?)))
            .collect();
        all.sort_by_key(|(role, _)| *role);
        all
    }

    /// A policy set as it is after a step: its number, or why it is not known.
    pub(crate) fn set_after(&mut self, set: usize, step: &Target) -> Result<usize, String> {
        let mut policies = self.sets.get(set).cloned().unwrap_or_default();
        match step {
            Target::Principal(_) | Target::With(..) => return Ok(set),
            Target::MorePermissions => policies.identity.push(everything()),
            Target::Unbounded => policies.boundary = None,
            Target::Group(group) => match self.of_groups.get(group) {
                Some(more) => {
                    let more = more.clone()?;
                    policies.identity.extend(more.iter().map(|one| PolicyDocument::clone(one)));
                }
                None => return Err(format!("the policies of {group} are not in the file")),
            },
        }
        self.sets.push(policies);
        Ok(self.sets.len() - 1)
    }

    /// Whom a role trusts is known, whether its other policies are or not.
    fn read_trust<'a>(&mut self, holder: &'a Holder, known: &mut Known<'a>) {
        let is_trust = |held: &&Held| held.kind == Some(PolicyType::Trust);
        let Some((arn, held)) = holder.arn.as_ref().zip(holder.policies.iter().find(is_trust))
        else {
            return;
        };
        self.trusts.insert(arn.clone(), known.document(PolicyType::Trust, held));
    }

    /// The number of the policy set of a principal, or why it cannot be had.
    fn set<'a>(&mut self, holder: &'a Holder, known: &mut Known<'a>) -> Result<usize, String> {
        let is_own = |held: &&Held| held.kind != Some(PolicyType::Trust);
        let mut policies: Vec<(PolicyType, &Held)> = Vec::with_capacity(holder.policies.len());
        let mut texts = Texts::with_capacity(holder.policies.len());
        let mut missing = Vec::new();
        for held in holder.policies.iter().filter(is_own) {
            let Some(text) = held.text() else {
                missing.extend(held.why_missing());
                continue;
            };
            let kind = held.kind.unwrap_or(PolicyType::Identity);
            policies.push((kind, held));
            texts.push((kind, text.trim()));
        }
        if !missing.is_empty() {
            return Err(missing.join("; "));
        }
        if let Some(set) = known.sets.get(&texts) {
            return set.clone();
        }
        let set = self.read(&policies, known);
        known.sets.insert(texts, set.clone());
        set
    }

    fn read<'a>(
        &mut self,
        policies: &[(PolicyType, &'a Held)],
        known: &mut Known<'a>,
    ) -> Result<usize, String> {
        let mut set = PolicySet::default();
        for (kind, held) in policies {
            let document = known.document(*kind, held)?;
            set = set
                .with(PolicySet::of(PolicyDocument::clone(&document)))
                .map_err(|kind| format!("it has more than one {}", kind.aws_name()))?;
        }
        // What is described is everything there is.
        if set.identity.is_empty() {
            set.identity.push(PolicyDocument::empty(PolicyType::Identity));
        }
        self.sets.push(set);
        Ok(self.sets.len() - 1)
    }
}

/// A policy that allows everything.
fn everything() -> PolicyDocument {
    static READ: OnceLock<PolicyDocument> = OnceLock::new();
    let text = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
    let source = Source::new("(whatever it gives itself)", text);
    let read = || PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
    READ.get_or_init(|| read().unwrap_or_else(|_| PolicyDocument::empty(PolicyType::Identity)))
        .clone()
}

impl<'a> Known<'a> {
    /// The document of a text, read once.
    fn document(
        &mut self,
        kind: PolicyType,
        held: &'a Held,
    ) -> Result<Arc<PolicyDocument>, String> {
        let Some(text) = held.text() else { return Err(held.why_missing().unwrap_or_default()) };
        let read = || held.document(kind).map(Arc::new);
        self.documents.entry((kind, text.trim())).or_insert_with(read).clone()
    }
}
