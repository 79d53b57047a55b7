//! Why a statement applies or does not, clause by clause, in few words.

use iamsure_core::decision::clause::Reason;
use iamsure_core::decision::{ClauseExplanation, Truth};
use iamsure_core::world::KeyState;

/// The reasons of the clauses that settle whether a statement applies: the first that is false, or all.
pub(in super::super) fn reasons(clauses: &[ClauseExplanation<'_>]) -> Vec<String> {
    settling(clauses).into_iter().map(reason).collect()
}

pub(super) fn settling<'c, 'e>(
    clauses: &'c [ClauseExplanation<'e>],
) -> Vec<&'c ClauseExplanation<'e>> {
    match clauses.iter().find(|clause| clause.judgement.truth == Truth::False) {
        Some(clause) => vec![clause],
        None => clauses.iter().collect(),
    }
}

/// Why a clause is true or false, for people.
pub(super) fn reason(clause: &ClauseExplanation<'_>) -> String {
    let is_true = clause.judgement.truth == Truth::True;
    match clause.judgement.reason {
        Reason::AbsentIfExists => "IfExists: an absent key counts as a match".to_owned(),
        Reason::Absent => {
            format!("`{}` without IfExists never matches an absent key", *clause.clause.operator)
        }
        Reason::AbsentNegated => {
            format!("`{}` is negated: an absent key counts as a match", *clause.clause.operator)
        }
        Reason::NothingForAll => "ForAllValues: true if there are no values".to_owned(),
        Reason::NothingForAny => "ForAnyValue: false if there are no values".to_owned(),
        Reason::Presence => match (clause.state, is_true) {
            (KeyState::Absent, true) => "true: the key is absent".to_owned(),
            (KeyState::Absent, false) => "false: the key is absent".to_owned(),
            (_, true) => "true: the key is present".to_owned(),
            (_, false) => "false: the key is present".to_owned(),
        },
        Reason::PlainOnMultivalued => {
            "an operator without ForAnyValue or ForAllValues never matches several values"
                .to_owned()
        }
        Reason::Unreadable => "a value cannot be read by this operator".to_owned(),
        Reason::Unknown => "this depends on facts not in the row".to_owned(),
        Reason::Matched(index) => {
            let values = &clause.clause.values;
            let value = values.get(index).map_or("", |value| value.as_str());
            if is_true {
                format!("matches {}", span(value))
            } else {
                format!("matches {}, which `{}` excludes", span(value), *clause.clause.operator)
            }
        }
        Reason::NoneMatched if is_true => {
            "matches none of the values, as the operator asks".to_owned()
        }
        Reason::NoneMatched => "matches none of the values".to_owned(),
        Reason::ElementsDiffer | Reason::Constant | Reason::NoValues | Reason::NoVariable => {
            let said = if is_true { "true" } else { "false" };
            format!("`{}` is {said} here", *clause.clause.operator)
        }
    }
}

/// A text as a code span: between more backticks than it holds in a row, as CommonMark has it.
fn span(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest == 0 { "" } else { " " };
    format!("{fence}{blank}{text}{blank}{fence}")
}
