//! What a denied request comes closest to, and what does not name it at all.

use std::fmt::Write as _;

use iamsure_core::decision::{StatementExplanation, Truth, Verdict};
use iamsure_core::world::KeyState;
use iamsure_review::answer_form;
use iamsure_truth::ask::Case;
use iamsure_truth::near_miss::{NearMiss, NearMisses, Offer, Part, near_misses};
use serde_json::{Value, json};

use super::{not_given, place, statement_name};
use crate::check::Check;
use crate::render::words;

/// How many are shown to people.
const SHOWN: usize = 3;

/// Statements that do not name the request, by the parts that do not.
pub(super) fn silent(statements: &[StatementExplanation<'_>], out: &mut String) {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for one in statements {
        let matched = one.matched;
        let parts = [
            (Part::Action, matched.action),
            (Part::Resource, matched.resource),
            (Part::Principal, matched.principal),
        ];
        let failed: Vec<&str> = (parts.iter())
            .filter(|(_, truth)| *truth == Truth::False)
            .map(|(part, _)| part.name())
            .collect();
        let failed = failed.join(" or ");
        match kinds.iter_mut().find(|(known, _)| *known == failed) {
            Some((_, count)) => *count += 1,
            None => kinds.push((failed, 1)),
        }
    }
    for (parts, count) in kinds {
        let plural = if count == 1 { "statement does" } else { "statements do" };
        let _ = writeln!(out, "  {count} {plural} not match this {parts}");
    }
}

/// What comes closest to allowing the request of a case, if it is denied implicitly.
fn of(check: &Check, case: &Case) -> NearMisses {
    if case.decision.verdict != Verdict::ImplicitlyDenied {
        return NearMisses::default();
    }
    let mut near =
        near_misses(check.policies_of(case), &case.witness, check.path.as_ref(), &check.switches);
    near.found.retain(|miss| Some(miss.statement.layer) != not_given(case));
    near
}

/// For people.
pub(crate) fn nearest(check: &Check, case: &Case, out: &mut String) {
    let NearMisses { mut found, not_compared } = of(check, case);
    // What else values that were not given decide is told with these.
    found.retain(|miss| miss.part != Part::Condition || is_about_given_keys(check, miss));
    if found.is_empty() && not_compared == 0 {
        return;
    }
    let _ = writeln!(out, "\nnearest miss");
    for miss in found.iter().take(SHOWN) {
        let (name, place) = (statement_name(check, miss.statement), place(check, miss.statement));
        let _ = writeln!(
            out,
            "  Allow {name} matches except for its {}   {place}",
            part_word(miss.part)
        );
        if let Some(closest) = &miss.closest {
            let _ = writeln!(out, "    closest: {}", words::on_one_line(closest));
        }
        if let Some(offer) = &miss.offer {
            let _ = writeln!(out, "    {}", offered(offer));
        }
    }
    if let Some(more) = found.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more, in --format json");
    }
    if not_compared > 0 {
        let _ = writeln!(
            out,
            "  NOT CHECKED: {not_compared} more entries or statements (the policies are too large)"
        );
    }
}

const fn part_word(part: Part) -> &'static str {
    match part {
        Part::Resource => "Resource",
        Part::Condition => "Condition",
        Part::Principal => "Principal",
        Part::Action => "Action",
    }
}

/// Whether what would be allowed holds another value for a key that was given.
fn is_about_given_keys(check: &Check, miss: &NearMiss) -> bool {
    let Some(Offer::Keys(case)) = &miss.offer else { return false };
    let mut keys = case.when.iter().flatten().filter_map(|(column, _)| column.key());
    keys.any(|key| check.worlds.iter().any(|world| world.context.is_set(key)))
}

fn offered(offer: &Offer) -> String {
    match offer {
        Offer::Resource(resource) => {
            format!("allowed if the resource were {}", words::on_one_line(resource))
        }
        Offer::Action(action) => format!("allowed if the action were {action}"),
        Offer::Entry(text) => {
            format!("allowed if the statement named {}", words::on_one_line(text))
        }
        Offer::Keys(case) => format!("allowed {}", words::when(&case.when)),
    }
}

/// For programs.
pub(super) fn value(check: &Check, case: &Case) -> Value {
    let found = of(check, case).found;
    found.iter().map(|miss| miss_value(check, miss)).collect()
}

fn miss_value(check: &Check, miss: &NearMiss) -> Value {
    let offer = match &miss.offer {
        None => Value::Null,
        Some(Offer::Resource(resource)) => json!({ "resource": resource }),
        Some(Offer::Action(action)) => json!({ "action": action }),
        Some(Offer::Entry(text)) => json!({ "entry": text }),
        Some(Offer::Keys(case)) => {
            let keys = case.when.iter().flatten().filter_map(|(column, _)| column.key());
            let state = |key: &_| -> &KeyState { case.witness.context.state(key) };
            let context: serde_json::Map<String, Value> =
                keys.map(|key| (key.to_string(), answer_form::state(state(key)))).collect();
            json!({ "context": context })
        }
    };
    json!({
        "at": answer_form::statement(&check.policies, miss.statement), "part": miss.part.name(),
        "closest": miss.closest, "allowedIf": offer,
    })
}
