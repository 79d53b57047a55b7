//! Looking into trees.

use iamsure_core::language::Spanned;
use iamsure_core::language::json::{Json, Member};

/// A value and its place; of JSON, or of YAML.
pub(crate) type Node = Spanned<Json>;

/// What is asked of a node.
pub(crate) trait Look {
    /// What stands under a key, unless that is null.
    fn get(&self, key: &str) -> Option<&Node>;
    /// The text, if it is one.
    fn text(&self) -> Option<&str>;
    /// The text under a key.
    fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(|node| node.text())
    }
    /// The items of a list; none of anything else.
    fn items(&self) -> &[Node];
    /// The items of the list under a key.
    fn items_of(&self, key: &str) -> &[Node] {
        self.get(key).map(Look::items).unwrap_or_default()
    }
    /// As [`items_of`](Self::items_of); what is no list is a list of one, as some programs write it.
    fn each_of(&self, key: &str) -> &[Node] {
        self.get(key).map(one_or_all).unwrap_or_default()
    }
    /// The members of an object; none of anything else.
    fn members(&self) -> &[Member];
    /// Whether it is a policy document: what it calls a statement is a list, or has the elements of one. A rule of WAF has a
    /// statement of another kind.
    fn is_policy(&self) -> bool {
        let has_elements = |node: &Node| {
            let is_one = |key: &&str| node.get(key).is_some();
            ["Effect", "Action", "NotAction", "Principal", "Resource", "Sid"].iter().any(is_one)
        };
        self.get("Statement").is_some_and(|node| {
            matches!(node.value, Json::List(_)) || node.members().is_empty() || has_elements(node)
        })
    }
    /// Whether it is a statement without the document around it.
    fn is_statement(&self) -> bool {
        self.get("Effect").is_some() && !self.is_policy()
    }
}

impl Look for Node {
    fn get(&self, key: &str) -> Option<&Node> {
        let member = self.members().iter().find(|member| member.key.value == key)?;
        Some(&member.value).filter(|node| node.value != Json::Null)
    }

    fn text(&self) -> Option<&str> {
        match &self.value {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    fn items(&self) -> &[Node] {
        match &self.value {
            Json::List(items) => items,
            _ => &[],
        }
    }

    fn members(&self) -> &[Member] {
        match &self.value {
            Json::Map(members) => members,
            _ => &[],
        }
    }
}

/// The items of a list; of anything else, itself.
pub(crate) fn one_or_all(node: &Node) -> &[Node] {
    if matches!(node.value, Json::List(_)) { node.items() } else { std::slice::from_ref(node) }
}

/// Of up to so many keys each is held against those before it sooner than one is looked up.
const FEW: usize = 16;

/// The first key that one object has twice: which of the two counts is for nobody to guess.
pub(crate) fn twice(node: &Node) -> Option<&Spanned<String>> {
    let members = node.members();
    let here = if members.len() <= FEW {
        let before = |place| members.iter().take(place);
        let is_there = |(place, member): &(usize, &Member)| {
            before(*place).any(|other| other.key.value == member.key.value)
        };
        members.iter().enumerate().find(is_there).map(|(_, member)| member)
    } else {
        let mut seen = std::collections::BTreeSet::new();
        members.iter().find(|member| !seen.insert(&member.key.value))
    };
    here.map(|member| &member.key)
        .or_else(|| node.members().iter().find_map(|member| twice(&member.value)))
        .or_else(|| node.items().iter().find_map(twice))
}
