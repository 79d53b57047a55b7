//! Where the files that a suite names come from.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

/// Files by name. A name is relative to the file that says it.
pub trait Shelf {
    /// The suite that `beside` calls `reference`.
    ///
    /// # Errors
    /// Why it cannot be read, in one line.
    fn suite(&mut self, beside: &str, reference: &str) -> Result<Source, String>;

    /// The policy that `beside` calls `reference`: a file, or a part of a document (`page.mdx#role.json`).
    ///
    /// # Errors
    /// Why it cannot be used, in one line; its findings may be said elsewhere.
    fn policy(
        &mut self,
        beside: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<PolicyDocument, String>;
}
