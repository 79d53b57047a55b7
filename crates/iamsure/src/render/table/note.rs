//! What stands below a table: how to read it, and what it rests on.

use iamsure_core::decision::exemption::is_unsigned;
use iamsure_core::language::document::{Effect, PolicyType};
use iamsure_core::language::{ActionName, ConditionKey, PolicyDocument};
use iamsure_truth::class::value::Domain;
use iamsure_truth::model::Question;
use iamsure_truth::table::{Reach, Row};
use iamsure_truth::wording::Piece;

use super::Report;
use super::example::example;
use crate::render::words::OWNED_BY_AWS;

fn named(keys: &[ConditionKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Report {
    /// The notes, those that change how the table is read first.
    pub(super) fn footer(&self) -> Vec<String> {
        let mut notes = vec![self.reading().to_owned()];
        notes.extend(self.unreachable());
        if self.examples {
            for (number, row) in self.answer.table.rows.iter().enumerate() {
                if let Some(request) = &row.witness {
                    notes.push(format!(
                        "Example of row {}: {}.",
                        number + 1,
                        example(request, &self.answer)
                    ));
                }
            }
        }
        notes.extend(self.assumptions());
        if self.answer.switches.is_none() {
            notes.push("Which choices where AWS is silent (docs/switches.md) matter here was not asked: the policies are too large to decide them all again; --switch asks for one.".to_owned());
        }
        for (switch, choice) in self.answer.switches.iter().flatten() {
            notes.push(format!(
                "Depends on {switch} ({}): {}; with {switch}={choice}, some row differs.",
                switch.question(),
                switch.default_meaning()
            ));
        }
        if !self.asked_only.is_empty() {
            notes.push(format!("Asked only about requests with {}.", self.asked_only.join("; ")));
        }
        notes.push(format!(
            "Exact over every {}request. Actions, key types and presence as AWS published them on {}.",
            if self.asked_only.is_empty() { "" } else { "such " },
            iamsure_reference::captured()
        ));
        notes
    }

    /// Which rows nobody reaches, or not with all their actions; those for one reason together.
    fn unreachable(&self) -> Vec<String> {
        let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
        for (number, row) in self.answer.table.rows.iter().enumerate() {
            let whole = match &row.reach {
                Reach::Reachable => None,
                Reach::Unreachable(reason) | Reach::Unknown(reason) => {
                    Some(format!("{} ({reason})", row.reach.name()))
                }
            };
            let partly = row.not_for.iter().map(|none| {
                let actions: Vec<_> = none.actions.iter().map(|action| action.name()).collect();
                let carry = if actions.len() == 1 { "carries" } else { "carry" };
                let actions = actions.join(", ");
                format!(
                    "unreachable for {actions}, which never {carry} {} ({})",
                    none.key, none.source
                )
            });
            for reason in whole.into_iter().chain(partly) {
                let number = (number + 1).to_string();
                match reasons.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, rows)) => rows.push(number),
                    None => reasons.push((reason, vec![number])),
                }
            }
        }
        let sentence = |(reason, rows): (String, Vec<String>)| {
            let rows_word = if rows.len() == 1 { "Row" } else { "Rows" };
            format!("{rows_word} {}: {reason}.", rows.join(", "))
        };
        reasons.into_iter().map(sentence).collect()
    }

    /// What the policies name and AWS does not decide by them, or not as anybody documents.
    fn not_decided_here(&self) -> Vec<String> {
        if self.question != Question::Decision {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let (mut retired, mut unsigned) = (Vec::new(), Vec::new());
        for (id, _, statement) in self.answer.policies.statements() {
            let of_principal = matches!(
                id.layer,
                PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp
            );
            let entries = statement.action.iter().flat_map(|element| &element.entries);
            for action in entries.filter_map(|entry| ActionName::parse(entry.as_str()).ok()) {
                let list = if iamsure_reference::action(action.as_str()).is_retired() {
                    &mut retired
                } else if of_principal && is_unsigned(&action) {
                    &mut unsigned
                } else {
                    continue;
                };
                if !list.contains(&action.to_string()) {
                    list.push(action.to_string());
                }
            }
        }
        let by_rows = |row: &Row| row.reach == Reach::Reachable;
        if !retired.is_empty() && self.answer.table.rows.iter().any(by_rows) {
            retired.sort_unstable();
            notes.push(format!(
                "Retired, so that nothing is decided about them any more, whatever a row says: {}.",
                retired.join(", ")
            ));
        }
        if !unsigned.is_empty() {
            unsigned.sort_unstable();
            notes.push(format!(
                "Only the trust policy of the role decides about {}, whatever a row says: the caller is no AWS principal yet. Ask it with --trust.",
                unsigned.join(", ")
            ));
        }
        let of_aws = |row: &Row| {
            row.cells
                .values()
                .flat_map(|phrase| &phrase.0)
                .any(|piece| matches!(piece, Piece::Code(text) if text == OWNED_BY_AWS))
        };
        if self.answer.table.rows.iter().any(of_aws) {
            notes.push(format!(
                "That nobody can change AWS's own policies and reserved roles ({OWNED_BY_AWS}, …) is observed; AWS does not document it as a rule of evaluation (E-35)."
            ));
        }
        notes
    }

    fn assumptions(&self) -> Vec<String> {
        let answer = &self.answer;
        let mut notes = Vec::new();
        if self.question == Question::Decision {
            notes.push(
                match answer.requester.as_ref().filter(|_| {
                    self.answer.table.rows.iter().all(|row| {
                        !row.cells.contains_key(&iamsure_truth::table::Column::Principal)
                    })
                }) {
                    Some(requester) => format!(
                        "Decided for {}; no policies but these exist.",
                        requester.principal.display_arn()
                    ),
                    None => "No policies but these exist.".to_owned(),
                },
            );
        }
        for kind in &answer.assumed {
            notes.push(match kind {
                PolicyType::Identity => "No policy here grants anything. Taken as if an identity-based policy allowed everything: \"allowed\" means \"not held back\".".to_owned(),
                PolicyType::Trust => "The trust policy of a role that sts:AssumeRole asks for was not given; taken as leaving it to the account.".to_owned(),
                _ => "The policy of a KMS key was not given; taken as leaving it to the account.".to_owned(),
            });
        }
        if answer.own_resources && self.question == Question::Decision {
            notes.push("Resources are taken as the own account's (111122223333), whatever account their ARNs name; --principal or --resource-account asks otherwise.".to_owned());
        }
        notes.extend(self.not_decided_here());
        if answer.exchanges_only {
            notes.push("Only the actions of exchanges: a trust policy decides nothing else. --action asks about others.".to_owned());
        }
        for (level, policies) in answer.policies.scp.iter().enumerate() {
            let allows = |document: &PolicyDocument| {
                document.statements.iter().any(|statement| *statement.effect == Effect::Allow)
            };
            if !policies.iter().any(allows) {
                notes.push(format!(
                    "No service control policy of level {level} allows anything, so everything is denied. AWS attaches FullAWSAccess beside them unless somebody took it away: give it with --scp {level}=FILE too."
                ));
            }
        }
        if self.trust_left_out {
            notes.push("The trust policy decides who may start a session of the role, and nothing here; ask it alone with --trust.".to_owned());
        }
        for (domain, words) in [
            (Domain::Boolean, "true or false"),
            (Domain::Number, "a number"),
            (Domain::Date, "a date"),
            (Domain::Address, "an address"),
        ] {
            let keys: Vec<ConditionKey> = answer
                .typed
                .iter()
                .filter(|(_, known)| *known == domain)
                .map(|(key, _)| key.clone())
                .collect();
            if !keys.is_empty() {
                notes
                    .push(format!("{}: {words} wherever present, as AWS documents.", named(&keys)));
            }
        }
        if !answer.always.is_empty() {
            notes.push(format!(
                "In every request of such callers, as AWS documents: {}.",
                named(&answer.always)
            ));
        }
        if !answer.never.is_empty() {
            notes.push(format!(
                "In no request of such callers, as AWS documents: {}.",
                named(&answer.never)
            ));
        }
        if !answer.unpublished.is_empty() {
            notes.push(format!(
                "AWS does not publish whether these hold one value or several; taken as their operators ask: {}.",
                named(&answer.unpublished)
            ));
        }
        notes
    }
}
