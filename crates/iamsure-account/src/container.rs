//! What a container holds, by address.

use std::collections::BTreeSet;
use std::sync::Arc;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source, Span};
use iamsure_core::world::KeyState;
use iamsure_review::foreign::Sink;

use crate::managed::ManagedPolicies;
use crate::principal::{Joined, Own, Resource, merged};

/// A text in which policies were found.
#[derive(Clone, Debug)]
pub struct Container {
    /// What the text is, as in "it is …".
    pub what: String,
    /// What a reader must know of it: what is missing or not understood, a clause each.
    pub remarks: Vec<String>,
    /// What it describes, in its own order.
    resources: Vec<Resource>,
    /// Whether symbols in its policies are values that are known when it is deployed.
    pub has_symbols: bool,
    /// Whether it is a template, of which values may be [chosen](crate::Choices).
    pub takes_choices: bool,
    /// Whether it is a plan, of what was before and what is after it is applied.
    pub(crate) has_versions: bool,
    /// The account of what is described in it, if it tells.
    pub account: Option<String>,
    /// The policies of AWS whose documents need not be in it.
    managed: Arc<ManagedPolicies>,
}

/// A policy, or a principal with all of its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What stands after the `#`, such as `role/App`.
    pub address: String,
    /// The ARN, if the text tells it.
    pub arn: Option<String>,
    /// The unique identifier of a principal (`AIDA…`, `AROA…`), if the text tells it.
    pub id: Option<String>,
    /// The tags of a principal; `None` if the text does not tell them.
    pub tags: Option<Vec<(String, String)>>,
    /// What `iam:PermissionsBoundary` is where somebody changes this principal: the ARN of its boundary.
    pub boundary: KeyState,
    /// Of a role: whether an instance profile holds it, so that EC2 instances can run as it; `None` if the text does not tell.
    pub has_instance_profile: Option<bool>,
    /// The ARNs of the groups that a user is in.
    pub groups: Vec<String>,
    /// The ARNs of the managed policies that are attached to it or to its groups.
    pub attached: Vec<String>,
    /// Whether this is a principal, whose policies decide together.
    pub is_principal: bool,
    /// Whether it can make requests: a role or a user, and not a group.
    pub calls: bool,
    /// Its policies.
    pub policies: Vec<Held>,
}

/// A policy and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What stands after the `#` for this policy alone.
    pub address: String,
    /// The layer it is of, if its place tells that.
    pub kind: Option<PolicyType>,
    /// Its place in the text, such as `Role.AssumeRolePolicyDocument`; empty if it is the whole text.
    pub place: String,
    /// The document.
    pub document: Document,
    /// Of a policy of AWS whose document another file lends: its name, and the file.
    pub lent: Option<(String, String)>,
    /// The text it is in.
    pub(crate) within: Source,
}

/// A policy document of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// As it stands in the text, as JSON.
    Inline(Span),
    /// JSON that was made of what the text holds.
    Written {
        /// The document.
        text: Arc<str>,
        /// How it was made: "decoded", "as JSON".
        how: &'static str,
    },
    /// It cannot be had; why, as a clause about it.
    Absent(String),
}

/// Why nothing can be taken from a container, in one or several lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// What is said of the first pages of something.
pub(crate) const MORE_PAGES: &str = "it has more pages (IsTruncated), which are missing";

/// How the document of a policy template of SAM was made.
pub(crate) const FROM_TEMPLATE: &str = "from the policy template";

/// The most addresses that are listed in a message.
const LISTED: usize = 20;

impl Container {
    pub(crate) fn new(what: impl Into<String>, resources: Vec<Resource>) -> Self {
        Self {
            what: what.into(),
            remarks: Vec::new(),
            resources,
            has_symbols: false,
            takes_choices: false,
            has_versions: false,
            account: None,
            managed: Arc::default(),
        }
    }

    /// The same, beside policies of AWS whose documents are known.
    #[must_use]
    pub fn beside(self, managed: &Arc<ManagedPolicies>) -> Self {
        Self { managed: Arc::clone(managed), ..self }
    }

    pub(crate) fn remarking(mut self, remarks: impl IntoIterator<Item = String>) -> Self {
        self.remarks.extend(remarks);
        self
    }

    /// This and another container of the same kind, such as two pages of one account.
    ///
    /// # Errors
    /// If both describe the same thing.
    pub fn with(mut self, other: Self) -> Result<Self, Unreadable> {
        let is_whole = |container: &Self| !container.remarks.iter().any(|text| text == MORE_PAGES);
        let known = is_whole(&self) || is_whole(&other);
        self.resources = merged(self.resources.into_iter().chain(other.resources))?;
        self.remarks.extend(other.remarks);
        self.remarks.retain(|text| !known || text != MORE_PAGES);
        self.remarks.dedup();
        self.has_symbols |= other.has_symbols;
        self.takes_choices |= other.takes_choices;
        self.has_versions |= other.has_versions;
        Ok(self)
    }

    /// Says which text the policies are in.
    pub(crate) fn within(mut self, source: &Source) -> Self {
        for own in self.resources.iter_mut().flat_map(|resource| &mut resource.own) {
            own.within = source.clone();
        }
        self
    }

    /// The ARNs of all groups.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.now().filter_map(|resource| resource.group_arn())
    }

    /// Whether some policy in it is not one of a principal.
    pub(crate) fn may_hold_resource_policies(&self) -> bool {
        let is_other = |own: &Own| own.kind.is_none_or(|kind| kind == PolicyType::Resource);
        self.now().any(|resource| resource.own.iter().any(is_other))
    }

    /// The managed policies of which there are no other versions, by ARN.
    pub(crate) fn of_one_version(&self) -> impl Iterator<Item = &str> {
        let of_one = self.now().filter(|resource| resource.versions == Some(1));
        of_one.filter_map(|resource| resource.arn.as_deref())
    }

    /// Every role and user, with all of its policies, in the order of the text.
    pub fn callers(&self) -> Vec<Holder> {
        let joined = Joined::of(&self.resources, &self.managed);
        self.now().map(|resource| joined.holder(resource)).filter(|holder| holder.calls).collect()
    }

    /// Every group, with all of its policies, in the order of the text.
    pub(crate) fn groups_with_policies(&self) -> Vec<Holder> {
        let joined = Joined::of(&self.resources, &self.managed);
        let groups = self.now().filter(|resource| resource.group_arn().is_some());
        groups.map(|resource| joined.holder(resource)).collect()
    }

    /// Of a plan, what there is before it is applied, by the same addresses, and after; `None` of anything else.
    pub fn versions(mut self) -> Option<(Self, Self)> {
        if !self.has_versions {
            return None;
        }
        let is_before = |resource: &Resource| resource.address.starts_with(BEFORE);
        let (mut before, after): (Vec<_>, Vec<_>) = self.resources.into_iter().partition(is_before);
        for resource in &mut before {
            resource.address = resource.address.split_off(BEFORE.len());
        }
        self.resources = after;
        let before = Self { resources: before, remarks: Vec::new(), ..self.clone() };
        Some((before, self))
    }

    /// The policies that are of no principal in it, such as those of buckets, in the order of the text.
    pub fn unattached(&self) -> Vec<Holder> {
        let place = |held: &Held| (held.within.name().to_owned(), held.place.clone());
        let callers = self.callers();
        let attached: BTreeSet<_> =
            callers.iter().flat_map(|holder| &holder.policies).map(place).collect();
        let mut policies = self.policies();
        policies
            .retain(|holder| !holder.policies.iter().any(|held| attached.contains(&place(held))));
        policies
    }

    /// Every policy that is no principal's own, attached or not, in the order of the text, each by its own address.
    pub fn policies(&self) -> Vec<Holder> {
        let joined = Joined::of(&self.resources, &self.managed);
        let holders = self.now().filter(|resource| resource.principal.is_none());
        let holders = holders.map(|resource| joined.holder(resource));
        let each = |holder: Holder| {
            let arn = holder.arn;
            let alone = move |held: &Held| Holder { arn: arn.clone(), ..held.alone() };
            holder.policies.iter().map(alone).collect::<Vec<_>>()
        };
        holders.flat_map(each).collect()
    }

    /// Every policy document, each alone and once, whosever it is, in the order of the text.
    pub fn documents(&self) -> Vec<Holder> {
        let own = |resource: &Resource| {
            let arn = resource.arn.clone();
            let held = resource.own.iter().map(|own| own.held(&resource.address).alone());
            held.map(|alone| Holder { arn: arn.clone(), ..alone }).collect::<Vec<_>>()
        };
        self.now().flat_map(own).collect()
    }

    /// Every address of a policy or a principal, in the order of the text.
    pub fn addresses(&self) -> Vec<String> {
        self.all().map(|resource| resource.address.clone()).collect()
    }

    /// What `address` names: a policy, a principal, an ARN of one of them, or one policy of a principal.
    ///
    /// # Errors
    /// If nothing or more than one is called so; the addresses there are.
    pub fn find(&self, address: &str) -> Result<Holder, Unreadable> {
        let joined = Joined::of(&self.resources, &self.managed);
        // An ARN is of what there is after a plan.
        let named = |resource: &&Resource| {
            resource.address == address
                || resource.arn.as_deref() == Some(address) && !resource.address.starts_with(BEFORE)
        };
        let found: Vec<&Resource> = self.all().filter(named).collect();
        match found.as_slice() {
            [resource] => return Ok(joined.holder(resource)),
            [] => {}
            several => {
                return Err(Unreadable(format!(
                    "`{address}` names {} policies or principals; give the ARN",
                    several.len()
                )));
            }
        }
        let whose = |resource: &&Resource| {
            address.strip_prefix(&*resource.address).is_some_and(|rest| rest.starts_with('/'))
        };
        let mut parts: Vec<(Held, Option<String>)> = self
            .all()
            .filter(whose)
            .map(|resource| joined.holder(resource))
            .flat_map(|holder| {
                holder.policies.into_iter().map(move |held| (held, holder.arn.clone()))
            })
            .filter(|(held, _)| held.address == address)
            .collect();
        match (parts.pop(), parts.len()) {
            (Some((held, arn)), 0) => Ok(Holder { arn, ..held.alone() }),
            (Some(_), more) => Err(Unreadable(format!("`{address}` names {} policies", more + 1))),
            (None, _) => Err(Unreadable(format!("it holds no `{address}`; {}", self.listed()))),
        }
    }

    /// What there is, if that is one policy.
    ///
    /// # Errors
    /// If there are several: the addresses.
    pub fn only(&self) -> Result<Holder, Unreadable> {
        let now: Vec<&Resource> = self.now().collect();
        match now.as_slice() {
            [] => Err(Unreadable("it holds no policy".to_owned())),
            [resource] => {
                let holder = Joined::of(&self.resources, &self.managed).holder(resource);
                if holder.policies.len() == 1 {
                    return Ok(holder);
                }
                let parts = list(holder.policies.iter().map(|held| &*held.address));
                Err(Unreadable(format!("choose one of\n  #{} (all of it){parts}", holder.address)))
            }
            _ => Err(Unreadable(format!("choose one: {}", self.listed()))),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(|resource| resource.is_asked_about())
    }

    /// Without what was there before a plan.
    fn now(&self) -> impl Iterator<Item = &Resource> {
        self.all().filter(|resource| !resource.address.starts_with(BEFORE))
    }

    fn listed(&self) -> String {
        let all: Vec<&str> = self.now().map(|resource| resource.address.as_str()).collect();
        if all.is_empty() {
            return "it holds no policies".to_owned();
        }
        let list = list(all.iter().copied());
        let more = all.len().saturating_sub(LISTED);
        let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
        format!("there are{list}{more}")
    }
}

/// The first of some addresses, each on a line of its own.
fn list<'a>(addresses: impl Iterator<Item = &'a str>) -> String {
    let line = |address: &'a str| ["\n  #".into(), Sink::Line.text(address)];
    addresses.take(LISTED).flat_map(line).collect()
}

/// What the addresses begin with of what was there before a plan is applied.
pub(crate) const BEFORE: &str = "before/";

impl Holder {
    /// The policies that cannot be had, and why.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&Held, &str)> {
        self.policies.iter().filter_map(|held| match &held.document {
            Document::Absent(why) => Some((held, why.as_str())),
            _ => None,
        })
    }

    /// The policies as sources, called after the container: those in the text have its lines and columns.
    ///
    /// # Errors
    /// Every policy that cannot be had: without it the others would decide otherwise.
    pub fn sources(&self) -> Result<Vec<(Option<PolicyType>, Source)>, Unreadable> {
        let absent: Vec<String> = self
            .missing()
            .map(|(held, why)| format!("{} ({}) {why}", held.address, held.place))
            .map(|line| format!("\n  {}", Sink::Line.text(&line)))
            .collect();
        if !absent.is_empty() {
            let others =
                self.policies.iter().filter(|held| !matches!(held.document, Document::Absent(_)));
            let others = list(others.map(|held| &*held.address));
            let rest = if others.is_empty() {
                String::new()
            } else {
                format!(
                    "\nThe others can be addressed one by one; give them together with files for the missing ones:{others}"
                )
            };
            return Err(Unreadable(format!(
                "`{}` has policies that are missing here, so its access cannot be decided:{}{rest}",
                Sink::Line.text(&self.address),
                absent.concat()
            )));
        }
        Ok(self.policies.iter().filter_map(|held| Some((held.kind, held.source()?))).collect())
    }
}

impl Held {
    /// This policy, without the principal that has it.
    pub(crate) fn alone(&self) -> Holder {
        Holder {
            address: self.address.clone(),
            arn: None,
            id: None,
            tags: None,
            boundary: KeyState::Unknown,
            has_instance_profile: None,
            groups: Vec::new(),
            attached: Vec::new(),
            is_principal: false,
            calls: false,
            policies: vec![self.clone()],
        }
    }

    /// Whether AWS wrote it: one of its managed policies, or of SAM's policy templates.
    pub fn is_of_aws(&self) -> bool {
        let is_template =
            matches!(self.document, Document::Written { how, .. } if how == FROM_TEMPLATE);
        self.lent.is_some() || is_template
    }

    /// The layer it is of: what its place tells, or else what it says. Policies of resources name principals.
    pub(crate) fn layer(&self) -> PolicyType {
        let detected = || self.source().map(|source| PolicyDocument::detect(&source).0);
        self.kind.or_else(detected).unwrap_or(PolicyType::Identity)
    }

    /// Why it cannot be had, as a sentence about its place; `None` if it can.
    pub(crate) fn why_missing(&self) -> Option<String> {
        match &self.document {
            Document::Absent(why) => Some(format!("{} {why}", self.place)),
            _ => None,
        }
    }

    /// The document as AWS has saved it.
    ///
    /// # Errors
    /// Why it cannot be had, or cannot be read, in one line.
    pub(crate) fn document(&self, kind: PolicyType) -> Result<PolicyDocument, String> {
        match self.source() {
            Some(source) => saved(&source, kind),
            None => Err(self.why_missing().unwrap_or_default()),
        }
    }

    /// The text of the document; `None` if it cannot be had.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.document {
            Document::Written { text, .. } => Some(text),
            Document::Inline(span) => Some(self.within.slice(*span)),
            Document::Absent(_) => None,
        }
    }

    /// The text of the document, called after the container; `None` if it cannot be had.
    pub(crate) fn source(&self) -> Option<Source> {
        let is_whole = self.place.is_empty();
        let file = self.within.name();
        let name = if is_whole { file.to_owned() } else { format!("{file}#{}", self.address) };
        // Names of others are in it, and it stands in lines of ours.
        let (name, place) = (Sink::Line.text(&name), Sink::Line.text(&self.place));
        match &self.document {
            // The address is the place, or there is none.
            Document::Written { text, how } if is_whole || self.address == self.place => {
                let text = Source::new(format!("{name} ({how})"), Arc::clone(text));
                Some(text.made_of(&self.within))
            }
            Document::Inline(span) => Some(self.within.part(&*name, *span)),
            Document::Written { text, how } => {
                let text = Source::new(format!("{name} ({place}, {how})"), Arc::clone(text));
                Some(text.made_of(&self.within))
            }
            Document::Absent(_) => None,
        }
    }
}

/// A document as AWS has saved it.
///
/// # Errors
/// Why it cannot be read, in one line.
pub(crate) fn saved(source: &Source, kind: PolicyType) -> Result<PolicyDocument, String> {
    PolicyDocument::read(source, kind, Profile::Lenient).map_err(|found| {
        let first = found.first().map(|finding| finding.message.clone());
        format!("`{}` cannot be read: {}", source.name(), first.unwrap_or_default())
    })
}
