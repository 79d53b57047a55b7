//! The guardrail: a Deny of everything unless the call came through an AWS-managed MCP server.
//!
//! ```json
//! { "Effect": "Deny", "Action": "*", "Resource": "*",
//!   "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } } }
//! ```
//!
//! The Deny applies iff the key is absent, or single and `false` without case. So what gets past
//! it is every other state of the key: `true`, but also a text that is no Boolean, and a key that
//! is multivalued, which AWS's own key never is.

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{PolicyDocument, PolicyType};
use iamsure_core::world::{Context, KeyState, PolicySet, Request, Switches};
use iamsure_testkit::strategy::world::{
    context, context_with_unknowns, member, policy_set, request_of, switches, via_mcp,
};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};

use super::{cases, decide, read};

const KEY: &str = "aws:ViaAWSMCPService";

fn guardrail(operator: &str) -> PolicyDocument {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{
            "Sid": "DenyDirectAPIAccess", "Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {{"{operator}": {{"{KEY}": "false"}}}}
        }}}}"#
    );
    read(PolicyType::Identity, &text)
}

/// Any policies with the guardrail among the identity-based ones, at any place.
fn guarded(operator: &'static str) -> impl Strategy<Value = PolicySet> {
    (policy_set(), any::<prop::sample::Index>()).prop_map(move |(mut policies, at)| {
        let at = at.index(policies.identity.len() + 1);
        policies.identity.insert(at, guardrail(operator));
        policies
    })
}

/// A request of a principal with identity-based policies, over some call path.
fn member_request() -> impl Strategy<Value = Request> {
    let context = (context(), via_mcp()).prop_map(|(mut context, state): (Context, KeyState)| {
        context.set(KEY.into(), state);
        context
    });
    request_of(member(), context)
}

fn state(request: &Request) -> &KeyState {
    request.context.state(&KEY.into())
}

/// Absent, or single and false.
fn is_direct(state: &KeyState) -> bool {
    match state {
        KeyState::Absent => true,
        KeyState::Single(value) => value.eq_ignore_ascii_case("false"),
        KeyState::Multi(_) | KeyState::Unknown => false,
    }
}

proptest! {
    #![proptest_config(cases(1200))]

    #[test]
    fn no_direct_call_is_allowed_whatever_else_is_attached(
        policies in guarded("BoolIfExists"),
        request in member_request(),
        switches in switches(),
    ) {
        let verdict = decide(&policies, &request, &switches).verdict;
        if is_direct(state(&request)) {
            prop_assert!(matches!(verdict, Verdict::ExplicitlyDenied | Verdict::Exempt));
        }
    }

    // With Booleans for values, as AWS sends them: only `true` gets through.
    #[test]
    fn only_exempt_calls_and_calls_with_the_key_true_are_allowed(
        policies in guarded("BoolIfExists"),
        mut request in member_request(),
        sent in prop::sample::select(vec![None, Some("false"), Some("true"), Some("False"), Some("TRUE")]),
        switches in switches(),
    ) {
        let sent = sent.map_or(KeyState::Absent, KeyState::single);
        request.context.set(KEY.into(), sent.clone());
        let decision = decide(&policies, &request, &switches);
        let is_true = matches!(&sent, KeyState::Single(value) if value.eq_ignore_ascii_case("true"));
        prop_assert!(decision.verdict != Verdict::Allowed || is_true);
    }

    // The other half: where the key is neither absent nor false, the guardrail takes nothing away.
    #[test]
    fn calls_that_are_not_direct_are_decided_as_without_the_guardrail(
        policies in policy_set(),
        request in member_request(),
    ) {
        // A list of one is that value, and a list of none is an absent key (C-45).
        let as_one = matches!(state(&request), KeyState::Multi(values) if values.len() < 2);
        prop_assume!(!as_one && !is_direct(state(&request)));
        let mut guarded = policies.clone();
        guarded.identity.push(guardrail("BoolIfExists"));
        let switches = Switches::default();
        let (with, without) =
            (decide(&guarded, &request, &switches), decide(&policies, &request, &switches));
        prop_assert_eq!((with.verdict, with.by), (without.verdict, without.by));
    }

    #[test]
    fn no_direct_call_is_allowed_while_anything_else_is_unknown(
        policies in guarded("BoolIfExists"),
        mut request in request_of(member(), context_with_unknowns()),
        sent in prop::sample::select(vec![None, Some("false")]),
    ) {
        request.context.set(KEY.into(), sent.map_or(KeyState::Absent, KeyState::single));
        // Which layer is named first may depend on the unknown; that it is denied may not.
        let verdicts = match evaluate(&policies, &request, &Switches::default()).outcome {
            Outcome::Decided(decision) => vec![decision.verdict],
            Outcome::Depends { least, most, .. } => vec![least.verdict, most.verdict],
        };
        for verdict in verdicts {
            prop_assert!(matches!(verdict, Verdict::ExplicitlyDenied | Verdict::Exempt));
        }
    }
}

/// Searches for a guarded call that is allowed though the key is absent.
fn hole(operator: &'static str) -> Option<(PolicySet, Request)> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = proptest::test_runner::Config { failure_persistence: None, ..cases(2000) };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let found = runner.run(&(guarded(operator), member_request()), |(policies, request)| {
        let absent = *state(&request) == KeyState::Absent;
        let verdict = decide(&policies, &request, &Switches::default()).verdict;
        if absent && verdict == Verdict::Allowed {
            return Err(TestCaseError::fail("a hole"));
        }
        Ok(())
    });
    match found {
        Ok(()) => None,
        Err(TestError::Fail(_, hole)) => Some(hole),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

#[test]
fn bool_without_ifexists_lets_a_direct_call_through_when_the_key_is_absent() {
    let (policies, request) = hole("Bool").unwrap();
    assert_eq!(state(&request), &KeyState::Absent);
    let decision = decide(&policies, &request, &Switches::default());
    assert_eq!(decision.verdict, Verdict::Allowed);
    // The same call, the same other policies, the right operator.
    let repaired = PolicySet {
        identity: policies
            .identity
            .into_iter()
            .map(
                |policy| {
                    if policy == guardrail("Bool") { guardrail("BoolIfExists") } else { policy }
                },
            )
            .collect(),
        ..policies
    };
    let decision = decide(&repaired, &request, &Switches::default());
    assert_eq!(decision.verdict, Verdict::ExplicitlyDenied);
}

#[test]
fn bool_with_ifexists_has_no_such_hole() {
    assert_eq!(hole("BoolIfExists"), None);
}
