//! The Test Anything Protocol, version 14.
//!
//! Page: <https://testanything.org/tap-version-14-specification.html>.

use std::fmt::Write as _;

use iamsure_review::foreign::Sink;

use super::{Item, Report, Status};
use crate::render::json::line_of;

/// A line for each case, with the explanation of what failed as a YAML block; `Bail out!` for suites that
/// cannot be read.
pub(crate) fn tap(report: &Report<'_>) -> String {
    let mut out = format!("TAP version 14\n1..{}\n", report.count());
    for (number, item) in report.items.iter().enumerate() {
        let description = described(item);
        let _ = match item.status {
            Status::Passed => writeln!(out, "ok {} - {description}", number + 1),
            Status::Skipped => {
                writeln!(
                    out,
                    "ok {} - {description} # SKIP {}",
                    number + 1,
                    Sink::Tap.text(&item.found)
                )
            }
            Status::Failed | Status::Errored => {
                writeln!(out, "not ok {} - {description}", number + 1)
            }
        };
        if matches!(item.status, Status::Failed | Status::Errored) {
            let detail = if item.detail.is_empty() { &item.found } else { &item.detail };
            let _ = writeln!(
                out,
                "  ---\n  at: {}\n  message: |",
                line_of(&format!("{}:{}", item.suite.source.name(), item.place()))
            );
            for line in detail.lines() {
                let _ = writeln!(out, "    {line}");
            }
            out.push_str("  ...\n");
        }
    }
    for run in report.runs {
        if run.result.is_err() {
            let _ = writeln!(out, "Bail out! {} cannot be read", Sink::Tap.text(&run.name));
        }
    }
    out
}

fn described(item: &Item<'_>) -> String {
    let name = format!("{} > {}", item.suite.source.name(), item.name());
    Sink::Tap.text(&name).into_owned()
}
