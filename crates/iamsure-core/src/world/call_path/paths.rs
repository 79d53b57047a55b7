//! The paths there are: the built-in ones, and those that files define.

use super::service::Origin;
use super::{
    CallPath, FORMS, MCP_SERVERS, PathKind, UnknownPath, World, direct, endpoint, exchange,
    execution_role, mcp, name, service, service_principal,
};
use crate::world::principal::Principal;
use crate::world::session::Operation;
use crate::world::switch::Switches;
use crate::world::token::TokenShape;

/// Every call path that can be named.
#[derive(Clone, Debug, Default)]
pub struct CallPaths {
    switches: Switches,
    defined: Vec<CallPath>,
}

impl CallPaths {
    /// The built-in paths. `switches` may settle Q20.
    pub const fn new(switches: Switches) -> Self {
        Self { switches, defined: Vec::new() }
    }

    /// Whether a name is that of a built-in path, which means the same to everybody.
    pub fn is_built_in(&self, name: &str) -> bool {
        self.built_in(name).is_some()
    }

    /// Adds a path that a file defines. It goes before another one of its name.
    pub fn define(&mut self, path: CallPath) {
        self.defined.retain(|known| known.name() != path.name());
        self.defined.push(path);
    }

    /// The paths that files define.
    pub fn defined(&self) -> &[CallPath] {
        &self.defined
    }

    /// The call path called `name`: a defined one, or one of the [`FORMS`].
    ///
    /// # Errors
    /// If there is no such path, with the name that was perhaps meant.
    pub fn named(&self, name: &str) -> Result<CallPath, UnknownPath> {
        if let Some(path) = self.defined.iter().find(|path| path.name() == name) {
            return Ok(path.clone());
        }
        self.built_in(name).ok_or_else(|| {
            let defined: Vec<String> =
                self.defined.iter().map(|path| path.name().to_owned()).collect();
            let known = FORMS
                .iter()
                .map(|form| form.example.to_owned())
                .chain(MCP_SERVERS.iter().map(|server| format!("mcp:{server}")))
                .chain(["mcp:any".to_owned()])
                .chain(Operation::ALL.iter().map(|operation| operation.action().to_owned()))
                .chain(TokenShape::all().map(with_token))
                .chain(defined.iter().cloned());
            let whole = name::with_suffixes(name);
            let suggestion = (self.built_in(&whole).map(|_| whole))
                .or_else(|| name::closest(name, known))
                .or_else(|| self.with_another_prefix(name));
            UnknownPath { name: name.to_owned(), suggestion, defined }
        })
    }

    /// `servce:athena` → `service:athena`, if that is a path.
    fn with_another_prefix(&self, name: &str) -> Option<String> {
        let (prefix, rest) = name.split_once(':')?;
        let prefixes = ["mcp", "service", "service-principal", "execution-role", "sts"];
        let prefix = name::closest(prefix, prefixes.into_iter().map(str::to_owned))?;
        let name = format!("{prefix}:{rest}");
        self.built_in(&name).map(|_| name)
    }

    fn built_in(&self, name: &str) -> Option<CallPath> {
        let switches = &self.switches;
        let path = |kind, worlds: Vec<World>| CallPath {
            name: name.to_owned(),
            kind,
            worlds,
            principal: None,
            through_endpoint: None,
            token: None,
        };
        if let Some(operation) = Operation::from_action(name) {
            let worlds = exchange::worlds(operation, switches);
            let name = operation.action().to_owned();
            return Some(CallPath { name, ..path(PathKind::Exchange(operation), worlds) });
        }
        let (first, rest) = name.split_once('/').map_or((name, None), |(a, b)| (a, Some(b)));
        if let Some(operation) = Operation::from_action(first) {
            let by_token = operation == Operation::AssumeRoleWithWebIdentity;
            let shape = TokenShape::named(rest.filter(|_| by_token)?)?;
            let worlds = exchange::worlds(operation, switches);
            let name = with_token(shape);
            let token = Some(shape);
            return Some(CallPath { name, token, ..path(PathKind::Exchange(operation), worlds) });
        }
        if first == "direct" {
            return self.after_direct(rest, &path);
        }
        if let Some(server) = first.strip_prefix("mcp:") {
            let servers = mcp::servers(server);
            if servers.is_empty() {
                return None;
            }
            let Some(rest) = rest else {
                let worlds = servers.into_iter().flat_map(mcp::worlds).collect();
                return Some(path(PathKind::Mcp, worlds));
            };
            let chain = chain(rest)?;
            let worlds = servers
                .into_iter()
                .flat_map(|server| service::worlds(&Origin::Mcp(server), &chain, switches))
                .collect();
            let found = path(PathKind::Service, worlds);
            return Some(CallPath { through_endpoint: Some(false), ..found });
        }
        if rest.is_some() {
            return None;
        }
        if let Some(chain) = chain(first) {
            let worlds = service::worlds(&Origin::Direct(None), &chain, switches);
            let found = path(PathKind::Service, worlds);
            return Some(CallPath { through_endpoint: Some(false), ..found });
        }
        if let Some(name) = first.strip_prefix("service-principal:") {
            let name = name::service(name)?;
            let found = path(PathKind::ServicePrincipal, vec![service_principal::world(&name)]);
            let principal = Some(Principal::Service { name });
            return Some(CallPath { principal, through_endpoint: Some(false), ..found });
        }
        let service = name::service(first.strip_prefix("execution-role:")?)?;
        Some(path(PathKind::ExecutionRole, execution_role::worlds(&service, switches)))
    }

    /// What may follow `direct`.
    fn after_direct(
        &self,
        rest: Option<&str>,
        path: &impl Fn(PathKind, Vec<World>) -> CallPath,
    ) -> Option<CallPath> {
        let switches = &self.switches;
        let Some(rest) = rest else {
            return Some(path(PathKind::Direct, direct::worlds(switches)));
        };
        let (hop, rest) = rest.split_once('/').map_or((rest, None), |(a, b)| (a, Some(b)));
        let through = match hop {
            "vpce" => Some(true),
            "internet" => Some(false),
            _ => None,
        };
        let chain_text = match (through, rest) {
            (Some(through), None) => {
                let keys = if through { endpoint::through() } else { endpoint::not_through() };
                let worlds = direct::worlds(switches)
                    .into_iter()
                    .map(|world| world.with(keys.clone()))
                    .collect();
                let found = path(PathKind::Direct, worlds);
                return Some(CallPath { through_endpoint: Some(through), ..found });
            }
            (Some(_), Some(rest)) => rest,
            (None, None) => hop,
            (None, Some(_)) => return None,
        };
        let chain = chain(chain_text)?;
        let worlds = service::worlds(&Origin::Direct(through), &chain, switches);
        let found = path(PathKind::Service, worlds);
        // The last call is the service's: it comes through no endpoint of the caller's.
        Some(CallPath { through_endpoint: Some(false), ..found })
    }
}

/// `sts:AssumeRoleWithWebIdentity/github:branch`.
fn with_token(shape: TokenShape) -> String {
    format!("{}/{}", Operation::AssumeRoleWithWebIdentity.action(), shape.name())
}

/// The services of `service:athena+glue`, in order.
fn chain(text: &str) -> Option<Vec<String>> {
    text.strip_prefix("service:")?.split('+').map(name::service).collect()
}
