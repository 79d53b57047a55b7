//! `service:<chain>`: services call on with the principal's credentials (forward access sessions).
//!
//! Each call of a chain is authorized anew, for the same principal by the same policies; only the
//! context differs (E-29). What is fixed here is the context of the *last* call.
//!
//! AWS page: IAM User Guide, `access_forward_access_sessions`.

use super::World;
use super::direct::{KEYS_PAGE, no_mcp};
use super::{endpoint, mcp};
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::switch::Switches;

/// Where the first call of a chain came from.
pub(super) enum Origin<'a> {
    /// The principal itself, through a VPC endpoint or not.
    Direct(Option<bool>),
    /// An MCP server.
    Mcp(&'a str),
}

/// Services that the entry of `aws:CalledVia` lists as values.
const LISTED: [&str; 4] = [
    "athena.amazonaws.com",
    "cloudformation.amazonaws.com",
    "dynamodb.amazonaws.com",
    "kms.amazonaws.com",
];
/// Services that, by older text, do not set `aws:ViaAWSService` when they call on.
const SILENT: [&str; 4] = [
    "ec2.amazonaws.com",
    "glue.amazonaws.com",
    "lakeformation.amazonaws.com",
    "opsworks.amazonaws.com",
];
const FAS: &str = "IAM User Guide, access_forward_access_sessions";

/// The worlds after `services`, in the order of the call.
pub(super) fn worlds(origin: &Origin<'_>, services: &[String], switches: &Switches) -> Vec<World> {
    let mut worlds = Vec::new();
    for (mcp_keys, first) in origins(origin, switches) {
        let chain: Vec<String> = first.into_iter().chain(services.iter().cloned()).collect();
        for called_via in called_via(&chain) {
            let through = match origin {
                Origin::Direct(through) => *through,
                Origin::Mcp(_) => None,
            };
            let is_service = FixedKey::new(
                "aws:PrincipalIsAWSService",
                KeyState::single("false"),
                Evidence::Documented,
                KEYS_PAGE,
            );
            worlds.push(
                World { keys: mcp_keys.to_vec() }
                    .with(called_via)
                    .with([is_service])
                    .with(endpoint::forwarded(through)),
            );
        }
    }
    worlds
}

/// What is left of the MCP keys, and the server at the head of the chain, if it stands there.
fn origins(origin: &Origin<'_>, switches: &Switches) -> Vec<([FixedKey; 3], Option<String>)> {
    match origin {
        Origin::Direct(_) => no_mcp(switches).into_iter().map(|keys| (keys, None)).collect(),
        Origin::Mcp(server) => {
            let unsaid = "AWS does not document whether the key stays in forwarded service calls";
            let unknown = |keys: [FixedKey; 3]| {
                keys.map(|fixed| {
                    if fixed.key.as_str() == "aws:IsMcpServiceAction" {
                        fixed
                    } else {
                        FixedKey::new(fixed.key, fixed.state, Evidence::Unknown, unsaid)
                    }
                })
            };
            let kept = std::iter::once(mcp::keys(server));
            let states: Vec<_> = kept.chain(no_mcp(switches)).map(unknown).collect();
            [None, Some(mcp::principal(server))]
                .into_iter()
                .flat_map(|head| states.iter().cloned().map(move |keys| (keys, head.clone())))
                .collect()
        }
    }
}

/// The keys about the chain: as the page of forward access sessions says, and as the entries of the
/// keys say where these name fewer services.
fn called_via(chain: &[String]) -> Vec<[FixedKey; 4]> {
    let listed = chain.iter().all(|service| LISTED.contains(&service.as_str()));
    let evidence = if listed { Evidence::Documented } else { Evidence::Assumed };
    let end = |service: Option<&String>| service.map_or(KeyState::Absent, KeyState::single);
    let via = |state, evidence| FixedKey::new("aws:ViaAWSService", state, evidence, FAS);
    let mut found = vec![[
        via(KeyState::single("true"), Evidence::Documented),
        FixedKey::new("aws:CalledVia", KeyState::Multi(chain.to_vec()), evidence, FAS),
        FixedKey::new("aws:CalledViaFirst", end(chain.first()), evidence, FAS),
        FixedKey::new("aws:CalledViaLast", end(chain.last()), evidence, FAS),
    ]];
    let absent = || {
        ["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"].map(|key| {
            let source = "the entry of aws:CalledVia lists only athena, cloudformation, dynamodb and kms as values";
            FixedKey::new(key, KeyState::Absent, Evidence::Unknown, source)
        })
    };
    if !listed {
        let [called, first, last] = absent();
        found.push([via(KeyState::single("true"), Evidence::Documented), called, first, last]);
    }
    if chain.last().is_some_and(|service| SILENT.contains(&service.as_str())) {
        let [called, first, last] = absent();
        let source = "older text of aws:ViaAWSService: EC2, Glue, Lake Formation and OpsWorks do not set it as callers";
        let is_false = FixedKey::new(
            "aws:ViaAWSService",
            KeyState::single("false"),
            Evidence::Unknown,
            source,
        );
        found.push([is_false, called, first, last]);
    }
    found
}
