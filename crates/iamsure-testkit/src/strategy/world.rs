//! Principals, contexts, requests, policy sets over every layer, and switches.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use iamsure_core::language::condition::Family;
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::{
    Context, KeyState, PolicySet, Principal, Request, Requester, Switch, Switches,
};

use super::condition::{KEYS, any_key_state, key_state};
use super::document::policy;
use super::pattern::{action, resource};

/// The requester's account in most requests.
pub const ACCOUNT: &str = "111122223333";
/// The other account.
pub const OTHER_ACCOUNT: &str = "444455556666";

/// A principal whose identity-based policies apply: a user, a role session, a federated user.
pub fn member() -> impl Strategy<Value = Principal> + Clone {
    prop_oneof![user(), role_session(), federated_user()]
}

/// An IAM user.
pub fn user() -> impl Strategy<Value = Principal> + Clone {
    option::of(Just("AIDAEXAMPLEALICE".to_owned())).prop_map(|unique_id| Principal::User {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/alice"),
        unique_id,
    })
}

/// A session of a role, sometimes of a service-linked one.
pub fn role_session() -> impl Strategy<Value = Principal> + Clone {
    (prop::bool::weighted(0.1), any::<bool>(), any::<bool>()).prop_map(
        |(service_linked, known_role, known_id)| Principal::RoleSession {
            account: ACCOUNT.to_owned(),
            arn: format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/s1"),
            role_arn: known_role.then(|| format!("arn:aws:iam::{ACCOUNT}:role/path/app")),
            role_id: known_id.then(|| "AROAEXAMPLEAPP".to_owned()),
            service_linked,
        },
    )
}

/// A session of `GetFederationToken`.
pub fn federated_user() -> impl Strategy<Value = Principal> + Clone {
    any::<bool>().prop_map(|known| Principal::FederatedUser {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:sts::{ACCOUNT}:federated-user/bob"),
        user_arn: known.then(|| format!("arn:aws:iam::{ACCOUNT}:user/alice")),
    })
}

/// A principal of any kind.
pub fn principal() -> impl Strategy<Value = Principal> + Clone {
    prop_oneof![
        5 => member(),
        1 => Just(Principal::Root { account: ACCOUNT.to_owned() }),
        1 => Just(Principal::AssumeRoot {
            account: ACCOUNT.to_owned(),
            arn: format!("arn:aws:sts::{ACCOUNT}:assumed-root"),
            task_policy_arn: None,
        }),
        1 => Just(Principal::Service { name: "cloudtrail.amazonaws.com".to_owned() }),
        1 => Just(Principal::Anonymous),
        1 => Just(Principal::FederatedCaller { provider: "accounts.google.com".to_owned() }),
    ]
}

/// A context in which nothing is unknown.
pub fn context() -> impl Strategy<Value = Context> + Clone {
    vec(any_key_state(), KEYS.len()).prop_map(closed)
}

/// A context in which some keys are unknown.
pub fn context_with_unknowns() -> impl Strategy<Value = Context> + Clone {
    vec(prop_oneof![2 => any_key_state(), 2 => Just(KeyState::Unknown)], KEYS.len())
        .prop_map(closed)
}

fn closed(states: Vec<KeyState>) -> Context {
    let mut context = Context::closed();
    for (key, state) in KEYS.iter().zip(states) {
        context.set(ConditionKey::from(*key), state);
    }
    context
}

/// The contexts that `context` may turn out to be: each unknown key in some state.
pub fn settled(context: &Context) -> impl Strategy<Value = Context> + use<> {
    let context = context.clone();
    vec(any_key_state(), KEYS.len()).prop_map(move |states| {
        let mut settled = context.clone();
        for (key, state) in KEYS.iter().zip(states) {
            let key = ConditionKey::from(*key);
            if *settled.state(&key) == KeyState::Unknown {
                settled.set(key, state);
            }
        }
        settled
    })
}

/// What the key `aws:ViaAWSMCPService` may hold.
pub fn via_mcp() -> impl Strategy<Value = KeyState> {
    key_state(Family::Bool)
}

/// A request of `principal` in `context`.
pub fn request_of(
    principal: impl Strategy<Value = Principal>,
    context: impl Strategy<Value = Context>,
) -> impl Strategy<Value = Request> {
    let owner =
        prop_oneof![3 => Just(None), 1 => Just(Some(ACCOUNT)), 2 => Just(Some(OTHER_ACCOUNT))];
    let rarely = || prop::bool::weighted(0.1);
    (principal, rarely(), action(), resource(), owner, rarely(), context).prop_map(
        |(principal, in_management_account, action, resource, owner, spared, context)| {
            let requester = Requester { principal, in_management_account };
            let mut request = Request::new(requester, action, resource, context);
            request.resource_account = owner.map(str::to_owned);
            request.resource_in_management_account = spared;
            request
        },
    )
}

/// Any request in which nothing is unknown.
pub fn request() -> impl Strategy<Value = Request> {
    request_of(principal(), context())
}

/// A small policy set over all layers.
pub fn policy_set() -> impl Strategy<Value = PolicySet> {
    let layer = |kind| option::weighted(0.5, policy(kind));
    let levels = |kind| prop_oneof![3 => Just(Vec::new()).boxed(), 1 => vec(vec(policy(kind), 0..3), 1..3).boxed()];
    let session = prop_oneof![
        2 => Just(Vec::new()).boxed(),
        1 => vec(policy(PolicyType::Session), 1..3).boxed(),
    ];
    (
        vec(policy(PolicyType::Identity), 0..3),
        layer(PolicyType::Boundary),
        session,
        layer(PolicyType::Resource),
        layer(PolicyType::Trust),
        levels(PolicyType::Scp),
        levels(PolicyType::Rcp),
        layer(PolicyType::Endpoint),
    )
        .prop_map(|(identity, boundary, session, resource, trust, scp, rcp, endpoint)| {
            PolicySet { identity, boundary, session, resource, trust, scp, rcp, endpoint }
        })
}

/// The default switches, or with one or two alternatives.
pub fn switches() -> impl Strategy<Value = Switches> {
    prop_oneof![
        1 => Just(Switches::default()),
        2 => vec((select(Switch::ALL), 0..2_usize), 1..3).prop_map(|chosen| {
            chosen.into_iter().fold(Switches::default(), |switches, (switch, index)| {
                switches.with(switch, index)
            })
        }),
    ]
}
