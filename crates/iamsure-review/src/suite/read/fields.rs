//! The fields of a test.

use std::sync::Arc;

use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::{ActionName, ActionPattern, Source, Span, is_account_id};
use iamsure_core::world::evidence::FixedKey;
use iamsure_core::world::{CallPath, Switches};
use iamsure_truth::model::{NotAResource, check_resource};

use super::super::expectation::Expectation;
use super::super::sets::unknown;
use super::super::test::Given;
use super::{Reader, file_name, switches};
use crate::path_file;
use crate::tree::{Entry, Misread, Node, Shape, Value};

/// What is expected on a call path, or on any; and where that is written.
pub(super) type Expected = (Option<CallPath>, Arc<Expectation>, Span);

/// A test as it is read.
pub(super) struct TestReader<'r, 'a, 'n> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) source: &'n Source,
    pub(super) node: &'n Node,
    pub(super) value: &'n Value,
}

impl TestReader<'_, '_, '_> {
    /// The items of a field that has a singular and a plural name.
    pub(super) fn items(&self, one: &str, many: &str) -> Result<Vec<&Node>, Misread> {
        match (self.value.get(one), self.value.get(many)) {
            (Some(_), Some(node)) => {
                Err(Misread::at(node.span, format!("`{one}` and `{many}` are the same field")))
            }
            (Some(node), None) | (None, Some(node)) => Ok(node.one_or_many()),
            (None, None) => Ok(Vec::new()),
        }
    }

    pub(super) fn only_for(&self, names: &[&str], what: &str) -> Result<(), Misread> {
        for Entry { key, .. } in self.node.entries("a test must be a map")? {
            if names.contains(&key.value.as_str()) {
                return Err(Misread::at(key.span, format!("`{}` is for {what}", key.value)));
            }
        }
        Ok(())
    }

    pub(super) fn given(&self) -> Result<Given, Misread> {
        let Some(node) = self.value.get("given") else { return Ok(Given::Nothing) };
        match node.value.text() {
            Some("any other allow") => Ok(Given::AnyOtherAllow),
            _ => Err(Misread::at(node.span, "`given` is `any other allow`, or is left out").help(
                "to add a specific Allow, define a policy set: `like` another set, with one more policy under `identity`",
            )),
        }
    }

    pub(super) fn switches(&self) -> Result<Switches, Misread> {
        match self.value.get("switches") {
            None => Ok(self.reader.switches),
            Some(node) => switches(node, self.reader.switches),
        }
    }

    pub(super) fn resource_account(&self) -> Result<Option<String>, Misread> {
        let Some(node) = self.value.get("resource-account") else { return Ok(None) };
        let account = node.string("`resource-account` is an account id in quotes")?;
        if is_account_id(&account) {
            return Ok(Some(account));
        }
        Err(Misread::at(
            node.span,
            format!("`{account}` is not an account id: twelve digits, in quotes"),
        ))
    }

    /// The actions; a pattern stands for every action of it that AWS publishes.
    pub(super) fn actions(&self) -> Result<Vec<(ActionName, Span)>, Misread> {
        let mut actions = Vec::new();
        for item in self.items("action", "actions")? {
            let text = item.string("an action must be a string, such as s3:GetObject")?;
            match ActionName::parse(&text) {
                Ok(action) => actions.push((action, item.span)),
                Err(error)
                    if text.contains(['*', '?'])
                        && ActionPattern::new(text.as_str()).parts().is_some() =>
                {
                    let members = iamsure_reference::expand(&text);
                    let before = actions.len();
                    actions.extend(members.filter_map(|name| {
                        Some((ActionName::parse(&name.to_string()).ok()?, item.span))
                    }));
                    if actions.len() == before {
                        let message = format!("AWS publishes no action that `{text}` matches");
                        return Err(Misread::at(item.span, message));
                    }
                    let _ = error;
                }
                Err(error) => {
                    return Err(Misread::at(
                        item.span,
                        format!("`{text}` is not an action: {error}"),
                    ));
                }
            }
        }
        if actions.is_empty() {
            return Err(Misread::at(self.node.span, "this test has no `action`")
                .help("add `actions: [s3:GetObject]`, or make it a `claim`"));
        }
        Ok(actions)
    }

    /// The resources of requests, in which each character is itself.
    pub(super) fn resources(&self) -> Result<Vec<String>, Misread> {
        self.resources_but(|slip| !matches!(slip, NotAResource::NotAnArn(_)))
    }

    /// The resources that a question is limited to.
    pub(super) fn resources_asked(&self) -> Result<Vec<String>, Misread> {
        self.resources_but(|_| false)
    }

    /// The resources, of which some slips are none here.
    fn resources_but(
        &self,
        is_fine: impl Fn(&NotAResource) -> bool,
    ) -> Result<Vec<String>, Misread> {
        let resource = |item: &Node| {
            let text = item.string("a resource is an ARN, or `*`")?;
            match check_resource(&text) {
                Err(slip) if !is_fine(&slip) && !is_placeholder(&text) => {
                    Err(Misread::at(item.span, slip.to_string()))
                }
                _ => Ok(text),
            }
        };
        self.items("resource", "resources")?.into_iter().map(resource).collect()
    }

    /// What the test says of keys: for each of its contexts its name and its keys; one without name, if
    /// it has none.
    pub(super) fn contexts(&self) -> Result<Vec<(String, Vec<FixedKey>)>, Misread> {
        let file = file_name(self.source);
        let own = match self.value.get("context") {
            Some(node) => path_file::keys(node, &file)?,
            None => Vec::new(),
        };
        let with_own = |keys: &[FixedKey]| {
            let mut all = own.clone();
            all.extend(
                keys.iter().filter(|key| !own.iter().any(|known| known.key == key.key)).cloned(),
            );
            all
        };
        let Some(node) = self.value.get("contexts") else {
            return Ok(vec![(String::new(), own)]);
        };
        node.one_or_many()
            .into_iter()
            .map(|item| {
                let name = item.string("`contexts` names contexts of the suite")?;
                let known = &self.reader.contexts;
                if let Some((_, keys)) = known.iter().find(|(there, _)| *there == name) {
                    return Ok((name, with_own(keys)));
                }
                let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
                Err(unknown(item.span, "context", &name, &names))
            })
            .collect()
    }

    pub(super) fn path(&self, node: Span, name: &str) -> Result<CallPath, Misread> {
        self.reader.paths.named(name).map_err(|error| path_file::unknown(&error, node))
    }

    /// What is expected, by call path; any path, if the test names none.
    pub(super) fn expectations(&self) -> Result<Vec<Expected>, Misread> {
        let Some(node) = self.value.get("expect") else {
            return Err(Misread::at(self.node.span, "this test has no `expect`")
                .help("add `expect: denied`, or by call path: `expect: { direct: denied }`"));
        };
        let read = |node: &Node| {
            let text =
                node.string("an expectation is a decision, such as `denied by DenyDirect`")?;
            Expectation::parse(&text).map(Arc::new).map_err(|error| Misread::at(node.span, error))
        };
        let paths = self.items("path", "paths")?;
        if let Value::Mapping(entries) = &node.value {
            if let Some(first) = paths.first() {
                return Err(Misread::at(first.span, "paths are already listed in `expect`"));
            }
            if entries.is_empty() {
                return Err(Misread::at(node.span, "`expect` lists no path"));
            }
            return entries
                .iter()
                .map(|Entry { key, value }| {
                    let path = self.path(key.span, &key.value)?;
                    Ok((Some(path), read(value)?, value.span))
                })
                .collect();
        }
        let expected = read(node)?;
        if paths.is_empty() {
            return Ok(vec![(None, expected, node.span)]);
        }
        paths
            .into_iter()
            .map(|item| {
                let name = item.string("a call path name must be a string")?;
                Ok((Some(self.path(item.span, &name)?), expected.clone(), node.span))
            })
            .collect()
    }
}
