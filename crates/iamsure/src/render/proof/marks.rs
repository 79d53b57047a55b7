//! A claim as a mark in its first policy, for CI.

use iamsure_core::language::Severity;
use iamsure_core::world::PolicySet;
use iamsure_truth::claim::{Claim, ClaimVerdict, Proof, Reason};

use super::words_of;
use crate::args::Format;
use crate::render::comparison::one_line;
use crate::render::github::annotations;
use crate::render::mark::{At, Mark};
use crate::render::sarif::sarif;
use crate::streams::Finished;

/// The id of claims among the rules of SARIF.
const CODE: &str = "claim";

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
        let marks: Vec<Mark<'_>> = self.mark().into_iter().collect();
        let rule = (CODE, "A claim that the policies must satisfy".to_owned());
        match format {
            Format::Github => {
                let mut out = annotations(&marks);
                out.push_str(&format!("{}  {}\n", self.verdict.word(), self.claim));
                Some(out)
            }
            Format::Sarif => Some(sarif(&marks, &[rule]).into()),
            _ => None,
        }
    }

    /// What is to be said if it is not proved.
    fn mark(&self) -> Option<Mark<'a>> {
        let severity = match self.verdict {
            ClaimVerdict::Proved => return None,
            ClaimVerdict::Refuted => Severity::Error,
            ClaimVerdict::Depends => Severity::Warning,
        };
        let (.., document) = self.policies.policies().next()?;
        let lines = [self.verdict.word().to_owned()].into_iter().chain(self.lines.iter().cloned());
        Some(Mark {
            severity,
            code: CODE,
            subject: Some(self.claim.to_string()),
            message: lines.collect::<Vec<_>>().join("\n"),
            at: At::place(&document.source, document.source.place(0), None),
        })
    }
}

fn reasons(reasons: &[Reason], verdict: ClaimVerdict) -> impl Iterator<Item = String> {
    reasons.iter().map(move |reason| words_of(reason, verdict))
}
