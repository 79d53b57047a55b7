//! What came of a claim.

mod marks;
mod whole;

use std::fmt::Write as _;

use iamsure_core::language::PolicyType;
use iamsure_core::world::{KeyState, Switch, Switches};
use iamsure_review::answer_form;
use iamsure_review::foreign::{Sink, markdown_with_code};
use iamsure_truth::claim::{Body, Claim, ClaimVerdict, DecisionWord, Example, Proof, Reason};
use iamsure_truth::grounds::Grounds;
use iamsure_truth::open_world::Grant;
use iamsure_truth::table::Reach;
use serde_json::{Value, json};

use super::json::pretty;
use super::listing::Listing;
use super::markdown::{block, headline};
use super::{explanation, grounds, whose, words};
use crate::check::Check;
use crate::streams::Finished;
pub(crate) use marks::{CODE, Judged, rule};
pub(crate) use whole::{inertness, inertness_json, of_comparison};

/// A claim and what came of it.
pub(crate) struct Report<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) open_world: bool,
    /// What the question is limited to, in words.
    pub(crate) asked_only: Vec<String>,
    pub(crate) switches: Switches,
    pub(crate) answer: &'a Proof,
}

/// For people.
pub(crate) fn human(report: &Report<'_>) -> String {
    let mut out = format!("{}  {}\n", report.answer.verdict.word(), report.claim);
    for sentence in sentences(report) {
        let _ = writeln!(out, "  {sentence}");
    }
    if let Some(example) = shown(report) {
        let _ = write!(out, "\n{}", indented(&example));
    }
    out.push('\n');
    for note in notes_beside(report) {
        let _ = writeln!(out, "- {note}");
    }
    out
}

/// For documents and pull requests.
pub(crate) fn markdown(report: &Report<'_>) -> String {
    let word = report.answer.verdict.word();
    let mut out = headline(word, &Sink::Code.text(&report.claim.to_string()));
    for sentence in sentences(report).iter().filter(|sentence| !sentence.is_empty()) {
        let _ = write!(out, "\n{}\n", markdown_with_code(sentence));
    }
    if let Some(example) = shown(report) {
        let _ = write!(out, "\n{}", block(&example));
    }
    let mut notes = Listing::default();
    for note in notes_beside(report) {
        notes.line(note);
    }
    let _ = write!(out, "\n{}", notes.markdown());
    out
}

/// What the verdict means, and why.
fn sentences(report: &Report<'_>) -> Vec<String> {
    let answer = report.answer;
    let mut sentences: Vec<String> =
        whose::of_all_callers(&answer.grounds).into_iter().map(str::to_owned).collect();
    sentences.extend(answer.grounds.beside.sentences());
    sentences.push(meaning(report).to_owned());
    sentences.extend(answer.reasons.iter().map(|reason| words_of(reason, answer.verdict)));
    sentences
}

/// The request that decides it, and its explanation.
fn shown(report: &Report<'_>) -> Option<String> {
    let example = report.answer.example.as_ref()?;
    let mut out = String::new();
    request(example, &mut out);
    out.push('\n');
    out.push_str(&explained(report, example));
    Some(out)
}

/// What the answer rests on, but for what the sentences say.
fn notes_beside(report: &Report<'_>) -> Vec<String> {
    let of_all_callers = whose::of_all_callers(&report.answer.grounds);
    let notes = notes(report).into_iter();
    notes.filter(|note| of_all_callers != Some(note.as_str())).collect()
}

/// What the verdict says, in one sentence.
fn meaning(report: &Report<'_>) -> &'static str {
    let asks_for_one = matches!(report.claim.body, Body::Some(_));
    match (report.answer.verdict, asks_for_one, report.open_world) {
        (ClaimVerdict::Proved, false, false) => "Holds for every request under these policies.",
        (ClaimVerdict::Proved, false, true) => {
            "Holds for every request, even if Allows are added later."
        }
        (ClaimVerdict::Proved, true, _) => "Such a request exists:",
        (ClaimVerdict::Refuted, false, _) => "This request violates it:",
        (ClaimVerdict::Refuted, true, _) => "No such request exists.",
        (ClaimVerdict::Depends, ..) => "Undecided:",
    }
}

/// What a verdict depends on, a clause each.
pub(super) fn depends_on(proof: &Proof) -> impl Iterator<Item = String> {
    let depends = proof.verdict == ClaimVerdict::Depends;
    let reasons = proof.reasons.iter().filter(move |_| depends);
    reasons.map(|reason| words_of(reason, proof.verdict)).filter(|words| !words.is_empty())
}

pub(super) fn words_of(reason: &Reason, verdict: ClaimVerdict) -> String {
    match reason {
        Reason::Switch(switch, "default", other) => format!(
            "it depends on undocumented behaviour ({switch}: {}): --switch overrides the default; by default ({}) it is {}.",
            switch.question(),
            switch.default_meaning(),
            other.word()
        ),
        Reason::Switch(switch, choice, other) => format!(
            "it depends on undocumented behaviour ({switch}: {}): here {}; with --switch {switch}={choice} it is {}.",
            switch.question(),
            switch.default_meaning(),
            other.word()
        ),
        Reason::Assumed(rules) => {
            let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
            format!(
                "the only requests that would decide it violate undocumented assumptions about their keys: {}.",
                rules.join("; ")
            )
        }
        Reason::Reach(Reach::Unknown(why) | Reach::Unreachable(why)) => {
            format!("only a request that may not exist would decide it: {why}.")
        }
        Reason::NotGiven(kinds, [delegating, silent]) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| not_given(*kind)).collect();
            format!(
                "it depends on {}: {} if that policy delegates to IAM, {} if it does not allow the caller.",
                kinds.join(" and "),
                delegating.word(),
                silent.word()
            )
        }
        Reason::CallersOwn([allowed, nothing]) => {
            format!(
                "it depends on the callers' own policies, which are not given: {} if they allow such requests, {} if they do not.",
                allowed.word(),
                nothing.word()
            )
        }
        Reason::KnownLater(symbols, [most, least]) => {
            format!(
                "it depends on values known only after deployment ({}): {} for the most permissive values, {} for the most restrictive.",
                words::symbols(symbols),
                most.word(),
                least.word()
            )
        }
        Reason::Sessions(sessions, other) => {
            let names: Vec<String> = sessions.iter().map(|name| words::on_one_line(name)).collect();
            format!(
                "the policies name sessions of this role ({}): {} for its other sessions; ask about one with --principal.",
                names.join(", "),
                other.word()
            )
        }
        Reason::Reach(Reach::Reachable) | Reason::NoWitness if verdict == ClaimVerdict::Depends => {
            "no deciding request was found, but none could be ruled out: comparisons between keys, or of several kinds on one key, may remain open."
                .to_owned()
        }
        Reason::Reach(Reach::Reachable) | Reason::NoWitness => String::new(),
    }
}

/// A policy that would settle a claim, and the option that gives it.
const fn not_given(kind: PolicyType) -> &'static str {
    match kind {
        PolicyType::Trust => "the role's trust policy, which is not given (--trust FILE)",
        _ => "the KMS key policy, which is not given (--resource-policy FILE)",
    }
}

fn request(example: &Example, out: &mut String) {
    let request = &example.request;
    let mut line = |name: &str, text: &str| {
        let _ = writeln!(out, "{name:<10} {text}");
    };
    line("principal", &request.requester.principal.display_arn());
    line("action", request.action.as_str());
    line("resource", &request.resource);
    let mut keys = request.context.entries().filter(|(_, state)| **state != KeyState::Unknown).map(
        |(key, state)| match state {
            KeyState::Absent => format!("{key} absent"),
            other => format!("{key} = {}", words::state(other)),
        },
    );
    line("context", &keys.next().unwrap_or_else(|| "no condition key matters".to_owned()));
    keys.for_each(|key| line("", &key));
    if !example.extra.is_empty() {
        let layers: Vec<&str> = example.extra.iter().copied().map(Grant::words).collect();
        line(
            "extra",
            &format!("an Allow for this request, added later to {}", layers.join(" and ")),
        );
    }
    if let Reach::Unknown(why) | Reach::Unreachable(why) = &example.reach {
        line("evidence", &format!("unknown: {why}"));
    }
}

/// The decision on the example, explained as `iamsure simulate` does.
fn explained(report: &Report<'_>, example: &Example) -> String {
    let check = Check::of(&example.policies, example.request.clone(), report.switches);
    explanation::decided_only(&check)
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        let _ = if line.is_empty() { writeln!(out) } else { writeln!(out, "  {line}") };
        out
    })
}

/// What the answer rests on.
fn notes(report: &Report<'_>) -> Vec<String> {
    let answer = report.answer;
    let mut notes = Vec::new();
    if report.open_world {
        notes.push("Open world: covers any Allow added later to identity-based, session, resource-based and trust policies. Every Deny, boundary, SCP, RCP and endpoint policy stays as given.".to_owned());
    } else {
        notes.push(
            "Only these policies are considered; --open-world also covers Allows added later."
                .to_owned(),
        );
    }
    notes.extend(grounds::of_callers(&answer.grounds));
    // A claim that says `exempt` is about them.
    let is_about_them = matches!(
        &report.claim.body,
        Body::Never(said) | Body::Always(said) | Body::Some(said)
            if said.decision == DecisionWord::Exempt
    );
    if !answer.exempt.is_empty() && !is_about_them {
        notes.push(format!(
            "Excludes calls for which AWS performs no authorization check: {}.",
            answer.exempt.join(", ")
        ));
    }
    for rule in &answer.background {
        notes.push(format!("Relies on {rule} (documented by AWS)."));
    }
    notes.extend(grounds::of_policies(&answer.grounds));
    notes.extend(grounds::of_keys(&answer.grounds));
    if answer.grounds.switches.is_none() {
        notes.push(grounds::SWITCHES_NOT_ASKED.to_owned());
    }
    notes.push(grounds::exhaustive(&report.asked_only));
    notes
}

/// The choices where AWS is silent that an answer depends on, for programs; null where that was not asked.
pub(super) fn choices(grounds: &Grounds) -> Option<Vec<Value>> {
    let choice =
        |(switch, choice): &(Switch, &str)| json!({ "switch": switch.id(), "choice": choice });
    grounds.switches.as_ref().map(|switches| switches.iter().map(choice).collect())
}

/// For programs.
pub(crate) fn json(report: &Report<'_>) -> Finished {
    let answer = report.answer;
    let example = answer.example.as_ref();
    let answered = |example: &Example| {
        let check = Check::of(&example.policies, example.request.clone(), report.switches);
        explanation::answer(&check)
    };
    let witness = |example: &Example| {
        answer_form::witness(&example.request, &example.decision, &example.policies)
    };
    let extra: Vec<&str> =
        example.iter().flat_map(|example| &example.extra).copied().map(Grant::words).collect();
    let reasons: Vec<String> =
        answer.reasons.iter().map(|reason| words_of(reason, answer.verdict)).collect();
    let value = json!({
        "version": answer_form::VERSION,
        "claim": report.claim.to_string(),
        "openWorld": report.open_world,
        "verdict": answer.verdict.word().to_lowercase(),
        "reasons": reasons,
        "witness": example.map(witness),
        "extraAllows": extra,
        "reach": example.map(|example| example.reach.name()),
        "answer": example.map(answered),
        "exempt": answer.exempt,
        "background": answer.background.iter().map(|rule| rule.id).collect::<Vec<_>>(),
        "beside": answer_form::beside(&answer.grounds.beside),
        "switches": choices(&answer.grounds),
        "notes": notes(report),
        "referenceData": iamsure_reference::captured(),
    });
    pretty(&value)
}
