//! What the checks of one API call come to (O-5): before the checks themselves.

use std::fmt::Write as _;

use iamsure_core::decision::Verdict;
use iamsure_review::answer_form;
use serde_json::{Value, json};

use crate::call::{Need, Part};
use crate::check::Check;
use crate::render::explanation::always_sent;
use crate::render::json::line_of;
use crate::render::words;

/// Whether a check is made by every such call.
fn is_sure(part: &Part) -> bool {
    part.need == Need::Always
}

/// For people.
pub(crate) fn human(checks: &[Check], parts: &[Part], succeeds: Option<bool>) -> String {
    let passes = |check: &&Check| check.inquiry.answer.succeeds() == Some(true);
    let (count, of) = (checks.iter().filter(passes).count(), checks.len());
    let sure_pass = checks.iter().zip(parts).filter(|(_, part)| is_sure(part));
    let sure_pass = sure_pass.map(|(check, _)| check).all(|check| passes(&check));
    let headline = match succeeds {
        Some(true) => format!("the call is ALLOWED: every check passes ({count} of {of})"),
        Some(false) => format!("the call is DENIED: every check must pass ({count} of {of} pass)"),
        None if sure_pass => {
            format!(
                "the call DEPENDS on its parameters: checks that only some calls need do not pass ({count} of {of} pass)"
            )
        }
        None => format!("the call DEPENDS on values that are not given ({count} of {of} pass)"),
    };
    let mut out = format!("{headline}\n");
    for (check, part) in checks.iter().zip(parts) {
        let Some(request) = check.worlds.first() else { continue };
        let decision = check.inquiry.answer.verdict().map_or("depends", Verdict::words);
        let kind = part.kind.map_or_else(String::new, |kind| format!(" ({})", kind.name()));
        let perhaps = if is_sure(part) { "" } else { ", only some calls need this" };
        let example = if part.is_example { ", an example" } else { "" };
        let resource = words::on_one_line(&request.resource);
        let _ =
            writeln!(out, "  {}{kind} on {resource}{example}: {decision}{perhaps}", request.action);
        out.push_str(&always_sent(check, "    "));
    }
    if parts.iter().any(|part| part.is_example) {
        out.push_str(
            "  Specify the call's real resources with --resource ARN or --also ACTION=ARN\n",
        );
    }
    out
}

/// For programs, on one line.
pub(crate) fn json(
    checks: &[Check],
    parts: &[Part],
    verdict: Option<Verdict>,
    succeeds: Option<bool>,
) -> String {
    let each: Value = checks
        .iter()
        .zip(parts)
        .filter_map(|(check, part)| {
            let request = check.worlds.first()?;
            Some(json!({
                "action": request.action.as_str(), "resource": request.resource,
                "resourceType": part.kind.map(iamsure_reference::ResourceType::name),
                "always": is_sure(part), "example": part.is_example,
                "decision": answer_form::inquiry_word(&check.inquiry),
            }))
        })
        .collect();
    let decision = verdict.map_or("depends", answer_form::answer_word);
    let value = json!({ "version": answer_form::ANSWER_VERSION, "call": decision, "succeeds": succeeds, "checks": each });
    format!("{}\n", line_of(&value))
}
