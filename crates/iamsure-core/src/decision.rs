//! How AWS decides one request: which statements match, and what follows from them.
//!
//! Reading can fail; deciding cannot. What is not known of a request is a value of the answer
//! ([`Outcome::Depends`]), not an error.

pub mod applicable;
pub mod clause;
pub mod compiled;
pub mod distinction;
pub mod evaluate;
pub mod exemption;
pub mod explain;
pub mod layers;
pub mod message;
pub mod precedence;
pub mod principal;
mod public_access;
mod service_rule;
pub mod statement;
pub mod truth;

pub use compiled::CompiledPolicies;
pub use evaluate::{Evaluation, Outcome, evaluate, settle};
pub use explain::{ClauseExplanation, StatementExplanation, explain};
pub use precedence::{Answerable, Strength, Verdict};
pub use public_access::public_statements;
pub use service_rule::refusal;
pub use truth::Truth;

use crate::world::policy_set::StatementId;

/// A decision about one request, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// The layer that answers for it.
    pub by: Answerable,
    /// The statements that decided: every matching Deny of the layer, or every matching Allow.
    /// Empty for an implicit denial and for what no statement decides.
    pub statements: Vec<StatementId>,
}

#[cfg(test)]
mod exchange_tests;
