//! What taking a statement away changes in one small model, and where.

use iamsure_core::decision::Verdict;

use crate::budget::TooComplex;
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::{Outcome, Outcomes, Residual, Share};

/// What taking a statement away changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// Some denial is explicit only with it, or implicit only with it.
    Reason,
    /// Some request is allowed with it and denied without, or the other way round.
    Access,
}

impl Change {
    /// From what is decided with a statement to what is decided without it.
    pub const fn between(with: Verdict, without: Verdict) -> Self {
        if with.succeeds() != without.succeeds() {
            Self::Access
        } else if matches!(with, Verdict::ExplicitlyDenied)
            != matches!(without, Verdict::ExplicitlyDenied)
        {
            Self::Reason
        } else {
            Self::Nothing
        }
    }
}

/// What taking a statement away changes, and where.
pub(super) fn difference(
    residual: &mut Residual,
    share: &Share,
) -> Result<(Change, Function), TooComplex> {
    let answer = residual.answers.get(share.view).copied().unwrap_or(FALSE);
    if answer == share.without {
        return Ok((Change::Nothing, FALSE));
    }
    for (change, part) in [
        (Change::Access, access as fn(&mut Diagram, Function) -> Result<Function, TooComplex>),
        (Change::Reason, explicit),
    ] {
        let diagram = &mut residual.diagram;
        let (with, without) = (part(diagram, answer)?, part(diagram, share.without)?);
        let other = diagram.not(without)?;
        let differs = diagram.choose(with, other, without)?;
        let differs = diagram.and(differs, residual.possible)?;
        if differs != FALSE {
            return Ok((change, differs));
        }
    }
    Ok((Change::Nothing, FALSE))
}

/// Where a request succeeds.
pub(super) fn access(diagram: &mut Diagram, answer: Function) -> Result<Function, TooComplex> {
    of_verdict(diagram, answer, Verdict::succeeds)
}

/// Where a Deny decides.
pub(super) fn explicit(diagram: &mut Diagram, answer: Function) -> Result<Function, TooComplex> {
    of_verdict(diagram, answer, |verdict| verdict == Verdict::ExplicitlyDenied)
}

fn of_verdict(
    diagram: &mut Diagram,
    answer: Function,
    is: impl Fn(Verdict) -> bool,
) -> Result<Function, TooComplex> {
    diagram.map(answer, &|leaf| {
        let yes = Outcomes(leaf)
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Verdict(verdict) if is(verdict)));
        if yes { TRUE } else { FALSE }
    })
}
