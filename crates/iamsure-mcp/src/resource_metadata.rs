//! The protected-resource metadata of a server (RFC 9728).

use serde_json::Value;

use crate::endpoint::Endpoint;

/// The path that RFC 9728 3.1 puts before the path of the resource.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The longest URL that is read, in bytes, and the longest list of them.
pub(crate) const LONGEST_URL: usize = 2_048;
const MOST_SERVERS: usize = 20;

/// What a server publishes of itself for those who want to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceMetadata {
    /// The path and query it was read from.
    pub target: String,
    /// The server, as tokens are asked for.
    pub resource: String,
    /// The issuers of its tokens.
    pub authorization_servers: Vec<String>,
}

impl ResourceMetadata {
    /// Reads a document; the error is what is wrong with it.
    pub(crate) fn read(target: &str, document: &Value) -> Result<Self, String> {
        let resource = document
            .get("resource")
            .and_then(Value::as_str)
            .ok_or("the document has no `resource`, which RFC 9728 requires")?;
        let servers = match document.get("authorization_servers") {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .ok_or("`authorization_servers` contains an entry that is not a URL")?,
            Some(_) => return Err("`authorization_servers` is not a list".to_owned()),
        };
        if servers.len() > MOST_SERVERS {
            return Err(format!("`authorization_servers` lists more than {MOST_SERVERS}"));
        }
        if resource.len() > LONGEST_URL || servers.iter().any(|url| url.len() > LONGEST_URL) {
            return Err(format!("a URL is longer than {LONGEST_URL} bytes"));
        }
        Ok(Self {
            target: target.to_owned(),
            resource: resource.to_owned(),
            authorization_servers: servers,
        })
    }

    /// Where the metadata of an endpoint may be, in the order in which clients look: what the challenge names, then the
    /// well-known place for its path, then that of its host. Always paths of the endpoint's own origin: where the challenge
    /// names another one, as behind a forwarded port, the same path is asked for here.
    pub(crate) fn places(endpoint: &Endpoint, named: Option<&str>) -> Vec<String> {
        let named = named
            .and_then(|named| Endpoint::of_any_place(named).ok())
            .map(|named| named.target().to_owned());
        let path = endpoint.path().trim_end_matches('/');
        let mut places: Vec<String> = named.into_iter().collect();
        for place in [format!("{WELL_KNOWN}{path}"), WELL_KNOWN.to_owned()] {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::endpoint::PlainHttp;

    #[test]
    fn a_document_names_its_resource() {
        let document =
            json!({ "resource": "https://h/mcp", "authorization_servers": ["https://i"], "x": 1 });
        let metadata = ResourceMetadata::read("/w", &document).unwrap();
        assert_eq!(metadata.resource, "https://h/mcp");
        assert_eq!(metadata.authorization_servers, ["https://i"]);
        for broken in [
            json!({}),
            json!([]),
            json!({ "resource": 1 }),
            json!({ "resource": "r", "authorization_servers": "i" }),
            json!({ "resource": "r", "authorization_servers": [1] }),
        ] {
            assert!(ResourceMetadata::read("/w", &broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn it_is_looked_for_within_the_origin() {
        let endpoint =
            Endpoint::parse("http://localhost:8080/mcp", PlainHttp::LoopbackOnly).unwrap();
        let elsewhere = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
        assert_eq!(
            ResourceMetadata::places(&endpoint, Some(elsewhere)),
            ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"]
        );
        assert_eq!(ResourceMetadata::places(&endpoint, Some("/meta")).len(), 2);
        assert_eq!(ResourceMetadata::places(&endpoint, Some("https://h/meta"))[0], "/meta");
    }
}
