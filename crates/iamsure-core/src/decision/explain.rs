//! Why a statement matched or did not: each part, and each clause with the values compared.

use super::clause::{self, Judgement};
use super::evaluate::has_boundary;
use super::statement::{self, StatementMatch};
use crate::language::condition::Clause;
use crate::language::document::{PolicyDocument, Statement};
use crate::language::source::Spanned;
use crate::world::context::KeyState;
use crate::world::policy_set::{PolicySet, StatementId};
use crate::world::request::Request;
use crate::world::switch::Switches;

/// One statement and one request.
#[derive(Clone, Debug)]
pub struct StatementExplanation<'a> {
    /// Where the statement stands.
    pub id: StatementId,
    /// The document it stands in.
    pub document: &'a PolicyDocument,
    /// The statement.
    pub statement: &'a Spanned<Statement>,
    /// How it matches, part by part.
    pub matched: StatementMatch,
    /// Each clause of its condition, in order.
    pub clauses: Vec<ClauseExplanation<'a>>,
}

/// One clause and one request.
#[derive(Clone, Debug)]
pub struct ClauseExplanation<'a> {
    /// The clause: the operator, the key and the policy's values.
    pub clause: &'a Spanned<Clause>,
    /// What the request holds for the key.
    pub state: &'a KeyState,
    /// Whether the clause is true, and why.
    pub judgement: Judgement,
}

/// Explains one statement; `None` if there is none at this place.
pub fn explain<'a>(
    policies: &'a PolicySet,
    id: StatementId,
    request: &'a Request,
    switches: &Switches,
) -> Option<StatementExplanation<'a>> {
    let (document, found) = policies.statement(id)?;
    let has_boundary = has_boundary(policies, request, switches);
    let matched = statement::judge(document, found, request, has_boundary, switches);
    let facts = statement::facts(document, request, switches);
    let clauses = found
        .condition
        .clauses
        .iter()
        .map(|clause| ClauseExplanation {
            clause,
            state: request.context.state(&clause.key),
            judgement: clause::judge(clause, facts),
        })
        .collect();
    Some(StatementExplanation { id, document, statement: found, matched, clauses })
}
