//! What ToolHive asks of a token beside the role: issuer and audience before, the name of the
//! session after.
//!
//! Signature and expiry are not looked at: claims in a file have neither.

use super::claims::Claims;
use super::manifest::Door;
use super::selection::{Choice, Selection};

/// Why a request goes no further than the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status that the client gets.
    pub status: u16,
    /// What is wrong, in words.
    pub reason: String,
}

/// The first reason for which ToolHive refuses a token, if there is one.
pub fn refusal(door: &Door<'_>, claims: &Claims, selection: &Selection) -> Option<Refusal> {
    let unauthorized = |reason| Some(Refusal { status: 401, reason });
    if let Some(issuer) = door.issuer {
        let found = claims.text("iss").unwrap_or_default();
        if found.trim() != issuer.trim() {
            return unauthorized(format!(
                "the token is {}, but the proxy accepts tokens from `{issuer}`",
                said("of the issuer", found)
            ));
        }
    }
    if let Some(audience) = door.audience {
        let found = claims.texts("aud");
        if !found.contains(&audience) {
            return unauthorized(format!(
                "the token is {}, but the proxy accepts tokens for `{audience}`",
                said("for the audience", &found.join("`, `"))
            ));
        }
    }
    if selection.choice == Choice::Nothing {
        let reason =
            "no mapping matches and there is no fallback role: Failed to determine IAM role";
        return Some(Refusal { status: 403, reason: reason.to_owned() });
    }
    let claim = &door.config.session_name_claim;
    match (claims.text(claim), claims.kind_of(claim)) {
        (Some(""), _) | (None, None) => unauthorized(format!(
            "the token has no `{claim}` claim for the session name: Missing session name claim"
        )),
        (None, Some(kind)) => unauthorized(format!(
            "the claim `{claim}` for the session name is {kind}: Missing session name claim"
        )),
        (Some(name), _) => is_session_name(name).err().and_then(|why| {
            unauthorized(format!(
                "the claim `{claim}` is `{name}`, but a session name {why}: Invalid session name"
            ))
        }),
    }
}

fn said(what: &str, value: &str) -> String {
    if value.is_empty() { format!("{what} not given") } else { format!("{what} `{value}`") }
}

/// Whether STS takes a text as the name of a session: 2 to 64 letters, digits and `_+=,.@-`.
///
/// AWS page: STS API Reference, `AssumeRoleWithWebIdentity`, `RoleSessionName`.
///
/// # Errors
/// What such a name has, in words that follow "the name of a session".
pub(crate) fn is_session_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if !(2..=64).contains(&length) {
        return Err(format!("must have 2 to 64 characters, not {length}"));
    }
    match name.chars().find(|c| !(c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c))) {
        Some(stray) => Err(format!("cannot contain `{stray}`, only letters, digits and _+=,.@-")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_with_bars_and_colons_name_no_session() {
        assert_eq!(is_session_name("alice@example.com"), Ok(()));
        for name in ["auth0|123", "system:serviceaccount:a:b", "a", &"a".repeat(65)] {
            assert!(is_session_name(name).is_err(), "{name}");
        }
    }
}
