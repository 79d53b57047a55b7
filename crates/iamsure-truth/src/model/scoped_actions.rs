//! The actions in scope, and which statements can say anything about them.

use iamsure_core::language::document::{ActionElement, Sense};
use iamsure_core::language::{ActionName, ActionPattern};

/// The actions in scope; all, if there are none. Statements that name none of them never match there, and are left out
/// before anything is made of them: most questions are about one action, most policies about hundreds.
pub(crate) struct ScopedActions<'a>(Vec<Entry<'a>>);

/// One entry of the scope.
enum Entry<'a> {
    /// One action.
    Name(ActionName),
    /// All actions that a pattern names.
    Pattern(&'a ActionPattern),
}

impl<'a> ScopedActions<'a> {
    pub(crate) fn new(scope: &'a [ActionPattern]) -> Self {
        let entry = |pattern: &'a ActionPattern| {
            ActionName::parse(pattern.as_str()).map_or(Entry::Pattern(pattern), Entry::Name)
        };
        Self(scope.iter().map(entry).collect())
    }

    /// Whether a statement with this element may match a request in scope. What has none never matches (T-7).
    pub(crate) fn may_be_named(&self, element: Option<&ActionElement>) -> bool {
        let Some(element) = element else { return false };
        let is_named = |entry: &Entry<'_>| match entry {
            Entry::Name(name) => element.names(name),
            // Which names two patterns share is not asked, only whether they are of one service.
            Entry::Pattern(pattern) => {
                element.sense == Sense::NoneOf
                    || element.entries.iter().any(|named| may_share(named, pattern))
            }
        };
        self.0.is_empty() || self.0.iter().any(is_named)
    }

    /// Whether a list of patterns in text may name an action in scope, where that is told without reading them: no pattern
    /// is of its service.
    pub(super) fn may_be_on(&self, list: &[String]) -> bool {
        let is_of = |text: &String, name: &ActionName| {
            let service = text.split_once(':').map(|(service, _)| service);
            service
                .is_none_or(|service| service == "*" || service.eq_ignore_ascii_case(name.prefix()))
        };
        let is_on = |entry: &Entry<'_>| match entry {
            Entry::Name(name) => list.iter().any(|text| is_of(text, name)),
            Entry::Pattern(_) => true,
        };
        self.0.is_empty() || self.0.iter().any(is_on)
    }
}

/// Whether two patterns may name one action. What names every action shares with all, and what is no pattern is not
/// looked into.
fn may_share(one: &ActionPattern, other: &ActionPattern) -> bool {
    match (one.parts(), other.parts()) {
        (Some((one, _)), Some((other, _))) => one == other,
        _ => true,
    }
}
