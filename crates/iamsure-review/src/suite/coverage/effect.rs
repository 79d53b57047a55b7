//! What statements and clauses do to decisions: each is taken away, and what changes is seen.

use iamsure_core::decision::{Decision, Outcome, Truth, evaluate, explain};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Request, Switches};

use super::observed::{Group, Observed};
use super::{ClauseCoverage, Effects, StatementCoverage};

/// What is covered of each statement.
pub(super) fn statements(policies: &PolicySet, observed: &Observed<'_>) -> Vec<StatementCoverage> {
    let of_statement = |(number, id): (usize, StatementId)| {
        let (document, statement) = policies.statement(id)?;
        let clauses = statement.condition.clauses.iter().map(|clause| ClauseCoverage {
            name: format!("{} {}", *clause.operator, *clause.key),
            span: clause.span,
            seen: Effects::default(),
        });
        let mut covered = StatementCoverage {
            id,
            name: statement
                .sid()
                .map_or_else(|| format!("statement {}", number + 1), str::to_owned),
            file: document.source.clone(),
            span: statement.span,
            is_matched: false,
            is_decisive: false,
            clauses: clauses.collect(),
        };
        for group in &observed.groups {
            // A stand-in may be where the statement was: an exchange asks for the trust policy alone.
            if group.policies.statement(id).is_some_and(|(_, known)| known == statement) {
                observe(group, &mut covered);
            }
        }
        Some(covered)
    };
    let ids: Vec<StatementId> = policies.statements().map(|(id, ..)| id).collect();
    ids.into_iter().enumerate().filter_map(of_statement).collect()
}

/// The same policies without one thing.
struct Without {
    statement: PolicySet,
    clauses: Vec<PolicySet>,
}

fn without(policies: &PolicySet, id: StatementId, clauses: usize) -> Without {
    let without_clause = |clause: usize| {
        let mut changed = policies.clone();
        if let Some(statement) = changed.statement_mut(id)
            && clause < statement.condition.clauses.len()
        {
            statement.value.condition.clauses.remove(clause);
        }
        changed
    };
    Without {
        statement: policies.only(|other| other != id),
        clauses: (0..clauses).map(without_clause).collect(),
    }
}

fn observe(group: &Group<'_>, covered: &mut StatementCoverage) {
    let without = without(&group.policies, covered.id, covered.clauses.len());
    for (_, request) in &group.requests {
        if covered.is_decisive && covered.clauses.iter().all(|clause| clause.seen.is_whole()) {
            return;
        }
        let switches = &group.switches;
        let evaluation = evaluate(&group.policies, request, switches);
        // A statement of a layer that does not look at the request is not among these.
        let matched = evaluation.statements.iter().find(|(id, ..)| *id == covered.id);
        let (Some((.., matched)), Outcome::Decided(decision)) = (matched, &evaluation.outcome)
        else {
            continue;
        };
        let Some(explained) = explain(&group.policies, covered.id, request, switches) else {
            continue;
        };
        let changes =
            |other: &PolicySet| decided(other, request, switches).as_ref() != Some(decision);
        if matched.truth() == Truth::True {
            covered.is_matched = true;
            if changes(&without.statement) {
                covered.is_decisive = true;
                for (clause, seen) in explained.clauses.iter().zip(&mut covered.clauses) {
                    seen.seen.by_truth |= clause.judgement.truth == Truth::True;
                }
            }
            continue;
        }
        for ((clause, seen), without) in
            explained.clauses.iter().zip(&mut covered.clauses).zip(&without.clauses)
        {
            if clause.judgement.truth == Truth::False && !seen.seen.by_falsehood {
                seen.seen.by_falsehood = changes(without);
            }
        }
    }
}

/// The decision; `None` if it depends on what is not known.
fn decided(policies: &PolicySet, request: &Request, switches: &Switches) -> Option<Decision> {
    match evaluate(policies, request, switches).outcome {
        Outcome::Decided(decision) => Some(decision),
        Outcome::Depends { .. } => None,
    }
}
