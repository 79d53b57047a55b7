//! Trust policies that accept a token whoever it belongs to.

use iamsure_core::language::document::{Effect, PrincipalEntry, Sense};
use iamsure_core::language::{ActionName, Spanned, Statement};

use super::{Code, Report, listed_actions};

/// Claims that say for whom a token was made and how its bearer signed in, not who that is.
const OF_EVERYBODY: [&str; 3] = ["aud", "azp", "amr"];

/// Cognito's audience is an identity pool, which belongs to somebody and has users of its own.
///
/// AWS page: Cognito Developer Guide, role-based access control (role trust).
const COGNITO: &str = "cognito-identity.amazonaws.com";

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    let Ok(exchange) = ActionName::parse("sts:AssumeRoleWithWebIdentity") else { return };
    let allows = *statement.effect == Effect::Allow
        && listed_actions(statement)
            .is_some_and(|entries| entries.iter().any(|entry| entry.matches(&exchange)));
    let Some(principal) =
        statement.principal.as_ref().filter(|principal| allows && principal.sense == Sense::OneOf)
    else {
        return;
    };
    for entry in &principal.entries {
        let PrincipalEntry::Federated(provider) = &entry.value else { continue };
        let Some(issuer) = issuer(provider) else { continue };
        let says_who = statement.condition.clauses.iter().any(|clause| {
            clause.key.folded().rsplit_once(':').is_some_and(|(of, claim)| {
                let is_pool = of == COGNITO && claim == "aud";
                of == issuer && (is_pool || !OF_EVERYBODY.contains(&claim))
            })
        });
        if says_who {
            continue;
        }
        let message = format!(
            "no condition limits which {issuer} tokens can assume the role: any token that meets the other conditions can"
        );
        report
            .add(Code::OidcWithoutSubject, entry.span, message)
            .labelled("every subject of this provider")
            .help(format!(
                "add `\"StringEquals\": {{ \"{issuer}:sub\": \"…\" }}`; AWS does not see how the role was chosen before the exchange"
            ));
    }
}

/// The issuer of an identity provider, as its condition keys are prefixed, in lower case.
fn issuer(provider: &str) -> Option<String> {
    let issuer = match provider.split_once(":oidc-provider/") {
        Some((_, issuer)) => issuer,
        None if provider.starts_with("arn:") => return None,
        None => provider,
    };
    Some(issuer.to_ascii_lowercase())
}
