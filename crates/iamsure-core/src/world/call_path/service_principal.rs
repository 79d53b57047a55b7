//! `service-principal:<name>`: a service calls as itself. Only resource-based policies and RCPs look
//! at it (E-25).
//!
//! AWS page: IAM User Guide, `reference_policies_elements_principal` (service principals).

use super::World;
use super::direct::KEYS_PAGE;
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::principal::Principal;
use crate::world::principal_keys::principal_keys;

/// What a service's own call fixes.
pub(super) fn world(name: &str) -> World {
    use Evidence::{Assumed, Documented, Unknown};
    let principal = Principal::Service { name: name.to_owned() };
    let mut keys: Vec<FixedKey> = principal_keys(&principal)
        .into_iter()
        .map(|(key, state)| {
            let evidence = if state == KeyState::Unknown { Unknown } else { Documented };
            FixedKey::new(key, state, evidence, KEYS_PAGE)
        })
        .filter(|fixed| fixed.key != "aws:PrincipalServiceNamesList".into())
        .collect();
    keys.push(FixedKey::present("aws:PrincipalServiceNamesList", Documented, KEYS_PAGE));
    let absent = [
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:TokenIssueTime",
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
        "aws:SourceIdentity",
        "aws:FederatedProvider",
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:ViaAWSMCPService",
        "aws:CalledViaAWSMCP",
        "aws:IsMcpServiceAction",
    ];
    keys.extend(absent.map(|key| FixedKey::new(key, KeyState::Absent, Documented, KEYS_PAGE)));
    let via = "the key is in every request, and true only for calls with a principal's credentials";
    keys.push(FixedKey::new("aws:ViaAWSService", KeyState::single("false"), Assumed, via));
    for key in ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"] {
        let source = "IAM User Guide, global condition context keys: if the service supplies it";
        keys.push(FixedKey::new(key, KeyState::Unknown, Documented, source));
    }
    World { keys }
}
