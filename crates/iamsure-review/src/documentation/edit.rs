//! Which policy a table really describes: the small edit that makes every cell true.
//!
//! Tried in the order of how often people slip: the `IfExists` suffix, the value, the negation, the set
//! operator, the effect. One edit only; with two, almost any table is the table of something.

use std::collections::BTreeSet;

use iamsure_core::language::condition::{BaseOperator, Family, Quantifier};
use iamsure_core::language::document::{Effect, PolicyType};
use iamsure_core::language::{ConditionKey, ConditionValue, Operator, Span, Spanned};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::model::Outcome;
use iamsure_truth::unanswered::Unanswered;

use super::asking::Subject;
use super::judging::{Judged, Subjects, Verdict, judge};
use super::reading::Reading;

/// The most edits that are tried.
const MAX_EDITS: usize = 64;

/// An edit of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is written.
    pub(crate) from: String,
    /// What would have to be written.
    pub(crate) to: String,
    /// Where.
    pub(crate) span: Span,
    /// How the edited policy compares, as far as the table tells.
    pub(crate) weight: Weight,
}

/// How an edited statement compares with the one that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// A Deny that applies to fewer requests.
    WeakerGuardrail,
    /// A Deny that applies to more requests.
    StricterGuardrail,
    /// An Allow that applies to fewer requests.
    NarrowerGrant,
    /// An Allow that applies to more requests.
    WiderGrant,
    /// Neither.
    Different,
}

impl Weight {
    /// "a weaker guardrail"
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::WeakerGuardrail => "a weaker guardrail than the policy as written",
            Self::StricterGuardrail => "a stricter guardrail than the policy as written",
            Self::NarrowerGrant => "a narrower grant than the policy as written",
            Self::WiderGrant => "a wider grant than the policy as written",
            Self::Different => "a different policy from the one written",
        }
    }
}

#[derive(Clone)]
enum Change {
    Operator(Operator),
    Value(String),
    Effect(Effect),
}

/// The first edit that makes every claim right.
///
/// # Errors
/// What a check of the program's own found.
pub(super) fn find(reading: &Reading, subjects: &Subjects) -> Result<Option<Edit>, Unanswered> {
    let keys = reading.keys();
    let Some(subject) = subjects.statement.as_ref().or(subjects.decision.as_ref()) else {
        return Ok(None);
    };
    for (id, clause, change) in changes(subject, &keys).into_iter().take(MAX_EDITS) {
        let edited = Subjects {
            statement: edited(subjects.statement.as_ref(), id, clause, &change),
            decision: edited(subjects.decision.as_ref(), id, clause, &change),
        };
        let judged = judge(reading, &edited)?;
        if judged.is_empty() || judged.iter().any(|claim| claim.verdict != Verdict::Right) {
            continue;
        }
        let before = judge(reading, subjects)?;
        return Ok(describe(subject, id, clause, &change, &before));
    }
    Ok(None)
}

fn edited(
    subject: Option<&Subject>,
    id: StatementId,
    clause: usize,
    change: &Change,
) -> Option<Subject> {
    let subject = subject?;
    let policies = apply(&subject.policies, id, clause, change)?;
    Some(Subject { policies, ..subject.clone() })
}

fn apply(
    policies: &PolicySet,
    id: StatementId,
    clause: usize,
    change: &Change,
) -> Option<PolicySet> {
    if let Change::Operator(operator) = change {
        return Some(policies.with_operator(id, clause, *operator));
    }
    // Values and effects are edited where a policy grants and denies to its principal.
    if id.layer != PolicyType::Identity {
        return None;
    }
    let mut changed = policies.clone();
    let statement = changed.statement_mut(id)?;
    match change {
        Change::Effect(effect) => statement.value.effect.value = *effect,
        Change::Value(text) => {
            let clause = statement.value.condition.clauses.get_mut(clause)?;
            let family = clause.value.operator.base.family();
            for value in &mut clause.value.values {
                value.value = ConditionValue::new(text.as_str(), value.value.written(), family);
            }
        }
        Change::Operator(_) => {}
    }
    Some(changed)
}

/// Every edit, the likely ones first.
fn changes(subject: &Subject, keys: &[ConditionKey]) -> Vec<(StatementId, usize, Change)> {
    let mut ranked: Vec<(u8, (StatementId, usize, Change))> = Vec::new();
    let statements = subject
        .policies
        .statements()
        .filter(|(id, ..)| subject.statement.is_none_or(|wanted| wanted == *id));
    for (id, _, statement) in statements {
        let mut is_about_keys = false;
        for (number, clause) in statement.condition.clauses.iter().enumerate() {
            if !keys.contains(&clause.key) {
                continue;
            }
            is_about_keys = true;
            let mut add = |rank, change| ranked.push((rank, (id, number, change)));
            let operator = *clause.operator;
            if operator.base.family() != Family::Null {
                add(0, Change::Operator(Operator { if_exists: !operator.if_exists, ..operator }));
            }
            if let ([value], Family::Bool | Family::Null) =
                (clause.values.as_slice(), operator.base.family())
            {
                match value.as_str().to_ascii_lowercase().as_str() {
                    "true" => add(1, Change::Value("false".to_owned())),
                    "false" => add(1, Change::Value("true".to_owned())),
                    _ => {}
                }
            }
            if let Some(base) = opposite(operator.base) {
                add(2, Change::Operator(Operator { base, ..operator }));
            }
            let quantifiers: &[Option<Quantifier>] = match operator.quantifier {
                Some(Quantifier::ForAllValues) => &[Some(Quantifier::ForAnyValue), None],
                Some(Quantifier::ForAnyValue) => &[Some(Quantifier::ForAllValues), None],
                None => &[],
            };
            for quantifier in quantifiers {
                add(3, Change::Operator(Operator { quantifier: *quantifier, ..operator }));
            }
        }
        if is_about_keys {
            let effect = match *statement.effect {
                Effect::Allow => Effect::Deny,
                Effect::Deny => Effect::Allow,
            };
            ranked.push((4, (id, 0, Change::Effect(effect))));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, change)| change).collect()
}

/// The operator that asks the opposite.
fn opposite(base: BaseOperator) -> Option<BaseOperator> {
    let is_opposite = |other: &&BaseOperator| {
        other.family() == base.family()
            && other.test() == base.test()
            && other.is_negated() != base.is_negated()
    };
    // `ArnEquals` and `ArnLike` ask the same; the opposite that reads alike is the better one.
    let like = base.name().contains("Like");
    let mut found = BaseOperator::ALL.iter().filter(is_opposite);
    let first = found.next().copied();
    BaseOperator::ALL
        .iter()
        .filter(is_opposite)
        .find(|other| other.name().contains("Like") == like)
        .copied()
        .or(first)
}

fn describe(
    subject: &Subject,
    id: StatementId,
    clause: usize,
    change: &Change,
    before: &[Judged],
) -> Option<Edit> {
    let (_, statement) = subject.policies.statement(id)?;
    let found = statement.condition.clauses.get(clause);
    let (from, to, span) = match change {
        Change::Operator(operator) => {
            let found = found?;
            (found.operator.to_string(), operator.to_string(), found.operator.span)
        }
        Change::Value(text) => {
            let value: &Spanned<ConditionValue> = found?.values.first()?;
            (format!("{:?}", value.as_str()), format!("{text:?}"), value.span)
        }
        Change::Effect(effect) => (
            statement.effect.as_str().to_owned(),
            effect.as_str().to_owned(),
            statement.effect.span,
        ),
    };
    let weight = match change {
        Change::Effect(_) => Weight::Different,
        Change::Operator(_) | Change::Value(_) => weigh(*statement.effect, before),
    };
    Some(Edit { from, to, span, weight })
}

/// The table is that of the edited policy, so where it differs from the policy the edited one does.
fn weigh(effect: Effect, before: &[Judged]) -> Weight {
    let computed: BTreeSet<Outcome> = before
        .iter()
        .filter_map(|claim| match &claim.verdict {
            Verdict::Wrong { computed, .. } => Some(computed),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    let only = |outcome| computed.iter().all(|found| *found == outcome);
    match effect {
        _ if computed.is_empty() => Weight::Different,
        Effect::Deny if only(Outcome::Applies) => Weight::WeakerGuardrail,
        Effect::Deny if only(Outcome::DoesNotApply) => Weight::StricterGuardrail,
        Effect::Allow if only(Outcome::Applies) => Weight::NarrowerGrant,
        Effect::Allow if only(Outcome::DoesNotApply) => Weight::WiderGrant,
        _ => Weight::Different,
    }
}
