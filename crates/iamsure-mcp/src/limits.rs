//! How much of an answer is read, and how long it may take.

use std::time::Duration;

/// The bounds of one visit. Whatever a server does, the visit ends within them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The status line and headers of one answer, in bytes.
    pub header_bytes: usize,
    /// The body of one answer, in bytes, all events of a stream together.
    pub body_bytes: usize,
    /// One request, from the look-up of the host to the last byte that is read.
    pub request: Duration,
    /// All requests together.
    pub visit: Duration,
    /// The events of one stream before the one that answers.
    pub events: usize,
    /// The pages of the list of tools.
    pub pages: usize,
    /// The tools on all pages.
    pub tools: usize,
    /// The redirects of one request, all within the origin.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 64 * 1024,
            body_bytes: 4 * 1024 * 1024,
            request: Duration::from_secs(10),
            visit: Duration::from_secs(60),
            events: 1_000,
            pages: 100,
            tools: 10_000,
            redirects: 3,
        }
    }
}
