//! Near misses: the Allow that a denied request comes closest to, and the nearest request that is allowed.
//!
//! What is offered is never a guess: each offer is a whole request, or the policies with one entry changed, and
//! core has allowed it. An offer is a request that can be made: its resource is one that the action works on, as
//! far as AWS publishes its resource types.

mod alignment;

use iamsure_core::decision::clause::value_of;
use iamsure_core::decision::statement::facts;
use iamsure_core::decision::{StatementExplanation, Truth, Verdict, evaluate, explain};
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::resource::ResourcePattern;
use iamsure_core::language::variable::Token;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, KeyState, PolicySet, Request, Switches};
use iamsure_reference::{ResourceType, action, authorized_by, expand};

use crate::ask::{Asker, Case, Known, Worlds};
use crate::sample::Who;
use alignment::Alignment;

/// How many steps of alignment one request is worth: about as many characters of patterns as a thousand long
/// ARNs have.
const MAX_STEPS: usize = 4_000_000;

/// Ends that entries often lack: of what is in a bucket, table or path, and of the streams of a log group.
const ENDS: [&str; 2] = ["/*", ":*"];

/// How many near entries are tried with the whole policy set.
const MAX_TRIED: usize = 64;

/// How many statements are gone through for that, at most.
const MAX_WORK: usize = 200_000;

/// Of how many keys values are looked for together: as many as one answer may be about.
const MAX_KEYS: usize = 200;

/// An Allow that a denied request misses by one part.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementId,
    /// The part that does not match; the others do.
    pub part: Part,
    /// What comes closest in that part, as written in the policy; nothing for a condition.
    pub closest: Option<String>,
    /// What would be allowed; nothing if no request or entry like the closest one is.
    pub offer: Option<Offer>,
}

/// A part of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Resource or NotResource.
    Resource,
    /// Condition.
    Condition,
    /// Principal or NotPrincipal.
    Principal,
    /// Action or NotAction.
    Action,
}

impl Part {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Condition => "condition",
            Self::Principal => "principal",
            Self::Action => "action",
        }
    }
}

/// One change, after which core allows the request.
#[derive(Clone, Debug)]
pub enum Offer {
    /// The request about another resource.
    Resource(String),
    /// The request for another action.
    Action(&'static str),
    /// The same request, if the closest entry of Resource were this text.
    Entry(String),
    /// The request with these values of condition keys, one after another.
    Keys(Box<Case>),
}

/// What was found about a denied request.
#[derive(Clone, Debug, Default)]
pub struct NearMisses {
    /// The nearest first.
    pub found: Vec<NearMiss>,
    /// Entries that were not looked at, for their number or length.
    pub not_compared: usize,
}

/// The Allow statements of `policies` that `request`, which comes on this path and is denied implicitly, misses by one
/// part, the nearest first.
pub fn near_misses(
    policies: &PolicySet,
    request: &Request,
    path: Option<&CallPath>,
    switches: &Switches,
) -> NearMisses {
    let mut search =
        Search { policies, request, path, switches, steps: MAX_STEPS, not_compared: 0 };
    let allows = policies.statements().filter(|(_, _, found)| *found.effect == Effect::Allow);
    let mut near: Vec<(usize, NearMiss)> = Vec::new();
    for (id, ..) in allows {
        let Some(explanation) = explain(policies, id, request, switches) else { continue };
        near.extend(search.of_statement(&explanation));
    }
    near.sort_by_key(|(distance, miss)| (miss.part == Part::Action, *distance, miss.statement));
    let tried = (MAX_WORK / policies.statements().count().max(1)).clamp(1, MAX_TRIED);
    search.not_compared += near.len().saturating_sub(tried);
    near.truncate(tried);
    let mut found: Vec<NearMiss> = near.into_iter().map(|(_, miss)| search.tried(miss)).collect();
    // What can be had comes first; the order by distance stays.
    found.sort_by_key(|miss| miss.offer.is_none());
    NearMisses { found, not_compared: search.not_compared }
}

struct Search<'a> {
    policies: &'a PolicySet,
    request: &'a Request,
    path: Option<&'a CallPath>,
    switches: &'a Switches,
    steps: usize,
    not_compared: usize,
}

impl Search<'_> {
    /// How far the statement is away, if one part alone is false.
    fn of_statement(
        &mut self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, NearMiss)> {
        let matched = explanation.matched;
        let parts = [
            (Part::Resource, matched.resource),
            (Part::Condition, matched.condition),
            (Part::Principal, matched.principal),
            (Part::Action, matched.action),
        ];
        let mut failed = parts.iter().filter(|(_, truth)| *truth != Truth::True);
        let (part, _) = *failed.next()?;
        if failed.next().is_some() {
            return None;
        }
        let (distance, closest) = match part {
            Part::Resource => self.closest_resource(explanation)?,
            Part::Action => self.closest_action(explanation)?,
            Part::Principal => (0, Some(principals(explanation)?)),
            Part::Condition => (0, None),
        };
        let miss = NearMiss { statement: explanation.id, part, closest, offer: None };
        Some((distance, miss))
    }

    /// The entry of Resource that takes the fewest changes.
    fn closest_resource(
        &mut self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, Option<String>)> {
        let element = explanation.statement.resource.as_ref()?;
        if element.sense != Sense::OneOf || self.request.resource == "*" {
            return Some((usize::MAX, None));
        }
        let mut best: Option<(usize, &ResourcePattern)> = None;
        for entry in &element.entries {
            if !self.can_pay(entry.as_str()) {
                continue;
            }
            let Some(tokens) = self.resolved(entry, explanation) else { continue };
            let (distance, _) = Alignment::of(&tokens, &self.request.resource).nearest();
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, entry));
            }
        }
        let (distance, entry) = best?;
        Some((distance, Some(entry.as_str().to_owned())))
    }

    fn can_pay(&mut self, pattern: &str) -> bool {
        let cost = pattern.len().saturating_mul(self.request.resource.len()).saturating_add(1);
        if cost > self.steps {
            self.not_compared += 1;
            return false;
        }
        self.steps -= cost;
        true
    }

    /// The tokens of an entry with the values of the request; `None` if one of them has no value.
    fn resolved(
        &self,
        entry: &ResourcePattern,
        explanation: &StatementExplanation<'_>,
    ) -> Option<Vec<Token>> {
        let facts = facts(explanation.document, self.request, self.switches);
        let value = |key: &ConditionKey| value_of(key, facts);
        let resolved = entry.template().resolve(facts.reading, false, value);
        resolved.ok().map(std::borrow::Cow::into_owned)
    }

    /// The entry of Action that means the published action most like the one of the request, in its service.
    fn closest_action(
        &self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, Option<String>)> {
        let element = explanation.statement.action.as_ref()?;
        if element.sense != Sense::OneOf {
            return None;
        }
        let requested = self.request.action.as_str();
        // The name of the API operation, in the place of the action that authorizes it.
        if let Some(entry) = element.entries.iter().find(|entry| authorizes(entry, requested)) {
            return Some((0, Some(entry.as_str().to_owned())));
        }
        let prefix = self.request.action.prefix();
        let of_service = element.entries.iter().filter(|entry| {
            entry.as_str().split_once(':').is_some_and(|(of, _)| of.eq_ignore_ascii_case(prefix))
        });
        of_service
            .filter_map(|entry| {
                let (distance, _) = nearest_action(entry.as_str(), requested)?;
                Some((distance, Some(entry.as_str().to_owned())))
            })
            .min()
    }

    /// The near miss with what core allows in its place, if anything.
    fn tried(&self, mut miss: NearMiss) -> NearMiss {
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

/// Whether an entry of Action is the name of an API operation that the action authorizes.
fn authorizes(entry: &ActionPattern, action: &str) -> bool {
    authorized_by(entry.as_str()).is_some_and(|found| {
        found.actions().iter().any(|known| known.name().eq_ignore_ascii_case(action))
    })
}

/// The published action that a pattern means and that takes the fewest changes.
fn nearest_action(pattern: &str, name: &str) -> Option<(usize, &'static str)> {
    let (_, operation) = name.split_once(':')?;
    expand(pattern)
        .map(|found| (strsim::levenshtein(operation, found.operation()), found.name()))
        .filter(|(distance, _)| distance.saturating_mul(2) <= operation.len())
        .min()
}

/// The principals that a statement names.
fn principals(explanation: &StatementExplanation<'_>) -> Option<String> {
    let element = explanation.statement.principal.as_ref()?;
    let names: Vec<&str> = element.entries.iter().map(|entry| entry.value.as_str()).collect();
    Some(match (element.sense, names.as_slice()) {
        (Sense::OneOf, [one]) => (*one).to_owned(),
        (Sense::OneOf, [one, ..]) => format!("{one} and {} more", names.len() - 1),
        (Sense::OneOf | Sense::NoneOf, _) => return None,
    })
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

#[cfg(test)]
mod tests {
    use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
    use iamsure_core::world::{Context, Principal};

    use super::*;

    /// What is offered for a request of alice, by policies that allow one thing each.
    fn offers(action: &str, resource: &str, statement: &serde_json::Value) -> Vec<String> {
        let text = serde_json::json!({ "Version": "2012-10-17", "Statement": statement });
        let source = Source::new("policy.json", text.to_string());
        let inspected =
            PolicyDocument::inspect_attached(&source, PolicyType::Identity, Profile::Strict);
        let policies = PolicySet::of_identity(inspected.document);
        let alice = Principal::User {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
            unique_id: None,
        };
        let action = ActionName::parse(action).unwrap();
        let request = Request::new(alice, action, resource, Context::closed());
        let found = near_misses(&policies, &request, None, &Switches::default()).found;
        found
            .iter()
            .map(|miss| match &miss.offer {
                None => "nothing".to_owned(),
                Some(Offer::Resource(text) | Offer::Entry(text)) => text.clone(),
                Some(Offer::Action(name)) => (*name).to_owned(),
                Some(Offer::Keys(case)) => {
                    let keys = case.when.iter().flatten();
                    let named =
                        keys.map(|(column, said)| [column.name(), said.to_string()].join(" "));
                    named.collect::<Vec<_>>().concat()
                }
            })
            .collect()
    }

    fn of_entry(action: &str, resource: &str, entry: &str) -> Vec<String> {
        let statement =
            serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": entry });
        offers(action, resource, &statement)
    }

    #[test]
    fn the_nearest_of_each_kind_is_offered() {
        let role = "arn:aws:iam::111122223333:role/";
        let found = of_entry("iam:PassRole", &format!("{role}build"), &format!("{role}ci/*"));
        assert_eq!(found, [format!("{role}ci/build")]);
        let found = of_entry("s3:GetObject", "arn:aws:s3:::b/k", "arn:aws:s3:::b");
        assert_eq!(found, ["arn:aws:s3:::b/*"]);
        let found = of_entry("s3:ListBucket", "arn:aws:s3:::b", "arn:aws:s3:::b/*");
        assert_eq!(found, ["arn:aws:s3:::b"]);
        let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db";
        let found = of_entry("secretsmanager:GetSecretValue", &format!("{secret}-AbCdEf"), secret);
        assert_eq!(found, [format!("{secret}-??????")]);
        let queue = |account| format!("arn:aws:sqs:eu-west-1:{account}:jobs");
        let found = of_entry("sqs:SendMessage", &queue("444455556666"), &queue("111122223333"));
        assert_eq!(found, [queue("111122223333")]);
    }

    #[test]
    fn what_a_deny_takes_away_is_not_offered() {
        let role = "arn:aws:iam::111122223333:role/";
        let statements = serde_json::json!([
            { "Effect": "Allow", "Action": "iam:PassRole", "Resource": format!("{role}ci/*") },
            { "Effect": "Deny", "Action": "iam:PassRole", "Resource": format!("{role}ci/build") },
        ]);
        assert_eq!(offers("iam:PassRole", &format!("{role}build"), &statements), ["nothing"]);
    }

    #[test]
    fn keys_that_the_action_never_carries_are_not_offered() {
        let with = |operator: &str, key: &str| {
            serde_json::json!({
                "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
                "Condition": { operator: { key: "a" } },
            })
        };
        let of = |key| offers("s3:GetObject", "arn:aws:s3:::b/k", &with("StringEquals", key));
        assert_eq!(of("s3:prefix"), ["nothing"]);
        assert_eq!(of("s3:ExistingObjectTag/x"), ["s3:ExistingObjectTag/x `a`"]);
    }

    #[test]
    fn a_resource_of_another_type_is_not_offered_and_tags_of_what_is_made_neither() {
        let arn = |name: &str| format!("arn:aws:ec2:eu-west-1:111122223333:{name}");
        let found = of_entry("ec2:RunInstances", &arn("subnet/subnet-1"), &arn("instance/*"));
        assert_eq!(found, ["nothing"]);
        let tagged = serde_json::json!({
            "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
            "Condition": { "StringEquals": { "ec2:ResourceTag/a": "b" } },
        });
        assert_eq!(offers("ec2:RunInstances", &arn("instance/*"), &tagged), ["nothing"]);
        let of_subnet = offers("ec2:RunInstances", &arn("subnet/subnet-1"), &tagged);
        assert_eq!(of_subnet, ["ec2:ResourceTag/a `b`"]);
    }

    #[test]
    fn a_statement_of_another_service_is_not_near() {
        let statement =
            serde_json::json!({ "Effect": "Allow", "Action": "sqs:*", "Resource": "*" });
        assert!(offers("s3:GetObject", "arn:aws:s3:::b/k", &statement).is_empty());
    }
}
