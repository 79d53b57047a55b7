//! Conditions: `or` binds loosest, then `and`, then `not`.

use nom::Parser as _;
use nom::branch::alt;
use nom::combinator::{cut, opt, value};

use super::fault::{Fault, Parsed, Wanted};
use super::lexeme::{keyword, sign};
use super::{AND, Grammar, OR};
use crate::claim::Condition;

/// How deep brackets and `not` may nest. No sentence that people read comes near it.
const DEEPEST: usize = 50;

impl Grammar<'_> {
    /// A whole condition.
    pub(super) fn condition<'a>(&self, input: &'a str) -> Parsed<'a, Condition> {
        self.any(input, DEEPEST)
    }

    fn any<'a>(&self, input: &'a str, depth: usize) -> Parsed<'a, Condition> {
        joined(input, &["or"], |input| self.all(input, depth))
            .map(|(rest, any)| (rest, one(any, Condition::Any)))
    }

    fn all<'a>(&self, input: &'a str, depth: usize) -> Parsed<'a, Condition> {
        joined(input, &["and"], |input| self.literal(input, depth))
            .map(|(rest, all)| (rest, one(all, Condition::All)))
    }

    fn literal<'a>(&self, input: &'a str, depth: usize) -> Parsed<'a, Condition> {
        let open = alt((value(true, keyword(&["not"])), value(false, sign("("))));
        let (rest, open) = opt(open).parse(input)?;
        let Some(negated) = open else { return self.fact(input) };
        let Some(depth) = depth.checked_sub(1) else {
            let help = format!("brackets and `not` nest at most {DEEPEST} deep");
            return Err(Fault::wrong(
                input,
                rest,
                "the condition is nested too deeply",
                Some(help),
            ));
        };
        if negated {
            let (rest, condition) = cut(|input| self.literal(input, depth)).parse(rest)?;
            return Ok((rest, Condition::Not(Box::new(condition))));
        }
        let (rest, condition) = cut(|input| self.any(input, depth)).parse(rest)?;
        let close: Parsed<'_, ()> = sign(")").parse(rest);
        let (rest, ()) = close.map_err(|_| Fault::missing(rest, &[AND, OR, Wanted::Word(")")]))?;
        Ok((rest, condition))
    }
}

/// One or more of `item`, with `word` between them.
fn joined<'a>(
    input: &'a str,
    word: &'static [&'static str],
    item: impl Fn(&'a str) -> Parsed<'a, Condition>,
) -> Parsed<'a, Vec<Condition>> {
    let (mut rest, first) = item(input)?;
    let mut all = vec![first];
    loop {
        let (after, more) = opt(keyword(word)).parse(rest)?;
        if more.is_none() {
            return Ok((rest, all));
        }
        let (after, next) = cut(&item).parse(after)?;
        all.push(next);
        rest = after;
    }
}

fn one(mut all: Vec<Condition>, several: impl Fn(Vec<Condition>) -> Condition) -> Condition {
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            all.extend(last);
            several(all)
        }
    }
}
