//! Findings in numbers: how many there are of each code, and how many of them are shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use iamsure_review::finding::Finding;

/// How many findings of one code are shown where not all are.
const OF_ONE_CODE: usize = 10;

/// How many there are of each code, the most frequent first: `unknown-action (3), literal-wildcard`.
pub(crate) fn by_code<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code.name()).or_default() += 1;
    }
    words(&counts)
}

fn words(counts: &BTreeMap<&'static str, usize>) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(**count));
    let word = |(code, count): &(&&str, &usize)| match count {
        1 => (**code).to_owned(),
        many => format!("{code} ({many})"),
    };
    counts.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Which findings are shown: all, or the first of each code.
#[derive(Debug)]
pub(crate) struct Shortened {
    all: bool,
    shown: BTreeMap<&'static str, usize>,
    left_out: BTreeMap<&'static str, usize>,
}

impl Shortened {
    /// Shows all findings, or the first ten of each code.
    pub(crate) const fn new(all: bool) -> Self {
        Self { all, shown: BTreeMap::new(), left_out: BTreeMap::new() }
    }

    /// Whether a finding is shown; to be asked once for each, in order.
    pub(crate) fn shows(&mut self, finding: &Finding) -> bool {
        let code = finding.code.name();
        let shown = self.shown.entry(code).or_default();
        if self.all || *shown < OF_ONE_CODE {
            *shown += 1;
            return true;
        }
        *self.left_out.entry(code).or_default() += 1;
        false
    }

    /// What is not shown, in words; `None` if everything is.
    pub(crate) fn left_out(&self) -> Option<String> {
        let number: usize = self.left_out.values().sum();
        (number > 0).then(|| format!("{number} more not shown: {} (--all)", words(&self.left_out)))
    }
}
