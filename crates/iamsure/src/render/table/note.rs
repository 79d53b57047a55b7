//! What stands below a table: how to read it, and what it rests on.

use iamsure_core::decision::exemption::is_unsigned;
use iamsure_core::language::ActionName;
use iamsure_core::language::document::PolicyType;
use iamsure_truth::model::Question;
use iamsure_truth::table::{Column, Reach, Row};

use super::Report;
use super::example::example;
use crate::render::grounds;
use crate::render::words::OWNED_BY_AWS;

impl Report {
    /// The notes, those that change how the table is read first.
    pub(in crate::render) fn footer(&self) -> Vec<String> {
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
        notes.extend(grounds::of_switches(&self.answer.grounds));
        notes.push(grounds::exhaustive(&self.asked_only));
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
        for (id, _, statement) in self.answer.grounds.policies.statements() {
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
                "Retired actions, which no policy allows or denies any more, whatever a row says: {}.",
                retired.join(", ")
            ));
        }
        if !unsigned.is_empty() {
            unsigned.sort_unstable();
            notes.push(format!(
                "Only the role's trust policy decides {}, whatever a row says: the caller is not an AWS principal yet. Give the trust policy with --trust.",
                unsigned.join(", ")
            ));
        }
        let of_aws = |row: &Row| {
            row.cells.values().any(|said| said.phrase().codes().any(|text| text == OWNED_BY_AWS))
        };
        if self.answer.table.rows.iter().any(of_aws) {
            notes.push(format!(
                "Customers cannot change AWS's own policies and reserved roles ({OWNED_BY_AWS}, …): observed behaviour, which AWS does not document as an evaluation rule (E-35)."
            ));
        }
        notes
    }

    fn assumptions(&self) -> Vec<String> {
        let answer = &self.answer;
        let mut notes = Vec::new();
        if self.question == Question::Decision {
            let tells_callers = |row: &Row| row.cells.contains_key(&Column::Principal);
            if !answer.table.rows.iter().any(tells_callers) {
                notes.extend(grounds::of_callers(&answer.grounds));
            }
            notes.push("Assuming no other policies.".to_owned());
        }
        if self.question == Question::Decision {
            notes.extend(grounds::of_policies(&answer.grounds));
            notes.extend(grounds::other_sessions(&answer.grounds));
            notes.extend(self.not_decided_here());
        }
        if self.trust_left_out {
            notes.push(crate::input::TRUST_LEFT_OUT.to_owned());
        }
        notes.extend(grounds::of_keys(&answer.grounds));
        notes
    }
}
