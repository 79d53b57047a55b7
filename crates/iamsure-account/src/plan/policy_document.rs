//! Policy documents of a plan that are known after apply, made again from what is written.
//!
//! Page of the AWS provider: `aws_iam_policy_document` (data source).

use serde_json::{Map, Value, json};

use super::configuration::Configuration;
use crate::node::{Look, Node};

/// The document that a data source makes, as JSON. What it refers to is a symbol such as `<from aws_s3_bucket.b.arn>`: the
/// configuration tells what a value is made of, and not how. `known` gives what a reference is taken for all the same, such as
/// the ARN of a role, to which nothing is added.
///
/// # Errors
/// What keeps it from being made again, as a clause about it.
pub(super) fn rebuilt(
    address: &str,
    planned: Option<&Node>,
    configuration: &Configuration<'_>,
    known: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    for other in
        ["source_policy_documents", "override_policy_documents", "source_json", "override_json"]
    {
        if configuration.is_said(address, other) {
            return Err(format!(
                "is unknown until apply, and built from other documents (`{other}`)"
            ));
        }
    }
    let written =
        configuration.expression(address, "statement").map(Look::items).unwrap_or_default();
    let planned = planned.map(|planned| planned.items_of("statement")).unwrap_or_default();
    // Blocks that are made one for each of something are not in the configuration.
    let count = if planned.is_empty() { written.len() } else { planned.len() };
    if count == 0 || (written.len() != count && !planned.is_empty() && !written.is_empty()) {
        return Err("is unknown until apply, so its statements cannot be analysed".to_owned());
    }
    let statements: Result<Vec<Value>, String> = (0..count)
        .map(|index| Block { planned: planned.get(index), written: written.get(index), known })
        .map(Block::statement)
        .collect();
    let document = json!({ "Version": "2012-10-17", "Statement": statements? });
    serde_json::to_string_pretty(&document).map_err(|error| error.to_string())
}

/// A block of the document: what the plan knows of it, and what is written.
#[derive(Clone, Copy)]
struct Block<'a> {
    planned: Option<&'a Node>,
    written: Option<&'a Node>,
    /// What a reference is taken for.
    known: &'a dyn Fn(&str) -> Option<String>,
}

impl Block<'_> {
    fn statement(self) -> Result<Value, String> {
        let mut statement = Map::new();
        let one = |name: &str| self.texts(name).map(|texts| texts.into_iter().next());
        if let Some(sid) = one("sid")?.filter(|sid| !sid.is_empty() && !sid.starts_with('<')) {
            statement.insert("Sid".to_owned(), sid.into());
        }
        let effect = one("effect")?.unwrap_or_else(|| "Allow".to_owned());
        if !matches!(effect.as_str(), "Allow" | "Deny") {
            return Err("is unknown until apply, and so is an Effect in it".to_owned());
        }
        statement.insert("Effect".to_owned(), effect.into());
        for (name, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
            let principals = self.principals(name)?;
            statement.extend(principals.map(|found| (element.to_owned(), found)));
        }
        for (name, element) in [
            ("actions", "Action"),
            ("not_actions", "NotAction"),
            ("resources", "Resource"),
            ("not_resources", "NotResource"),
        ] {
            let texts = self.texts(name)?;
            if !texts.is_empty() {
                statement.insert(element.to_owned(), texts.into());
            }
        }
        let conditions = self.conditions()?;
        if !conditions.is_empty() {
            statement.insert("Condition".to_owned(), conditions.into());
        }
        Ok(statement.into())
    }

    fn principals(self, name: &str) -> Result<Option<Value>, String> {
        let mut by_kind: Map<String, Value> = Map::new();
        for block in self.blocks(name)? {
            let kind = block.texts("type")?.into_iter().next().unwrap_or_default();
            let identifiers = block.texts("identifiers")?;
            if kind == "*" {
                return Ok(Some("*".into()));
            }
            if kind.is_empty() || kind.starts_with('<') {
                return Err("is unknown until apply, and so is the type of a principal".to_owned());
            }
            let all = by_kind.entry(kind).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(all) = all {
                all.extend(identifiers.into_iter().map(Value::from));
            }
        }
        Ok((!by_kind.is_empty()).then(|| by_kind.into()))
    }

    fn conditions(self) -> Result<Map<String, Value>, String> {
        let mut conditions: Map<String, Value> = Map::new();
        for block in self.blocks("condition")? {
            let one = |name: &str| {
                block.texts(name).map(|texts| texts.into_iter().next().unwrap_or_default())
            };
            let (test, key) = (one("test")?, one("variable")?);
            if test.is_empty() || test.starts_with('<') || key.is_empty() {
                return Err("is unknown until apply, and so is a condition operator".to_owned());
            }
            let keys = conditions.entry(test).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(keys) = keys else { continue };
            let values = keys.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.extend(block.texts("values")?.into_iter().map(Value::from));
            }
        }
        Ok(conditions)
    }

    /// The blocks of a name.
    fn blocks(self, name: &str) -> Result<Vec<Self>, String> {
        let written = self.written.map(|written| written.items_of(name)).unwrap_or_default();
        let planned = self.planned.map(|planned| planned.items_of(name)).unwrap_or_default();
        let count = written.len().max(planned.len());
        if !written.is_empty() && !planned.is_empty() && written.len() != planned.len() {
            return Err(format!("is unknown until apply, so its `{name}` cannot be analysed"));
        }
        let block =
            |index| Self { planned: planned.get(index), written: written.get(index), ..self };
        Ok((0..count).map(block).collect())
    }

    /// The texts of an attribute: as planned, as written, or symbols for what they are made of.
    fn texts(self, name: &str) -> Result<Vec<String>, String> {
        let expression = self.written.and_then(|written| written.get(name));
        let planned = self.planned.and_then(|planned| planned.get(name));
        if let Some(texts) = planned.and_then(all_texts) {
            return Ok(texts);
        }
        if let Some(texts) =
            expression.and_then(|node| node.get("constant_value")).and_then(all_texts)
        {
            return Ok(texts);
        }
        let Some(expression) = expression else { return Ok(Vec::new()) };
        let references = expression.items_of("references").iter().filter_map(Look::text);
        let mut symbols: Vec<String> = Vec::new();
        for reference in references {
            // "aws_s3_bucket.b.arn" comes with "aws_s3_bucket.b".
            let is_part = symbols.last().is_some_and(|known: &String| known.starts_with(reference));
            if !is_part {
                symbols.push(reference.to_owned());
            }
        }
        if symbols.is_empty() {
            return Err(format!(
                "is unknown until apply, and the plan does not show what its `{name}` are built from"
            ));
        }
        // What is planned of a list stays; each symbol may be any of the rest.
        let listed = planned.map(Look::items).unwrap_or_default().iter().filter_map(Look::text);
        // Beside anything else, an ARN may be chosen by it.
        let arns: Option<Vec<String>> = symbols.iter().map(|name| (self.known)(name)).collect();
        let rest = arns.unwrap_or_else(|| symbols.iter().map(|name| symbol(name)).collect());
        Ok(listed.map(str::to_owned).chain(rest).collect())
    }
}

/// The text that a node is, or the texts of a list; `None` if something of it is not known.
fn all_texts(node: &Node) -> Option<Vec<String>> {
    if let Some(text) = node.text() {
        return Some(vec![text.to_owned()]);
    }
    let texts: Option<Vec<String>> =
        node.items().iter().map(|item| item.text().map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty())
}

/// A symbol for a value that is made of a reference, in the characters that symbols have.
fn symbol(reference: &str) -> String {
    let without_keys = reference.split('[').next().unwrap_or_default();
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let name: String = without_keys.chars().filter(fits).take(70).collect();
    format!("<from {name}>")
}
