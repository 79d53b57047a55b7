//! What each layer said about one request: the table that a review reads first.

use super::applicable::applies;
use super::evaluate::Evaluation;
use super::precedence::Strength;
use super::truth::Truth;
use crate::language::document::{Effect, PolicyType};
use crate::world::policy_set::{PolicySet, StatementId};
use crate::world::request::Request;
use crate::world::switch::Switches;

/// One layer, or one level of a layer that has levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerReport {
    /// The layer.
    pub layer: PolicyType,
    /// The level of an SCP or RCP, the organization root being 0.
    pub level: Option<usize>,
    /// What it said.
    pub said: Said,
}

/// What a layer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// No policy of this layer was given.
    NotGiven,
    /// There are policies, and they do not look at this request.
    DoesNotApply,
    /// These statements deny.
    Denies(Vec<StatementId>),
    /// These statements allow, and none denies.
    Allows(Vec<StatementId>),
    /// These statements name only the requester's account, which leaves the decision to the policies
    /// of that account (P-5).
    Delegates(Vec<StatementId>),
    /// Whether these statements match depends on what is unknown.
    Depends(Vec<StatementId>),
    /// Nothing matches.
    Silent,
}

/// The layers in the order in which AWS names them (E-40), each level on its own.
pub fn layers(
    policies: &PolicySet,
    request: &Request,
    evaluation: &Evaluation,
    switches: &Switches,
) -> Vec<LayerReport> {
    let mut reports = Vec::new();
    let mut add = |layer, level: Option<usize>, is_there: bool| {
        let said = if !is_there {
            Said::NotGiven
        } else if !applies(layer, request, switches) {
            Said::DoesNotApply
        } else {
            said(evaluation, layer, level)
        };
        reports.push(LayerReport { layer, level, said });
    };
    for (layer, levels) in [(PolicyType::Rcp, &policies.rcp), (PolicyType::Scp, &policies.scp)] {
        if levels.is_empty() {
            add(layer, None, false);
        }
        for level in 0..levels.len() {
            add(layer, Some(level), true);
        }
    }
    add(PolicyType::Endpoint, None, policies.endpoint.is_some());
    let trust_applies = applies(PolicyType::Trust, request, switches);
    if policies.resource.is_some() || !trust_applies {
        add(PolicyType::Resource, None, policies.resource.is_some());
    }
    if policies.trust.is_some() || trust_applies {
        add(PolicyType::Trust, None, policies.trust.is_some());
    }
    add(PolicyType::Identity, None, !policies.identity.is_empty());
    add(PolicyType::Boundary, None, policies.boundary.is_some());
    add(PolicyType::Session, None, !policies.session.is_empty());
    reports
}

fn said(evaluation: &Evaluation, layer: PolicyType, level: Option<usize>) -> Said {
    let matching = |effect: Option<Effect>, truth: Truth| -> Vec<StatementId> {
        evaluation
            .statements
            .iter()
            .filter(|(id, found, matched)| {
                id.layer == layer
                    && level.is_none_or(|level| id.level == level)
                    && effect.is_none_or(|effect| *found == effect)
                    && matched.truth() == truth
            })
            .map(|(id, ..)| *id)
            .collect()
    };
    let denies = matching(Some(Effect::Deny), Truth::True);
    if !denies.is_empty() {
        return Said::Denies(denies);
    }
    let depends = matching(None, Truth::Unknown);
    if !depends.is_empty() {
        return Said::Depends(depends);
    }
    let allows = matching(Some(Effect::Allow), Truth::True);
    let strongest = evaluation
        .statements
        .iter()
        .filter(|(id, ..)| allows.contains(id))
        .map(|(.., matched)| matched.strength)
        .max();
    match strongest {
        None => Said::Silent,
        Some(Strength::Account) if matches!(layer, PolicyType::Resource | PolicyType::Trust) => {
            Said::Delegates(allows)
        }
        Some(_) => Said::Allows(allows),
    }
}
