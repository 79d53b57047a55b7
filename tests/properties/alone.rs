//! Layers that only limit, given alone. What holds of one that has nothing but Deny statements must hold beside
//! policies that allow everything: else it holds for want of an Allow, and says nothing about the layer.

use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, PolicyType};
use iamsure_core::world::{CallPaths, PolicySet, Principal, Requester};
use iamsure_testkit::strategy::document;
use iamsure_testkit::strategy::world::{federated_user, role_session, user};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::comparison::ComparisonQuery;
use iamsure_truth::inert::InertQuery;
use iamsure_truth::sample::Who;
use iamsure_truth::setting::Setting;
use proptest::prelude::*;
use proptest::sample::select;

use super::{cases, read};

/// The layers that grant nothing.
const LIMITS: [PolicyType; 5] = [
    PolicyType::Scp,
    PolicyType::Rcp,
    PolicyType::Boundary,
    PolicyType::Session,
    PolicyType::Endpoint,
];

const CLAIMS: [&str; 6] = [
    "never allow *",
    "never allow s3:DeleteBucket",
    "never allow s3:Get* unless aws:ViaAWSMCPService is true",
    "never allow ec2:* when aws:SourceIp is absent",
    "allow only s3:*",
    "always deny sqs:*",
];

/// A document that holds nothing but Deny statements.
fn deny_only(kind: PolicyType) -> impl Strategy<Value = PolicyDocument> {
    document::policy(kind).prop_map(|mut policy| {
        for statement in policy.statements.to_mut() {
            statement.value.effect.value = Effect::Deny;
        }
        policy
    })
}

fn layer() -> impl Strategy<Value = PolicyDocument> {
    select(LIMITS.to_vec()).prop_flat_map(deny_only)
}

/// Callers of every kind but sessions of `AssumeRoot`, to whom a session policy is what grants (E-28).
fn who() -> impl Strategy<Value = Who> {
    let principal = prop_oneof![
        user().boxed(),
        role_session().boxed(),
        federated_user().boxed(),
        Just(Principal::Anonymous).boxed(),
        Just(Principal::Service { name: "cloudtrail.amazonaws.com".to_owned() }).boxed(),
    ];
    let named = principal.prop_map(|principal| Who::Named(Requester::from(principal)));
    prop_oneof![Just(Who::Anybody), named]
}

/// A layer and nothing else; for an SCP or RCP, as one level.
fn alone(policy: &PolicyDocument) -> PolicySet {
    let mut policies = PolicySet::default();
    let policy = policy.clone();
    match policy.kind {
        PolicyType::Scp => policies.scp.push(vec![policy]),
        PolicyType::Rcp => policies.rcp.push(vec![policy]),
        PolicyType::Boundary => policies.boundary = Some(policy),
        PolicyType::Session => policies.session.push(policy),
        _ => policies.endpoint = Some(policy),
    }
    policies
}

/// Claims of which the policy of a resource or role may decide some.
const OF_HALVES: [&str; 6] = [
    "never allow s3:GetObject",
    "never allow s3:* unless aws:ViaAWSMCPService is true",
    "never allow s3:GetObject when aws:PrincipalType is Anonymous",
    "never allow sts:AssumeRole",
    "never allow sts:AssumeRole unless aws:PrincipalAccount is 111122223333",
    "never allow sts:AssumeRole when sts:ExternalId is absent",
];

/// The policy of a resource or of a role, and nothing else.
fn half() -> impl Strategy<Value = PolicySet> {
    let resource = document::policy(PolicyType::Resource);
    let trust = document::policy(PolicyType::Trust);
    prop_oneof![
        resource.prop_map(|policy| PolicySet { resource: Some(policy), ..PolicySet::default() }),
        trust.prop_map(|policy| PolicySet { trust: Some(policy), ..PolicySet::default() }),
    ]
}

/// An Allow of everything.
fn everything(kind: PolicyType) -> PolicyDocument {
    let principal = if kind.has_principal() { r#""Principal": "*", "# } else { "" };
    let statement = format!(r#"{{"Effect": "Allow", {principal}"Action": "*", "Resource": "*"}}"#);
    read(kind, &format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#))
}

/// The layer beside Allows of everything: in the layer itself, in the callers' own policies, and in the policy of the
/// resource for callers who have none.
fn beside_everything(policy: &PolicyDocument, who: &Who) -> PolicySet {
    let mut policies = alone(policy);
    let add = |policy: &mut Option<PolicyDocument>| {
        if let Some(policy) = policy {
            let granting = everything(policy.kind);
            policy.statements.to_mut().extend(granting.statements.iter().cloned());
        }
    };
    add(&mut policies.boundary);
    add(&mut policies.endpoint);
    for level in &mut policies.scp {
        level.push(everything(PolicyType::Scp));
    }
    if !policies.session.is_empty() {
        policies.session.push(everything(PolicyType::Session));
    }
    policies.identity.push(everything(PolicyType::Identity));
    let has_own = |requester: &Requester| {
        matches!(requester.principal, Principal::User { .. } | Principal::RoleSession { .. })
    };
    if !who.named().is_none_or(has_own) {
        policies.resource = Some(everything(PolicyType::Resource));
    }
    policies
}

fn verdict(policies: PolicySet, claim: &str, who: &Who, open_world: bool) -> Option<ClaimVerdict> {
    let query = ClaimQuery {
        policies,
        claim: Claim::parse(claim).unwrap(),
        setting: Setting { who: who.clone(), ..Setting::default() },
        paths: CallPaths::default(),
        open_world,
        is_whole: false,
    };
    query.proof().ok().map(|proof| proof.verdict)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn nothing_is_proved_of_a_layer_for_want_of_an_allow(
        policy in layer(), claim in select(CLAIMS.to_vec()), who in who(), open_world in any::<bool>(),
    ) {
        let beside = verdict(beside_everything(&policy, &who), claim, &who, open_world);
        let alone = verdict(alone(&policy), claim, &who, open_world);
        if beside == Some(ClaimVerdict::Refuted) {
            prop_assert_ne!(alone, Some(ClaimVerdict::Proved));
        }
    }

    /// Nobody gave the callers' own policies: what is proved of the other half holds whatever they allow.
    #[test]
    fn what_is_proved_of_a_half_holds_beside_the_other(
        half in half(), own in document::policy(PolicyType::Identity), claim in select(&OF_HALVES[..]),
    ) {
        let alone = verdict(half.clone(), claim, &Who::Anybody, false);
        let whole = PolicySet { identity: vec![own], ..half.clone() };
        let everything = PolicySet { identity: vec![everything(PolicyType::Identity)], ..half };
        if alone == Some(ClaimVerdict::Proved) {
            prop_assert_ne!(verdict(whole, claim, &Who::Anybody, false), Some(ClaimVerdict::Refuted));
            let widest = verdict(everything, claim, &Who::Anybody, false);
            prop_assert_ne!(widest, Some(ClaimVerdict::Refuted));
        }
    }

    /// A layer that loses statements widens wherever it does beside Allows of everything.
    #[test]
    fn a_change_of_a_layer_shows(
        before in layer(), lost in any::<prop::sample::Index>(), open_world in any::<bool>(),
    ) {
        let mut after = before.clone();
        after.statements.to_mut().remove(lost.index(before.statements.len()));
        let widens = |policies: &dyn Fn(&PolicyDocument) -> PolicySet| {
            let (before, after) = (policies(&before), policies(&after));
            let query = ComparisonQuery { before, after, setting: Setting::default(), open_world, is_whole: false };
            query.answer().ok().map(|comparison| comparison.widens())
        };
        let beside = widens(&|policy| beside_everything(policy, &Who::Anybody));
        let Some(alone) = widens(&alone) else { return Ok(()) };
        if beside == Some(true) {
            prop_assert!(alone);
        }
    }

    /// A statement that matters beside Allows of everything is not without effect in its layer alone.
    #[test]
    fn no_statement_of_a_layer_is_inert_for_want_of_an_allow(policy in layer()) {
        let effects = |policies: PolicySet| {
            let query = InertQuery { policies, setting: Setting::default(), examples: false };
            query.answer().ok().map(|answer| answer.statements)
        };
        let Some(beside) = effects(beside_everything(&policy, &Who::Anybody)) else { return Ok(()) };
        let Some(alone) = effects(alone(&policy)) else { return Ok(()) };
        for effect in alone {
            let same = beside.iter().find(|other| other.statement == effect.statement);
            if same.is_some_and(|same| !same.is_inert_in_every_world()) {
                prop_assert!(!effect.is_inert_in_every_world(), "{:?}", effect);
            }
        }
    }
}
