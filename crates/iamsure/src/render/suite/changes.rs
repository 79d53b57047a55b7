//! What changed between two runs.

use std::fmt::Write as _;

use super::{Report, human, item::Status};
use crate::render::words::on_one_line;

/// What came of every case: its name and what was found.
pub(crate) fn outcomes(report: &Report<'_>) -> Vec<(String, String)> {
    let name = |item: &super::Item<'_>| {
        on_one_line(&format!("{} > {}", item.suite.source.name(), item.name()))
    };
    report
        .items
        .iter()
        .map(|item| (name(item), on_one_line(&format!("{}: {}", item.status.word(), item.found))))
        .collect()
}

/// The cases whose outcome is another than before, explained where they fail; then the summary.
pub(crate) fn changes(before: &[(String, String)], report: &Report<'_>) -> String {
    let mut out = String::new();
    let now = outcomes(report);
    let mut told = Vec::new();
    for ((name, outcome), item) in now.iter().zip(&report.items) {
        match before.iter().find(|(known, _)| known == name) {
            Some((_, known)) if known == outcome => {}
            Some((_, known)) => {
                let _ = writeln!(out, "changed   {name}\n  before  {known}\n  now     {outcome}");
                if item.status == Status::Failed {
                    human::line(item, &mut told, &mut out);
                }
            }
            None => {
                let _ = writeln!(out, "new       {name}\n  now     {outcome}");
            }
        }
    }
    for (name, _) in before.iter().filter(|(name, _)| !now.iter().any(|(known, _)| known == name)) {
        let _ = writeln!(out, "gone      {name}");
    }
    if out.is_empty() {
        out.push_str("nothing changed\n");
    }
    let _ = writeln!(out, "{}\n", report.summary());
    out
}
