//! What a caller passes when it starts a session of a role.

use super::exchange::ExchangeError;
use super::tags::Tags;
use crate::language::document::PolicyDocument;

/// The most session tags that can be passed.
const MAX_TAGS: usize = 50;

/// What is passed with an `AssumeRole*` operation: by parameters, or in the token or assertion.
///
/// AWS pages: STS API Reference, `AssumeRole`; IAM User Guide, `id_session-tags`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// `RoleSessionName`: 2 to 64 letters, digits and `_+=,.@-`.
    pub session_name: String,
    /// `Tags`.
    pub tags: Tags,
    /// `TransitiveTagKeys`. Only tags that are passed here can be made transitive.
    pub transitive: Vec<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
    /// `Policy` and `PolicyArns`: one set (E-11).
    pub policies: Vec<PolicyDocument>,
}

impl Terms {
    /// A name and nothing else.
    pub fn named(session_name: impl Into<String>) -> Self {
        Self {
            session_name: session_name.into(),
            tags: Tags::none(),
            transitive: Vec::new(),
            source_identity: None,
            policies: Vec::new(),
        }
    }

    /// Whether STS would take them, of a caller with `inherited` tags and a source identity.
    pub(super) fn check(
        &self,
        inherited: &Tags,
        source_identity: Option<&str>,
    ) -> Result<(), ExchangeError> {
        if !is_name(&self.session_name, 2, 64) {
            return Err(ExchangeError::Name {
                parameter: "RoleSessionName",
                name: self.session_name.clone(),
            });
        }
        check_tags(&self.tags)?;
        if let Some((key, _)) = self.tags.iter().find(|(key, _)| inherited.value(key).is_some()) {
            return Err(ExchangeError::InheritedTag { key: key.to_owned() });
        }
        match (source_identity, &self.source_identity) {
            (_, Some(asked)) if !is_name(asked, 2, 64) || asked.starts_with("aws:") => {
                Err(ExchangeError::Name { parameter: "SourceIdentity", name: asked.clone() })
            }
            (Some(set), Some(asked)) if set != asked => {
                Err(ExchangeError::SourceIdentity { set: set.to_owned(), asked: asked.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// Whether STS would take these tags.
pub(super) fn check_tags(tags: &Tags) -> Result<(), ExchangeError> {
    if tags.len() > MAX_TAGS {
        return Err(ExchangeError::TooManyTags { count: tags.len() });
    }
    Ok(())
}

/// Whether a text is a name by STS's pattern.
pub(super) fn is_name(text: &str, least: usize, most: usize) -> bool {
    let is_taken = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (least..=most).contains(&text.chars().count()) && text.chars().all(is_taken)
}
