//! On which choices where AWS is silent the cells of a matrix depend.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{Answerable, Decision, Outcome, Verdict, evaluate};
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::{CallPath, PolicySet, Switch, Switches};

use super::question::Question;
use super::{Exchange, Table};
use crate::ask::exchange::Exchanges;
use crate::ask::{Answer, Case, Conditions};
use crate::dependence::alternatives;
use crate::open_world::with_callers_own;

/// The most cells that are asked again for every switch.
pub const MAX_SWITCH_CELLS: usize = 600;

impl Table<'_> {
    /// The switches that cells depend on: those whose other choices give another decision.
    pub(super) fn switches(
        &self,
        paths: &[CallPath],
        exchange_paths: &[CallPath],
    ) -> Option<BTreeMap<Switch, usize>> {
        let rows = self.query.questions.len() + self.query.wildcards.len();
        if rows * paths.len() > MAX_SWITCH_CELLS {
            return None;
        }
        let others = self.other_switches();
        let mut found = self.wildcard_switches(&self.query.wildcards, paths)?;
        for question in &self.query.questions {
            for path in paths {
                for switch in self.dependences(path, question, &others) {
                    *found.entry(switch).or_insert(0) += 1;
                }
            }
        }
        // The exchanges ask the trust policy, also where the rows do not.
        let of_exchanges: Vec<(Switch, Switches)> =
            alternatives(&self.query.policies, &self.query.switches)
                .map(|(switch, _, other)| (switch, other))
                .collect();
        for path in exchange_paths {
            for (switch, count) in self.exchange_switches(path, &of_exchanges) {
                *found.entry(switch).or_insert(0) += count;
            }
        }
        Some(found)
    }

    /// The switches on which exchanges depend, each with how many do.
    fn exchange_switches(
        &self,
        path: &CallPath,
        others: &[(Switch, Switches)],
    ) -> BTreeMap<Switch, usize> {
        let PathKind::Exchange(operation) = path.kind() else { return BTreeMap::new() };
        let is_other = |(one, other): &(&Exchange, &Exchange)| match (&one.answer, &other.answer) {
            (Some(one), Some(other)) => !one.decides_as(other),
            (one, other) => one.is_some() != other.is_some(),
        };
        let own = self.exchanges().all(path, operation);
        let mut found = BTreeMap::new();
        for (switch, switches) in others {
            let again = Exchanges { switches, ..self.exchanges() }.all(path, operation);
            let count = own.iter().zip(&again).filter(is_other).count();
            if count > 0 {
                *found.entry(*switch).or_insert(0) += count;
            }
        }
        found
    }

    /// Every other choice of a switch that the policies hold anything about.
    pub(super) fn other_switches(&self) -> Vec<(Switch, Switches)> {
        alternatives(&self.policies, &self.query.switches)
            .map(|(switch, _, other)| (switch, other))
            .collect()
    }

    /// The switches among `others` with which a cell is decided otherwise.
    pub(super) fn dependences(
        &self,
        path: &CallPath,
        question: &Question,
        others: &[(Switch, Switches)],
    ) -> BTreeSet<Switch> {
        if others.is_empty() {
            return BTreeSet::new();
        }
        let policies = self.policies_on(path);
        let worlds = self.worlds(path, &question.action, &question.resource);
        let allowing = self.leaves_out_callers(&policies, worlds.first());
        let allowing = allowing.then(|| with_callers_own(&policies));
        let bounds = |switches: &Switches| -> Vec<_> {
            let summary = |decision: &Decision| (decision.verdict, decision.by);
            let of = |policies: &PolicySet, world| match evaluate(policies, world, switches).outcome
            {
                Outcome::Decided(decision) => (summary(&decision), summary(&decision)),
                Outcome::Depends { least, most, .. } => (summary(&least), summary(&most)),
            };
            let ways = || std::iter::once(&*policies).chain(&allowing);
            worlds.requests().iter().flat_map(|world| ways().map(|way| of(way, world))).collect()
        };
        let decided = bounds(&self.query.switches);
        let depends = decided.iter().any(|(least, most)| least != most);
        let answer = depends.then(|| outcomes(&self.cell(path, question)));
        let differs = |other: &Switches| {
            bounds(other) != decided
                || (answer.as_ref())
                    .is_some_and(|answer| outcomes(&self.cell_by(path, question, other)) != *answer)
        };
        others.iter().filter(|(_, other)| differs(other)).map(|(switch, _)| *switch).collect()
    }
}

/// Each verdict with who answers for it, and when.
fn outcomes(answer: &Answer) -> Vec<(Verdict, Answerable, Vec<Conditions>)> {
    let case = |case: &Case| (case.decision.verdict, case.decision.by, case.when.clone());
    answer.cases.iter().map(case).collect()
}
