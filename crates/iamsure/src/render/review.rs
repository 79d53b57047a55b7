//! What came of the claims of a review.

pub(crate) mod marks;

use std::fmt::Write as _;

use iamsure_core::world::PolicySet;
use iamsure_review::answer_form;
use iamsure_review::review_claim::{Owner, ReviewClaim, World};
use iamsure_truth::ask::Beside;
use iamsure_truth::claim::{ClaimVerdict, Proof};
use iamsure_truth::open_world::Grant;
use serde_json::{Value, json};

use super::comparison::one_line;
use super::json::pretty;
use super::proof::depends_on;
use super::{grounds, inert};
use crate::streams::Finished;

/// A claim of a review and what came of it.
pub(crate) struct Asked {
    pub(crate) review: ReviewClaim,
    pub(crate) answer: Answer,
}

/// What came of a claim of a review.
pub(crate) enum Answer {
    /// It was asked.
    Proof(Box<Proof>),
    /// No request is what it asks about, and that decides it.
    Nobody(ClaimVerdict),
    /// It is undecided, for this reason.
    Undecided(String),
}

impl Answer {
    /// The verdict, if there is one.
    pub(crate) const fn verdict(&self) -> Option<ClaimVerdict> {
        match self {
            Self::Proof(proof) => Some(proof.verdict),
            Self::Nobody(verdict) => Some(*verdict),
            Self::Undecided(_) => None,
        }
    }

    fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Proof(proof) => Some(proof),
            Self::Nobody(_) | Self::Undecided(_) => None,
        }
    }

    /// Why there is no proof.
    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Proof(_) => None,
            Self::Nobody(_) => Some("no request matches the claim"),
            Self::Undecided(error) => Some(error),
        }
    }
}

impl Asked {
    pub(super) fn word(&self) -> &'static str {
        self.answer.verdict().map_or("UNDECIDED", ClaimVerdict::word)
    }

    /// Its place among others: refuted first, proved last.
    pub(super) fn rank(&self) -> u8 {
        match self.word() {
            "REFUTED" => 0,
            "DEPENDS" => 1,
            "UNDECIDED" => 2,
            _ => 3,
        }
    }

    /// What is beside the policies, in words.
    pub(super) const fn world(&self) -> &'static str {
        match self.review.world {
            World::Closed => "",
            World::Open => " (open world)",
            World::Foreign => " (if the callers' own policies allow it)",
        }
    }

    /// The request that decides it, in one line.
    pub(super) fn request(&self) -> Option<String> {
        let example = self.answer.proof()?.example.as_ref()?;
        let layers: Vec<&str> = example.extra.iter().copied().map(Grant::words).collect();
        let extra = if layers.is_empty() {
            String::new()
        } else {
            format!(", with an Allow for it added later to {}", layers.join(" and "))
        };
        Some(format!("{}{extra}: {}", one_line(&example.request), example.decision.verdict))
    }
}

/// What is assumed beside the policies, for any of the claims.
fn beside(asked: &[Asked]) -> Beside {
    let proofs = asked.iter().filter_map(|one| one.answer.proof());
    proofs.fold(Beside::default(), |beside, proof| beside.and(&proof.grounds.beside))
}

/// What was refuted first.
fn sorted(asked: &[Asked]) -> Vec<&Asked> {
    let mut sorted: Vec<&Asked> = asked.iter().collect();
    sorted.sort_by_key(|one| one.rank());
    sorted
}

/// For people: what was refuted first, with a request each; what was proved in one line each.
pub(crate) fn human(asked: &[Asked], policies: &PolicySet) -> String {
    let mut out = String::new();
    if asked.is_empty() {
        out.push_str("No review claim applies to these policies.\n");
        return out;
    }
    let beside = beside(asked);
    for sentence in beside.sentences() {
        let _ = writeln!(out, "{sentence}");
    }
    if !beside.is_nothing() {
        out.push('\n');
    }
    for one in sorted(asked) {
        let _ = writeln!(
            out,
            "{:<9}  {}{}  [{}]",
            one.word(),
            one.review.claim,
            one.world(),
            one.review.code.name()
        );
        if one.word() == ClaimVerdict::Proved.word() {
            continue;
        }
        if let Some(id) = one.review.statement {
            let _ = writeln!(out, "           for {}", inert::name(policies, id));
        }
        if let Some(request) = one.request() {
            let _ = writeln!(out, "           {request}");
        }
        if let Some(reason) = one.answer.reason() {
            let _ = writeln!(out, "           {reason}");
        }
        for clause in one.answer.proof().into_iter().flat_map(depends_on) {
            let _ = writeln!(out, "           {clause}");
        }
        let entry = one.review.code.entry();
        if one.request().is_some() || one.answer.verdict() == Some(ClaimVerdict::Refuted) {
            let _ = writeln!(out, "           {}", entry.refuted);
        }
        let _ = writeln!(out, "           {}", entry.advice);
        out.push('\n');
    }
    let _ = writeln!(out, "{} docs/review-claims.md explains each.", summary(asked));
    for note in notes(asked, policies) {
        let _ = writeln!(out, "- {note}");
    }
    out
}

/// How many there are of each verdict.
fn summary(asked: &[Asked]) -> String {
    let count = |word: &str| asked.iter().filter(|one| one.word() == word).count();
    let verdicts = [
        (count("REFUTED"), "refuted"),
        (count("PROVED"), "proved"),
        (count("DEPENDS"), "depending"),
        (count("UNDECIDED"), "undecided"),
    ];
    let counted: Vec<String> = verdicts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let claims = if asked.len() == 1 { "claim" } else { "claims" };
    format!("{} {claims}: {}.", asked.len(), counted.join(", "))
}

/// What the answers rest on.
fn notes(asked: &[Asked], policies: &PolicySet) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let owner = Owner::of(policies);
    let foreign = asked.iter().map(|one| &one.review).find(|review| review.world == World::Foreign);
    if let Some(review) = foreign
        && !owner.is_named
        && owner.account == review.account
    {
        notes.push(format!(
            "No policy names the account that owns the resource: assuming account {}, and that every account in a Principal is external (--resource-account to change).",
            owner.account
        ));
    }
    for note in asked
        .iter()
        .filter_map(|one| one.answer.proof())
        .flat_map(|proof| grounds::of_policies(&proof.grounds))
    {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// For programs.
pub(crate) fn json(asked: &[Asked], policies: &PolicySet) -> Finished {
    let claims: Vec<Value> = asked
        .iter()
        .map(|one| {
            let example = one.answer.proof().and_then(|proof| proof.example.as_ref());
            json!({
                "code": one.review.code.name(),
                "claim": one.review.claim.to_string(),
                "openWorld": one.review.is_open_world(),
                "world": one.review.world.name(),
                "statement": one.review.statement.map(|id| inert::name(policies, id)),
                "verdict": one.word().to_lowercase(),
                "witness": example.map(|example| answer_form::witness(&example.request, &example.decision, &example.policies)),
                "why": one.answer.reason(),
            })
        })
        .collect();
    let value = json!({
        "version": answer_form::VERSION,
        "claims": claims,
        "beside": answer_form::beside(&beside(asked)),
        "referenceData": iamsure_reference::captured(),
    });
    pretty(&value)
}
