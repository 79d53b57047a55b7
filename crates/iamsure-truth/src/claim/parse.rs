//! From a sentence to a claim.
//!
//! The words of the grammar tell what follows, so nothing is read twice: after the first word that
//! fits, whatever does not is an error at its own place.

mod condition;
mod decision;
mod fact;
mod fault;
mod lexeme;
mod operand;
mod target;

use std::ops::Range;

use iamsure_core::world::CallPaths;
use nom::branch::alt;
use nom::combinator::{cut, opt, value};
use nom::{Err, Parser as _};

use super::error::ClaimError;
use super::{Body, Claim, Condition, File, Quantified, Target, words};
pub(super) use fact::is_bare_key;
use fault::{Fault, Parsed, Wanted};
use lexeme::keyword;
pub(super) use lexeme::text;
pub(super) use operand::{is_key, operand};

impl Claim {
    /// Reads a claim. Its call paths are the built-in ones.
    ///
    /// # Errors
    /// What was expected and where, if `text` is no claim.
    pub fn parse(text: &str) -> Result<Self, ClaimError> {
        Self::parse_with(text, &CallPaths::default())
    }

    /// Reads a claim that may name these call paths.
    ///
    /// # Errors
    /// What was expected and where, if `text` is no claim.
    pub fn parse_with(text: &str, paths: &CallPaths) -> Result<Self, ClaimError> {
        let grammar = Grammar { length: text.len(), paths };
        match grammar.claim(text) {
            Ok((_, body)) => Ok(Self { text: text.to_owned(), body }),
            Err(Err::Error(fault) | Err::Failure(fault)) => Err(fault.of(text)),
            // Nothing here reads a text that is still to come.
            Err(Err::Incomplete(_)) => {
                Err(Fault::Expected { left: 0, wanted: Vec::new() }.of(text))
            }
        }
    }
}

/// What reading needs to know beside the text.
struct Grammar<'p> {
    /// How long the whole text is. Parsers see what is left of it; places are counted from the
    /// start.
    length: usize,
    paths: &'p CallPaths,
}

/// What a claim begins with, unless it is a condition.
const FIRST_WORDS: [&str; 5] = ["never", "always", "some", "no", "same"];

fn beginning() -> Vec<Wanted> {
    FIRST_WORDS.into_iter().map(Wanted::Word).chain([Wanted::Condition]).collect()
}

const AND: Wanted = Wanted::Word("and");
const OR: Wanted = Wanted::Word("or");
const ON: Wanted = Wanted::Word("on");
const WHEN: Wanted = Wanted::Word("when");
const UNLESS: Wanted = Wanted::Word("unless");
const END: Wanted = Wanted::Thing("the end of the claim");

impl Grammar<'_> {
    fn claim<'a>(&self, input: &'a str) -> Parsed<'a, Body> {
        let begun = alt((
            |input| self.quantified(input),
            allow_only,
            |input| self.no(input),
            |input| self.same_decisions(input),
        ))
        .parse(input);
        let (rest, body) = match begun {
            Err(Err::Error(_)) => self.implication(input)?,
            begun => begun?,
        };
        if lexeme::is_end(rest) {
            return Ok((rest, body));
        }
        Err(Fault::missing(rest, may_follow(&body)))
    }

    fn quantified<'a>(&self, input: &'a str) -> Parsed<'a, Body> {
        let (rest, often): (_, fn(Quantified) -> Body) = alt((
            value(Body::Never as fn(Quantified) -> Body, keyword(&["never"])),
            value(Body::Always as _, keyword(&["always"])),
            value(Body::Some as _, keyword(&["some"])),
        ))
        .parse(input)?;
        let (rest, decision) = cut(decision::decision).parse(rest)?;
        let (rest, target) = target::target(rest)?;
        let (rest, when) = self.when(rest)?;
        Ok((rest, often(Quantified { decision, target, when })))
    }

    /// `when COND`, `unless COND`: either, both or none, each at most once.
    fn when<'a>(&self, input: &'a str) -> Parsed<'a, Option<Condition>> {
        let (mut rest, mut when, mut unless) = (input, None, None);
        loop {
            let begin = alt((value(true, keyword(&["when"])), value(false, keyword(&["unless"]))));
            let (after, Some(is_when)) = opt(begin).parse(rest)? else { break };
            let (place, name) = if is_when { (&mut when, "when") } else { (&mut unless, "unless") };
            if place.is_some() {
                let message = format!("duplicate `{name}`");
                let help = "join the two with `and` or `or`".to_owned();
                return Err(Fault::wrong(rest, after, message, Some(help)));
            }
            let (after, condition) = cut(|input| self.condition(input)).parse(after)?;
            *place = Some(condition);
            rest = after;
        }
        let unless = unless.map(|condition| Condition::Not(Box::new(condition)));
        let both = match (when, unless) {
            (Some(Condition::All(mut all)), Some(unless)) => {
                all.push(unless);
                Some(Condition::All(all))
            }
            (Some(when), Some(unless)) => Some(Condition::All(vec![when, unless])),
            (when, unless) => when.or(unless),
        };
        Ok((rest, both))
    }

    fn implication<'a>(&self, input: &'a str) -> Parsed<'a, Body> {
        let (rest, premise) = self.condition(input).map_err(|error| {
            // A word that a claim could nearly begin with was meant to.
            let first = lexeme::next(input.trim_start());
            let is_slip = !words::SUBJECTS.iter().any(|word| word.eq_ignore_ascii_case(first))
                && words::closest(first, FIRST_WORDS.into_iter()).is_some();
            match error {
                Err::Error(_) => Fault::missing(input, &beginning()),
                _ if is_slip => Fault::missing(input, &beginning()),
                error => error,
            }
        })?;
        let implies: Parsed<'_, ()> = keyword(&["implies"]).parse(rest);
        let (rest, ()) =
            implies.map_err(|_| Fault::missing(rest, &[Wanted::Word("implies"), AND, OR]))?;
        let (rest, conclusion) = cut(|input| self.condition(input)).parse(rest)?;
        Ok((rest, Body::Implies { premise, conclusion }))
    }

    /// `no inert statements`, `no more than FILE`.
    fn no<'a>(&self, input: &'a str) -> Parsed<'a, Body> {
        let (rest, ()) = keyword(&["no"]).parse(input)?;
        let which = alt((value(true, keyword(&["inert"])), value(false, keyword(&["more"]))));
        let (rest, inert) = cut(which).parse(rest)?;
        if inert {
            value(Body::NoInertStatements, cut(keyword(&["statements", "statement"]))).parse(rest)
        } else {
            let (rest, ()) = cut(keyword(&["than"])).parse(rest)?;
            let (rest, file) = cut(|input| self.file(input)).parse(rest)?;
            Ok((rest, Body::NoMoreThan(file)))
        }
    }

    /// `same decisions as FILE`.
    fn same_decisions<'a>(&self, input: &'a str) -> Parsed<'a, Body> {
        let (rest, ()) = keyword(&["same"]).parse(input)?;
        let (rest, _) = opt(keyword(&["decisions"])).parse(rest)?;
        let (rest, ()) = cut(keyword(&["as"])).parse(rest)?;
        let (rest, file) = cut(|input| self.file(input)).parse(rest)?;
        Ok((rest, Body::SameDecisionsAs(file)))
    }

    fn file<'a>(&self, input: &'a str) -> Parsed<'a, File> {
        let (rest, name) = text("the name of a file").parse(input)?;
        Ok((rest, File { name, span: self.span(input, rest) }))
    }

    /// The place of what stands between two rests of the text, without the blanks before it.
    fn span(&self, input: &str, rest: &str) -> Range<usize> {
        let place = |left: usize| self.length.saturating_sub(left);
        place(input.trim_start().len())..place(rest.len())
    }
}

/// `allow only ACTIONS on RESOURCES`.
fn allow_only(input: &str) -> Parsed<'_, Body> {
    let (rest, ()) = keyword(&["allow"]).parse(input)?;
    let (rest, ()) = keyword(&["only"]).parse(rest)?;
    let (after, target) = target::target(rest)?;
    if target == Target::default() {
        return Err(Fault::missing(rest, &[target::ACTION, ON]));
    }
    Ok((after, Body::AllowOnly(target)))
}

/// What may stand after a claim that could end here.
const fn may_follow(body: &Body) -> &'static [Wanted] {
    match body {
        Body::Never(said) | Body::Always(said) | Body::Some(said) => match said.when {
            Some(_) => &[AND, OR, WHEN, UNLESS, END],
            None if said.target.resources.is_empty() => &[ON, WHEN, UNLESS, END],
            None => &[WHEN, UNLESS, END],
        },
        Body::Implies { .. } => &[AND, OR, END],
        Body::AllowOnly(target) if target.resources.is_empty() => &[ON, END],
        Body::AllowOnly(_)
        | Body::NoInertStatements
        | Body::SameDecisionsAs(_)
        | Body::NoMoreThan(_) => &[END],
    }
}
