//! What came of the review of everybody.

use std::collections::BTreeMap;

use iamsure_account::{AccountPrincipal, Aspect, ReviewOfOne, ReviewOfPolicy, Reviewed};
use iamsure_core::world::Request;
use iamsure_review::answer_form::{self, VERSION};
use iamsure_truth::claim::{ClaimVerdict, Example};
use serde_json::{Value, json};

use super::changes::aspect;
use super::prove::worst;
use super::{Account, count};
use crate::render::comparison::{one_line, without_caller};
use crate::render::listing::Listing;
use crate::render::mark::{At, Mark};
use crate::render::proof;
use crate::render::sarif::Rule;

/// What came of it.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) found: &'a [ReviewOfOne],
    /// What came of the policies of no principal.
    pub(crate) policies: &'a [ReviewOfPolicy],
}

/// A claim that was asked, and what came of it.
struct Asked<'a> {
    /// Of whom; `None`: of a policy of no principal.
    principal: Option<&'a AccountPrincipal>,
    /// Whom or what it is about, as answers call it.
    of: String,
    aspect: Aspect,
    reviewed: &'a Reviewed,
    /// The request that decides it.
    request: Option<Request>,
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

    /// Every claim that was asked, of principals called by `name` and of the policies of none.
    fn asked<'b>(&'b self, name: &dyn Fn(&'b AccountPrincipal) -> &'b str) -> Vec<Asked<'b>> {
        let mut asked = Vec::new();
        for (principal, one) in self.each() {
            for (aspect, reviewed, request) in self.claims(principal, one) {
                let of = subject(name(principal), aspect);
                asked.push(Asked { principal: Some(principal), of, aspect, reviewed, request });
            }
        }
        for policy in self.policies {
            for reviewed in policy.claims.iter().flatten() {
                let (of, request) = (policy.address.clone(), policy.request(reviewed));
                let aspect = Aspect::Policy;
                asked.push(Asked { principal: None, of, aspect, reviewed, request });
            }
        }
        asked
    }

    /// Whom and what nothing could be asked about, each with the reason.
    fn unknown<'b>(
        &'b self,
        name: &dyn Fn(&'b AccountPrincipal) -> &'b str,
    ) -> Vec<(String, String)> {
        let unasked = self.account.principals.unasked.iter();
        let mut unknown: Vec<(String, String)> =
            unasked.map(|one| (one.address.clone(), one.why.clone())).collect();
        for (principal, one) in self.each() {
            let undecided = one.undecided();
            unknown.extend(
                undecided.map(|(aspect, why)| (subject(name(principal), aspect), why.to_owned())),
            );
        }
        for policy in self.policies {
            let why = policy.claims.as_ref().err();
            unknown.extend(why.map(|why| (policy.address.clone(), why.clone())));
        }
        unknown
    }

    fn of_one(&self, principal: &AccountPrincipal, one: &ReviewOfOne) -> ClaimVerdict {
        let unknown = one.undecided().map(|_| ClaimVerdict::Depends);
        let claims = self.claims(principal, one).map(|(_, claim, _)| claim.verdict);
        worst(claims.chain(unknown))
    }

    /// The verdict about everybody and everything.
    pub(crate) fn verdict(&self) -> ClaimVerdict {
        let principals = self.each().map(|(principal, one)| self.of_one(principal, one));
        let unasked = self.account.verdict_of_unasked();
        worst(principals.chain(self.policies.iter().map(of_policy)).chain(unasked))
    }

    /// How many principals and policies have a verdict, in words; `None` if none has.
    fn with(&self, wanted: ClaimVerdict, is_of_how_many: bool) -> Option<String> {
        let number = |verdicts: &mut dyn Iterator<Item = ClaimVerdict>| {
            verdicts.filter(|verdict| *verdict == wanted).count()
        };
        let unasked = self.account.principals.unasked.iter().map(|_| ClaimVerdict::Depends);
        let principals = self.each().map(|(of, one)| self.of_one(of, one));
        let principals = number(&mut principals.chain(unasked));
        let policies = number(&mut self.policies.iter().map(of_policy));
        let described = self.found.len() + self.account.principals.unasked.len();
        let part = |number: usize, of: usize, one: &str, several: &str| {
            if is_of_how_many {
                format!("{number} of {}", count(of, one, several))
            } else {
                count(number, one, several)
            }
        };
        let parts = [
            (principals, described, "principal", "principals"),
            (policies, self.policies.len(), "other policy", "other policies"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(number, of, ..)| *number > 0 || is_of_how_many && *of > 0)
            .map(|(number, of, one, several)| part(number, of, one, several))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    /// How many principals and policies have a verdict.
    pub(crate) fn number(&self, wanted: ClaimVerdict) -> usize {
        let unasked = self.account.principals.unasked.iter().map(|_| ClaimVerdict::Depends);
        let principals = self.each().map(|(of, one)| self.of_one(of, one)).chain(unasked);
        let all = principals.chain(self.policies.iter().map(of_policy));
        all.filter(|verdict| *verdict == wanted).count()
    }

    /// The verdict, and for how many.
    pub(crate) fn headline(&self) -> String {
        let refuted = self.with(ClaimVerdict::Refuted, true).unwrap_or_default();
        format!("{}: review claims are refuted for {refuted}", self.verdict().word())
    }

    /// For how many it depends, if for any.
    pub(crate) fn open(&self) -> Option<String> {
        let depends = self.with(ClaimVerdict::Depends, false)?;
        Some(format!("Undecided for {depends}"))
    }

    /// For people: what was refuted or depends, by claim.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = self.body();
        self.account.footer(&mut listing);
        listing
    }

    /// What [`listing`](Self::listing) says of the claims themselves.
    pub(crate) fn body(&self) -> Listing {
        let mut listing = Listing::default();
        listing.line(self.headline());
        if let Some(open) = self.open() {
            listing.line(open);
        }
        let mut rows: Vec<(u8, &'static str, Vec<String>)> = Vec::new();
        let mut row = |reviewed: &Reviewed, subject: String, request: Option<String>| {
            let verdict = reviewed.verdict;
            let order = match verdict {
                ClaimVerdict::Proved => return,
                ClaimVerdict::Refuted => 0,
                ClaimVerdict::Depends => 1,
            };
            let code = reviewed.claim.code.name();
            let why = match &reviewed.answer {
                Ok(found) => proof::depends_on(found).next(),
                Err(why) => Some(why.clone()),
            };
            let shown = request.or(why).unwrap_or_default();
            let cells = vec![code.to_owned(), verdict.word().to_owned(), subject, shown];
            rows.push((order, code, cells));
        };
        let name = |principal| self.account.name(principal);
        for asked in self.asked(&name) {
            let request = asked.request.as_ref().map(match asked.aspect {
                Aspect::Access => without_caller,
                Aspect::Trust | Aspect::Policy => one_line,
            });
            row(asked.reviewed, asked.of, request);
        }
        let unknown = self.unknown(&name);
        rows.extend(unknown.into_iter().map(|(subject, why)| {
            (1, "", vec!["(all)".to_owned(), "DEPENDS".to_owned(), subject, why])
        }));
        rows.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let rows = rows.into_iter().map(|(_, _, cells)| cells).collect();
        let of_whom = if self.policies.is_empty() { "Principal" } else { "Of" };
        listing.table(&["Claim", "Verdict", of_whom, "Request"], rows);
        listing.line("- `iamsure explain CLAIM` explains a claim and what to do about it.");
        listing
    }

    /// For CI: what was refuted or depends, at the statement that decides.
    pub(crate) fn marks(&self) -> Vec<Mark<'_>> {
        let of_claim = |Asked { principal, of, reviewed, request, .. }| {
            let code = reviewed.claim.code;
            let entry = code.entry();
            let undecided = reviewed.answer.as_ref().err().cloned();
            let request = request.as_ref().map(one_line);
            let why = [of].into_iter().chain(request).chain(undecided);
            let why = why.chain([entry.refuted.to_owned(), entry.advice.to_owned()]);
            let subject = reviewed.claim.claim.to_string();
            let policies = principal.and_then(|principal| self.account.policies_of(principal));
            let at = At::of_claim(example(reviewed), policies);
            Mark::of_claim(reviewed.verdict, code.name(), subject, why, at)
        };
        let of_unknown =
            |(of, why)| Mark::of_claim(ClaimVerdict::Depends, proof::CODE, of, [why], At::NOWHERE);
        let unknown = self.unknown(&by_arn).into_iter().filter_map(of_unknown);
        self.asked(&by_arn).into_iter().filter_map(of_claim).chain(unknown).collect()
    }

    /// What SARIF says of each claim.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        let codes = self.asked(&by_arn).into_iter();
        let codes = codes.map(|asked| asked.reviewed.claim.code);
        let rules: BTreeMap<&str, &str> =
            codes.map(|code| (code.name(), code.entry().title)).collect();
        let rules = rules.into_iter().map(|(name, title)| (name, title.to_owned()));
        rules.chain([proof::rule()]).collect()
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
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
                    "undecided": one.undecided().next().map(|(_, why)| why),
                })
            })
            .collect();
        let policies: Vec<Value> = self
            .policies
            .iter()
            .map(|policy| {
                let claims = policy.claims.iter().flatten();
                let claims = claims
                    .map(|reviewed| claim((Aspect::Policy, reviewed, policy.request(reviewed))));
                json!({
                    "address": policy.address,
                    "verdict": of_policy(policy).word().to_lowercase(),
                    "claims": claims.collect::<Vec<_>>(),
                    "undecided": policy.claims.as_ref().err(),
                })
            })
            .collect();
        json!({
            "version": VERSION,
            "question": "review",
            "verdict": self.verdict().word().to_lowercase(),
            "principals": principals,
            "policies": policies,
            "notes": self.account.remarks,
            "referenceData": iamsure_reference::captured(),
        })
    }
}

fn by_arn(principal: &AccountPrincipal) -> &str {
    &principal.arn
}

/// The request that decides a claim, with the policies that decide it.
fn example(reviewed: &Reviewed) -> Option<&Example> {
    reviewed.answer.as_ref().ok()?.example.as_ref()
}

/// What was asked of whom.
fn subject(name: &str, aspect: Aspect) -> String {
    match aspect {
        Aspect::Access | Aspect::Policy => name.to_owned(),
        Aspect::Trust => format!("{name}/trust"),
    }
}

/// The verdict about a policy of no principal.
fn of_policy(policy: &ReviewOfPolicy) -> ClaimVerdict {
    let unknown = policy.claims.as_ref().err().map(|_| ClaimVerdict::Depends);
    let claims = policy.claims.iter().flatten().map(|claim| claim.verdict);
    worst(claims.chain(unknown))
}
