//! A claim about policies with values that are known later: what is so for every value is proved or refuted.

use iamsure_core::decision::evaluate;
use iamsure_core::world::PolicySet;

use super::Body;
use super::fact::Facts;
use super::formula::Search;
use super::prove::{ClaimQuery, Proof, Reason, Verdict};
use crate::known_later::Bounds;
use crate::open_world::with_grants;
use crate::unanswered::Unanswered;

impl ClaimQuery {
    /// What `answer` says of the claim, for every value that the symbols in the policies may stand for, if there are
    /// any. A symbol that the claim names equals only itself.
    pub(super) fn for_every_value(
        &self,
        answer: impl Fn(&Self) -> Result<Proof, Unanswered>,
    ) -> Result<Proof, Unanswered> {
        let resources: Vec<&str> = self.resources().iter().map(String::as_str).collect();
        let bounds = || Bounds::about(&self.policies, &self.claim.text, &resources);
        let bounds = self.setting.known_later.then(bounds);
        let Some(Bounds { most, least, symbols }) = bounds.flatten() else { return answer(self) };
        let ask =
            |policies: &PolicySet| answer(&Self { policies: policies.clone(), ..self.clone() });
        let proofs = [ask(&most)?, ask(&least)?];
        let verdicts = proofs.each_ref().map(|proof| proof.verdict);
        let [of_most, mut of_least] = proofs;
        if verdicts[0] == verdicts[1] && self.asks_for_access_alone() {
            if verdicts[0] == Verdict::Depends {
                for reason in of_most.reasons {
                    if !of_least.reasons.contains(&reason) {
                        of_least.reasons.push(reason);
                    }
                }
                return Ok(of_least);
            }
            if self.is_stable(&of_least, &most) {
                return Ok(of_least);
            }
            if self.is_stable(&of_most, &least) {
                return Ok(of_most);
            }
        }
        let shows = of_most.example.is_some();
        let mut shown = if shows { of_most } else { of_least };
        shown.verdict = Verdict::Depends;
        shown.reasons.insert(0, Reason::KnownLater(symbols, verdicts));
        Ok(shown)
    }

    /// The resources that are asked about, if they are named.
    fn resources(&self) -> &[String] {
        let named = match &self.claim.body {
            Body::AllowOnly(target) => &target.resources,
            _ => self.claim.resources(),
        };
        if named.is_empty() { &self.setting.resources } else { named }
    }

    /// Whether the claim asks for nothing of a decision but whether it is allowed. Then a request that keeps it at both
    /// bounds keeps it in between, where it is decided as at one of them.
    fn asks_for_access_alone(&self) -> bool {
        let search = Search::of(&self.claim.body, &mut Facts::default(), &self.paths);
        search.is_some_and(|search| search.formula.asks_for_access_alone())
    }

    /// Whether the other bound decides the example of a proof alike; true if it has none.
    fn is_stable(&self, proof: &Proof, other: &PolicySet) -> bool {
        let Some(example) = &proof.example else { return true };
        let policies = with_grants(other, &example.extra);
        let outcome = evaluate(&policies, &example.request, &self.setting.switches).outcome;
        outcome.decided().is_some_and(|decision| {
            decision.verdict.succeeds() == example.decision.verdict.succeeds()
        })
    }
}
