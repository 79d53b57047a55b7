//! Why a question about all requests has no answer.

use iamsure_core::world::call_path::UnknownPath;

use crate::budget::TooComplex;
use crate::claim::Remark;
use crate::model::Disagreement;

/// Why there is no answer. Nothing was cut short: there is none at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// It takes more than the budget.
    #[error(transparent)]
    TooComplex(#[from] TooComplex),
    /// This program contradicts itself.
    #[error("internal error: {0}")]
    Bug(Bug),
    /// The claim cannot be asked.
    #[error(transparent)]
    Claim(#[from] Unaskable),
}

impl Unanswered {
    /// Whether it is a fault of this program.
    pub const fn is_bug(&self) -> bool {
        matches!(self, Self::Bug(_))
    }
}

/// How this program contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bug {
    /// The model and the evaluator disagree.
    #[error(transparent)]
    Disagreement(#[from] Box<Disagreement>),
    /// The rows are not the function they were made from.
    #[error("the rows do not add up to the diagram")]
    Incomplete,
    /// What was found for one principal does not hold for another of whom the question is the same.
    #[error("principals with the same policies and keys are decided differently")]
    NotShared,
}

impl From<Box<Disagreement>> for Unanswered {
    fn from(disagreement: Box<Disagreement>) -> Self {
        Self::Bug(Bug::Disagreement(disagreement))
    }
}

/// Why a claim cannot be proved or refuted, whatever the policies say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unaskable {
    /// It names a call path that does not exist.
    #[error(transparent)]
    UnknownPath(#[from] UnknownPath),
    /// It is about whole policies and not about requests.
    #[error("the claim is about whole policies, not requests")]
    OfPolicies,
    /// What it says of a key cannot be said in IAM's language.
    #[error("no IAM condition can express this claim")]
    NotSayable,
    /// Something in it makes it a claim about nothing.
    #[error("no request matches this claim: {}{}", .0.message, .0.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default())]
    Slip(Remark),
    /// No request is what it is about.
    #[error("no request matches this claim")]
    NoRequest,
}
