//! What changed for whom.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_account::{Aspect, Change, Presence};
use iamsure_core::language::PolicyType;
use iamsure_review::answer_form::{VERSION, request, word};
use iamsure_truth::comparison::{ChangedRow, Comparison};
use iamsure_truth::table::Column;
use serde_json::{Value, json};

use super::{Account, count};
use crate::render::cells::cells;
use crate::render::comparison::{one_line, without_caller};
use crate::render::grounds;
use crate::render::listing::Listing;

/// What was found.
pub(crate) struct Report<'a> {
    pub(crate) before: &'a Account,
    pub(crate) after: &'a Account,
    pub(crate) found: &'a [Change],
    /// Of plans and templates, how many policies of no principal there are after.
    pub(crate) policies: Option<usize>,
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
        Aspect::Policy => "policy",
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
    /// How many changed of how many.
    pub(crate) fn headline(&self) -> String {
        let described = &self.after.principals;
        let principals = described.principals.len() + described.unasked.len();
        let of_principals = self.counted(principals, &|change| change.aspect != Aspect::Policy);
        let Some(policies) = self.policies else {
            return match of_principals {
                None => {
                    format!(
                        "Access is unchanged for {}",
                        count(principals, "principal", "principals")
                    )
                }
                Some((number, words)) => {
                    format!("{} {words}", count(number, "principal", "principals"))
                }
            };
        };
        let of_policies = self.counted(policies, &|change| change.aspect == Aspect::Policy);
        let part = |what: [&str; 2], of: usize, counted: Option<(usize, String)>| match counted {
            None => format!("0 {} changed of {of}", what[1]),
            Some((number, words)) => format!("{} {words}", count(number, what[0], what[1])),
        };
        format!(
            "{}; {}",
            part(["principal", "principals"], principals, of_principals),
            part(["other policy", "other policies"], policies, of_policies)
        )
    }

    /// How many of some changed, and the rest of the sentence; `None` if none did.
    fn counted(&self, of: usize, are: &dyn Fn(&Change) -> bool) -> Option<(usize, String)> {
        let mut by_address: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in self.found.iter().filter(|change| are(change)) {
            by_address.entry(&change.address).or_default().push(change);
        }
        let number = |is: &dyn Fn(&Comparison) -> bool| {
            let has = |changes: &&Vec<&Change>| {
                changes.iter().any(|change| change.comparison.as_ref().is_ok_and(is))
            };
            by_address.values().filter(has).count()
        };
        let changed = number(&|_| true);
        let widened = number(&Comparison::widens);
        let undecided = by_address.len() - changed;
        let widened = if widened > 0 { format!(" ({widened} widened)") } else { String::new() };
        let undecided =
            if undecided > 0 { format!(", {undecided} not decided") } else { String::new() };
        (!by_address.is_empty()).then(|| (changed, format!("changed of {of}{widened}{undecided}")))
    }

    /// For people.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = self.body();
        self.before.footer_of_remarks(&mut listing);
        self.after.footer(&mut listing);
        listing
    }

    /// What [`listing`](Self::listing) says of the changes themselves.
    pub(crate) fn body(&self) -> Listing {
        let mut listing = Listing::default();
        listing.line(self.headline());
        let rows = self.found.iter().map(|change| {
            let of_what =
                change.layer.map_or_else(|| aspect(change.aspect), |layer| layer.aws_name());
            let what = format!("{} ({of_what})", presence(change.presence));
            let (direction, shown) = match &change.comparison {
                Err(why) => ("not decided", why.clone()),
                Ok(comparison) => (
                    direction(comparison),
                    example(comparison)
                        .and_then(|row| {
                            let request = row.row.witness.as_ref()?;
                            let shown = match change.aspect {
                                Aspect::Access => without_caller(request),
                                Aspect::Trust | Aspect::Policy => one_line(request),
                            };
                            Some(format!("{shown}: {} → {}", row.before.words(), row.after.words()))
                        })
                        .unwrap_or_default(),
                ),
            };
            let by_arn = change.arn.as_ref().filter(|_| self.policies.is_none());
            vec![by_arn.unwrap_or(&change.address).clone(), what, direction.to_owned(), shown]
        });
        let of_what = if self.policies.is_some() { "Address" } else { "Principal" };
        listing.table(&[of_what, "What", "Access", "Request"], rows.collect());
        let comparisons = self.found.iter().filter_map(|change| change.comparison.as_ref().ok());
        let symbols: BTreeSet<String> = comparisons
            .flat_map(|comparison| comparison.grounds.literal_symbols.iter().cloned())
            .collect();
        if let Some(note) = grounds::compared_literally(&symbols) {
            listing.line(format!("- {note}"));
        }
        listing
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
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
                    "layer": change.layer.map(PolicyType::name),
                    "access": comparison.map(|found| word(direction(found))),
                    "rows": comparison.map(|found| found.rows.iter().map(|changed| row(&found.columns, changed)).collect::<Vec<_>>()),
                    "undecided": change.comparison.as_ref().err(),
                })
            })
            .collect();
        let notes: Vec<&String> = self.before.remarks.iter().chain(&self.after.remarks).collect();
        json!({
            "version": VERSION,
            "question": "diff",
            "principals": principals,
            "notes": notes,
            "referenceData": iamsure_reference::captured(),
        })
    }
}
