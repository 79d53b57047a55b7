//! The unknown: whatever it turns out to be, the answer given before was right.

use iamsure_core::decision::{Outcome, evaluate};
use iamsure_core::world::{KeyState, Switches};
use iamsure_testkit::strategy::world::{
    context, context_with_unknowns, policy_set, principal, request_of, settled, switches,
};
use proptest::prelude::*;

use super::{cases, decide};

proptest! {
    #![proptest_config(cases(2500))]

    #[test]
    fn a_settled_request_is_decided_within_the_bounds(
        policies in policy_set(),
        (request, settled) in request_of(principal(), context_with_unknowns()).prop_flat_map(|request| {
            let settled = settled(&request.context);
            (Just(request), settled)
        }),
        switches in switches(),
    ) {
        let before = evaluate(&policies, &request, &switches).outcome;
        let mut request = request;
        request.context = settled;
        let after = decide(&policies, &request, &switches);
        match before {
            Outcome::Decided(before) => {
                prop_assert_eq!((before.verdict, before.by), (after.verdict, after.by));
                for statement in &before.statements {
                    prop_assert!(before.statements.len() > 1 || after.statements.contains(statement));
                }
            }
            Outcome::Depends { least, most } => {
                prop_assert!(least.verdict <= after.verdict && after.verdict <= most.verdict);
            }
        }
    }

    #[test]
    fn an_answer_that_depends_names_the_unknown_keys_it_depends_on(
        policies in policy_set(),
        request in request_of(principal(), context_with_unknowns()),
    ) {
        let evaluation = evaluate(&policies, &request, &Switches::default());
        if let Outcome::Depends { .. } = evaluation.outcome {
            let keys = evaluation.unknown_keys(&policies, &request);
            prop_assert!(!keys.is_empty());
            for key in keys {
                prop_assert_eq!(request.context.state(&key), &KeyState::Unknown);
            }
        }
    }

    #[test]
    fn what_is_known_leaves_nothing_open(
        policies in policy_set(),
        request in request_of(principal(), context()),
        switches in switches(),
    ) {
        let outcome = evaluate(&policies, &request, &switches).outcome;
        prop_assert!(outcome.decided().is_some());
    }
}
