//! Answers of `aws … get-…` that hold a policy or a few.
//!
//! AWS pages: the API references of the operations that are named in [`read`].

use iamsure_core::language::PolicyType;
use iamsure_core::language::json::Json;

use crate::account::under;
use crate::container::{Container, Unreadable};
use crate::node::{Look, Node};
use crate::principal::Resource;

/// The kinds of principals, as in the names of fields.
const OWNERS: [(&str, &str); 3] =
    [("RoleName", "role"), ("UserName", "user"), ("GroupName", "group")];

/// Answers without a document: how they are told, what gives them, and what gives the document.
type Without = (fn(&Node) -> bool, &'static str, &'static str);

/// The operations of IAM that give every document at once.
const EVERYTHING: &str = "`aws iam get-account-authorization-details`";

const WITHOUT: [Without; 10] = [
    (
        |node| node.get("Policy").is_some_and(|policy| policy.get("DefaultVersionId").is_some()),
        "`aws iam get-policy`",
        "`aws iam get-policy-version`",
    ),
    (
        |node| node.items_of("Policies").iter().any(|one| one.get("DefaultVersionId").is_some()),
        "`aws iam list-policies`",
        EVERYTHING,
    ),
    (
        |node| {
            node.items_of("Policies")
                .iter()
                .any(|one| one.text_of("Type").is_some_and(|kind| organization(kind).is_some()))
        },
        "`aws organizations list-policies`",
        "`aws organizations describe-policy`",
    ),
    (
        |node| {
            let names = node.items_of("PolicyNames");
            names.iter().any(|name| name.text() == Some("default")) && names.len() == 1
        },
        "`aws kms list-key-policies` or `aws iam list-role-policies`",
        "`aws kms get-key-policy` or `aws iam get-role-policy`",
    ),
    (
        |node| node.get("PolicyNames").is_some(),
        "`aws iam list-role-policies` or the like",
        "`aws iam get-role-policy` or the like",
    ),
    (
        |node| node.items_of("Keys").iter().any(|one| one.get("KeyArn").is_some()),
        "`aws kms list-keys`",
        "`aws kms get-key-policy`",
    ),
    (
        |node| node.get("Buckets").is_some_and(|list| matches!(list.value, Json::List(_))),
        "`aws s3api list-buckets`",
        "`aws s3api get-bucket-policy`",
    ),
    (
        |node| node.get("AttachedPolicies").is_some(),
        "`aws iam list-attached-role-policies` or the like",
        EVERYTHING,
    ),
    (
        |node| {
            node.items_of("Versions")
                .iter()
                .any(|one| one.get("IsDefaultVersion").is_some() && one.get("Document").is_none())
        },
        "`aws iam list-policy-versions`",
        "`aws iam get-policy-version`",
    ),
    (
        |node| {
            ["User", "Users", "Group", "Groups"].iter().any(|key| {
                node.each_of(key)
                    .iter()
                    .any(|one| one.get("UserName").or_else(|| one.get("GroupName")).is_some())
            })
        },
        "`aws iam get-user`, `list-groups` or the like",
        EVERYTHING,
    ),
];

/// What an answer holds; `None` if it is none.
///
/// # Errors
/// If it is an answer that holds no document.
pub(crate) fn read(node: &Node, is_json: bool) -> Result<Option<Container>, Unreadable> {
    if let Some(role) = node.get("Role").filter(|role| is_role(role)) {
        return Ok(Some(trusts(
            "the output of `aws iam get-role`",
            &[("Role".to_owned(), role)],
            is_json,
        )));
    }
    if node.each_of("Roles").iter().any(is_role) {
        let roles: Vec<(String, &Node)> = node
            .each_of("Roles")
            .iter()
            .enumerate()
            .map(|(index, role)| (format!("Roles[{index}]"), role))
            .collect();
        return Ok(Some(trusts("the output of `aws iam list-roles`", &roles, is_json)));
    }
    if node.get("PolicyDocument").is_some()
        && let Some((owner, word)) = OWNERS.iter().find(|(owner, _)| node.get(owner).is_some())
    {
        let name = node.text_of(owner).unwrap_or_default();
        let policy = node.text_of("PolicyName").unwrap_or("policy");
        return Ok(Some(one(
            format!("the output of `aws iam get-{word}-policy`"),
            format!("{word}/{name}/inline/{policy}"),
            "PolicyDocument",
            (node, "PolicyDocument", Some(PolicyType::Identity)),
            is_json,
        )));
    }
    if let Some(version) = node.get("PolicyVersion") {
        return Ok(Some(one(
            "the output of `aws iam get-policy-version`".to_owned(),
            version.text_of("VersionId").map_or("policy".to_owned(), |id| format!("policy/{id}")),
            "PolicyVersion.Document",
            (version, "Document", Some(PolicyType::Identity)),
            is_json,
        )));
    }
    of_resource(node, is_json)
}

/// Resource-based policies, and those of an organization.
fn of_resource(node: &Node, is_json: bool) -> Result<Option<Container>, Unreadable> {
    if let Some(policy) = node.get("Policy")
        && policy.get("Content").is_some()
    {
        let summary = policy.get("PolicySummary");
        let kind = summary.and_then(|summary| organization(summary.text_of("Type")?));
        return Ok(Some(one(
            "the output of `aws organizations describe-policy`".to_owned(),
            "policy".to_owned(),
            "Policy.Content",
            (policy, "Content", kind),
            is_json,
        )));
    }
    if let Some((_, what, other)) = WITHOUT.iter().find(|(is, ..)| is(node)) {
        return Err(Unreadable(format!(
            "it is the output of {what}, which contains no policy document; {other} gives it"
        )));
    }
    for (what, holder, key, place) in [
        ("`get-bucket-policy`, `get-key-policy` or the like", Some(node), "Policy", "Policy"),
        (
            "`aws secretsmanager get-resource-policy`",
            Some(node),
            "ResourcePolicy",
            "ResourcePolicy",
        ),
        ("`aws ecr get-repository-policy`", Some(node), "policyText", "policyText"),
        (
            "`get-queue-attributes` or `get-topic-attributes`",
            node.get("Attributes"),
            "Policy",
            "Attributes.Policy",
        ),
    ] {
        if let Some(holder) = holder
            && let Some(policy) = holder.get(key)
            && (policy.text().is_some() || policy.is_policy())
        {
            let document = under(holder, key, is_json);
            let policy = Resource::policy("policy", Some(PolicyType::Resource), place, document);
            let arn = ["ARN", "QueueArn", "TopicArn"].iter().find_map(|key| holder.text_of(key));
            let arn = arn.map(str::to_owned);
            let what = format!("the output of {what}");
            return Ok(Some(Container::new(what, vec![Resource { arn, ..policy }])));
        }
    }
    Ok(None)
}

/// The type of a policy of an organization.
pub(crate) fn organization(kind: &str) -> Option<PolicyType> {
    match kind {
        "SERVICE_CONTROL_POLICY" => Some(PolicyType::Scp),
        "RESOURCE_CONTROL_POLICY" => Some(PolicyType::Rcp),
        _ => None,
    }
}

fn is_role(node: &Node) -> bool {
    node.get("AssumeRolePolicyDocument").is_some()
}

fn trusts(what: &str, roles: &[(String, &Node)], is_json: bool) -> Container {
    let policy = |(place, role): &(String, &Node)| {
        let address = format!("role/{}/trust", role.text_of("RoleName").unwrap_or(place));
        let place = format!("{place}.AssumeRolePolicyDocument");
        let document = under(role, "AssumeRolePolicyDocument", is_json);
        Resource::policy(address, Some(PolicyType::Trust), place, document)
    };
    let remark = "it shows whom a role trusts, not what the role may do".to_owned();
    Container::new(what, roles.iter().map(policy).collect()).remarking([remark])
}

fn one(
    what: String,
    address: String,
    place: &str,
    (node, key, kind): (&Node, &str, Option<PolicyType>),
    is_json: bool,
) -> Container {
    let document = under(node, key, is_json);
    Container::new(what, vec![Resource::policy(address, kind, place, document)])
}
