//! The report for people: what failed and why; everything, if it is asked for.

use std::fmt::Write as _;

use super::{Item, Report, Status, coverage, mutants};
use crate::render::words::on_one_line;

/// What failed, why, and how many passed. With `verbose` every case has its line.
pub(crate) fn human(report: &Report<'_>, verbose: bool) -> String {
    let mut out = String::new();
    for run in report.runs {
        if run.result.is_err() {
            let _ = writeln!(out, "{}   cannot be read", on_one_line(&run.name));
            continue;
        }
        let items = report.of_run(run);
        let shown = |item: &&&Item<'_>| verbose || item.status != Status::Passed;
        let passed = items.iter().filter(|item| item.status == Status::Passed).count();
        let _ = writeln!(out, "{}   {passed} of {} passed", on_one_line(&run.name), items.len());
        for (.., name, beside) in report.beside().filter(|(of, ..)| std::ptr::eq(*of, run)) {
            let _ = writeln!(out, "  {}: {}", on_one_line(name), beside.sentences().join(" "));
        }
        let mut told: Vec<(&str, &str)> = Vec::new();
        for item in items.iter().filter(shown) {
            line(item, &mut told, &mut out);
        }
    }
    out.push('\n');
    let _ = writeln!(out, "{}", report.summary());
    switches(report, &mut out);
    for ran in report.runs.iter().filter_map(|run| run.result.as_ref().ok()) {
        coverage::human(ran, verbose, &mut out);
        mutants::human(ran, verbose, &mut out);
    }
    out
}

/// One case. What was told of another case of the same test is not told again.
pub(super) fn line<'a>(item: &'a Item<'a>, told: &mut Vec<(&'a str, &'a str)>, out: &mut String) {
    let word = match item.status {
        Status::Passed => "ok  ",
        Status::Failed => "FAIL",
        Status::Errored => "ERROR",
        Status::Skipped => "todo",
    };
    let place = format!("{}:{}", on_one_line(item.suite.source.name()), item.place());
    let name = on_one_line(&item.name());
    match item.status {
        Status::Passed => {
            let _ = writeln!(out, "  {word} {name}");
        }
        Status::Skipped | Status::Errored => {
            let _ = writeln!(out, "  {word} {name}: {}   {place}", on_one_line(&item.found));
        }
        Status::Failed => {
            let cause = (item.test.name.as_str(), item.detail.as_str());
            if told.contains(&cause) {
                let _ = writeln!(out, "  {word} {name}: the same");
                return;
            }
            told.push(cause);
            let _ = writeln!(out, "  {word} {name}   {place}");
            for line in item.detail.lines() {
                let _ =
                    if line.is_empty() { writeln!(out) } else { writeln!(out, "       {line}") };
            }
        }
    }
}

/// How many cases depend on a choice where AWS is silent.
fn switches(report: &Report<'_>, out: &mut String) {
    let mut counted: Vec<(iamsure_core::world::Switch, usize)> = Vec::new();
    for switch in report.items.iter().flat_map(|item| &item.switches) {
        match counted.iter_mut().find(|(known, _)| known == switch) {
            Some((_, count)) => *count += 1,
            None => counted.push((*switch, 1)),
        }
    }
    counted.sort_unstable();
    for (switch, count) in counted {
        let cases = if count == 1 { "case depends" } else { "cases depend" };
        let _ = writeln!(
            out,
            "note: {count} passing {cases} on undocumented behaviour ({switch}: {})",
            switch.question()
        );
    }
}
