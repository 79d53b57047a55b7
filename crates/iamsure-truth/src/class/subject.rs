//! The values of the claims of tokens whose shape is known.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::TokenShape;
use iamsure_core::world::session::AssumeRoleWithWebIdentity;
use iamsure_core::world::token::{Bearers, Field, Part};

use super::text::{Span, Symbol, TextClass, TextPattern, text_classes};
use crate::budget::Budget;

/// The subjects of the tokens of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subjects {
    shape: TokenShape,
    /// The organization of the issuer, which the subject names too, as a number.
    organization: Option<u128>,
}

/// The word for an organization, in addresses of issuers and in subjects.
const ORGANIZATION: &str = "ORGANIZATION";

/// The digits of the groups of a UUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

impl Subjects {
    /// The subjects of the tokens of the issuer with this address.
    pub fn of_issuer(shape: TokenShape, address: &str) -> Self {
        let organization = shape.issuer.part_of(address, ORGANIZATION).and_then(number);
        Self { shape, organization }
    }

    /// The shape.
    pub const fn shape(self) -> TokenShape {
        self.shape
    }

    /// Every one, as patterns.
    pub(crate) fn patterns(self) -> Vec<TextPattern> {
        let pattern = |parts: Vec<Part>| {
            TextPattern::new(parts.into_iter().flat_map(|part| match part {
                Part::Text(text) => text.chars().map(Symbol::Char).collect(),
                Part::Field(field) if field.word == ORGANIZATION && self.organization.is_some() => {
                    self.organization.map(uuid).into_iter().flatten().map(Symbol::Char).collect()
                }
                Part::Field(field) => {
                    vec![Symbol::One(first(field)), Symbol::Run(span(field))]
                }
            }))
        };
        self.shape.subjects().map(|subject| pattern(subject.parts())).collect()
    }

    /// Whether one of them may match a text, in which wildcards may stand and the case of letters may not matter.
    pub fn may_match(self, text: &str, has_wildcards: bool, ignore_case: bool) -> bool {
        let pattern = if has_wildcards {
            TextPattern::glob(text, ignore_case)
        } else {
            TextPattern::literal(text, ignore_case)
        };
        let (own, asked) = (self.patterns(), [pattern]);
        // Beyond the budget it is not known that none does.
        text_classes(&[&own, &asked], None, Budget::default()).map_or(true, |classes| {
            let both =
                |class: &TextClass| class.signature.contains(0) && class.signature.contains(1);
            classes.iter().any(both)
        })
    }

    /// Whether a text is one of them.
    pub fn is_value(self, text: &str) -> bool {
        self.patterns().iter().any(|pattern| pattern.matches(text))
    }

    /// One of each form.
    pub fn examples(self) -> Vec<&'static str> {
        self.shape.subjects().map(|subject| subject.example).collect()
    }

    /// What may stand where a pattern of a subject leaves off: what follows a colon or a slash in the examples.
    pub(crate) fn endings(self) -> Vec<&'static str> {
        let mut endings: Vec<&'static str> = Vec::new();
        for example in self.examples() {
            let cuts = example.char_indices().filter(|(_, c)| matches!(c, ':' | '/'));
            let cuts = cuts.flat_map(|(at, c)| [at, at + c.len_utf8()]);
            endings.extend(cuts.filter_map(|at| example.get(at..)).filter(|text| text.len() > 1));
        }
        endings
    }
}

/// A UUID in lower case as a number.
fn number(text: &str) -> Option<u128> {
    let number = u128::from_str_radix(&text.replace('-', ""), 16).ok()?;
    uuid(number).eq(text.chars()).then_some(number)
}

/// The characters of a UUID.
fn uuid(number: u128) -> impl Iterator<Item = char> {
    let digits: Vec<char> = format!("{number:032x}").chars().collect();
    let mut start = 0;
    let groups = GROUPS.map(|length| {
        start += length;
        digits.get(start - length..start).unwrap_or_default().iter().collect::<String>()
    });
    groups.join("-").chars().collect::<Vec<_>>().into_iter()
}

const fn span(field: &Field) -> Span {
    if field.only.is_empty() { Span::NoneOf(field.never) } else { Span::OneOf(field.only) }
}

/// The characters that a field begins with.
const fn first(field: &Field) -> Span {
    if field.first.is_empty() { span(field) } else { Span::OneOf(field.first) }
}

/// What a token of a shape, of a provider, says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// It has the key: its subject.
    Subject(Subjects),
    /// It has the key: whom it was made for.
    Audience(&'static str),
    /// It has the key with some value, or has not, or either is possible.
    Other(Bearers),
}

/// What the tokens of a shape, as a provider gives them, say of `key`; `None` if nothing is known of it.
pub(crate) fn claimed(key: &ConditionKey, provider: &str, shape: TokenShape) -> Option<Claimed> {
    let issuer = AssumeRoleWithWebIdentity::issuer(provider);
    let claim = claim(key, issuer).filter(|_| shape.issuer.is_at(issuer))?;
    Some(match claim {
        "sub" => Claimed::Subject(Subjects::of_issuer(shape, issuer)),
        "aud" => Claimed::Audience(shape.issuer.audience),
        other => Claimed::Other(shape.has_claim(other)?),
    })
}

/// What a key says of the tokens of an issuer.
fn claim<'a>(key: &'a ConditionKey, issuer: &str) -> Option<&'a str> {
    let (start, rest) = key.folded().split_at_checked(issuer.len())?;
    rest.strip_prefix(':').filter(|_| start.eq_ignore_ascii_case(issuer))
}

/// Providers that are named without an ARN.
///
/// AWS page: IAM User Guide, `reference_policies_elements_principal` (OIDC federated principals).
const WITHOUT_ARN: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// Whether a key is of tokens of another issuer than this provider.
pub(crate) fn is_of_another_issuer(key: &ConditionKey, provider: &str) -> bool {
    // Neither an example nor "any provider".
    let is_known = provider.contains(":oidc-provider/") || WITHOUT_ARN.contains(&provider);
    let is_claim = key
        .folded()
        .split_once(':')
        .and_then(|(issuer, _)| issuer.split('/').next())
        .is_some_and(|host| host.contains('.'));
    // An issuer may be written with a slash at its end, or without.
    let issuer = AssumeRoleWithWebIdentity::issuer(provider).trim_end_matches('/');
    let with_slash = format!("{issuer}/");
    is_known && is_claim && claim(key, issuer).or_else(|| claim(key, &with_slash)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str =
        "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

    fn shape(name: &str) -> TokenShape {
        TokenShape::named(name).unwrap()
    }

    /// The subjects of the tokens of any provider that gives such tokens.
    fn subjects_of(shape: TokenShape) -> Subjects {
        Subjects { shape, organization: None }
    }

    #[test]
    fn examples_are_values_and_endings_complete_patterns() {
        for shape in TokenShape::all() {
            let subjects = subjects_of(shape);
            assert!(subjects.examples().iter().all(|text| subjects.is_value(text)));
        }
        let branches = subjects_of(shape("github:branch"));
        assert!(branches.endings().contains(&"ref:refs/heads/main"));
        assert!(!branches.is_value("repo:octo-org/octo-repo:pull_request"));
        assert!(!branches.is_value("repo:octo-org/octo-repo:ref:refs/heads/*"));
        let all = subjects_of(shape("github"));
        for text in
            ["*", "repo:acme/*", "repo:acme/app*", "*:pull_request", "repo:acme@1/*", "repo:???*"]
        {
            assert!(all.may_match(text, true, false), "{text}");
            assert!(!all.may_match(text, false, false), "{text}");
        }
        for text in
            ["repo:acme", "acme/*", "repo:acme/app:main", "repo:acme/app:ref:main*", "REPO:acme/*"]
        {
            assert!(!all.may_match(text, true, false), "{text}");
        }
        assert!(all.may_match("REPO:Acme/*", true, true));
        assert!(!branches.may_match("repo:acme/app:pull*", true, false));
        let accounts = subjects_of(shape("eks"));
        for text in ["*:a?*", "*:a*", "*:app", "system:*:a?*", "*:?*", "*a:*", "*:a?", "*t:a*"] {
            assert!(accounts.may_match(text, true, false), "{text}");
        }
        assert!(accounts.may_match("SYSTEM:serviceaccount:Default:*", true, true));
        assert!(!accounts.may_match("system:serviceaccount:Default:*", true, false));
    }

    #[test]
    fn the_organization_of_an_issuer_is_that_of_its_subjects() {
        let issuer = |id: &str| format!("oidc.circleci.com/org/{id}");
        let (own, other) =
            ("0a1b2c3d-0000-4000-8000-0123456789ab", "11111111-2222-4333-8444-555555555555");
        let subject = |id: &str| {
            format!(
                "org/{id}/project/66666666-7777-4888-8999-aaaaaaaaaaaa/user/bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
            )
        };
        let subjects = Subjects::of_issuer(shape("circleci"), &issuer(own));
        assert!(subjects.is_value(&subject(own)));
        assert!(!subjects.is_value(&subject(other)));
        // Of another notation it is not known that they are the same.
        for open in ["0A1B2C3D-0000-4000-8000-0123456789AB", "an-organization"] {
            let subjects = Subjects::of_issuer(shape("circleci"), &issuer(open));
            assert!(subjects.is_value(&subject(own)) && subjects.is_value(&subject(other)));
        }
    }

    #[test]
    fn a_provider_gives_claims_under_its_own_address() {
        let of = |key: &str, kind: &str| claimed(&key.into(), GITHUB, shape(kind));
        let sub = "token.actions.githubusercontent.com:sub";
        assert!(matches!(of(sub, "github:tag"), Some(Claimed::Subject(_))));
        assert_eq!(
            of("Token.Actions.GitHubUserContent.com:Environment", "github:tag"),
            Some(Claimed::Other(Bearers::None))
        );
        for key in ["gitlab.com:sub", "sts:RoleSessionName", "token.actions.githubusercontent.com"]
        {
            assert_eq!(of(key, "github"), None, "{key}");
        }
        assert!(is_of_another_issuer(&"gitlab.com:sub".into(), GITHUB));
        assert!(is_of_another_issuer(&"token.actions.githubusercontent.com/a:sub".into(), GITHUB));
        for key in [sub, "sts:RoleSessionName", "aws:PrincipalTag/a.b:c"] {
            assert!(!is_of_another_issuer(&key.into(), GITHUB), "{key}");
        }
        assert!(!is_of_another_issuer(&sub.into(), "idp.example.com"));
        let slash = "arn:aws:iam::111122223333:oidc-provider/idp.example.com/";
        for key in ["idp.example.com/:sub", "idp.example.com:sub"] {
            assert!(!is_of_another_issuer(&key.into(), slash), "{key}");
        }
    }
}
