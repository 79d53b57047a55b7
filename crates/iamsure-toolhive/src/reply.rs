//! What the refusals of ToolHive and of AWS behind it mean, by their sentences.
//!
//! ToolHive: `pkg/auth/awssts/middleware.go` (2026-08). AWS: IAM User Guide, "Troubleshoot access denied error messages";
//! signature errors of `SigV4`.

/// What to do about a refusal with this sentence; `None` for one that neither is known to send.
pub fn advice(sentence: &str) -> Option<&'static str> {
    const SENTENCES: [(&str, &str); 13] = [
        (
            "failed to determine iam role",
            "no mapping matches the token, and there is no fallback role: --claims shows each mapping",
        ),
        (
            "aws credential exchange failed",
            "STS refuses AssumeRoleWithWebIdentity for the role: its trust policy asks for another issuer, audience or subject, or the identity provider is not registered; --claims with --trust decides it here, and ToolHive's debug log has the reason",
        ),
        (
            "invalid session name",
            "the session name claim has characters that STS does not accept (auth0|…, system:serviceaccount:…): choose another one with sessionNameClaim",
        ),
        (
            "missing session name claim",
            "the token lacks the claim that names the session, or it is not a string: choose another one with sessionNameClaim",
        ),
        ("request signing failed", "ToolHive could not sign for AWS: its log has the reason"),
        (
            "authentication required",
            "the proxy did not accept the token: check its issuer, its audience and its expiry against the MCPOIDCConfig and `audience`",
        ),
        (
            "bearer token required",
            "the header Authorization did not reach the proxy: check what is in front of it",
        ),
        (
            "signature we calculated does not match",
            "AWS rejects the signature: ToolHive before 2026-04-09 signed X-Forwarded-* headers that a gateway then changes (toolhive #4670)",
        ),
        (
            "credential should be scoped to",
            "AWS rejects the signature: `region` and `service` of the MCPExternalAuthConfig are not those of the endpoint",
        ),
        (
            "security token included in the request is",
            "AWS rejects the session: its role was deleted, or the proxy's clock is wrong",
        ),
        (
            "is not authorized to perform",
            "IAM denies it: the sentence names the action and the kind of policy; --claims with --identity decides the session here",
        ),
        (
            "not authorized to perform sts:assumerolewithwebidentity",
            "the trust policy of the role denies the exchange: --claims with --trust decides it here",
        ),
        (
            "bad gateway",
            "the proxy cannot reach its remote server: check remoteUrl, and that the cluster can connect to it",
        ),
    ];
    let sentence = sentence.to_lowercase();
    let mut found: Vec<_> = SENTENCES.iter().filter(|(says, _)| sentence.contains(says)).collect();
    // The sentence that says the most.
    found.sort_by_key(|(says, _)| says.len());
    found.last().map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_sentence_counts() {
        assert_eq!(advice("teapot"), None);
        let exchange = "User: x is not authorized to perform sts:AssumeRoleWithWebIdentity";
        assert!(advice(exchange).unwrap().contains("trust policy"));
        let denied = "User: x is not authorized to perform: s3:GetObject";
        assert!(advice(denied).unwrap().starts_with("IAM denies"));
        assert!(advice("Failed to determine IAM role\n").unwrap().contains("no mapping"));
    }
}
