//! `sts:<operation>`: the exchange that starts a session. What the exchange itself passes (session
//! name, tags, claims) is the business of [`session`](crate::world::session).

use super::{CallPath, World, direct};
use crate::language::key::ConditionKey;
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::principal::Principal;
use crate::world::principal_keys::principal_keys;
use crate::world::session::{AssumeRoleWithWebIdentity, Operation};
use crate::world::switch::Switches;
use crate::world::token::{Bearers, TokenShape};

const REFERENCE: &str = "service authorization reference, AWS STS";

impl CallPath {
    /// Whether a provider gives the tokens that are exchanged on the path, where it says which.
    pub fn may_be_of(&self, provider: &str) -> bool {
        let address = AssumeRoleWithWebIdentity::issuer(provider);
        self.token().is_none_or(|shape| shape.issuer.is_at(address))
    }

    /// The same path, with what is known of the tokens of one provider, which name its condition keys.
    #[must_use]
    pub fn of_provider(&self, provider: &str) -> Self {
        match self.token().filter(|_| self.may_be_of(provider)) {
            Some(shape) => self.with_keys(&claims(shape, provider)),
            None => self.clone(),
        }
    }
}

/// The keys that every token of a shape has, and those that none has.
fn claims(shape: TokenShape, provider: &str) -> Vec<FixedKey> {
    let address = AssumeRoleWithWebIdentity::issuer(provider);
    let source = shape.issuer.source;
    let of_all = ["aud", "sub"].map(|name| (name, Bearers::All));
    let of_some = shape.issuer.claims.iter().map(|claim| claim.name);
    let others = of_some.filter_map(|name| Some((name, shape.has_claim(name)?)));
    of_all
        .into_iter()
        .chain(others)
        .filter_map(|(name, bearers)| {
            let key = ConditionKey::new(format!("{address}:{name}"));
            match bearers {
                Bearers::All => Some(FixedKey::present(key, Evidence::Documented, source)),
                Bearers::None => {
                    Some(FixedKey::new(key, KeyState::Absent, Evidence::Documented, source))
                }
                Bearers::Some | Bearers::OfKind(_) => None,
            }
        })
        .collect()
}

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
