//! Shapes of the tokens that known issuers give: which condition keys come with them, and what the subject
//! looks like.
//!
//! A shape is what an issuer documents as its default. Who may configure the issuer can often change the
//! subject ([`TokenIssuer::customization`]); such tokens are of no shape here.

mod issuers;
mod subject;

pub use issuers::ISSUERS;
pub use subject::{Field, Part, Subject};

/// Tokens of one issuer, of one kind or of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenShape {
    /// Who gives them.
    pub issuer: &'static TokenIssuer,
    /// Their kind; any, if there is none.
    pub kind: Option<&'static TokenKind>,
}

/// Whoever gives tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenIssuer {
    /// The name, as in the names of call paths.
    pub name: &'static str,
    /// What a token of it is called.
    pub words: &'static str,
    /// What stands before the colon in its condition keys. A word in braces stands for one part between dots and
    /// slashes.
    pub addresses: &'static [&'static str],
    /// An address of it.
    pub example: &'static str,
    /// The audience of a token for AWS, where nobody chose another.
    pub audience: &'static str,
    /// A subject that hardly any policy names, of an organization where the address says which.
    pub stranger: &'static str,
    /// What the token may be about.
    pub kinds: &'static [TokenKind],
    /// Claims beside subject and audience of which AWS makes condition keys.
    pub claims: &'static [Claim],
    /// Who can change what the subject looks like: `unless …`.
    pub customization: Option<&'static str>,
    /// Where that is documented.
    pub source: &'static str,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenKind {
    /// The name, as in the names of call paths.
    pub name: &'static str,
    /// When a token is of this kind.
    pub meaning: &'static str,
    /// What its subject may look like.
    pub subjects: &'static [Subject],
}

/// A claim beside subject and audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// What stands behind the colon in the condition key.
    pub name: &'static str,
    /// Which tokens have it.
    pub bearers: Bearers,
}

/// Which tokens have a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bearers {
    /// All.
    All,
    /// Some; which ones does not hang on the kind.
    Some,
    /// Those of the kind with this name.
    OfKind(&'static str),
    /// None.
    None,
}

impl TokenIssuer {
    /// Whether an address, which condition keys are prefixed with, is one of this issuer's.
    pub fn is_at(&self, address: &str) -> bool {
        self.addresses.iter().any(|form| fits(form, address))
    }

    /// A subject of the issuer with this address that hardly any policy names.
    pub fn stranger_at(&self, address: &str) -> String {
        const WORD: &str = "ORGANIZATION";
        match self.part_of(address, WORD) {
            Some(organization) => self.stranger.replace(&format!("{{{WORD}}}"), organization),
            None => self.stranger.to_owned(),
        }
    }

    /// The part of an address that a word in braces stands for.
    pub fn part_of<'a>(&self, address: &'a str, word: &str) -> Option<&'a str> {
        let form = self.addresses.iter().find(|form| fits(form, address))?;
        let (before, _) = form.split_once(&format!("{{{word}}}"))?;
        // A word that follows another would need where that ends.
        let (_, tail) = address.split_at_checked(before.len()).filter(|_| !before.contains('{'))?;
        Some(tail.split(['.', '/', ':']).next().unwrap_or(tail))
    }
}

impl TokenShape {
    /// Every shape: each issuer alone, then with each of its kinds, if there are several.
    pub fn all() -> impl Iterator<Item = Self> {
        ISSUERS.iter().flat_map(|issuer| {
            let kinds = issuer.kinds.iter().map(Some).filter(|_| issuer.kinds.len() > 1);
            std::iter::once(None).chain(kinds).map(move |kind| Self { issuer, kind })
        })
    }

    /// The shape called `name`: `github` or `github:branch`.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|shape| shape.name().eq_ignore_ascii_case(name))
    }

    /// Tokens of any kind of the issuer with this address.
    pub fn of_issuer(address: &str) -> Option<Self> {
        let issuer = ISSUERS.iter().find(|issuer| issuer.is_at(address))?;
        Some(Self { issuer, kind: None })
    }

    /// The name, as in the names of call paths.
    pub fn name(&self) -> String {
        match self.kind {
            Some(kind) => format!("{}:{}", self.issuer.name, kind.name),
            None => self.issuer.name.to_owned(),
        }
    }

    /// A provider in an account that gives such tokens, by its ARN.
    pub fn example_provider(&self, account: &str) -> String {
        format!("arn:aws:iam::{account}:oidc-provider/{}", self.issuer.example)
    }

    /// The kinds that it stands for.
    pub fn kinds(&self) -> impl Iterator<Item = &'static TokenKind> {
        let kind = self.kind;
        self.issuer.kinds.iter().filter(move |known| kind.is_none_or(|kind| kind == *known))
    }

    /// What the subject may look like.
    pub fn subjects(&self) -> impl Iterator<Item = &'static Subject> {
        self.kinds().flat_map(|kind| kind.subjects)
    }

    /// Whether tokens of the shape have a claim, beside subject and audience, of which AWS makes a condition key; `None`
    /// if nothing is known of it.
    pub fn has_claim(&self, name: &str) -> Option<Bearers> {
        let claims = self.issuer.claims.iter();
        let bearers = claims.clone().find(|claim| claim.name.eq_ignore_ascii_case(name))?.bearers;
        Some(match (bearers, self.kind) {
            (Bearers::OfKind(of), Some(kind)) if kind.name == of => Bearers::All,
            (Bearers::OfKind(_), Some(_)) => Bearers::None,
            (Bearers::OfKind(_), None) => Bearers::Some,
            (other, _) => other,
        })
    }
}

/// Whether a text is a form with its words in braces replaced, case aside.
fn fits(form: &str, text: &str) -> bool {
    let Some((before, rest)) = form.split_once('{') else { return form.eq_ignore_ascii_case(text) };
    let Some((_, after)) = rest.split_once('}') else { return false };
    let Some((start, tail)) = text.split_at_checked(before.len()) else { return false };
    if !start.eq_ignore_ascii_case(before) {
        return false;
    }
    let length = tail.find(['.', '/', ':']).unwrap_or(tail.len());
    let (part, tail) = tail.split_at(length);
    !part.is_empty() && fits(after, tail)
}

#[cfg(test)]
mod tests;
