//! Who can, and when.

use iamsure_account::{About, Access, AccountPrincipal, Asked, OneCan, Unasked, When, WhoCan};
use iamsure_review::answer_form::{self, VERSION};
use iamsure_truth::model::Subject;
use iamsure_truth::table::{Column, Row, TableReport};
use serde_json::{Value, json};

use super::{Account, assumed, count};
use crate::render::cells::cells;
use crate::render::listing::Listing;
use crate::render::table::when;

const HEADER: [&str; 3] = ["Principal", "Can", "When"];

/// An answer with what was asked.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) action: &'a str,
    pub(crate) resources: &'a [String],
    pub(crate) answer: &'a WhoCan,
    /// Policies of resources that may be of the one in question.
    pub(crate) open: &'a [Unasked],
    /// Whether those who never can are listed too.
    pub(crate) all: bool,
}

impl Report<'_> {
    fn each(&self) -> impl Iterator<Item = (&AccountPrincipal, &OneCan)> {
        self.account.principals.principals.iter().zip(&self.answer.answers)
    }

    fn number(&self, access: Access) -> usize {
        let known = self.answer.answers.iter().filter(|one| one.access == access).count();
        let unknown = if access == Access::Depends { self.principals_unasked().len() } else { 0 };
        known + unknown
    }

    /// The principals that nothing can be asked about.
    fn principals_unasked(&self) -> &[Unasked] {
        &self.account.principals.unasked
    }

    /// What leaves the answer open, with the reason.
    fn unasked(&self) -> impl Iterator<Item = &Unasked> {
        self.principals_unasked().iter().chain(self.open)
    }

    fn question(&self) -> String {
        let on = match self.resources {
            [] => "any resource".to_owned(),
            resources => resources.join(", "),
        };
        format!("{} on {on}", self.action)
    }

    fn tables(&self) -> impl Iterator<Item = &TableReport> {
        self.answer.tables.iter().filter_map(|asked| asked.table.as_ref())
    }

    /// The choices where AWS is silent by which some answer would be another.
    fn switches(&self) -> Vec<&'static str> {
        let switches = self.tables().flat_map(|table| table.grounds.switches.iter().flatten());
        let mut names: Vec<_> = switches.map(|(switch, _)| switch.id()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn assumed(&self) -> Vec<String> {
        assumed(self.tables().map(|table| &table.grounds))
    }

    /// For people: the widest access first.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        let counts: Vec<String> = Access::ALL
            .into_iter()
            .filter(|access| self.number(*access) > 0)
            .map(|access| format!("{} {}", self.number(access), access.word()))
            .collect();
        listing.line(format!("{}: {}", counts.join(", "), self.question()));
        listing.line(format!(
            "{} with {}",
            count(
                self.answer.answers.len() + self.principals_unasked().len(),
                "principal",
                "principals"
            ),
            count(
                self.account.principals.sets.len(),
                "distinct policy set",
                "distinct policy sets"
            ),
        ));
        let mut rows = Vec::new();
        for access in Access::ALL {
            if access == Access::Never && !self.all {
                continue;
            }
            for (principal, one) in self.each().filter(|(_, one)| one.access == access) {
                self.rows(principal, one, &mut rows);
            }
            if access == Access::Depends {
                rows.extend(self.unasked().map(unasked));
            }
        }
        listing.table(&HEADER, rows);
        let never = self.number(Access::Never);
        if never > 0 && !self.all {
            listing.line(format!(
                "- {} never can; --all lists {}.",
                count(never, "principal", "principals"),
                if never == 1 { "it" } else { "them" }
            ));
        }
        if !self.switches().is_empty() {
            listing.line(format!(
                "- Some answers depend on undocumented behaviour ({}); `iamsure explain` describes each.",
                self.switches().join(", ")
            ));
        }
        self.assumed().iter().for_each(|sentence| listing.line(format!("- {sentence}")));
        self.account.footer(&mut listing);
        listing
    }

    /// For spreadsheets: everybody, a line for each condition.
    pub(crate) fn records(&self) -> Listing {
        let mut rows = Vec::new();
        for (principal, one) in self.each() {
            let mut own = Vec::new();
            self.rows(principal, one, &mut own);
            for row in &mut own {
                let named = [&*principal.arn, one.access.word()].map(str::to_owned);
                row.splice(..2, named);
            }
            rows.extend(own);
        }
        rows.extend(self.unasked().map(unasked));
        let mut listing = Listing::default();
        listing.table(&HEADER, rows);
        listing
    }

    /// The lines of one principal.
    fn rows(&self, principal: &AccountPrincipal, one: &OneCan, rows: &mut Vec<Vec<String>>) {
        let name = self.account.name(principal).to_owned();
        let mut whens = self.whens(one).into_iter();
        rows.push(vec![name, one.access.word().to_owned(), whens.next().unwrap_or_default()]);
        rows.extend(whens.map(|when| vec![String::new(), String::new(), when]));
    }

    /// When a principal can, a condition a row; and why that is not all known.
    fn whens(&self, one: &OneCan) -> Vec<String> {
        let is_open = matches!(one.access, Access::Sometimes | Access::Depends);
        let rows = one.rows.iter().filter(|_| is_open);
        let rows = rows.filter_map(|found| {
            let (asked, report, row) = self.row(found)?;
            let of_what = about(asked, report, row);
            let text = when(&report.table.columns, row);
            let parts: Vec<String> =
                [of_what, text].into_iter().filter(|part| !part.is_empty()).collect();
            let text = if parts.is_empty() { "any request".to_owned() } else { parts.join("; ") };
            Some(if found.is_certain { text } else { format!("possibly allowed: {text}") })
        });
        rows.chain(one.undecided.iter().cloned()).collect()
    }

    /// The row of a condition, with its table.
    fn row(&self, found: &When) -> Option<(&Asked, &TableReport, &Row)> {
        let asked = self.answer.tables.get(found.table)?;
        let report = asked.table.as_ref()?;
        Some((asked, report, report.table.rows.get(found.row)?))
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let known = self.each().map(|(principal, one)| self.one(principal, one));
        let unknown = self.principals_unasked().iter().map(|one| {
            json!({
                "arn": null,
                "address": one.address,
                "answer": Access::Depends.word(),
                "rows": [],
                "undecided": one.why,
            })
        });
        let principals: Vec<Value> = known.chain(unknown).collect();
        json!({
            "version": VERSION,
            "question": "who-can",
            "action": self.action,
            "resources": self.resources,
            "counts": Access::ALL
                .into_iter()
                .map(|access| (access.word().to_owned(), Value::from(self.number(access))))
                .collect::<serde_json::Map<String, Value>>(),
            "policySets": self.account.principals.sets.len(),
            "principals": principals,
            "switches": self.switches(),
            "notes": self.account.notes_and(self.assumed(), self.open),
            "referenceData": iamsure_reference::captured(),
        })
    }

    fn one(&self, principal: &AccountPrincipal, one: &OneCan) -> Value {
        let rows: Vec<Value> = one
            .rows
            .iter()
            .filter_map(|found| {
                let (asked, report, row) = self.row(found)?;
                let request = found.request.as_ref().zip(row.decision.as_ref());
                let roles = match &asked.about {
                    About::Roles(roles) => roles.as_slice(),
                    About::Asked | About::Others => &[],
                };
                Some(json!({
                    "roles": roles,
                    "cells": cells(&report.table.columns, row),
                    "certain": found.is_certain,
                    "witness": request.map(|(request, decision)| {
                        answer_form::witness(request, decision, &report.grounds.policies)
                    }),
                }))
            })
            .collect();
        json!({
            "arn": principal.arn,
            "address": principal.address,
            "answer": one.access.word(),
            "rows": rows,
            "undecided": one.undecided,
        })
    }
}

/// The line of what leaves the answer open.
fn unasked(one: &Unasked) -> Vec<String> {
    [one.address.as_str(), Access::Depends.word(), &one.why].map(str::to_owned).to_vec()
}

/// The resources of a row, where its cells do not say them.
fn about(asked: &Asked, report: &TableReport, row: &Row) -> String {
    let resource = Column::Subject(Subject::Resource);
    let is_said = row.cells.contains_key(&resource) && report.table.columns.contains(&resource);
    match &asked.about {
        About::Asked => String::new(),
        About::Others if is_said => "a role that the files do not describe".to_owned(),
        About::Others => "Resource: a role that the files do not describe".to_owned(),
        About::Roles(_) if is_said => String::new(),
        About::Roles(roles) => match roles.as_slice() {
            [first, _, _, _, ..] => format!("Resource: {first} and {} more", roles.len() - 1),
            few => format!("Resource: {}", few.join(", ")),
        },
    }
}
