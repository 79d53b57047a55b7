//! The unknown: whatever it turns out to be, the answer given before was right (R-8, A-9).

use iamsure_core::decision::{Outcome, evaluate};
use iamsure_core::language::{ActionName, PolicyType};
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Switch, Switches};
use iamsure_testkit::strategy::world::{
    context, context_with_unknowns, policy_set, principal, request_of, settled, switches,
};
use proptest::prelude::*;

use super::{cases, decide, read};

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_settled_request_is_decided_within_the_bounds(
        policies in policy_set(),
        (request, settled) in request_of(principal(), context_with_unknowns()).prop_flat_map(|request| {
            let settled = settled(&request.context);
            (Just(request), settled)
        }),
        switches in switches(),
    ) {
        // Q3 has a case of its own below.
        let switches = switches.with_default(Switch::Q3);
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
            Outcome::Depends { least, most, .. } => {
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

#[test]
fn a_variable_in_notresource_that_may_have_no_value_is_unknown_under_q3() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
        "NotResource": "arn:aws:s3:::other/${s3:prefix}"}}"#;
    let policies = PolicySet::of_identity([read(PolicyType::Identity, text)]);
    let switches = Switches::default().choose("Q3=no-match").unwrap();
    let request = |state| {
        let mut context = Context::closed();
        context.set("s3:prefix".into(), state);
        let caller = Principal::User {
            account: "111122223333".into(),
            arn: "arn:aws:iam::111122223333:user/alice".into(),
            unique_id: None,
        };
        let action = ActionName::parse("s3:GetObject").unwrap();
        Request::new(caller, action, "arn:aws:s3:::bucket/key", context)
    };
    let settled = decide(&policies, &request(KeyState::Absent), &switches);
    if let Outcome::Decided(before) =
        evaluate(&policies, &request(KeyState::Unknown), &switches).outcome
    {
        assert_eq!(before.verdict, settled.verdict);
    }
}
