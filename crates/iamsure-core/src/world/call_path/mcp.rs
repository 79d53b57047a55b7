//! `mcp:<server>`: an AWS-managed MCP server calls with the principal's credentials.

use super::World;
use super::direct::{KEYS_PAGE, no_service};
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};

/// MCP servers whose service principal AWS has documented as a value of `aws:CalledViaAWSMCP`.
pub const MCP_SERVERS: [&str; 4] =
    ["aws-mcp", "eks-mcp", "ecs-mcp", "sagemaker-unified-studio-mcp"];

/// The servers that a name stands for: itself, or for `any` the documented ones and one that AWS has
/// not announced yet, for AWS says that more will come. Empty if it is no name of a server.
pub(super) fn servers(name: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match name {
        "any" => MCP_SERVERS.into_iter().chain(["another-mcp"]).collect(),
        name if name.ends_with("mcp") && name.chars().all(is_name) => vec![name],
        _ => Vec::new(),
    }
}

/// The keys that the server sets.
pub(super) fn keys(server: &str) -> [FixedKey; 3] {
    use Evidence::{Assumed, Documented};
    let principal = principal(server);
    let named = if MCP_SERVERS.contains(&server) { Documented } else { Assumed };
    [
        FixedKey::new("aws:ViaAWSMCPService", KeyState::single("true"), Documented, KEYS_PAGE),
        FixedKey::new("aws:CalledViaAWSMCP", KeyState::Single(principal), named, KEYS_PAGE),
        FixedKey::new("aws:IsMcpServiceAction", KeyState::Absent, Documented, KEYS_PAGE),
    ]
}

/// `eks-mcp` → `eks-mcp.amazonaws.com`.
pub(super) fn principal(server: &str) -> String {
    format!("{server}.amazonaws.com")
}

/// Through one MCP server. Whether the server's own call counts as a service's call on the
/// principal's behalf is not documented: two worlds.
pub(super) fn worlds(server: &str) -> Vec<World> {
    let unsaid = "AWS does not document whether an MCP server's call sets it";
    let unknown = |key, state| FixedKey::new(key, state, Evidence::Unknown, unsaid);
    let name = principal(server);
    let without =
        no_service().map(|fixed| FixedKey::new(fixed.key, fixed.state, Evidence::Unknown, unsaid));
    let with = [
        unknown("aws:ViaAWSService", KeyState::single("true")),
        unknown("aws:CalledVia", KeyState::Multi(vec![name.clone()])),
        unknown("aws:CalledViaFirst", KeyState::single(name.as_str())),
        unknown("aws:CalledViaLast", KeyState::single(name.as_str())),
    ];
    [without, with]
        .into_iter()
        .map(|service| World { keys: keys(server).into_iter().chain(service).collect() })
        .collect()
}
