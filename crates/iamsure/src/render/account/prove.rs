//! Who breaks a claim.

use iamsure_account::{AccountPrincipal, Everybody, OneHolds, Unasked};
use iamsure_review::answer_form::{VERSION, Witness};
use iamsure_truth::claim::{Claim, ClaimVerdict, Proof};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::{Account, assumed, count};
use crate::render::comparison::without_caller;
use crate::render::listing::Listing;
use crate::render::mark::{At, Mark};
use crate::render::proof::{CODE, words_of};

/// Answers to claims about one account, at least one.
pub(crate) struct Reports<'a> {
    pub(crate) account: &'a Account,
    pub(crate) each: Vec<Report<'a>>,
}

impl Reports<'_> {
    /// The verdict about all of them.
    pub(crate) fn verdict(&self) -> ClaimVerdict {
        worst(self.each.iter().map(Report::verdict))
    }

    /// The verdict, and the claim or how many claims it is about.
    pub(crate) fn headline(&self) -> String {
        if let [only] = self.each.as_slice() {
            return only.headline();
        }
        let verdict = self.verdict();
        let so = self.each.iter().filter(|report| report.verdict() == verdict).count();
        let all = count(self.each.len(), "claim", "claims");
        format!("{}  {so} of {all}", verdict.word())
    }

    /// For people: one claim after another. With `named`, each row of a table says which claim it is about.
    pub(crate) fn listing(&self, named: bool) -> Listing {
        let mut listing = Listing::default();
        if let [only] = self.each.as_slice() {
            only.list(&mut listing, false);
        } else {
            listing.line(self.headline());
            for report in &self.each {
                listing.gap();
                report.list(&mut listing, named);
            }
            listing.gap();
        }
        self.account.footer(&mut listing);
        listing
    }

    /// For CI.
    pub(crate) fn marks(&self) -> Vec<Mark<'_>> {
        self.each.iter().flat_map(Report::marks).collect()
    }
}

/// For programs: the answer about the one claim, or all of them.
impl Serialize for Reports<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.each.as_slice() {
            return only.serialize(serializer);
        }
        let mut answer = serializer.serialize_map(None)?;
        answer.serialize_entry("version", &VERSION)?;
        answer.serialize_entry("question", "prove")?;
        answer.serialize_entry("verdict", &self.verdict().word().to_lowercase())?;
        answer.serialize_entry("claims", &self.each)?;
        answer.end()
    }
}

/// An answer with what was asked.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) claim: &'a Claim,
    pub(crate) open_world: bool,
    /// Policies of resources that may be of the one in question.
    pub(crate) open: &'a [Unasked],
    pub(crate) answer: &'a Everybody,
    /// Whether those who do not break it are listed too.
    pub(crate) all: bool,
}

/// The verdicts, those that need a look first.
const VERDICTS: [ClaimVerdict; 3] =
    [ClaimVerdict::Refuted, ClaimVerdict::Depends, ClaimVerdict::Proved];

/// The verdict about all of those.
pub(super) fn worst(verdicts: impl Iterator<Item = ClaimVerdict>) -> ClaimVerdict {
    let found: Vec<ClaimVerdict> = verdicts.collect();
    VERDICTS.into_iter().find(|verdict| found.contains(verdict)).unwrap_or(ClaimVerdict::Proved)
}

impl Report<'_> {
    fn each(&self) -> impl Iterator<Item = (&AccountPrincipal, &OneHolds)> {
        self.account.principals.principals.iter().zip(&self.answer.answers)
    }

    fn number(&self, verdict: ClaimVerdict) -> usize {
        self.answer.answers.iter().filter(|one| one.verdict == verdict).count()
    }

    fn about_nothing(&self) -> usize {
        self.answer.answers.iter().filter(|one| one.is_about_nothing).count()
    }

    fn proof(&self, one: &OneHolds) -> Option<&Proof> {
        self.answer.proofs.get(one.proof?)?.as_ref()
    }

    fn assumed(&self) -> Vec<String> {
        assumed(self.answer.proofs.iter().flatten().map(|proof| &proof.grounds))
    }

    /// What leaves the answer open: whoever nothing can be asked about, and policies that may be of the resource.
    fn unasked(&self) -> impl Iterator<Item = &Unasked> {
        self.account.principals.unasked.iter().chain(self.open)
    }

    /// The verdict about everybody.
    fn verdict(&self) -> ClaimVerdict {
        let answers = self.answer.answers.iter().map(|one| one.verdict);
        let open = self.unasked().next().map(|_| ClaimVerdict::Depends);
        worst(answers.chain(open))
    }

    /// For people: those who break it first. With `named`, each row begins with the claim.
    fn list(&self, listing: &mut Listing, named: bool) {
        listing.line(self.headline());
        let principals = self.account.principals.unasked.len();
        let all = self.answer.answers.len() + principals;
        let refuted = self.number(ClaimVerdict::Refuted);
        let depends = if self.open.is_empty() {
            self.number(ClaimVerdict::Depends) + principals
        } else {
            all - refuted
        };
        let open = if depends > 0 { format!("; undecided for {depends}") } else { String::new() };
        listing.line(format!(
            "{} {} of {}{open}",
            if refuted == 0 { "Holds for" } else { "Violated by" },
            if refuted == 0 { all - depends } else { refuted },
            count(all, "principal", "principals"),
        ));
        let claim = named.then(|| self.claim.to_string());
        let row = |name: &str, verdict: ClaimVerdict, why: &str| {
            let cells = [name, verdict.word(), why];
            claim.iter().map(String::as_str).chain(cells).map(str::to_owned).collect()
        };
        let mut rows = Vec::new();
        for verdict in VERDICTS {
            if verdict == ClaimVerdict::Proved && !self.all {
                continue;
            }
            for (principal, one) in self.each().filter(|(_, one)| one.verdict == verdict) {
                let request = one.request.as_ref().map(without_caller);
                let why: Vec<String> = self.reasons(one).into_iter().chain(request).collect();
                rows.push(row(self.account.name(principal), verdict, &why.join("; ")));
            }
        }
        rows.extend(self.unasked().map(|one| row(&one.address, ClaimVerdict::Depends, &one.why)));
        let header = ["Claim", "Principal", "Verdict", "Request"];
        listing.table(header.get(usize::from(!named)..).unwrap_or_default(), rows);
        if self.about_nothing() > 0 {
            listing.line(format!(
                "- For {}, no request matches the claim.",
                count(self.about_nothing(), "principal", "principals")
            ));
        }
        self.assumed().iter().for_each(|sentence| listing.line(format!("- {sentence}")));
    }

    fn reasons(&self, one: &OneHolds) -> Vec<String> {
        let of_proof = self
            .proof(one)
            .into_iter()
            .flat_map(|proof| proof.reasons.iter().map(|reason| words_of(reason, proof.verdict)))
            .map(|sentence| sentence.trim_end_matches('.').to_owned());
        one.undecided.iter().cloned().chain(of_proof).collect()
    }

    /// For CI: whoever violates the claim or is undecided, at the statement that decides.
    fn marks(&self) -> Vec<Mark<'_>> {
        let mark =
            |verdict, why, at| Mark::of_claim(verdict, CODE, self.claim.to_string(), why, at);
        let of_each = self.each().filter_map(|(principal, one)| {
            let example = self.proof(one).and_then(|proof| proof.example.as_ref());
            let request = one.request.as_ref().map(without_caller);
            let why = [principal.arn.clone()].into_iter().chain(request).chain(self.reasons(one));
            mark(
                one.verdict,
                why.collect(),
                At::of_claim(example, self.account.policies_of(principal)),
            )
        });
        let unasked = self.unasked().filter_map(|one| {
            let why = vec![one.address.clone(), one.why.clone()];
            mark(ClaimVerdict::Depends, why, At::NOWHERE)
        });
        of_each.chain(unasked).collect()
    }

    /// The verdict about everybody, and the claim.
    fn headline(&self) -> String {
        format!("{}  {}", self.verdict().word(), self.claim)
    }
}

/// For programs. Principals may be tens of thousands: what is written of one is made when it is written.
impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counts: Map<String, Value> = VERDICTS
            .into_iter()
            .map(|verdict| (verdict.word().to_lowercase(), self.number(verdict).into()))
            .collect();
        let mut answer = serializer.serialize_map(None)?;
        answer.serialize_entry("version", &VERSION)?;
        answer.serialize_entry("question", "prove")?;
        answer.serialize_entry("claim", &self.claim.to_string())?;
        answer.serialize_entry("openWorld", &self.open_world)?;
        answer.serialize_entry("verdict", &self.verdict().word().to_lowercase())?;
        answer.serialize_entry("counts", &counts)?;
        answer.serialize_entry("policySets", &self.account.principals.sets.len())?;
        answer.serialize_entry("principals", &EachOf(self))?;
        answer.serialize_entry("notes", &self.account.notes_and(self.assumed(), self.open))?;
        answer.serialize_entry("referenceData", iamsure_reference::captured())?;
        answer.end()
    }
}

/// The principals of a report.
struct EachOf<'a>(&'a Report<'a>);

impl Serialize for EachOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        serializer.collect_seq(report.each().map(|(principal, one)| {
            let example = report.proof(one).and_then(|proof| proof.example.as_ref());
            let witness = one.request.as_ref().zip(example);
            OneForm {
                arn: &principal.arn,
                address: &principal.address,
                verdict: one.verdict.word().to_lowercase(),
                witness: witness.map(|(asked, example)| Witness {
                    asked,
                    decision: &example.decision,
                    policies: &example.policies,
                }),
                reasons: report.reasons(one),
                about_nothing: one.is_about_nothing,
            }
        }))
    }
}

/// One principal of a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneForm<'a> {
    arn: &'a str,
    address: &'a str,
    verdict: String,
    witness: Option<Witness<'a>>,
    reasons: Vec<String>,
    about_nothing: bool,
}
