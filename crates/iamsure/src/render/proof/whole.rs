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
use crate::render::listing::Listing;
use crate::render::markdown::headline;
use crate::render::{comparison, inert};

/// What came of the claim that no statement is inert.
pub(crate) fn inertness(
    claim: &Claim,
    policies: &PolicySet,
    answer: &NoneInert,
    open_world: bool,
    format: Format,
) -> String {
    let NoneInert { verdict, by_default, reasons, inertness } = answer;
    let lines: Vec<String> =
        inertness.inert(open_world).map(|effect| inert::line(effect, policies)).collect();
    let reasons: Vec<String> = reasons.iter().map(|reason| words_of(reason, *by_default)).collect();
    if format == Format::Json {
        let value = json!({
            "version": 1,
            "claim": claim.to_string(),
            "open-world": open_world,
            "verdict": verdict.word().to_lowercase(),
            "reasons": reasons,
            "inert": lines,
            "beside": answer_form::beside(&inertness.grounds.beside),
            "switches": choices(&inertness.grounds),
            "reference": iamsure_reference::captured().to_string(),
        });
        return pretty(&value);
    }
    let meaning = match (by_default, open_world) {
        (ClaimVerdict::Proved, false) => "Taking any one statement away changes what is allowed.",
        (ClaimVerdict::Proved, true) => {
            "Taking any one statement away changes what is allowed, here or beside some other Allow."
        }
        (_, false) => "Taking any one of these away changes nothing that is allowed:",
        (_, true) => {
            "Taking any one of these away changes nothing that is allowed, whatever other Allow is attached:"
        }
    };
    let beside = inertness.grounds.beside.sentences();
    let sentences = reasons.into_iter().chain(beside).chain([meaning.to_owned()]);
    let markdown = format == Format::Markdown;
    let mut out = first(claim, *verdict, markdown);
    for sentence in sentences {
        let _ = match markdown {
            true => write!(out, "\n{}\n", markdown_with_code(&sentence)),
            false => writeln!(out, "  {sentence}"),
        };
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
) -> String {
    if format == Format::Json {
        return comparison::json(std::slice::from_ref(report));
    }
    let markdown = format == Format::Markdown;
    let mut out = first(claim, verdict, markdown);
    for reason in reasons {
        let reason = words_of(reason, verdict);
        let _ = match markdown {
            true => write!(out, "\n{}\n", markdown_with_code(&reason)),
            false => writeln!(out, "  {reason}"),
        };
    }
    let table = match markdown {
        true => comparison::markdown(report),
        false => comparison::table(report, None, false),
    };
    format!("{out}\n{table}")
}

/// The verdict and the claim.
fn first(claim: &Claim, verdict: ClaimVerdict, markdown: bool) -> String {
    if markdown {
        headline(verdict.word(), &Sink::Code.text(&claim.to_string()))
    } else {
        format!("{}  {claim}\n", verdict.word())
    }
}
