//! What a marker binds a table to: the policies, the statement, the request, the roles of columns.

use std::collections::BTreeMap;

use iamsure_core::language::document::PolicyType;
use iamsure_core::language::{ActionPattern, ConditionKey, PolicyDocument};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, CallPaths, PolicySet, Requester, Switches};
use iamsure_reference::Standing;
use iamsure_truth::likeness::action_hint;
use iamsure_truth::model::check_resource;

use super::asking::Subject;
use super::column::Role;
use super::document::Document;
use super::judging::Subjects;
use super::marker::Attributes;
use super::reference::{self, Shelf};
use super::table::normal;

/// A marker that is understood.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    /// What its columns are asked of.
    pub(super) subjects: Subjects,
    /// The roles it gives to columns, by heading in lower case.
    pub(super) roles: BTreeMap<String, Role>,
    /// The keys it names.
    pub(super) keys: Vec<ConditionKey>,
    /// Whether it names a statement.
    pub(super) names_statement: bool,
}

/// Who may be named as `principal`.
pub(crate) type Requesters<'a> = dyn Fn(&str) -> Result<Requester, String> + 'a;

/// What a marker may refer to beyond its own document.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The files beside the document.
    pub shelf: &'a Shelf<'a>,
    /// Who is meant by the text of a principal.
    pub requesters: &'a Requesters<'a>,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

impl Binding {
    /// Follows what a marker says.
    ///
    /// # Errors
    /// What cannot be followed, in one line.
    pub(super) fn of(
        attributes: &Attributes,
        document: &Document,
        around: Surroundings<'_>,
    ) -> Result<Self, String> {
        let sid = attributes.get("sid").or_else(|| attributes.get("statement"));
        let (policies, principal) = policies(attributes, document, around.shelf, sid)?;
        let statement = match sid {
            Some(sid) => Some(named(&policies, sid)?),
            None => only_one(&policies),
        };
        let path: Option<CallPath> = attributes
            .get("path")
            .map(|name| CallPaths::new(Switches::default()).named(name))
            .transpose()
            .map_err(|error| error.to_string())?;
        // Who is not named is the principal whose policies they are.
        let requester = attributes.get("principal").or(principal.as_deref());
        let requester = requester.map(|text| (around.requesters)(text)).transpose()?;
        let mut actions = Vec::new();
        for text in attributes.list("action") {
            let pattern = ActionPattern::new(text);
            if text != "*" && pattern.parts().is_none() {
                return Err(format!(
                    "`{text}` is not an action; expected one such as s3:GetObject"
                ));
            }
            if let Some(hint) = misspelt(text) {
                return Err(format!("AWS publishes no action `{text}`; {hint}"));
            }
            actions.push(pattern);
        }
        let resources: Vec<String> = attributes.list("resource").map(str::to_owned).collect();
        for text in &resources {
            check_resource(text).map_err(|error| error.to_string())?;
        }
        let decision = Subject { policies, statement: None, actions, resources, requester, path };
        let statement = statement.map(|id| Subject { statement: Some(id), ..decision.clone() });
        let mut roles = BTreeMap::new();
        for text in ["column", "columns"].into_iter().filter_map(|name| attributes.get(name)) {
            for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                let (heading, role) = part.rsplit_once('=').ok_or_else(|| {
                    format!("`{part}` is not HEADING=ROLE, such as \"Deny applies?=applies\"")
                })?;
                let role = Role::parse(role).ok_or_else(|| {
                    format!("`{role}` is not a column role; expected applies, decision, allowed, denied, action, resource, path, remark, a condition key, or a condition key followed by `present`")
                })?;
                roles.insert(normal(heading), role);
            }
        }
        Ok(Self {
            subjects: Subjects { statement, decision: Some(decision) },
            roles,
            keys: attributes.list("keys").map(ConditionKey::new).collect(),
            names_statement: sid.is_some(),
        })
    }
}

/// What was probably meant by a name of an action that AWS never published.
fn misspelt(name: &str) -> Option<String> {
    let is_name = !name.contains(['*', '?']);
    let is_unheard_of = matches!(iamsure_reference::action(name), Standing::Unknown);
    (is_name && is_unheard_of).then(|| action_hint(name)).flatten()
}

/// The policies that a marker names, each in its layer, and the ARN of the principal whose they are.
fn policies(
    attributes: &Attributes,
    document: &Document,
    shelf: &Shelf<'_>,
    sid: Option<&str>,
) -> Result<(PolicySet, Option<String>), String> {
    let mut set = PolicySet::default();
    let mut principal: Option<String> = None;
    let read = |reference: &str, kind| reference::named(reference, document, kind, shelf);
    for reference in attributes.list("policy") {
        let found = read(reference, None)?;
        match (&principal, &found.principal) {
            (Some(one), Some(other)) if one != other => {
                return Err(format!(
                    "`{one}` and `{other}` are two principals, and a request has one caller"
                ));
            }
            _ => principal = principal.or(found.principal),
        }
        for policy in found.policies {
            place(&mut set, policy)?;
        }
    }
    for (name, kind) in [
        ("boundary", PolicyType::Boundary),
        ("session", PolicyType::Session),
        ("resource-policy", PolicyType::Resource),
        ("trust", PolicyType::Trust),
        ("endpoint", PolicyType::Endpoint),
        ("scp", PolicyType::Scp),
        ("rcp", PolicyType::Rcp),
    ] {
        for reference in attributes.list(name) {
            for policy in read(reference, Some(kind))?.policies {
                place(&mut set, policy)?;
            }
        }
    }
    if set.policies().next().is_some() {
        return Ok((set, principal));
    }
    // Without a policy, the Sid says which: every policy of the page that has it, if it says the same in all.
    let Some(sid) = sid else {
        return Err(
            "the marker names no policy: add policy=\"FILE\" or policy=\"#TITLE\"".to_owned()
        );
    };
    let (found, _) = document.policies();
    let with: Vec<&PolicyDocument> = found
        .iter()
        .map(|excerpt| &excerpt.policy)
        .filter(|policy| policy.statements.iter().any(|statement| statement.sid() == Some(sid)))
        .collect();
    let said = |policy: &PolicyDocument| {
        policy
            .statements
            .iter()
            .find(|found| found.sid() == Some(sid))
            .map(|found| found.value.clone())
    };
    match with.as_slice() {
        [] => {
            Err(format!("no policy in this document has a statement `{sid}`: add policy=\"FILE\""))
        }
        [first, rest @ ..] => {
            if rest.iter().any(|other| said(other) != said(first)) {
                return Err(format!(
                    "this document has different statements named `{sid}`: specify the policy"
                ));
            }
            place(&mut set, (*first).clone())?;
            Ok((set, None))
        }
    }
}

/// Puts a policy into the layer of its type.
pub(super) fn place(set: &mut PolicySet, policy: PolicyDocument) -> Result<(), String> {
    let together = std::mem::take(set).with(PolicySet::of(policy));
    *set = together.map_err(|kind| format!("a request can have only one {}", kind.aws_name()))?;
    Ok(())
}

/// The statement of this Sid, or of this number from 1.
fn named(policies: &PolicySet, sid: &str) -> Result<StatementId, String> {
    let found: Vec<StatementId> = policies
        .statements()
        .filter(|(_, _, statement)| statement.sid() == Some(sid))
        .map(|(id, ..)| id)
        .collect();
    match (found.as_slice(), sid.parse::<usize>()) {
        ([one], _) => Ok(*one),
        ([], Ok(number)) if number > 0 => policies
            .statements()
            .nth(number - 1)
            .map(|(id, ..)| id)
            .ok_or_else(|| format!("no statement {number}")),
        ([], _) => {
            let sids: Vec<_> =
                policies.statements().filter_map(|(_, _, statement)| statement.sid()).collect();
            Err(if sids.is_empty() {
                format!("no statement `{sid}`: none has a Sid; give its number, from 1")
            } else {
                format!("no statement `{sid}`; found {}", sids.join(", "))
            })
        }
        (several, _) => {
            Err(format!("{} statements are named `{sid}`: name only one policy", several.len()))
        }
    }
}

/// The one statement that has a condition, if there is one.
fn only_one(policies: &PolicySet) -> Option<StatementId> {
    let mut found = policies
        .statements()
        .filter(|(_, _, statement)| !statement.condition.clauses.is_empty())
        .map(|(id, ..)| id);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
