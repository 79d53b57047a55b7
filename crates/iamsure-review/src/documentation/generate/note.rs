//! What stands under a generated table: what it rests on.

use iamsure_core::language::ActionPattern;
use iamsure_core::language::document::{Effect, PolicyType, Sense};
use iamsure_truth::class::value::Domain;
use iamsure_truth::phrase::Phrase;
use iamsure_truth::sample::is_sample;
use iamsure_truth::table::{HitPolicy, TableReport};

use super::super::asking::{Subject, called};
use super::layout::Audience;

/// What the table rests on.
pub(super) fn notes(subject: &Subject, report: &TableReport, audience: Audience) -> Phrase {
    let mut notes = Phrase::default();
    let say = |notes: &mut Phrase, text: &str| {
        let blank = if notes.0.is_empty() { "" } else { " " };
        notes.0.extend(Phrase::read(&format!("{blank}{text}")).0);
    };
    if let Some(statement) = subject.found() {
        let narrow = statement.action.as_ref().is_some_and(|element| {
            element.sense == Sense::NoneOf || !element.entries.iter().any(|entry| entry.is_every())
        }) || statement.resource.as_ref().is_some_and(|element| {
            element.sense == Sense::NoneOf || !element.entries.iter().any(|entry| entry.is_every())
        });
        let what = if narrow { ", for the actions and resources that it names" } else { "" };
        let name = called(statement);
        say(&mut notes, &format!("This covers only {name}{what}, regardless of other policies."));
        if *statement.effect == Effect::Allow {
            say(&mut notes, "A Deny elsewhere can still override it.");
        }
    } else {
        for text in only(subject) {
            say(&mut notes, &text);
        }
        say(&mut notes, OTHERS);
    }
    if report.table.hit == HitPolicy::Priority && subject.statement.is_none() {
        say(
            &mut notes,
            "Where several rows match, an explicit deny wins; a request that no row matches is denied.",
        );
    }
    if subject.statement.is_none() {
        for sentence in report.grounds.beside.sentences() {
            say(&mut notes, &sentence);
        }
    }
    for kind in &report.grounds.missing {
        say(
            &mut notes,
            match kind {
                PolicyType::Trust => {
                    "Where two outcomes are given, the trust policy of the role decides."
                }
                PolicyType::Identity => {
                    "Where two outcomes are given, the caller's own policies decide."
                }
                _ => "Where two outcomes are given, the key policy decides.",
            },
        );
    }
    for (switch, choice) in report.grounds.switches.iter().flatten() {
        say(
            &mut notes,
            &format!(
                "AWS does not document {switch} ({}); with `{choice}`, some rows differ.",
                switch.question()
            ),
        );
    }
    if audience == Audience::Reviewer {
        if let (Some(requester), None) = (&report.grounds.requester, subject.statement) {
            if is_sample(requester) {
                say(&mut notes, "Covers every user and role that can have these policies.");
            } else {
                say(&mut notes, &format!("Decided for `{}`.", requester.principal.display_arn()));
            }
        }
        let typed: Vec<String> = report
            .grounds
            .typed
            .iter()
            .filter(|(_, domain)| *domain == Domain::Boolean)
            .map(|(key, _)| format!("`{key}`"))
            .collect();
        if !typed.is_empty() {
            let is = if typed.len() == 1 { "is" } else { "are" };
            say(
                &mut notes,
                &format!(
                    "{} {is} true or false whenever present, as AWS documents.",
                    typed.join(", ")
                ),
            );
        }
        for (list, words) in
            [(&report.grounds.always, "Always present"), (&report.grounds.never, "Never present")]
        {
            if !list.is_empty() {
                let names: Vec<String> = list.iter().map(|key| format!("`{key}`")).collect();
                say(
                    &mut notes,
                    &format!("{words} for these callers, as AWS documents: {}.", names.join(", ")),
                );
            }
        }
    }
    notes
}

/// What decisions are limited to.
pub(super) fn only(subject: &Subject) -> Vec<String> {
    let mut said = Vec::new();
    let list = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
    };
    if !subject.actions.is_empty() {
        let names = list(&mut subject.actions.iter().map(ActionPattern::as_str));
        said.push(format!("Decided for the action {names}."));
    }
    if !subject.resources.is_empty() {
        let names = list(&mut subject.resources.iter().map(String::as_str));
        said.push(format!("Decided for the resource {names}."));
    }
    said
}

/// That no other policies exist.
pub(super) const OTHERS: &str = "Assumes no other policies.";
