//! Requests that differ in nothing that tells which keys are missing.
//!
//! Programs ask about thousands of objects of a bucket: callers, actions and contexts are few, and each object is
//! matched by the same statements. What is missing of one is missing of all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use iamsure_core::decision::Truth;
use iamsure_core::decision::statement::StatementMatch;
use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{Bucket, KeyState, Principal, Request, Requester};

use super::compiled::Compiled;
use super::worlds::Worlds;

/// Everything of some worlds that tells which keys are missing.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Alike {
    path: Option<String>,
    caller: Option<Principal>,
    worlds: Vec<World>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct World {
    requester: Requester,
    action: String,
    /// The resource up to the account of its ARN; all of it, if it is none.
    place: String,
    resource_account: Option<String>,
    resource_in_management_account: bool,
    bucket: Bucket,
    through_gateway_endpoint: bool,
    /// The keys that the policies ask about.
    states: Vec<(bool, KeyState)>,
    /// How statements match whatever the keys that are asked about turn out. Those that are left out do not, of this request or of
    /// any like it.
    statements: Vec<(StatementId, StatementMatch)>,
}

impl Alike {
    /// What is alike of worlds, of which `unknown` are the requests with the keys that are asked about unknown. `None` where the
    /// resource itself tells: a rule of the service reads it
    /// ([`distinction`](iamsure_core::decision::distinction::of_resources)), or a pattern holds the value of such a key.
    pub(super) fn of(
        policies: &Compiled,
        worlds: &Worlds<'_>,
        unknown: &[Request],
        keys: &[ConditionKey],
    ) -> Option<Self> {
        let pairs = worlds.requests().iter().zip(unknown);
        let worlds_alike = pairs.map(|(world, unknown)| World::of(policies, world, unknown, keys));
        Some(Self {
            path: worlds.path().map(|path| path.name().to_owned()),
            caller: worlds.caller().cloned(),
            worlds: worlds_alike.collect::<Option<_>>()?,
        })
    }
}

impl World {
    fn of(
        policies: &Compiled,
        world: &Request,
        unknown: &Request,
        keys: &[ConditionKey],
    ) -> Option<Self> {
        let is_of = |service: &str| world.action.prefix().eq_ignore_ascii_case(service);
        // Of S3 a rule tells objects from buckets where the owner of an object decides (E-19).
        let asks_owner = world.bucket.asks_object_owner();
        if is_of("kms") || is_of("iam") || is_of("sts") || asks_owner {
            return None;
        }
        let statements = policies.matching(unknown);
        if statements.iter().any(|(_, found)| found.resource == Truth::Unknown) {
            return None;
        }
        let Request { requester, action, resource, resource_account, bucket, .. } = world;
        let place = match Arn::split(resource) {
            Some(arn) => {
                format!("{}:{}:{}:{}", arn.partition, arn.service, arn.region, arn.account)
            }
            None => resource.clone(),
        };
        let context = &world.context;
        Some(Self {
            requester: requester.clone(),
            action: action.folded().to_owned(),
            place,
            resource_account: resource_account.clone(),
            resource_in_management_account: world.resource_in_management_account,
            bucket: *bucket,
            through_gateway_endpoint: world.through_gateway_endpoint,
            states: keys
                .iter()
                .map(|key| (context.is_set(key), context.state(key).clone()))
                .collect(),
            statements,
        })
    }
}

/// How many answers are kept: then all are forgotten, so that memory does not grow with the input.
const KEPT: usize = 1_024;

/// What was missing of requests before.
#[derive(Debug, Default)]
pub(super) struct FoundBefore(Mutex<HashMap<Alike, Vec<ConditionKey>>>);

impl FoundBefore {
    /// What is missing of such requests; `find` finds it out if it is not known.
    pub(super) fn get_or(
        &self,
        alike: Option<Alike>,
        find: impl FnOnce() -> Vec<ConditionKey>,
    ) -> Vec<ConditionKey> {
        let Some(alike) = alike else { return find() };
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(missing) = lock().get(&alike) {
            return missing.clone();
        }
        let missing = find();
        let mut before = lock();
        if before.len() >= KEPT {
            before.clear();
        }
        before.insert(alike, missing.clone());
        missing
    }
}
