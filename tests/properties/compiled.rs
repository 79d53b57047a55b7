//! Compiling changes no answer, and leaves out most of the work.

use iamsure_core::decision::statement::{Addressees, judge};
use iamsure_core::decision::{CompiledPolicies, Verdict, evaluate};
use iamsure_core::language::{ActionName, PolicyType};
use iamsure_core::world::{Bucket, Context, PolicySet, Principal, Request, Switches};
use iamsure_testkit::strategy::world::{
    context_with_unknowns, policy_set, principal, request, request_of, switches,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{cases, read};

/// What is known of a bucket, each fact at random.
fn bucket() -> impl Strategy<Value = Bucket> {
    vec(prop::bool::weighted(0.2), 9).prop_map(|facts| Bucket {
        owner_enforced: facts[0],
        object_of_another: facts[1],
        acl_grants: facts[2],
        acl_is_public: facts[3],
        ignore_public_acls: facts[4],
        restrict_public_buckets: facts[5],
        block_public_acls: facts[6],
        block_public_policy: facts[7],
        request_makes_public: facts[8],
    })
}

fn alice() -> Principal {
    Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    }
}

fn ask(action: &str, resource: &str) -> Request {
    Request::new(alice(), ActionName::parse(action).unwrap(), resource, Context::closed())
}

/// One identity-based policy with these statements.
fn attached(statements: impl Iterator<Item = String>) -> CompiledPolicies {
    let statements: Vec<_> = statements.collect();
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let document = read(PolicyType::Identity, &text);
    CompiledPolicies::new(PolicySet::of_identity([document]), Switches::default())
}

proptest! {
    #![proptest_config(cases(2_048))]

    /// The whole outcome: what was decided, by whom, by which statements, and the bounds of what depends.
    #[test]
    fn compiled_policies_decide_as_the_evaluator_does(
        policies in policy_set(),
        requests in vec(request_of(principal(), context_with_unknowns()), 1..6),
        switches in switches(),
        bucket in bucket(),
        through_gateway_endpoint in any::<bool>(),
    ) {
        let compiled = CompiledPolicies::new(&policies, switches);
        for mut request in requests {
            request.bucket = bucket;
            request.through_gateway_endpoint = through_gateway_endpoint;
            let expected = evaluate(&policies, &request, &switches).outcome;
            prop_assert_eq!(compiled.decide(&request), expected, "{:?}", request);
        }
    }

    /// Of thousands of principals a caller is held against few: each statement names whom it names.
    #[test]
    fn statements_are_for_whom_their_entries_name(
        policies in policy_set(),
        requests in vec(request_of(principal(), context_with_unknowns()), 1..6),
        switches in switches(),
        [has_boundary, through_gateway_endpoint] in any::<[bool; 2]>(),
    ) {
        for (id, document, statement) in policies.statements() {
            let addressees = Addressees::new(document.kind, statement);
            for request in &requests {
                let request = Request { through_gateway_endpoint, ..request.clone() };
                let whole = judge(document, statement, &request, has_boundary, &switches);
                let named = addressees.names(&request, has_boundary, &switches);
                prop_assert_eq!(named, (whole.principal, whole.strength), "{:?} {:?}", id, request);
            }
        }
    }

    #[test]
    fn where_all_is_known_too(policies in policy_set(), request in request(), switches in switches()) {
        let compiled = CompiledPolicies::new(&policies, switches);
        prop_assert_eq!(compiled.decide(&request), evaluate(&policies, &request, &switches).outcome);
        prop_assert!(compiled.count_judged(&request) <= policies.statements().count());
    }
}

/// Ten thousand statements of one kind: the request about number 4,711 finds its own, and that about none
/// finds none.
#[test]
fn few_of_many_statements_are_judged() {
    let count = 10_000;
    let about_one = |own: &str, other: &str, statement: &dyn Fn(usize) -> String| {
        let policies = attached((0..count).map(statement));
        for (request, wanted) in [(own, 1), (other, 0)] {
            let (action, resource) = request.split_once(' ').unwrap();
            let request = ask(action, resource);
            assert_eq!(policies.count_judged(&request), wanted, "{request:?}");
            let verdict = policies.decide(&request).decided().unwrap().verdict;
            assert_eq!(verdict == Verdict::Allowed, wanted == 1);
        }
    };
    about_one(
        "s3:GetObject arn:aws:s3:::bucket-4711-x/key",
        "s3:GetObject arn:aws:s3:::bucket-x/key",
        &|number| {
            format!(
                r#"{{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket-{number}-*"}}"#
            )
        },
    );
    about_one("x:Name4711 *", "x:Name *", &|number| {
        format!(r#"{{"Effect": "Allow", "Action": "x:name{number:04}", "Resource": "*"}}"#)
    });
    // Short lists tell statements apart by both.
    let two_by_two = |number| {
        format!(
            r#"{{"Effect": "Allow", "Action": ["service-{number}:Read", "service-{number}:Write"],
                "Resource": ["arn:aws:service:::thing-{number}", "arn:aws:service:::x"]}}"#
        )
    };
    let own = "service-4711:Read arn:aws:service:::thing-4711";
    about_one(own, "service-4711:Write arn:aws:service:::thing-4712", &two_by_two);
    // Of long lists, the longer does.
    let long = |number| {
        let things: Vec<_> =
            (0..9).map(|part| format!(r#""arn:aws:service:::{part}-{number:04}-thing""#)).collect();
        format!(
            r#"{{"Effect": "Allow", "Action": ["service:Read", "service:Write"],
                "Resource": [{}]}}"#,
            things.join(",")
        )
    };
    let own = "service:Read arn:aws:service:::5-4711-thing";
    about_one(own, "service:Read arn:aws:service:::5-x-thing", &long);
}

/// In the order of the requests, whatever thread decided which.
#[test]
fn many_requests_at_once_are_decided_as_one_by_one() {
    let policies = attached((0..10).map(|number| {
        format!(
            r#"{{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket-{number}-*"}}"#
        )
    }));
    let requests: Vec<_> = (0..3_000)
        .map(|number| ask("s3:GetObject", &format!("arn:aws:s3:::bucket-{}-key", number % 37)))
        .collect();
    for count in [0, 1, 256, 257, 3_000] {
        let one_by_one: Vec<_> =
            requests[..count].iter().map(|request| policies.decide(request)).collect();
        assert_eq!(policies.decide_all(&requests[..count]), one_by_one);
    }
}

/// Statements that may be about anything are always judged.
#[test]
fn what_may_match_everything_is_judged() {
    let policies = attached(
        [
            r#"{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret"}"#,
            r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#,
        ]
        .map(str::to_owned)
        .into_iter(),
    );
    assert_eq!(policies.count_judged(&ask("s3:GetObject", "arn:aws:s3:::bucket/key")), 2);
    assert_eq!(policies.count_judged(&ask("ec2:RunInstances", "*")), 3);
}
