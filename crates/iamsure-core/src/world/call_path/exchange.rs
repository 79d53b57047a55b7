//! `sts:<operation>`: the exchange that starts a session. What the exchange itself passes (session
//! name, tags, claims) is the business of [`session`](crate::world::session).

use super::{World, direct};
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::principal::Principal;
use crate::world::principal_keys::principal_keys;
use crate::world::session::Operation;
use crate::world::switch::Switches;

const REFERENCE: &str = "service authorization reference, AWS STS";

/// What the call of an operation fixes.
pub(super) fn worlds(operation: Operation, switches: &Switches) -> Vec<World> {
    let mut keys = Vec::new();
    let mut absent = |key: &str, evidence, source: &'static str| {
        keys.push(FixedKey::new(key, KeyState::Absent, evidence, source));
    };
    if operation != Operation::AssumeRole {
        absent("sts:ExternalId", Evidence::Documented, REFERENCE);
    }
    if operation != Operation::AssumeRoot {
        absent("sts:TaskPolicyArn", Evidence::Documented, REFERENCE);
    }
    if !operation.asks_trust_policy() {
        for key in ["sts:RoleSessionName", "sts:SourceIdentity", "sts:TransitiveTagKeys"] {
            absent(key, Evidence::Documented, REFERENCE);
        }
    }
    if operation.is_unsigned() {
        // The provider is the exchange's to say.
        let caller = Principal::FederatedCaller { provider: String::new() };
        let source = "IAM User Guide, global condition context keys: of AWS principals; no AWS principal calls here";
        let of_principal = principal_keys(&caller)
            .into_iter()
            .filter(|(key, _)| *key != "aws:FederatedProvider".into())
            .filter(|(_, state)| *state != KeyState::Unknown)
            .map(|(key, state)| FixedKey::new(key, state, Evidence::Assumed, source));
        keys.extend(of_principal);
        for key in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"] {
            keys.push(FixedKey::new(
                key,
                KeyState::Absent,
                Evidence::Observed,
                "aws/lza-universal-configuration issue 25",
            ));
        }
    }
    direct::worlds(switches).into_iter().map(|world| world.with(keys.clone())).collect()
}
