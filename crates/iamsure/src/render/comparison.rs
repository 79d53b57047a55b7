//! What changed between two versions of policies.

use std::fmt::Write as _;

use iamsure_core::decision::Decision;
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{KeyState, Principal, Request};
use iamsure_review::answer_form::{self, VERSION, request, word};
use iamsure_review::foreign::markdown_with_code;
use iamsure_truth::comparison::{ChangedRow, Comparison, Direction};
use iamsure_truth::phrase::Phrase;
use iamsure_truth::said::Said;
use iamsure_truth::table::Reach;
use serde_json::{Value, json};

use super::cells::cells;
use super::grid::Grid;
use super::json::pretty;
use super::layout::Drawing;
use super::table::{bare, coded, when};
use super::{grounds, words};
use crate::streams::Finished;

/// What changed, and how it was asked.
pub(crate) struct Report<'a> {
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) comparison: &'a Comparison,
    pub(crate) open_world: bool,
    pub(crate) asked_only: Vec<String>,
    pub(crate) examples: bool,
}

impl Report<'_> {
    /// The answer in one line.
    pub(super) fn headline(&self) -> String {
        let comparison = self.comparison;
        let versions = format!("{} → {}", self.before, self.after);
        if comparison.is_same() {
            let whatever = if comparison.callers_own {
                ", whatever the callers' own policies allow"
            } else {
                ""
            };
            return format!("{versions}: the same decisions on every request{whatever}");
        }
        let mut counts = Vec::new();
        for direction in [Direction::Widened, Direction::Narrowed, Direction::Reason] {
            let count = comparison.rows.iter().filter(|row| row.direction() == direction).count();
            let occurring = comparison
                .rows
                .iter()
                .filter(|row| row.direction() == direction && row.may_occur())
                .count();
            if count > 0 {
                let unreachable = match count - occurring {
                    0 => String::new(),
                    some if some == count => ", unreachable".to_owned(),
                    some => format!(", {some} of them unreachable"),
                };
                counts.push(format!("{count} {}{unreachable}", direction.word()));
            }
        }
        let verdict = match (comparison.widens(), comparison.narrows()) {
            (true, true) => "grants new access and takes access away",
            (true, false) => "grants new access",
            (false, true) => "takes access away",
            (false, false) if comparison.is_open() => {
                "no request with a different decision was found, but none could be ruled out"
            }
            (false, false) => "the same access, denied for other reasons",
        };
        let delegated = comparison.rows.iter().all(|row| row.only_if_delegated);
        let depends = match comparison.grounds.missing.as_slice() {
            _ if comparison.rows.iter().all(|row| row.only_if_allowed) => {
                ", if the callers' own policies allow it too"
            }
            [] => "",
            _ if !delegated => "",
            [PolicyType::Trust] => ", if the role's trust policy trusts the account (--trust FILE)",
            _ => ", if the KMS key policy delegates to IAM (--resource-policy FILE)",
        };
        format!("{versions}: {verdict}{depends} ({})", counts.join("; "))
    }

    fn grid(&self, phrase: &dyn Fn(&Phrase) -> String) -> Vec<Vec<String>> {
        self.grid_of(phrase, &str::to_owned)
    }

    /// The rows, a heading first. `phrase` writes a phrase, and `text` any other text.
    pub(super) fn grid_of<T>(
        &self,
        phrase: &dyn Fn(&Phrase) -> T,
        text: &dyn Fn(&str) -> T,
    ) -> Vec<Vec<T>> {
        let columns = &self.comparison.columns;
        let mut header = vec![text("#")];
        header.extend(columns.iter().map(|column| phrase(&column.heading())));
        header.extend(["Before", "After", "Change"].map(text));
        let mut rows = vec![header];
        for (number, changed) in self.comparison.rows.iter().enumerate() {
            let mut row = vec![text(&(number + 1).to_string())];
            row.extend(columns.iter().map(|column| {
                phrase(&changed.row.cells.get(column).unwrap_or(&Said::Any).phrase())
            }));
            row.extend([
                text(changed.before.words()),
                text(changed.after.words()),
                text(changed.direction().word()),
            ]);
            rows.push(row);
        }
        rows
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let comparison = self.comparison;
        let mut notes = Vec::new();
        for (number, changed) in comparison.rows.iter().enumerate() {
            if let Reach::Unreachable(reason) | Reach::Unknown(reason) = &changed.row.reach {
                notes.push(format!("Row {}: {} ({reason}).", number + 1, changed.row.reach.name()));
            }
        }
        let those = |are: &dyn Fn(&ChangedRow) -> bool| {
            let rows = comparison.rows.iter().enumerate().filter(|(_, changed)| are(changed));
            let numbers: Vec<String> = rows.map(|(number, _)| (number + 1).to_string()).collect();
            let noun = if numbers.len() == 1 { "row" } else { "rows" };
            (!numbers.is_empty()).then(|| format!("{noun} {}", numbers.join(", ")))
        };
        if let Some(rows) = those(&|changed| changed.only_if_delegated) {
            notes.push(format!("Only if the policy that is not given delegates to IAM: {rows}."));
        }
        if let Some(rows) = those(&|changed| changed.only_if_allowed) {
            notes.push(format!(
                "Only if the callers' own policies, which are not given, allow the request: {rows}."
            ));
        }
        notes.push(if self.open_world {
            "Open world: compared with an Allow for everything added to both versions.".to_owned()
        } else {
            "Only these policies are considered; --open-world also covers Allows added later."
                .to_owned()
        });
        notes.extend(grounds::of_callers(&comparison.grounds));
        notes.extend(grounds::of_policies(&comparison.grounds));
        notes.extend(grounds::other_sessions(&comparison.grounds));
        notes.extend(grounds::of_keys(&comparison.grounds));
        notes.extend(grounds::of_switches(&comparison.grounds));
        notes.push(grounds::exhaustive(&self.asked_only));
        notes
    }
}

/// One request of a row, and who decided it before and after.
pub(super) fn example(changed: &ChangedRow) -> Option<String> {
    let request = changed.row.witness.as_ref()?;
    let by = |decision: &Option<Decision>| {
        decision.as_ref().map_or_else(String::new, |decision| format!(" ({})", decision.by))
    };
    Some(format!(
        "{}: {}{} → {}{}",
        one_line(request),
        changed.before.words(),
        by(&changed.decision_before),
        changed.after.words(),
        by(&changed.row.decision),
    ))
}

/// "s3:GetObject on arn:… by arn:… with aws:SourceIp=192.0.2.1".
pub(crate) fn one_line(request: &Request) -> String {
    let who = request.requester.principal.display_arn();
    format!("{} on {} by {who}{}", request.action, request.resource, with(request, &[]))
}

/// As [`one_line`], where it is known who asks: "s3:GetObject on arn:… with aws:SourceIp=192.0.2.1". Of a role that does not
/// say which of its sessions.
pub(crate) fn without_caller(request: &Request) -> String {
    let mut follows = derived_keys(request);
    if matches!(request.requester.principal, Principal::RoleSession { .. }) {
        follows.retain(|(key, _)| key.folded() != "aws:userid");
    }
    format!("{} on {}{}", request.action, request.resource, with(request, &follows))
}

/// " with aws:SourceIp=192.0.2.1", without the keys that follow from something; empty if there are no others.
fn with(request: &Request, follows: &[(ConditionKey, KeyState)]) -> String {
    let keys: Vec<String> = request
        .context
        .entries()
        .filter(|(_, state)| **state != KeyState::Unknown)
        .filter(|(key, state)| !follows.iter().any(|(known, is)| (known, is) == (*key, *state)))
        .map(|(key, state)| match state {
            KeyState::Absent => format!("{key} absent"),
            other => format!("{key}={}", words::state(other)),
        })
        .collect();
    if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(", ")) }
}

/// For a terminal.
pub(crate) fn table(report: &Report<'_>, drawing: Drawing) -> Finished {
    let mut out = Finished::default();
    drawing.lines(&report.headline(), "", &mut out);
    for sentence in report.comparison.grounds.beside.sentences() {
        drawing.lines(&sentence, "", &mut out);
    }
    out.push_str("\n");
    if !report.comparison.is_same() {
        let mut rows = report.grid(&bare).into_iter();
        let header: Vec<Vec<String>> = rows.by_ref().take(1).collect();
        let columns = header.first().map_or(0, Vec::len);
        // Before, after, and what changed.
        let verdicts = (columns.saturating_sub(3)..columns).collect();
        out.push(&Grid { header, body: rows.collect(), verdicts }.draw(drawing));
        out.push_str("\n");
        for (number, changed) in report.comparison.rows.iter().enumerate() {
            let wanted = report.examples || changed.direction() != Direction::Reason;
            if let Some(text) = example(changed).filter(|_| wanted) {
                drawing.lines(&format!("Example of row {}: {text}.", number + 1), "  ", &mut out);
            }
        }
        out.push_str("\n");
    }
    for note in report.notes() {
        drawing.lines(&note, "  ", &mut out);
    }
    out
}

/// For a comment on a pull request.
pub(crate) fn markdown(report: &Report<'_>) -> String {
    let mut out = format!("**{}**\n", markdown_with_code(&report.headline()));
    for sentence in report.comparison.grounds.beside.sentences() {
        let _ = write!(out, "\n{}\n", markdown_with_code(&sentence));
    }
    if !report.comparison.is_same() {
        out.push('\n');
        for (index, row) in report.grid(&coded).into_iter().enumerate() {
            let _ = writeln!(out, "| {} |", row.join(" | "));
            if index == 0 {
                let _ = writeln!(out, "| {} |", vec!["---"; row.len()].join(" | "));
            }
        }
        out.push_str("\n<details><summary>A request for each row</summary>\n\n");
        for (number, changed) in report.comparison.rows.iter().enumerate() {
            if let Some(text) = example(changed) {
                let _ = writeln!(out, "{}. {}", number + 1, markdown_with_code(&text));
            }
        }
        out.push_str("\n</details>\n");
    }
    out.push_str("\n<details><summary>Assumptions and scope</summary>\n\n");
    for note in report.notes() {
        let _ = writeln!(out, "- {}", markdown_with_code(&note));
    }
    out.push_str("\n</details>\n");
    out
}

/// For spreadsheets: a line for each row that differs, of whatever is compared.
///
/// # Errors
/// If the records cannot be written.
pub(crate) fn csv(reports: &[Report<'_>]) -> Result<String, String> {
    let header = ["Of", "When", "Before", "After", "Change", "Reach", "Request"];
    let mut records = vec![header.map(str::to_owned)];
    for report in reports {
        records.extend(report.comparison.rows.iter().map(|changed| {
            let request = changed.row.witness.as_ref().map(one_line);
            [
                report.after.clone(),
                when(&report.comparison.columns, &changed.row),
                changed.before.words().to_owned(),
                changed.after.words().to_owned(),
                changed.direction().word().to_owned(),
                changed.row.reach.name().to_owned(),
                request.unwrap_or_default(),
            ]
        }));
    }
    super::csv::csv(records)
}

/// For programs: of a principal what it does, and under `trust` who becomes it.
pub(crate) fn json(reports: &[Report<'_>]) -> Finished {
    let mut reports = reports.iter().map(value);
    let mut first = reports.next().unwrap_or_default();
    if let (Some(trust), Some(members)) = (reports.next(), first.as_object_mut()) {
        members.insert("trust".to_owned(), trust);
    }
    pretty(&first)
}

fn value(report: &Report<'_>) -> Value {
    let comparison = report.comparison;
    let rows: Vec<Value> = comparison
        .rows
        .iter()
        .map(|changed| {
            json!({
                "cells": cells(&comparison.columns, &changed.row),
                "before": word(changed.before.words()),
                "after": word(changed.after.words()),
                "change": word(changed.direction().word()),
                "reach": changed.row.reach.name(),
                "onlyIfDelegated": changed.only_if_delegated,
                "onlyIfAllowed": changed.only_if_allowed,
                "witness": changed.row.witness.as_ref().map(request),
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "before": report.before,
        "after": report.after,
        "openWorld": report.open_world,
        "same": comparison.is_same(),
        "widens": comparison.widens(),
        "narrows": comparison.narrows(),
        "rows": rows,
        "beside": answer_form::beside(&comparison.grounds.beside),
        "switches": super::proof::choices(&comparison.grounds),
        "notes": report.notes(),
        "referenceData": iamsure_reference::captured(),
    })
}
