//! What changed for whom.

use iamsure_account::{Aspect, Change, Presence};
use iamsure_review::answer_form::{VERSION, request, word};
use iamsure_truth::comparison::{ChangedRow, Comparison};
use iamsure_truth::table::Column;
use serde_json::{Value, json};

use super::{Account, count};
use crate::render::cells::cells;
use crate::render::comparison::{one_line, without_caller};
use crate::render::json::pretty;
use crate::render::listing::Listing;

/// What was found.
pub(crate) struct Report<'a> {
    pub(crate) before: &'a Account,
    pub(crate) after: &'a Account,
    pub(crate) found: &'a [Change],
}

const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Both => "changed",
        Presence::Added => "added",
        Presence::Removed => "removed",
    }
}

pub(super) const fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Access => "access",
        Aspect::Trust => "trust",
    }
}

/// What became of the access as a whole.
fn direction(comparison: &Comparison) -> &'static str {
    match (comparison.widens(), comparison.narrows()) {
        (true, true) => "widened and narrowed",
        (true, false) => "widened",
        (false, true) => "narrowed",
        (false, false) => "may differ",
    }
}

/// The request that shows it best: one that is allowed now.
fn example(comparison: &Comparison) -> Option<&ChangedRow> {
    let shown = || comparison.rows.iter().filter(|row| row.is_shown() && row.may_occur());
    shown().min_by_key(|row| row.direction())
}

impl Report<'_> {
    /// For people.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        let compared = self.after.principals.principals.len();
        let mut whom: Vec<&str> = self.found.iter().map(|change| change.arn.as_str()).collect();
        whom.dedup();
        if whom.is_empty() {
            listing.line(format!(
                "The same access for {}",
                count(compared, "principal", "principals")
            ));
        } else {
            listing.line(format!(
                "{} changed of {}",
                count(whom.len(), "principal", "principals"),
                compared
            ));
        }
        let rows = self.found.iter().map(|change| {
            let what = format!("{} ({})", presence(change.presence), aspect(change.aspect));
            let (direction, shown) = match &change.comparison {
                Err(why) => ("not decided", why.clone()),
                Ok(comparison) => (
                    direction(comparison),
                    example(comparison)
                        .and_then(|row| {
                            let request = row.row.witness.as_ref()?;
                            let shown = match change.aspect {
                                Aspect::Access => without_caller(request),
                                Aspect::Trust => one_line(request),
                            };
                            Some(format!("{shown}: {} → {}", row.before.words(), row.after.words()))
                        })
                        .unwrap_or_default(),
                ),
            };
            vec![change.arn.clone(), what, direction.to_owned(), shown]
        });
        listing.table(&["Principal", "What", "Access", "Request"], rows.collect());
        self.before.footer_of_remarks(&mut listing);
        self.after.footer(&mut listing);
        listing
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        let row = |columns: &[Column], row: &ChangedRow| {
            json!({
                "cells": cells(columns, &row.row),
                "before": word(row.before.words()),
                "after": word(row.after.words()),
                "change": word(row.direction().word()),
                "witness": row.row.witness.as_ref().map(request),
            })
        };
        let principals: Vec<Value> = self
            .found
            .iter()
            .map(|change| {
                let comparison = change.comparison.as_ref().ok();
                json!({
                    "arn": change.arn,
                    "address": change.address,
                    "presence": presence(change.presence),
                    "aspect": aspect(change.aspect),
                    "access": comparison.map(|found| word(direction(found))),
                    "rows": comparison.map(|found| found.rows.iter().map(|changed| row(&found.columns, changed)).collect::<Vec<_>>()),
                    "undecided": change.comparison.as_ref().err(),
                })
            })
            .collect();
        let notes: Vec<&String> = self.before.remarks.iter().chain(&self.after.remarks).collect();
        pretty(&json!({
            "version": VERSION,
            "question": "diff",
            "principals": principals,
            "notes": notes,
            "referenceData": iamsure_reference::captured(),
        }))
    }
}
