//! Why a statement changes no access.

use iamsure_core::decision::Verdict;
use iamsure_core::world::policy_set::StatementId;

use super::difference::{Change, access, explicit};
use crate::budget::TooComplex;
use crate::diagram::FALSE;
use crate::model::{Outcome, Outcomes, Residual, Share};

/// Why a statement changes no access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It matches no request.
    MatchesNothing,
    /// It matches only calls that AWS does not authorize (O-1).
    Exempt,
    /// It matches only actions that AWS does not publish, or has retired.
    Unpublished,
    /// Wherever it matches and matters, one of these matches too and does the same. Empty where that is
    /// not one statement of its own layer.
    Covered(Vec<StatementId>),
    /// An Allow: wherever no other Allow matches, a Deny does.
    Denied,
    /// An Allow: wherever no other Allow matches, another layer does not allow.
    HeldBack,
    /// A Deny: nothing allows what it denies.
    NothingToDeny,
    /// More than one of these, each somewhere.
    Several,
}

/// What was seen in the small models.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen somewhere or nowhere")]
pub(super) struct Reasons {
    is_exempt: bool,
    is_unpublished: bool,
    covered: Option<Vec<StatementId>>,
    is_denied: bool,
    is_held_back: bool,
    has_nothing_to_deny: bool,
}

impl Reasons {
    /// Looks at one small model, in which taking the statement away changes `change`.
    pub(super) fn note(
        &mut self,
        residual: &mut Residual,
        share: &Share,
        change: Change,
        is_published: bool,
    ) -> Result<(), TooComplex> {
        let diagram = &mut residual.diagram;
        let matches = diagram.and(share.matches, residual.possible)?;
        if matches == FALSE {
            return Ok(());
        }
        if !is_published {
            self.is_unpublished = true;
            return Ok(());
        }
        if change == Change::Access {
            return Ok(());
        }
        let answer = residual.answers.get(share.view).copied().unwrap_or(FALSE);
        if answer.as_leaf() == Some(Outcomes::only(Outcome::Verdict(Verdict::Exempt)).0) {
            self.is_exempt = true;
            return Ok(());
        }
        let not_others = diagram.not(share.others)?;
        let alone = diagram.and(matches, not_others)?;
        if alone != matches {
            let covered = self.covered.get_or_insert_default();
            for other in &residual.shares {
                let is_beside = other.view == share.view
                    && other.group == share.group
                    && other.statement != share.statement
                    && !covered.contains(&other.statement);
                if is_beside && diagram.and(other.matches, matches)? != FALSE {
                    covered.push(other.statement);
                }
            }
        }
        if alone == FALSE {
            return Ok(());
        }
        if change == Change::Reason {
            // With the statement a Deny decides, and without it nothing allows.
            self.has_nothing_to_deny = true;
            return Ok(());
        }
        let (denied, allowed) = (explicit(diagram, answer)?, access(diagram, answer)?);
        self.is_denied |= diagram.and(alone, denied)? != FALSE;
        if diagram.and(alone, allowed)? != FALSE {
            self.covered.get_or_insert_default();
        }
        let either = diagram.or(denied, allowed)?;
        let neither = diagram.not(either)?;
        self.is_held_back |= diagram.and(alone, neither)? != FALSE;
        Ok(())
    }

    /// What it comes to. `is_deny` says which of the two a statement is.
    pub(super) fn why(self, is_deny: bool) -> Why {
        let covered = self.covered.map(|mut covered| {
            covered.sort_unstable();
            covered
        });
        // A Deny beside which another layer's Deny matches is covered by that.
        let by_another_layer = (is_deny && self.is_denied && covered.is_none()).then(Vec::new);
        let found = [
            covered.or(by_another_layer).map(Why::Covered),
            (self.is_denied && !is_deny).then_some(Why::Denied),
            (self.is_held_back && !is_deny).then_some(Why::HeldBack),
            self.has_nothing_to_deny.then_some(Why::NothingToDeny),
        ];
        let mut found = found.into_iter().flatten();
        match (found.next(), found.next()) {
            (Some(only), None) => only,
            (Some(_), Some(_)) => Why::Several,
            (None, _) if self.is_exempt => Why::Exempt,
            (None, _) if self.is_unpublished => Why::Unpublished,
            (None, _) => Why::MatchesNothing,
        }
    }
}
