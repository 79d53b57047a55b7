//! Claims about whole policies.

use std::fmt::Write as _;

use iamsure_core::world::PolicySet;
use iamsure_review::answer_form;
use iamsure_review::foreign::{Sink, markdown_with_code};
use iamsure_truth::claim::{Claim, ClaimVerdict, Reason};
use iamsure_truth::inert::NoneInert;
use serde_json::json;

use super::{choices, words_of};
use crate::args::Format;
use crate::render::json::pretty;
use crate::render::layout::Drawing;
use crate::render::listing::Listing;
use crate::render::markdown::headline;
use crate::render::verdict::coloured;
use crate::render::{comparison, inert};
use crate::streams::Finished;

/// What came of the claim that no statement is inert, for programs.
pub(crate) fn inertness_json(
    claim: &Claim,
    policies: &PolicySet,
    answer: &NoneInert,
    open_world: bool,
) -> Finished {
    let (lines, reasons) = inert_and_reasons(policies, answer, open_world);
    let grounds = &answer.inertness.grounds;
    pretty(&json!({
        "version": answer_form::VERSION,
        "claim": claim.to_string(),
        "openWorld": open_world,
        "verdict": answer.verdict.word().to_lowercase(),
        "reasons": reasons,
        "inert": lines,
        "beside": answer_form::beside(&grounds.beside),
        "switches": choices(grounds),
        "referenceData": iamsure_reference::captured(),
    }))
}

/// A line for each inert statement, and a sentence for each reason.
fn inert_and_reasons(
    policies: &PolicySet,
    answer: &NoneInert,
    open_world: bool,
) -> (Vec<String>, Vec<String>) {
    let NoneInert { by_default, reasons, inertness, .. } = answer;
    let lines = inertness.inert(open_world).map(|effect| inert::line(effect, policies)).collect();
    (lines, reasons.iter().map(|reason| words_of(reason, *by_default)).collect())
}

/// What came of the claim that no statement is inert.
pub(crate) fn inertness(
    claim: &Claim,
    policies: &PolicySet,
    answer: &NoneInert,
    open_world: bool,
    format: Format,
) -> String {
    let (lines, reasons) = inert_and_reasons(policies, answer, open_world);
    let NoneInert { verdict, by_default, inertness, .. } = answer;
    let meaning = match (by_default, open_world) {
        (ClaimVerdict::Proved, false) => "Removing any one statement changes what is allowed.",
        (ClaimVerdict::Proved, true) => {
            "Removing any one statement changes what is allowed, now or once an Allow is added."
        }
        (_, false) => "Removing any one of these changes nothing that is allowed:",
        (_, true) => {
            "Removing any one of these changes nothing that is allowed, even if Allows are added later:"
        }
    };
    let beside = inertness.grounds.beside.sentences();
    let sentences = reasons.into_iter().chain(beside).chain([meaning.to_owned()]);
    let markdown = format == Format::Markdown;
    let mut out = first(claim, *verdict, markdown);
    for sentence in sentences {
        say(&sentence, markdown, &mut out);
    }
    let mut listing = Listing::default();
    for line in lines {
        if markdown {
            listing.line(line);
        } else {
            let _ = writeln!(out, "  - {line}");
        }
    }
    let listing = listing.markdown();
    if listing.is_empty() { out } else { format!("{out}\n{listing}") }
}

/// What came of a claim that compares with a file.
pub(crate) fn of_comparison(
    claim: &Claim,
    (verdict, reasons): (ClaimVerdict, &[Reason]),
    report: &comparison::Report<'_>,
    format: Format,
    drawing: Drawing,
) -> Finished {
    if format == Format::Json {
        return comparison::json(std::slice::from_ref(report));
    }
    let markdown = format == Format::Markdown;
    let mut out = first(claim, verdict, markdown);
    for reason in reasons {
        say(&words_of(reason, verdict), markdown, &mut out);
    }
    out.push('\n');
    if markdown {
        return (out + &comparison::markdown(report)).into();
    }
    let mut out = coloured(&out, drawing);
    out.push(&comparison::table(report, drawing));
    out
}

/// A sentence of its own.
fn say(sentence: &str, markdown: bool, out: &mut String) {
    let _ = if markdown {
        write!(out, "\n{}\n", markdown_with_code(sentence))
    } else {
        writeln!(out, "  {sentence}")
    };
}

/// The verdict and the claim.
fn first(claim: &Claim, verdict: ClaimVerdict, markdown: bool) -> String {
    if markdown {
        headline(verdict.word(), &Sink::Code.text(&claim.to_string()))
    } else {
        format!("{}  {claim}\n", verdict.word())
    }
}
