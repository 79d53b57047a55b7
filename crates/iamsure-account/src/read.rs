//! What a text is.

use iamsure_core::language::Source;
use iamsure_core::language::json::{self, Json, Member};

use crate::container::{Container, Document, Unreadable};
use crate::decoded::{decoded, document};
use crate::intrinsic::Choices;
use crate::node::{Look, Node, twice};
use crate::principal::Resource;
use crate::{account, answer, embedded, plan, template, yaml};

/// The longest container that is read, in bytes: the details of an account of 10,000 principals take some 50 MB.
pub const MAX_CONTAINER: usize = 256 * 1024 * 1024;

/// What `source` holds; `None` if it is one policy document as it stands, or nothing that is known: the reader of
/// policies says what is wrong with it then.
///
/// `choices` says which conditions of a template hold, and what its parameters and resources are; of anything else there
/// are none.
///
/// # Errors
/// If it is a container, and cannot be used: what it is, and why.
pub fn read(source: &Source, choices: &Choices) -> Result<Option<Container>, Unreadable> {
    let found = found(source, choices)?;
    if let Some(name) = choices.0.keys().next()
        && !found.as_ref().is_some_and(|container| container.takes_choices)
    {
        return Err(Unreadable(format!(
            "`{name}` is set, but this is not a template with conditions and parameters"
        )));
    }
    Ok(found.map(|container| container.within(source)))
}

fn found(source: &Source, choices: &Choices) -> Result<Option<Container>, Unreadable> {
    let text = source.text().trim_start();
    if text.starts_with(['{', '[', '"']) {
        return match json::read_within(source, MAX_CONTAINER) {
            Ok(node) => of_json(&node, choices),
            Err(_) => Ok(None),
        };
    }
    if let Some(text) = decoded(text) {
        let document = Document::Written { text: text.into(), how: "decoded" };
        return Ok(Some(whole("a URL-encoded policy", document)));
    }
    of_yaml(source, choices)
}

fn of_json(node: &Node, choices: &Choices) -> Result<Option<Container>, Unreadable> {
    if node.is_policy() {
        return Ok(None);
    }
    if let Some(text) = node.text() {
        let document =
            decoded(text).map(|text| Document::Written { text: text.into(), how: "decoded" });
        return Ok(document.map(|document| whole("a policy as a text", document)));
    }
    if node.is_statement() || node.items().iter().any(Look::is_statement) {
        return Ok(Some(whole(
            "a statement without the document around it",
            Document::Inline(node.span),
        )));
    }
    container(node, choices, true)
}

/// YAML is what is a map and means something; any other text is left to the reader of policies.
fn of_yaml(source: &Source, choices: &Choices) -> Result<Option<Container>, Unreadable> {
    let means_something = source.text().lines().any(|line| {
        ["Statement:", "Resources:", "TemplateBody:", "Effect:", "- Effect:", "\"Statement\":"]
            .iter()
            .any(|key| line.starts_with(key))
    });
    if !means_something {
        return Ok(None);
    }
    let node = yaml::read(source)?;
    if let Some(key) = twice(&node) {
        return Err(Unreadable(format!(
            "{}: `{}` is there twice",
            source.place(key.span.start),
            key.value
        )));
    }
    if template::is_template(&node) || node.get("TemplateBody").is_some() {
        return container(&node, choices, false);
    }
    if node.is_policy() {
        return Ok(Some(whole("a policy in YAML", document(&node, false))));
    }
    if node.is_statement() || node.items().iter().any(Look::is_statement) {
        let text = crate::written::written(&node);
        return Ok(Some(whole(
            "a statement without the document around it, in YAML",
            Document::Written { text: text.into(), how: "as JSON" },
        )));
    }
    Ok(None)
}

fn container(
    node: &Node,
    choices: &Choices,
    is_json: bool,
) -> Result<Option<Container>, Unreadable> {
    if let Some(key) = twice(node).filter(|_| is_known(node)) {
        return Err(Unreadable(format!("the key `{}` is there twice in one object", key.value)));
    }
    if account::is_page(node) {
        return account::read(&[node], is_json).map(Some);
    }
    if plan::is_plan(node) {
        return plan::read(node).map(Some);
    }
    if template::is_template(node) {
        return template::read(node, choices, is_json).map(Some);
    }
    if let Some(body) = node.get("TemplateBody") {
        return of_template_body(body, choices, is_json);
    }
    let items = node.items();
    if !items.is_empty() && items.iter().all(account::is_page) {
        let pages: Vec<&Node> = items.iter().collect();
        return account::read(&pages, is_json).map(Some);
    }
    if !items.is_empty() && items.iter().any(is_policy_or_text) {
        return Ok(Some(list(items, is_json)));
    }
    let found = answer::read(node, is_json)?.or_else(|| embedded::read(node, is_json));
    if found.is_none() && !is_meant_as_policy(node) {
        return Err(neither(node));
    }
    Ok(found)
}

/// What an answer of `aws cloudformation get-template` holds: JSON as it is, YAML as a text. Of what a text holds no place in
/// the file is known.
///
/// AWS page: CloudFormation API Reference, `API_GetTemplate`.
fn of_template_body(
    body: &Node,
    choices: &Choices,
    is_json: bool,
) -> Result<Option<Container>, Unreadable> {
    let Some(text) = body.text() else { return container(body, choices, is_json) };
    let source = Source::new("TemplateBody", text);
    let within = match json::read_within(&source, MAX_CONTAINER) {
        Ok(node) => node,
        Err(_) => yaml::read(&source)?,
    };
    container(&within, choices, false)
}

/// Whether a value is left to the reader of policies, which says what is wrong with it: some member is called as an element of
/// a policy or of a statement is, or nearly so.
fn is_meant_as_policy(node: &Node) -> bool {
    let is_element = |name: &str| {
        let name = name.to_ascii_lowercase();
        let is_near = |element: &&str| strsim::damerau_levenshtein(element, &name) <= 2;
        ["id", "sid"].contains(&&*name) || ELEMENTS.iter().any(is_near)
    };
    let members = node.members();
    members.is_empty() || members.iter().any(|member| is_element(&member.key.value))
}

/// The elements of policies and statements with longer names.
///
/// AWS page: IAM User Guide, `reference_policies_elements`.
const ELEMENTS: [&str; 10] = [
    "version",
    "statement",
    "effect",
    "principal",
    "notprincipal",
    "action",
    "notaction",
    "resource",
    "notresource",
    "condition",
];

/// How many members are named of a value that is nothing known, and how much of each name.
const NAMED: usize = 3;
const LONGEST_NAME: usize = 40;

fn neither(node: &Node) -> Unreadable {
    let members = node.members();
    let name = |member: &Member| {
        let name: String = member.key.value.chars().take(LONGEST_NAME).collect();
        let more = if name.len() < member.key.value.len() { "…" } else { "" };
        format!("`{name}{more}`")
    };
    let named: Vec<String> = members.iter().take(NAMED).map(name).collect();
    let more = members.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Unreadable(format!(
        "it is not a policy document and contains none; it is an object with {}{more}",
        named.join(", ")
    ))
}

/// Whether keys that are there twice are those of a container: what is nothing is said to be nothing.
fn is_known(node: &Node) -> bool {
    account::is_page(node)
        || plan::is_plan(node)
        || template::is_template(node)
        || node.items().iter().any(account::is_page)
        || matches!(answer::read(node, true), Ok(Some(_)))
}

fn is_policy_or_text(node: &Node) -> bool {
    node.is_policy() || node.text().is_some_and(|text| decoded(text).is_some())
}

fn list(items: &[Node], is_json: bool) -> Container {
    let policy = |(index, item): (usize, &Node)| {
        let document = match &item.value {
            Json::Map(_) if !item.is_policy() => {
                Document::Absent("is not a policy document".to_owned())
            }
            _ => document(item, is_json),
        };
        Resource::policy((index + 1).to_string(), None, format!("[{index}]"), document)
    };
    Container::new("a list of policies", items.iter().enumerate().map(policy).collect())
}

/// A text that is one policy in another form.
fn whole(what: &str, document: Document) -> Container {
    Container::new(what, vec![Resource::policy("policy", None, "", document)])
}
