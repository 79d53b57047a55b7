//! Which resources there are for the actions of a question.

use crate::class::text::{Span, Symbol, TextPattern};

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
