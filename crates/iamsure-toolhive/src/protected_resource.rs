//! What a running proxy publishes of itself (RFC 9728), held against the manifests and the URL that was called.

use super::check::Check;
use super::manifest::Door;
use super::url::Url;

/// What a proxy publishes to those who show no token.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// The URL that was called.
    pub called: &'a str,
    /// Whether that is this machine, as with a forwarded port.
    pub called_here: bool,
    /// Whether the refusal had a challenge of the scheme `Bearer`.
    pub challenge: bool,
    /// Where the challenge says that the metadata are.
    pub metadata_url: Option<&'a str>,
    /// The resource and the authorization servers of the metadata, if they could be read.
    pub metadata: Option<(&'a str, &'a [String])>,
}

/// Every check. Without a door only what the proxy says is held against itself.
pub fn checks(published: &Published<'_>, door: Option<&Door<'_>>) -> Vec<Check> {
    let mut checks = vec![challenge(published, door)];
    if let Some((resource, servers)) = published.metadata {
        if let Some(door) = door {
            checks.push(resource_url(resource, door));
        }
        checks.push(called(resource, published));
        checks.push(issuer(servers, door));
    }
    checks
}

/// The public URL that the manifests give the proxy, with its place.
fn public_url<'a>(door: &Door<'a>) -> Option<(&'a str, String)> {
    let proxy = door.proxy?;
    let text = proxy.resource_url.as_ref()?;
    let place = proxy.source.place(text.span.start);
    Some((&text.value, format!("{}:{place}", proxy.source.name())))
}

fn challenge(published: &Published<'_>, door: Option<&Door<'_>>) -> Check {
    const CODE: &str = "challenge";
    if !published.challenge {
        return Check::no(CODE, "the 401 response has no `WWW-Authenticate: Bearer` header (RFC 6750)")
            .help("clients then do not know that a token is required: check what answers instead of the proxy");
    }
    let Some(named) = published.metadata_url else {
        return Check::aside(
            CODE,
            "the 401 response has no `resource_metadata`: clients try the well-known locations",
        );
    };
    let resource = door
        .and_then(public_url)
        .map(|(url, place)| (url, format!("the manifests' resourceUrl ({place})")))
        .or_else(|| Some((published.metadata?.0, "the resource that they describe".to_owned())));
    let Some((resource, what)) = resource else {
        return Check::yes(CODE, format!("the 401 response points to the metadata: {named}"));
    };
    let origin = |url: &str| Url::split(url).map(|url| (url.scheme.to_owned(), url.authority()));
    if origin(named).is_some() && origin(named) == origin(resource) {
        Check::yes(CODE, format!("the 401 response points to the metadata, at the host of {what}"))
    } else {
        Check::no(
            CODE,
            format!("the 401 response points to metadata at {named}, which is not the scheme and host of {what}"),
        )
        .help("clients request tokens based on it: check resourceUrl, and which proxy answers")
    }
}

fn resource_url(resource: &str, door: &Door<'_>) -> Check {
    const CODE: &str = "resource-url";
    let Some((url, place)) = public_url(door) else {
        return Check::aside(
            CODE,
            "the manifests give no resourceUrl: ToolHive publishes the URL of the service within the cluster",
        );
    };
    let (Some(expected), Some(found)) = (Url::split(url), Url::split(resource)) else {
        return Check::no(CODE, format!("the published resource {resource} is not a URL"));
    };
    let mut differ = Vec::new();
    if expected.scheme != found.scheme {
        differ.push(format!("the scheme is {}, not {}", found.scheme, expected.scheme));
    }
    if expected.authority() != found.authority() {
        differ.push(format!("the host is {}, not {}", found.authority(), expected.authority()));
    }
    if expected.resource_path() != found.resource_path() {
        let shown = |path: &str| if path.is_empty() { "empty".to_owned() } else { path.to_owned() };
        differ.push(format!(
            "the path is {}, not {}",
            shown(found.resource_path()),
            shown(expected.resource_path())
        ));
    }
    if differ.is_empty() {
        return Check::yes(
            CODE,
            format!("the published resource is the manifests' resourceUrl ({place})"),
        );
    }
    Check::no(
        CODE,
        format!("the published resource {resource} is not the manifests' resourceUrl {url} ({place}): {}", differ.join(", ")),
    )
    .help("apply the manifests, or correct resourceUrl: clients request tokens for the published one")
}

/// RFC 9728 3.3: whoever reads metadata must find the URL there that it called.
fn called(resource: &str, published: &Published<'_>) -> Check {
    const CODE: &str = "called-url";
    let url = published.called;
    let same = |one: &Url<'_>, other: &Url<'_>| {
        (one.scheme, one.authority()) == (other.scheme, other.authority())
    };
    match (Url::split(url), Url::split(resource)) {
        (Some(called), Some(found)) if same(&called, &found) => {
            let path = called.path.split(['?', '#']).next().unwrap_or_default();
            let (path, parent) = (path.trim_end_matches('/'), found.resource_path());
            if path == parent {
                Check::yes(CODE, "the published resource is the URL that was called")
            } else if path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/')) {
                Check::aside(
                    CODE,
                    format!(
                        "the published resource {resource} is the URL that was called without the end of its path: some clients refuse that (RFC 9728 3.3)"
                    ),
                )
            } else {
                other_url(resource, url)
            }
        }
        _ if published.called_here => {
            Check::aside(CODE, format!("called through this machine, and clients call {resource}"))
        }
        _ => other_url(resource, url),
    }
}

fn other_url(resource: &str, called: &str) -> Check {
    Check::no("called-url", format!("the published resource is {resource}, but the URL that was called is {called}"))
        .help("clients reject metadata for a URL other than the one they call (RFC 9728 3.3): correct resourceUrl, or call the published URL")
}

fn issuer(servers: &[String], door: Option<&Door<'_>>) -> Check {
    const CODE: &str = "issuer";
    if servers.is_empty() {
        return Check::no(CODE, "the metadata lists no authorization server").help(
            "clients cannot tell where to get a token: the proxy needs an issuer (MCPOIDCConfig)",
        );
    }
    let listed = servers.join(", ");
    let Some(issuer) = door.and_then(|door| door.issuer) else {
        let why =
            if door.is_some() { ": the manifests name no issuer to compare with" } else { "" };
        return Check::aside(CODE, format!("tokens come from {listed}{why}"));
    };
    if servers.iter().any(|server| server == issuer) {
        return Check::yes(CODE, format!("tokens come from {issuer}, as in the manifests"));
    }
    let bare = |text: &str| text.trim_end_matches('/').to_owned();
    if servers.iter().any(|server| bare(server) == bare(issuer)) {
        return Check::aside(
            CODE,
            format!(
                "tokens come from {listed}, but the manifests have {issuer}: clients that compare issuers exactly (RFC 9207) reject one of them"
            ),
        );
    }
    Check::no(CODE, format!("tokens come from {listed}, but the manifests have {issuer}")).help(
        "apply the manifests, or correct the issuer: the proxy rejects tokens from another one",
    )
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::Source;

    use super::*;
    use crate::check::Holds;
    use crate::manifest::Manifests;

    const MANIFESTS: &str = "
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPOIDCConfig
metadata: { name: idp }
spec: { type: inline, inline: { issuer: 'https://idp.example.com' } }
---
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPExternalAuthConfig
metadata: { name: roles }
spec: { type: awsSts, awsSts: { region: us-east-1, fallbackRoleArn: 'arn:aws:iam::111122223333:role/R' } }
---
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPRemoteProxy
metadata: { name: proxy }
spec:
  remoteUrl: https://aws-mcp.us-east-1.api.aws/mcp
  oidcConfigRef: { name: idp, audience: a, resourceUrl: 'https://mcp.example.com/mcp' }
  externalAuthConfigRef: { name: roles }
";

    const URL: &str = "https://mcp.example.com/mcp";
    const WELL_KNOWN: &str = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

    /// What holds of each check, by its code.
    fn held(published: &Published<'_>, with_manifests: bool) -> Vec<(&'static str, Holds)> {
        let manifests = Manifests::read(&[Source::new("m.yaml", MANIFESTS)]);
        assert!(!manifests.has_errors(), "{:?}", manifests.findings);
        let doors = manifests.doors();
        let door = doors.first().filter(|_| with_manifests);
        checks(published, door).into_iter().map(|check| (check.code, check.holds)).collect()
    }

    fn of_resource(resource: &str, issuer: &str) -> [Holds; 4] {
        let servers = [issuer.to_owned()];
        let published = Published {
            called: URL,
            called_here: false,
            challenge: true,
            metadata_url: Some(WELL_KNOWN),
            metadata: Some((resource, &servers)),
        };
        let held = held(&published, true);
        let codes: Vec<_> = held.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["challenge", "resource-url", "called-url", "issuer"]);
        [0, 1, 2, 3].map(|index| held[index].1)
    }

    #[test]
    fn scheme_host_path_and_issuer_are_those_of_the_manifests() {
        use Holds::{Aside, No, Yes};
        const ISSUER: &str = "https://idp.example.com";
        for (resource, expected) in [
            (URL, [Yes, Yes, Yes, Yes]),
            ("https://MCP.example.com:443/mcp/", [Yes, Yes, Yes, Yes]),
            ("http://mcp.example.com/mcp", [Yes, No, No, Yes]),
            ("https://mcp.example.org/mcp", [Yes, No, No, Yes]),
            ("https://mcp.example.com:8443/mcp", [Yes, No, No, Yes]),
            ("https://mcp.example.com/mcp2", [Yes, No, No, Yes]),
            ("https://mcp.example.com/", [Yes, No, Aside, Yes]),
            ("mcp.example.com/mcp", [Yes, No, No, Yes]),
        ] {
            assert_eq!(of_resource(resource, ISSUER), expected, "{resource}");
        }
        // Letter by letter, but for a slash at the end, which is said.
        assert_eq!(of_resource(URL, "https://idp.example.com/")[3], Aside);
        assert_eq!(of_resource(URL, "https://idp.example.com/realms/x")[3], No);
        assert_eq!(of_resource(URL, "https://IDP.example.com")[3], No);
    }

    #[test]
    fn a_refusal_without_a_challenge_or_with_a_strange_one_is_not_as_it_should_be() {
        let published = Published {
            called: "http://localhost:8080/mcp",
            called_here: true,
            challenge: false,
            metadata_url: None,
            metadata: None,
        };
        assert_eq!(held(&published, true), [("challenge", Holds::No)]);
        let silent = Published { challenge: true, ..published };
        assert_eq!(held(&silent, true), [("challenge", Holds::Aside)]);
        let strange = Published { metadata_url: Some("https://evil.example/x"), ..silent };
        assert_eq!(held(&strange, true), [("challenge", Holds::No)]);
        // Nothing to compare with.
        assert_eq!(held(&strange, false), [("challenge", Holds::Yes)]);
        let servers = ["https://idp.example.com".to_owned()];
        let forwarded = Published { metadata: Some((URL, &servers)), ..silent };
        let held = held(&forwarded, true);
        assert_eq!(held[2], ("called-url", Holds::Aside), "a forwarded port is not the public URL");
    }
}
