//! Which roles holders of tokens can have.

use iamsure_account::TokenRole;
use iamsure_core::language::symbol::placeholders;
use iamsure_core::world::Request;
use iamsure_review::answer_form::{self, VERSION};
use serde_json::{Value, json};

use super::{Account, can_or_may};
use crate::render::cells::cells;
use crate::render::listing::Listing;
use crate::render::table::when;
use crate::render::words;

/// What was found.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) found: &'a [TokenRole],
}

impl Report<'_> {
    /// How many roles accept some token.
    pub(crate) fn open(&self) -> usize {
        self.found.iter().filter(|role| !role.rows.is_empty()).count()
    }

    /// For people.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = self.body();
        self.account.footer(&mut listing);
        listing
    }

    /// What [`listing`](Self::listing) says of the roles themselves.
    pub(crate) fn body(&self) -> Listing {
        let mut listing = Listing::default();
        let is_certain = |role: &&TokenRole| role.rows.iter().any(|(_, is_certain)| *is_certain);
        let certain = self.found.iter().filter(is_certain).count();
        let what = "be assumed with an identity-provider token";
        listing.line(can_or_may(certain, self.open() - certain, ["role", "roles"], what));
        let mut rows = Vec::new();
        for role in self.found {
            let report = match &role.table {
                Ok(report) => report,
                Err(why) => {
                    rows.push(vec![role.role.clone(), format!("not decided: {why}")]);
                    continue;
                }
            };
            let mut name = role.role.clone();
            for (number, is_certain) in &role.rows {
                let Some(row) = report.table.rows.get(*number) else { continue };
                let text = when(&report.table.columns, row);
                let text = if text.is_empty() { "any token".to_owned() } else { text };
                let text = if *is_certain { text } else { format!("possibly allowed: {text}") };
                rows.push(vec![std::mem::take(&mut name), text]);
            }
            if role.rows.is_empty() {
                rows.push(vec![name, "no token".to_owned()]);
            }
        }
        listing.table(&["Role", "With"], rows);
        for role in self.found {
            let symbols = role.table.iter().map(|report| &report.grounds.symbols);
            for symbols in symbols.filter(|symbols| !symbols.is_empty()) {
                listing.line(format!(
                    "- {} depends on {}.",
                    role.role,
                    words::known_later(symbols)
                ));
            }
        }
        listing
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let role = |found: &TokenRole| {
            let report = found.table.as_ref().ok();
            let rows: Vec<Value> = report
                .iter()
                .flat_map(|report| found.rows.iter().map(move |row| (report, row)))
                .filter_map(|(report, (number, is_certain))| {
                    let row = report.table.rows.get(*number)?;
                    // A caller that is known later makes no request yet.
                    let is_known = |request: &Request| {
                        placeholders(&request.requester.principal.display_arn()).is_empty()
                    };
                    let request = row.witness.as_ref().filter(|request| is_known(request));
                    let request = request.zip(row.decision.as_ref());
                    Some(json!({
                        "cells": cells(&report.table.columns, row),
                        "certain": is_certain,
                        "witness": request.map(|(request, decision)| {
                            answer_form::witness(request, decision, &report.grounds.policies)
                        }),
                    }))
                })
                .collect();
            json!({
                "arn": found.role,
                "rows": rows,
                "symbols": report.map(|report| &report.grounds.symbols),
                "undecided": found.table.as_ref().err(),
            })
        };
        json!({
            "version": VERSION,
            "question": "tokens",
            "roles": self.found.iter().map(role).collect::<Vec<_>>(),
            "notes": self.account.remarks,
            "referenceData": iamsure_reference::captured(),
        })
    }
}
