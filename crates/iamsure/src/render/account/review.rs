//! What came of the review of everybody.

use iamsure_account::{AccountPrincipal, ReviewOfOne, Reviewed};
use iamsure_truth::claim::ClaimVerdict;
use serde_json::{Value, json};

use super::prove::worst;
use super::{Account, count, request_value};
use crate::render::comparison::one_line;
use crate::render::json::pretty;
use crate::render::listing::Listing;

/// What came of it.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) found: &'a [ReviewOfOne],
}

fn verdict_of(reviewed: &Reviewed) -> ClaimVerdict {
    reviewed.answer.as_ref().map_or(ClaimVerdict::Depends, |proof| proof.verdict)
}

impl Report<'_> {
    fn each(&self) -> impl Iterator<Item = (&AccountPrincipal, &ReviewOfOne)> {
        self.account.principals.principals.iter().zip(self.found)
    }

    /// The claims about one principal: its own, and of whom it trusts.
    fn claims(one: &ReviewOfOne) -> impl Iterator<Item = (&'static str, &Reviewed)> {
        let own = one.own.iter().flat_map(|own| own.iter()).map(|claim| ("access", claim));
        own.chain(one.trust.iter().map(|claim| ("trust", claim)))
    }

    fn of_one(one: &ReviewOfOne) -> ClaimVerdict {
        let unknown = one.own.is_err().then_some(ClaimVerdict::Depends);
        worst(Self::claims(one).map(|(_, claim)| verdict_of(claim)).chain(unknown))
    }

    /// The verdict about everybody.
    pub(crate) fn verdict(&self) -> ClaimVerdict {
        worst(self.found.iter().map(Self::of_one))
    }

    /// For people: what was refuted or depends, by claim.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        let with = |verdict| self.found.iter().filter(|one| Self::of_one(one) == verdict).count();
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
            if let Err(why) = &one.own {
                let cells = ["(all)", "DEPENDS", name, why].map(str::to_owned).to_vec();
                rows.push((1, "", cells));
            }
            for (of, reviewed) in Self::claims(one) {
                let verdict = verdict_of(reviewed);
                let (order, request) = match verdict {
                    ClaimVerdict::Proved => continue,
                    ClaimVerdict::Refuted => (0, Self::request(reviewed)),
                    ClaimVerdict::Depends => (1, Self::request(reviewed)),
                };
                let code = reviewed.claim.code.name();
                let subject = if of == "trust" { format!("{name}/trust") } else { name.to_owned() };
                let cells = vec![code.to_owned(), verdict.word().to_owned(), subject, request];
                rows.push((order, code, cells));
            }
        }
        rows.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let rows = rows.into_iter().map(|(_, _, cells)| cells).collect();
        listing.table(&["Claim", "Verdict", "Principal", "Request"], rows);
        listing.line("- `iamsure explain CLAIM` says what a claim asks and what to do about it.");
        self.account.footer(&mut listing);
        listing
    }

    fn request(reviewed: &Reviewed) -> String {
        match &reviewed.answer {
            Err(why) => why.clone(),
            Ok(proof) => {
                proof.example.as_ref().map(|example| one_line(&example.request)).unwrap_or_default()
            }
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        let claim = |(of, reviewed): (&str, &Reviewed)| {
            let example = reviewed.answer.as_ref().ok().and_then(|proof| proof.example.as_ref());
            json!({
                "code": reviewed.claim.code.name(),
                "about": of,
                "claim": reviewed.claim.claim.to_string(),
                "world": reviewed.claim.world.name(),
                "verdict": verdict_of(reviewed).word().to_lowercase(),
                "witness": example.map(|example| {
                    request_value(&example.request, &example.decision, &example.policies)
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
                    "verdict": Self::of_one(one).word().to_lowercase(),
                    "claims": Self::claims(one).map(claim).collect::<Vec<_>>(),
                    "undecided": one.own.as_ref().err(),
                })
            })
            .collect();
        pretty(&json!({
            "version": 1,
            "question": "review",
            "verdict": self.verdict().word().to_lowercase(),
            "principals": principals,
            "notes": self.account.remarks,
            "referenceData": iamsure_reference::captured(),
        }))
    }
}
