//! A row's request in one line.

use iamsure_core::world::{KeyState, Request};
use iamsure_truth::table::TableReport;

use crate::render::words;

/// "s3:GetObject on arn:… with aws:SourceIp=192.0.2.1": who asks only where that differs from row to row.
pub(super) fn example(request: &Request, answer: &TableReport) -> String {
    let who = match answer.grounds.requester {
        Some(_) => String::new(),
        None => format!("{}: ", request.requester.principal.display_arn()),
    };
    let keys: Vec<String> = request
        .context
        .entries()
        .filter(|(_, state)| **state != KeyState::Unknown)
        .map(|(key, state)| match state {
            KeyState::Absent => format!("{key} absent"),
            other => format!("{key}={}", words::state(other)),
        })
        .collect();
    let with = if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(", ")) };
    format!("{who}{} on {}{with}", request.action, request.resource)
}
