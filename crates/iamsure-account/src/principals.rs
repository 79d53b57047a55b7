//! The roles and users of accounts, with each distinct set of policies once.

use std::collections::HashMap;
use std::sync::Arc;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;

use crate::account_principal::AccountPrincipal;
use crate::container::{Container, Holder};

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
    /// By the ARN of a role, whom it trusts.
    trusts: HashMap<String, Arc<PolicyDocument>>,
    /// The ARNs of the groups.
    pub(crate) groups: Vec<String>,
    /// What is described and makes no requests here: a clause each.
    pub remarks: Vec<String>,
    /// Whether the policies are those of a template: symbols in them are values that are known when it is deployed.
    pub known_later: bool,
}

/// The texts of a principal's policies, in order, with their layers.
type Texts = Vec<(PolicyType, Arc<str>)>;

/// What was read before.
#[derive(Default)]
struct Known {
    documents: HashMap<(PolicyType, Arc<str>), Result<Arc<PolicyDocument>, String>>,
    sets: HashMap<Texts, Result<usize, String>>,
}

impl Principals {
    /// The roles and users of containers. Policies are read as AWS has saved them.
    pub fn of<'a>(containers: impl IntoIterator<Item = &'a Container>) -> Self {
        let mut found = Self::default();
        let mut known = Known::default();
        let containers: Vec<&Container> = containers.into_iter().collect();
        let groups = containers.iter().flat_map(|container| container.groups());
        found.groups = groups.map(str::to_owned).collect();
        found.known_later = containers.iter().any(|container| container.has_symbols);
        for holder in containers.into_iter().flat_map(Container::callers) {
            let set = found.set(&holder, &mut known);
            match AccountPrincipal::of(&holder, set) {
                Ok(principal) => found.principals.push(principal),
                Err(why) => found.remarks.push(why),
            }
        }
        // Of a principal that several files describe the first counts; the reader has refused those that differ.
        found.principals.sort_by(|one, other| one.arn.cmp(&other.arn));
        found
    }

    /// Whom a role trusts, if it is described.
    pub fn trust(&self, role: &str) -> Option<&PolicyDocument> {
        self.trusts.get(role).map(AsRef::as_ref)
    }

    /// The roles that are described, with whom each trusts, by ARN.
    pub fn trusts(&self) -> Vec<(&str, &PolicyDocument)> {
        let mut all: Vec<_> =
            self.trusts.iter().map(|(role, trust)| (role.as_str(), trust.as_ref())).collect();
        all.sort_by_key(|(role, _)| *role);
        all
    }

    /// The number of the policy set of a principal, or why it cannot be had.
    fn set(&mut self, holder: &Holder, known: &mut Known) -> Result<usize, String> {
        let sources = holder.sources().map_err(|_| {
            let missing = holder.missing().map(|(held, why)| format!("{} {why}", held.place));
            missing.collect::<Vec<_>>().join("; ")
        })?;
        let mut texts: Vec<(PolicyType, Source)> = Vec::with_capacity(sources.len());
        for (kind, source) in sources {
            match kind {
                Some(PolicyType::Trust) => {
                    let read = known.document(PolicyType::Trust, &source);
                    if let (Ok(trust), Some(arn)) = (read, &holder.arn) {
                        self.trusts.insert(arn.clone(), trust);
                    }
                }
                kind => texts.push((kind.unwrap_or(PolicyType::Identity), source)),
            }
        }
        let key: Texts =
            texts.iter().map(|(kind, source)| (*kind, source.text().trim().into())).collect();
        if let Some(set) = known.sets.get(&key) {
            return set.clone();
        }
        let set = self.read(&texts, known);
        known.sets.insert(key, set.clone());
        set
    }

    fn read(&mut self, texts: &[(PolicyType, Source)], known: &mut Known) -> Result<usize, String> {
        let mut set = PolicySet::default();
        for (kind, source) in texts {
            let document = known.document(*kind, source)?;
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

impl Known {
    /// The document of a text, read once.
    fn document(
        &mut self,
        kind: PolicyType,
        source: &Source,
    ) -> Result<Arc<PolicyDocument>, String> {
        let key = (kind, Arc::from(source.text().trim()));
        let read = || {
            PolicyDocument::read(source, kind, Profile::Lenient).map(Arc::new).map_err(|found| {
                let first = found.first().map(|finding| finding.message.clone());
                format!("`{}` cannot be read: {}", source.name(), first.unwrap_or_default())
            })
        };
        self.documents.entry(key).or_insert_with(read).clone()
    }
}
