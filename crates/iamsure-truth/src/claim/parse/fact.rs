//! Single facts: what is decided, how a request arrives, and what is said of its action, its
//! resource and its keys.

use iamsure_core::language::condition::address::Network;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;
use iamsure_core::language::{ConditionKey, PolicyType};
use nom::branch::alt;
use nom::combinator::{cut, opt, value};
use nom::{Err, Parser as _};

use super::fault::{Fault, Parsed, Wanted};
use super::lexeme::{self, keyword, one_or_list, quoted, sign, text, word};
use super::operand::{SHAPE, is_key, operand};
use super::target::action;
use super::{Grammar, decision};
use crate::claim::{Atom, Condition, Fact, KeyFact, Order, Quantifier, Test, words};
use crate::likeness;

/// What a comparison is about.
#[derive(Clone)]
enum Subject {
    Action,
    Resource,
    Path,
    Layer,
    Key(Option<Quantifier>, ConditionKey),
}

/// How it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Is,
    In,
    Like,
    Within,
    Order(Order),
}

/// The words of comparisons, for errors.
const RELATIONS: [&str; 7] = ["is", "not", "like", "in", "cidr", "before", "after"];

impl Grammar<'_> {
    /// A single fact, or its negation: `KEY is not VALUE`. A list of paths or layers is one fact for
    /// each of them.
    pub(super) fn fact<'a>(&self, input: &'a str) -> Parsed<'a, Condition> {
        let (rest, (facts, negated)) = match decision::decision(input) {
            Ok((rest, decision)) => (rest, (vec![Fact::Decision(decision)], false)),
            Err(Err::Error(_)) => self.comparison_of(input)?,
            Err(error) => return Err(error),
        };
        let span = self.span(input, rest);
        let atom = |fact| Condition::Is(Atom { fact, span: span.clone() });
        if let ([Fact::Key(KeyFact { key, quantifier: Some(quantifier), test })], true) =
            (facts.as_slice(), negated)
        {
            // `any KEY is not VALUE`: there is a value, and not all of them are that; and the other way
            // round.
            let other = match quantifier {
                Quantifier::Any => Quantifier::All,
                Quantifier::All => Quantifier::Any,
            };
            let fact = |quantifier, test| Fact::Key(KeyFact { key: key.clone(), quantifier, test });
            let not = |fact| Condition::Not(Box::new(atom(fact)));
            let present = not(fact(None, Test::Absent));
            return Ok((rest, Condition::All(vec![present, not(fact(Some(other), test.clone()))])));
        }
        let mut conditions: Vec<Condition> = facts.into_iter().map(atom).collect();
        let condition = match (conditions.pop(), conditions.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                conditions.extend(last);
                Condition::Any(conditions)
            }
        };
        Ok((rest, if negated { Condition::Not(Box::new(condition)) } else { condition }))
    }

    /// The facts, one of which holds, and whether none does instead.
    fn comparison_of<'a>(&self, input: &'a str) -> Parsed<'a, (Vec<Fact>, bool)> {
        if let Ok(found) = presence(input) {
            return Ok(found);
        }
        let (rest, subject) = subject(input)?;
        let (rest, (relation, negated)) = relation(rest)?;
        let (rest, (facts, reversed)) = self.object(&subject, relation, rest)?;
        Ok((rest, (facts, negated != reversed)))
    }

    fn object<'a>(
        &self,
        subject: &Subject,
        relation: Relation,
        input: &'a str,
    ) -> Parsed<'a, (Vec<Fact>, bool)> {
        let listed = matches!(relation, Relation::Is | Relation::In);
        let (rest, facts) = match subject {
            Subject::Key(quantifier, key) => {
                return key_fact(*quantifier, key, relation, input);
            }
            Subject::Action if listed || relation == Relation::Like => {
                let (rest, patterns) = cut(one_or_list(action)).parse(input)?;
                (rest, vec![Fact::Action(patterns)])
            }
            Subject::Resource if listed || relation == Relation::Like => {
                let (rest, patterns) = cut(one_or_list(text("a resource"))).parse(input)?;
                (rest, vec![Fact::Resource(patterns)])
            }
            Subject::Path if listed => {
                let (rest, names) = cut(one_or_list(|input| self.path(input))).parse(input)?;
                (rest, names.into_iter().map(Fact::Path).collect())
            }
            Subject::Layer if listed => {
                let (rest, layers) = cut(one_or_list(layer)).parse(input)?;
                (rest, layers.into_iter().map(Fact::Layer).collect())
            }
            Subject::Action | Subject::Resource => {
                let help = "`is`, `in` and `like` compare actions and resources".to_owned();
                return Err(not_compared(input, help));
            }
            Subject::Path | Subject::Layer => {
                let help = "a path or layer `is` one, or is `in` a list of them".to_owned();
                return Err(not_compared(input, help));
            }
        };
        Ok((rest, (facts, false)))
    }

    /// The name of a call path there is.
    fn path<'a>(&self, input: &'a str) -> Parsed<'a, String> {
        let (rest, name) = text("the name of a call path").parse(input)?;
        match self.paths.named(&name) {
            Ok(_) => Ok((rest, name)),
            Err(unknown) => {
                let help = unknown.suggestion.map_or_else(
                    || "docs/paths.md has the call paths".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                let message = format!("unknown call path `{name}`");
                Err(Fault::wrong(input, rest, message, Some(help)))
            }
        }
    }
}

fn not_compared(input: &str, help: String) -> Err<Fault> {
    let start = input.trim_start();
    let rest = start.strip_prefix(lexeme::next(start)).unwrap_or_default();
    Fault::wrong(input, rest, "this comparison is not supported", Some(help))
}

/// `present(KEY)`, `absent(KEY)`.
fn presence(input: &str) -> Parsed<'_, (Vec<Fact>, bool)> {
    let (rest, present) =
        alt((value(true, keyword(&["present"])), value(false, keyword(&["absent"]))))
            .parse(input)?;
    let (rest, ()) = sign("(").parse(rest)?;
    let (rest, key) = key(rest)?;
    let (rest, ()) = sign(")").parse(rest)?;
    let fact = KeyFact { key, quantifier: None, test: Test::Absent };
    Ok((rest, (vec![Fact::Key(fact)], present)))
}

fn subject(input: &str) -> Parsed<'_, Subject> {
    let principal = ConditionKey::from("aws:PrincipalArn");
    let named: Parsed<'_, Subject> = alt((
        value(Subject::Action, keyword(&["action"])),
        value(Subject::Resource, keyword(&["resource"])),
        value(Subject::Path, keyword(&["path"])),
        value(Subject::Layer, keyword(&["layer"])),
        value(Subject::Key(None, principal), keyword(&["principal"])),
    ))
    .parse(input);
    if named.is_ok() {
        return named;
    }
    let quantifier =
        alt((value(Quantifier::Any, keyword(&["any"])), value(Quantifier::All, keyword(&["all"]))));
    let (rest, quantifier) = opt(quantifier).parse(input)?;
    let (rest, key) = if quantifier.is_some() { cut(key).parse(rest) } else { key(rest) }?;
    Ok((rest, Subject::Key(quantifier, key)))
}

/// A condition key on the left of a comparison, where a quoted one is a key too.
fn key(input: &str) -> Parsed<'_, ConditionKey> {
    let (rest, found) = match quoted(input) {
        Err(Err::Error(_)) => {
            let missing = |_| Fault::expected(input, &[Wanted::Condition]);
            word(input).map(|(rest, found)| (rest, found.to_owned())).map_err(missing)?
        }
        quoted => quoted?,
    };
    if is_key(&found) {
        return Ok((rest, ConditionKey::new(found)));
    }
    if let Some(meant) = likeness::global_key_named(&found) {
        let message = format!("`{found}` is not a condition key");
        return Err(Fault::wrong(input, rest, message, Some(format!("did you mean `{meant}`?"))));
    }
    if words::closest(&found, words::SUBJECTS.into_iter()).is_some() || lexeme::is_end(input) {
        return Err(Fault::expected(input, &[Wanted::Condition]));
    }
    let arn = found.starts_with("arn:");
    let help = if arn { "write `resource like …` or `principal like …`" } else { SHAPE };
    Err(Fault::wrong(
        input,
        rest,
        format!("expected a condition, found `{found}`"),
        Some(help.to_owned()),
    ))
}

/// Whether a key stands on the left of a comparison as it is, without quotation marks.
pub(in crate::claim) fn is_bare_key(text: &str) -> bool {
    matches!(word(text), Ok(("", found)) if found == text) && is_key(text)
}

/// How something is compared, and whether that is negated.
fn relation(input: &str) -> Parsed<'_, (Relation, bool)> {
    let by_sign: Parsed<'_, (Relation, bool)> = alt((
        value((Relation::Is, true), sign("!=")),
        value((Relation::Is, false), sign("==")),
        value((Relation::Is, false), sign("=")),
        value((Relation::Order(Order::LessOrEqual), false), sign("<=")),
        value((Relation::Order(Order::Less), false), sign("<")),
        value((Relation::Order(Order::GreaterOrEqual), false), sign(">=")),
        value((Relation::Order(Order::Greater), false), sign(">")),
    ))
    .parse(input);
    if by_sign.is_ok() {
        return by_sign;
    }
    let (rest, is) = opt(keyword(&["is"])).parse(input)?;
    let (rest, not) = opt(keyword(&["not"])).parse(rest)?;
    let by_word = alt((
        value(Relation::In, keyword(&["in"])),
        value(Relation::Like, keyword(&["like"])),
        value(Relation::Within, keyword(&["cidr", "within"])),
        value(Relation::Order(Order::Less), keyword(&["before"])),
        value(Relation::Order(Order::Greater), keyword(&["after"])),
    ));
    let (rest, by_word) = opt(by_word).parse(rest)?;
    match (is, not, by_word) {
        (_, _, Some(relation)) => Ok((rest, (relation, not.is_some()))),
        (Some(()), _, None) => Ok((rest, (Relation::Is, not.is_some()))),
        (None, Some(()), None) => {
            let after_not = ["like", "in", "cidr", "before", "after"].map(Wanted::Word);
            Err(Fault::missing(rest, &after_not))
        }
        (None, None, None) => Err(Fault::missing(rest, &RELATIONS.map(Wanted::Word))),
    }
}

/// What is said of a key, and whether the opposite is.
fn key_fact<'a>(
    quantifier: Option<Quantifier>,
    key: &ConditionKey,
    relation: Relation,
    input: &'a str,
) -> Parsed<'a, (Vec<Fact>, bool)> {
    let fact = |test| vec![Fact::Key(KeyFact { key: key.clone(), quantifier, test })];
    if relation == Relation::Is {
        let there = alt((value(false, keyword(&["absent"])), value(true, keyword(&["present"]))));
        if let (rest, Some(present)) = opt(there).parse(input)? {
            if quantifier.is_some() {
                let message = "a key is absent or present as a whole";
                let help = "leave `any` and `all` out".to_owned();
                return Err(Fault::wrong(input, rest, message, Some(help)));
            }
            return Ok((rest, (fact(Test::Absent), present)));
        }
    }
    let (rest, test) = match relation {
        Relation::Is | Relation::In => {
            let (rest, values) = cut(one_or_list(operand)).parse(input)?;
            (rest, Test::OneOf(values))
        }
        Relation::Like => {
            let (rest, patterns) = cut(one_or_list(text("a pattern"))).parse(input)?;
            (rest, Test::Like(patterns))
        }
        Relation::Within => {
            let (rest, ranges) = cut(one_or_list(range)).parse(input)?;
            (rest, Test::Within(ranges))
        }
        Relation::Order(order) => {
            let (rest, bound) = cut(bound).parse(input)?;
            (rest, Test::Order(order, bound))
        }
    };
    Ok((rest, (fact(test), false)))
}

fn range(input: &str) -> Parsed<'_, String> {
    let (rest, found) = text("a range of addresses").parse(input)?;
    if Network::read(&found).is_some() {
        return Ok((rest, found));
    }
    let message = format!("`{found}` is not a valid CIDR range");
    let help = "expected a range such as 203.0.113.0/24 or 2001:db8::/32".to_owned();
    Err(Fault::wrong(input, rest, message, Some(help)))
}

/// A number or a date.
fn bound(input: &str) -> Parsed<'_, String> {
    let (rest, found) = text("a number or a date").parse(input)?;
    if Number::read(&found).is_some() || Date::read(&found).is_some() {
        return Ok((rest, found));
    }
    let message = format!("`{found}` is neither a number nor a date");
    let help = "expected a number or a date, such as 100 or 2026-12-31T00:00:00Z".to_owned();
    Err(Fault::wrong(input, rest, message, Some(help)))
}

fn layer(input: &str) -> Parsed<'_, PolicyType> {
    let (rest, name) = text("a layer").parse(input)?;
    if let Some(layer) = words::layer(&name) {
        return Ok((rest, layer));
    }
    let all = PolicyType::ALL.map(PolicyType::name);
    let help = words::closest(&name, all.into_iter()).map_or_else(
        || format!("the layers are {}", all.join(", ")),
        |meant| format!("did you mean `{meant}`?"),
    );
    Err(Fault::wrong(input, rest, format!("unknown layer `{name}`"), Some(help)))
}
