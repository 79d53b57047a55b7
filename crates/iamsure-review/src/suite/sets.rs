//! The `policies` of a suite: policy sets by name, each layer of files, parts of documents, or documents in place.

use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source, Span};
use iamsure_core::world::{PolicySet, Requester};

use super::error::SuiteError;
use super::shelf::{Shelf, Shelved};
use crate::tree::{Misread, Node, Shape, Value};

/// A policy set and its name.
#[derive(Clone, Debug)]
pub struct NamedSet {
    /// The name.
    pub name: String,
    /// The policies.
    pub policies: PolicySet,
    /// Whether they are all policies of a principal: `auth.json#role/App`.
    pub is_of_principal: bool,
    /// That principal as it calls, if its ARN is known.
    pub caller: Option<Requester>,
    /// Whether symbols in them stand for values that are known when they are deployed.
    pub known_later: bool,
}

impl NamedSet {
    /// Its policies, and whose they are.
    pub(super) fn shelved(&self) -> Shelved {
        Shelved {
            policies: self.policies.clone(),
            is_of_principal: self.is_of_principal,
            caller: self.caller.clone(),
            known_later: self.known_later,
        }
    }
}

/// The layers that hold one policy or several of equal rank, by field.
const FLAT: [(&str, PolicyType); 6] = [
    ("identity", PolicyType::Identity),
    ("boundary", PolicyType::Boundary),
    ("session", PolicyType::Session),
    ("resource", PolicyType::Resource),
    ("trust", PolicyType::Trust),
    ("endpoint", PolicyType::Endpoint),
];

/// The layers of levels, by field.
const LEVELS: [(&str, PolicyType); 2] = [("scp", PolicyType::Scp), ("rcp", PolicyType::Rcp)];

/// The fields of a policy set.
pub(super) const FIELDS: [&str; 10] = [
    "like", "identity", "boundary", "session", "resource", "trust", "endpoint", "scp", "rcp",
    "lenient",
];

/// What reading the policies of one suite needs.
pub(super) struct SetReader<'a> {
    pub(super) source: &'a Source,
    pub(super) shelf: &'a mut dyn Shelf,
    pub(super) errors: &'a mut Vec<SuiteError>,
}

impl SetReader<'_> {
    fn refuse(&mut self, misread: Misread) {
        self.errors.push(SuiteError::of(self.source, misread));
    }

    /// Reads the sets of a map, after those there are. Mistakes are reported, and what can be read is kept.
    pub(super) fn sets(&mut self, node: &Node, sets: &mut Vec<NamedSet>) {
        let entries = match node.entries("`policies` must be a map of names to policy sets") {
            Ok(entries) => entries,
            Err(misread) => return self.refuse(misread),
        };
        for entry in entries {
            let name = entry.key.value.clone();
            if sets.iter().any(|known| known.name == name) {
                let message = format!(
                    "the policy set `{name}` is already defined in a suite this one extends"
                );
                self.refuse(Misread::at(entry.key.span, message));
                continue;
            }
            match self.set(&name, &entry.value, sets) {
                Ok(set) => {
                    let Shelved { policies, is_of_principal, caller, known_later } = set;
                    if policies.policies().next().is_none() {
                        let message = format!("the policy set `{name}` contains no policy");
                        self.refuse(
                            Misread::at(entry.key.span, message)
                                .help("name a file under `identity`, or another layer"),
                        );
                    }
                    sets.push(NamedSet { name, policies, is_of_principal, caller, known_later });
                }
                Err(misread) => {
                    self.refuse(misread);
                    // Its name is known, so that tests that use it are not refused too.
                    sets.push(NamedSet {
                        name,
                        policies: PolicySet::default(),
                        is_of_principal: false,
                        caller: None,
                        known_later: false,
                    });
                }
            }
        }
    }

    /// One set, over those before it: its layers, or the address of a principal with all of its policies.
    pub(super) fn set(
        &mut self,
        name: &str,
        node: &Node,
        before: &[NamedSet],
    ) -> Result<Shelved, Misread> {
        if let Value::Text(_) = node.value {
            return self.of_principal(node);
        }
        let value = node.fields("a policy set", &FIELDS)?;
        let mut set = match value.get("like") {
            None => Shelved::default(),
            Some(like) => {
                let text = like.string("`like` is the name of a policy set above")?;
                let base = before.iter().find(|known| known.name == text);
                let Some(base) = base else {
                    let names: Vec<&str> = before.iter().map(|set| set.name.as_str()).collect();
                    return Err(unknown(like.span, "policy set", &text, &names));
                };
                base.shelved()
            }
        };
        let lenient = match value.get("lenient").map(|node| (&node.value, node.span)) {
            None | Some((Value::Bool(false), _)) => Profile::Strict,
            Some((Value::Bool(true), _)) => Profile::Lenient,
            Some((_, span)) => return Err(Misread::at(span, "`lenient` is true or false")),
        };
        // The layers that the address of a principal brought.
        let mut brought: Vec<PolicyType> = Vec::new();
        for (field, kind) in FLAT {
            let Some(node) = value.get(field) else { continue };
            some(node, field)?;
            for (number, item) in node.one_or_many().into_iter().enumerate() {
                let place = format!("{name}.{field}[{number}]");
                let found = self.policy(item, kind, lenient, &place)?;
                set.known_later |= found.known_later;
                let policies = &mut set.policies;
                if kind == PolicyType::Identity {
                    if let (Some(one), Some(other)) = (&set.caller, &found.caller)
                        && one.principal != other.principal
                    {
                        let message = format!(
                            "`{}` and `{}` are two principals, and a request has one caller",
                            one.principal.display_arn(),
                            other.principal.display_arn()
                        );
                        return Err(Misread::at(item.span, message));
                    }
                    if found.is_of_principal {
                        brought.extend(found.policies.policies().map(|(kind, ..)| kind));
                    }
                    *policies = std::mem::take(policies).with(found.policies).map_err(|kind| {
                        let message = format!("a request can have only one {}", kind.aws_name());
                        Misread::at(item.span, message)
                    })?;
                    set.is_of_principal |= found.is_of_principal;
                    set.caller = set.caller.take().or(found.caller);
                    continue;
                }
                let PolicySet { session, boundary, resource, trust, endpoint, .. } = found.policies;
                let (slot, document) = match kind {
                    PolicyType::Session => {
                        policies.session.extend(session);
                        continue;
                    }
                    PolicyType::Boundary => (&mut policies.boundary, boundary),
                    PolicyType::Resource => (&mut policies.resource, resource),
                    PolicyType::Trust => (&mut policies.trust, trust),
                    PolicyType::Endpoint => (&mut policies.endpoint, endpoint),
                    PolicyType::Identity | PolicyType::Scp | PolicyType::Rcp => continue,
                };
                if number > 0 || brought.contains(&kind) {
                    let message = format!("a request has one {} at most", kind.aws_name());
                    let misread = Misread::at(item.span, message);
                    return Err(if brought.contains(&kind) {
                        misread.help("the principal under `identity` has one of its own")
                    } else {
                        misread
                    });
                }
                *slot = document;
            }
        }
        self.levels(name, value, lenient, &mut set)?;
        Ok(set)
    }

    /// The policies of an organization, by level.
    fn levels(
        &mut self,
        name: &str,
        value: &Value,
        lenient: Profile,
        set: &mut Shelved,
    ) -> Result<(), Misread> {
        for (field, kind) in LEVELS {
            let Some(node) = value.get(field) else { continue };
            some(node, field)?;
            let mut levels = Vec::new();
            for (level, item) in node.one_or_many().into_iter().enumerate() {
                let mut documents = Vec::new();
                for (number, one) in item.one_or_many().into_iter().enumerate() {
                    let place = format!("{name}.{field}[{level}][{number}]");
                    let found = self.policy(one, kind, lenient, &place)?;
                    set.known_later |= found.known_later;
                    let PolicySet { scp, rcp, .. } = found.policies;
                    documents.extend(scp.into_iter().chain(rcp).flatten());
                }
                if documents.is_empty() {
                    let message = format!("level {level} of `{field}` is empty");
                    return Err(Misread::at(item.span, message)
                        .help("give it a policy; by default AWS attaches FullAWSAccess"));
                }
                levels.push(documents);
            }
            match kind {
                PolicyType::Scp => set.policies.scp = levels,
                _ => set.policies.rcp = levels,
            }
        }
        Ok(())
    }

    /// A set that is the address of a principal.
    fn of_principal(&mut self, node: &Node) -> Result<Shelved, Misread> {
        let text = node.string("a policy set is its layers, or the address of a principal")?;
        let found = self
            .shelf
            .policies(self.source.name(), &text, PolicyType::Identity, Profile::Strict)
            .map_err(|error| Misread::at(node.span, error))?;
        if found.is_of_principal {
            return Ok(found);
        }
        let message = format!("`{text}` is not a principal, so its layer is unknown");
        Err(Misread::at(node.span, message).help("name it under `identity`, or another layer"))
    }

    /// What is in the place of a policy: by reference, as a map, or as JSON text.
    fn policy(
        &mut self,
        node: &Node,
        kind: PolicyType,
        profile: Profile,
        place: &str,
    ) -> Result<Shelved, Misread> {
        let text = match &node.value {
            Value::Text(text) if !text.trim_start().starts_with('{') => {
                return self
                    .shelf
                    .policies(self.source.name(), text, kind, profile)
                    .map_err(|error| Misread::at(node.span, error));
            }
            Value::Text(text) => text.clone(),
            Value::Mapping(_) => {
                serde_json::to_string_pretty(&node.value.to_json()).unwrap_or_default()
            }
            other => {
                let message = format!(
                    "a policy must be a file, such as role.json or page.mdx#role.json, or a document; found {}",
                    other.kind()
                );
                return Err(Misread::at(node.span, message));
            }
        };
        let source = Source::new(format!("{} {place}", self.source.name()), text);
        let source = source.made_of(self.source);
        let inspection = PolicyDocument::inspect_attached(&source, kind, profile);
        inspection.document.map(Shelved::from).ok_or_else(|| {
            let error = inspection.findings.iter().find(|found| Diagnostic::is_error(found));
            let message = error.map_or_else(String::new, |found| {
                format!(
                    ": {} (at {} of the document)",
                    found.message,
                    source.place(found.span().start)
                )
            });
            let misread =
                Misread::at(node.span, format!("this {} cannot be used{message}", kind.aws_name()));
            match error.and_then(|found| found.help.clone()) {
                Some(help) => misread.help(help),
                None => misread,
            }
        })
    }
}

/// A layer that is named and holds nothing would decide nothing, and look as if it did.
fn some(node: &Node, field: &str) -> Result<(), Misread> {
    if node.one_or_many().is_empty() {
        return Err(Misread::at(node.span, format!("`{field}` names no policy"))
            .help("name a file, or leave the field out: the layer then does not exist"));
    }
    Ok(())
}

/// A name that there is not, with the one that was probably meant.
pub(super) fn unknown(span: Span, what: &str, name: &str, known: &[&str]) -> Misread {
    let misread = Misread::at(span, format!("no {what} `{name}`"));
    match crate::tree::closest(name, known.iter().copied()) {
        Some(meant) => misread.help(format!("did you mean `{meant}`?")),
        None if known.is_empty() => misread.help(format!("the suite defines no {what} yet")),
        None => misread.help(format!("there are {}", known.join(", "))),
    }
}
