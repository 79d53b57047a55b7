//! The keys that were not given, and could change the answer.

use std::fmt::Write as _;

use iamsure_core::language::ConditionKey;
use iamsure_truth::ask::MissingKey;
use iamsure_truth::near_miss::is_carried;

use crate::check::Check;
use crate::render::words;

/// Which keys that AWS always sends are assumed absent, and what is decided with other values: a line for each, after
/// `indent`. They weigh more than the others: the request that was decided cannot occur, so they are beside the verdict.
pub(crate) fn always_sent(check: &Check, indent: &str) -> String {
    let mut out = String::new();
    for missing in check.inquiry.missing.iter().filter(|missing| missing.always_there) {
        let key = words::on_one_line(missing.key.as_str());
        let _ = writeln!(
            out,
            "{indent}AWS always sends {key}, which is not given and assumed absent: {}; set it with --context",
            otherwise(missing)
        );
    }
    out
}

pub(super) fn missing(check: &Check, out: &mut String) {
    not_asked(&check.inquiry.not_asked, out);
    let mut rest = check.inquiry.missing.iter().filter(|missing| !missing.always_there).peekable();
    if rest.peek().is_none() {
        return;
    }
    out.push_str("\nassumed absent, but could change the answer\n");
    for missing in rest {
        let key = words::on_one_line(missing.key.as_str());
        let _ = writeln!(out, "  {key}: {}", otherwise(missing));
        let request = check.worlds.first();
        if let Some(request) = request.filter(|request| !is_carried(request, &missing.key)) {
            let action = &request.action;
            let _ = writeln!(
                out,
                "    AWS does not list {key} for {action}: as far as AWS publishes, its requests never carry the key"
            );
        }
    }
    if check.derived {
        out.push_str("  set them with --context, --absent or --unknown\n");
    } else {
        out.push_str("  set them with --context, --absent or --unknown, or derive the principal's with --derive\n");
    }
}

/// "allowed (identity) with eu-west-1, together with aws:username"
fn otherwise(missing: &MissingKey) -> String {
    let outcomes: Vec<_> = missing
        .otherwise
        .iter()
        .map(|(verdict, by, state)| format!("{verdict} ({by}) with {}", words::state(state)))
        .collect();
    let outcomes = outcomes.join("; ");
    let others: Vec<_> =
        missing.together_with.iter().map(|key| words::on_one_line(key.as_str())).collect();
    if others.is_empty() {
        outcomes
    } else {
        format!("{outcomes}, together with {}", others.join(", "))
    }
}

/// Says which keys were left out where there are too many to ask about each.
fn not_asked(keys: &[ConditionKey], out: &mut String) {
    let [first, ..] = keys else { return };
    let _ = writeln!(
        out,
        "\nNOT CHECKED: {} more keys that are not given (the first is `{first}`) could change the answer; the policies are too large to check each. Set them with --context or --absent",
        keys.len(),
    );
}
