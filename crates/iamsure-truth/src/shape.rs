//! What AWS publishes of a condition key, for a caller: one value or several, and whether it is
//! always or never there.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::Principal;
use iamsure_reference::{CallerKind, Presence, condition_key, global_key};

use crate::candidate::Shape;

/// The kinds of caller that `principal` may be; all that identity-based policies hang on, if
/// nobody was named.
fn kinds(principal: Option<&Principal>) -> &'static [CallerKind] {
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
        // AWS does not say which keys such a caller has.
        Some(Principal::FederatedCaller { .. }) => &[],
    }
}

/// What is known of `key` in requests of `principal`, or of any user or role session.
pub fn shape(key: &ConditionKey, principal: Option<&Principal>) -> Shape {
    let multivalued = condition_key(key.as_str()).known().map(|known| known.multivalued);
    let presence: Vec<Presence> = match global_key(key.as_str()) {
        Some(global) => kinds(principal).iter().map(|kind| global.presence(*kind)).collect(),
        None => Vec::new(),
    };
    let all = |wanted| !presence.is_empty() && presence.iter().all(|found| *found == wanted);
    Shape {
        multivalued,
        may_be_absent: !all(Presence::Always),
        may_be_present: !all(Presence::Never),
    }
}
