//! A test about one request, as text for a suite.

use std::fmt::{self, Write as _};

use iamsure_core::world::{KeyState, Request};
use iamsure_truth::matrix::sample_requester;

/// One test of one request, to be put under `tests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestText {
    /// What it is called.
    pub name: String,
    /// The policy set.
    pub policies: String,
    /// Who asks; some session of some role, if it is not said.
    pub principal: Option<String>,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The account that owns the resource, where it is not the caller's own.
    pub resource_account: Option<String>,
    /// The condition keys.
    pub context: Vec<(String, KeyState)>,
    /// The decision words.
    pub expect: String,
}

impl TestText {
    /// A test that expects `expect` of a request. Whoever is nobody in particular is not named.
    pub fn of(request: &Request, name: String, policies: String, expect: String) -> Self {
        let is_anybody = request.requester == sample_requester();
        let own = request.requester.principal.account();
        let context = request
            .context
            .entries()
            .filter(|(_, state)| **state != KeyState::Unknown)
            .map(|(key, state)| (key.as_str().to_owned(), state.clone()));
        Self {
            name,
            policies,
            principal: (!is_anybody).then(|| request.requester.principal.display_arn()),
            action: request.action.as_str().to_owned(),
            resource: request.resource.clone(),
            resource_account: request
                .resource_account
                .clone()
                .filter(|account| !is_anybody || own != Some(account.as_str())),
            context: context.collect(),
            expect,
        }
    }
}

impl fmt::Display for TestText {
    /// An item of the list `tests`, indented by two blanks, each line with its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  - name: {}", scalar(&self.name))?;
        writeln!(f, "    policies: {}", scalar(&self.policies))?;
        if let Some(principal) = &self.principal {
            writeln!(f, "    principal: {}", scalar(principal))?;
        }
        writeln!(f, "    action: {}", scalar(&self.action))?;
        writeln!(f, "    resource: {}", scalar(&self.resource))?;
        if let Some(account) = &self.resource_account {
            writeln!(f, "    resource-account: {}", quoted(account))?;
        }
        if !self.context.is_empty() {
            writeln!(f, "    context:")?;
            for (key, state) in &self.context {
                writeln!(f, "      {}: {}", scalar(key), value(state))?;
            }
        }
        writeln!(f, "    expect: {}", scalar(&self.expect))
    }
}

fn value(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) => quoted(text),
        KeyState::Multi(texts) => {
            let mut list = String::from("[");
            for (number, text) in texts.iter().enumerate() {
                let _ = write!(list, "{}{}", if number == 0 { "" } else { ", " }, quoted(text));
            }
            list.push(']');
            list
        }
    }
}

/// A text in quotes, as JSON and YAML both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text, in quotes unless every reader of YAML takes it for a text.
fn scalar(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " -_./:,".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' ']);
    let is_other = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if is_word && !is_other { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_yaml_would_read_otherwise_is_in_quotes() {
        assert_eq!(scalar("S3 role"), "S3 role");
        assert_eq!(scalar("arn:aws:s3:::b/k"), "arn:aws:s3:::b/k");
        assert_eq!(scalar("no"), "\"no\"");
        assert_eq!(scalar("a: b"), "\"a: b\"");
        assert_eq!(scalar("*"), "\"*\"");
        assert_eq!(scalar("123"), "\"123\"");
    }
}
