//! `direct`: the principal calls AWS itself.

use super::World;
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::switch::{Switch, Switches};

pub(super) const KEYS_PAGE: &str = "IAM User Guide, global condition context keys";
const KEYS_AVAILABILITY: &str =
    "IAM User Guide, global condition context keys, aws:ViaAWSMCPService, availability";
const KEYS_SAMPLE: &str =
    "IAM Toolbox API Reference, GetRequestAuthorizationDetails, sample request context";

/// Neither through an MCP server nor by a service: Q20 leaves two worlds.
pub(super) fn worlds(switches: &Switches) -> Vec<World> {
    no_mcp(switches)
        .into_iter()
        .map(|mcp| World { keys: mcp.into_iter().chain(no_service()).collect() })
        .collect()
}

/// The states of the MCP keys where no MCP server is involved.
pub(super) fn no_mcp(switches: &Switches) -> Vec<[FixedKey; 3]> {
    use Evidence::{Documented, Observed};
    let key = "aws:ViaAWSMCPService";
    let absent = FixedKey::new(key, KeyState::Absent, Documented, KEYS_AVAILABILITY);
    let is_false = FixedKey::new(key, KeyState::single("false"), Observed, KEYS_SAMPLE);
    let via_mcp = if switches.is(Switch::Q20, "false") {
        vec![is_false]
    } else if switches.is(Switch::Q20, "absent") {
        vec![absent]
    } else {
        vec![absent, is_false]
    };
    let others = |via_mcp| {
        [
            via_mcp,
            FixedKey::new("aws:CalledViaAWSMCP", KeyState::Absent, Documented, KEYS_PAGE),
            FixedKey::new("aws:IsMcpServiceAction", KeyState::Absent, Documented, KEYS_PAGE),
        ]
    };
    via_mcp.into_iter().map(others).collect()
}

/// No service calls on the principal's behalf.
pub(super) fn no_service() -> [FixedKey; 4] {
    let fixed = |key, state| FixedKey::new(key, state, Evidence::Documented, KEYS_PAGE);
    [
        fixed("aws:ViaAWSService", KeyState::single("false")),
        fixed("aws:CalledVia", KeyState::Absent),
        fixed("aws:CalledViaFirst", KeyState::Absent),
        fixed("aws:CalledViaLast", KeyState::Absent),
    ]
}
