//! Policies that came with a record.

use iamsure_core::language::json::{self, Json};
use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source, Spanned};
use iamsure_core::world::PolicySet;

/// The policies that came with a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The policies, the levels of one layer in order.
    pub policies: Vec<CapturedPolicy>,
    /// Why there may be more than these, if there may.
    pub incomplete: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedPolicy {
    /// Its layer.
    pub layer: PolicyType,
    /// Its level, the organization root being 0; 0 in layers without levels.
    pub level: usize,
    /// Where it comes from: its URI, or its place in the request.
    pub name: String,
    /// The document, as JSON text.
    pub text: String,
}

/// Policy documents by URI, as `GetRequestAuthorizationPolicy` gives them one by one.
#[derive(Clone, Debug, Default)]
pub struct Documents(Vec<(String, String)>);

impl Documents {
    /// Adds what was given for a URI: the answer of the operation, or the document alone.
    ///
    /// # Errors
    /// Why it is neither, in one line with its place.
    pub fn add(&mut self, uri: impl Into<String>, source: &Source) -> Result<(), String> {
        let value = json::read(source).map_err(|error| {
            let place = source.place(error.span().start);
            format!("{}:{}:{}: {}", source.name(), place.line, place.column, error.message)
        })?;
        let Json::Map(members) = &value.value else {
            return Err(format!("{}: a policy is an object", source.name()));
        };
        let inner = members.iter().find(|member| member.key.value == "policyDocument");
        let span = inner.map_or(value.span, |member| member.value.span);
        self.0.push((uri.into(), source.slice(span).to_owned()));
        Ok(())
    }

    /// The document for a URI.
    pub(super) fn get(&self, uri: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == uri).map(|(_, text)| text.as_str())
    }

    /// The URIs that documents were given for.
    pub(super) fn uris(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(uri, _)| uri.as_str())
    }
}

impl Captured {
    /// The policies, read.
    ///
    /// # Errors
    /// The first that cannot be used: its name and its first error.
    pub fn policy_set(&self, profile: Profile) -> Result<PolicySet, String> {
        let mut set = PolicySet::default();
        for policy in &self.policies {
            let document = policy.document(profile)?;
            match policy.layer {
                PolicyType::Identity => set.identity.push(document),
                PolicyType::Session => set.session.push(document),
                PolicyType::Boundary => set.boundary = Some(document),
                PolicyType::Resource => set.resource = Some(document),
                PolicyType::Trust => set.trust = Some(document),
                PolicyType::Endpoint => set.endpoint = Some(document),
                PolicyType::Scp => at_level(&mut set.scp, policy.level, document),
                PolicyType::Rcp => at_level(&mut set.rcp, policy.level, document),
            }
        }
        Ok(set)
    }

    /// A layer that holds one policy at most, and holds several here.
    pub(super) fn crowded(&self) -> Option<PolicyType> {
        use PolicyType::{Boundary, Endpoint, Resource, Trust};
        [Boundary, Resource, Trust, Endpoint]
            .into_iter()
            .find(|layer| self.policies.iter().filter(|policy| policy.layer == *layer).count() > 1)
    }
}

fn at_level(levels: &mut Vec<Vec<PolicyDocument>>, level: usize, document: PolicyDocument) {
    if levels.len() <= level {
        levels.resize_with(level + 1, Vec::new);
    }
    if let Some(slot) = levels.get_mut(level) {
        slot.push(document);
    }
}

impl CapturedPolicy {
    fn document(&self, profile: Profile) -> Result<PolicyDocument, String> {
        let source = Source::new(self.name.as_str(), self.text.as_str());
        let inspection = PolicyDocument::inspect_attached(&source, self.layer, profile);
        inspection.document.ok_or_else(|| {
            let error = inspection.findings.iter().find(|found| Diagnostic::is_error(found));
            let message = error.map_or_else(String::new, |error| {
                let place = source.place(error.span().start);
                format!(
                    ": {} (line {} column {} of the document)",
                    error.message, place.line, place.column
                )
            });
            format!("the {} `{}` cannot be used{message}", self.layer.aws_name(), self.name)
        })
    }

    /// The Sids of its statements.
    pub(super) fn sids(&self) -> Vec<String> {
        let source = Source::new(self.name.as_str(), self.text.as_str());
        let document = PolicyDocument::inspect_attached(&source, self.layer, Profile::Lenient);
        document
            .document
            .iter()
            .flat_map(|document| &document.statements)
            .filter_map(|statement| statement.sid().map(str::to_owned))
            .collect()
    }

    /// The document laid out, two blanks a level; as it is if it is no JSON.
    pub(super) fn laid_out(&self) -> Option<String> {
        let source = Source::new(self.name.as_str(), self.text.as_str());
        let value = json::read(&source).ok()?;
        let mut out = String::new();
        lay_out(&value, 0, &mut out);
        Some(out)
    }
}

/// Writes JSON, short lists in one line. Numbers stay as they are written.
fn lay_out(value: &Spanned<Json>, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match &value.value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(text) => out.push_str(text),
        Json::Text(text) => out.push_str(&serde_json::json!(text).to_string()),
        Json::List(items) => {
            let is_short = items.iter().all(|item| !matches!(item.value, Json::Map(_)));
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push_str(if is_short { ", " } else { "," });
                }
                if !is_short {
                    line(depth + 1, out);
                }
                lay_out(item, depth + 1, out);
            }
            if !is_short {
                line(depth, out);
            }
            out.push(']');
        }
        Json::Map(members) => {
            out.push('{');
            for (number, member) in members.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                line(depth + 1, out);
                out.push_str(&serde_json::json!(member.key.value).to_string());
                out.push_str(": ");
                lay_out(&member.value, depth + 1, out);
            }
            if !members.is_empty() {
                line(depth, out);
            }
            out.push('}');
        }
    }
}
