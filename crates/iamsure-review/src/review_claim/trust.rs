//! Claims about who may take a role.

use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::{Clause, ConditionKey, Spanned};
use iamsure_core::world::TokenShape;
use iamsure_core::world::principal::is_saml_provider;
use iamsure_truth::claim::Body;

use super::entry::ReviewCode;
use super::scope::Found;
use super::{Asked, say, stranger};

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
    if is_saml_provider(provider) {
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
    let patterns = subjects(address, &found.statement.condition.clauses);
    let of_nobody = match shape {
        Some(_) => stranger::owners(&nobody, patterns.iter().copied()),
        None => vec![nobody],
    };
    asked.add(ReviewCode::OidcSubject, found, Some(is_one_of(address, "sub", &of_nobody)));
    if shape.is_some_and(|shape| shape.issuer.name == GITHUB) {
        for organization in organizations(&patterns) {
            // With the id of the owner comes that of the repository.
            let id = if organization.contains('@') { "@999999999999" } else { "" };
            let start = format!("repo:{organization}/");
            let subject = format!("{start}another-repository{id}:pull_request");
            let others = stranger::beginning_with(&start, &subject, patterns.iter().copied());
            let body = is_one_of(address, "sub", &others);
            asked.add(ReviewCode::OidcRepository, found, Some(body));
        }
    }
}

/// `never allow sts:AssumeRoleWithWebIdentity when PROVIDER:CLAIM is TEXT`.
fn is_of(address: &str, claim: &str, text: &str) -> Body {
    is_one_of(address, claim, &[text.to_owned()])
}

/// `never allow sts:AssumeRoleWithWebIdentity when PROVIDER:CLAIM in [TEXTS]`.
fn is_one_of(address: &str, claim: &str, texts: &[String]) -> Body {
    let key = ConditionKey::new(format!("{address}:{claim}"));
    let mut target = say::actions([BY_TOKEN]);
    target.resources.push(say::ROLES.to_owned());
    say::never_allow(target, vec![say::one_of(&key, texts.iter().map(String::as_str))])
}

/// The values of clauses on the subject.
fn subjects<'a>(address: &str, clauses: &'a [Spanned<Clause>]) -> Vec<&'a str> {
    let subject = format!("{address}:sub");
    let of_subject =
        clauses.iter().filter(|clause| clause.key.as_str().eq_ignore_ascii_case(&subject));
    of_subject.flat_map(|clause| &clause.values).map(|value| value.as_str()).collect()
}

/// The organizations that subjects of GitHub name.
fn organizations<'a>(subjects: &[&'a str]) -> Vec<&'a str> {
    let mut names: Vec<&str> = subjects
        .iter()
        .filter_map(|subject| subject.strip_prefix("repo:")?.split_once('/'))
        .map(|(organization, _)| organization)
        .filter(|organization| !organization.contains(['*', '?', '$', ':']))
        .collect();
    names.dedup();
    names
}
