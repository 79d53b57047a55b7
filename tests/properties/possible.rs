//! Laws of what can be: no request that is shown is one that its caller cannot make, and nothing is proved by
//! leaving out one that it can.
//!
//! What a caller's keys are is told here once more, by hand, from the IAM User Guide
//! (`reference_policies_condition-keys`).

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Principal, Request, Switches};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::model::Question;
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, Reach, TableQuery};
use iamsure_truth::unanswered::{Unanswered, Unaskable};
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;

const ACTION: &str = "s3:GetObject";
const RESOURCE: &str = "arn:aws:s3:::b/k";

const CLAIMS: [&str; 4] = [
    "never allow s3:GetObject",
    "never allow s3:GetObject when aws:PrincipalAccount is 444455556666",
    "never allow s3:GetObject unless aws:PrincipalType is User",
    "never allow s3:GetObject when aws:PrincipalArn like arn:aws:iam::*:role/*",
];

const KEYS: [(&str, &[&str]); 6] = [
    (
        "aws:PrincipalArn",
        &[
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::444455556666:role/*",
            "arn:aws:iam::*:root",
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:sts::111122223333:assumed-role/app/*",
            "arn:aws:sts::*:federated-user/*",
            "*",
        ],
    ),
    ("aws:PrincipalAccount", &["111122223333", "444455556666", "anonymous"]),
    ("aws:PrincipalType", &["User", "AssumedRole", "Account", "FederatedUser", "Anonymous"]),
    ("aws:username", &["alice", "*"]),
    ("aws:userid", &["AROAAPP:*", "AIDAALICE", "111122223333", "*:session"]),
    ("aws:PrincipalOrgID", &["o-acme000001"]),
];

const PRINCIPALS: [&str; 6] = [
    r#""*""#,
    r#"{"AWS": "*"}"#,
    r#"{"AWS": "444455556666"}"#,
    r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#,
    r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
    r#"{"Service": "cloudtrail.amazonaws.com"}"#,
];

const OPERATORS: [&str; 7] = [
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIfExists",
    "ArnLike",
    "ArnNotLike",
];

fn condition() -> impl Strategy<Value = String> {
    (select(&KEYS), select(&OPERATORS), any::<prop::sample::Index>(), 0..8_u8).prop_map(
        |((key, values), operator, at, null)| {
            let value = values[at.index(values.len())];
            let operator = if *key == *"aws:PrincipalArn" {
                operator
            } else {
                operator.strip_prefix("Arn").map_or(operator, |rest| match rest {
                    "Like" => "StringLike",
                    _ => "StringNotLike",
                })
            };
            match null {
                0 => format!(r#"{{"Null": {{"{key}": "true"}}}}"#),
                1 => format!(r#"{{"Null": {{"{key}": "false"}}}}"#),
                _ => format!(r#"{{"{operator}": {{"{key}": "{value}"}}}}"#),
            }
        },
    )
}

/// A condition element of one or two clauses.
fn conditions() -> impl Strategy<Value = String> {
    prop::collection::vec(condition(), 1..3).prop_map(|clauses| {
        // Two of one operator cannot be written as they are: the first stays.
        let name = |clause: &str| clause.split('"').nth(1).map(str::to_owned);
        match clauses.as_slice() {
            [one, two] if name(one) != name(two) => {
                let first = one.strip_suffix('}').unwrap_or(one);
                format!("{first}, {}", two.strip_prefix('{').unwrap_or(two))
            }
            [one, ..] => one.clone(),
            [] => String::new(),
        }
    })
}

fn policies() -> impl Strategy<Value = PolicySet> {
    let statement = (conditions(), prop::bool::weighted(0.7), select(&PRINCIPALS));
    (prop::collection::vec(statement, 1..3), any::<bool>()).prop_map(|(statements, of_resource)| {
        let kind = if of_resource { PolicyType::Resource } else { PolicyType::Identity };
        let written: Vec<String> = statements
            .iter()
            .map(|(condition, allows, principal)| {
                let effect = if *allows { "Allow" } else { "Deny" };
                let principal = if of_resource {
                    format!(r#""Principal": {principal}, "#)
                } else {
                    String::new()
                };
                format!(
                    r#"{{"Effect": "{effect}", {principal}"Action": "{ACTION}", "Resource": "{RESOURCE}", "Condition": {condition}}}"#
                )
            })
            .collect();
        let text =
            format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, written.join(", "));
        let document = PolicyDocument::read(&Source::new("p", text), kind, Profile::Lenient);
        PolicySet::of(document.unwrap())
    })
}

/// What the caller of a request cannot have, if it has it.
fn impossibility(request: &Request) -> Option<String> {
    let wrong = |key: &str, fits: &dyn Fn(Option<&str>) -> bool| {
        let key = ConditionKey::new(key);
        let held = match request.context.state(&key) {
            KeyState::Single(text) => Some(text.as_str()),
            KeyState::Absent => None,
            KeyState::Multi(_) | KeyState::Unknown => return None,
        };
        let is_asked = request.context.is_set(&key);
        (is_asked && !fits(held)).then(|| format!("{key} = {held:?}"))
    };
    let own = |account: &str, arn: &str, kind: &str, username: Option<&str>| {
        wrong("aws:PrincipalArn", &|held| held == Some(arn))
            .or_else(|| wrong("aws:PrincipalAccount", &|held| held == Some(account)))
            .or_else(|| wrong("aws:PrincipalType", &|held| held == Some(kind)))
            .or_else(|| wrong("aws:username", &|held| held == username))
    };
    let has_account = |arn: &str, account: &str| {
        (arn.split(':').nth(4) != Some(account)).then(|| format!("{arn} of {account}"))
    };
    match &request.requester.principal {
        Principal::User { account, arn, .. } => has_account(arn, account)
            .or_else(|| own(account, arn, "User", arn.rsplit('/').next()))
            .or_else(|| wrong("aws:userid", &|held| held.is_some_and(|id| !id.contains(':')))),
        Principal::RoleSession { account, arn, role_arn, .. } => {
            let role = role_arn.clone().unwrap_or_default();
            let name = role.rsplit('/').next().unwrap_or_default();
            let session = arn.rsplit('/').next().unwrap_or_default();
            let of_role = format!(":assumed-role/{name}/");
            (!arn.contains(&of_role))
                .then(|| format!("{arn} of {role}"))
                .or_else(|| has_account(arn, account))
                .or_else(|| has_account(&role, account))
                .or_else(|| own(account, &role, "AssumedRole", None))
                .or_else(|| {
                    let end = format!(":{session}");
                    wrong("aws:userid", &|held| held.is_some_and(|id| id.ends_with(&end)))
                })
        }
        Principal::FederatedUser { account, arn, .. } => {
            has_account(arn, account).or_else(|| own(account, arn, "FederatedUser", None))
        }
        Principal::Root { account } => {
            let arn = format!("arn:aws:iam::{account}:root");
            own(account, &arn, "Account", None)
                .or_else(|| wrong("aws:userid", &|held| held == Some(account)))
        }
        Principal::Service { .. } => wrong("aws:PrincipalType", &|held| {
            !["Account", "User", "FederatedUser", "AssumedRole", "Anonymous"]
                .iter()
                .any(|kind| held == Some(kind))
        })
        .or_else(|| wrong("aws:username", &|held| held.is_none()))
        .or_else(|| wrong("aws:PrincipalOrgID", &|held| held.is_none())),
        Principal::Anonymous => wrong("aws:PrincipalArn", &|held| held.is_none())
            .or_else(|| wrong("aws:PrincipalAccount", &|held| held == Some("anonymous")))
            .or_else(|| wrong("aws:PrincipalType", &|held| held == Some("Anonymous")))
            .or_else(|| wrong("aws:username", &|held| held.is_none()))
            .or_else(|| wrong("aws:PrincipalOrgID", &|held| held.is_none())),
        Principal::FederatedCaller { .. } => wrong("aws:PrincipalArn", &|held| held.is_none())
            .or_else(|| wrong("aws:username", &|held| held.is_none())),
        Principal::AssumeRoot { .. } => None,
    }
}

/// A request of each kind of caller that policies of the bucket's owner may name, with every key it has.
fn callers() -> Vec<Request> {
    let role = |account: &str, name: &str| Principal::RoleSession {
        account: account.to_owned(),
        arn: format!("arn:aws:sts::{account}:assumed-role/{name}/session"),
        role_arn: Some(format!("arn:aws:iam::{account}:role/{name}")),
        role_id: Some("AROAAPP".to_owned()),
        service_linked: false,
    };
    let user = |account: &str, name: &str| Principal::User {
        account: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:user/{name}"),
        unique_id: Some("AIDAALICE".to_owned()),
    };
    let accounts = ["111122223333", "444455556666"];
    let mut principals = vec![Principal::Anonymous];
    for account in accounts {
        principals.extend([role(account, "app"), role(account, "other")]);
        principals.extend([user(account, "alice"), user(account, "bob")]);
        principals.push(Principal::Root { account: account.to_owned() });
        principals.push(Principal::FederatedUser {
            account: account.to_owned(),
            arn: format!("arn:aws:sts::{account}:federated-user/carol"),
            user_arn: None,
        });
    }
    let request = |principal: Principal| {
        let action = ActionName::parse(ACTION).unwrap();
        let mut request = Request::new(principal, action, RESOURCE, Context::closed());
        request.resource_account = Some("111122223333".to_owned());
        for (key, state) in
            iamsure_core::world::principal_keys::principal_keys(&request.requester.principal)
        {
            request.context.set(key, state);
        }
        request
    };
    principals.into_iter().map(request).collect()
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn whoever_is_shown_can_make_the_request(policies in policies(), claim in select(&CLAIMS)) {
        let setting = Setting {
            actions: vec![ActionPattern::new(ACTION)],
            resource_account: Some("111122223333".to_owned()),
            ..Setting::default()
        };
        let query = ClaimQuery {
            policies: policies.clone(),
            claim: Claim::parse(claim).unwrap(),
            setting: setting.clone(),
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        let verdict = match query.answer() {
            Ok(proof) => {
                if let Some(example) = proof.example.filter(|_| proof.verdict == ClaimVerdict::Refuted) {
                    let found = impossibility(&example.request);
                    prop_assert!(found.is_none(), "{claim}: {found:?} of {:?}", example.request);
                }
                Some(proof.verdict)
            }
            Err(Unanswered::Claim(Unaskable::NoRequest)) => None,
            Err(error) => panic!("{error}"),
        };
        // Nor is a claim proved that a caller breaks.
        let is_identity = !policies.identity.is_empty();
        let may_call = |request: &&Request| {
            let principal = &request.requester.principal;
            !is_identity
                || matches!(principal, Principal::User { .. } | Principal::RoleSession { .. })
                    && principal.account() == Some("111122223333")
        };
        if verdict == Some(ClaimVerdict::Proved) && claim == CLAIMS[0] {
            for request in callers().iter().filter(may_call) {
                let Outcome::Decided(decision) =
                    evaluate(&policies, request, &Switches::default()).outcome
                else {
                    continue;
                };
                prop_assert!(decision.verdict != Verdict::Allowed, "{:?}", request);
            }
        }
        let table = TableQuery {
            policies,
            question: Question::Decision,
            setting,
            form: Form { hit: None, apart: None, keys: None },
            is_whole: false,
        }
        .answer()
        .unwrap()
        .table;
        for row in table.rows.iter().filter(|row| row.reach == Reach::Reachable) {
            let Some(request) = &row.witness else { continue };
            let found = impossibility(request);
            prop_assert!(found.is_none(), "row: {found:?} of {request:?}");
        }
    }
}
