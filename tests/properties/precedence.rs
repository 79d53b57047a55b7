//! Deny wins, order is nothing, Allow only adds, and limiting layers only take away (7.9, A-7).

use std::collections::BTreeSet;

use iamsure_core::decision::statement::judge;
use iamsure_core::decision::{Answerable, Truth, Verdict, evaluate, explain};
use iamsure_core::language::document::{Effect, Sense, Statement};
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Spanned};
use iamsure_core::world::{Context, PolicySet, Principal, Request, Switches};
use iamsure_testkit::strategy::document::{policy, policy_type, statement_of};
use iamsure_testkit::strategy::world::{
    context, member, policy_set, request, request_of, role_session, switches,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{cases, decide, documents, read};

/// The same set with every list in another order.
fn reordered(policies: &PolicySet, turn: usize) -> PolicySet {
    fn turned<T>(list: &mut [T], turn: usize) {
        if !list.is_empty() {
            list.rotate_left(turn % list.len());
        }
        if turn % 2 == 1 {
            list.reverse();
        }
    }
    let mut policies = policies.clone();
    turned(&mut policies.identity, turn);
    turned(&mut policies.session, turn);
    for levels in [&mut policies.scp, &mut policies.rcp] {
        turned(levels, turn);
        for level in levels {
            turned(level, turn);
        }
    }
    for document in documents(&mut policies) {
        turned(document.statements.to_mut(), turn);
        for statement in document.statements.to_mut() {
            let Statement { principal, action, resource, condition, .. } = &mut statement.value;
            if let Some(element) = principal {
                turned(&mut element.value.entries, turn);
            }
            if let Some(element) = action {
                turned(&mut element.value.entries, turn);
            }
            if let Some(element) = resource {
                turned(&mut element.value.entries, turn);
            }
            turned(&mut condition.clauses, turn);
            for clause in &mut condition.clauses {
                turned(&mut clause.value.values, turn);
            }
        }
    }
    policies
}

/// A type of policy and a statement of this effect for it.
fn addition(effect: Effect) -> impl Strategy<Value = (PolicyType, Spanned<Statement>)> {
    policy_type()
        .prop_filter("an RCP never allows", move |kind| {
            effect == Effect::Deny || *kind != PolicyType::Rcp
        })
        .prop_flat_map(move |kind| {
            statement_of(kind, effect).prop_map(move |statement| {
                let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
                (kind, read(kind, &text).statements.to_mut().remove(0))
            })
        })
}

/// The set with the statement added to every policy of the type.
fn with(policies: &PolicySet, kind: PolicyType, statement: &Spanned<Statement>) -> PolicySet {
    let mut policies = policies.clone();
    for document in documents(&mut policies).filter(|document| document.kind == kind) {
        document.statements.to_mut().push(statement.clone());
    }
    policies
}

fn deny_everything() -> PolicyDocument {
    read(
        PolicyType::Identity,
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
    )
}

proptest! {
    #![proptest_config(cases(768))]

    #[test]
    fn deny_is_absorbing(policies in policy_set(), request in request(), switches in switches()) {
        let evaluation = evaluate(&policies, &request, &switches);
        let denied = evaluation
            .statements
            .iter()
            .any(|(_, effect, matched)| *effect == Effect::Deny && matched.truth() == Truth::True);
        let verdict = decide(&policies, &request, &switches).verdict;
        prop_assert_eq!(verdict == Verdict::ExplicitlyDenied, denied);
    }

    #[test]
    fn a_deny_of_everything_leaves_nothing(
        mut policies in policy_set(),
        request in request_of(member(), context()),
        switches in switches(),
    ) {
        policies.identity.push(deny_everything());
        let verdict = decide(&policies, &request, &switches).verdict;
        prop_assert!(matches!(verdict, Verdict::ExplicitlyDenied | Verdict::Exempt));
    }

    #[test]
    fn nothing_is_allowed_without_an_allow(
        mut policies in policy_set(),
        request in request(),
        switches in switches(),
    ) {
        for document in documents(&mut policies) {
            document.statements.to_mut().retain(|statement| *statement.effect == Effect::Deny);
        }
        let decision = decide(&policies, &request, &switches);
        prop_assert!(decision.verdict != Verdict::Allowed || decision.by == Answerable::Root);
    }

    #[test]
    fn order_never_matters(
        policies in policy_set(),
        request in request(),
        switches in switches(),
        turn in 1..6_usize,
    ) {
        let decision = decide(&policies, &request, &switches);
        let other = decide(&reordered(&policies, turn), &request, &switches);
        prop_assert_eq!((decision.verdict, decision.by), (other.verdict, other.by));
    }

    #[test]
    fn an_added_allow_never_narrows(
        policies in policy_set(),
        request in request(),
        (kind, statement) in addition(Effect::Allow),
        switches in switches(),
    ) {
        let before = decide(&policies, &request, &switches).verdict;
        let after = decide(&with(&policies, kind, &statement), &request, &switches).verdict;
        prop_assert!(before <= after, "{} became {}", before, after);
    }

    #[test]
    fn an_added_deny_never_widens(
        policies in policy_set(),
        request in request(),
        (kind, statement) in addition(Effect::Deny),
        switches in switches(),
    ) {
        let before = decide(&policies, &request, &switches).verdict;
        let after = decide(&with(&policies, kind, &statement), &request, &switches).verdict;
        prop_assert!(after <= before, "{} became {}", before, after);
    }

    // With a boundary, NotPrincipal denies more (P-21): that only takes away, too.
    #[test]
    fn a_boundary_never_adds(
        policies in policy_set(),
        request in request(),
        boundary in policy(PolicyType::Boundary),
        switches in switches(),
    ) {
        let without = PolicySet { boundary: None, ..policies };
        let limited = PolicySet { boundary: Some(boundary), ..without.clone() };
        let without = decide(&without, &request, &switches).verdict;
        prop_assert!(decide(&limited, &request, &switches).verdict <= without);
    }

    // A federated user has no permission until there is a session policy (E-12), so this is about
    // sessions of roles.
    #[test]
    fn a_session_policy_never_adds(
        policies in policy_set(),
        request in request_of(role_session(), context()),
        session in vec(policy(PolicyType::Session), 1..3),
        switches in switches(),
    ) {
        let without = PolicySet { session: Vec::new(), ..policies };
        let limited = PolicySet { session, ..without.clone() };
        let without = decide(&without, &request, &switches).verdict;
        prop_assert!(decide(&limited, &request, &switches).verdict <= without);
    }

    #[test]
    fn a_level_of_scps_or_rcps_never_adds(
        policies in policy_set(),
        request in request(),
        scp in vec(policy(PolicyType::Scp), 0..3),
        rcp in vec(policy(PolicyType::Rcp), 0..3),
        switches in switches(),
    ) {
        let mut limited = policies.clone();
        limited.scp.push(scp);
        limited.rcp.push(rcp);
        let without = decide(&policies, &request, &switches).verdict;
        prop_assert!(decide(&limited, &request, &switches).verdict <= without);
    }

    #[test]
    fn an_endpoint_policy_never_adds(
        policies in policy_set(),
        request in request(),
        endpoint in policy(PolicyType::Endpoint),
        switches in switches(),
    ) {
        let without = PolicySet { endpoint: None, ..policies };
        let limited = PolicySet { endpoint: Some(endpoint), ..without.clone() };
        let without = decide(&without, &request, &switches).verdict;
        prop_assert!(decide(&limited, &request, &switches).verdict <= without);
    }

    #[test]
    fn deciding_statements_matched_and_are_of_the_deciding_effect(
        policies in policy_set(),
        request in request(),
        switches in switches(),
    ) {
        let evaluation = evaluate(&policies, &request, &switches);
        let decision = decide(&policies, &request, &switches);
        for id in &decision.statements {
            let found = evaluation.statements.iter().find(|(known, ..)| known == id);
            let (_, effect, matched) = found.unwrap();
            prop_assert_eq!(matched.truth(), Truth::True);
            let denied = decision.verdict == Verdict::ExplicitlyDenied;
            prop_assert_eq!(*effect == Effect::Deny, denied);
        }
        // Root is allowed by nobody, and Q22 grants without a statement.
        let speaks = match decision.verdict {
            Verdict::ExplicitlyDenied => true,
            Verdict::Allowed => matches!(decision.by, Answerable::Layer(PolicyType::Identity | PolicyType::Resource)),
            Verdict::ImplicitlyDenied | Verdict::Exempt => false,
        };
        prop_assert!(!speaks || !decision.statements.is_empty());
    }

    #[test]
    fn an_explanation_agrees_with_the_decision(
        policies in policy_set(),
        request in request_of(member(), context()),
        switches in switches(),
    ) {
        for (id, _, matched) in evaluate(&policies, &request, &switches).statements {
            let explained = explain(&policies, id, &request, &switches).unwrap();
            prop_assert_eq!(explained.matched.truth(), matched.truth());
            let truths = explained.clauses.iter().map(|clause| clause.judgement.truth);
            prop_assert_eq!(Truth::all(truths), explained.matched.condition);
        }
    }

    #[test]
    fn notaction_is_the_complement_of_action_and_notresource_of_resource(
        policies in policy_set(),
        request in request(),
    ) {
        let switches = Switches::default();
        for (_, document, statement) in policies.statements() {
            let plain = judge(document, statement, &request, false, &switches);
            let mut other = statement.value.clone();
            let flip = |sense| if sense == Sense::OneOf { Sense::NoneOf } else { Sense::OneOf };
            if let Some(element) = &mut other.action {
                prop_assert!(!element.entries.is_empty());
                element.value.sense = flip(element.value.sense);
            }
            if let Some(element) = &mut other.resource {
                element.value.sense = flip(element.value.sense);
            }
            let flipped = judge(document, &other, &request, false, &switches);
            prop_assert_eq!(flipped.action, plain.action.not());
            if statement.resource.is_some() {
                prop_assert_eq!(flipped.resource, plain.resource.not());
            }
        }
    }
}

#[test]
fn an_explanation_agrees_with_the_decision_about_root() {
    let deny = r#"{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"},
        "Action": "*", "Resource": "*"}}"#;
    let allow = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let policies = PolicySet {
        resource: Some(read(PolicyType::Resource, deny)),
        boundary: Some(read(PolicyType::Boundary, allow)),
        ..PolicySet::default()
    };
    let request = Request::new(
        Principal::Root { account: "111122223333".into() },
        ActionName::parse("s3:GetObject").unwrap(),
        "arn:aws:s3:::bucket/key",
        Context::closed(),
    );
    let switches = Switches::default();
    for (id, _, matched) in evaluate(&policies, &request, &switches).statements {
        let explained = explain(&policies, id, &request, &switches).unwrap().matched;
        assert_eq!(explained.truth(), matched.truth());
    }
}

/// The strategies would be worth little if they never got past the first gate.
#[test]
fn every_answer_is_reached() {
    use Verdict::{Allowed, Exempt, ExplicitlyDenied, ImplicitlyDenied};
    let mut runner = TestRunner::deterministic();
    let strategy = (policy_set(), request());
    let mut reached = BTreeSet::new();
    for _ in 0..6000 {
        let (policies, request) = strategy.new_tree(&mut runner).unwrap().current();
        let decision = decide(&policies, &request, &Switches::default());
        reached.insert((decision.verdict, decision.by));
    }
    for kind in PolicyType::ALL {
        assert!(reached.contains(&(ExplicitlyDenied, Answerable::Layer(kind))), "{kind}");
        // An RCP does not have to allow.
        let answers = kind == PolicyType::Rcp
            || reached.contains(&(ImplicitlyDenied, Answerable::Layer(kind)));
        assert!(answers, "{kind}");
    }
    for by in [
        Answerable::Layer(PolicyType::Identity),
        Answerable::Layer(PolicyType::Resource),
        Answerable::Layer(PolicyType::Trust),
        Answerable::Layer(PolicyType::Session),
        Answerable::CrossAccount,
        Answerable::Root,
    ] {
        assert!(reached.contains(&(Allowed, by)), "{by}");
    }
    assert!(reached.contains(&(Exempt, Answerable::NoPermissionNeeded)));
}

#[test]
fn a_federated_user_without_a_session_policy_may_only_be_granted_by_the_resource() {
    let allow = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let policies = PolicySet::of_identity([read(PolicyType::Identity, allow)]);
    let request = Request::new(
        Principal::FederatedUser {
            account: "111122223333".into(),
            arn: "arn:aws:sts::111122223333:federated-user/bob".into(),
            user_arn: None,
        },
        ActionName::parse("s3:GetObject").unwrap(),
        "arn:aws:s3:::bucket/key",
        Context::closed(),
    );
    let switches = Switches::default();
    let decision = decide(&policies, &request, &switches);
    assert_eq!(decision.verdict, Verdict::ImplicitlyDenied);
    let session = vec![read(PolicyType::Session, allow)];
    let decision = decide(&PolicySet { session, ..policies }, &request, &switches);
    assert_eq!(decision.verdict, Verdict::Allowed);
}
