//! HTTP to one origin, within limits.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::HeaderMap;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::endpoint::Endpoint;
use crate::limits::Limits;
use crate::step::Came;
use crate::token::Token;
use crate::trouble::{Trouble, in_a_line};
use crate::visit::TrustedRoots;

/// The media types of answers.
pub(crate) const JSON: &str = "application/json";
pub(crate) const EVENTS: &str = "text/event-stream";

/// A client of one origin.
#[derive(Debug)]
pub(crate) struct Http {
    agent: Agent,
    endpoint: Endpoint,
    limits: Limits,
    /// When the visit ends, whatever happens.
    deadline: Instant,
    /// Shown where it is asked for, and taken out of whatever comes back.
    token: Option<Token>,
}

/// A request to the origin.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'static str,
    pub(crate) target: &'a str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
    pub(crate) with_token: bool,
}

/// An answer whose body is not read yet.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) came: Came,
    headers: HeaderMap,
    body: Body,
}

impl Http {
    pub(crate) fn new(
        endpoint: Endpoint,
        limits: Limits,
        roots: Option<&TrustedRoots>,
        token: Option<Token>,
    ) -> Self {
        let roots = match roots {
            Some(TrustedRoots(roots)) => RootCerts::Specific(Arc::clone(roots)),
            None => RootCerts::WebPki,
        };
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            // Not through what the environment names: a token goes to one place.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(limits.header_bytes)
            .max_idle_connections(1)
            .user_agent(concat!("iamsure/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.new_agent(),
            endpoint,
            limits,
            deadline: Instant::now() + limits.visit,
            token,
        }
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The text without the token.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.token.as_ref().map_or_else(|| text.to_owned(), |token| token.redact(text))
    }

    /// Takes the token out of a JSON value.
    pub(crate) fn redact_json(&self, value: &mut serde_json::Value) {
        if let Some(token) = &self.token {
            token.redact_json(value);
        }
    }

    /// Asks, and follows redirects within the origin that keep the method.
    pub(crate) fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Trouble> {
        let until = self.deadline.min(Instant::now() + self.limits.request);
        let mut target = ask.target.to_owned();
        let mut redirects = 0;
        loop {
            let answer = self.ask_once(ask, &target, until)?;
            let status = answer.came.status;
            let Some(location) =
                answer.header("location").filter(|_| (300..400).contains(&status) && status != 304)
            else {
                return Ok(answer);
            };
            let there = self.endpoint.redirected(location, &target);
            let keeps_method = ask.method == "GET" || matches!(status, 307 | 308);
            match there {
                Some(there) if keeps_method && redirects < self.limits.redirects => {
                    redirects += 1;
                    target = there;
                }
                there => {
                    return Err(Trouble::Redirected {
                        status,
                        location: in_a_line(&self.redact(location)),
                        elsewhere: there.is_none(),
                    });
                }
            }
        }
    }

    fn ask_once(&self, ask: &Ask<'_>, target: &str, until: Instant) -> Result<Answer, Trouble> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Trouble::VisitTooLong(self.limits.visit));
        }
        let url = format!("{}{target}", self.endpoint.origin());
        let mut request = ureq::http::Request::builder().method(ask.method).uri(url);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let (true, Some(token)) = (ask.with_token, &self.token) {
            request = request.header("authorization", token.authorization());
        }
        // What a server chose of these (a session) was looked at before; nothing of the request is in the message.
        let unsendable = |_| Trouble::NotHttp("the request cannot be written".to_owned());
        let result = if let Some(body) = &ask.body {
            let request = request.body(body.as_str()).map_err(unsendable)?;
            let request = self.agent.configure_request(request).timeout_global(Some(left));
            self.agent.run(request.build())
        } else {
            let request = request.body(()).map_err(unsendable)?;
            let request = self.agent.configure_request(request).timeout_global(Some(left));
            self.agent.run(request.build())
        };
        let (head, body) = result.map_err(|error| self.trouble(error))?.into_parts();
        let media_type = head
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(|value| in_a_line(&self.redact(value)).to_ascii_lowercase())
            .unwrap_or_default();
        let came = Came { status: head.status.as_u16(), media_type };
        Ok(Answer { came, headers: head.headers, body })
    }

    /// Reads a body piece by piece, until `take` has enough, the body ends (`true`), or a limit is met.
    pub(crate) fn read(
        &self,
        answer: Answer,
        limit: usize,
        mut take: impl FnMut(&[u8]) -> Result<bool, Trouble>,
    ) -> Result<bool, Trouble> {
        let mut reader = answer.body.into_reader();
        let mut piece = vec![0; 16 * 1024];
        let mut taken = 0;
        loop {
            let count = match reader.read(&mut piece) {
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.trouble(ureq::Error::from(error))),
            };
            if count == 0 {
                return Ok(true);
            }
            taken += count;
            if taken > limit {
                return Err(Trouble::LongBody(limit));
            }
            if take(piece.get(..count).unwrap_or_default())? {
                return Ok(false);
            }
        }
    }

    /// Reads a whole body.
    pub(crate) fn read_all(&self, answer: Answer, limit: usize) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        self.read(answer, limit, |piece| {
            body.extend_from_slice(piece);
            Ok(false)
        })?;
        Ok(body)
    }

    fn trouble(&self, error: ureq::Error) -> Trouble {
        use std::io::ErrorKind;
        let text = |error: &dyn std::fmt::Display| in_a_line(&self.redact(&error.to_string()));
        match error {
            ureq::Error::Timeout(_) => {
                Trouble::TimedOut(self.limits.request.min(self.limits.visit))
            }
            ureq::Error::HostNotFound => Trouble::NoHost,
            ureq::Error::LargeResponseHeader(..) => Trouble::LongHeaders(self.limits.header_bytes),
            ureq::Error::Tls(error) => Trouble::Tls(text(&error)),
            ureq::Error::Pem(error) => Trouble::Tls(text(&error)),
            ureq::Error::Rustls(error) => Trouble::Tls(text(&error)),
            ureq::Error::Protocol(error) => Trouble::NotHttp(text(&error)),
            ureq::Error::Http(error) => Trouble::NotHttp(text(&error)),
            ureq::Error::ConnectionFailed => Trouble::NoConnection("it failed".to_owned()),
            ureq::Error::Io(error) => match error.kind() {
                ErrorKind::TimedOut => {
                    Trouble::TimedOut(self.limits.request.min(self.limits.visit))
                }
                ErrorKind::ConnectionRefused
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
                | ErrorKind::AddrNotAvailable => Trouble::NoConnection(text(&error.kind())),
                // rustls reports a certificate that it does not trust so.
                ErrorKind::InvalidData => Trouble::Tls(text(&error)),
                kind => Trouble::BrokenOff(text(&kind)),
            },
            error => Trouble::NotHttp(text(&error)),
        }
    }
}

impl Answer {
    /// A header of visible characters; the first, if there are several.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every header of this name.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }
}

/// How long a closure took, with what it made.
pub(crate) fn timed<T>(make: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let made = make();
    (made, begin.elapsed())
}
