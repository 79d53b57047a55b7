//! Call paths: how a request arrives, and which condition keys that fixes.
//!
//! A path is data. Each key state carries the evidence for it and where it comes from. Where AWS
//! contradicts itself or is silent, a path has several [`World`]s, one for each possibility; a
//! report decides them all and never picks.
//!
//! A name reads in the order of the call, its hops joined by `/`: `direct/vpce`,
//! `mcp:aws-mcp/service:athena+glue`. [`FORMS`] lists the hops. `docs/paths.md` prints every key of
//! every path from this module.
//!
//! AWS pages: IAM User Guide, `reference_policies_condition-keys` (properties of the request, of the
//! network), `access_forward_access_sessions`.

mod defined;
mod direct;
mod endpoint;
mod exchange;
mod execution_role;
mod mcp;
mod name;
mod paths;
mod service;
mod service_principal;

pub use mcp::MCP_SERVERS;
pub use name::{FORMS, Form, UnknownPath};
pub use paths::CallPaths;

use super::context::Context;
use super::evidence::FixedKey;
use super::principal::Principal;
use super::session::Operation;
use super::switch::Switches;
use super::token::TokenShape;
use crate::language::key::ConditionKey;

/// One possibility of what a path fixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// The keys that are fixed, each once.
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

    /// The same world with `keys` in place of what it said of them.
    fn with(mut self, keys: impl IntoIterator<Item = FixedKey>) -> Self {
        for fixed in keys {
            match self.keys.iter_mut().find(|known| known.key == fixed.key) {
                Some(known) => *known = fixed,
                None => self.keys.push(fixed),
            }
        }
        self
    }
}

/// How a request arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPath {
    name: String,
    kind: PathKind,
    worlds: Vec<World>,
    principal: Option<Principal>,
    through_endpoint: Option<bool>,
    token: Option<TokenShape>,
}

/// The kinds of call path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// The principal calls AWS itself.
    Direct,
    /// An AWS-managed MCP server calls with the principal's credentials.
    Mcp,
    /// A service that the principal called calls on with the principal's credentials: a forward
    /// access session (E-29).
    Service,
    /// A service calls as itself (E-25).
    ServicePrincipal,
    /// A role that a service assumed calls: its own principal, whoever made the service act.
    ExecutionRole,
    /// An STS exchange that starts a session.
    Exchange(Operation),
    /// A path that a file defines.
    Defined,
}

impl CallPath {
    /// The built-in call path called `name`. `switches` may settle Q20.
    ///
    /// # Errors
    /// If there is no such path.
    pub fn named(name: &str, switches: &Switches) -> Result<Self, UnknownPath> {
        CallPaths::new(*switches).named(name)
    }

    /// Any way at all: the path fixes nothing. [`named`](Self::named) does not know it.
    pub fn any() -> Self {
        Self {
            name: "any path".to_owned(),
            kind: PathKind::Defined,
            worlds: vec![World::default()],
            principal: None,
            through_endpoint: None,
            token: None,
        }
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

    /// Who calls, where the path says so: a service as itself.
    pub const fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Whether the request comes through a VPC endpoint of the caller's, so that its policy is asked
    /// (E-24); `None` if the path does not say.
    pub const fn through_endpoint(&self) -> Option<bool> {
        self.through_endpoint
    }

    /// The shape of the token that is exchanged, where the path says so.
    pub const fn token(&self) -> Option<TokenShape> {
        self.token
    }

    /// Whether `key` is there in every world, with a value that some of them do not give.
    pub fn is_present(&self, key: &ConditionKey) -> bool {
        self.worlds.iter().all(|world| world.fixed(key).is_some_and(|fixed| fixed.is_present))
    }
}

#[cfg(test)]
mod tests;
