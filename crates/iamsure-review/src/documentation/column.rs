//! What the columns of a truth table are about, by their headings.

use std::collections::BTreeMap;

use iamsure_core::language::ConditionKey;

use super::table::{Cell, Table, normal};

/// What a column is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Whether a key is in the request: "present?".
    Presence(ConditionKey),
    /// The state or the value of a key.
    State(ConditionKey),
    /// The action.
    Action,
    /// The resource.
    Resource,
    /// The call path.
    Path,
    /// The answer.
    Answer(Asks),
    /// Something that is not looked at.
    Remark,
}

/// What a column of answers asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Does the statement apply?
    Applies,
    /// What is decided?
    Decision,
    /// Is it allowed? (Yes and no.)
    IsAllowed,
    /// Is it denied? (Yes and no.)
    IsDenied,
}

impl Role {
    /// Reads a role as a comment gives it: `applies`, `decision`, `allowed`, `denied`, `action`, `resource`,
    /// `path`, `remark`, a condition key, or a condition key and `present`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Some(match text.to_ascii_lowercase().as_str() {
            "applies" | "matches" => Self::Answer(Asks::Applies),
            "decision" => Self::Answer(Asks::Decision),
            "allowed" => Self::Answer(Asks::IsAllowed),
            "denied" => Self::Answer(Asks::IsDenied),
            "action" => Self::Action,
            "resource" => Self::Resource,
            "path" => Self::Path,
            "remark" | "ignore" | "why" => Self::Remark,
            _ => match text.split_once(char::is_whitespace) {
                Some((key, rest)) if is_key(key) && rest.trim() == "present" => {
                    Self::Presence(ConditionKey::new(key))
                }
                None if is_key(text) => Self::State(ConditionKey::new(text)),
                _ => return None,
            },
        })
    }
}

/// Whether a text has the form of a condition key.
pub(super) fn is_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|(prefix, name)| {
        !prefix.is_empty()
            && !name.is_empty()
            && !text.contains(char::is_whitespace)
            && !name.starts_with('/')
    })
}

/// The role of every column, those that were said first. `keys` are those that the policy asks about.
pub(super) fn roles(
    table: &Table,
    keys: &[ConditionKey],
    said: &BTreeMap<String, Role>,
) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for cell in &table.header {
        let words = normal(&cell.text());
        let before = roles.last().and_then(|role| match role {
            Role::Presence(key) | Role::State(key) => Some(key.clone()),
            _ => None,
        });
        let role = match said.get(&words) {
            Some(role) => role.clone(),
            None => by_heading(cell, keys, before),
        };
        roles.push(role);
    }
    roles
}

fn by_heading(cell: &Cell, keys: &[ConditionKey], before: Option<ConditionKey>) -> Role {
    let words = normal(&cell.words());
    if let Some(key) = named_key(cell, keys) {
        // What stands beside the name of the key.
        let beside = words.replace(&key.folded().to_lowercase(), " ");
        let beside: Vec<&str> =
            beside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let has = |list: &[&str]| beside.iter().any(|word| list.contains(word));
        return if has(&["present", "exists", "exist", "included", "presence"]) {
            Role::Presence(key)
        } else {
            Role::State(key)
        };
    }
    if let Some(asks) = asks(&words) {
        return Role::Answer(asks);
    }
    match (words.as_str(), before) {
        ("action" | "api action" | "operation" | "api call", _) => Role::Action,
        ("resource" | "resource arn", _) => Role::Resource,
        ("call path" | "path" | "how the request arrives", _) => Role::Path,
        (
            "value" | "its value" | "key value" | "with value" | "set to" | "state" | "key state"
            | "value of the key",
            Some(key),
        ) => Role::State(key),
        _ => Role::Remark,
    }
}

/// The key that a heading names: whole, or without its prefix where that is plain.
fn named_key(cell: &Cell, keys: &[ConditionKey]) -> Option<ConditionKey> {
    let text = cell.text().to_lowercase();
    let tokens: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '?' | '(' | ')' | '`'))
        .filter(|token| !token.is_empty())
        .collect();
    let short = |key: &ConditionKey| {
        let name = key.as_str().rsplit(':').next().unwrap_or_default().to_lowercase();
        // Short names are words of their own: `s3:prefix`, `aws:userid`.
        name.len() >= 8 && tokens.contains(&name.as_str())
    };
    let mut found = keys
        .iter()
        .filter(|key| tokens.contains(&key.as_str().to_lowercase().as_str()) || short(key));
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

/// What a heading asks. Headings that say both "deny" and "applies" are about the statement.
fn asks(words: &str) -> Option<Asks> {
    let tokens: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str]| tokens.iter().any(|word| list.contains(word));
    if tokens.len() > 8 {
        return None;
    }
    let about_statement =
        has(&["applies", "apply", "applied", "matches", "match", "fires", "triggers"])
            || (has(&["condition", "clause"])
                && has(&["met", "true", "result", "holds", "satisfied"]))
            || words == "in effect";
    if about_statement {
        return Some(Asks::Applies);
    }
    if has(&["why", "reason", "because", "note", "notes", "meaning", "explanation", "description"])
    {
        return None;
    }
    match words {
        "allowed" | "is allowed" | "permitted" | "access allowed" | "request allowed"
        | "allowed by policy" => Some(Asks::IsAllowed),
        "denied" | "blocked" | "is denied" | "access denied" | "request denied" => {
            Some(Asks::IsDenied)
        }
        "decision" | "final decision" | "result" | "outcome" | "access" | "verdict" | "effect"
        | "final result" | "access decision" | "request" | "evaluation result" => {
            Some(Asks::Decision)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::Source;

    use super::*;
    use crate::documentation::Document;

    fn read(header: &str) -> Vec<Role> {
        let rule = "| --- ".repeat(header.matches('|').count() - 1);
        let page = format!("{header}\n{rule}|\n");
        let document = Document::read(&Source::new("p.md", page)).unwrap();
        let keys = [ConditionKey::new("aws:ViaAWSMCPService"), ConditionKey::new("s3:prefix")];
        roles(&document.tables[0], &keys, &BTreeMap::new())
    }

    #[test]
    fn headings_name_what_a_column_is_about() {
        let key = || ConditionKey::new("aws:ViaAWSMCPService");
        assert_eq!(
            read("| `aws:ViaAWSMCPService` present? | Value | Deny applies? |"),
            [Role::Presence(key()), Role::State(key()), Role::Answer(Asks::Applies)]
        );
        assert_eq!(
            read("| `ViaAWSMCPService` | Allowed? | Why |"),
            [Role::State(key()), Role::Answer(Asks::IsAllowed), Role::Remark]
        );
        assert_eq!(
            read("| Prefix | Value | Result |"),
            [Role::Remark, Role::Remark, Role::Answer(Asks::Decision)]
        );
    }

    #[test]
    fn roles_are_read_from_comments() {
        assert_eq!(Role::parse("matches"), Some(Role::Answer(Asks::Applies)));
        assert_eq!(
            Role::parse("aws:SourceIp"),
            Some(Role::State(ConditionKey::new("aws:SourceIp")))
        );
        assert_eq!(
            Role::parse("aws:SourceIp present"),
            Some(Role::Presence(ConditionKey::new("aws:SourceIp")))
        );
        assert_eq!(Role::parse("whatever"), None);
    }
}
