//! A cell about many requests: short in its place, its classes in a note below.

use std::collections::BTreeMap;

use iamsure_core::decision::Verdict;
use iamsure_core::world::policy_set::StatementId;
use iamsure_review::answer_form::{decision_word, request, word};
use iamsure_truth::ask::Assumed;
use iamsure_truth::matrix::{Classes, Deciding, Divided, Division, Wildcard};
use iamsure_truth::model::{Outcome, Subject};
use iamsure_truth::table::{Column, Reach, Row};
use iamsure_truth::unanswered::Unanswered;
use serde_json::{Map, Value, json};

use super::Report;
use crate::render::cells::cells;
use crate::render::words;

/// How many rows a note says; the rest is in JSON.
const SHOWN: usize = 8;

/// What is said where the callers' own policies were not given.
const CALLERS_NOT_GIVEN: &str = "No caller policies given";

/// What a policy that must be there and was not given is called.
const NOT_GIVEN: &str = "No role trust policy or KMS key policy given (--resource ARN with --trust or --resource-policy)";

/// A verdict in a cell.
const fn short(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allow",
        Verdict::ExplicitlyDenied => "DENY",
        Verdict::ImplicitlyDenied => "deny",
        Verdict::Exempt => "exempt",
    }
}

/// What a cell counts for in one word or three.
pub(super) fn outcome_word(divided: &Divided) -> &'static str {
    let Ok(division) = divided else { return "not decided" };
    match (division.verdict(), division.succeeds()) {
        (Some(verdict), _) => verdict.words(),
        (None, Some(true)) => "allowed",
        (None, Some(false)) => "denied",
        (None, None) if is_open(division) => "depends",
        (None, None) if division.verdicts.contains(&Verdict::Allowed) => "allowed for some",
        (None, None) => "exempt for some",
    }
}

/// Whether nothing is allowed for certain: all that is depends on policies that were not given.
fn is_open(division: &Division) -> bool {
    let allows = |classes: &Classes| {
        let allowed = Outcome::Verdict(Verdict::Allowed);
        classes.otherwise == Verdict::Allowed
            || classes.rows().any(|row| row.outcomes.one() == Some(allowed))
    };
    division.silent.as_ref().is_some_and(|silent| {
        silent.actions.is_none() && allows(&division.classes) && !allows(&silent.classes)
    })
}

impl Report<'_> {
    /// The text of a cell; `some` is the word for several outcomes.
    pub(super) fn divided_cell(&self, divided: &Divided, some: &str, note: Option<&str>) -> String {
        let mark = note.map(|note| format!(" ({note})")).unwrap_or_default();
        let Ok(division) = divided else { return format!("not decided{mark}") };
        if let Some(verdict) = division.verdict() {
            let by = self.always(division, verdict);
            let by = if by.is_empty() { by } else { format!(" {by}") };
            return format!("{}{by}{mark}", short(verdict));
        }
        if is_open(division) {
            return format!("depends{mark}");
        }
        if division.succeeds().is_none() && division.verdicts.contains(&Verdict::Allowed) {
            return format!("{some}{mark}");
        }
        let words: Vec<_> = division.verdicts.iter().rev().map(|verdict| short(*verdict)).collect();
        format!("{}{mark}", words.join(" / "))
    }

    /// The classes of a cell that is not one decision.
    pub(super) fn divided_note(&self, divided: &Divided) -> Option<String> {
        let division = match divided {
            Ok(division) => division,
            Err(error) => return Some(not_decided(error)),
        };
        let classes = self.classes(division, &division.classes, division.deciding.as_ref());
        let Some(silent) = &division.silent else {
            // One that nobody reaches is said where it would be another decision.
            let is_left_out = |row: &Row| matches!(row.reach, Reach::Unreachable(_));
            let is_mixed = division.verdict().is_none() || division.classes.rows().any(is_left_out);
            return is_mixed.then_some(classes);
        };
        let actions =
            silent.actions.as_ref().map_or_else(String::new, |actions| format!("for {actions} "));
        let [most, least] = &silent.assumes;
        if most.contains(&Assumed::Most) {
            return Some(format!(
                "{classes}. {actions}this holds {}; {}: {}",
                words::assumptions(most).unwrap_or_default(),
                words::assumptions(least).unwrap_or_default(),
                self.classes(division, &silent.classes, silent.deciding.as_ref())
            ));
        }
        if most.contains(&Assumed::CallersAllow) {
            return Some(format!(
                "{classes}. {CALLERS_NOT_GIVEN}: {actions}this holds if they allow such requests; if they do not: {}",
                self.classes(division, &silent.classes, silent.deciding.as_ref())
            ));
        }
        Some(format!(
            "{classes}. {NOT_GIVEN}: {actions}this holds if that policy delegates to IAM; if it does not allow the caller: {}",
            self.classes(division, &silent.classes, silent.deciding.as_ref())
        ))
    }

    /// All requests in a sentence, to be read from the left: "explicitly denied by [2] if …; otherwise
    /// allowed by [1] for `s3:GetObject`; otherwise implicitly denied".
    fn classes(
        &self,
        division: &Division,
        classes: &Classes,
        deciding: Option<&BTreeMap<Verdict, Deciding>>,
    ) -> String {
        let mut parts = Vec::new();
        let mut left = SHOWN;
        let verdicts = [
            Verdict::Exempt,
            Verdict::ExplicitlyDenied,
            Verdict::Allowed,
            Verdict::ImplicitlyDenied,
        ];
        for verdict in verdicts {
            let is_of = |row: &&Row| row.outcomes.one() == Some(Outcome::Verdict(verdict));
            let rows: Vec<&Row> = classes.rows().filter(is_of).collect();
            if rows.is_empty() {
                continue;
            }
            let mut said: Vec<String> = rows.iter().take(left).map(|row| class(row)).collect();
            left -= said.len();
            if said.len() < rows.len() {
                said.push(format!("{} more, in --format json", rows.len() - said.len()));
            }
            let by = self.deciding(deciding, verdict);
            parts.push(format!("{verdict}{by} {}", said.join(", or ")).trim_end().to_owned());
        }
        if division.verdicts.contains(&classes.otherwise) {
            let by = self.deciding(deciding, classes.otherwise);
            parts.push(format!("{}{by}", classes.otherwise));
        }
        parts.join("; otherwise ")
    }

    /// The statements that match wherever a verdict is given.
    fn always(&self, division: &Division, verdict: Verdict) -> String {
        let deciding = division.deciding.as_ref().and_then(|all| all.get(&verdict));
        deciding.map(|deciding| self.bracketed(&deciding.always).concat()).unwrap_or_default()
    }

    /// The statements behind a verdict: " by [1]", or " by one or more of [1][2]" where none is behind all
    /// of it.
    fn deciding(&self, deciding: Option<&BTreeMap<Verdict, Deciding>>, verdict: Verdict) -> String {
        let Some(deciding) = deciding.and_then(|all| all.get(&verdict)) else {
            return String::new();
        };
        let (always, sometimes) =
            (self.bracketed(&deciding.always), self.bracketed(&deciding.sometimes));
        // What stands in for policies that were not given may be behind it as well.
        if always.is_empty() && !deciding.always.is_empty() {
            return String::new();
        }
        match (always.as_slice(), sometimes.as_slice()) {
            ([], []) => String::new(),
            (_, []) => format!(" by {}", always.concat()),
            ([], _) => format!(" by one or more of {}", sometimes.concat()),
            _ => format!(" by {}, some also by {}", always.concat(), sometimes.concat()),
        }
    }

    fn bracketed(&self, statements: &[StatementId]) -> Vec<String> {
        let numbers = statements.iter().filter_map(|id| self.number(id));
        numbers.map(|number| format!("[{number}]")).collect()
    }

    /// The classes of a cell, one record each, in the columns of the CSV form.
    pub(super) fn divided_records(
        &self,
        wildcard: &Wildcard,
        divided: &Divided,
        path: &str,
    ) -> Vec<[String; 9]> {
        let resource = wildcard.resource.clone().unwrap_or_default();
        let record = |decision: &str, statements: String, when: String| {
            let word = outcome_word(divided);
            let action = wildcard.stands_for.name();
            [action, &resource, path, word, decision, "", &statements, &when, ""].map(str::to_owned)
        };
        let division = match divided {
            Ok(division) => division,
            Err(error) => return vec![record("", String::new(), not_decided(error))],
        };
        let silent = division.silent.as_ref();
        let all = [(&division.classes, None, silent.map(|silent| &silent.assumes[0]))]
            .into_iter()
            .chain(silent.map(|silent| {
                (&silent.classes, silent.actions.as_ref(), Some(&silent.assumes[1]))
            }));
        let mut records = Vec::new();
        for (classes, actions, assumed) in all {
            let said = |text: &str| {
                let actions = actions.map(|actions| format!("for {actions}")).unwrap_or_default();
                let assumed = assumed.and_then(|all| words::assumptions(all)).unwrap_or_default();
                [&assumed, &actions, text]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            for row in classes.rows() {
                let Some(Outcome::Verdict(verdict)) = row.outcomes.one() else { continue };
                let names = self.sids(division, verdict);
                records.push(record(verdict.words(), names, said(&class(row))));
            }
            if division.verdicts.contains(&classes.otherwise) {
                let otherwise = if classes.rows().next().is_none() { "" } else { "otherwise" };
                let names = self.sids(division, classes.otherwise);
                records.push(record(classes.otherwise.words(), names, said(otherwise)));
            }
        }
        records
    }

    /// The statements that match wherever a verdict is given, by Sid.
    fn sids(&self, division: &Division, verdict: Verdict) -> String {
        let deciding = division.deciding.as_ref().and_then(|all| all.get(&verdict));
        let name = |id: &StatementId| {
            let (_, statement) = self.policies.statement(*id)?;
            Some(statement.sid().map_or_else(|| format!("#{}", id.statement + 1), str::to_owned))
        };
        let names = deciding.iter().flat_map(|deciding| &deciding.always).filter_map(name);
        names.collect::<Vec<_>>().join(" ")
    }

    /// The classes of a cell for programs.
    pub(super) fn divided_value(&self, divided: &Divided) -> Value {
        let division = match divided {
            Ok(division) => division,
            Err(error) => {
                return json!({
                    "outcome": "notDecided", "why": not_decided(error), "outcomes": [], "rows": [],
                    "otherwise": null, "ifSilent": null, "statements": null,
                });
            }
        };
        let rows = |classes: &Classes| -> Vec<Value> {
            classes.rows().map(|row| row_value(classes, row)).collect()
        };
        let deciding: Map<String, Value> = division
            .deciding
            .iter()
            .flatten()
            .map(|(verdict, deciding)| {
                let numbers = |statements: &[StatementId]| -> Vec<usize> {
                    statements.iter().filter_map(|id| self.number(id)).collect()
                };
                let value = json!({
                    "always": numbers(&deciding.always),
                    "sometimes": numbers(&deciding.sometimes),
                });
                (decision_word(*verdict).to_owned(), value)
            })
            .collect();
        json!({
            "outcome": word(outcome_word(divided)),
            "why": null,
            "outcomes": division.verdicts.iter().copied().map(decision_word).collect::<Vec<_>>(),
            "rows": rows(&division.classes),
            "otherwise": decision_word(division.classes.otherwise),
            "ifSilent": division.silent.as_ref().map(|silent| json!({
                "actions": silent.actions.as_ref().map(ToString::to_string),
                "rows": rows(&silent.classes),
                "otherwise": decision_word(silent.classes.otherwise),
            })),
            "statements": division.deciding.is_some().then_some(deciding),
        })
    }
}

fn not_decided(error: &Unanswered) -> String {
    match error {
        Unanswered::TooComplex(error) => {
            format!("NOT DECIDED: {error}; try fewer actions, one resource, or --context")
        }
        error => format!("NOT DECIDED: {error}. Please report it"),
    }
}

/// The requests of a row: "for `s3:GetObject` on `arn:…` if aws:SourceIp is …".
fn class(row: &Row) -> String {
    let mut parts = Vec::new();
    if let Some(actions) = row.cells.get(&Column::Action) {
        parts.push(format!("for {actions}"));
    }
    if let Some(resources) = row.cells.get(&Column::Subject(Subject::Resource)) {
        let words = resources.to_string();
        parts.push(match words.strip_prefix("not ") {
            Some(form) if form.starts_with("of ") => format!("on resources {words}"),
            Some(others) => format!("on resources other than {others}"),
            None if words.starts_with("of ") => format!("on resources {words}"),
            None => format!("on {words}"),
        });
    }
    let conditions: Vec<String> = row
        .cells
        .iter()
        .filter_map(|(column, said)| match column {
            Column::Principal | Column::Action | Column::Subject(Subject::Resource) => None,
            Column::Subject(_) => Some(words::cell(column, said)),
        })
        .collect();
    if !conditions.is_empty() {
        parts.push(format!("if {}", conditions.join(" and ")));
    }
    for none in &row.not_for {
        let actions: Vec<_> = none.actions.iter().map(|action| action.name()).collect();
        parts.push(format!(
            "(never for {}: requests do not carry {})",
            actions.join(", "),
            none.key
        ));
    }
    match &row.reach {
        Reach::Reachable => {}
        Reach::Unreachable(reason) => parts.push(format!("(unreachable: {reason})")),
        Reach::Unknown(reason) => {
            parts.push(format!("(such requests may not exist: {reason})"));
        }
    }
    parts.join(" ")
}

fn row_value(classes: &Classes, row: &Row) -> Value {
    let reason = match &row.reach {
        Reach::Reachable => None,
        Reach::Unreachable(reason) | Reach::Unknown(reason) => Some(reason.as_str()),
    };
    json!({
        "outcomes": row.outcomes.iter().map(|outcome| word(outcome.words())).collect::<Vec<_>>(),
        "cells": cells(row.cells.keys(), row),
        "actions": classes.actions(row).map(|set| set.iter().map(iamsure_reference::Action::name).collect::<Vec<_>>()),
        "reach": row.reach.name(),
        "reason": reason,
        "witness": row.witness.as_ref().map(request),
    })
}
