//! Whether a running proxy lets in whom mappings and trust policy let in.

use super::check::Check;
use super::exchange::Trust;
use super::road::TokenRoad;

/// What a proxy did with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// It listed its tools.
    LetIn,
    /// It refused, with this status.
    Refused(u16),
    /// It did neither: what came was no answer.
    Unclear,
}

/// What manifests and policies say of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offline {
    LetsIn,
    Refuses(u16),
    NotDecided,
}

/// Holds the one against the other.
pub fn agreement(token: &TokenRoad, live: Live) -> Check {
    const CODE: &str = "agreement";
    const HELP: &str = "the proxy runs different manifests or policies, or the claims are not the token's; claims files do not cover signature and expiry";
    match (offline(token), live) {
        (_, Live::Unclear) => {
            Check::aside(CODE, "not compared: the proxy's response to the token is not known")
        }
        (Offline::NotDecided, Live::LetIn) => Check::aside(
            CODE,
            "the proxy accepts the token; what the manifests and policies imply is undecided (see the trust decision)",
        ),
        (Offline::NotDecided, Live::Refused(status)) => Check::aside(
            CODE,
            format!(
                "the proxy refuses the token ({status}); what the manifests and policies imply is undecided (see the trust decision)"
            ),
        ),
        (Offline::LetsIn, Live::LetIn) => {
            Check::yes(CODE, "the mappings and trust policy accept the token, and so does the proxy")
        }
        (Offline::Refuses(status), Live::Refused(found)) if status == found => Check::yes(
            CODE,
            format!("the manifests and policies refuse the token ({status}), and so does the proxy"),
        ),
        (Offline::Refuses(status), Live::Refused(found)) => Check::no(
            CODE,
            format!(
                "the manifests and policies refuse the token with {status}, but the proxy with {found}"
            ),
        )
        .help(HELP),
        (Offline::LetsIn, Live::Refused(found)) => Check::no(
            CODE,
            format!(
                "the mappings and trust policy accept the token, but the proxy refuses it ({found})"
            ),
        )
        .help(HELP),
        (Offline::Refuses(status), Live::LetIn) => Check::no(
            CODE,
            format!("the manifests and policies refuse the token ({status}), but the proxy accepts it"),
        )
        .help(HELP),
    }
}

fn offline(token: &TokenRoad) -> Offline {
    if let Some(refusal) = &token.refusal {
        return Offline::Refuses(refusal.status);
    }
    // ToolHive answers 401 where STS refuses (`AWS credential exchange failed`).
    match &token.exchange {
        None => Offline::NotDecided,
        Some(Err(_)) => Offline::Refuses(401),
        Some(Ok(started)) => match started.trust.as_ref().and_then(Trust::succeeds) {
            Some(true) => Offline::LetsIn,
            Some(false) => Offline::Refuses(401),
            None => Offline::NotDecided,
        },
    }
}
