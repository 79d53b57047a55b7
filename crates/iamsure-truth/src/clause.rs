//! Clauses about condition keys, in the form that classes are made from.
//!
//! Two clauses that are written alike are one clause, wherever they stand. What the request's facts
//! settle is settled here: variables of keys whose value is known are replaced by it.

use iamsure_core::language::ConditionKey;
use iamsure_core::language::condition::{
    BaseOperator, Clause, ConditionValue, Family, Operand, Operator, Quantifier, Test,
};
use iamsure_core::language::variable::{Reading, Token, Variable};
use iamsure_core::world::{Context, KeyState, Switch, Switches};

use crate::class::text::{Span, Symbol, TextPattern};

/// One clause about a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyClause {
    /// The key.
    pub key: ConditionKey,
    /// The operator.
    pub(crate) operator: Operator,
    /// What it compares with, each once, in order.
    pub(crate) values: Vec<ClauseValue>,
    /// What is chosen where AWS is silent, of the switches that such a clause depends on: under any other it is
    /// the same clause.
    pub(crate) switches: Switches,
}

/// One value of a clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClauseValue {
    /// The text as written.
    pub(crate) text: String,
    /// What its variables, and whether it has any, make of it.
    pub(crate) form: Form,
}

/// What a value compares by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// A pattern over texts; none if it matches no text.
    Text(Option<TextPattern>),
    /// The text as a number, date, address or range, or `None` if it is none (C-29).
    Typed(Option<String>),
    /// `true` or `false` for `Null`.
    Presence(Option<bool>),
    /// A comparison with variables whose values are not known.
    Relational(Vec<Part>),
    /// A variable has no value, and never will: the value matches nothing (V-7).
    NoVariable,
}

/// A part of a value with variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A character that stands for itself.
    Char(char),
    /// `*` as a wildcard.
    Run,
    /// `?` as a wildcard.
    One,
    /// The value of a key, with what stands for it if there is none.
    Variable(ConditionKey, Option<String>),
}

/// What is settled before any class is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settled<'a> {
    /// The keys that are known; all others are free.
    pub(crate) context: &'a Context,
    /// The choices where AWS is silent.
    pub(crate) switches: &'a Switches,
}

impl Settled<'_> {
    /// What a variable stands for, where that is settled: `Ok(None)` is "nothing".
    fn variable(&self, variable: &Variable) -> Result<Option<String>, ()> {
        match self.context.state(&variable.key) {
            KeyState::Unknown => Err(()),
            KeyState::Single(text)
                if !text.is_empty() || self.switches.is_alternative(Switch::Q16) =>
            {
                Ok(Some(text.clone()))
            }
            _ => Ok(variable.default.clone()),
        }
    }

    /// The parts of a text, with what is settled put in; `None` if a variable has no value.
    pub(crate) fn parts(&self, tokens: &[Token], wildcards: bool) -> Option<Vec<Part>> {
        let mut parts = Vec::with_capacity(tokens.len());
        // Q11: wildcards in a substituted value stay wildcards.
        let survive = wildcards && self.switches.is_alternative(Switch::Q11);
        for token in tokens {
            match token {
                Token::Char(c) => parts.push(Part::Char(*c)),
                Token::Star if wildcards => parts.push(Part::Run),
                Token::Question if wildcards => parts.push(Part::One),
                Token::Star => parts.push(Part::Char('*')),
                Token::Question => parts.push(Part::Char('?')),
                Token::Variable(variable) => match self.variable(variable) {
                    Ok(text) => parts.extend(text?.chars().map(|c| match c {
                        '*' if survive => Part::Run,
                        '?' if survive => Part::One,
                        c => Part::Char(c),
                    })),
                    Err(()) => {
                        parts.push(Part::Variable(variable.key.clone(), variable.default.clone()));
                    }
                },
            }
        }
        Some(parts)
    }
}

/// The pattern of parts; `None` if a variable is among them.
pub(crate) fn pattern_of(parts: &[Part], ignore_case: bool) -> Option<TextPattern> {
    let symbols: Option<Vec<Symbol>> = parts
        .iter()
        .map(|part| match part {
            Part::Char(c) => Some(Symbol::char(*c, ignore_case)),
            Part::Run => Some(Symbol::Run(Span::All)),
            Part::One => Some(Symbol::One(Span::All)),
            Part::Variable(..) => None,
        })
        .collect();
    symbols.map(TextPattern::new)
}

impl KeyClause {
    pub(crate) fn new(clause: &Clause, reading: Reading, settled: Settled<'_>) -> Self {
        let operator = *clause.operator;
        let mut values: Vec<ClauseValue> = clause
            .values
            .iter()
            .map(|value| ClauseValue {
                text: value.as_str().to_owned(),
                form: form(operator.base, value, reading, settled),
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        let switches = settled.switches.only(&asked_switches(operator, &values));
        Self { key: clause.key.value.clone(), operator, values, switches }
    }

    /// The keys of its variables that are not settled.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&ConditionKey, bool)> {
        self.values.iter().flat_map(|value| {
            let parts: &[Part] = match &value.form {
                Form::Relational(parts) => parts,
                _ => &[],
            };
            parts.iter().filter_map(|part| match part {
                Part::Variable(key, default) => Some((key, default.is_some())),
                _ => None,
            })
        })
    }

    /// Whether some value compares with a variable that is not settled.
    pub(crate) fn is_relational(&self) -> bool {
        self.values.iter().any(|value| matches!(value.form, Form::Relational(_)))
    }

    /// Whether it compares texts, so that automata know its values.
    pub(crate) const fn is_textual(&self) -> bool {
        is_textual(self.operator.base.family())
    }

    /// Whether the clause holds where one of its values alone would make it hold: it is not negated, asks
    /// for one element at least, and compares with what is settled.
    pub(crate) fn is_mergeable(&self) -> bool {
        let base = self.operator.base;
        !base.is_negated()
            && base.family() != Family::Null
            && self.operator.quantifier != Some(Quantifier::ForAllValues)
            && !self.values.is_empty()
            && self.values.iter().all(|value| matches!(value.form, Form::Text(_) | Form::Typed(_)))
    }

    /// The clause that holds where any of `clauses` does, all of which are mergeable and ask the same of
    /// the same key.
    pub(crate) fn union(clauses: &[&Self]) -> Option<Self> {
        let first = clauses.first()?;
        if clauses.iter().any(|clause| clause.switches != first.switches) {
            return None;
        }
        let mut values: Vec<_> =
            clauses.iter().flat_map(|clause| clause.values.iter().cloned()).collect();
        values.sort_unstable();
        values.dedup();
        Some(Self { values, ..(*first).clone() })
    }

    /// The values as patterns over texts.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &TextPattern> {
        self.values.iter().filter_map(|value| match &value.form {
            Form::Text(pattern) => pattern.as_ref(),
            _ => None,
        })
    }
}

/// The switches that what a clause says of a value depends on, once its values are read.
fn asked_switches(operator: Operator, values: &[ClauseValue]) -> Vec<Switch> {
    let Operator { quantifier, base, if_exists } = operator;
    let mut asked = Vec::new();
    match base.family() {
        Family::Null => asked.push(Switch::Q5),
        Family::Numeric => asked.push(Switch::Q2),
        Family::Date => asked.extend([Switch::Q2, Switch::Q17]),
        Family::IpAddress => asked.extend([Switch::Q2, Switch::Q12]),
        Family::String | Family::Arn | Family::Bool | Family::Binary => {}
    }
    if quantifier.is_none() && base.family() != Family::Null {
        asked.push(Switch::Q4);
    }
    if if_exists && quantifier == Some(Quantifier::ForAnyValue) {
        asked.push(Switch::Q6);
    }
    if values.iter().any(|value| matches!(value.form, Form::Relational(_) | Form::NoVariable)) {
        asked.extend([Switch::Q11, Switch::Q16, Switch::Q21]);
    }
    asked
}

const fn is_textual(family: Family) -> bool {
    matches!(family, Family::String | Family::Arn | Family::Bool | Family::Binary)
}

fn form(
    base: BaseOperator,
    value: &ConditionValue,
    reading: Reading,
    settled: Settled<'_>,
) -> Form {
    let tokens = value.template().tokens(reading);
    let ignore_case = base.test() == Test::EqualIgnoreCase;
    match base.family() {
        Family::String => match settled.parts(tokens, base.test() == Test::Like) {
            None => Form::NoVariable,
            Some(parts) => pattern_of(&parts, ignore_case)
                .map_or(Form::Relational(parts), |pattern| Form::Text(Some(pattern))),
        },
        Family::Arn => arn_form(tokens, settled),
        Family::Bool => match value.operand() {
            _ if settled.switches.is_alternative(Switch::Q10)
                && value.template().has_variables() =>
            {
                match settled.parts(tokens, false) {
                    None => Form::NoVariable,
                    Some(parts) => match pattern_of(&parts, true) {
                        // Only a Boolean equals a Boolean.
                        Some(pattern) => Form::Text(
                            ["true", "false"]
                                .iter()
                                .any(|text| pattern.matches(text))
                                .then_some(pattern),
                        ),
                        None => Form::Relational(parts),
                    },
                }
            }
            Operand::Bool(Some(truth)) => {
                Form::Text(Some(TextPattern::literal(if *truth { "true" } else { "false" }, true)))
            }
            _ => Form::Text(None),
        },
        // Padded base64 has one spelling for each sequence of bytes.
        Family::Binary => Form::Text(
            matches!(value.operand(), Operand::Binary(Some(_)))
                .then(|| TextPattern::literal(value.as_str(), false)),
        ),
        Family::Numeric | Family::Date | Family::IpAddress => {
            let readable = match value.operand() {
                Operand::Date(date) => date.as_ref().is_some_and(|date| {
                    !(settled.switches.is_alternative(Switch::Q17) && date.is_assumed())
                }),
                _ => value.is_readable(),
            };
            Form::Typed(readable.then(|| value.as_str().to_owned()))
        }
        Family::Null => match value.operand() {
            Operand::Bool(truth) => Form::Presence(*truth),
            _ => Form::Presence(None),
        },
    }
}

/// An ARN pattern: six fields, the first five without colons; with fewer it matches nothing, or the whole
/// text (C-28, Q27).
fn arn_form(tokens: &[Token], settled: Settled<'_>) -> Form {
    let fields: Vec<&[Token]> = tokens.splitn(6, |token| *token == Token::Char(':')).collect();
    if fields.len() < 6 {
        if !settled.switches.is_alternative(Switch::Q27) {
            return Form::Text(None);
        }
        return match settled.parts(tokens, true) {
            None => Form::NoVariable,
            Some(parts) => pattern_of(&parts, false)
                .map_or(Form::Relational(parts), |pattern| Form::Text(Some(pattern))),
        };
    }
    let mut all = Vec::new();
    let mut relational = false;
    for field in &fields {
        let Some(parts) = settled.parts(field, true) else { return Form::NoVariable };
        relational |= parts.iter().any(|part| matches!(part, Part::Variable(..)));
        all.push(parts);
    }
    if relational {
        return Form::Relational(all.join(&Part::Char(':')));
    }
    let mut symbols = Vec::new();
    for (index, parts) in all.iter().enumerate() {
        let span = if index < 5 { Span::Field } else { Span::All };
        if index > 0 {
            symbols.push(Symbol::Char(':'));
        }
        for part in parts {
            symbols.push(match part {
                // A colon that a variable brought in separates nothing, and no field holds one.
                Part::Char(':') if index < 5 => return Form::Text(None),
                Part::Char(c) => Symbol::Char(*c),
                Part::Run => Symbol::Run(span),
                Part::One => Symbol::One(span),
                Part::Variable(..) => return Form::NoVariable,
            });
        }
    }
    Form::Text(Some(TextPattern::new(symbols)))
}

/// The same clause for a text that stands alone, for tests.
#[cfg(test)]
pub(crate) fn clause_of(
    operator: &str,
    key: &str,
    values: &[&str],
    switches: &Switches,
) -> KeyClause {
    use iamsure_core::language::condition::Written;
    use iamsure_core::language::source::{Span, Spanned};
    let operator = Operator::parse(operator).unwrap();
    let values = values
        .iter()
        .map(|text| {
            Spanned::new(
                ConditionValue::new(*text, Written::Text, operator.base.family()),
                Span::new(0, 0),
            )
        })
        .collect();
    let clause = Clause {
        operator: Spanned::new(operator, Span::new(0, 0)),
        key: Spanned::new(key.into(), Span::new(0, 0)),
        values,
    };
    KeyClause::new(&clause, Reading::Substituted, Settled { context: &Context::open(), switches })
}
