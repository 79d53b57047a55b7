//! What can be wrong with an answer, and what to do about it.

use std::time::Duration;

use crate::challenge::Challenge;

/// Why a step failed. Texts in it are the server's, cut to a line's length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No connection was made.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The host has no address.
    #[error("the host is not found")]
    NoHost,
    /// The connection is not safe.
    #[error("TLS fails: {0}")]
    Tls(String),
    /// The connection ended in the middle.
    #[error("the connection was interrupted: {0}")]
    BrokenOff(String),
    /// It took too long.
    #[error("no complete answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// All of it took too long.
    #[error("not requested: the visit has already taken {} s", .0.as_secs_f32())]
    VisitTooLong(Duration),
    /// It is no HTTP.
    #[error("the answer is not HTTP: {0}")]
    NotHttp(String),
    /// The headers are too long.
    #[error("the headers are longer than {0} bytes: not read further")]
    LongHeaders(usize),
    /// The body is too long.
    #[error("the body is longer than {0} bytes: not read further")]
    LongBody(usize),
    /// The answer is elsewhere.
    #[error("{status} redirects to {location}, {}", if *.elsewhere { "another origin: not followed" } else { "not followed" })]
    Redirected {
        /// The status.
        status: u16,
        /// Where to.
        location: String,
        /// Whether that is another scheme, host or port.
        elsewhere: bool,
    },
    /// The server lets somebody in who shows no token.
    #[error("{0}: served without a token")]
    ServedWithoutToken(u16),
    /// The server refuses.
    #[error("{status}{}", said(.sentence, .error.as_ref()))]
    Refused {
        /// The status.
        status: u16,
        /// What the body says, in a line; empty if it says nothing.
        sentence: String,
        /// The error, if the body is JSON-RPC.
        error: Option<RpcError>,
        /// How to be let in.
        challenge: Option<Box<Challenge>>,
    },
    /// The answer is of another kind.
    #[error("the answer is {}, and MCP answers with application/json or text/event-stream", kind(.0))]
    ContentType(String),
    /// The answer is not JSON.
    #[error("the answer is not JSON: {0}")]
    NotJson(String),
    /// The answer is JSON and not what was asked for.
    #[error("{0}")]
    Malformed(String),
    /// The stream ended within an event.
    #[error("the event stream ends in the middle of an event")]
    HalfEvent,
    /// The stream ended before the answer.
    #[error("the event stream ends without an answer")]
    NoAnswer,
    /// The stream does not come to the answer.
    #[error("no answer among the first {0} events: not read further")]
    ManyEvents(usize),
    /// The request failed on the server.
    #[error("{0}")]
    Rpc(RpcError),
    /// The server speaks no version that is known here.
    #[error(
        "the server speaks protocol {0}; iamsure supports 2026-07-28, 2025-11-25, 2025-06-18 and 2025-03-26"
    )]
    Version(String),
    /// The session is not kept.
    #[error("{0}")]
    Session(String),
    /// The list of tools does not end.
    #[error("the list of tools does not end: {0}")]
    EndlessList(String),
}

/// A JSON-RPC error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON-RPC error {code}: {message}")]
pub struct RpcError {
    /// Its code.
    pub code: i64,
    /// What it says, in a line.
    pub message: String,
    /// The versions of the protocol that it lists (`data.supported`).
    pub supported: Vec<String>,
}

fn said(sentence: &str, error: Option<&RpcError>) -> String {
    match error {
        Some(error) => format!(": {error}"),
        None if sentence.is_empty() => String::new(),
        None => format!(": {sentence}"),
    }
}

fn kind(media_type: &str) -> &str {
    if media_type.is_empty() { "of no stated type" } else { media_type }
}

impl Trouble {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoConnection(_) => "no-connection",
            Self::NoHost => "no-host",
            Self::Tls(_) => "tls",
            Self::BrokenOff(_) => "broken-off",
            Self::TimedOut(_) => "timed-out",
            Self::VisitTooLong(_) => "visit-too-long",
            Self::NotHttp(_) => "not-http",
            Self::LongHeaders(_) => "long-headers",
            Self::LongBody(_) => "long-body",
            Self::Redirected { .. } => "redirected",
            Self::ServedWithoutToken(_) => "served-without-token",
            Self::Refused { .. } => "refused",
            Self::ContentType(_) => "content-type",
            Self::NotJson(_) => "not-json",
            Self::Malformed(_) => "malformed",
            Self::HalfEvent => "half-event",
            Self::NoAnswer => "no-answer",
            Self::ManyEvents(_) => "many-events",
            Self::Rpc(_) => "rpc-error",
            Self::Version(_) => "version",
            Self::Session(_) => "session",
            Self::EndlessList(_) => "endless-list",
        }
    }

    /// Whether the server said nothing at all: then nothing is known of it.
    pub const fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::NoConnection(_)
                | Self::NoHost
                | Self::Tls(_)
                | Self::TimedOut(_)
                | Self::BrokenOff(_)
        )
    }

    /// The status of a refusal.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What usually helps, as far as MCP and HTTP tell.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoConnection(_) => {
                "connection refused: check host and port, and that any port forward is running"
            }
            Self::NoHost => "check the spelling of the host, and the DNS of this machine",
            Self::Tls(_) => {
                "check that the port speaks TLS and that the certificate is for this host; --ca-file names the authority of a private one"
            }
            Self::TimedOut(_) => {
                "the server is busy, or a proxy in between delays the answer; --timeout waits longer"
            }
            Self::VisitTooLong(_) => "the server answers slowly, step after step",
            Self::NotHttp(_) => {
                "check that an HTTP server listens on the port, and whether it uses http or https"
            }
            Self::Redirected { elsewhere: true, .. } => {
                "a token is sent only to the given origin; if the new URL is correct, use that"
            }
            Self::Redirected { .. } => "give the URL that it redirects to",
            Self::ServedWithoutToken(_) => {
                "anyone who can reach this URL is served: make the server check tokens"
            }
            Self::Refused { status: 401, .. } => {
                "the server does not accept the token: check its issuer, audience and expiry"
            }
            Self::Refused { status: 403, .. } => {
                "the server accepts the token but grants its holder no access"
            }
            Self::Refused { status: 404 | 405, .. } => {
                "no MCP endpoint is at this path: check the path of the URL, usually /mcp"
            }
            Self::Refused { status: 406 | 415, .. } => {
                "the server does not speak streamable HTTP: it may be of 2024-11-05 (HTTP+SSE) or no MCP server"
            }
            Self::Refused { status: 429, .. } => "the server asks to slow down: try again later",
            Self::Refused { status: 500..=599, .. } => {
                "the server or its backend failed: see its log"
            }
            Self::ContentType(kind) if kind.contains("html") => {
                "a web page answered instead of the server: a login page, a load balancer error page, or a wrong path"
            }
            Self::ContentType(_) => "check the path of the URL",
            Self::Version(_) => "the server is newer or older than iamsure supports",
            _ => return None,
        })
    }
}

/// A text in at most a line.
pub(crate) fn in_a_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > LONGEST * 4 {
            break;
        }
    }
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_servers_are_cut_to_a_line() {
        assert_eq!(in_a_line(" a\n\tb  c\r\n"), "a b c");
        assert_eq!(in_a_line(&"é".repeat(400)), format!("{}…", "é".repeat(300)));
        assert_eq!(in_a_line(&"x ".repeat(100_000)).chars().count(), 301);
    }

    #[test]
    fn a_refusal_says_what_the_server_said() {
        let refusal = |sentence: &str, error| Trouble::Refused {
            status: 403,
            sentence: sentence.to_owned(),
            error,
            challenge: None,
        };
        assert_eq!(refusal("", None).to_string(), "403");
        assert_eq!(refusal("no", None).to_string(), "403: no");
        let error = RpcError { code: -1, message: "why".to_owned(), supported: Vec::new() };
        assert_eq!(refusal("{}", Some(error)).to_string(), "403: JSON-RPC error -1: why");
    }
}
