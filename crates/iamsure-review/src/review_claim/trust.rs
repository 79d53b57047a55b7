//! Claims about who may take a role.

use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::{Clause, ConditionKey};
use iamsure_truth::claim::{Body, Target, Test};

use super::entry::ReviewCode;
use super::scope::Found;
use super::{Asked, say};

const BY_TOKEN: &str = "sts:AssumeRoleWithWebIdentity";
const GITHUB: &str = "token.actions.githubusercontent.com";

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
    asked.add(ReviewCode::OidcSubject, found, Some(of_nobody(address, found)));
    if address == GITHUB {
        let organizations = organizations(&found.statement.condition.clauses);
        for organization in organizations.into_iter().filter(|name| !is_pattern(name)) {
            let subject = format!("repo:{organization}/another-repository:*");
            let body = like(address, "sub", vec![subject]);
            asked.add(ReviewCode::OidcRepository, found, Some(body));
        }
    }
}

/// The question about subjects of the provider that nobody names. Where the form of its subjects is known, it is
/// asked of a whole part of them: a pattern that leaves that part open lets some of them in, whatever it says of
/// the rest.
///
/// Pages: GitHub Docs, About security hardening with `OpenID` Connect (example subject claims); Amazon EKS User Guide,
/// iam-roles-for-service-accounts.
fn of_nobody(address: &str, found: Found<'_>) -> Body {
    if address == GITHUB {
        let mut subjects = vec!["repo:an-organization-that-nobody-names/*".to_owned()];
        for organization in organizations(&found.statement.condition.clauses) {
            // The pattern of a name, such as `acme*`, is that of other organizations too.
            if is_pattern(&organization) && organization != "*" && !organization.contains('$') {
                let another = organization.replace('*', "-that-nobody-names").replace('?', "x");
                let subject = format!("repo:{another}/*");
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
            }
        }
        return like(address, "sub", subjects);
    }
    if address.starts_with("oidc.eks.") {
        let subject = "system:serviceaccount:a-namespace-that-nobody-names:*";
        return like(address, "sub", vec![subject.to_owned()]);
    }
    is_of(address, "sub", "a-subject-that-nobody-names")
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '$'])
}

/// `never allow sts:AssumeRoleWithWebIdentity when PROVIDER:CLAIM like PATTERNS`.
fn like(address: &str, claim: &str, patterns: Vec<String>) -> Body {
    let key = ConditionKey::new(format!("{address}:{claim}"));
    say::never_allow(takes_a_role(), vec![say::key(&key, None, Test::Like(patterns))])
}

/// `never allow sts:AssumeRoleWithWebIdentity when PROVIDER:CLAIM is TEXT`.
fn is_of(address: &str, claim: &str, text: &str) -> Body {
    let key = ConditionKey::new(format!("{address}:{claim}"));
    say::never_allow(takes_a_role(), vec![say::one_of(&key, [text])])
}

/// Taking any role with a token.
fn takes_a_role() -> Target {
    let mut target = say::actions([BY_TOKEN]);
    target.resources.push("arn:aws:iam::*:role/*".to_owned());
    target
}

/// The organization of the rest of a subject, or a pattern of it: a wildcard may be all there is of the rest.
fn organization_of(rest: &str) -> Option<&str> {
    match rest.split_once('/') {
        Some((organization, _)) => Some(organization),
        None if rest.ends_with('*') => Some(rest),
        None => None,
    }
}

/// The organizations that clauses on the subject of GitHub name, and patterns of them.
fn organizations(clauses: &[iamsure_core::language::Spanned<Clause>]) -> Vec<String> {
    let subject = format!("{GITHUB}:sub");
    let mut names: Vec<String> = clauses
        .iter()
        .filter(|clause| clause.key.as_str().eq_ignore_ascii_case(&subject))
        .flat_map(|clause| &clause.values)
        .filter_map(|value| value.as_str().strip_prefix("repo:"))
        .filter_map(organization_of)
        .map(str::to_owned)
        .collect();
    names.dedup();
    names
}
