//! Why a case was not decided as expected, clause by clause.

use std::fmt::Write as _;

use iamsure_review::suite::{
    Access, Case, ClaimOutcome, ClaimTest, Expectation, Given, Miss, Shown, Test,
};
use iamsure_truth::ask::{Assumed, Case as Found, LeftOpen};
use iamsure_truth::known_later::Bounds;

use crate::args::Format;
use crate::check::Check;
use crate::render::layout::Drawing;
use crate::render::{comparison, explanation, proof, words};
use crate::streams::Printed as _;

/// What was found, in one line.
pub(super) fn found(case: &Case, miss: &Miss) -> String {
    let mut cases: Vec<String> =
        miss.answer.cases.iter().map(|found| decision(&check(case, miss, found), found)).collect();
    cases.dedup();
    let possible = miss.answer.left_open.iter().flat_map(LeftOpen::verdicts);
    cases.extend(possible.map(|verdict| format!("perhaps {verdict}")));
    match cases.as_slice() {
        [one] => format!("{one}{}", world(miss.given)),
        several => format!("{}: {}", together(miss), several.join("; or ")),
    }
}

/// What several answers come to.
fn together(miss: &Miss) -> String {
    let depends = miss.answer.cases.iter().any(|found| found.assumes.contains(&Assumed::Most));
    let bounds = if depends { Bounds::of(&miss.policies, "") } else { None };
    let words = match bounds {
        _ if miss.answer.succeeds() == Some(false) => "denied, for different reasons".to_owned(),
        Some(bounds) => {
            format!(
                "depends on values known only after deployment: {}",
                words::symbols(&bounds.symbols)
            )
        }
        None => "depends on values that are not given".to_owned(),
    };
    format!("{words}{}", world(miss.given))
}

const fn world(given: Given) -> &'static str {
    match given {
        Given::Nothing => "",
        Given::AnyOtherAllow => ", once another Allow is attached",
    }
}

/// How many statements, of all failed cases together, are searched for what comes closest to being allowed: some seconds
/// of work.
const MOST_SEARCHED: usize = 30_000;

/// Said where that is not searched for.
const NOT_SEARCHED: &str =
    "nearest miss not searched for: too many cases failed; --filter runs this test alone\n";

/// How many were.
#[derive(Default)]
pub(super) struct Searched(usize);

impl Searched {
    /// Whether those of one more case may be.
    fn may_search(&mut self, miss: &Miss) -> bool {
        self.0 = self.0.saturating_add(miss.policies.statements().count());
        self.0 <= MOST_SEARCHED
    }
}

/// Why, in lines.
pub(super) fn detail(test: &Test, case: &Case, miss: &Miss, searched: &mut Searched) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "expected  {}", case.expected);
    if miss.answer.cases.len() == 1 && miss.answer.is_complete() {
        let _ = writeln!(out, "found     {}", found(case, miss));
    } else {
        let _ = writeln!(out, "found     {}", together(miss));
        for found in &miss.answer.cases {
            let when = words::occurs(found).unwrap_or_else(|| "always".to_owned());
            let decided = decision(&check(case, miss, found), found);
            let _ = writeln!(out, "          - {decided}, {when}");
        }
        for left_open in &miss.answer.left_open {
            let _ = writeln!(out, "          - {}", words::left_open(left_open));
        }
    }
    for who in &miss.nobody {
        let sids: Vec<&str> =
            miss.policies.statements().filter_map(|(_, _, found)| found.sid()).collect();
        let _ = writeln!(
            out,
            "these policies have no statement named `{who}`; found {}",
            if sids.is_empty() { "no Sids".to_owned() } else { sids.join(", ") }
        );
    }
    if let Some(shown) = shown(case, miss) {
        let check = check(case, miss, shown);
        for id in &miss.points {
            out.push_str(&explanation::of_statement(&check, shown, *id));
        }
        if miss.access == Access::Other {
            if searched.may_search(miss) {
                explanation::nearest(&check, shown, &mut out);
            } else {
                out.push_str(NOT_SEARCHED);
            }
        }
    }
    if let Some(sentence) = access(miss.access) {
        let _ = writeln!(out, "{sentence}");
    }
    if let Some(why) = &test.why {
        let _ = writeln!(out, "why it matters: {}", words::on_one_line(why));
    }
    if let Some(source) = &test.source {
        let _ = writeln!(out, "source: {}", words::on_one_line(source));
    }
    out
}

/// The first answer that is not what was expected.
fn shown<'a>(case: &Case, miss: &'a Miss) -> Option<&'a Found> {
    let is_right = |found: &Found| match &*case.expected {
        Expectation::Cases(words) => {
            matches!(words.as_slice(), [one] if one.hold(&found.decision, &miss.policies))
        }
        Expectation::Depends => false,
    };
    miss.answer.cases.iter().find(|found| !is_right(found)).or(miss.answer.cases.first())
}

fn check(case: &Case, miss: &Miss, found: &Found) -> Check {
    let switches = case.scene.query.switches;
    Check::of(&miss.policies, found.witness.clone(), switches)
}

fn decision(check: &Check, found: &Found) -> String {
    explanation::decided(check, &found.decision, &found.witness)
}

/// What remains of the access, where it is as expected.
const fn access(access: Access) -> Option<&'static str> {
    match access {
        Access::Other => None,
        Access::StillDenied => Some(
            "The call is still denied, by something else, and stays denied even if Allows are added.",
        ),
        Access::DeniedUntilAllowed => Some(
            "The call is still denied, but only until an Allow is added: nothing denies it explicitly any more.",
        ),
        Access::StillAllowed => Some("The call is still allowed, by something else."),
    }
}

/// Why a claim did not come out as expected.
pub(super) fn of_claim(test: &Test, claim: &ClaimTest, outcome: &ClaimOutcome) -> String {
    let mut out = String::new();
    let open_world = claim.given == Given::AnyOtherAllow;
    let _ = writeln!(out, "expected  {}", super::item::word(claim.expected.0));
    match (&outcome.verdict, &outcome.shown) {
        (_, Shown::Proof(proof)) => {
            let report = proof::Report {
                claim: &claim.claim,
                open_world,
                asked_only: Vec::new(),
                switches: claim.setting.switches,
                answer: proof,
            };
            out.push_str(&proof::human(&report));
        }
        (_, Shown::Inert(answer)) => {
            let format = Format::Human;
            out.push_str(&proof::inertness(
                &claim.claim,
                &claim.policies,
                answer,
                open_world,
                format,
            ));
        }
        (Ok(verdict), Shown::Compared(compared, reasons)) => {
            let report = comparison::Report {
                before: claim.claim.file().map_or_else(String::new, |file| file.name.clone()),
                after: "the policies of the test".to_owned(),
                comparison: compared,
                open_world,
                asked_only: Vec::new(),
                examples: false,
            };
            let found = (*verdict, reasons.as_slice());
            let plain = Drawing::PLAIN;
            let text = proof::of_comparison(&claim.claim, found, &report, Format::Human, plain);
            out.push_str(&text.shown());
        }
        (verdict, _) => {
            let found = verdict.as_ref().map_or_else(Clone::clone, |word| super::item::word(*word));
            let _ = writeln!(out, "found     {found}");
        }
    }
    if let Some(why) = &test.why {
        let _ = writeln!(out, "why it matters: {}", words::on_one_line(why));
    }
    out
}
