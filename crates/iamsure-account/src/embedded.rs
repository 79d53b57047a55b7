//! Policies that stand somewhere in JSON of which nothing else is known, such as an answer of a service that has policies of its
//! own: a document, or the text of one.

use iamsure_core::language::PolicyType;
use iamsure_core::language::{Source, json};

use crate::container::{Container, Document};
use crate::decoded::{decoded, document};
use crate::node::{Look, Node};
use crate::principal::Resource;

/// The most policies that are listed.
const MOST: usize = 10_000;

/// The policies in a value, each by where it stands: `VpcEndpoints[0].PolicyDocument`; `None` if there is none.
pub(crate) fn read(node: &Node, is_json: bool) -> Option<Container> {
    let mut found = Vec::new();
    gather(node, "", is_json, &mut found);
    let remark = (found.len() > MOST)
        .then(|| format!("it holds {} policies, of which the first {MOST} are read", found.len()));
    found.truncate(MOST);
    (!found.is_empty())
        .then(|| Container::new("JSON that contains policies", found).remarking(remark))
}

fn gather(node: &Node, at: &str, is_json: bool, found: &mut Vec<Resource>) {
    let within = node.text().and_then(json_in);
    let is_policy = node.is_policy() || within.as_ref().is_some_and(Look::is_policy);
    if !at.is_empty() && is_policy {
        found.push(Resource::policy(at, layer(at), at, document(node, is_json)));
        return;
    }
    if within.is_none() && is_said_to_be_one(node, at) {
        let document = Document::Absent("cannot be read as a policy".to_owned());
        found.push(Resource::policy(at, layer(at), at, document));
        return;
    }
    // Of what a text holds no place is known.
    let (node, is_json) = within.as_ref().map_or((node, is_json), |within| (within, false));
    for member in node.members() {
        let dot = if at.is_empty() { "" } else { "." };
        gather(&member.value, &format!("{at}{dot}{}", member.key.value), is_json, found);
    }
    for (index, item) in node.items().iter().enumerate() {
        gather(item, &format!("{at}[{index}]"), is_json, found);
    }
}

/// Whether a text should be a policy: by where it stands, or because it says so and cannot be read.
fn is_said_to_be_one(node: &Node, at: &str) -> bool {
    let field = at.rsplit(['.', ']']).next().unwrap_or_default().to_ascii_lowercase();
    let is_place = ["policy", "policydocument", "policytext", "accesspolicies"];
    let is_place = is_place.iter().any(|end| field.ends_with(end));
    node.text().is_some_and(|text| {
        let is_encoded = text.trim_start().starts_with(['{', '%']);
        is_encoded && (is_place || text.contains("\"Statement\""))
    })
}

/// The JSON that a text holds, if there may be a policy in it.
fn json_in(text: &str) -> Option<Node> {
    let text = Some(text).filter(|text| text.contains("Statement")).and_then(decoded)?;
    json::read(&Source::new("", text)).ok()
}

/// The layer that a place tells.
///
/// AWS pages: IAM API Reference, `API_Role`; EC2 API Reference, `API_VpcEndpoint`; IAM Identity Center API Reference,
/// `API_GetInlinePolicyForPermissionSet`.
fn layer(at: &str) -> Option<PolicyType> {
    let field = at.rsplit(['.', ']']).next().unwrap_or_default();
    match field {
        "AssumeRolePolicyDocument" | "assumeRolePolicyDocument" => Some(PolicyType::Trust),
        "PolicyDocument" if at.contains("VpcEndpoint") => Some(PolicyType::Endpoint),
        "InlinePolicy" => Some(PolicyType::Identity),
        _ => None,
    }
}
