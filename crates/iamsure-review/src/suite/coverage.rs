//! Coverage: what of the policies the cases of a suite show the effect of.
//!
//! A line that was reached says little. A statement is covered if some case would be decided otherwise
//! without it; a clause if that is so once because it was true, and once because it was false; a row of the truth
//! table if some case's request is on it. Only cases that passed count. Claims do not: they are about every
//! request, and show none.

mod effect;
mod observed;
mod rows;

use iamsure_core::language::{Source, Span};
use iamsure_core::world::policy_set::StatementId;

use super::Suite;
use super::decide::Decided;
use super::passed::Passed;
use crate::suite_text::TestText;
use observed::Observed;

/// What is covered of one policy set.
#[derive(Clone, Debug)]
pub struct SetCoverage {
    /// The policy set, by its place in the suite.
    pub set: usize,
    /// Whether any test is about it.
    pub is_tested: bool,
    /// Its statements, in order.
    pub statements: Vec<StatementCoverage>,
    /// The rows of its truth table; or why there is none.
    pub rows: Result<Vec<RowCoverage>, String>,
}

/// What is covered of one statement.
#[derive(Clone, Debug)]
pub struct StatementCoverage {
    /// The statement.
    pub(crate) id: StatementId,
    /// Its Sid, or its number.
    pub name: String,
    /// The policy.
    pub file: Source,
    /// Where in it.
    pub span: Span,
    /// Whether some case's request matches it.
    pub is_matched: bool,
    /// Whether some case would be decided otherwise without it: another verdict, or by others.
    pub is_decisive: bool,
    /// The clauses of its condition, in order.
    pub clauses: Vec<ClauseCoverage>,
}

/// What is covered of one clause.
#[derive(Clone, Debug)]
pub struct ClauseCoverage {
    /// The clause: operator and key.
    pub name: String,
    /// Where it is.
    pub span: Span,
    /// What was seen of it.
    pub seen: Effects,
}

/// What cases showed of a clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// It was true, and its statement made the decision what it is.
    pub by_truth: bool,
    /// It was false, and without it the decision would be another.
    pub by_falsehood: bool,
}

impl Effects {
    /// Whether both were seen.
    pub const fn is_whole(self) -> bool {
        self.by_truth && self.by_falsehood
    }
}

/// One row of the truth table that may occur.
#[derive(Clone, Debug)]
pub struct RowCoverage {
    /// What it says, in words.
    pub words: String,
    /// Whether some case's request is on it.
    pub is_exercised: bool,
    /// A test of its example, if it is not exercised and has one.
    pub test: Option<Box<TestText>>,
}

impl SetCoverage {
    /// How many statements decide something and how many clauses show both their effects, and how many of both
    /// there are.
    pub fn score(&self) -> (usize, usize) {
        let clauses = || self.statements.iter().flat_map(|statement| &statement.clauses);
        let decisive = self.statements.iter().filter(|statement| statement.is_decisive).count();
        let whole = clauses().filter(|clause| clause.seen.is_whole()).count();
        (decisive + whole, self.statements.len() + clauses().count())
    }
}

/// What the cases of a suite that passed cover of each of its policy sets.
pub fn coverage(suite: &Suite, decided: &[Decided]) -> Vec<SetCoverage> {
    let of_set = |set: usize| {
        let named = suite.sets.get(set)?;
        let passed = Passed::of(suite, decided, set);
        let observed = Observed::of(&passed);
        let rows =
            if passed.is_tested { rows::rows(suite, set, &observed) } else { Ok(Vec::new()) };
        Some(SetCoverage {
            set,
            is_tested: passed.is_tested,
            statements: effect::statements(&named.policies, &observed),
            rows,
        })
    };
    (0..suite.sets.len()).filter_map(of_set).collect()
}

#[cfg(test)]
mod tests;
