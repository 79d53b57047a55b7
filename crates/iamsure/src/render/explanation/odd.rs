//! A request that AWS may never make: its resource is none that AWS lists for the action, or is another account's than its
//! context says.

use std::fmt::Write as _;

use iamsure_core::decision::evaluate;
use iamsure_core::world::Request;
use iamsure_truth::ask::Case;
use iamsure_truth::unpublished::{self, Unpublished};

use crate::check::Check;
use crate::render::words;

/// That the resource is none of the action, and what is decided about `*` where AWS decides on that.
pub(super) fn odd_resource(check: &Check, case: &Case, out: &mut String) {
    let request = &case.witness;
    let odd = unpublished::of_resource(request.action.as_str(), &request.resource);
    let Some(Unpublished { message, help, .. }) = odd else { return };
    let known = iamsure_reference::action(request.action.as_str()).known();
    let is_about_none = known.is_some_and(|known| known.resource_types().next().is_none());
    let about_none = Request { resource: "*".to_owned(), ..request.clone() };
    let otherwise = evaluate(check.policies_of(case), &about_none, &check.switches).outcome;
    let verdict = otherwise.decided().map(|decision| decision.verdict);
    let otherwise = match verdict.filter(|_| is_about_none) {
        Some(verdict) if verdict == case.decision.verdict => ", with the same verdict".to_owned(),
        Some(verdict) => format!(": {verdict} there"),
        None => String::new(),
    };
    let help = help.map(|help| format!("; {help}")).unwrap_or_default();
    let _ = writeln!(out, "  {}{otherwise}", words::on_one_line(&format!("{message}{help}")));
}

/// That the context names another owner of the resource than the one it is decided for.
pub(super) fn odd_owner(case: &Case, out: &mut String) {
    let Some(Unpublished { message, help, .. }) = unpublished::of_owner(&case.witness) else {
        return;
    };
    let help = help.map(|help| format!("; {help}")).unwrap_or_default();
    let _ = writeln!(out, "  {}", words::on_one_line(&format!("{message}{help}")));
}
