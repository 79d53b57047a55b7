//! Answers about requests with unknowns: what they say is so, and what they leave out is said.

use iamsure_core::decision::Verdict;
use iamsure_core::world::{Context, KeyState, Request, Switches};
use iamsure_testkit::strategy::world::{
    context_with_unknowns, policy_set, principal, request_of, settled,
};
use iamsure_truth::candidate::{Shape, is_other};
use iamsure_truth::resolution::{Answer, Conjunction, Resolver};
use proptest::prelude::*;

use super::{cases, decide};

/// Nothing is published about the keys of random policies.
const ANY: Shape = Shape { multivalued: None, may_be_absent: true, may_be_present: true };

/// Whether a whole request is one of those that a condition speaks of; `None` if the answer did not
/// try such a state, so that the condition leaves it open.
fn speaks_of(
    answer: &Answer,
    when: &Conjunction,
    state_of: impl Fn(&str) -> KeyState,
) -> Option<bool> {
    let mut speaks = true;
    for (key, states) in when {
        let state = state_of(key.folded());
        let tried = answer.tried.get(key)?;
        if tried.contains(&state) {
            speaks &= states.contains(&state);
            continue;
        }
        // A value nobody named, unless it is a named one in other capitals.
        let KeyState::Single(text) = &state else { return None };
        let respelt = |other: &KeyState| matches!(other, KeyState::Single(other) if other.eq_ignore_ascii_case(text));
        if tried.iter().any(respelt) {
            return None;
        }
        speaks &=
            states.iter().any(|state| matches!(state, KeyState::Single(other) if is_other(other)));
    }
    Some(speaks)
}

/// A request with unknowns, and one way they can turn out.
fn request_and_settled() -> impl Strategy<Value = (Request, Context)> {
    request_of(principal(), context_with_unknowns()).prop_flat_map(|request| {
        let settled = settled(&request.context);
        (Just(request), settled)
    })
}

proptest! {
    #![proptest_config(cases(1200))]

    #[test]
    fn no_verdict_is_left_out(
        policies in policy_set(),
        (request, settled) in request_and_settled(),
    ) {
        let switches = Switches::default();
        let resolver = Resolver { policies: &policies, switches: &switches, shape_of: &|_| ANY };
        let answer = resolver.answer(std::slice::from_ref(&request));
        let mut whole = request;
        whole.context = settled;
        let verdict = decide(&policies, &whole, &switches).verdict;
        let shown = answer.cases.iter().any(|case| case.decision.verdict == verdict);
        prop_assert!(shown || answer.not_excluded.contains(&verdict), "{verdict:?} is not in {answer:?}");
    }

    #[test]
    fn an_exact_answer_holds_for_every_request_it_speaks_of(
        policies in policy_set(),
        (request, settled) in request_and_settled(),
    ) {
        let switches = Switches::default();
        let resolver = Resolver { policies: &policies, switches: &switches, shape_of: &|_| ANY };
        let answer = resolver.answer(std::slice::from_ref(&request));
        prop_assume!(answer.exact);
        let mut whole = request;
        whole.context = settled;
        let verdict = decide(&policies, &whole, &switches).verdict;
        for case in &answer.cases {
            for when in &case.when {
                let state_of = |key: &str| whole.context.state(&key.into()).clone();
                if speaks_of(&answer, when, state_of) == Some(true) {
                    prop_assert_eq!(case.decision.verdict, verdict, "{:?}", when);
                }
            }
        }
    }

    #[test]
    fn every_case_has_a_witness_that_decides_so(
        policies in policy_set(),
        request in request_of(principal(), context_with_unknowns()),
    ) {
        let switches = Switches::default();
        let resolver = Resolver { policies: &policies, switches: &switches, shape_of: &|_| ANY };
        for case in resolver.answer(&[request]).cases {
            let found = decide(&policies, &case.witness, &switches);
            prop_assert_eq!((found.verdict, found.by), (case.decision.verdict, case.decision.by));
            prop_assert!(case.decision.verdict != Verdict::Allowed || !case.when.is_empty());
        }
    }
}
