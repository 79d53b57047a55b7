use super::*;
use crate::world::context::KeyState;

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

fn next(session: &Session) -> Caller {
    Caller::of_session(session.clone(), false, Context::closed())
}

fn actions(exchange: &Exchange) -> Vec<&str> {
    exchange.checks.iter().map(|check| check.request.action.as_str()).collect()
}

/// The chain of AWS's page on session tags: Role1 with transitive Star and Heart, then Role2, Role3.
#[test]
fn transitive_tags_go_down_a_chain_and_override_those_of_roles() {
    let role1 = role("arn:aws:iam::111122223333:role/Role1", &[("Heart", "1")]);
    let mut first = AssumeRole::new(alice(), role1, "Session1");
    first.terms.tags = Tags::new([("Star", "1"), ("Heart", "1")]).unwrap();
    first.terms.transitive = vec!["star".to_owned(), "Heart".to_owned()];
    let first = first.exchange().unwrap();
    assert_eq!(actions(&first), ["sts:AssumeRole", "sts:TagSession"]);

    let role2 = role("arn:aws:iam::111122223333:role/Role2", &[("Sun", "2")]);
    let second = AssumeRole::new(next(&first.session), role2, "Session2").exchange().unwrap();
    for (tag, value) in [("Heart", "1"), ("Star", "1"), ("Sun", "2")] {
        let key = format!("aws:PrincipalTag/{tag}");
        assert_eq!(state(&second.session, &key), KeyState::single(value));
    }

    let role3 = role("arn:aws:iam::111122223333:role/Role3", &[("Star", "3"), ("Lightning", "3")]);
    let mut third = AssumeRole::new(next(&second.session), role3, "Session3");
    third.terms.tags = Tags::new([("heart", "3")]).unwrap();
    assert_eq!(third.exchange(), Err(ExchangeError::InheritedTag { key: "heart".to_owned() }));
    third.terms.tags = Tags::none();
    let third = third.exchange().unwrap().session;
    assert_eq!(state(&third, "aws:PrincipalTag/Star"), KeyState::single("1"));
    assert_eq!(state(&third, "aws:PrincipalTag/Lightning"), KeyState::single("3"));
    assert!(third.key(&"aws:PrincipalTag/Sun".into()).is_none(), "a role's tag is not passed on");
    let mut context = Context::open();
    third.apply(&mut context);
    assert_eq!(context.state(&"aws:PrincipalTag/Sun".into()), &KeyState::Absent);
}

#[test]
fn a_tag_that_was_not_made_transitive_ends_with_its_session() {
    let mut first = AssumeRole::new(alice(), role(ROLE, &[]), "one");
    first.terms.tags = Tags::new([("a", "1"), ("b", "2")]).unwrap();
    first.terms.transitive = vec!["b".to_owned(), "c".to_owned()];
    let first = first.exchange().unwrap().session;
    let second = AssumeRole::new(next(&first), role(ROLE, &[]), "two").exchange().unwrap().session;
    assert!(second.key(&"aws:PrincipalTag/a".into()).is_none());
    assert_eq!(state(&second, "aws:PrincipalTag/b"), KeyState::single("2"));
    assert!(second.key(&"aws:PrincipalTag/c".into()).is_none());
}

#[test]
fn a_source_identity_stays_and_must_be_permitted_again() {
    let mut first = AssumeRole::new(alice(), role(ROLE, &[]), "one");
    first.terms.source_identity = Some("alice".to_owned());
    let first = first.exchange().unwrap();
    assert_eq!(actions(&first), ["sts:AssumeRole", "sts:SetSourceIdentity"]);
    let mut second = AssumeRole::new(next(&first.session), role(ROLE, &[]), "two");
    let exchange = second.exchange().unwrap();
    assert_eq!(actions(&exchange), ["sts:AssumeRole", "sts:SetSourceIdentity"]);
    assert_eq!(state(&exchange.session, "aws:SourceIdentity"), KeyState::single("alice"));
    second.terms.source_identity = Some("bob".to_owned());
    let changed = ExchangeError::SourceIdentity { set: "alice".into(), asked: "bob".into() };
    assert_eq!(second.exchange(), Err(changed));
}

#[test]
fn a_role_session_is_known_by_its_role() {
    let session = AssumeRole::new(alice(), role(ROLE, &[]), "s1").exchange().unwrap().session;
    let arn = "arn:aws:sts::111122223333:assumed-role/reader/s1";
    assert_eq!(session.principal().display_arn(), arn);
    assert_eq!(state(&session, "aws:PrincipalArn"), KeyState::single(ROLE));
    assert_eq!(state(&session, "aws:userid"), KeyState::single("AROAREADER:s1"));
    assert_eq!(state(&session, "aws:FederatedProvider"), KeyState::Absent);
    assert_eq!(state(&session, "aws:MultiFactorAuthPresent"), KeyState::Unknown);
    assert_eq!(state(&session, "lambda:SourceFunctionArn"), KeyState::Absent);
    let issued = session.key(&"aws:TokenIssueTime".into()).unwrap();
    assert!(issued.is_present && issued.state == KeyState::Unknown);
}

#[test]
fn each_key_of_a_session_is_there_once() {
    let token = web_identity("arn:aws:iam::111122223333:oidc-provider/idp.example.com");
    let session = token.exchange(Context::closed()).unwrap().session;
    let mut names: Vec<_> =
        session.keys().iter().map(|fixed| fixed.key.folded().to_owned()).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
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

#[test]
fn a_session_token_is_the_user_with_mfa_or_without() {
    let token = |mfa_code| GetSessionToken { caller: alice(), mfa_code, user_tags: None };
    let exchange = token(true).exchange().unwrap();
    let session = exchange.session;
    assert_eq!(state(&session, "aws:MultiFactorAuthPresent"), KeyState::single("true"));
    assert_eq!(session.principal(), &alice().requester().principal);
    let without = token(false).exchange().unwrap().session;
    assert_eq!(state(&without, "aws:MultiFactorAuthPresent"), KeyState::single("false"));
    assert_eq!(state(&without, "aws:MultiFactorAuthAge"), KeyState::Absent);
    let create_user = ActionName::parse("iam:CreateUser").unwrap();
    assert!(session.limit(&create_user).is_none());
    assert!(without.limit(&create_user).is_some());
}

#[test]
fn credentials_that_cannot_call_are_refused() {
    let session = AssumeRole::new(alice(), role(ROLE, &[]), "s1").exchange().unwrap().session;
    let token = GetSessionToken { caller: next(&session), mfa_code: false, user_tags: None };
    assert!(matches!(token.exchange(), Err(ExchangeError::Credentials { .. })));
    let root = Caller::new(Principal::Root { account: "111122223333".into() }, Context::closed());
    let assume = AssumeRole::new(root, role(ROLE, &[]), "s1");
    assert!(matches!(assume.exchange(), Err(ExchangeError::Credentials { .. })));
    for (name, taken) in [("a", false), ("system:serviceaccount:x", false), ("a@b.example", true)] {
        let exchange = AssumeRole::new(alice(), role(ROLE, &[]), name).exchange();
        assert_eq!(exchange.is_ok(), taken, "{name}");
    }
    assert!(Role::new("arn:aws:sts::111122223333:assumed-role/reader/s1").is_err());
}

#[test]
fn a_service_hands_out_keys_of_its_own() {
    let lambda = Caller::new(
        Principal::Service { name: "lambda.amazonaws.com".to_owned() },
        Context::closed(),
    );
    let session = AssumeRole::new(lambda, role(ROLE, &[]), "function").exchange().unwrap().session;
    assert_eq!(state(&session, "lambda:SourceFunctionArn"), KeyState::Unknown);
    assert_eq!(state(&session, "codebuild:BuildArn"), KeyState::Absent);
}
