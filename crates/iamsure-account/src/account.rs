//! Answers of `aws iam get-account-authorization-details`, one page or several.
//!
//! AWS page: IAM API Reference, `API_GetAccountAuthorizationDetails`.

use std::collections::BTreeSet;

use iamsure_core::language::PolicyType;

use crate::container::{Container, Document, MORE_PAGES, Unreadable};
use crate::decoded::document;
use crate::node::{Look, Node};
use crate::principal::{Name, Own, Principal, Resource, for_others, merged};
use crate::written::written;

const LISTS: [(&str, Principal, &str, &str, &str); 3] = [
    ("RoleDetailList", Principal::Role, "role", "RoleName", "RolePolicyList"),
    ("UserDetailList", Principal::User, "user", "UserName", "UserPolicyList"),
    ("GroupDetailList", Principal::Group, "group", "GroupName", "GroupPolicyList"),
];

/// Whether a value is such a page.
pub(crate) fn is_page(node: &Node) -> bool {
    LISTS.iter().any(|(list, ..)| node.get(list).is_some())
        || node.each_of("Policies").iter().any(|policy| policy.get("PolicyVersionList").is_some())
}

/// What the pages hold together, in whatever order they are.
pub(crate) fn read(pages: &[&Node], is_json: bool) -> Result<Container, Unreadable> {
    let mut resources = Vec::new();
    let mut remarks = Vec::new();
    let mut truncated = 0;
    // What two pages hold alike is read once.
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut is_new = |node: &Node| pages.len() == 1 || seen.insert(written(node));
    for (number, page) in pages.iter().enumerate() {
        let at = if pages.len() > 1 { format!("[{number}].") } else { String::new() };
        for (list, principal, word, name, inline) in LISTS {
            for (index, node) in page.each_of(list).iter().enumerate() {
                let place = format!("{at}{list}[{index}]");
                if !is_new(node) {
                    continue;
                }
                if node.get(inline).is_none() && node.get("AttachedManagedPolicies").is_none() {
                    remarks.push(without_lists(word, node.text_of(name), inline));
                }
                resources.push(described(node, &place, (principal, word, name, inline), is_json)?);
            }
        }
        for (index, node) in page.each_of("Policies").iter().enumerate() {
            if !is_new(node) {
                continue;
            }
            resources.push(managed(node, &format!("{at}Policies[{index}]"), is_json)?);
        }
        if page.get("IsTruncated").is_some_and(|node| written(node) == "true") {
            truncated += 1;
        }
        let known = |key: &str| {
            LISTS.iter().any(|(list, ..)| *list == key)
                || matches!(
                    key,
                    "Policies" | "IsTruncated" | "Marker" | "NextToken" | "ResponseMetadata"
                )
        };
        remarks.extend(
            page.members()
                .iter()
                .filter(|member| !known(&member.key.value))
                .map(|member| format!("`{}` is not recognized, and is ignored", member.key.value)),
        );
    }
    if truncated >= pages.len() {
        remarks.push(MORE_PAGES.to_owned());
    }
    resources = merged(resources)?;
    remarks.extend(for_others(&resources));
    let what = match pages.len() {
        1 => "account authorization details".to_owned(),
        count => format!("account authorization details ({count} pages)"),
    };
    Ok(Container::new(what, resources).remarking(remarks))
}

/// Said of a principal that is listed without what every answer of AWS has, as a clause.
fn without_lists(word: &str, name: Option<&str>, inline: &str) -> String {
    let name = name.unwrap_or_default();
    format!(
        "`{word}/{name}` has neither `{inline}` nor `AttachedManagedPolicies`, and counts as without policies of its own: `aws iam get-account-authorization-details` gives them"
    )
}

fn described(
    node: &Node,
    place: &str,
    (principal, word, name, inline): (Principal, &str, &str, &str),
    is_json: bool,
) -> Result<Resource, Unreadable> {
    let missing = |what: &str| Unreadable(format!("{place} has no {what}"));
    let called = node.text_of(name).ok_or_else(|| missing(name))?;
    let arn = node.text_of("Arn").ok_or_else(|| missing("Arn"))?;
    let account = arn.split(':').nth(4).unwrap_or_default();
    let mut own = Vec::new();
    for (index, policy) in node.each_of(inline).iter().enumerate() {
        let place = format!("{place}.{inline}[{index}]");
        let slot = policy.text_of("PolicyName").map_or_else(|| index.to_string(), str::to_owned);
        own.push(Own::new(
            format!("inline/{slot}"),
            Some(PolicyType::Identity),
            format!("{place}.PolicyDocument"),
            under(policy, "PolicyDocument", is_json),
        ));
    }
    if principal == Principal::Role {
        own.push(Own::new(
            "trust".to_owned(),
            Some(PolicyType::Trust),
            format!("{place}.AssumeRolePolicyDocument"),
            under(node, "AssumeRolePolicyDocument", is_json),
        ));
    }
    let mut attached = Vec::new();
    for (index, policy) in node.each_of("AttachedManagedPolicies").iter().enumerate() {
        let of = || missing(&format!("AttachedManagedPolicies[{index}].PolicyArn"));
        attached.push(Name::Policy(policy.text_of("PolicyArn").ok_or_else(of)?.to_owned()));
    }
    let boundary = match node.get("PermissionsBoundary") {
        None => None,
        Some(boundary) => {
            let of = || missing("PermissionsBoundary.PermissionsBoundaryArn");
            let arn = boundary.text_of("PermissionsBoundaryArn").ok_or_else(of)?;
            Some(Name::Policy(arn.to_owned()))
        }
    };
    let profiles = node.get("InstanceProfileList");
    let mut groups = Vec::new();
    for (index, group) in node.each_of("GroupList").iter().enumerate() {
        let group = group.text().ok_or_else(|| missing(&format!("name in GroupList[{index}]")))?;
        groups.push(Name::Of(Principal::Group, format!("{account}/{group}")));
    }
    Ok(Resource {
        address: format!("{word}/{called}"),
        arn: Some(arn.to_owned()),
        id: node.text_of("RoleId").or_else(|| node.text_of("UserId")).map(str::to_owned),
        tags: Some(tags(node)),
        principal: Some(principal),
        names: vec![Name::Of(principal, format!("{account}/{called}"))],
        own,
        attached,
        boundary,
        has_instance_profile: profiles.map(|_| !node.each_of("InstanceProfileList").is_empty()),
        groups,
        ..Resource::default()
    })
}

fn tags(node: &Node) -> Vec<(String, String)> {
    let tag = |tag: &Node| {
        Some((tag.text_of("Key")?.to_owned(), tag.text_of("Value").unwrap_or_default().to_owned()))
    };
    node.each_of("Tags").iter().filter_map(tag).collect()
}

pub(crate) fn managed(node: &Node, place: &str, is_json: bool) -> Result<Resource, Unreadable> {
    let missing = |what: &str| Unreadable(format!("{place} has no {what}"));
    let arn = node.text_of("Arn").ok_or_else(|| missing("Arn"))?;
    let name = node.text_of("PolicyName").ok_or_else(|| missing("PolicyName"))?;
    let defaults: Vec<(usize, &Node)> = node
        .each_of("PolicyVersionList")
        .iter()
        .enumerate()
        .filter(|(_, version)| {
            version.get("IsDefaultVersion").is_some_and(|is| written(is) == "true")
        })
        .collect();
    let said = node.text_of("DefaultVersionId");
    let is_said = |version: &Node| match (said, version.text_of("VersionId")) {
        (Some(said), Some(id)) => said == id,
        _ => true,
    };
    let (place, document) = match defaults.as_slice() {
        [(index, version)] if !is_said(version) => (
            format!("{place}.PolicyVersionList[{index}]"),
            Document::Absent(format!(
                "has two default versions in the file: DefaultVersionId says {}, IsDefaultVersion {}",
                said.unwrap_or_default(),
                version.text_of("VersionId").unwrap_or_default(),
            )),
        ),
        [(index, version)] => (
            format!("{place}.PolicyVersionList[{index}].Document"),
            under(version, "Document", is_json),
        ),
        others => (
            place.to_owned(),
            Document::Absent(format!("has {} default versions in the file", others.len())),
        ),
    };
    Ok(Resource {
        address: format!("policy/{name}"),
        arn: Some(arn.to_owned()),
        names: vec![Name::Policy(arn.to_owned())],
        own: vec![Own::new("", Some(PolicyType::Identity), place, document)],
        versions: Some(node.each_of("PolicyVersionList").len()),
        ..Resource::default()
    })
}

/// The document under a key.
pub(crate) fn under(node: &Node, key: &str, is_json: bool) -> Document {
    node.get(key).map_or_else(
        || Document::Absent("is not in the file".to_owned()),
        |node| document(node, is_json),
    )
}
