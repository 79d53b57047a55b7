//! The parts of a URL that manifests are checked for.

/// A URL, split; nothing is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Url<'a> {
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
        Some(Self { host, path })
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
}
