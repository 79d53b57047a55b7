//! The same policy and the same request in four engines.
//!
//! | engine | what it does not do here |
//! | --- | --- |
//! | `iamsure` | |
//! | `iam-rs` | one bag of policies: no boundaries, session policies, SCPs, RCPs, accounts; unknown keys |
//! | `cedar-policy` | no IAM semantics: the policy is translated, the ARN and the key stand in the context |
//! | `scratchstack-aspen` | no sessions, RCPs, accounts; set operators; unknown keys |
//!
//! All read the policy once, before anything is timed, and are asked for no explanation.

use std::fmt::Write as _;
use std::str::FromStr;

use iamsure_core::decision::{CompiledPolicies, Outcome, Verdict};
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Switches};

/// What the statements of a policy differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each is about a bucket of its own.
    Resources,
    /// Each is about an action of its own.
    Actions,
}

/// A policy of `statements` Allows, each for one team, and one request: about what the last statement allows,
/// or about what none does.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    pub shape: Shape,
    pub statements: usize,
    pub is_hit: bool,
}

const ACCOUNT: &str = "111122223333";
const TEAM: &str = "red";

impl Task {
    fn parts(self, number: usize) -> (String, String) {
        match self.shape {
            Shape::Resources => ("GetObject".into(), format!("arn:aws:s3:::bucket-{number}/*")),
            Shape::Actions => (format!("Action{number}"), "arn:aws:s3:::bucket/*".into()),
        }
    }

    /// The name of the action, after `s3:`, and the resource.
    fn asked(self) -> (String, String) {
        let number = if self.is_hit { self.statements - 1 } else { self.statements };
        let (action, pattern) = self.parts(number);
        (action, pattern.replace('*', "path/of/key"))
    }

    /// The policy, as AWS writes it.
    pub fn json(self) -> String {
        let statements: Vec<_> = (0..self.statements)
            .map(|number| {
                let (action, resource) = self.parts(number);
                format!(
                    r#"{{"Effect": "Allow", "Action": "s3:{action}", "Resource": "{resource}",
                        "Condition": {{"StringEquals": {{"aws:PrincipalTag/team": "{TEAM}"}}}}}}"#
                )
            })
            .collect();
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(",\n"))
    }

    /// The policy, as Cedar writes it: the action in the scope, where Cedar looks first.
    fn cedar(self) -> String {
        let mut text = String::new();
        for number in 0..self.statements {
            let (action, resource) = self.parts(number);
            writeln!(
                text,
                r#"permit(principal, action == Action::"s3:{action}", resource)
                   when {{ context.arn like "{resource}" && context has team && context.team == "{TEAM}" }};"#
            )
            .unwrap();
        }
        text
    }
}

/// An engine that has read a task; each call decides, and says whether the request is allowed.
pub type Decide = Box<dyn Fn() -> bool>;

/// An engine: its name, and how it reads a task.
pub type Engine = (&'static str, fn(Task) -> Decide);

/// The engines.
pub const ENGINES: [Engine; 4] = [
    ("iamsure", iamsure),
    ("iam-rs", iam_rs_engine),
    ("cedar-policy", cedar),
    ("scratchstack-aspen", aspen),
];

/// The policies of a task as iamsure reads them, and the request.
pub fn iamsure_parts(task: Task) -> (PolicySet, Request) {
    let source = Source::new("policy.json", task.json());
    let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient).unwrap();
    let caller = Principal::User {
        account: ACCOUNT.into(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/alice"),
        unique_id: None,
    };
    let (action, resource) = task.asked();
    let mut context = Context::closed();
    context.set("aws:PrincipalTag/team".into(), KeyState::single(TEAM));
    let action = ActionName::parse(&format!("s3:{action}")).unwrap();
    (PolicySet::of_identity([document]), Request::new(caller, action, resource, context))
}

fn iamsure(task: Task) -> Decide {
    let (policies, request) = iamsure_parts(task);
    let policies = CompiledPolicies::new(policies, Switches::default());
    Box::new(move || match policies.decide(&request) {
        Outcome::Decided(decision) => decision.verdict == Verdict::Allowed,
        Outcome::Depends { .. } => panic!("nothing is unknown"),
    })
}

fn iam_rs_engine(task: Task) -> Decide {
    use iam_rs::{Arn, Context, Decision, EvaluationOptions, IAMPolicy, IAMRequest};
    use iam_rs::{PolicyEvaluator, Principal, PrincipalId};

    let policy: IAMPolicy = serde_json::from_str(&task.json()).unwrap();
    let evaluator = PolicyEvaluator::with_policies(vec![policy]).with_options(EvaluationOptions {
        stop_on_explicit_deny: true,
        collect_match_details: false,
        max_statements: usize::MAX,
        ignore_resource_constraints: false,
    });
    let (action, resource) = task.asked();
    let request = IAMRequest::new_with_context(
        Principal::Aws(PrincipalId::String(format!("arn:aws:iam::{ACCOUNT}:user/alice"))),
        format!("s3:{action}"),
        Arn::parse(&resource).unwrap(),
        Context::new().with_string("aws:PrincipalTag/team", TEAM),
    );
    Box::new(move || evaluator.evaluate(&request).unwrap().decision == Decision::Allow)
}

fn cedar(task: Task) -> Decide {
    use cedar_policy::{
        Authorizer, Context, Decision, Entities, PolicySet, Request, RestrictedExpression,
    };

    let policies = PolicySet::from_str(&task.cedar()).unwrap();
    let (action, resource) = task.asked();
    let context = Context::from_pairs([
        ("arn".to_owned(), RestrictedExpression::new_string(resource.clone())),
        ("team".to_owned(), RestrictedExpression::new_string(TEAM.to_owned())),
    ])
    .unwrap();
    let request = Request::new(
        r#"User::"alice""#.parse().unwrap(),
        format!(r#"Action::"s3:{action}""#).parse().unwrap(),
        r#"Resource::"asked""#.parse().unwrap(),
        context,
        None,
    )
    .unwrap();
    let authorizer = Authorizer::new();
    let entities = Entities::empty();
    Box::new(move || {
        authorizer.is_authorized(&request, &policies, &entities).decision() == Decision::Allow
    })
}

fn aspen(task: Task) -> Decide {
    use scratchstack_arn::Arn;
    use scratchstack_aspen::{Context, Decision, Policy, PolicySet, PolicySource};
    use scratchstack_aws_principal::{
        Principal, PrincipalIdentity, SessionData, SessionValue, User,
    };

    let user = format!("arn:aws:iam::{ACCOUNT}:user/alice");
    let mut policies = PolicySet::new();
    policies.add_policy(
        PolicySource::new_entity_inline(user, "AIDAEXAMPLEALICE0000", "policy"),
        Policy::from_str(&task.json()).unwrap(),
    );
    let (action, resource) = task.asked();
    let mut session = SessionData::new();
    session.insert("aws:PrincipalTag/team", SessionValue::String(TEAM.to_owned()));
    let user = User::new("aws", ACCOUNT, "/", "alice").unwrap();
    let context = Context::builder()
        .service("s3")
        .api(action)
        .actor(Principal::new(vec![PrincipalIdentity::from(user)]))
        .resources(vec![Arn::from_str(&resource).unwrap()])
        .session_data(session)
        .build()
        .unwrap();
    Box::new(move || policies.evaluate(&context).unwrap().0 == Decision::Allow)
}
