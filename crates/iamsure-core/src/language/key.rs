//! The name of a condition key: `aws:PrincipalArn`, `aws:PrincipalTag/team`, `s3:prefix`.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A condition key name. Names, the tag key after `/` included, compare without case (R-4, C-8);
/// the spelling it was written in is what it prints.
///
/// Case folding is ASCII only.
/// AWS page: IAM User Guide, `reference_policies_elements_condition`.
#[derive(Clone, Debug)]
pub struct ConditionKey {
    text: Arc<str>,
    folded: Arc<str>,
}

impl ConditionKey {
    /// The key spelt `text`.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let folded = if text.bytes().any(|b| b.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            Arc::clone(&text)
        };
        Self { text, folded }
    }

    /// The spelling it was written in.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The spelling in lower case, by which keys compare.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl From<&str> for ConditionKey {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Borrow<str> for ConditionKey {
    fn borrow(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for ConditionKey {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for ConditionKey {}

impl Hash for ConditionKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for ConditionKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ConditionKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
