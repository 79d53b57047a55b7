//! The page that says how far the program does what AWS documents: every rule with its cases, what AWS says of absent
//! keys as the program tabulates it, each switch, and where other engines decide otherwise.

mod page;
mod peer;

use std::collections::BTreeMap;
use std::path::Path;

use iamsure_core::world::Switch;
use iamsure_review::spec_rule::{RuleEvidence, SpecRule};
use serde::Deserialize;

pub use peer::{Difference, Peer, Run};

use crate::case::{self, Rules};
use crate::date_table;
use crate::operator_table::{self, Cell};

/// How many cases a file has about something, by file.
type Counts = BTreeMap<String, usize>;

/// What the page is made of.
#[derive(Debug)]
pub struct Conformance {
    rules: Vec<SpecRule>,
    /// By rule.
    cases: BTreeMap<String, Counts>,
    /// Cases that set a switch, by switch.
    switches: BTreeMap<Switch, Counts>,
    cells: Vec<Cell>,
    peers: BTreeMap<String, Peer>,
    total: usize,
    /// That of each case of `corpus/rules`.
    evidence: Vec<RuleEvidence>,
}

#[derive(Deserialize)]
struct Suite {
    tests: Vec<SuiteTest>,
}

/// Of a test only the rules are read here.
#[derive(Deserialize)]
struct SuiteTest {
    #[serde(default)]
    rule: Option<Rules>,
}

impl Conformance {
    /// Reads the corpus and the results of the differential runs below the root of the repository.
    ///
    /// # Errors
    /// If a file is missing or not of its form.
    pub fn read(root: &Path) -> Result<Self, String> {
        let corpus = root.join("corpus");
        let mut found = Self {
            rules: SpecRule::all()?,
            cases: BTreeMap::new(),
            switches: BTreeMap::new(),
            cells: operator_table::load(&corpus.join("tables/operators.yaml"))?,
            peers: peer::load(&root.join("tests/differential/results.json"))?,
            total: 0,
            evidence: Vec::new(),
        };
        let dates = "corpus/tables/dates.yaml";
        for literal in date_table::load(&root.join(dates))? {
            found.add(["C-24"].into_iter(), dates);
            found.evidence.push(literal.evidence);
        }
        for (topic, file) in case::load(&corpus.join("rules"))? {
            let path = format!("corpus/rules/{topic}.yaml");
            for case in &file.cases {
                found.add(case.rule.iter(), &path);
                found.evidence.push(case.evidence);
                for text in &case.switches {
                    let id = text.split('=').next().unwrap_or_default();
                    let switch =
                        Switch::from_id(id).ok_or_else(|| format!("{path}: no switch {text}"))?;
                    *found.switches.entry(switch).or_default().entry(path.clone()).or_default() +=
                        1;
                }
            }
        }
        let suite = "corpus/guardrails/guardrails.iamsure.yaml";
        let text = std::fs::read_to_string(root.join(suite))
            .map_err(|error| format!("{suite}: {error}"))?;
        let tests: Suite =
            serde_saphyr::from_str(&text).map_err(|error| format!("{suite}: {error}"))?;
        for test in &tests.tests {
            found.add(test.rule.iter().flat_map(Rules::iter), suite);
        }
        let cells: Vec<String> = found.cells.iter().map(|cell| cell.rules.clone()).collect();
        for rules in &cells {
            found.add(rules.split(", "), "corpus/tables/operators.yaml");
        }
        Ok(found)
    }

    fn add<'a>(&mut self, rules: impl Iterator<Item = &'a str>, path: &str) {
        self.total += 1;
        for rule in rules {
            *self.cases.entry(rule.to_owned()).or_default().entry(path.to_owned()).or_default() +=
                1;
        }
    }

    /// What is wrong: a rule without case and reason, one with both, a case about no rule, a file that is not there,
    /// a difference to another engine that nothing explains.
    pub fn faults(&self, root: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        for rule in &self.rules {
            let id = &rule.id;
            match (&rule.without, self.cases.contains_key(id)) {
                (None, false) => {
                    faults.push(format!("{id} has neither a case nor a reason for having none"));
                }
                (Some(_), true) => {
                    faults.push(format!("{id} has cases, and a reason for having none"));
                }
                _ => {}
            }
            if rule.without.is_some() != rule.see.is_some() {
                faults.push(format!("{id}: `without` and `see` come together"));
            }
            if rule.see.as_ref().is_some_and(|path| !root.join(path).is_file()) {
                faults.push(format!("{id}: what it says to see is not there"));
            }
        }
        let mut ids: Vec<&str> = self.rules.iter().map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        faults.extend(
            ids.windows(2)
                .filter(|pair| pair.first() == pair.get(1))
                .map(|pair| format!("twice: {pair:?}")),
        );
        let unknown = |id: &&String| !ids.contains(&id.as_str());
        faults.extend(
            self.cases
                .keys()
                .filter(unknown)
                .map(|id| format!("cases about {id}, which is no rule")),
        );
        for (name, peer) in &self.peers {
            faults.extend(peer.faults(&ids).into_iter().map(|fault| format!("{name}: {fault}")));
        }
        faults
    }
}
