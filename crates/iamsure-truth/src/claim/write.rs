//! From a claim to its sentence.

use std::fmt::{self, Display, Formatter};

use iamsure_core::language::ActionPattern;
use iamsure_core::language::condition::number::Number;

use super::parse::{is_bare_key, is_key, operand, text};
use super::{
    Atom, Body, Claim, Condition, Fact, File, KeyFact, Operand, Order, Quantified, Quantifier,
    Target, Test, words,
};

/// The claim in canonical form: one spelling for each word, quotation marks only where they are
/// needed. Reading it gives the same body. (Lists that hold nothing, which no sentence says, are
/// left out.)
impl Display for Claim {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.body.fmt(f)
    }
}

impl Display for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(said) => write!(f, "never {said}"),
            Self::Always(said) => write!(f, "always {said}"),
            Self::Some(said) => write!(f, "some {said}"),
            Self::Implies { premise, conclusion } => write!(f, "{premise} implies {conclusion}"),
            Self::AllowOnly(target) => write!(f, "allow only{target}"),
            Self::NoInertStatements => f.write_str("no inert statements"),
            Self::SameDecisionsAs(File { name, .. }) => {
                write!(f, "same decisions as {}", Text(name))
            }
            Self::NoMoreThan(File { name, .. }) => write!(f, "no more than {}", Text(name)),
        }
    }
}

impl Display for Quantified {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", words::verb(self.decision), self.target)?;
        match &self.when {
            None => Ok(()),
            Some(Condition::Not(condition)) => write!(f, " unless {condition}"),
            Some(condition) => write!(f, " when {condition}"),
        }
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.actions.is_empty() {
            write!(f, " {}", List(&self.actions, Action))?;
        }
        if !self.resources.is_empty() {
            write!(f, " on {}", List(&self.resources, |resource| Text(resource)))?;
        }
        Ok(())
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (all, word, inner) = match self {
            Self::All(all) => (all, " and ", Binding::And),
            Self::Any(any) => (any, " or ", Binding::Or),
            Self::Not(condition) => return negated(condition, f),
            Self::Is(atom) => return atom.write(f, false),
        };
        for (index, condition) in all.iter().enumerate() {
            if index > 0 {
                f.write_str(word)?;
            }
            if condition.binds_tighter_than(inner) {
                condition.fmt(f)?;
            } else {
                write!(f, "({condition})")?;
            }
        }
        Ok(())
    }
}

fn negated(condition: &Condition, f: &mut Formatter<'_>) -> fmt::Result {
    match condition {
        Condition::Is(atom) => atom.write(f, true),
        Condition::Not(inner) => {
            f.write_str("not ")?;
            negated(inner, f)
        }
        Condition::All(_) | Condition::Any(_) => write!(f, "not ({condition})"),
    }
}

/// How tightly the words between conditions bind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    And,
    Or,
}

impl Condition {
    fn binds_tighter_than(&self, around: Binding) -> bool {
        match self {
            Self::Is(_) | Self::Not(_) => true,
            Self::All(_) => around == Binding::Or,
            Self::Any(_) => false,
        }
    }
}

impl Atom {
    fn write(&self, f: &mut Formatter<'_>, negated: bool) -> fmt::Result {
        let is = if negated { "is not" } else { "is" };
        let not = if negated { "not " } else { "" };
        match &self.fact {
            Fact::Decision(word) => write!(f, "{not}{}", words::noun(*word)),
            Fact::Layer(layer) => write!(f, "layer {is} {layer}"),
            Fact::Path(name) => write!(f, "path {is} {}", Text(name)),
            Fact::Action(patterns) => {
                let has_wildcard = |pattern: &ActionPattern| pattern.as_str().contains(['*', '?']);
                let how = matching(patterns.iter().any(has_wildcard), patterns.len(), negated);
                write!(f, "action {how} {}", List(patterns, Action))
            }
            Fact::Resource(patterns) => {
                let has_wildcard = |pattern: &String| pattern.contains(['*', '?']);
                let how = matching(patterns.iter().any(has_wildcard), patterns.len(), negated);
                write!(f, "resource {how} {}", List(patterns, |pattern| Text(pattern)))
            }
            Fact::Key(fact) => fact.write(f, negated),
        }
    }
}

/// The words between action or resource and its patterns.
const fn matching(wildcards: bool, count: usize, negated: bool) -> &'static str {
    match (wildcards, count, negated) {
        (true, _, false) => "like",
        (true, _, true) => "not like",
        (false, 1, false) => "is",
        (false, 1, true) => "is not",
        (false, _, false) => "in",
        (false, _, true) => "not in",
    }
}

impl KeyFact {
    fn write(&self, f: &mut Formatter<'_>, negated: bool) -> fmt::Result {
        // Neither a sign of comparison nor `any` and `all` have a negation of their own: `not KEY < 5` is
        // true of an absent key, and `KEY >= 5` is not; `any KEY is not A` is of another value.
        let apart = self.quantifier.is_some() || matches!(self.test, Test::Order(..));
        if negated && apart {
            f.write_str("not ")?;
        }
        let negated = negated && !apart;
        match self.quantifier {
            None => {}
            Some(Quantifier::Any) => f.write_str("any ")?,
            Some(Quantifier::All) => f.write_str("all ")?,
        }
        let key = self.key.as_str();
        if is_bare_key(key) { write!(f, "{key} ") } else { write!(f, "{} ", Quoted(key)) }?;
        let not = if negated { "not " } else { "" };
        match &self.test {
            Test::Absent => f.write_str(if negated { "is present" } else { "is absent" }),
            Test::OneOf(values) => match values.as_slice() {
                [only] => write!(f, "is {not}{only}"),
                _ => write!(f, "{not}in {}", List(values, |value| value)),
            },
            Test::Like(patterns) => {
                write!(f, "{not}like {}", List(patterns, |pattern| Text(pattern)))
            }
            Test::Within(ranges) => write!(f, "{not}cidr {}", List(ranges, |range| Text(range))),
            Test::Order(order, bound) => {
                let is_number = Number::read(bound).is_some();
                let how = match order {
                    Order::Less if is_number => "<",
                    Order::Greater if is_number => ">",
                    Order::Less => "before",
                    Order::Greater => "after",
                    Order::LessOrEqual => "<=",
                    Order::GreaterOrEqual => ">=",
                };
                write!(f, "{how} {}", Text(bound))
            }
        }
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let as_written = |said: &str| matches!(operand(said), Ok(("", read)) if read == *self && !said.is_empty());
        match self {
            Self::Text(text) if !text.starts_with(QUOTES) && as_written(text) => f.write_str(text),
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Key(key) if is_key(key.as_str()) && as_written(key.as_str()) => key.fmt(f),
            Self::Key(key) => write!(f, "${{{key}}}"),
        }
    }
}

/// Several in brackets, one alone.
struct List<'a, T, D>(&'a [T], fn(&'a T) -> D);

impl<T, D: Display> Display for List<'_, T, D> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(items, show) = self;
        if let [only] = items {
            return show(only).fmt(f);
        }
        f.write_str("[")?;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            show(item).fmt(f)?;
        }
        f.write_str("]")
    }
}

struct Action<'a>(&'a ActionPattern);

impl Display for Action<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Text(self.0.as_str()).fmt(f)
    }
}

/// A text, bare where it may be.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let said = self.0;
        if !said.starts_with(QUOTES)
            && matches!(text("a text")(said), Ok(("", read)) if read == said)
        {
            f.write_str(said)
        } else {
            Quoted(said).fmt(f)
        }
    }
}

const QUOTES: [char; 2] = ['"', '\''];

struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{text}\"")
    }
}
