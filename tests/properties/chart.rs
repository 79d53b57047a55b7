//! The chart that a report has inside: walked as its script walks it, it says what the evaluator says of the request
//! that it shows.

use std::collections::BTreeSet;

use iamsure_core::decision::{Outcome as CoreOutcome, evaluate};
use iamsure_core::world::PolicySet;
use iamsure_testkit::strategy::world::{policy_set, switches};
use iamsure_truth::chart::{Chart, ChartQuery};
use iamsure_truth::model::Outcome;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;
use proptest::prelude::*;

use super::{cases, stand_alone};

/// Some combinations of classes: every one of few, or an even choice of many.
pub(super) fn combinations(arities: &[usize], most: usize) -> Vec<Vec<usize>> {
    let total = arities.iter().fold(1_usize, |total, arity| total.saturating_mul(*arity));
    let of = |number: usize| {
        let mut left = number;
        arities
            .iter()
            .map(|arity| {
                let class = left % arity;
                left /= arity;
                class
            })
            .collect()
    };
    (0..total).step_by(total.div_ceil(most).max(1)).map(of).collect()
}

fn charted(policies: &PolicySet, setting: &Setting) -> Option<Chart> {
    let query = ChartQuery { policies: policies.clone(), setting: setting.clone() };
    match query.answer() {
        Ok(chart) => Some(chart),
        Err(Unanswered::TooComplex(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_chart_says_of_its_requests_what_the_evaluator_says(
        policies in policy_set(),
        switches in switches(),
    ) {
        // Beside what stands in for policies that are not given there is nothing to evaluate.
        prop_assume!(stand_alone(&policies));
        let setting = Setting { switches, ..Setting::default() };
        let Some(chart) = charted(&policies, &setting) else { return Ok(()) };
        for cell in &chart.cells {
            for classes in combinations(&chart.models[cell.model].arities(), 30) {
                let Some(reading) = chart.read(cell, &classes) else { continue };
                let Some(request) = chart.request(cell, &classes) else { continue };
                let [outcomes] = reading.outcomes.as_slice() else { continue };
                let decided = evaluate(&policies, &request, &setting.switches).outcome;
                let CoreOutcome::Decided(decision) = decided else {
                    prop_assert!(false, "{request:?} is not decided");
                    return Ok(());
                };
                prop_assert_eq!(outcomes.one(), Some(Outcome::Verdict(decision.verdict)), "{:?}", request);
                if chart.has_statements {
                    let said: BTreeSet<_> = reading.statements.iter().copied().collect();
                    let own: BTreeSet<_> = decision.statements.iter().copied().collect();
                    prop_assert_eq!(said, own, "{:?}", request);
                }
            }
        }
    }
}
