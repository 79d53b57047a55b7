//! The parts of a URL that manifests are checked for.

/// A URL, split; nothing is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Url<'a> {
    /// `http` or `https`.
    pub(super) scheme: &'a str,
    /// Host and port.
    pub(super) host: &'a str,
    /// From the first slash after the host; empty if there is none.
    pub(super) path: &'a str,
}

impl<'a> Url<'a> {
    /// An `http` or `https` URL.
    pub(super) fn split(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !["http", "https"].contains(&scheme) {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        Some(Self { scheme, host, path })
    }

    /// Host and port as they are compared: in lower case, without the port that the scheme has anyway.
    pub(super) fn authority(&self) -> String {
        let usual = if self.scheme == "https" { ":443" } else { ":80" };
        let host = self.host.to_ascii_lowercase();
        host.strip_suffix(usual).unwrap_or(&host).to_owned()
    }

    /// The path as it is compared: without a slash at its end.
    pub(super) fn resource_path(&self) -> &'a str {
        self.path.trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_scheme_and_may_lack_the_rest() {
        let url = Url::split("https://mcp.example.com:8443/mcp").unwrap();
        assert_eq!((url.host, url.path), ("mcp.example.com:8443", "/mcp"));
        assert_eq!(Url::split("https://mcp.example.com").unwrap().path, "");
        assert_eq!(Url::split("http:///x").unwrap().host, "");
        assert_eq!(Url::split("mcp.example.com/mcp"), None);
        assert_eq!(Url::split("ftp://x"), None);
    }

    #[test]
    fn usual_ports_and_last_slashes_do_not_count() {
        let url = Url::split("https://MCP.example.com:443/mcp/").unwrap();
        assert_eq!((url.authority().as_str(), url.resource_path()), ("mcp.example.com", "/mcp"));
        assert_eq!(Url::split("http://h:443/").unwrap().authority(), "h:443");
    }
}
