//! Where the files that a suite names come from.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Requester};

/// Files by name. A name is relative to the file that says it.
pub trait Shelf {
    /// The suite that `beside` calls `reference`.
    ///
    /// # Errors
    /// Why it cannot be read, in one line.
    fn suite(&mut self, beside: &str, reference: &str) -> Result<Source, String>;

    /// What `beside` calls `reference`: a file, a part of a document (`page.mdx#role.json`), or what a container holds
    /// (`auth.json#role/App`). Where identity-based policies belong, a principal is all of its policies.
    ///
    /// # Errors
    /// Why it cannot be used; its findings may be said elsewhere.
    fn policies(
        &mut self,
        beside: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Shelved, String>;
}

/// What a reference names.
#[derive(Clone, Debug, Default)]
pub struct Shelved {
    /// One policy, or all those of a principal, each in its layer.
    pub policies: PolicySet,
    /// Whether they are all policies of a principal.
    pub is_of_principal: bool,
    /// That principal as it calls; `None` of a group, and where the container does not tell its ARN.
    pub caller: Option<Requester>,
    /// Whether symbols in them stand for values that are known when they are deployed.
    pub known_later: bool,
}

impl From<PolicyDocument> for Shelved {
    fn from(document: PolicyDocument) -> Self {
        Self { policies: PolicySet::of(document), ..Self::default() }
    }
}
