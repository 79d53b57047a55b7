//! Answers about requests with unknowns: what they say is so, they leave nothing out, and what sampling finds is
//! among it.

use iamsure_core::world::{Context, KeyState, PolicySet, Request, Switches};
use iamsure_testkit::sampling::{fits, is_possible, sampled};
use iamsure_testkit::strategy::condition::KEYS;
use iamsure_testkit::strategy::world::{
    context_with_unknowns, policy_set, principal, request_of, settled,
};
use iamsure_truth::ask::{Answer, Asker, Known, Worlds};
use iamsure_truth::sample::Who;
use proptest::prelude::*;

use super::{cases, decide};

/// A request with unknowns, and one way they can turn out.
fn request_and_settled() -> impl Strategy<Value = (Request, Context)> {
    request_of(principal(), context_with_unknowns()).prop_flat_map(|request| {
        let settled = settled(&request.context);
        (Just(request), settled)
    })
}

/// The one world of a request by whoever makes it.
fn world(request: &Request) -> Worlds<'static> {
    let who = Who::Named(request.requester.clone());
    Worlds::of(request.clone(), &who, None, Known::Given)
}

/// Whether what was unknown turned out as AWS publishes its keys.
fn may_be(worlds: &Worlds<'_>, whole: &Request) -> bool {
    let is_open = |key: &str| *worlds.first().context.state(&key.into()) == KeyState::Unknown;
    let mut open = KEYS.iter().filter(|key| is_open(key));
    open.all(|key| fits(whole.context.state(&(*key).into()), &worlds.knowledge(&(*key).into())))
        && is_possible(whole)
}

fn answer(policies: &PolicySet, worlds: &Worlds<'_>) -> Answer {
    Asker { policies, switches: &Switches::default() }.answer(worlds)
}

proptest! {
    #![proptest_config(cases(1200))]

    #[test]
    fn no_verdict_is_left_out(
        policies in policy_set(),
        (request, settled) in request_and_settled(),
    ) {
        let worlds = world(&request);
        let whole = Request { context: settled, ..request };
        prop_assume!(may_be(&worlds, &whole));
        let answer = answer(&policies, &worlds);
        let verdict = decide(&policies, &whole, &Switches::default()).verdict;
        prop_assert!(answer.verdicts().contains(&verdict), "{verdict:?} is not in {answer:?}");
    }

    #[test]
    fn every_sampled_verdict_is_among_the_exact_ones(
        policies in policy_set(),
        request in request_of(principal(), context_with_unknowns()),
    ) {
        let worlds = world(&request);
        let verdicts = answer(&policies, &worlds).verdicts();
        for verdict in sampled(&policies, &worlds, &Switches::default()) {
            prop_assert!(verdicts.contains(&verdict), "{verdict:?} is not in {verdicts:?}");
        }
    }

    #[test]
    fn every_case_has_a_witness_that_decides_so(
        policies in policy_set(),
        request in request_of(principal(), context_with_unknowns()),
    ) {
        let switches = Switches::default();
        let answer = answer(&policies, &world(&request));
        for case in &answer.cases {
            // Keys that make no difference may be left unknown.
            let found = iamsure_core::decision::evaluate(&policies, &case.witness, &switches);
            let found = found.outcome.decided().cloned().unwrap();
            prop_assert_eq!((found.verdict, found.by), (case.decision.verdict, case.decision.by));
            for id in &case.decision.statements {
                prop_assert!(found.statements.contains(id), "{:?} does not decide {:?}", id, found);
            }
            let named = case.decision.statements.iter().chain(&case.sometimes);
            let named: Vec<_> = named.copied().collect();
            prop_assert!(found.statements.iter().all(|id| named.contains(id)), "{:?} {:?}", found, case);
            prop_assert!(!case.when.is_empty());
        }
        // Without conditions a case is all there is.
        let always = answer.cases.iter().any(|case| case.when.iter().any(std::collections::BTreeMap::is_empty));
        prop_assert!(!always || answer.cases.len() == 1, "{answer:?}");
    }
}
