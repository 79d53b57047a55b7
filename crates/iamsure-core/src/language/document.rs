//! A policy document: what was written, element by element, each with its place.
//!
//! AWS page: IAM User Guide, `reference_policies_grammar`.

mod policy_type;
mod principal;
mod read;
mod statement;
mod write;

pub use policy_type::{PolicyType, Profile};
pub use principal::{AwsPrincipal, Named, PrincipalElement, PrincipalEntry};
pub use read::Inspection;
pub use statement::{ActionElement, Effect, ResourceElement, Sense, Statement};

use std::ops::Deref;
use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::source::{Source, Spanned};
use super::variable::Reading;

/// The version of the policy language (G-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`: without policy variables.
    V2008,
    /// `2012-10-17`.
    V2012,
}

impl Version {
    /// The text of the Version element.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

/// A policy document, read as one type of policy.
///
/// Two documents are equal when they say the same as the same type; where it is written, whether a
/// single value stood in a list, and how the text is laid out make no difference.
#[derive(Clone, Debug)]
pub struct PolicyDocument {
    /// The text it was read from.
    pub source: Source,
    /// What type of policy it is.
    pub kind: PolicyType,
    /// Version, if written.
    pub version: Option<Spanned<Version>>,
    /// Id, if written.
    pub id: Option<Spanned<String>>,
    /// The statements, in order, each with its whole extent.
    pub statements: Statements,
}

/// The statements of a policy, in order. Copies share them: a policy that a thousand tests are about is there once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements(Arc<Vec<Spanned<Statement>>>);

impl Statements {
    /// The statements, to be changed; they are shared with no other policy then.
    pub fn to_mut(&mut self) -> &mut Vec<Spanned<Statement>> {
        Arc::make_mut(&mut self.0)
    }
}

impl From<Vec<Spanned<Statement>>> for Statements {
    fn from(statements: Vec<Spanned<Statement>>) -> Self {
        Self(Arc::new(statements))
    }
}

impl Deref for Statements {
    type Target = [Spanned<Statement>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Statements {
    type Item = &'a Spanned<Statement>;
    type IntoIter = std::slice::Iter<'a, Spanned<Statement>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl PolicyDocument {
    /// A policy without a statement: it allows nothing and denies nothing. It is in the place of policies that are
    /// known not to exist, where their absence would leave open what they say.
    pub fn empty(kind: PolicyType) -> Self {
        Self {
            source: Source::new("(none)", ""),
            kind,
            version: None,
            id: None,
            statements: Statements::default(),
        }
    }

    /// Reads `source` as a policy of type `kind`, and reports everything there is to say about it.
    pub fn inspect(source: &Source, kind: PolicyType, profile: Profile) -> Inspection {
        read::inspect(source, kind, profile)
    }

    /// The type of policy that `source` shows itself to be, and by what, in words: by its principals and actions.
    /// What shows nothing is identity-based.
    pub fn detect(source: &Source) -> (PolicyType, &'static str) {
        read::detect(source)
    }

    /// As [`inspect`](Self::inspect), for a policy that is attached already: what AWS itself attaches
    /// and no customer may save (the resource control policy `RCPFullAWSAccess`) is accepted too.
    pub fn inspect_attached(source: &Source, kind: PolicyType, profile: Profile) -> Inspection {
        let inspection = read::inspect(source, kind, profile);
        if kind != PolicyType::Rcp || inspection.document.is_some() {
            return inspection;
        }
        let lenient = read::inspect(source, kind, Profile::Lenient);
        match lenient.document {
            Some(document) if document.allows_everything() => {
                Inspection { document: Some(document), part: None, findings: Vec::new() }
            }
            _ => inspection,
        }
    }

    /// Whether its one statement allows every action on every resource without condition.
    fn allows_everything(&self) -> bool {
        let [statement] = &*self.statements else { return false };
        *statement.effect == Effect::Allow && statement.is_about_everything()
    }

    /// Reads `source`, without its warnings.
    ///
    /// # Errors
    /// Every finding, if one of them is an error.
    pub fn read(
        source: &Source,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Self, Vec<Diagnostic>> {
        let Inspection { document, findings, .. } = Self::inspect(source, kind, profile);
        document.ok_or(findings)
    }

    /// The document as JSON in its canonical form: elements in the grammar's order, every list a
    /// list, two blanks a level. Reading it back gives an equal document, if this one was read
    /// strictly. (Leniently, two spellings of one operator may ask about one key, which JSON has no
    /// other way to say.)
    pub fn to_json(&self) -> String {
        write::to_json(self)
    }

    /// Whether `${…}` in it are variables (V-1). `absent_is_2012` is the alternative of Q1.
    pub fn reading(&self, absent_is_2012: bool) -> Reading {
        match self.version.as_deref() {
            Some(Version::V2012) => Reading::Substituted,
            None if absent_is_2012 => Reading::Substituted,
            Some(Version::V2008) | None => Reading::Plain,
        }
    }
}

impl PartialEq for PolicyDocument {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.version, &self.id, &self.statements)
            == (other.kind, &other.version, &other.id, &other.statements)
    }
}

impl Eq for PolicyDocument {}
