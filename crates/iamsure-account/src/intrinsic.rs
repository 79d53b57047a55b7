//! Functions of CloudFormation, as far as they say something before a stack is deployed. What is known only then is a
//! symbol such as `<Bucket>`: a value that equals only itself.
//!
//! AWS page: CloudFormation User Guide, `intrinsic-function-reference`.

mod condition;
mod deployed;
mod lookup;

use std::collections::BTreeMap;

use iamsure_core::language::json::{Json, Member};
use iamsure_core::language::{Spanned, symbol::is_placeholder};

use crate::container::Unreadable;
use crate::node::{Look, Node};
pub(crate) use deployed::Deployed;

/// What is chosen of a template: conditions (`true`, `false`), and the values of parameters, resources and their attributes
/// (`Bucket`, `Table.Arn`, `AWS::Partition`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices(pub(crate) BTreeMap<String, String>);

impl Choices {
    /// The address of `ADDRESS?CONDITION=true&PARAMETER=VALUE`, and what is chosen after it.
    ///
    /// # Errors
    /// If a choice has no value, or is made twice.
    pub fn of_address(text: Option<&str>) -> Result<(Option<&str>, Self), Unreadable> {
        let mut choices = Self::default();
        let Some((address, said)) = text.and_then(|text| text.split_once('?')) else {
            return Ok((text, choices));
        };
        for choice in said.split('&') {
            let Some((name, value)) = choice.split_once('=') else {
                return Err(Unreadable(format!(
                    "`{choice}` is not CONDITION=true, CONDITION=false or NAME=VALUE"
                )));
            };
            if choices.0.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(Unreadable(format!("`{name}` is chosen twice")));
            }
        }
        Ok((Some(address).filter(|address| !address.is_empty()), choices))
    }
}

impl Choices {
    /// What was chosen for a name.
    pub(crate) fn of(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A template, to resolve its functions in.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) resources: &'a Node,
    pub(crate) conditions: Option<&'a Node>,
    pub(crate) mappings: Option<&'a Node>,
    pub(crate) choices: &'a Choices,
    /// Where the stack is assumed to be; `None` where only what was chosen counts.
    pub(crate) deployed: Option<&'a Deployed>,
}

impl Scope<'_> {
    /// The same, where only what was chosen counts: what a stack holds does not follow from an assumption.
    fn as_chosen(self) -> Self {
        Self { deployed: None, ..self }
    }

    /// The value with every function resolved; `None` where it says that there is none (`AWS::NoValue`).
    ///
    /// # Errors
    /// What keeps it from being known, as a clause about the whole.
    pub(crate) fn resolve(&self, node: &Node) -> Result<Option<Node>, String> {
        let json = match &node.value {
            Json::List(items) => {
                let mut resolved = Vec::with_capacity(items.len());
                for item in items {
                    resolved.extend(self.resolve(item)?);
                }
                Json::List(resolved)
            }
            Json::Map(members) => {
                if let [Member { key, value }] = members.as_slice()
                    && (key.value == "Ref" || key.value.starts_with("Fn::"))
                {
                    return self.call(&key.value, value);
                }
                let mut resolved = Vec::with_capacity(members.len());
                for Member { key, value } in members {
                    if key.value.starts_with("Fn::") {
                        return Err(format!("has `{}`, which iamsure does not follow", key.value));
                    }
                    let value = self.resolve(value)?;
                    resolved.extend(value.map(|value| Member { key: key.clone(), value }));
                }
                Json::Map(resolved)
            }
            Json::Text(text) if text.contains("{{resolve:") => {
                return Err("has a dynamic reference (`{{resolve:…}}`), known when it is deployed"
                    .to_owned());
            }
            Json::Text(text) => Json::Text(self.settled(text.clone())),
            other => other.clone(),
        };
        Ok(Some(Spanned::new(json, node.span)))
    }

    /// A text as it is where the stack is assumed to be.
    fn settled(&self, text: String) -> String {
        match self.deployed {
            Some(deployed) => deployed.settled(text),
            None => text,
        }
    }

    /// Whether a part is there and which of two it is, with its own functions as they are.
    ///
    /// # Errors
    /// As of [`resolve`](Self::resolve).
    pub(crate) fn resolve_choice<'n>(&self, node: &'n Node) -> Result<Option<&'n Node>, String> {
        if let [Member { key, value }] = node.members() {
            match (key.value.as_str(), value.items()) {
                ("Ref", _) if value.text() == Some("AWS::NoValue") => return Ok(None),
                ("Fn::If", [condition, yes, no]) => {
                    let condition = condition.text().ok_or_else(|| unread("Fn::If"))?;
                    return self.resolve_choice(if self.condition(condition)? { yes } else { no });
                }
                _ => {}
            }
        }
        Ok(Some(node))
    }

    /// What was chosen for a name, or is assumed, or what stands for it.
    fn symbol(&self, name: &str) -> Result<String, String> {
        let assumed = || self.deployed?.principals.get(name).map(String::as_str);
        let known = self.choices.of(name).or_else(assumed);
        known.map_or_else(|| symbol(name), |value| Ok(value.to_owned()))
    }

    fn call(&self, name: &str, argument: &Node) -> Result<Option<Node>, String> {
        let text = match (name, argument.text()) {
            ("Ref", Some("AWS::NoValue")) => return Ok(None),
            ("Ref", Some(target)) => self.symbol(target)?,
            ("Fn::GetAtt", _) => self.attribute(argument)?,
            ("Fn::Sub", Some(text)) => self.substituted(text, None)?,
            ("Fn::Sub", None) => match argument.items() {
                [text, values] if text.text().is_some() => {
                    self.substituted(text.text().unwrap_or_default(), Some(values))?
                }
                _ => return Err(unread(name)),
            },
            ("Fn::Join", _) => self.joined(argument)?,
            ("Fn::If", _) => {
                let [condition, yes, no] = argument.items() else { return Err(unread(name)) };
                let chosen = self.condition(condition.text().ok_or_else(|| unread(name))?)?;
                return self.resolve(if chosen { yes } else { no });
            }
            ("Fn::FindInMap", _) => return self.in_map(argument).map(Some),
            ("Fn::Select", _) => return self.selected(argument).map(Some),
            ("Fn::Split", _) => return self.parted(argument).map(Some),
            ("Fn::ImportValue", _) => {
                let export = self.text(argument, name)?;
                return self.named(name, &[export], argument).map(Some);
            }
            _ => return Err(format!("has `{name}`, which iamsure does not follow")),
        };
        Ok(Some(Spanned::new(Json::Text(self.settled(text)), argument.span)))
    }

    fn attribute(&self, argument: &Node) -> Result<String, String> {
        let (id, attribute) = match (argument.text(), argument.items()) {
            (Some(text), _) => text.split_once('.').ok_or_else(|| unread("Fn::GetAtt"))?,
            (None, [id, attribute]) => match (id.text(), attribute.text()) {
                (Some(id), Some(attribute)) => (id, attribute),
                _ => return Err(unread("Fn::GetAtt")),
            },
            _ => return Err(unread("Fn::GetAtt")),
        };
        self.attribute_of(id, attribute)
    }

    /// The ARN of a bucket is made of its name (CloudFormation, `AWS::S3::Bucket`, return values), so that it and
    /// an ARN written with the name are of one bucket.
    fn attribute_of(&self, id: &str, attribute: &str) -> Result<String, String> {
        if let Some(value) = self.choices.of(&format!("{id}.{attribute}")) {
            return Ok(value.to_owned());
        }
        let kind = self.resources.get(id).and_then(|resource| resource.text_of("Type"));
        if kind == Some("AWS::S3::Bucket") && attribute == "Arn" {
            return Ok(format!("arn:{}:s3:::{}", self.symbol("AWS::Partition")?, self.symbol(id)?));
        }
        self.symbol(&format!("{id}.{attribute}"))
    }

    fn substituted(&self, text: &str, values: Option<&Node>) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, after) = after.split_once('}').ok_or_else(|| unread("Fn::Sub"))?;
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
                continue;
            }
            let name = name.trim();
            match values.and_then(|values| values.get(name)) {
                Some(value) => out.push_str(&self.text(value, "Fn::Sub")?),
                None => match name.split_once('.') {
                    Some((id, attribute)) => out.push_str(&self.attribute_of(id, attribute)?),
                    None => out.push_str(&self.symbol(name)?),
                },
            }
        }
        out.push_str(rest);
        if out.contains("{{resolve:") {
            return Err(
                "has a dynamic reference (`{{resolve:…}}`), known when it is deployed".to_owned()
            );
        }
        Ok(out)
    }

    fn joined(&self, argument: &Node) -> Result<String, String> {
        let [between, list] = argument.items() else { return Err(unread("Fn::Join")) };
        let between = between.text().ok_or_else(|| unread("Fn::Join"))?;
        let list = self.resolve(list)?.ok_or_else(|| unread("Fn::Join"))?;
        if !matches!(list.value, Json::List(_)) {
            return Err("joins a list that is known when it is deployed".to_owned());
        }
        let texts: Option<Vec<&str>> = list.items().iter().map(Look::text).collect();
        Ok(texts.ok_or_else(|| unread("Fn::Join"))?.join(between))
    }

    /// What stands for a value that names in the template or the account lead to: `<ImportValue NAME>`.
    fn named(&self, function: &str, arguments: &[String], at: &Node) -> Result<Node, String> {
        let name = function.trim_start_matches("Fn::");
        if arguments.iter().any(|argument| argument.contains(' ')) {
            return Err(unread(function));
        }
        let arguments: Vec<&str> =
            arguments.iter().map(|argument| argument.trim_matches(['<', '>'])).collect();
        let symbol = self.symbol(&format!("{name} {}", arguments.join(" ")))?;
        Ok(Spanned::new(Json::Text(symbol), at.span))
    }

    fn text(&self, node: &Node, of: &str) -> Result<String, String> {
        let resolved = self.resolve(node)?.ok_or_else(|| unread(of))?;
        scalar(resolved).ok_or_else(|| unread(of))
    }
}

/// The text of a text, a number or a truth value: CloudFormation takes each for the other.
fn scalar(node: Node) -> Option<String> {
    match node.value {
        Json::Text(text) | Json::Number(text) => Some(text),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Whether a text holds something that is known when the stack is deployed.
fn is_open(text: &str) -> bool {
    text.contains('<')
}

fn unread(function: &str) -> String {
    format!("has `{function}` in a form that iamsure does not follow")
}

/// What stands for what a name refers to. A symbol has two letters at least.
pub(crate) fn reference(name: &str) -> String {
    if name.len() < 2 { format!("<{ONE_LETTER}{name}>") } else { format!("<{name}>") }
}

/// The name that something refers to; of any other text, the text.
pub(crate) fn referred(symbol: &str) -> &str {
    let name = symbol.trim_start_matches('<').trim_end_matches('>');
    name.strip_prefix(ONE_LETTER).unwrap_or(name)
}

/// What stands before a name of one letter.
const ONE_LETTER: &str = "Ref ";

/// What stands for a value that is known when the stack is deployed.
fn symbol(name: &str) -> Result<String, String> {
    let symbol = reference(&name.replace("::", "."));
    if is_placeholder(&symbol) {
        return Ok(symbol);
    }
    Err("has a reference whose name is not letters, digits, `.`, `_` and `-`, or is too long"
        .to_owned())
}
