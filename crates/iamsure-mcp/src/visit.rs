//! A visit without a token, and one with it.

use std::fmt;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, parse_pem};

use crate::challenge::Challenge;
use crate::dialogue::Dialogue;
use crate::endpoint::Endpoint;
use crate::http::Http;
use crate::limits::Limits;
use crate::resource_metadata::ResourceMetadata;
use crate::step::{Note, Server, Step};
use crate::token::Token;
use crate::trouble::Trouble;

/// A client of one MCP server.
#[derive(Clone, Debug)]
pub struct Client {
    /// The server.
    pub endpoint: Endpoint,
    /// The bounds of each visit.
    pub limits: Limits,
    /// The authorities whose certificates are trusted; without them, those that browsers trust (Mozilla's list).
    pub roots: Option<TrustedRoots>,
}

/// Authorities whose certificates are trusted.
#[derive(Clone)]
pub struct TrustedRoots(pub(crate) Arc<Vec<Certificate<'static>>>);

/// A text that holds no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")]
pub struct TrustedRootsError;

impl TrustedRoots {
    /// Reads certificates in PEM form.
    ///
    /// # Errors
    /// If there is none.
    pub fn from_pem(text: &[u8]) -> Result<Self, TrustedRootsError> {
        let certificates: Vec<_> = parse_pem(text)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            Err(TrustedRootsError)
        } else {
            Ok(Self(Arc::new(certificates)))
        }
    }
}

impl fmt::Debug for TrustedRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedRoots({})", self.0.len())
    }
}

/// A visit without a token.
#[derive(Clone, Debug)]
pub struct Turned {
    /// What was asked, in order.
    pub steps: Vec<Step>,
    /// Whether the server refused with 401, as it must.
    pub away: bool,
    /// How to be let in, as the refusal says.
    pub challenge: Option<Challenge>,
    /// What the server publishes of itself.
    pub metadata: Option<ResourceMetadata>,
}

/// A visit with a token.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// What was asked, in order.
    pub steps: Vec<Step>,
    /// The server, if the visit came so far.
    pub server: Option<Server>,
    /// The names of its tools, if it listed them all.
    pub tools: Option<Vec<String>>,
}

impl Client {
    /// Asks without a token, which must be refused, and for the metadata that tell how to get one.
    ///
    /// `token` is not sent. It is what the visit that follows shows; should the server know it, it is taken out of what the
    /// server says.
    pub fn without_token(&self, token: Option<&Token>) -> Turned {
        let mut dialogue = self.dialogue(token, false);
        let served = dialogue.open();
        dialogue.close();
        let (mut away, mut challenge) = (false, None);
        match served {
            Ok(_) => {
                // The step that let in is the one that fails.
                let let_in =
                    |note: &Note| matches!(note, Note::Discovered(_) | Note::Initialized { .. });
                for step in &mut dialogue.steps {
                    if step.result.as_ref().is_ok_and(let_in) {
                        let status = step.came.as_ref().map_or(200, |came| came.status);
                        step.result = Err(Trouble::ServedWithoutToken(status));
                    }
                }
            }
            Err(Trouble::Refused { status: 401, challenge: found, .. }) => {
                away = true;
                challenge = found.map(|found| *found);
                if let Some(step) = dialogue.steps.last_mut() {
                    step.result = Ok(Note::Refused);
                }
            }
            Err(_) => {}
        }
        let named = challenge.as_ref().and_then(|found| found.resource_metadata.as_deref());
        let metadata = if away { dialogue.metadata(named) } else { None };
        Turned { steps: dialogue.steps, away, challenge, metadata }
    }

    /// Asks with a token for the list of tools.
    pub fn with_token(&self, token: &Token) -> Admitted {
        let mut dialogue = self.dialogue(Some(token), true);
        let server = dialogue.open().ok();
        let tools = server.as_ref().and_then(|_| dialogue.tools().ok());
        dialogue.close();
        Admitted { steps: dialogue.steps, server, tools }
    }

    fn dialogue(&self, token: Option<&Token>, with_token: bool) -> Dialogue {
        let http =
            Http::new(self.endpoint.clone(), self.limits, self.roots.as_ref(), token.cloned());
        Dialogue::new(http, with_token)
    }
}
