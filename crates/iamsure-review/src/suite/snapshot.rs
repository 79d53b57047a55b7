//! Snapshots: what every policy set of a suite decides, as it was accepted, and by whom.
//!
//! A snapshot is a file beside the suite. It holds the cells of the decision matrix of each policy set, and a log
//! of who accepted which change, when and why. The log is only added to: with the history of the file it is the record
//! of how the policies came to decide what they do.

use iamsure_core::language::Source;
use serde::{Deserialize, Serialize};

use crate::foreign::Sink;
use crate::tree;

/// What the name of a snapshot ends with, in place of [`SUFFIX`](super::SUFFIX).
pub const SNAPSHOT_SUFFIX: &str = ".snapshot.yaml";

/// What policy sets were accepted to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The version of the form: 1.
    pub(crate) version: u32,
    /// The cells of each policy set, in the order of the suite.
    pub sets: Vec<SetCells>,
    /// Who accepted what, the oldest first.
    pub(crate) accepted: Vec<Acceptance>,
}

/// The cells of one policy set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetCells {
    /// The name of the set.
    pub policies: String,
    /// Its cells, in the order of the matrix.
    pub cells: Vec<Cell>,
}

/// What is decided about one action on one resource on one call path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The action and, where it has one, the resource; on a row about many actions, what they are.
    pub request: String,
    /// The call path; for an exchange also who calls.
    pub path: String,
    /// What is decided: one line, or one for each case.
    pub decides: Vec<String>,
}

/// Changes that somebody accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The day, as `2026-11-23`, in UTC.
    pub date: String,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
    /// What changed.
    pub changes: Vec<CellChange>,
}

/// One change of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellChange {
    /// The policy set.
    pub policies: String,
    /// The action and the resource.
    pub request: String,
    /// The call path.
    pub path: String,
    /// What was accepted before; nothing, if the cell is new.
    pub before: Vec<String>,
    /// What is decided; nothing, if the cell is gone.
    pub after: Vec<String>,
}

impl Snapshot {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// Where it is none, in one line.
    pub fn read(source: &Source) -> Result<Self, String> {
        let snapshot: Self = tree::typed(source).map_err(|error| error.placed(source))?;
        if snapshot.version != 1 {
            return Err(format!(
                "it has version {}, but this program supports only version 1",
                snapshot.version
            ));
        }
        Ok(snapshot)
    }

    /// The file, with a line on top that says what it is.
    ///
    /// # Errors
    /// If a text of it cannot be written as YAML.
    pub fn write(&self, suite: &str) -> Result<String, String> {
        let body = serde_saphyr::to_string(self).map_err(|error| error.to_string())?;
        let suite = Sink::Line.text(suite);
        Ok(format!(
            "# What the policies of {suite} were accepted to decide. Written by `iamsure test --snapshot --accept`.\n{body}"
        ))
    }

    /// How `now` differs from what was accepted, set by set in the order of `now`, then what is gone.
    pub fn changes(&self, now: &[SetCells]) -> Vec<CellChange> {
        let mut changes = Vec::new();
        let before_of = |set: &str| self.sets.iter().find(|known| known.policies == set);
        for set in now {
            let before = before_of(&set.policies);
            for cell in &set.cells {
                let known = before.and_then(|set| set.cells.iter().find(|known| known.is_at(cell)));
                if known.is_none_or(|known| known.decides != cell.decides) {
                    let before = known.map(|known| known.decides.clone()).unwrap_or_default();
                    changes.push(CellChange::of(&set.policies, cell, before, cell.decides.clone()));
                }
            }
            for gone in before.iter().flat_map(|set| &set.cells) {
                if !set.cells.iter().any(|cell| cell.is_at(gone)) {
                    changes.push(CellChange::of(
                        &set.policies,
                        gone,
                        gone.decides.clone(),
                        Vec::new(),
                    ));
                }
            }
        }
        for set in &self.sets {
            if !now.iter().any(|known| known.policies == set.policies) {
                for gone in &set.cells {
                    changes.push(CellChange::of(
                        &set.policies,
                        gone,
                        gone.decides.clone(),
                        Vec::new(),
                    ));
                }
            }
        }
        changes
    }

    /// Accepts some changes. `now` gives the order of cells; what was not accepted stays as it was.
    pub fn accept(&mut self, acceptance: Acceptance, now: &[SetCells]) {
        for change in &acceptance.changes {
            self.set(change);
        }
        self.accepted.push(acceptance);
        self.version = 1;
        let place = |set: &SetCells| now.iter().position(|known| known.policies == set.policies);
        self.sets.retain(|set| !set.cells.is_empty());
        self.sets.sort_by_key(|set| place(set).unwrap_or(usize::MAX));
        for set in &mut self.sets {
            let Some(order) = now.iter().find(|known| known.policies == set.policies) else {
                continue;
            };
            let place = |cell: &Cell| order.cells.iter().position(|known| known.is_at(cell));
            set.cells.sort_by_key(|cell| place(cell).unwrap_or(usize::MAX));
        }
    }

    fn set(&mut self, change: &CellChange) {
        let at = self.sets.iter().position(|set| set.policies == change.policies);
        let at = at.unwrap_or_else(|| {
            self.sets.push(SetCells { policies: change.policies.clone(), cells: Vec::new() });
            self.sets.len() - 1
        });
        let Some(set) = self.sets.get_mut(at) else { return };
        let cell = Cell {
            request: change.request.clone(),
            path: change.path.clone(),
            decides: change.after.clone(),
        };
        set.cells.retain(|known| !known.is_at(&cell));
        if !cell.decides.is_empty() {
            set.cells.push(cell);
        }
    }

    /// Who last accepted what a cell decided before a change.
    pub fn accepted_by(&self, change: &CellChange) -> Option<&Acceptance> {
        self.accepted.iter().rev().find(|acceptance| {
            acceptance.changes.iter().any(|known| {
                known.policies == change.policies
                    && known.request == change.request
                    && known.path == change.path
            })
        })
    }
}

impl Cell {
    fn is_at(&self, other: &Self) -> bool {
        self.request == other.request && self.path == other.path
    }
}

impl CellChange {
    fn of(set: &str, cell: &Cell, before: Vec<String>, after: Vec<String>) -> Self {
        let (request, path) = (cell.request.clone(), cell.path.clone());
        Self { policies: set.to_owned(), request, path, before, after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("a.snapshot.yaml", text)
    }

    fn set(cells: &[(&str, &str)]) -> SetCells {
        let cell = |(request, decides): &(&str, &str)| Cell {
            request: (*request).to_owned(),
            path: "direct".to_owned(),
            decides: vec![(*decides).to_owned()],
        };
        SetCells { policies: "role".to_owned(), cells: cells.iter().map(cell).collect() }
    }

    fn acceptance(changes: Vec<CellChange>) -> Acceptance {
        let text = |text: &str| text.to_owned();
        Acceptance {
            date: text("2026-11-23"),
            by: text("ada: #1"),
            why: text("- it is \"so\""),
            changes,
        }
    }

    #[test]
    fn what_is_accepted_is_no_change_any_more() {
        let mut snapshot = Snapshot::default();
        let now = [set(&[("a", "allowed"), ("b", "denied")])];
        let changes = snapshot.changes(&now);
        assert_eq!(changes.len(), 2);
        snapshot.accept(acceptance(changes[1..].to_vec()), &now);
        assert_eq!(snapshot.changes(&now).len(), 1);
        snapshot.accept(acceptance(changes[..1].to_vec()), &now);
        assert_eq!(snapshot.changes(&now), []);
        assert_eq!(snapshot.sets, now, "in the order of the matrix");
        assert_eq!(snapshot.accepted.len(), 2);
    }

    #[test]
    fn cells_that_changed_and_cells_that_are_gone_are_told() {
        let mut snapshot = Snapshot::default();
        let before = [set(&[("a", "allowed"), ("b", "denied")])];
        snapshot.accept(acceptance(snapshot.changes(&before)), &before);
        let now = [set(&[("a", "denied")])];
        let changes = snapshot.changes(&now);
        let told: Vec<_> = changes
            .iter()
            .map(|change| (change.request.as_str(), change.before.len(), change.after.len()))
            .collect();
        assert_eq!(told, [("a", 1, 1), ("b", 1, 0)]);
        assert_eq!(snapshot.accepted_by(&changes[0]).map(|who| who.by.as_str()), Some("ada: #1"));
        snapshot.accept(acceptance(changes), &now);
        assert_eq!(snapshot.sets, now);
        assert!(snapshot.changes(&[]).len() == 1, "a set that is gone is a change");
    }

    #[test]
    fn what_is_written_is_read() {
        let mut snapshot = Snapshot::default();
        let now = [set(&[("s3:* on arn:aws:s3:::b/*: x # y", "explicitly denied by A\nB")])];
        snapshot.accept(acceptance(snapshot.changes(&now)), &now);
        let text = snapshot.write("a.iamsure.yaml").unwrap();
        assert_eq!(Snapshot::read(&source(&text)).unwrap(), snapshot, "{text}");
        assert!(
            Snapshot::read(&source("version: 2\nsets: []\naccepted: []\n"))
                .unwrap_err()
                .contains("version 2")
        );
    }
}
