//! How the checks of exchanges are decided, and the calls of the sessions that follow.

use crate::decision::{Verdict, evaluate};
use crate::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use crate::world::session::{
    AssumeRoleWithWebIdentity, AssumeRoot, Caller, Check, Exchange, GetFederationToken,
    GetSessionToken, Role, Tags, Terms,
};
use crate::world::{Context, KeyState, PolicySet, Principal, Request, Session, Switches};

const ROLE: &str = "arn:aws:iam::111122223333:role/team/reader";

fn role(arn: &str, tags: &[(&str, &str)]) -> Role {
    Role::new(arn).unwrap().with_id("AROAREADER").with_tags(Tags::new(tags.to_vec()).unwrap())
}

fn alice() -> Caller {
    let user = Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    };
    Caller::new(user, Context::closed())
}

fn state(session: &Session, key: &str) -> KeyState {
    session.key(&key.into()).unwrap_or_else(|| panic!("{key} is not there")).state.clone()
}

fn actions(exchange: &Exchange) -> Vec<&str> {
    exchange.checks.iter().map(|check| check.request.action.as_str()).collect()
}

fn web_identity(provider: &str) -> AssumeRoleWithWebIdentity {
    AssumeRoleWithWebIdentity {
        provider: provider.to_owned(),
        claims: vec![
            ("aud".to_owned(), KeyState::single("toolhive")),
            ("sub".to_owned(), KeyState::single("alice")),
        ],
        role: role(ROLE, &[]),
        terms: Terms::named("alice"),
    }
}

fn policy(kind: PolicyType, text: &str) -> PolicyDocument {
    PolicyDocument::read(&Source::new("policy", text), kind, Profile::Strict).unwrap()
}

#[test]
fn a_token_is_judged_by_the_trust_policy_with_its_claims() {
    let provider = "arn:aws:iam::111122223333:oidc-provider/idp.example.com/realm";
    let exchange = web_identity(provider).exchange(Context::closed()).unwrap();
    let decide = |aud: &str| {
        let text = format!(
            r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Principal": {{ "Federated": "{provider}" }},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{ "StringEquals": {{ "idp.example.com/realm:aud": "{aud}",
            "sts:RoleSessionName": "alice" }} }} }} }}"#
        );
        let policies = PolicySet {
            trust: Some(policy(PolicyType::Trust, &text)),
            // The policies of the role are not asked.
            identity: vec![policy(
                PolicyType::Identity,
                r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "Resource": "*" } }"#,
            )],
            ..PolicySet::default()
        };
        evaluate(&policies, &exchange.checks[0].request, &Switches::default())
            .outcome
            .decided()
            .map(|decision| decision.verdict)
    };
    assert_eq!(decide("toolhive"), Some(Verdict::Allowed));
    assert_eq!(decide("another"), Some(Verdict::ImplicitlyDenied));
    assert_eq!(state(&exchange.session, "aws:FederatedProvider"), KeyState::single(provider));
    assert_eq!(state(&exchange.session, "aws:MultiFactorAuthPresent"), KeyState::Absent);
    // Whether the keys of one's own provider stay, AWS does not say; those of Google do.
    assert_eq!(state(&exchange.session, "idp.example.com/realm:sub"), KeyState::Unknown);
    let google = web_identity("accounts.google.com").exchange(Context::closed()).unwrap().session;
    assert_eq!(state(&google, "accounts.google.com:sub"), KeyState::single("alice"));
}

#[test]
fn tags_of_a_token_need_tag_session_in_the_trust_policy() {
    let provider = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";
    let mut token = web_identity(provider);
    token.terms.tags = Tags::new([("team", "a")]).unwrap();
    let exchange = token.exchange(Context::closed()).unwrap();
    let trust = |actions: &str| PolicySet {
        trust: Some(policy(
            PolicyType::Trust,
            &format!(
                r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Principal": {{ "Federated": "{provider}" }}, "Action": {actions} }} }}"#
            ),
        )),
        ..PolicySet::default()
    };
    let verdicts = |policies: &PolicySet| -> Vec<_> {
        let decide = |check: &Check| {
            let outcome = evaluate(policies, &check.request, &Switches::default()).outcome;
            outcome.decided().unwrap().verdict
        };
        exchange.checks.iter().map(decide).collect()
    };
    let one = trust(r#""sts:AssumeRoleWithWebIdentity""#);
    assert_eq!(verdicts(&one), [Verdict::Allowed, Verdict::ImplicitlyDenied]);
    let both = trust(r#"["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]"#);
    assert_eq!(verdicts(&both), [Verdict::Allowed, Verdict::Allowed]);
}

#[test]
fn a_federated_user_without_session_policy_may_do_nothing() {
    let exchange = GetFederationToken {
        caller: alice(),
        name: "bob".to_owned(),
        tags: Tags::new([("team", "a")]).unwrap(),
        user_tags: Some(Tags::new([("Team", "b")]).unwrap()),
        policies: Vec::new(),
    }
    .exchange()
    .unwrap();
    assert_eq!(actions(&exchange), ["sts:GetFederationToken", "sts:TagSession"]);
    assert_eq!(state(&exchange.session, "aws:PrincipalTag/team"), KeyState::single("a"));
    assert_eq!(state(&exchange.session, "aws:userid"), KeyState::single("111122223333:bob"));
    let everything = policy(
        PolicyType::Identity,
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }"#,
    );
    let of_user = PolicySet::of_identity([everything]);
    let verdict = |policies: &PolicySet, request: &Request| {
        evaluate(policies, request, &Switches::default()).outcome.decided().unwrap().verdict
    };
    // Both checks are the caller's own policies' business: a federated user has no trust policy.
    for check in &exchange.checks {
        assert_eq!(verdict(&of_user, &check.request), Verdict::Allowed, "{}", check.request.action);
    }
    let mut context = Context::closed();
    exchange.session.apply(&mut context);
    let action = ActionName::parse("s3:GetObject").unwrap();
    let request =
        Request::new(exchange.session.requester(false), action, "arn:aws:s3:::b/k", context);
    assert_eq!(verdict(&exchange.session.policies(&of_user), &request), Verdict::ImplicitlyDenied);
}

#[test]
fn assume_root_is_decided_in_the_account_of_the_caller() {
    let exchange = AssumeRoot {
        caller: alice(),
        member_account: "444455556666".to_owned(),
        task_policy_arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy".to_owned(),
        task_policy: None,
    }
    .exchange()
    .unwrap();
    let allow = policy(
        PolicyType::Identity,
        r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sts:AssumeRoot", "Resource": "arn:aws:iam::*:root",
        "Condition": { "ArnEquals": { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" } } } }"#,
    );
    let decide = |policies: &PolicySet| {
        let evaluation = evaluate(policies, &exchange.checks[0].request, &Switches::default());
        evaluation.outcome.decided().unwrap().verdict
    };
    assert_eq!(decide(&PolicySet::of_identity([allow])), Verdict::Allowed);
    assert_eq!(decide(&PolicySet::default()), Verdict::ImplicitlyDenied);
    assert_eq!(state(&exchange.session, "aws:AssumedRoot"), KeyState::single("true"));
    let root = "arn:aws:iam::444455556666:root";
    assert_eq!(state(&exchange.session, "aws:PrincipalArn"), KeyState::single(root));
}

#[test]
fn a_session_token_needs_no_permission() {
    let token = GetSessionToken { caller: alice(), mfa_code: true, user_tags: None };
    let exchange = token.exchange().unwrap();
    let evaluation =
        evaluate(&PolicySet::default(), &exchange.checks[0].request, &Switches::default());
    assert_eq!(evaluation.outcome.decided().unwrap().verdict, Verdict::Exempt);
}
