//! What stands below a table: how to read it, and what it rests on.

use iamsure_truth::model::Question;
use iamsure_truth::table::Reach;

use super::Report;
use super::example::example;
use crate::render::grounds;

impl Report {
    /// The notes, those that change how the table is read first.
    pub(super) fn footer(&self) -> Vec<String> {
        let mut notes = vec![self.reading().to_owned()];
        for (number, row) in self.answer.table.rows.iter().enumerate() {
            if let Reach::Unreachable(reason) | Reach::Unknown(reason) = &row.reach {
                notes.push(format!("Row {}: {} ({reason}).", number + 1, row.reach.name()));
            }
        }
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
        if self.answer.grounds.switches.is_none() {
            notes.push(grounds::SWITCHES_NOT_ASKED.to_owned());
        }
        for (switch, choice) in self.answer.grounds.switches.iter().flatten() {
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

    fn assumptions(&self) -> Vec<String> {
        let answer = &self.answer;
        let mut notes = Vec::new();
        if self.question == Question::Decision {
            notes.push(
                match answer.grounds.requester.as_ref().filter(|_| {
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
        if self.question == Question::Decision {
            notes.extend(grounds::of_policies(&answer.grounds));
        }
        if self.trust_left_out {
            notes.push("The trust policy decides who may start a session of the role, and nothing here; ask it alone with --trust.".to_owned());
        }
        notes.extend(grounds::of_keys(&answer.grounds));
        notes
    }
}
