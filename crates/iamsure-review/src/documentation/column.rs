//! What the columns of a truth table are about, by their headings.

use std::collections::BTreeMap;

use iamsure_core::language::ConditionKey;
use iamsure_truth::phrase::Piece;

use super::table::{Cell, Table, normal};

/// What a column is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
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
    /// An answer or a key, in words that may mean the opposite.
    Obscure,
}

/// What a column of answers asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
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
    pub(crate) fn parse(text: &str) -> Option<Self> {
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
        return if asks_for_absence(&beside) {
            Role::Obscure
        } else if has(&["present", "exists", "exist", "included", "presence"]) {
            Role::Presence(key)
        } else {
            Role::State(key)
        };
    }
    if let Some(asks) = asks(&words) {
        let is_understood = asks != Asks::Applies || is_plain(cell);
        return if is_understood { Role::Answer(asks) } else { Role::Obscure };
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

/// What a heading may say beside what it asks. Any other word may turn that into its opposite ("does not apply",
/// "doesn't", "fails to match", "rarely", "applies to anything but"), and a list of those would never be whole.
const VOCABULARY: [&str; 76] = [
    // What asks.
    "applies",
    "apply",
    "applied",
    "matches",
    "match",
    "matched",
    "fires",
    "fire",
    "triggers",
    "trigger",
    "met",
    "true",
    "result",
    "results",
    "holds",
    "hold",
    "satisfied",
    "effect",
    "effective",
    // What it is about.
    "deny",
    "denies",
    "denied",
    "allow",
    "allows",
    "allowed",
    "statement",
    "sid",
    "policy",
    "rule",
    "guardrail",
    "scp",
    "rcp",
    "condition",
    "conditions",
    "clause",
    "block",
    "element",
    "key",
    "operator",
    "test",
    "request",
    "requests",
    "call",
    "calls",
    "explicit",
    "identity",
    "boundary",
    "resource",
    "trust",
    "endpoint",
    "role",
    "user",
    "principal",
    "action",
    "access",
    // What joins it.
    "does",
    "do",
    "did",
    "is",
    "are",
    "will",
    "would",
    "has",
    "the",
    "a",
    "an",
    "this",
    "that",
    "it",
    "its",
    "to",
    "of",
    "in",
    "on",
    "here",
    "now",
];

/// Whether every word of a heading is one whose meaning is known, a number, or the name of a statement.
fn is_plain(cell: &Cell) -> bool {
    let words = cell.phrase.0.iter().filter_map(|piece| match piece {
        Piece::Word(text) => Some(text.as_str()),
        Piece::Code(_) => None,
    });
    let is_name = |word: &str| {
        word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
    };
    let is_known = |word: &str| {
        VOCABULARY.contains(&word.to_lowercase().as_str())
            || word.chars().all(|c| c.is_ascii_digit())
            || is_name(word)
    };
    words.clone().all(|text| !text.contains(['!', '\u{ac}', '\u{2260}', '~']))
        && words
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .all(|word| word.is_empty() || is_known(word))
}

/// Whether what stands beside the name of a key asks for its absence, which "yes" and "no" answer the wrong way round.
fn asks_for_absence(beside: &[&str]) -> bool {
    let has = |list: &[&str]| beside.iter().any(|word| list.contains(word));
    let negated = has(&[
        "not", "no", "non", "never", "without", "t", "cannot", "missing", "omitted", "excluded",
        "lacks", "lacking", "unset", "un", "isn", "doesn", "isnt", "doesnt", "nor", "neither",
        "fails", "except", "unless",
    ]);
    // "absent or present" is answered with the state.
    negated
        || (has(&["absent", "absence"]) && !has(&["present", "presence", "or", "state", "value"]))
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
    fn a_heading_is_never_read_as_its_opposite() {
        for heading in [
            "Deny does not apply?",
            "Deny doesn't apply?",
            "Deny doesn\u{2019}t apply?",
            "Deny does NOT apply",
            "Deny never applies",
            "Deny no longer applies",
            "Fails to match",
            "Condition not met?",
            "Condition isn't satisfied",
            "Rarely applies",
            "Deny applies to all but this",
            "Unless Deny applies",
            "Deny applies otherwise",
            "Stops Deny from matching: applies",
            "Deny mis-applied?",
            "Non-match",
            "! Deny applies",
            "Deny ~~does~~ apply",
            "False match",
            "Condition true or not",
            "`aws:ViaAWSMCPService` not present?",
            "`aws:ViaAWSMCPService` isn't present?",
            "`aws:ViaAWSMCPService` absent?",
            "`aws:ViaAWSMCPService` missing?",
            "no `aws:ViaAWSMCPService` present",
        ] {
            assert_eq!(read(&format!("| {heading} |")), [Role::Obscure], "{heading}");
        }
        // Nothing of these is read at all.
        for heading in ["Condition unmet?", "Not allowed", "Isn't denied", "Condition false"] {
            assert!(
                matches!(read(&format!("| {heading} |"))[..], [Role::Remark | Role::Obscure]),
                "{heading}"
            );
        }
        for heading in [
            "Deny applies?",
            "Does the Deny apply?",
            "DenyIfNotMfa applies?",
            "`Not` applies?",
            "Condition met?",
            "Match?",
            "Statement 2 applies",
            "In effect",
        ] {
            assert_eq!(read(&format!("| {heading} |")), [Role::Answer(Asks::Applies)], "{heading}");
        }
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
