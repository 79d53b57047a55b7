//! `execution-role:<service>`: a role that a service assumed calls, such as that of a Lambda function.
//!
//! It is a principal of its own. Whoever made the service act, also an MCP server, leaves no mark on
//! its calls: no MCP key, and no `aws:CalledVia`. A guardrail on the first principal ends here, and
//! the role needs one of its own.

use super::{World, direct};
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::session::keys::of_service_role;
use crate::world::switch::Switches;

/// What the call of a service's role fixes.
pub(super) fn worlds(service: &str, switches: &Switches) -> Vec<World> {
    let unsaid = "follows from the role being the principal of its calls";
    let assumed = |fixed: FixedKey| {
        if fixed.key.as_str() == "aws:ViaAWSMCPService" {
            FixedKey::new(fixed.key, fixed.state, Evidence::Assumed, unsaid)
        } else {
            fixed
        }
    };
    let is_service = FixedKey::new(
        "aws:PrincipalIsAWSService",
        KeyState::single("false"),
        Evidence::Documented,
        direct::KEYS_PAGE,
    );
    direct::worlds(switches)
        .into_iter()
        .map(|world| World { keys: world.keys.into_iter().map(assumed).collect() })
        .map(|world| world.with([is_service.clone()]).with(of_service_role(service)))
        .collect()
}
