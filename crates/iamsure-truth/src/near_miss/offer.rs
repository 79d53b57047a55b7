//! What is offered in the place of a denied request: each is tried, and core has allowed it.

use iamsure_core::decision::{Truth, Verdict, evaluate, explain};
use iamsure_core::language::resource::ResourcePattern;
use iamsure_core::language::variable::Token;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{KeyState, PolicySet, Request};
use iamsure_reference::{ResourceType, action};

use super::alignment::Alignment;
use super::closest::{authorizes, nearest_action};
use super::{NearMiss, Offer, Part, Search};
use crate::ask::{Asker, Known, Worlds};
use crate::sample::Who;

/// Ends that entries often lack: of what is in a bucket, table or path, and of the streams of a log group.
const ENDS: [&str; 2] = ["/*", ":*"];

/// Of how many keys values are looked for together: as many as one answer may be about.
const MAX_KEYS: usize = 200;

impl Search<'_> {
    /// The near miss with what core allows in its place, if anything.
    pub(super) fn tried(&self, mut miss: NearMiss) -> NearMiss {
        let closest = miss.closest.as_deref();
        miss.offer = match miss.part {
            Part::Resource => closest.and_then(|entry| self.try_resource(miss.statement, entry)),
            Part::Action => closest.and_then(|entry| self.try_action(miss.statement, entry)),
            Part::Condition => self.try_keys(miss.statement),
            Part::Principal => None,
        };
        miss
    }

    fn try_resource(&self, id: StatementId, entry: &str) -> Option<Offer> {
        let explanation = explain(self.policies, id, self.request, self.switches)?;
        let pattern = ResourcePattern::new(entry);
        let tokens = self.resolved(&pattern, &explanation)?;
        // Secrets Manager puts six random characters behind the name.
        let secret = format!("{entry}-??????");
        if entry.contains(":secretsmanager:") && self.allows_with(id, entry, &secret) {
            return Some(Offer::Entry(secret));
        }
        let is_whole = self.request.resource.starts_with(entry);
        if let Some(text) = ENDS
            .iter()
            .map(|end| format!("{entry}{end}"))
            .find(|text| is_whole && self.allows_with(id, entry, text))
        {
            return Some(Offer::Entry(text));
        }
        let (_, mut resource) = Alignment::of(&tokens, &self.request.resource).nearest();
        // A name that ends where the pattern leaves it open is none that anybody would give.
        if tokens.last() == Some(&Token::Star) && resource.ends_with(['-', '_', '/', ':', '.']) {
            resource.push_str("example");
        }
        let other = about(self.request, resource.clone());
        let is_offered = other.is_some_and(|other| {
            is_made(&other)
                && is_of_its_kind(self.request, &other)
                && self.allows(self.policies, &other)
        });
        if is_offered {
            return Some(Offer::Resource(resource));
        }
        // No request of this action is about what the entry means.
        let shorter = entry.strip_suffix("/*")?.to_owned();
        self.allows_with(id, entry, &shorter).then_some(Offer::Entry(shorter))
    }

    /// Whether the request is allowed if the statement holds another text in the place of this entry.
    fn allows_with(&self, id: StatementId, entry: &str, text: &str) -> bool {
        let mut policies = self.policies.clone();
        let element = policies.statement_mut(id).and_then(|found| found.value.resource.as_mut());
        let Some(element) = element else { return false };
        let slot = element.value.entries.iter_mut().find(|known| known.as_str() == entry);
        let Some(slot) = slot else { return false };
        slot.value = ResourcePattern::new(text);
        self.allows(&policies, self.request)
    }

    fn try_action(&self, id: StatementId, entry: &str) -> Option<Offer> {
        let requested = self.request.action.as_str();
        if authorizes(&ActionPattern::new(entry), requested) {
            let mut policies = self.policies.clone();
            let element =
                policies.statement_mut(id).and_then(|found| found.value.action.as_mut())?;
            let slot = element.value.entries.iter_mut().find(|known| known.as_str() == entry)?;
            slot.value = ActionPattern::new(requested);
            let is_allowed = self.allows(&policies, self.request);
            return is_allowed.then(|| Offer::Entry(requested.to_owned()));
        }
        let (_, name) = nearest_action(entry, self.request.action.as_str())?;
        let other = Request { action: ActionName::parse(name).ok()?, ..self.request.clone() };
        (is_made(&other) && self.allows(self.policies, &other)).then_some(Offer::Action(name))
    }

    /// The request with other values of the keys whose clauses are not true.
    fn try_keys(&self, id: StatementId) -> Option<Offer> {
        let explanation = explain(self.policies, id, self.request, self.switches)?;
        let failed = explanation.clauses.iter().filter(|one| one.judgement.truth != Truth::True);
        let keys: Vec<ConditionKey> = failed.map(|one| one.clause.key.value.clone()).collect();
        if keys.len() > MAX_KEYS || !keys.iter().all(|key| is_carried(self.request, key)) {
            return None;
        }
        let who = Who::Named(self.request.requester.clone());
        let worlds = Worlds::of(self.request.clone(), &who, self.path, Known::Given);
        let worlds = worlds.with_unknown(&keys);
        let asker = Asker { policies: self.policies, switches: self.switches };
        let cases = asker.answer(&worlds).cases;
        let case = cases.into_iter().find(|case| case.decision.verdict == Verdict::Allowed)?;
        self.allows(self.policies, &case.witness).then(|| Offer::Keys(Box::new(case)))
    }

    fn allows(&self, policies: &PolicySet, request: &Request) -> bool {
        let evaluation = evaluate(policies, request, self.switches);
        evaluation.outcome.decided().is_some_and(|found| found.verdict == Verdict::Allowed)
    }
}

/// Whether AWS publishes nothing against the action on such a resource.
fn is_made(request: &Request) -> bool {
    crate::unpublished::of_resource(request.action.as_str(), &request.resource).is_none()
}

/// The types that the action works on and that the resource of the request has.
fn kinds(request: &Request) -> Vec<ResourceType> {
    let known = action(request.action.as_str()).known();
    let types = known.into_iter().flat_map(iamsure_reference::Action::resource_types);
    types.filter(|kind| kind.fits(&request.resource)).collect()
}

/// Whether the resource of `other` is of a type that the one of `request` has, if that has any: one call may need
/// a resource of each of several types, and none stands for another.
fn is_of_its_kind(request: &Request, other: &Request) -> bool {
    let kinds = kinds(request);
    kinds.is_empty() || kinds.iter().any(|kind| kind.fits(&other.resource))
}

/// The request about another resource, perhaps of another account; `None` if more is known of the account than
/// its number.
fn about(one: &Request, resource: String) -> Option<Request> {
    let mut other = Request { resource, ..one.clone() };
    if one.owner() == other.owner() {
        return Some(other);
    }
    let is_known = |name: &str| one.context.is_set(&ConditionKey::new(name));
    if one.resource_account.is_some()
        || is_known("aws:ResourceOrgID")
        || is_known("aws:ResourceOrgPaths")
    {
        return None;
    }
    if is_known("aws:ResourceAccount") {
        let account = other.owner()?.to_owned();
        other.context.set(ConditionKey::new("aws:ResourceAccount"), KeyState::Single(account));
    }
    Some(other)
}

/// Whether a request of this action may hold the key: AWS lists it for the action, or for every action, or does
/// not list the action. What the action makes has no tags yet.
pub fn is_carried(request: &Request, key: &ConditionKey) -> bool {
    let Some(known) = action(request.action.as_str()).known() else { return true };
    let name = key.as_str();
    let folded =
        |text: &str| text.split(['/', '$']).next().unwrap_or_default().to_ascii_lowercase();
    let kinds = kinds(request);
    if folded(name).ends_with(":resourcetag")
        && !kinds.is_empty()
        && kinds.iter().all(|kind| kind.is_made())
    {
        return false;
    }
    let prefix = name.split(':').next().unwrap_or_default();
    if !prefix.eq_ignore_ascii_case(request.action.prefix()) {
        return true;
    }
    known.condition_keys().any(|listed| folded(listed.name) == folded(name))
}
