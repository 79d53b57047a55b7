//! A statement: its elements, each as it was written.

use std::fmt;

use super::principal::PrincipalElement;
use crate::language::action::{ActionName, ActionPattern};
use crate::language::condition::ConditionBlock;
use crate::language::resource::ResourcePattern;
use crate::language::source::Spanned;

/// What a matching statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// It grants (or, in a limiting layer, lets through).
    Allow,
    /// It denies, whatever else grants.
    Deny,
}

impl Effect {
    /// `Allow` or `Deny`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether an element lists what it is about, or what it is not about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sense {
    /// `Action`, `Resource`, `Principal`: one of these.
    OneOf,
    /// `NotAction`, `NotResource`, `NotPrincipal`: none of these.
    NoneOf,
}

/// Action or NotAction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionElement {
    /// Which of the two.
    pub sense: Sense,
    /// The entries; a list is OR (M-6).
    pub entries: Vec<Spanned<ActionPattern>>,
}

impl ActionElement {
    /// Whether it names `action` (M-6). What is empty names none, whichever of the two it is (G-9).
    pub fn names(&self, action: &ActionName) -> bool {
        let listed = self.entries.iter().any(|entry| entry.matches(action));
        !self.entries.is_empty() && listed == (self.sense == Sense::OneOf)
    }
}

/// Resource or NotResource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceElement {
    /// Which of the two.
    pub sense: Sense,
    /// The entries; a list is OR (M-17).
    pub entries: Vec<Spanned<ResourcePattern>>,
}

/// One statement of a policy document.
///
/// In a document that was read strictly, the elements its policy type requires are there. In one
/// read leniently they may be missing; such a statement never matches (T-7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Sid, if written.
    pub sid: Option<Spanned<String>>,
    /// Effect.
    pub effect: Spanned<Effect>,
    /// Principal or NotPrincipal.
    pub principal: Option<Spanned<PrincipalElement>>,
    /// Action or NotAction.
    pub action: Option<Spanned<ActionElement>>,
    /// Resource or NotResource.
    pub resource: Option<Spanned<ResourceElement>>,
    /// Condition; empty if there is none.
    pub condition: ConditionBlock,
}

impl Statement {
    /// The Sid, unless it is missing or empty.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_ref().map(|sid| sid.as_str()).filter(|sid| !sid.is_empty())
    }

    /// Whether it names every action and every resource, and has no condition.
    pub fn is_about_everything(&self) -> bool {
        let actions = self.action.as_ref().is_some_and(|element| {
            element.sense == Sense::OneOf && element.entries.iter().any(|entry| entry.is_every())
        });
        let resources = self.resource.as_ref().is_some_and(|element| {
            element.sense == Sense::OneOf && element.entries.iter().any(|entry| entry.is_every())
        });
        actions && resources && self.condition.clauses.is_empty()
    }
}
