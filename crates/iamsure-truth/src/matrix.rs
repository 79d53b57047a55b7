//! The decision matrix: actions × call paths, one answer a cell.
//!
//! A row is one action on one resource. A column is one [`CallPath`], which may have several worlds;
//! a cell then answers over all of them, and over whatever else nobody said. STS exchanges stand
//! apart ([`Exchange`]): no AWS principal calls there, and the policies of the role play no part.

mod question;
mod stand_in;

pub use question::{MAX_ACTIONS, Question, Questions, StandsFor, questions};

use iamsure_core::language::document::{Named, PrincipalEntry};
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::call_path::{PathKind, WEB_IDENTITY};
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switches,
};

use crate::resolution::{Answer, Resolver};

/// What a matrix is asked.
#[derive(Clone, Debug)]
pub struct MatrixQuery {
    /// The policies.
    pub policies: PolicySet,
    /// Whether the trust policy is that of the role that `sts:AssumeRole` is asked about. Otherwise it
    /// is that of the role whose policies these are, and decides exchanges only.
    pub trust_is_of_resource: bool,
    /// Who calls, if it was said.
    pub requester: Option<Requester>,
    /// The rows.
    pub questions: Vec<Question>,
    /// The columns, exchanges included.
    pub paths: Vec<CallPath>,
    /// Keys that were said, over what a path fixes; everything else is unknown.
    pub context: Context,
    /// The account that owns the resources, if it was said.
    pub resource_account: Option<String>,
    /// The choices where AWS is silent.
    pub switches: Switches,
}

/// The decision matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Who calls: what was said, or the sample caller.
    pub requester: Requester,
    /// Whether the caller was said.
    pub requester_was_said: bool,
    /// The rows.
    pub questions: Vec<Question>,
    /// The columns.
    pub paths: Vec<CallPath>,
    /// The answers, a row for each question, in it an answer for each path.
    pub answers: Vec<Vec<Answer>>,
    /// The exchanges that were asked for.
    pub exchanges: Vec<Exchange>,
    /// The keys that the policies ask about, in the order they first do.
    pub keys: Vec<ConditionKey>,
}

/// One STS exchange that starts a session.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// How it arrives.
    pub path: CallPath,
    /// The identity provider whose token is exchanged, if the trust policy names one.
    pub provider: Option<String>,
    /// The answer; `None` without a trust policy, which alone could tell.
    pub answer: Option<Answer>,
}

/// The account of every example.
pub const EXAMPLE_ACCOUNT: &str = "111122223333";

/// The caller when nobody was named: some session of some role.
pub fn sample_requester() -> Requester {
    Requester::from(Principal::RoleSession {
        account: EXAMPLE_ACCOUNT.to_owned(),
        arn: format!("arn:aws:sts::{EXAMPLE_ACCOUNT}:assumed-role/example-role/example-session"),
        role_arn: Some(format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/example-role")),
        role_id: None,
        service_linked: false,
    })
}

impl Matrix {
    /// Decides every cell.
    pub fn decide(query: MatrixQuery) -> Self {
        let requester_was_said = query.requester.is_some();
        let requester = query.requester.clone().unwrap_or_else(sample_requester);
        let caller = requester_was_said.then_some(&requester.principal);
        let shape_of = |key: &ConditionKey| crate::shape::shape(key, caller);
        let mut row_policies = query.policies.clone();
        if !query.trust_is_of_resource {
            row_policies.trust = None;
        }
        let resolver =
            Resolver { policies: &query.policies, switches: &query.switches, shape_of: &shape_of };

        let (exchange_paths, paths): (Vec<_>, Vec<_>) =
            query.paths.into_iter().partition(|path| path.kind() == PathKind::Exchange);
        let worlds = |path: &CallPath,
                      requester: &Requester,
                      action: &ActionName,
                      resource: &str|
         -> Vec<Request> {
            let request = |world: &iamsure_core::world::call_path::World| {
                let mut context = query.context.clone();
                world.apply(&mut context);
                let mut request =
                    Request::new(requester.clone(), action.clone(), resource, context);
                request.resource_account.clone_from(&query.resource_account);
                if !requester_was_said && request.resource_account.is_none() {
                    // Nobody said whose the resources are: they are taken as the caller's own.
                    request.resource_account = Some(EXAMPLE_ACCOUNT.to_owned());
                }
                request
            };
            path.worlds().iter().map(request).collect()
        };
        let answers = query
            .questions
            .iter()
            .map(|question| {
                let cell = |path| {
                    let worlds = worlds(path, &requester, &question.action, &question.resource);
                    let answer = Resolver { policies: &row_policies, ..resolver }.answer(&worlds);
                    // A role has a trust policy and a key has a key policy: if it was not given,
                    // it may let the identity-based policies decide, or not.
                    match worlds
                        .first()
                        .and_then(|world| stand_in::delegating(&row_policies, world))
                    {
                        None => answer,
                        Some(policies) => Resolver { policies: &policies, ..resolver }
                            .answer(&worlds)
                            .assuming(answer),
                    }
                };
                paths.iter().map(cell).collect()
            })
            .collect();
        let exchanges = exchange_paths
            .into_iter()
            .flat_map(|path| {
                let providers = providers(&query.policies);
                providers.into_iter().map(move |provider| (path.clone(), provider))
            })
            .map(|(path, provider)| {
                let decide = |name: &str, action: &ActionName| {
                    let caller =
                        Requester::from(Principal::FederatedCaller { provider: name.to_owned() });
                    let shape_of =
                        |key: &ConditionKey| crate::shape::shape(key, Some(&caller.principal));
                    let resolver = Resolver { shape_of: &shape_of, ..resolver };
                    let mut worlds = worlds(&path, &caller, action, &role_resource(&requester));
                    for world in &mut worlds {
                        let key = ConditionKey::new("aws:FederatedProvider");
                        if !world.context.is_set(&key) {
                            world.context.set(key, KeyState::single(name));
                        }
                    }
                    resolver.answer(&worlds)
                };
                let action = ActionName::parse(WEB_IDENTITY).ok();
                let answer = match (&query.policies.trust, action) {
                    (Some(_), Some(action)) => {
                        Some(decide(provider.as_deref().unwrap_or("any provider"), &action))
                    }
                    _ => None,
                };
                Exchange { path, provider, answer }
            })
            .collect();
        let keys = query.policies.keys();
        Self {
            requester,
            requester_was_said,
            questions: query.questions,
            paths,
            answers,
            exchanges,
            keys,
        }
    }
}

/// The identity providers that the trust policy names; `None` alone if it names none.
fn providers(policies: &PolicySet) -> Vec<Option<String>> {
    let mut names: Vec<Option<String>> = Vec::new();
    for statement in policies.trust.iter().flat_map(|trust| &trust.statements) {
        for entry in statement.principal.iter().flat_map(|element| &element.entries) {
            let name = match &entry.value {
                PrincipalEntry::Federated(name) => Some(name.clone()),
                PrincipalEntry::Everyone => None,
                PrincipalEntry::Aws(aws) if aws.named() == Named::Everyone => None,
                _ => continue,
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if names.is_empty() {
        names.push(None);
    }
    names
}

/// The ARN of the role that a session belongs to, or of an example.
fn role_resource(requester: &Requester) -> String {
    match &requester.principal {
        Principal::RoleSession { role_arn: Some(arn), .. } => arn.clone(),
        _ => format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/example-role"),
    }
}
