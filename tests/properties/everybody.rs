//! What limits whoever reaches a resource is asked about callers of every kind: services, anonymous callers, sessions of
//! `AssumeRoot`, root users, federated users, of any account (E-22, E-24, E-28).

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Principal, Request, Switches};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::setting::Setting;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::cases;

const OWN: &str = "111122223333";

/// Conditions that tell kinds of callers apart.
const CONDITIONS: [&str; 12] = [
    r#""Bool": {"aws:PrincipalIsAWSService": "true"}"#,
    r#""Bool": {"aws:PrincipalIsAWSService": "false"}"#,
    r#""Null": {"aws:SourceAccount": "false"}"#,
    r#""Null": {"aws:username": "false"}"#,
    r#""StringEquals": {"aws:PrincipalType": "Anonymous"}"#,
    r#""StringEqualsIgnoreCase": {"aws:PrincipalType": ["FederatedUser", "Account"]}"#,
    r#""StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}"#,
    r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#,
    r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}"#,
    r#""BoolIfExists": {"aws:AssumedRoot": "true"}"#,
    r#""Null": {"aws:AssumedRoot": "true"}"#,
    r#""Null": {"ec2:SourceInstanceArn": "false"}"#,
];

/// Denies under some of these.
fn statements() -> impl Strategy<Value = String> {
    let statement = subsequence(&CONDITIONS[..], 0..3).prop_filter_map("one operator once", |some| {
        let operator = |text: &&str| text.split(':').next().map(str::to_owned);
        let mut operators: Vec<_> = some.iter().filter_map(operator).collect();
        operators.dedup();
        (operators.len() == some.len()).then(|| {
            format!(
                r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {{{}}}}}"#,
                some.join(", ")
            )
        })
    });
    prop::collection::vec(statement, 1..3).prop_map(|all| all.join(", "))
}

/// Such policies alone: of an organization, or of an endpoint.
fn limits() -> impl Strategy<Value = PolicySet> {
    (statements(), any::<bool>()).prop_map(|(statements, is_rcp)| {
        let kind = if is_rcp { PolicyType::Rcp } else { PolicyType::Endpoint };
        let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
        let all = if is_rcp { statements } else { format!("{statements}, {allow}") };
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{all}]}}"#);
        let read = PolicyDocument::read(&Source::new("limit", text), kind, Profile::Lenient);
        PolicySet::of(read.unwrap())
    })
}

/// Callers of every kind, and what AWS puts into their requests beside what follows from who they are.
fn callers() -> Vec<(Principal, Vec<(&'static str, KeyState)>)> {
    let single = KeyState::single;
    let role = |account: &str| Principal::RoleSession {
        arn: format!("arn:aws:sts::{account}:assumed-role/app/s"),
        role_arn: Some(format!("arn:aws:iam::{account}:role/app")),
        role_id: None,
        service_linked: false,
        account: account.to_owned(),
    };
    let user = |account: &str| Principal::User {
        arn: format!("arn:aws:iam::{account}:user/bob"),
        account: account.to_owned(),
        unique_id: None,
    };
    let mut all = vec![
        (Principal::Service { name: "cloudtrail.amazonaws.com".to_owned() }, Vec::new()),
        (
            Principal::Service { name: "config.amazonaws.com".to_owned() },
            vec![("aws:SourceAccount", single("444455556666"))],
        ),
        (Principal::Anonymous, Vec::new()),
    ];
    for account in [OWN, "444455556666"] {
        all.push((
            role(account),
            vec![("ec2:SourceInstanceArn", single("arn:aws:ec2:us-east-1:1:i"))],
        ));
        all.push((role(account), vec![("aws:PrincipalOrgID", single("o-a1b2c3d4e5"))]));
        all.push((user(account), Vec::new()));
        all.push((Principal::Root { account: account.to_owned() }, Vec::new()));
        let arn = format!("arn:aws:sts::{account}:federated-user/f");
        all.push((
            Principal::FederatedUser { account: account.to_owned(), arn, user_arn: None },
            Vec::new(),
        ));
        let arn = format!("arn:aws:iam::{account}:root");
        all.push((
            Principal::AssumeRoot { account: account.to_owned(), arn, task_policy_arn: None },
            vec![("aws:AssumedRoot", single("true"))],
        ));
    }
    all
}

fn requests() -> impl Strategy<Value = Request> {
    select(callers()).prop_map(|(principal, beside)| {
        let mut context = Context::closed();
        let keys = principal_keys(&principal).into_iter();
        let beside = beside.into_iter().map(|(key, state)| (ConditionKey::new(key), state));
        // Of a service AWS does not say more.
        for (key, state) in keys.chain(beside).filter(|(_, state)| *state != KeyState::Unknown) {
            context.set(key, state);
        }
        let action = ActionName::parse("s3:GetObject").unwrap();
        let request = Request::new(principal, action, "arn:aws:s3:::b/k", context);
        Request { resource_account: Some(OWN.to_owned()), ..request }
    })
}

proptest! {
    #![proptest_config(cases(400))]

    /// What is said never to be denied explicitly, no request of anybody shows.
    #[test]
    fn what_limits_everybody_is_asked_about_everybody(policies in limits(), request in requests()) {
        let outcome = evaluate(&policies, &request, &Switches::default()).outcome;
        let Outcome::Decided(decision) = outcome else { return Ok(()) };
        let query = ClaimQuery {
            policies,
            claim: Claim::parse("some explicitly deny s3:GetObject").unwrap(),
            setting: Setting {
                actions: vec![ActionPattern::new("s3:GetObject")],
                resource_account: Some(OWN.to_owned()),
                ..Setting::default()
            },
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        if decision.verdict == Verdict::ExplicitlyDenied {
            let verdict = query.answer().ok().map(|proof| proof.verdict);
            let is_shown = matches!(verdict, Some(ClaimVerdict::Proved | ClaimVerdict::Depends));
            prop_assert!(is_shown, "{:?}: {:?}", verdict, request);
        }
    }
}
