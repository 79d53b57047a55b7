//! Actions: `prefix:Name` in a request, patterns of it in a policy (M-1 to M-7).
//!
//! AWS page: IAM User Guide, `reference_policies_elements_action`.

use std::fmt;
use std::sync::Arc;

use super::pattern::{Case, Matcher, Pattern, literal_head};

/// The action of a request: `prefix:Name`, without wildcards.
///
/// Two names that differ only by case are the same action.
#[derive(Clone, Debug)]
pub struct ActionName {
    text: Arc<str>,
    /// In lower case, by which actions compare.
    folded: Arc<str>,
    colon: usize,
}

/// Why a text is not the action of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActionNameError {
    /// There is no colon, or nothing on one of its sides.
    #[error("an action is written `service:Name`, such as `s3:GetObject`")]
    NotPrefixed,
    /// There is a second colon.
    #[error("an action must have exactly one colon")]
    Colons,
    /// It holds `*` or `?`.
    #[error("a request's action cannot contain wildcards")]
    Wildcard,
    /// The prefix holds something other than letters, digits and hyphens, or the name a blank.
    #[error(
        "a service prefix contains only letters, digits and hyphens, and a name no spaces or commas"
    )]
    Character,
}

impl ActionName {
    /// Reads the action of a request.
    ///
    /// # Errors
    /// If `text` is not of the form `prefix:Name`.
    pub fn parse(text: &str) -> Result<Self, ActionNameError> {
        let (prefix, name) = text.split_once(':').ok_or(ActionNameError::NotPrefixed)?;
        if prefix.is_empty() || name.is_empty() {
            return Err(ActionNameError::NotPrefixed);
        }
        if text.contains(['*', '?']) {
            return Err(ActionNameError::Wildcard);
        }
        if name.contains(':') {
            return Err(ActionNameError::Colons);
        }
        if !is_prefix(prefix) || name.contains([' ', '\t', ',']) {
            return Err(ActionNameError::Character);
        }
        let folded = text.to_ascii_lowercase().into();
        Ok(Self { text: text.into(), folded, colon: prefix.len() })
    }

    /// `sts:GetCallerIdentity`, a call that anybody may make (O-1): for where some action must be named.
    pub fn get_caller_identity() -> Self {
        let text = "sts:GetCallerIdentity";
        Self { text: text.into(), folded: text.to_ascii_lowercase().into(), colon: 3 }
    }

    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text in lower case (ASCII only): the same for every spelling of one action.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What stands before the colon: the service prefix.
    pub fn prefix(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    /// What stands after the colon.
    pub fn name(&self) -> &str {
        self.text.get(self.colon + 1..).unwrap_or_default()
    }

    /// Whether this is the action `text`, compared without case.
    pub fn is(&self, text: &str) -> bool {
        self.text.eq_ignore_ascii_case(text)
    }
}

impl PartialEq for ActionName {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.text)
    }
}

impl Eq for ActionName {}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether `prefix` holds only what service prefixes hold (G-10).
pub fn is_prefix(prefix: &str) -> bool {
    !prefix.is_empty()
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// An entry of Action or NotAction.
#[derive(Clone, Debug)]
pub struct ActionPattern {
    text: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// `*`, and `*:*` (M-3).
    Every,
    /// `prefix:glob`.
    Prefixed {
        prefix: String,
        name: Pattern,
        /// The whole of it in lower case: prefixes have no wildcards.
        folded: Matcher,
    },
    /// Anything else matches nothing (M-4, M-5).
    Nothing,
}

impl ActionPattern {
    /// Reads an entry. Every text is one; what AWS would refuse matches nothing (M-4, M-5).
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let form = match text.split_once(':') {
            _ if text == "*" || text == "*:*" => Form::Every,
            Some((prefix, name)) if is_prefix(prefix) => {
                let folded = Pattern::glob(&text.to_ascii_lowercase(), Case::Sensitive);
                Form::Prefixed {
                    prefix: prefix.to_ascii_lowercase(),
                    name: Pattern::glob(name, Case::Insensitive),
                    folded: Matcher::new(&folded),
                }
            }
            _ => Form::Nothing,
        };
        Self { text, form }
    }

    /// An entry that cannot be read and counts as `*`, since whoever wrote it must not have less denied. It keeps its text:
    /// a symbol in it may be known later.
    pub(crate) fn unreadable(text: impl Into<String>) -> Self {
        Self { text: text.into(), form: Form::Every }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `action` is one of those the entry names.
    pub fn matches(&self, action: &ActionName) -> bool {
        match &self.form {
            Form::Every => true,
            Form::Prefixed { folded, .. } => folded.matches(&action.folded),
            Form::Nothing => false,
        }
    }

    /// Whether the entry is `*`.
    pub fn is_every(&self) -> bool {
        matches!(self.form, Form::Every)
    }

    /// What every action that the entry names starts with, in lower case; `None` if it names none.
    pub(crate) fn folded_head(&self) -> Option<String> {
        match &self.form {
            Form::Every => Some(String::new()),
            Form::Prefixed { prefix, name, .. } => {
                Some(format!("{prefix}:{}", literal_head(name.pieces()).to_ascii_lowercase()))
            }
            Form::Nothing => None,
        }
    }

    /// The service prefix (in lower case) and the pattern of the name; `None` for `*` and for what
    /// matches nothing.
    pub fn parts(&self) -> Option<(&str, &Pattern)> {
        match &self.form {
            Form::Prefixed { prefix, name, .. } => Some((prefix, name)),
            Form::Every | Form::Nothing => None,
        }
    }
}

impl PartialEq for ActionPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.is_every() == other.is_every()
    }
}

impl Eq for ActionPattern {}

impl fmt::Display for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
