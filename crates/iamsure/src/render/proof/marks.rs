//! A claim as a mark in its first policy, for CI.

use iamsure_core::world::PolicySet;
use iamsure_truth::claim::{Claim, ClaimVerdict, Proof, Reason};

use super::words_of;
use crate::args::Format;
use crate::render::ci::in_ci;
use crate::render::comparison::one_line;
use crate::render::mark::{At, Mark};
use crate::render::sarif::Rule;
use crate::streams::Finished;

/// The id of claims among the rules of SARIF.
pub(crate) const CODE: &str = "claim";

/// A claim and what came of it.
pub(crate) struct Judged<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) verdict: ClaimVerdict,
    /// Why, a line each.
    pub(crate) lines: Vec<String>,
    pub(crate) policies: &'a PolicySet,
}

impl<'a> Judged<'a> {
    /// A claim about requests, with the request that decides it.
    pub(crate) fn of_proof(claim: &'a Claim, proof: &Proof, policies: &'a PolicySet) -> Self {
        let request = proof.example.iter().map(|example| one_line(&example.request));
        let lines = request.chain(reasons(&proof.reasons, proof.verdict)).collect();
        Self { claim, verdict: proof.verdict, lines, policies }
    }

    /// A claim about whole policies.
    pub(crate) fn of_policies(
        claim: &'a Claim,
        verdict: ClaimVerdict,
        why: &[Reason],
        policies: &'a PolicySet,
    ) -> Self {
        Self { claim, verdict, lines: reasons(why, verdict).collect(), policies }
    }

    /// Annotations of GitHub Actions and the verdict, or SARIF; `None` for other formats.
    pub(crate) fn in_ci(&self, format: Format) -> Option<Finished> {
        let marks = || {
            let at = At::of_claim(None, Some(self.policies));
            let lines = self.lines.iter().cloned();
            let mark = Mark::of_claim(self.verdict, CODE, self.claim.to_string(), lines, at);
            mark.into_iter().collect()
        };
        let verdict = format!("{}  {}", self.verdict.word(), self.claim);
        in_ci(format, marks, &[rule()], &verdict)
    }
}

/// What SARIF says of claims.
pub(crate) fn rule() -> Rule {
    (CODE, "A claim that the policies must satisfy".to_owned())
}

fn reasons(reasons: &[Reason], verdict: ClaimVerdict) -> impl Iterator<Item = String> {
    reasons.iter().map(move |reason| words_of(reason, verdict))
}
