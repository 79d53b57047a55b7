//! One request, what came of it, and how long that took.

use std::fmt;
use std::time::Duration;

use crate::trouble::Trouble;

/// One step of a visit.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was asked.
    pub request: Request,
    /// What came, if the server answered.
    pub came: Option<Came>,
    /// How long it took.
    pub took: Duration,
    /// What it means.
    pub result: Result<Note, Trouble>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` or `DELETE`.
    pub http: &'static str,
    /// Path and query.
    pub target: String,
    /// The method of the JSON-RPC message, if there is one.
    pub rpc: Option<&'static str>,
    /// Whether the token was shown.
    pub with_token: bool,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rpc {
            Some(rpc) => f.write_str(rpc),
            None => write!(f, "{} {}", self.http, self.target),
        }
    }
}

/// The head of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The status.
    pub status: u16,
    /// The media type, in lower case and without parameters; empty if none is stated.
    pub media_type: String,
}

/// What a step that did not fail showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Who shows no token is refused.
    Refused,
    /// The metadata were read.
    Metadata,
    /// Metadata are not at one of the places where they may be.
    NoMetadataHere(String),
    /// A server of 2026-07-28.
    Discovered(Server),
    /// An older server, for this reason.
    Older(String),
    /// The handshake of older servers.
    Initialized {
        /// The server.
        server: Server,
        /// Whether it gave a session.
        session: bool,
    },
    /// The handshake is acknowledged.
    Acknowledged,
    /// A page of tools.
    Listed {
        /// How many are on it.
        tools: usize,
        /// Whether another page follows.
        more: bool,
    },
    /// The session is ended.
    Ended,
    /// The server keeps the session until it expires.
    NotEnded(u16),
}

/// A server as it calls itself; nothing checks that.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Server {
    /// Its name; empty if it gives none.
    pub name: String,
    /// Its version; empty if it gives none.
    pub version: String,
    /// The version of the protocol that is spoken with it.
    pub protocol: String,
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = [self.name.as_str(), self.version.as_str()];
        let name: Vec<_> = name.into_iter().filter(|part| !part.is_empty()).collect();
        let name =
            if name.is_empty() { "a server without a name".to_owned() } else { name.join(" ") };
        write!(f, "{name}, protocol {}", self.protocol)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("refused, as it must be"),
            Self::Metadata => f.write_str("protected-resource metadata"),
            Self::NoMetadataHere(why) => write!(f, "no metadata here: {why}"),
            Self::Discovered(server) => write!(f, "{server}"),
            Self::Older(why) => write!(f, "an older server, so the handshake follows ({why})"),
            Self::Initialized { server, session: true } => write!(f, "{server}, with a session"),
            Self::Initialized { server, session: false } => {
                write!(f, "{server}, without a session")
            }
            Self::Acknowledged => f.write_str("acknowledged"),
            Self::Listed { tools, more } => {
                let noun = if *tools == 1 { "tool" } else { "tools" };
                let more = if *more { ", and another page" } else { "" };
                write!(f, "{tools} {noun}{more}")
            }
            Self::Ended => f.write_str("the session is ended"),
            Self::NotEnded(status) => {
                write!(f, "{status}: the server ends sessions itself, when they expire")
            }
        }
    }
}
