//! What the differential runs found, `tests/differential/results.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Another engine, and where it decides otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its version.
    pub version: String,
    /// Where it comes from, and under which licence.
    pub source: String,
    /// The version of iamsure.
    pub iamsure: String,
    /// When they ran.
    pub date: String,
    /// Of the requests.
    pub seed: u64,
    /// Counts, by kind of policies.
    pub runs: BTreeMap<String, Run>,
    /// Where it decides otherwise, and why.
    pub classes: Vec<Difference>,
}

/// Counts of requests.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// All.
    pub requests: u64,
    /// Those that one of the two does not take.
    pub refused: u64,
    /// Decided alike.
    pub agree: u64,
    /// Decided otherwise.
    pub differ: u64,
    /// Of those, the ones that no known difference explains.
    pub unexplained: u64,
}

/// One way in which it decides otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// What it is called.
    pub name: String,
    /// The rules that say what we do.
    pub rules: Vec<String>,
    /// How the peer reads it.
    pub what: String,
    /// Why we stay: a page, or in words.
    pub evidence: String,
    /// The switches of iamsure that read it as the peer does.
    pub switches: Vec<String>,
    /// How many requests of the run it takes to explain.
    pub count: u64,
    /// The least case that was found, with both answers.
    #[serde(default)]
    pub example: Option<serde_json::Value>,
}

/// All peers, by name.
pub(super) fn load(path: &Path) -> Result<BTreeMap<String, Peer>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

impl Peer {
    /// What is wrong with the counts, or with a difference.
    pub(super) fn faults(&self, rules: &[&str]) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, run) in &self.runs {
            if run.unexplained > 0 {
                faults.push(format!("{name}: {} differences are not explained", run.unexplained));
            }
            if run.requests != run.refused + run.agree + run.differ {
                faults.push(format!("{name}: the counts do not add up"));
            }
        }
        for difference in &self.classes {
            let name = &difference.name;
            if difference.rules.is_empty() || difference.evidence.is_empty() {
                faults.push(format!("{name}: neither rule nor evidence"));
            }
            let unknown = difference.rules.iter().filter(|rule| !rules.contains(&rule.as_str()));
            faults.extend(unknown.map(|rule| format!("{name}: {rule} is no rule")));
        }
        faults
    }
}
