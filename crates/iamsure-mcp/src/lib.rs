//! Asks an MCP server over streamable HTTP which tools it lists, and whether it refuses those who show no token.
//!
//! This is the only crate of iamsure that opens a connection; a test of the workspace (`tests/floors`) holds that. It
//! knows nothing of AWS or ToolHive. What the caller may rely on:
//!
//! - Every connection of a [`Client`] goes to one origin: the scheme, host and port of its [`Endpoint`]. Redirects and URLs
//!   that the server names are followed within it, and reported otherwise. Proxies of the environment are not used.
//! - A [`Token`] is sent in the header `Authorization` only. It is not in any value that is handed back: whatever the
//!   server says is searched for it first.
//! - Everything ends within [`Limits`]: size of headers and bodies, time, pages, events, redirects.
//! - `tools/call` is never sent.
//!
//! All text in what is handed back is the server's. It may hold anything, control characters included: whoever prints it
//! escapes it.
//!
//! Protocol: modelcontextprotocol.io/specification, revisions 2026-07-28 (no session: `server/discover`) and 2025-11-25 and
//! earlier (`initialize`, `Mcp-Session-Id`).

mod answer;
mod challenge;
mod dialogue;
mod endpoint;
mod event_stream;
mod http;
mod limits;
mod resource_metadata;
mod step;
mod token;
mod trouble;
mod visit;

pub use challenge::Challenge;
pub use endpoint::{Endpoint, EndpointError, PlainHttp};
pub use limits::Limits;
pub use resource_metadata::ResourceMetadata;
pub use step::{Came, Note, Request, Server, Step};
pub use token::{Token, TokenError};
pub use trouble::{RpcError, Trouble};
pub use visit::{Admitted, Client, TrustedRoots, TrustedRootsError, Turned};
