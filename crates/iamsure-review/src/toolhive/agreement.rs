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
    const HELP: &str = "the proxy runs other manifests or policies than these, or the claims are not those of the token; signature and expiry are in no claims file";
    match (offline(token), live) {
        (_, Live::Unclear) => {
            Check::aside(CODE, "not compared: what the proxy does with the token is not known")
        }
        (Offline::NotDecided, Live::LetIn) => Check::aside(
            CODE,
            "the proxy lets the token in; what manifests and policies say is not decided (see the trust decision)",
        ),
        (Offline::NotDecided, Live::Refused(status)) => Check::aside(
            CODE,
            format!(
                "the proxy refuses the token ({status}); what manifests and policies say is not decided (see the trust decision)"
            ),
        ),
        (Offline::LetsIn, Live::LetIn) => {
            Check::yes(CODE, "mappings and trust policy let the token in, and so does the proxy")
        }
        (Offline::Refuses(status), Live::Refused(found)) if status == found => Check::yes(
            CODE,
            format!("manifests and policies refuse the token ({status}), and so does the proxy"),
        ),
        (Offline::Refuses(status), Live::Refused(found)) => Check::no(
            CODE,
            format!(
                "manifests and policies refuse the token with {status}, and the proxy with {found}"
            ),
        )
        .help(HELP),
        (Offline::LetsIn, Live::Refused(found)) => Check::no(
            CODE,
            format!(
                "mappings and trust policy let the token in, and the proxy refuses it ({found})"
            ),
        )
        .help(HELP),
        (Offline::Refuses(status), Live::LetIn) => Check::no(
            CODE,
            format!("manifests and policies refuse the token ({status}), and the proxy lets it in"),
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
