//! Which type of policy a document shows itself to be.

use crate::language::document::PolicyType;
use crate::language::json::{self, Json, Member};
use crate::language::source::{Source, Spanned};

/// The type of policy that `source` shows itself to be, and by what; an identity-based policy if nothing shows
/// another. Whether it is valid as one is not asked. A policy with principals may be an endpoint policy or a
/// resource control policy too, which nothing shows.
pub(in crate::language::document) fn detect(source: &Source) -> (PolicyType, &'static str) {
    let identity = (PolicyType::Identity, "assumed because no statement has a Principal");
    let Ok(tree) = json::read(source) else { return identity };
    let statements = match &tree.value {
        Json::Map(members) => match member(members, "Statement").map(|node| &node.value) {
            Some(Json::List(statements)) => statements.iter().map(|node| &node.value).collect(),
            Some(statement) => vec![statement],
            None => vec![&tree.value],
        },
        Json::List(statements) => statements.iter().map(|node| &node.value).collect(),
        _ => return identity,
    };
    let members = || {
        statements.iter().filter_map(|statement| match statement {
            Json::Map(members) => Some(members.as_slice()),
            _ => None,
        })
    };
    let has = |members: &[Member], name: &str| member(members, name).is_some();
    let names_principals =
        |members: &[Member]| has(members, "Principal") || has(members, "NotPrincipal");
    if !members().any(names_principals) {
        return identity;
    }
    let is_trust = |members: &[Member]| {
        !has(members, "Resource")
            && !has(members, "NotResource")
            && member(members, "Action").is_some_and(|node| all_of_trust(&node.value))
    };
    if members().all(is_trust) {
        (PolicyType::Trust, "it has principals, only STS actions, and no Resource")
    } else {
        (PolicyType::Resource, "it has principals")
    }
}

fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Spanned<Json>> {
    members.iter().find(|member| *member.key == name).map(|member| &member.value)
}

/// Whether it is actions of STS, and nothing else.
fn all_of_trust(actions: &Json) -> bool {
    let is_sts = |json: &Json| match json {
        Json::Text(text) => {
            text.split_once(':').is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case("sts"))
        }
        _ => false,
    };
    match actions {
        Json::List(actions) => {
            !actions.is_empty() && actions.iter().all(|action| is_sts(&action.value))
        }
        action => is_sts(action),
    }
}
