//! Claims about who may take a role.

use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::{Clause, ConditionKey};
use iamsure_core::world::TokenShape;
use iamsure_truth::claim::Body;

use super::entry::ReviewCode;
use super::scope::Found;
use super::{Asked, say};

const BY_TOKEN: &str = "sts:AssumeRoleWithWebIdentity";
const GITHUB: &str = "github";

/// The claims that an Allow of a trust policy gives rise to.
pub(super) fn of(found: Found<'_>, asked: &mut Asked<'_>) {
    for entry in found.entries() {
        match entry {
            PrincipalEntry::Federated(provider) => of_provider(provider, found, asked),
            PrincipalEntry::Everyone | PrincipalEntry::Aws(_) => {
                asked.add_sentence(ReviewCode::CrossAccountTrust, found);
            }
            _ => {}
        }
    }
}

fn of_provider(provider: &str, found: Found<'_>, asked: &mut Asked<'_>) {
    if provider.contains(":saml-provider/") {
        asked.add_sentence(ReviewCode::SamlAudience, found);
        return;
    }
    // The keys of a provider are named after its address; the providers that IAM knows by name have
    // one too.
    let address = provider.split_once(":oidc-provider/").map_or(provider, |(_, address)| address);
    let of_audience = is_of(address, "aud", "an-audience-that-nobody-names");
    asked.add(ReviewCode::OidcAudience, found, Some(of_audience));
    let shape = TokenShape::of_issuer(address);
    let nobody = shape.map_or_else(
        || "a-subject-that-nobody-names".to_owned(),
        |shape| shape.issuer.stranger_at(address),
    );
    asked.add(ReviewCode::OidcSubject, found, Some(is_of(address, "sub", &nobody)));
    if shape.is_some_and(|shape| shape.issuer.name == GITHUB) {
        for organization in organizations(address, &found.statement.condition.clauses) {
            // With the id of the owner comes that of the repository.
            let id = if organization.contains('@') { "@999999999999" } else { "" };
            let subject = format!("repo:{organization}/another-repository{id}:pull_request");
            let body = is_of(address, "sub", &subject);
            asked.add(ReviewCode::OidcRepository, found, Some(body));
        }
    }
}

/// `never allow sts:AssumeRoleWithWebIdentity when PROVIDER:CLAIM is TEXT`.
fn is_of(address: &str, claim: &str, text: &str) -> Body {
    let key = ConditionKey::new(format!("{address}:{claim}"));
    let mut target = say::actions([BY_TOKEN]);
    target.resources.push("arn:aws:iam::*:role/*".to_owned());
    say::never_allow(target, vec![say::one_of(&key, [text])])
}

/// The organizations that clauses on the subject of GitHub name.
fn organizations(
    address: &str,
    clauses: &[iamsure_core::language::Spanned<Clause>],
) -> Vec<String> {
    let subject = format!("{address}:sub");
    let mut names: Vec<String> = clauses
        .iter()
        .filter(|clause| clause.key.as_str().eq_ignore_ascii_case(&subject))
        .flat_map(|clause| &clause.values)
        .filter_map(|value| value.as_str().strip_prefix("repo:")?.split_once('/'))
        .map(|(organization, _)| organization.to_owned())
        .filter(|organization| !organization.contains(['*', '?', '$']))
        .collect();
    names.dedup();
    names
}
