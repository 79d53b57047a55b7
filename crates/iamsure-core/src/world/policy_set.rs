//! The policy set: every layer of policies that applies to a request, and what each is attached to.

use indexmap::IndexSet;

use crate::language::condition::{ConditionBlock, Operator};
use crate::language::document::{PolicyDocument, PolicyType, Statement};
use crate::language::key::ConditionKey;
use crate::language::source::Spanned;
use crate::language::variable::Reading;

/// All policies that apply to a request, by layer.
///
/// A layer that is not there is not the same as an empty one: no boundary limits nothing, a
/// boundary without statements limits everything. The `kind` of each document says by which type
/// it was read, and must be that of its layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySet {
    /// Policies of the user and its groups, or of the role (E-5).
    pub identity: Vec<PolicyDocument>,
    /// The permissions boundary (E-10).
    pub boundary: Option<PolicyDocument>,
    /// Session policies; several are one union (E-11).
    pub session: Vec<PolicyDocument>,
    /// The policy of the resource.
    pub resource: Option<PolicyDocument>,
    /// The trust policy of the role that is the resource (E-30).
    pub trust: Option<PolicyDocument>,
    /// Service control policies by level, the organization root first (E-20).
    pub scp: Vec<Vec<PolicyDocument>>,
    /// Resource control policies by level, the organization root first (E-22).
    pub rcp: Vec<Vec<PolicyDocument>>,
    /// The policy of the VPC endpoint the request comes through (E-24).
    pub endpoint: Option<PolicyDocument>,
}

/// Where a statement stands in a policy set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId {
    /// The layer.
    pub layer: PolicyType,
    /// The level of an SCP or RCP, the organization root being 0; 0 in other layers.
    pub level: usize,
    /// Which policy of the layer (and level), from 0.
    pub policy: usize,
    /// Which statement of the policy, from 0.
    pub statement: usize,
}

impl PolicySet {
    /// A set of identity-based policies alone.
    pub fn of_identity(policies: impl IntoIterator<Item = PolicyDocument>) -> Self {
        Self { identity: policies.into_iter().collect(), ..Self::default() }
    }

    /// A set of this one policy, in the layer that its kind says.
    pub fn of(document: PolicyDocument) -> Self {
        let mut set = Self::default();
        match document.kind {
            PolicyType::Identity => set.identity.push(document),
            PolicyType::Boundary => set.boundary = Some(document),
            PolicyType::Session => set.session.push(document),
            PolicyType::Resource => set.resource = Some(document),
            PolicyType::Trust => set.trust = Some(document),
            PolicyType::Scp => set.scp.push(vec![document]),
            PolicyType::Rcp => set.rcp.push(vec![document]),
            PolicyType::Endpoint => set.endpoint = Some(document),
        }
        set
    }

    /// These policies and others. Levels of SCPs and RCPs follow those there are.
    ///
    /// # Errors
    /// The type of policy of which a request has one at most, if both have one.
    pub fn with(mut self, others: Self) -> Result<Self, PolicyType> {
        self.identity.extend(others.identity);
        self.session.extend(others.session);
        self.scp.extend(others.scp);
        self.rcp.extend(others.rcp);
        for (kind, slot, other) in [
            (PolicyType::Boundary, &mut self.boundary, others.boundary),
            (PolicyType::Resource, &mut self.resource, others.resource),
            (PolicyType::Trust, &mut self.trust, others.trust),
            (PolicyType::Endpoint, &mut self.endpoint, others.endpoint),
        ] {
            if slot.is_some() && other.is_some() {
                return Err(kind);
            }
            *slot = slot.take().or(other);
        }
        Ok(self)
    }

    /// Every policy with its layer, level and number, in a fixed order.
    pub fn policies(&self) -> impl Iterator<Item = (PolicyType, usize, usize, &PolicyDocument)> {
        fn flat(
            kind: PolicyType,
            list: &[PolicyDocument],
        ) -> impl Iterator<Item = (PolicyType, usize, usize, &PolicyDocument)> {
            list.iter().enumerate().map(move |(policy, document)| (kind, 0, policy, document))
        }
        fn levels(
            kind: PolicyType,
            levels: &[Vec<PolicyDocument>],
        ) -> impl Iterator<Item = (PolicyType, usize, usize, &PolicyDocument)> {
            levels.iter().enumerate().flat_map(move |(level, list)| {
                list.iter()
                    .enumerate()
                    .map(move |(policy, document)| (kind, level, policy, document))
            })
        }
        flat(PolicyType::Identity, &self.identity)
            .chain(flat(PolicyType::Boundary, self.boundary.as_slice()))
            .chain(flat(PolicyType::Session, &self.session))
            .chain(flat(PolicyType::Resource, self.resource.as_slice()))
            .chain(flat(PolicyType::Trust, self.trust.as_slice()))
            .chain(flat(PolicyType::Endpoint, self.endpoint.as_slice()))
            .chain(levels(PolicyType::Scp, &self.scp))
            .chain(levels(PolicyType::Rcp, &self.rcp))
    }

    /// Every statement with its place, in a fixed order.
    pub fn statements(
        &self,
    ) -> impl Iterator<Item = (StatementId, &PolicyDocument, &Spanned<Statement>)> {
        self.policies().flat_map(|(layer, level, policy, document)| {
            document.statements.iter().enumerate().map(move |(statement, found)| {
                (StatementId { layer, level, policy, statement }, document, found)
            })
        })
    }

    /// The keys that some clause or variable asks about, in the order they first occur. What the
    /// request holds for any other key changes no decision.
    pub fn keys(&self) -> Vec<ConditionKey> {
        let mut keys: IndexSet<ConditionKey> = IndexSet::new();
        let mut add = |key: &ConditionKey| {
            if !keys.contains(key.folded()) {
                keys.insert(key.clone());
            }
        };
        for (_, document, statement) in self.statements() {
            // A document without Version may be read either way (Q1).
            let has_variables = document.reading(true) == Reading::Substituted;
            for entry in statement
                .resource
                .iter()
                .flat_map(|element| &element.entries)
                .filter(|_| has_variables)
            {
                entry.template().variables().for_each(|variable| add(&variable.key));
            }
            for clause in &statement.condition.clauses {
                add(&clause.key);
                for value in clause.values.iter().filter(|_| has_variables) {
                    value.template().variables().for_each(|variable| add(&variable.key));
                }
            }
        }
        keys.into_iter().collect()
    }

    /// The same policies with every statement but those that `keep` made to match nothing. Places
    /// stay as they are.
    #[must_use]
    pub fn only(&self, keep: impl Fn(StatementId) -> bool) -> Self {
        let mut kept = self.clone();
        let silence = |layer, level, policy, document: &mut PolicyDocument| {
            for (statement, found) in document.statements.to_mut().iter_mut().enumerate() {
                if !keep(StatementId { layer, level, policy, statement }) {
                    found.value.action = None;
                    found.value.resource = None;
                    found.value.condition = ConditionBlock::default();
                }
            }
        };
        let flat = |layer, list: &mut [PolicyDocument]| {
            list.iter_mut()
                .enumerate()
                .for_each(|(policy, document)| silence(layer, 0, policy, document));
        };
        flat(PolicyType::Identity, &mut kept.identity);
        flat(PolicyType::Boundary, kept.boundary.as_mut_slice());
        flat(PolicyType::Session, &mut kept.session);
        flat(PolicyType::Resource, kept.resource.as_mut_slice());
        flat(PolicyType::Trust, kept.trust.as_mut_slice());
        flat(PolicyType::Endpoint, kept.endpoint.as_mut_slice());
        for (layer, levels) in [(PolicyType::Scp, &mut kept.scp), (PolicyType::Rcp, &mut kept.rcp)]
        {
            for (level, list) in levels.iter_mut().enumerate() {
                for (policy, document) in list.iter_mut().enumerate() {
                    silence(layer, level, policy, document);
                }
            }
        }
        kept
    }

    /// The same policies with another operator in one clause; its values stay as they were read, so
    /// that the operator must be of the same family. For "what if it said `Bool`?".
    #[must_use]
    pub fn with_operator(&self, id: StatementId, clause: usize, operator: Operator) -> Self {
        let mut changed = self.clone();
        let clause = changed
            .statement_mut(id)
            .and_then(|statement| statement.value.condition.clauses.get_mut(clause));
        if let Some(clause) = clause
            && clause.operator.base.family() == operator.base.family()
        {
            clause.value.operator.value = operator;
        }
        changed
    }

    /// The statement at a place, to be changed where it stands.
    pub fn statement_mut(&mut self, id: StatementId) -> Option<&mut Spanned<Statement>> {
        let document = match id.layer {
            PolicyType::Identity => self.identity.get_mut(id.policy),
            PolicyType::Boundary => self.boundary.as_mut(),
            PolicyType::Session => self.session.get_mut(id.policy),
            PolicyType::Resource => self.resource.as_mut(),
            PolicyType::Trust => self.trust.as_mut(),
            PolicyType::Endpoint => self.endpoint.as_mut(),
            PolicyType::Scp => self.scp.get_mut(id.level)?.get_mut(id.policy),
            PolicyType::Rcp => self.rcp.get_mut(id.level)?.get_mut(id.policy),
        }?;
        document.statements.to_mut().get_mut(id.statement)
    }

    /// The statement at a place, with its document.
    pub fn statement(&self, id: StatementId) -> Option<(&PolicyDocument, &Spanned<Statement>)> {
        let document = match id.layer {
            PolicyType::Identity => self.identity.get(id.policy),
            PolicyType::Boundary => self.boundary.as_ref(),
            PolicyType::Session => self.session.get(id.policy),
            PolicyType::Resource => self.resource.as_ref(),
            PolicyType::Trust => self.trust.as_ref(),
            PolicyType::Endpoint => self.endpoint.as_ref(),
            PolicyType::Scp => self.scp.get(id.level).and_then(|level| level.get(id.policy)),
            PolicyType::Rcp => self.rcp.get(id.level).and_then(|level| level.get(id.policy)),
        }?;
        Some((document, document.statements.get(id.statement)?))
    }
}
