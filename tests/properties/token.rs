//! Laws of tokens of a known shape: what a column says of a shape holds of every token of it, and whatever it shows is
//! a token of it.
//!
//! What a subject looks like is told here once more, by hand, from the issuers' pages (GitHub: `OpenID` Connect
//! reference; Kubernetes: service account tokens).

use iamsure_core::decision::{Outcome, evaluate};
use iamsure_core::language::{ActionName, ConditionKey, PolicyType};
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switches,
};
use iamsure_truth::ask::Answer;
use iamsure_truth::matrix::{Matrix, MatrixQuery};
use iamsure_truth::sample::Who;
use proptest::prelude::*;
use proptest::sample::select;

use super::{cases, read};

const ACTION: &str = "sts:AssumeRoleWithWebIdentity";
const GITHUB: &str = "token.actions.githubusercontent.com";
const EKS: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0123456789";
const ROLE: &str = "arn:aws:iam::111122223333:role/example-role";
const KINDS: [&str; 4] = ["branch", "pull_request", "environment", "tag"];

/// A subject of GitHub and its kind.
fn of_github() -> impl Strategy<Value = (String, &'static str)> {
    let name = || select(vec!["acme", "Acme", "acme-corp", "app", "a", "tools.v2"]);
    let text = select(vec!["main", "feature/a", "v1", "prod", "pull_request", "x@y"]);
    (name(), name(), proptest::option::of((0..100_u32, 0..100_u32)), select(&KINDS[..]), text)
        .prop_map(|(owner, repository, ids, kind, text)| {
            let repository = match ids {
                Some((owner_id, id)) => format!("repo:{owner}@{owner_id}/{repository}@{id}"),
                None => format!("repo:{owner}/{repository}"),
            };
            let context = match kind {
                "branch" => format!("ref:refs/heads/{text}"),
                "tag" => format!("ref:refs/tags/{text}"),
                "environment" => format!("environment:{text}"),
                _ => "pull_request".to_owned(),
            };
            (format!("{repository}:{context}"), kind)
        })
}

fn of_kubernetes() -> impl Strategy<Value = String> {
    let name = || select(vec!["default", "kube-system", "app", "a1", "aws-node"]);
    (name(), name()).prop_map(|(space, name)| format!("system:serviceaccount:{space}:{name}"))
}

/// The kind of a subject of GitHub, if it is one.
fn kind_of(subject: &str) -> Option<&'static str> {
    let rest = subject.strip_prefix("repo:")?;
    let (repository, context) = rest.split_once(':')?;
    let (owner, name) = repository.split_once('/')?;
    let is_name = |text: &str| !text.is_empty() && !text.contains(['/', '@', '*', '?', ' ']);
    let is_id = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = match (owner.split_once('@'), name.split_once('@')) {
        (None, None) => is_name(owner) && is_name(name),
        (Some((owner, owner_id)), Some((name, id))) => {
            is_name(owner) && is_name(name) && is_id(owner_id) && is_id(id)
        }
        _ => false,
    };
    let is_ref =
        |text: &str| !text.is_empty() && !text.contains(['*', '?', ' ', ':', '~', '^', '[', '\\']);
    let kind = if context == "pull_request" {
        "pull_request"
    } else if context.strip_prefix("ref:refs/heads/").is_some_and(is_ref) {
        "branch"
    } else if context.strip_prefix("ref:refs/tags/").is_some_and(is_ref) {
        "tag"
    } else if context
        .strip_prefix("environment:")
        .is_some_and(|name| !name.is_empty() && !name.contains(':'))
    {
        "environment"
    } else {
        return None;
    };
    is_whole.then_some(kind)
}

fn is_account(subject: &str) -> bool {
    let of = |text: &str, more: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c))
    };
    let names =
        subject.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    names.is_some_and(|(space, name)| of(space, "-") && of(name, "-."))
}

/// A condition of a trust policy on the claims of an issuer.
fn condition(issuer: &'static str) -> impl Strategy<Value = String> {
    let values = if issuer == GITHUB {
        vec![
            "repo:acme/*",
            "repo:acme/app:*",
            "repo:acme/app:ref:refs/heads/main",
            "repo:acme/app:ref:refs/heads/*",
            "repo:*:environment:prod",
            "repo:acme@*/app@?:pull_request",
            "repo:a?me/*",
            "REPO:ACME/APP:PULL_REQUEST",
            "*:ref:refs/tags/v?",
            "*",
            "repo:acme/app",
        ]
    } else {
        vec![
            "system:serviceaccount:default:*",
            "system:serviceaccount:*:app",
            "system:serviceaccount:kube-system:aws-node",
            "SYSTEM:SERVICEACCOUNT:DEFAULT:APP",
            "system:serviceaccount:Default:*",
            "*:a?*",
            "system:serviceaccount:*",
        ]
    };
    let operators = select(vec![
        "StringEquals",
        "StringLike",
        "StringNotLike",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringLikeIfExists",
        "ForAllValues:StringLike",
    ]);
    let sub = (operators, proptest::collection::vec(select(values), 1..3)).prop_map(
        move |(operator, values)| format!(r#""{operator}": {{"{issuer}:sub": {values:?}}}"#),
    );
    let rest = select(vec![
        format!(r#""StringEquals": {{"{issuer}:aud": "sts.amazonaws.com"}}"#),
        format!(r#""Null": {{"{issuer}:environment": "true"}}"#),
        format!(r#""Null": {{"{issuer}:sub": "true"}}"#),
        r#""Null": {"gitlab.com:sub": "true"}"#.to_owned(),
        r#""NumericEquals": {"aws:MultiFactorAuthAge": "1"}"#.to_owned(),
    ]);
    (sub, proptest::option::weighted(0.4, rest)).prop_map(|(sub, rest)| {
        let same =
            rest.as_deref().and_then(|rest| rest.split_once(':')).map(|(operator, _)| operator);
        match (&rest, same) {
            (Some(rest), Some(operator)) if !sub.starts_with(operator) => {
                format!("{{{sub}, {rest}}}")
            }
            _ => format!("{{{sub}}}"),
        }
    })
}

fn provider(issuer: &str) -> String {
    format!("arn:aws:iam::111122223333:oidc-provider/{issuer}")
}

fn trust(issuer: &'static str) -> impl Strategy<Value = PolicySet> {
    let statement = (condition(issuer), any::<bool>()).prop_map(move |(condition, allows)| {
        format!(
            r#"{{"Effect": "{}", "Principal": {{"Federated": "{}"}}, "Action": "{ACTION}", "Condition": {condition}}}"#,
            if allows { "Allow" } else { "Deny" },
            provider(issuer)
        )
    });
    proptest::collection::vec(statement, 1..4).prop_map(|mut statements| {
        // Of a policy without an Allow a column says that nobody is allowed, and names no provider of the policy.
        if let Some(first) = statements.first_mut() {
            *first = first.replace("\"Deny\"", "\"Allow\"");
        }
        let text =
            format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
        PolicySet::of(read(PolicyType::Trust, &text))
    })
}

/// What a column says of a shape.
fn answer(policies: &PolicySet, shape: &str) -> Option<Answer> {
    let switches = Switches::default();
    let path = CallPath::named(&format!("{ACTION}/{shape}"), &switches).unwrap();
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: false,
        who: Who::Anybody,
        questions: Vec::new(),
        wildcards: Vec::new(),
        paths: vec![path],
        context: Context::open(),
        resource_account: None,
        switches,
        known_later: false,
        is_whole: true,
    };
    let exchanges = Matrix::decide(query).exchanges;
    assert_eq!(exchanges.len(), 1);
    exchanges.into_iter().next().unwrap().answer
}

/// A request with a token.
fn request(issuer: &str, subject: &str, audience: &str, environment: Option<&str>) -> Request {
    let mut context = Context::closed();
    let mut set = |claim: &str, text: &str| {
        context.set(ConditionKey::new(format!("{issuer}:{claim}")), KeyState::single(text));
    };
    set("sub", subject);
    set("aud", audience);
    if let Some(name) = environment {
        set("environment", name);
    }
    let principal = Principal::FederatedCaller { provider: provider(issuer) };
    Request::new(Requester::from(principal), ActionName::parse(ACTION).unwrap(), ROLE, context)
}

fn check(
    policies: &PolicySet,
    issuer: &str,
    answer: &Answer,
    token: &Request,
    is_shown: &dyn Fn(&str) -> bool,
) -> Result<(), TestCaseError> {
    let switches = Switches::default();
    prop_assert!(answer.is_complete());
    let Outcome::Decided(decision) = evaluate(policies, token, &switches).outcome else {
        return Err(TestCaseError::fail("nothing is unknown"));
    };
    prop_assert!(
        answer.verdicts().contains(&decision.verdict),
        "{:?}, not {:?}: {:?}",
        decision,
        answer.verdicts(),
        token.context
    );
    for case in &answer.cases {
        let state = |claim: &str| {
            case.witness.context.state(&ConditionKey::new(format!("{issuer}:{claim}"))).clone()
        };
        // Where every token is decided alike, its claims are left as they are.
        if answer.cases.len() > 1
            && policies.keys().contains(&ConditionKey::new(format!("{issuer}:sub")))
        {
            let KeyState::Single(subject) = state("sub") else {
                return Err(TestCaseError::fail("a token without a subject"));
            };
            prop_assert!(is_shown(&subject), "{subject}");
        }
        let other = case.witness.context.state(&"gitlab.com:sub".into());
        prop_assert!(matches!(other, KeyState::Absent | KeyState::Unknown), "{other:?}");
        let Outcome::Decided(found) = evaluate(policies, &case.witness, &switches).outcome else {
            return Err(TestCaseError::fail("a witness with something unknown"));
        };
        prop_assert_eq!(found.verdict, case.decision.verdict);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_column_of_github_holds_of_every_token_of_its_kind(
        policies in trust(GITHUB),
        (subject, kind) in of_github(),
        audience in select(vec!["sts.amazonaws.com", "https://github.com/acme"]),
        environment in select(vec!["prod", "stage"]),
    ) {
        prop_assert_eq!(kind_of(&subject), Some(kind));
        // A job has the claim if it references an environment.
        let environment = (kind == "environment").then_some(environment);
        let token = request(GITHUB, &subject, audience, environment);
        for shape in ["github".to_owned(), format!("github:{kind}")] {
            let answer = answer(&policies, &shape).unwrap();
            let is_shown = |subject: &str| match kind_of(subject) {
                None => false,
                Some(found) => shape == "github" || found == kind,
            };
            check(&policies, GITHUB, &answer, &token, &is_shown)?;
        }
    }

    #[test]
    fn a_column_of_eks_holds_of_every_service_account(
        policies in trust(EKS),
        subject in of_kubernetes(),
        audience in select(vec!["sts.amazonaws.com", "another"]),
    ) {
        prop_assert!(is_account(&subject));
        let token = request(EKS, &subject, audience, None);
        let answer = answer(&policies, "eks").unwrap();
        check(&policies, EKS, &answer, &token, &is_account)?;
    }
}
