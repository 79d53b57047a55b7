//! Asks an MCP server over streamable HTTP which tools it lists, and whether it refuses those who show no token.
//!
//! ```
//! # use std::io::{Read, Write};
//! use iamsure_mcp::{Client, Endpoint, Limits, PlainHttp};
//!
//! # let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
//! # let url = format!("http://{}/mcp", server.local_addr().unwrap());
//! # std::thread::spawn(move || {
//! #     for mut stream in server.incoming().flatten() {
//! #         let _ = stream.read(&mut [0; 8192]);
//! #         let head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer scope=\"tools\"";
//! #         let _ = write!(stream, "{head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
//! #     }
//! # });
//! // `url` is that of a server which answers 401, as it must where no token is shown.
//! let endpoint = Endpoint::parse(&url, PlainHttp::LoopbackOnly).unwrap();
//! let client = Client { endpoint, limits: Limits::default(), roots: None };
//! let turned = client.without_token(None);
//! assert!(turned.away);
//! assert!(turned.challenge.is_some());
//! // A token would cross the network in the open: such a server is not visited.
//! assert!(Endpoint::parse("http://mcp.example.com/mcp", PlainHttp::LoopbackOnly).is_err());
//! ```
//!
//! # Overview
//!
//! - [`Client`]: visits one [`Endpoint`], without a token ([`Turned`]) and with one ([`Admitted`]).
//! - [`Token`]: the secret that is shown; [`TrustedRoots`]: whose certificates are trusted.
//! - [`Step`]: one request and what came of it: a [`Note`], or a [`Trouble`].
//! - [`Challenge`] and [`ResourceMetadata`]: what a server says of how to be let in.
//! - [`Limits`]: the bounds of a visit.
//!
//! # What the caller may rely on
//!
//! This is the only crate of iamsure that opens a connection; a test of the workspace (`tests/floors`) holds that. It
//! knows nothing of AWS or ToolHive.
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
