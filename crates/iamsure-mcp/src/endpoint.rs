//! The URL of an MCP server, and what belongs to its origin.

use std::net::IpAddr;

use ureq::http::Uri;

/// Where plain HTTP, which anybody on the way can read, is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// To this machine only.
    LoopbackOnly,
    /// Anywhere.
    Anywhere,
}

/// The URL of an MCP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    is_https: bool,
    /// In lower case; an IPv6 address has its brackets.
    host: String,
    port: u16,
    /// Path and query.
    target: String,
}

/// A URL that is not visited. Messages do not repeat the URL: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no URL.
    #[error(
        "not an MCP server URL; expected https://HOST/PATH, such as https://mcp.example.com/mcp"
    )]
    NotAUrl,
    /// It names who asks.
    #[error("it contains a user name or password: give the token by file or environment variable")]
    UserInfo,
    /// It would send the token in the open.
    #[error("it is plain HTTP to another machine: anyone on the network path could read the token")]
    PlainHttp,
}

impl Endpoint {
    /// Reads a URL of `http` or `https`.
    ///
    /// # Errors
    /// If it is none, or is plain HTTP where `plain` does not accept that.
    pub fn parse(text: &str, plain: PlainHttp) -> Result<Self, EndpointError> {
        let endpoint = Self::of_any_place(text)?;
        if !endpoint.is_https && plain == PlainHttp::LoopbackOnly && !endpoint.is_loopback() {
            return Err(EndpointError::PlainHttp);
        }
        Ok(endpoint)
    }

    /// Reads a URL that is compared and not visited.
    pub(crate) fn of_any_place(text: &str) -> Result<Self, EndpointError> {
        if text.contains('#') {
            return Err(EndpointError::NotAUrl);
        }
        let uri: Uri = text.parse().map_err(|_| EndpointError::NotAUrl)?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(EndpointError::NotAUrl),
        };
        let authority = uri.authority().ok_or(EndpointError::NotAUrl)?;
        if authority.as_str().contains('@') {
            return Err(EndpointError::UserInfo);
        }
        let host = authority.host().to_ascii_lowercase();
        // `http://host:/` and `http://host:port/` have no number where one is announced.
        let bare = authority.as_str().len() == authority.host().len();
        let port = match authority.port_u16() {
            Some(port) if port > 0 => port,
            None if bare => {
                if is_https {
                    443
                } else {
                    80
                }
            }
            _ => return Err(EndpointError::NotAUrl),
        };
        if host.is_empty() {
            return Err(EndpointError::NotAUrl);
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { is_https, host, port, target })
    }

    /// Scheme, host and port; the port only where it is not the usual one.
    pub fn origin(&self) -> String {
        let (scheme, usual) = if self.is_https { ("https", 443) } else { ("http", 80) };
        if self.port == usual {
            format!("{scheme}://{}", self.host)
        } else {
            format!("{scheme}://{}:{}", self.host, self.port)
        }
    }

    /// The whole URL.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.target)
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`. Other names are not looked up.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        address == "localhost"
            || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// The path and query.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// Whether a URL has this scheme, host and port.
    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        (self.is_https, &self.host, self.port) == (other.is_https, &other.host, other.port)
    }

    /// Where a redirect of `from`, a path of this origin, leads: the path and query, if it stays within the origin.
    pub(crate) fn redirected(&self, location: &str, from: &str) -> Option<String> {
        let absolute = if location.starts_with("//") {
            format!("{}:{location}", if self.is_https { "https" } else { "http" })
        } else if location.starts_with('/') {
            format!("{}{location}", self.origin())
        } else if location.contains("://") {
            location.to_owned()
        } else {
            let path = from.split('?').next().unwrap_or_default();
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{}{folder}/{location}", self.origin())
        };
        let there = Self::of_any_place(&absolute).ok()?;
        self.is_same_origin(&there).then_some(there.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::parse(text, PlainHttp::LoopbackOnly).unwrap()
    }

    #[test]
    fn a_url_is_taken_apart() {
        let url = endpoint("https://MCP.example.com/a/mcp?x=1");
        assert_eq!((url.origin().as_str(), url.path()), ("https://mcp.example.com", "/a/mcp"));
        assert_eq!(url.url(), "https://mcp.example.com/a/mcp?x=1");
        assert_eq!(endpoint("https://h:443").url(), "https://h/");
        assert_eq!(endpoint("http://[::1]:8080/mcp").origin(), "http://[::1]:8080");
        for text in [
            "mcp.example.com/mcp",
            "ftp://h/",
            "https://",
            "https://h/#f",
            "https://h:/",
            "https://h:99999/",
            "https://h:0/",
            "https://h /",
            "",
        ] {
            assert_eq!(
                Endpoint::parse(text, PlainHttp::Anywhere),
                Err(EndpointError::NotAUrl),
                "{text}"
            );
        }
        let secret = Endpoint::parse("https://u:p@h/", PlainHttp::Anywhere);
        assert_eq!(secret, Err(EndpointError::UserInfo));
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for text in
            ["http://localhost:8080/mcp", "http://127.0.0.1/", "http://127.9.9.9/", "http://[::1]/"]
        {
            assert!(endpoint(text).is_loopback(), "{text}");
        }
        for text in [
            "http://mcp.example.com/",
            "http://localhost.example.com/",
            "http://128.0.0.1/",
            "http://0.0.0.0/",
            "http://[::2]/",
        ] {
            assert_eq!(
                Endpoint::parse(text, PlainHttp::LoopbackOnly),
                Err(EndpointError::PlainHttp),
                "{text}"
            );
            assert!(Endpoint::parse(text, PlainHttp::Anywhere).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_redirect_is_followed_within_the_origin_only() {
        let url = endpoint("https://h/a/mcp");
        let to = |location: &str| url.redirected(location, "/a/mcp");
        assert_eq!(to("/b").as_deref(), Some("/b"));
        assert_eq!(to("b/").as_deref(), Some("/a/b/"));
        assert_eq!(to("https://H:443/c?d").as_deref(), Some("/c?d"));
        for location in [
            "//evil/b",
            "http://h/b",
            "https://h:8443/b",
            "https://h.evil/b",
            "https://u@h/b",
            "javascript://h/",
            "\\\\evil\\b://",
            "",
        ] {
            let found = to(location);
            assert!(found.is_none() || location.is_empty(), "{location} {found:?}");
        }
    }
}
