//! What AWS publishes of a condition key, for a caller: one value or several, and whether it is
//! always or never there.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::Principal;
use iamsure_reference::{CallerKind, Category, Presence, ValueType, condition_key, global_key};

use crate::candidate::Shape;
use crate::class::state::{Arity, Nature};
use crate::class::value::Domain;
use crate::model::Knowledge;

/// The kinds of caller that `principal` may be; all that identity-based policies hang on, if
/// nobody was named.
pub(crate) fn kinds(principal: Option<&Principal>) -> &'static [CallerKind] {
    use CallerKind::{
        Anonymous, AssumeRootSession, FederatedUser, RoleSession, Root, ServicePrincipal,
        UserLongTermKey, UserTemporaryCredentials,
    };
    match principal {
        None => &[UserLongTermKey, UserTemporaryCredentials, RoleSession],
        Some(Principal::User { .. }) => &[UserLongTermKey, UserTemporaryCredentials],
        Some(Principal::RoleSession { .. }) => &[RoleSession],
        Some(Principal::FederatedUser { .. }) => &[FederatedUser],
        Some(Principal::Root { .. }) => &[Root],
        Some(Principal::AssumeRoot { .. }) => &[AssumeRootSession],
        Some(Principal::Service { .. }) => &[ServicePrincipal],
        Some(Principal::Anonymous) => &[Anonymous],
        // Decided before.
        Some(Principal::FederatedCaller { .. }) => &[],
    }
}

/// What is known of `key` in requests of `principal`, or of any user or role session.
pub fn shape(key: &ConditionKey, principal: Option<&Principal>) -> Shape {
    let multivalued = condition_key(key.as_str()).known().map(|known| known.multivalued);
    let Some(global) = global_key(key.as_str()) else {
        return Shape { multivalued, may_be_absent: true, may_be_present: true };
    };
    if matches!(principal, Some(Principal::FederatedCaller { .. })) {
        // A token is no AWS principal yet: none of the keys of a principal or session, but for the
        // federation keys (spec 8.1; the account is unverified).
        let of_principal = matches!(global.category, Category::Principal | Category::Session);
        let unverified = ["aws:PrincipalAccount", "aws:FederatedProvider"];
        let exempt = unverified.iter().any(|name| name.eq_ignore_ascii_case(key.as_str()));
        return Shape { multivalued, may_be_absent: true, may_be_present: !of_principal || exempt };
    }
    let presence: Vec<Presence> =
        kinds(principal).iter().map(|kind| global.presence(*kind)).collect();
    let all = |wanted| presence.iter().all(|found| *found == wanted);
    Shape {
        multivalued,
        may_be_absent: !all(Presence::Always),
        may_be_present: !all(Presence::Never),
    }
}

/// What is known of `key` in requests of `principal`, or of any user or role session: its arity, its type
/// and whether it is there.
pub fn knowledge(key: &ConditionKey, principal: Option<&Principal>) -> Knowledge {
    let Shape { multivalued, may_be_absent, may_be_present } = shape(key, principal);
    let published = condition_key(key.as_str()).known();
    let (domain, hints) = match published.map(|key| key.value_type) {
        Some(ValueType::Bool) => (Domain::Boolean, Vec::new()),
        Some(ValueType::Numeric) => (Domain::Number, Vec::new()),
        Some(ValueType::Date) => (Domain::Date, Vec::new()),
        Some(ValueType::IpAddress) => (Domain::Address, Vec::new()),
        Some(ValueType::Arn) => (Domain::Text, vec!["arn:aws:iam::111122223333:role/another-role"]),
        Some(ValueType::String | ValueType::Binary) | None => (Domain::Text, vec!["another-value"]),
    };
    let arity = multivalued.map(|several| if several { Arity::Many } else { Arity::One });
    Knowledge { nature: Nature { arity, may_be_absent, may_be_present }, domain, hints }
}
