//! Call paths: how a request arrives, and which condition keys that fixes.
//!
//! A path is data. Each key state carries the evidence for it and where it comes from. Where AWS
//! contradicts itself or is silent, a path has several [`World`]s, one for each possibility; a
//! report decides them all and never picks.
//!
//! | path | `aws:ViaAWSMCPService` | `aws:CalledViaAWSMCP` | `aws:ViaAWSService`, `aws:CalledVia` |
//! | --- | --- | --- | --- |
//! | `direct` | absent, or `false` (Q20) | absent | `false`, absent |
//! | `mcp:<server>` | `true` | the server's service principal | unknown: `false` and absent, or `true` and the server |
//! | `sts:AssumeRoleWithWebIdentity` | absent, or `false` | absent | `false`, absent |
//!
//! AWS page: IAM User Guide, `reference_policies_condition-keys` (properties of the request).

use super::context::{Context, KeyState};
pub use super::evidence::{Evidence, FixedKey};
use super::switch::{Switch, Switches};
use crate::language::key::ConditionKey;

/// One possibility of what a path fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The keys that are fixed.
    pub keys: Vec<FixedKey>,
}

impl World {
    /// What this world says of a key, if it fixes it.
    pub fn fixed(&self, key: &ConditionKey) -> Option<&FixedKey> {
        self.keys.iter().find(|fixed| fixed.key == *key)
    }

    /// Sets the keys this world fixes, except those that `context` already says.
    pub fn apply(&self, context: &mut Context) {
        for fixed in &self.keys {
            fixed.apply(context);
        }
    }
}

/// How a request arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPath {
    name: String,
    kind: PathKind,
    worlds: Vec<World>,
}

/// The kinds of call path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// The principal calls AWS itself.
    Direct,
    /// An AWS-managed MCP server calls with the principal's credentials.
    Mcp,
    /// An STS exchange that starts a session: no AWS principal calls, and only the trust policy of
    /// the role (and RCPs) decide (E-32).
    Exchange,
}

/// A text that names no call path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no call path `{name}`")]
pub struct UnknownPath {
    /// The text.
    pub name: String,
}

const KEYS_PAGE: &str = "IAM User Guide, global condition context keys";
const KEYS_AVAILABILITY: &str =
    "IAM User Guide, global condition context keys, aws:ViaAWSMCPService, availability";
const KEYS_SAMPLE: &str =
    "IAM Toolbox API Reference, GetRequestAuthorizationDetails, sample request context";

/// The action of the only exchange that is built in.
pub const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

/// MCP servers whose service principal AWS has documented as a value of `aws:CalledViaAWSMCP`.
pub const MCP_SERVERS: [&str; 4] =
    ["aws-mcp", "eks-mcp", "ecs-mcp", "sagemaker-unified-studio-mcp"];

impl CallPath {
    /// The call path called `name`.
    ///
    /// `direct`, `mcp:<server>` (a server's name, or `any`), `sts:AssumeRoleWithWebIdentity`.
    /// `switches` may settle Q20.
    ///
    /// # Errors
    /// If there is no such path.
    pub fn named(name: &str, switches: &Switches) -> Result<Self, UnknownPath> {
        let worlds = if name == "direct" {
            direct(switches).into_iter().map(|keys| World { keys }).collect()
        } else if name.eq_ignore_ascii_case(WEB_IDENTITY) {
            direct(switches).into_iter().map(|keys| World { keys }).collect()
        } else if let Some(server) = name.strip_prefix("mcp:") {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            match server {
                // AWS says that more servers will come.
                "any" => MCP_SERVERS
                    .iter()
                    .chain(&["another-mcp"])
                    .flat_map(|server| mcp(server))
                    .collect(),
                server if server.ends_with("mcp") && server.chars().all(is_name) => mcp(server),
                _ => return Err(UnknownPath { name: name.to_owned() }),
            }
        } else {
            return Err(UnknownPath { name: name.to_owned() });
        };
        let kind = match name {
            "direct" => PathKind::Direct,
            name if name.starts_with("mcp:") => PathKind::Mcp,
            _ => PathKind::Exchange,
        };
        let name = if kind == PathKind::Exchange { WEB_IDENTITY } else { name };
        Ok(Self { name: name.to_owned(), kind, worlds })
    }

    /// The name, as it is selected by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of path it is.
    pub const fn kind(&self) -> PathKind {
        self.kind
    }

    /// Every possibility of what the path fixes: at least one, in a fixed order.
    pub fn worlds(&self) -> &[World] {
        &self.worlds
    }
}

fn fixed(key: &str, state: KeyState, evidence: Evidence, source: &'static str) -> FixedKey {
    FixedKey::new(key, state, evidence, source)
}

/// Neither through an MCP server nor by a service: Q20 leaves two worlds.
fn direct(switches: &Switches) -> Vec<Vec<FixedKey>> {
    use Evidence::{Documented, Observed};
    let absent = fixed("aws:ViaAWSMCPService", KeyState::Absent, Documented, KEYS_AVAILABILITY);
    let is_false = fixed("aws:ViaAWSMCPService", KeyState::single("false"), Observed, KEYS_SAMPLE);
    let via_mcp = if switches.is(Switch::Q20, "false") {
        vec![is_false]
    } else if switches.is(Switch::Q20, "absent") {
        vec![absent]
    } else {
        vec![absent, is_false]
    };
    let world = |via_mcp| {
        let mut keys = vec![
            via_mcp,
            fixed("aws:CalledViaAWSMCP", KeyState::Absent, Documented, KEYS_PAGE),
            fixed("aws:IsMcpServiceAction", KeyState::Absent, Documented, KEYS_PAGE),
        ];
        keys.extend(no_service());
        keys
    };
    via_mcp.into_iter().map(world).collect()
}

fn no_service() -> [FixedKey; 4] {
    use Evidence::Documented;
    [
        fixed("aws:ViaAWSService", KeyState::single("false"), Documented, KEYS_PAGE),
        fixed("aws:CalledVia", KeyState::Absent, Documented, KEYS_PAGE),
        fixed("aws:CalledViaFirst", KeyState::Absent, Documented, KEYS_PAGE),
        fixed("aws:CalledViaLast", KeyState::Absent, Documented, KEYS_PAGE),
    ]
}

/// Through one MCP server. Whether the server's own call counts as a service's call on the
/// principal's behalf is not documented: two worlds.
fn mcp(server: &str) -> Vec<World> {
    use Evidence::{Assumed, Documented, Unknown};
    let principal = format!("{server}.amazonaws.com");
    let named = if MCP_SERVERS.contains(&server) { Documented } else { Assumed };
    let common = || {
        vec![
            fixed("aws:ViaAWSMCPService", KeyState::single("true"), Documented, KEYS_PAGE),
            fixed("aws:CalledViaAWSMCP", KeyState::single(principal.as_str()), named, KEYS_PAGE),
            fixed("aws:IsMcpServiceAction", KeyState::Absent, Documented, KEYS_PAGE),
        ]
    };
    let unsaid = "AWS does not say whether a call of an MCP server sets it";
    let without =
        no_service().map(|key| FixedKey { evidence: Unknown, source: unsaid.into(), ..key });
    let with = [
        fixed("aws:ViaAWSService", KeyState::single("true"), Unknown, unsaid),
        fixed("aws:CalledVia", KeyState::Multi(vec![principal.clone()]), Unknown, unsaid),
        fixed("aws:CalledViaFirst", KeyState::single(principal.as_str()), Unknown, unsaid),
        fixed("aws:CalledViaLast", KeyState::single(principal.as_str()), Unknown, unsaid),
    ];
    [without, with]
        .into_iter()
        .map(|service| {
            let mut keys = common();
            keys.extend(service);
            World { keys }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(path: &str, key: &str) -> Vec<KeyState> {
        let path = CallPath::named(path, &Switches::default()).unwrap();
        path.worlds()
            .iter()
            .filter_map(|world| world.fixed(&key.into()).map(|fixed| fixed.state.clone()))
            .collect()
    }

    #[test]
    fn a_direct_call_has_two_worlds_unless_q20_is_settled() {
        assert_eq!(
            states("direct", "aws:ViaAWSMCPService"),
            [KeyState::Absent, KeyState::single("false")]
        );
        let settled = Switches::default().choose("Q20=false").unwrap();
        assert_eq!(CallPath::named("direct", &settled).unwrap().worlds().len(), 1);
    }

    #[test]
    fn an_mcp_server_is_named_by_its_service_principal() {
        let expected = KeyState::single("eks-mcp.amazonaws.com");
        assert_eq!(states("mcp:eks-mcp", "aws:CalledViaAWSMCP"), [expected.clone(), expected]);
        assert_eq!(
            states("mcp:eks-mcp", "aws:ViaAWSService"),
            [KeyState::single("false"), KeyState::single("true")]
        );
        assert_eq!(states("mcp:any", "aws:ViaAWSMCPService").len(), 10);
    }

    #[test]
    fn other_names_are_no_paths() {
        for name in ["", "Direct", "mcp:", "mcp:s3", "mcp:x y-mcp", "sts:AssumeRole"] {
            assert!(CallPath::named(name, &Switches::default()).is_err(), "{name}");
        }
    }

    #[test]
    fn what_the_caller_said_wins() {
        let path = CallPath::named("direct", &Switches::default()).unwrap();
        let mut context = Context::closed();
        context.set("aws:viaawsservice".into(), KeyState::single("true"));
        path.worlds()[0].apply(&mut context);
        assert_eq!(context.state(&"aws:ViaAWSService".into()), &KeyState::single("true"));
    }
}
