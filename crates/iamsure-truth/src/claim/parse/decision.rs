//! The words for decisions.

use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{cut, value};

use super::fault::{Fault, Parsed, Wanted};
use super::lexeme::keyword;
use crate::claim::DecisionWord;

const DENY: &[&str] = &["deny", "denied", "denies"];

/// A word for a decision; `explicit` and `implicit` go before `deny`.
pub(super) fn decision(input: &str) -> Parsed<'_, DecisionWord> {
    let explicit = (keyword(&["explicitly", "explicit"]), cut(keyword(DENY)));
    let implicit = (keyword(&["implicitly", "implicit"]), cut(keyword(DENY)));
    alt((
        value(DecisionWord::Allowed, keyword(&["allow", "allowed", "allows"])),
        value(DecisionWord::Denied, keyword(DENY)),
        value(DecisionWord::ExplicitlyDenied, keyword(&["explicit-deny", "explicitly-denied"])),
        value(DecisionWord::ImplicitlyDenied, keyword(&["implicit-deny", "implicitly-denied"])),
        value(DecisionWord::ExplicitlyDenied, explicit),
        value(DecisionWord::ImplicitlyDenied, implicit),
        value(DecisionWord::Exempt, keyword(&["exempt"])),
    ))
    .parse(input)
    .map_err(|error| match error {
        nom::Err::Error(_) => Fault::expected(
            input,
            &["allow", "deny", "explicitly", "implicitly", "exempt"].map(Wanted::Word),
        ),
        error => error,
    })
}
