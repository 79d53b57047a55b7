//! Which resources there are for the actions of a question.

use crate::class::text::{Span, Symbol, TextPattern};

/// Which resources a question is about.
#[derive(Clone, Copy, Debug)]
pub enum ResourceRange<'a> {
    /// Every resource of a kind.
    Every(ResourceKind),
    /// The one of this name. What is a wildcard in an entry is a character of it (V-5).
    One(&'a str),
    /// Those of these names and patterns: `*` and `?` are wildcards, and `*` alone is no resource in particular. At least one.
    Of(&'a [String]),
}

impl<'a> ResourceRange<'a> {
    /// Whether resources are named.
    pub(crate) const fn is_given(self) -> bool {
        !matches!(self, Self::Every(_))
    }

    /// The names and patterns, if some are patterns: each tells resources apart.
    pub(crate) fn patterns(self) -> &'a [String] {
        match self {
            Self::Of(texts) if texts.iter().any(|text| is_resource_pattern(text)) => texts,
            _ => &[],
        }
    }
}

/// Whether a resource that a question names stands for all whose names are of a pattern.
pub fn is_resource_pattern(text: &str) -> bool {
    text != "*" && text.contains(['*', '?'])
}

/// The ARNs that a question means by a resource; none by `*`. A wildcard stays within its field up to the fifth colon, as it
/// does in the ARNs that there are.
pub(super) fn asked_arns(text: &str) -> Vec<TextPattern> {
    if text == "*" {
        return Vec::new();
    }
    let mut colons = 0;
    let symbol = |letter| {
        colons += usize::from(letter == ':');
        let span = if colons < 5 { Span::Field } else { Span::All };
        match letter {
            '*' => Symbol::Run(span),
            '?' => Symbol::One(span),
            other => Symbol::Char(other),
        }
    };
    vec![TextPattern::new(text.chars().map(symbol))]
}

/// The resources of which actions are asked, where no resource is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// Any ARN, and none in particular (`*`).
    #[default]
    Any,
    /// ARNs of roles.
    Roles,
    /// ARNs of KMS keys.
    Keys,
}

impl ResourceKind {
    /// Every ARN of the kind.
    pub(crate) fn every(self) -> TextPattern {
        let (service, resource) = match self {
            Self::Any => return every_arn(),
            Self::Roles => (":iam:", ":role/"),
            Self::Keys => (":kms:", ":key/"),
        };
        let mut symbols: Vec<Symbol> = Vec::new();
        for part in ["arn:", service, ":"] {
            symbols.extend(part.chars().map(Symbol::Char));
            symbols.push(Symbol::Run(Span::Field));
        }
        symbols.extend(resource.chars().map(Symbol::Char));
        symbols.push(Symbol::Run(Span::All));
        TextPattern::new(symbols)
    }
}

fn every_arn() -> TextPattern {
    let mut symbols: Vec<Symbol> = "arn:".chars().map(Symbol::Char).collect();
    for _ in 0..4 {
        symbols.extend([Symbol::Run(Span::Field), Symbol::Char(':')]);
    }
    symbols.push(Symbol::Run(Span::All));
    TextPattern::new(symbols)
}
