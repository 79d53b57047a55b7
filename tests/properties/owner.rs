//! `aws:ResourceAccount` is the account that the ARN of the resource names, if it names one (KC-15): what shows a
//! verdict keeps to that, and nothing is proved that a request which keeps to it breaks.

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{
    ActionName, ActionPattern, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Principal, Request, Switches};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::model::{Outcome as Answer, Question};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, HitPolicy, Reach, TableQuery};
use proptest::prelude::*;

use super::cases;

const CALLER: &str = "111122223333";
const KEY: &str = "aws:ResourceAccount";

const ACCOUNTS: [&str; 3] = ["111122223333", "444455556666", "777788889999"];

/// Queues of every account.
fn resources() -> Vec<String> {
    let of = |account: &str| format!("arn:aws:sqs:us-east-1:{account}:queue");
    ACCOUNTS.into_iter().map(of).collect()
}

/// Accounts in elements: whole, with wildcards, none.
fn pattern() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "*",
        "arn:aws:sqs:us-east-1:111122223333:*",
        "arn:aws:sqs:us-east-1:444455556666:queue",
        "arn:aws:sqs:*:777788889999:queue",
        "arn:aws:sqs:*:*:queue",
        "arn:aws:sqs:us-east-1::queue",
    ])
    .prop_map(str::to_owned)
}

fn statement() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLikeIfExists",
        "StringEqualsIfExists",
    ]);
    let value = prop::sample::select(vec![
        r#""111122223333""#,
        r#""444455556666""#,
        r#"["111122223333", "777788889999"]"#,
        r#""4444*""#,
    ]);
    let condition = (operator, value)
        .prop_map(|(operator, value)| format!(r#"{{"{operator}": {{"{KEY}": {value}}}}}"#));
    let effect = prop::sample::select(vec!["Allow", "Allow", "Deny"]);
    let element = prop::sample::select(vec!["Resource", "Resource", "NotResource"]);
    (effect, element, pattern(), prop::option::of(condition)).prop_map(
        |(effect, element, pattern, condition)| {
            let condition = condition.map_or_else(String::new, |text| format!(r#", "Condition": {text}"#));
            format!(
                r#"{{"Effect": "{effect}", "Action": "sqs:SendMessage", "{element}": "{pattern}"{condition}}}"#
            )
        },
    )
}

fn policies() -> impl Strategy<Value = PolicySet> {
    prop::collection::vec(statement(), 1..4).prop_map(|statements| {
        let text =
            format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
        let source = Source::new("policy", text);
        let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict);
        PolicySet::of_identity([document.unwrap()])
    })
}

fn setting() -> Setting {
    let arn = format!("arn:aws:iam::{CALLER}:user/caller");
    let user = Principal::User { account: CALLER.to_owned(), arn, unique_id: None };
    Setting {
        who: Some(user.into()).into(),
        actions: vec![ActionPattern::new("sqs:SendMessage")],
        ..Setting::default()
    }
}

/// The account that a resource names.
fn named(resource: &str) -> Option<&str> {
    resource.split(':').nth(4).filter(|account| account.len() == 12)
}

fn keeps_to_it(request: &Request) -> bool {
    match (request.context.state(&KEY.into()), named(&request.resource)) {
        (KeyState::Single(account), Some(named)) => account == named,
        _ => true,
    }
}

/// Every request of the caller that keeps to it: each resource, with the key absent and with each account.
fn requests() -> Vec<Request> {
    let requester = setting().who.named().unwrap().clone();
    let action = ActionName::parse("sqs:SendMessage").unwrap();
    let states: Vec<KeyState> = std::iter::once(KeyState::Absent)
        .chain(ACCOUNTS.into_iter().map(KeyState::single))
        .collect();
    let mut all = Vec::new();
    for resource in resources() {
        for state in &states {
            let mut context = Context::closed();
            context.set(KEY.into(), state.clone());
            let request =
                Request::new(requester.clone(), action.clone(), resource.as_str(), context);
            all.extend(Some(request).filter(keeps_to_it));
        }
    }
    all
}

fn verdict(policies: &PolicySet, request: &Request) -> Verdict {
    let Outcome::Decided(decision) = evaluate(policies, request, &Switches::default()).outcome
    else {
        panic!("nothing is unknown")
    };
    decision.verdict
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_claim_is_decided_by_resources_of_the_account_that_the_key_names(
        policies in policies(),
        account in prop::sample::select(&ACCOUNTS[..]),
        is_absent in any::<bool>(),
    ) {
        let condition = if is_absent { format!("{KEY} is absent") } else { format!("{KEY} is {account}") };
        let query = ClaimQuery {
            policies: policies.clone(),
            claim: Claim::parse(&format!("never allow sqs:SendMessage when {condition}")).unwrap(),
            setting: setting(),
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        let proof = query.answer().unwrap();
        if let Some(example) = &proof.example {
            prop_assert!(keeps_to_it(&example.request), "{:?}", example.request);
        }
        if proof.verdict == ClaimVerdict::Proved {
            let state = if is_absent { KeyState::Absent } else { KeyState::single(account) };
            for request in requests() {
                if *request.context.state(&KEY.into()) == state {
                    prop_assert_ne!(verdict(&policies, &request), Verdict::Allowed, "{:?}", request);
                }
            }
        }
    }

    #[test]
    fn rows_that_some_request_reaches_are_not_called_unreachable(policies in policies()) {
        let query = TableQuery {
            policies: policies.clone(),
            question: Question::Decision,
            setting: setting(),
            form: Form { hit: Some(HitPolicy::Unique), apart: Some(true), keys: None },
            is_whole: false,
        };
        let table = query.answer().unwrap().table;
        let reached = |verdict| {
            table.rows.iter().any(|row| {
                row.outcomes.one() == Some(Answer::Verdict(verdict)) && row.reach == Reach::Reachable
            })
        };
        for request in requests() {
            let verdict = verdict(&policies, &request);
            prop_assert!(reached(verdict), "{:?} {:?}", verdict, request);
        }
        for row in table.rows.iter().filter(|row| row.reach == Reach::Reachable) {
            if let Some(witness) = &row.witness {
                prop_assert!(keeps_to_it(witness), "{:?}", witness);
            }
        }
    }
}
