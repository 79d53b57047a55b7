//! The share that each statement has in what is decided: what would be decided without it.

use iamsure_core::world::policy_set::StatementId;

use super::Builder;
use crate::budget::TooComplex;
use crate::class::action::ActionClass;
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::Question;
use crate::model::branch::{Branch, Role};
use crate::model::combine::Group;

/// What one statement of one view does in a small model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The view, by number.
    pub(crate) view: usize,
    /// The statement.
    pub statement: StatementId,
    /// The group of statements that do the same, by number.
    pub(crate) group: usize,
    /// Where it matches.
    pub(crate) matches: Function,
    /// Where others that do the same match.
    pub(crate) others: Function,
    /// What would be answered without it: leaves are outcomes.
    pub without: Function,
}

impl Builder<'_, '_> {
    /// Where each branch matches.
    pub(super) fn each(
        &self,
        diagram: &mut Diagram,
        branches: &[Branch],
        role: &Role,
    ) -> Result<Vec<Function>, TooComplex> {
        branches
            .iter()
            .map(|branch| self.function(diagram, std::slice::from_ref(branch), role))
            .collect()
    }

    /// The shares of the statements of the group with this number. `own` is where each matches.
    #[expect(clippy::too_many_arguments, reason = "a decision is made of all of them")]
    pub(super) fn shares(
        &self,
        diagram: &mut Diagram,
        functions: &[(Role, Function)],
        at: usize,
        own: &[Function],
        members: &[usize],
        answers: &[Function],
        action: &ActionClass,
    ) -> Result<Vec<Share>, TooComplex> {
        let Some((role, all)) = functions.get(at) else { return Ok(Vec::new()) };
        let Some(view) = self.views.get(role.view) else { return Ok(Vec::new()) };
        if view.question != Question::Decision {
            return Ok(Vec::new());
        }
        let answer = answers.get(role.view).copied().unwrap_or(FALSE);
        let others = all_but_each(diagram, own)?;
        // What is decided depends on whether the group matches, wherever that is: so it is asked twice, and
        // not once for each statement.
        let mut choices: Option<(Function, Function)> = None;
        let mut shares = Vec::with_capacity(own.len());
        for ((matches, others), member) in own.iter().zip(others).zip(members) {
            let without = if others == *all {
                answer
            } else {
                let (then, otherwise) = if let Some(known) = choices {
                    known
                } else {
                    let with = |group: Function| -> Vec<Group> {
                        functions
                            .iter()
                            .enumerate()
                            .filter(|(_, (known, _))| known.view == role.view)
                            .map(|(number, (known, function))| {
                                self.group(known, if number == at { group } else { *function })
                            })
                            .collect()
                    };
                    let then = self.decision(diagram, *view, &with(TRUE), action, self.caller)?;
                    let otherwise =
                        self.decision(diagram, *view, &with(FALSE), action, self.caller)?;
                    *choices.insert((then, otherwise))
                };
                diagram.choose(others, then, otherwise)?
            };
            let Some(statement) = self.prepared.statements.get(*member) else { continue };
            let (view, statement, matches) = (role.view, statement.id, *matches);
            shares.push(Share { view, statement, group: at, matches, others, without });
        }
        Ok(shares)
    }
}

/// For each function, where any of the others is.
fn all_but_each(
    diagram: &mut Diagram,
    functions: &[Function],
) -> Result<Vec<Function>, TooComplex> {
    let mut before = Vec::with_capacity(functions.len());
    let mut any = FALSE;
    for function in functions {
        before.push(any);
        any = diagram.or(any, *function)?;
    }
    let mut after = FALSE;
    for (function, before) in functions.iter().zip(&mut before).rev() {
        *before = diagram.or(*before, after)?;
        after = diagram.or(after, *function)?;
    }
    Ok(before)
}
