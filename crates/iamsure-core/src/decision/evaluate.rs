//! Deciding one request over a whole policy set.
//!
//! Every statement is judged once, in three-valued truth. What is unknown is then settled twice:
//! as unfavourably as possible (unknown Denies match, unknown Allows do not) and as favourably as
//! possible. A matching Allow never takes access away and a matching Deny never gives any, so
//! the two answers are bounds for every way the unknown can turn out; when they agree, they are
//! the answer.

use std::collections::BTreeSet;

use super::Decision;
use super::applicable::{Scope, applies};
use super::exemption::exemption;
use super::precedence::{self, Answerable, Findings, Gate, Mechanism, Standing, Strength, Verdict};
use super::public_access;
use super::service_rule;
use super::statement::{self, StatementMatch};
use super::truth::Truth;
use crate::language::document::{Effect, PolicyType, ResourceElement, Statement};
use crate::language::key::ConditionKey;
use crate::world::context::KeyState;
use crate::world::policy_set::{PolicySet, StatementId};
use crate::world::principal::Principal;
use crate::world::request::Request;
use crate::world::switch::{Switch, Switches};

/// Everything that came of judging a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Each statement of the layers that apply, with how it matches, as far as it took to tell (see
    /// [`statement::judge_until_false`]).
    pub statements: Vec<(StatementId, Effect, StatementMatch)>,
    /// The answer.
    pub outcome: Outcome,
}

/// The answer about one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One decision, however the unknown turns out.
    Decided(Decision),
    /// It may differ with what is unknown.
    Depends {
        /// The least access that cannot be ruled out.
        least: Decision,
        /// The most access that cannot be ruled out.
        most: Decision,
        /// What is decided if nothing unknown matches. Between an explicit denial and an Allow, an
        /// implicit denial is possible only if this is one.
        neither: Decision,
    },
}

impl Outcome {
    /// The decision, if there is one.
    pub const fn decided(&self) -> Option<&Decision> {
        match self {
            Self::Decided(decision) => Some(decision),
            Self::Depends { .. } => None,
        }
    }
}

/// Decides `request` by `policies`, with `switches` for what AWS leaves open.
pub fn evaluate(policies: &PolicySet, request: &Request, switches: &Switches) -> Evaluation {
    if let Some(outcome) = exempted(request) {
        return Evaluation { statements: Vec::new(), outcome };
    }
    let scope = Scope::of(request, switches);
    let has_boundary = has_boundary(policies, request, switches);
    let statements: Vec<_> = policies
        .statements()
        .filter(|(id, ..)| scope.covers(id.layer))
        .map(|(id, document, found)| {
            (
                id,
                *found.effect,
                statement::judge_until_false(document, found, request, has_boundary, switches),
            )
        })
        .collect();
    let outcome = combine(policies, scope, &statements);
    Evaluation { statements, outcome }
}

/// O-1: the answer to any signed caller of an exempt action.
pub(super) fn exempted(request: &Request) -> Option<Outcome> {
    let is_signed = !matches!(
        request.requester.principal,
        Principal::Anonymous | Principal::FederatedCaller { .. }
    );
    (is_signed && exemption(&request.action).is_some()).then(|| {
        Outcome::Decided(Decision {
            verdict: Verdict::Exempt,
            by: Answerable::NoPermissionNeeded,
            statements: Vec::new(),
        })
    })
}

/// The answer, from how the statements of the layers that apply match, in their fixed order. Those that do not
/// match may be left out.
pub(super) fn combine(
    policies: &PolicySet,
    scope: Scope<'_>,
    statements: &[(StatementId, Effect, StatementMatch)],
) -> Outcome {
    let settle = |unknown| Settled::new(policies, scope, statements, unknown).decision();
    let least = settle(Unknowns::Unfavourable);
    if !statements.iter().any(|(.., matched)| matched.truth() == Truth::Unknown) {
        return Outcome::Decided(least);
    }
    let most = settle(Unknowns::Favourable);
    if least.verdict == most.verdict && least.by == most.by {
        // The statements that match for certain decide it.
        let certain = |id: &StatementId| {
            statements
                .iter()
                .any(|(known, _, matched)| known == id && matched.truth() == Truth::True)
        };
        let mut decision = least;
        if decision.statements.iter().any(certain) {
            decision.statements.retain(certain);
        }
        Outcome::Decided(decision)
    } else {
        Outcome::Depends { least, most, neither: settle(Unknowns::Neither) }
    }
}

/// What follows if just these statements match: the rules of combination alone.
///
/// `statements` are statements of the layers that [apply](super::applicable::applies), each with how it
/// matches; those left out do not. Nothing may be unknown. An action that is
/// [exempt](super::exemption::exemption) is not looked for.
pub fn settle(
    policies: &PolicySet,
    request: &Request,
    switches: &Switches,
    statements: &[(StatementId, Effect, StatementMatch)],
) -> Decision {
    let scope = Scope::of(request, switches);
    Settled::new(policies, scope, statements, Unknowns::Neither).decision()
}

/// Whether a permissions boundary limits the requester, which P-21 asks.
pub fn has_boundary(policies: &PolicySet, request: &Request, switches: &Switches) -> bool {
    policies.boundary.is_some() && applies(PolicyType::Boundary, request, switches)
}

/// How unknown statements are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknowns {
    /// Denies match, Allows do not.
    Unfavourable,
    /// Allows match, Denies do not.
    Favourable,
    /// Nothing unknown matches.
    Neither,
}

struct Settled<'a> {
    policies: &'a PolicySet,
    scope: Scope<'a>,
    statements: &'a [(StatementId, Effect, StatementMatch)],
    unknown: Unknowns,
    /// The layers in which an Allow matches, and those in which a Deny does.
    allowing: LayerSet,
    denying: LayerSet,
}

/// The order in which AWS names the layer of a Deny.
const E_40: [PolicyType; 8] = [
    PolicyType::Rcp,
    PolicyType::Scp,
    PolicyType::Endpoint,
    PolicyType::Resource,
    PolicyType::Trust,
    PolicyType::Identity,
    PolicyType::Boundary,
    PolicyType::Session,
];

/// Layers, one bit for each.
#[derive(Clone, Copy, Debug, Default)]
struct LayerSet(u8);

impl LayerSet {
    const fn with(self, layer: PolicyType) -> Self {
        Self(self.0 | 1 << layer as u8)
    }

    const fn has(self, layer: PolicyType) -> bool {
        self.0 & 1 << layer as u8 != 0
    }

    const fn without(self, layer: PolicyType) -> Self {
        Self(self.0 & !(1 << layer as u8))
    }

    /// The first in an order of layers.
    fn first(self, order: [PolicyType; 8]) -> Option<PolicyType> {
        order.into_iter().find(|layer| self.has(*layer))
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl<'a> Settled<'a> {
    fn new(
        policies: &'a PolicySet,
        scope: Scope<'a>,
        statements: &'a [(StatementId, Effect, StatementMatch)],
        unknown: Unknowns,
    ) -> Self {
        let (allowing, denying) = (LayerSet::default(), LayerSet::default());
        let mut settled = Self { policies, scope, statements, unknown, allowing, denying };
        let of = |effect| {
            let matching = settled.matching(effect);
            matching.fold(LayerSet::default(), |layers, (id, _)| layers.with(id.layer))
        };
        (settled.allowing, settled.denying) = (of(Effect::Allow), of(Effect::Deny));
        settled
    }

    fn decision(&self) -> Decision {
        let (verdict, by) = precedence::decide(&self.findings());
        Decision { verdict, by, statements: self.deciding(verdict, by) }
    }

    /// The statements of `effect` that match.
    fn matching(&self, effect: Effect) -> impl Iterator<Item = (StatementId, &StatementMatch)> {
        let favoured = match self.unknown {
            Unknowns::Unfavourable => Some(Effect::Deny),
            Unknowns::Favourable => Some(Effect::Allow),
            Unknowns::Neither => None,
        };
        self.statements.iter().filter_map(move |(id, found, matched)| {
            let counts = match matched.truth() {
                Truth::True => true,
                Truth::Unknown => Some(effect) == favoured,
                Truth::False => false,
            };
            (*found == effect && counts).then_some((*id, matched))
        })
    }

    fn applies(&self, layer: PolicyType) -> bool {
        self.scope.covers(layer)
    }

    fn gate(&self, layer: PolicyType, is_there: bool) -> Gate {
        if !is_there || !self.applies(layer) || self.allowing.has(layer) {
            Gate::Open
        } else {
            Gate::Closed
        }
    }

    fn findings(&self) -> Findings {
        let Scope { request, switches, standing, mechanism } = self.scope;
        let principal = &request.requester.principal;
        // A federated user without session policy has no permission (E-12); an AssumeRoot session
        // has its task policy and nothing else (E-28).
        let session_required = matches!(principal, Principal::FederatedUser { .. })
            || standing == Standing::TaskSession;
        let mut granted = self.strength(mechanism);
        if granted == Strength::None
            && switches.is_alternative(Switch::Q22)
            && self.assumes_itself()
        {
            granted = Strength::Account;
        }
        // E-19: a bucket policy grants nothing on another's object; an ACL grants across accounts.
        let bucket = &request.bucket;
        let same_account = request.is_same_account();
        let object_owner = service_rule::object_owner(request);
        if bucket.asks_object_owner()
            && mechanism == Mechanism::Ordinary
            && !service_rule::bucket_owner_deletes(request)
        {
            granted = Strength::None;
        }
        if bucket.acl_counts() && !same_account {
            granted = granted.max(Strength::Account);
        }
        if granted == Strength::Account && service_rule::account_grant_is_enough(request) {
            granted = Strength::Parent;
        }
        let is_assume_role = request.action.is("sts:AssumeRole");
        Findings {
            denied_by: self.denied_by(),
            refused_by_service: service_rule::refusal(request).is_some(),
            object_owner,
            scp: self.scp_gate(),
            endpoint: self.gate(PolicyType::Endpoint, self.policies.endpoint.is_some()),
            identity: if standing == Standing::TaskSession {
                Gate::Open
            } else {
                self.gate(PolicyType::Identity, true)
            },
            boundary: self.gate(PolicyType::Boundary, self.policies.boundary.is_some()),
            session: self
                .gate(PolicyType::Session, session_required || !self.policies.session.is_empty()),
            granted,
            standing,
            same_account: same_account || service_rule::callers_account_decides(request),
            mechanism,
            boundary_limits_direct: is_assume_role && matches!(principal, Principal::User { .. }),
            session_limits_own_arn: switches.is_alternative(Switch::Q19),
        }
    }

    /// The strongest Allow of the policy of the resource (P-16).
    fn strength(&self, mechanism: Mechanism) -> Strength {
        let layer =
            if mechanism == Mechanism::Trust { PolicyType::Trust } else { PolicyType::Resource };
        if !self.allowing.has(layer) {
            return Strength::None;
        }
        self.matching(Effect::Allow)
            .filter(|(id, _)| id.layer == layer)
            .map(|(_, matched)| matched.strength)
            .max()
            .unwrap_or(Strength::None)
    }

    /// The first layer with a matching Deny, in the order of E-40.
    fn denied_by(&self) -> Option<PolicyType> {
        if self.denying.is_empty() && !self.scope.request.bucket.restrict_public_buckets {
            return None;
        }
        // E-36 is reported as an explicit deny of the bucket policy.
        if public_access::is_restricted(self.scope.request, self.policies.resource.as_ref()) {
            let denied = self.denying.without(PolicyType::Trust).with(PolicyType::Resource);
            return denied.first(E_40);
        }
        let rescued = service_rule::bucket_policy_cannot_lock_out(self.scope.request);
        let denied =
            if rescued { self.denying.without(PolicyType::Resource) } else { self.denying };
        denied.first(E_40)
    }

    /// E-20: at every level some SCP must allow.
    fn scp_gate(&self) -> Gate {
        if !self.applies(PolicyType::Scp) {
            return Gate::Open;
        }
        let allows = |level| {
            self.matching(Effect::Allow)
                .any(|(id, _)| id.layer == PolicyType::Scp && id.level == level)
        };
        if (0..self.policies.scp.len()).all(allows) { Gate::Open } else { Gate::Closed }
    }

    /// Whether a role session asks to assume its own role (Q22).
    fn assumes_itself(&self) -> bool {
        let request = self.scope.request;
        request.action.is("sts:AssumeRole")
            && request.is_same_account()
            && (request.requester.principal.role_name())
                .is_some_and(|name| request.resource.rsplit('/').next() == Some(name))
    }

    fn deciding(&self, verdict: Verdict, by: Answerable) -> Vec<StatementId> {
        let effect = match verdict {
            Verdict::ExplicitlyDenied => Effect::Deny,
            Verdict::Allowed => Effect::Allow,
            Verdict::ImplicitlyDenied | Verdict::Exempt => return Vec::new(),
        };
        let trust_or_resource = |layer| matches!(layer, PolicyType::Trust | PolicyType::Resource);
        self.matching(effect)
            .map(|(id, _)| id)
            .filter(|id| match by {
                Answerable::Layer(layer) => id.layer == layer,
                Answerable::CrossAccount => {
                    id.layer == PolicyType::Identity || trust_or_resource(id.layer)
                }
                Answerable::Root | Answerable::NoPermissionNeeded => false,
            })
            .collect()
    }
}

/// The unknown keys that `statement` asks about, its variables included.
fn unknown_keys<'a>(
    statement: &'a Statement,
    request: &'a Request,
) -> impl Iterator<Item = &'a ConditionKey> {
    let clauses = statement.condition.clauses.iter();
    let asked = clauses.clone().map(|clause| &clause.key.value);
    let in_values = clauses
        .flat_map(|clause| clause.values.iter().flat_map(|value| value.template().variables()));
    let entries = statement.resource.iter().flat_map(|element| {
        let element: &ResourceElement = element;
        element.entries.iter().flat_map(|entry| entry.template().variables())
    });
    asked
        .chain(in_values.chain(entries).map(|variable| &variable.key))
        .filter(|key| *request.context.state(key) == KeyState::Unknown)
}

impl Evaluation {
    /// The unknown keys asked about by statements that may or may not match, in order of name.
    pub fn unknown_keys(&self, policies: &PolicySet, request: &Request) -> BTreeSet<ConditionKey> {
        self.statements
            .iter()
            .filter(|(.., matched)| matched.truth() == Truth::Unknown)
            .filter_map(|(id, ..)| policies.statement(*id))
            .flat_map(|(_, statement)| unknown_keys(statement, request))
            .cloned()
            .collect()
    }
}
