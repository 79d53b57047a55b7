//! What came of the review of everybody.

use iamsure_account::{AccountPrincipal, Aspect, ReviewOfOne, Reviewed};
use iamsure_core::world::Request;
use iamsure_review::answer_form::{self, VERSION};
use iamsure_truth::claim::ClaimVerdict;
use serde_json::{Value, json};

use super::changes::aspect;
use super::prove::worst;
use super::{Account, count};
use crate::render::comparison::{one_line, without_caller};
use crate::render::json::pretty;
use crate::render::listing::Listing;

/// What came of it.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) found: &'a [ReviewOfOne],
}

impl Report<'_> {
    fn each(&self) -> impl Iterator<Item = (&AccountPrincipal, &ReviewOfOne)> {
        self.account.principals.principals.iter().zip(self.found)
    }

    fn claims<'b>(
        &'b self,
        principal: &'b AccountPrincipal,
        one: &'b ReviewOfOne,
    ) -> impl Iterator<Item = (Aspect, &'b Reviewed, Option<Request>)> {
        one.claims(&self.account.principals, principal)
    }

    fn of_one(&self, principal: &AccountPrincipal, one: &ReviewOfOne) -> ClaimVerdict {
        let unknown = one.undecided().map(|_| ClaimVerdict::Depends);
        let claims = self.claims(principal, one).map(|(_, claim, _)| claim.verdict);
        worst(claims.chain(unknown))
    }

    /// The verdict about everybody.
    pub(crate) fn verdict(&self) -> ClaimVerdict {
        worst(self.each().map(|(principal, one)| self.of_one(principal, one)))
    }

    /// For people: what was refuted or depends, by claim.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        let verdicts: Vec<ClaimVerdict> =
            self.each().map(|(principal, one)| self.of_one(principal, one)).collect();
        let with = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
        let all = self.found.len();
        listing.line(format!(
            "{}: claims of the review are refuted for {} of {}",
            self.verdict().word(),
            with(ClaimVerdict::Refuted),
            count(all, "principal", "principals")
        ));
        let depends = with(ClaimVerdict::Depends);
        if depends > 0 {
            listing.line(format!("they depend for {depends} more"));
        }
        let mut rows: Vec<(u8, &str, Vec<String>)> = Vec::new();
        for (principal, one) in self.each() {
            let name = self.account.name(principal);
            if let Some(why) = one.undecided() {
                let cells = ["(all)", "DEPENDS", name, why].map(str::to_owned).to_vec();
                rows.push((1, "", cells));
            }
            for (aspect, reviewed, request) in self.claims(principal, one) {
                let verdict = reviewed.verdict;
                let order = match verdict {
                    ClaimVerdict::Proved => continue,
                    ClaimVerdict::Refuted => 0,
                    ClaimVerdict::Depends => 1,
                };
                let (subject, request) = match aspect {
                    Aspect::Access => (name.to_owned(), request.as_ref().map(without_caller)),
                    Aspect::Trust => (format!("{name}/trust"), request.as_ref().map(one_line)),
                };
                let code = reviewed.claim.code.name();
                let why = reviewed.answer.as_ref().err().cloned();
                let shown = request.or(why).unwrap_or_default();
                rows.push((
                    order,
                    code,
                    vec![code.to_owned(), verdict.word().to_owned(), subject, shown],
                ));
            }
        }
        rows.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let rows = rows.into_iter().map(|(_, _, cells)| cells).collect();
        listing.table(&["Claim", "Verdict", "Principal", "Request"], rows);
        listing.line("- `iamsure explain CLAIM` says what a claim asks and what to do about it.");
        self.account.footer(&mut listing);
        listing
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        let claim = |(about, reviewed, request): (Aspect, &Reviewed, Option<Request>)| {
            let example = reviewed.answer.as_ref().ok().and_then(|proof| proof.example.as_ref());
            json!({
                "code": reviewed.claim.code.name(),
                "about": aspect(about),
                "claim": reviewed.claim.claim.to_string(),
                "world": reviewed.claim.world.name(),
                "verdict": reviewed.verdict.word().to_lowercase(),
                "witness": request.zip(example).map(|(request, example)| {
                    answer_form::witness(&request, &example.decision, &example.policies)
                }),
                "undecided": reviewed.answer.as_ref().err(),
            })
        };
        let principals: Vec<Value> = self
            .each()
            .map(|(principal, one)| {
                json!({
                    "arn": principal.arn,
                    "address": principal.address,
                    "verdict": self.of_one(principal, one).word().to_lowercase(),
                    "claims": self.claims(principal, one).map(claim).collect::<Vec<_>>(),
                    "undecided": one.undecided(),
                })
            })
            .collect();
        pretty(&json!({
            "version": VERSION,
            "question": "review",
            "verdict": self.verdict().word().to_lowercase(),
            "principals": principals,
            "notes": self.account.remarks,
            "referenceData": iamsure_reference::captured(),
        }))
    }
}
