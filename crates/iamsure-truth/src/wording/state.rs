//! Words for the states of a condition key.

use iamsure_core::language::condition::{Family, Quantifier, Test};
use iamsure_core::world::KeyState;

use super::literal::{Literal, express};
use crate::bits::Bits;
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::class::text::TextPattern;
use crate::clause::{ClauseValue, Form, KeyClause};
use crate::said::{Comparison, Said, Sample, Value};

/// A value as written. Where `${` is in it and means nothing (V-1), that is said: the same text elsewhere
/// may mean something else.
fn value(value: &ClauseValue) -> Value {
    let plain = |pattern: &TextPattern| *pattern == TextPattern::glob(&value.text, false);
    let is_verbatim = match &value.form {
        Form::Text(Some(pattern)) => value.text.contains("${") && plain(pattern),
        _ => false,
    };
    Value { text: value.text.clone(), is_verbatim }
}

/// What a clause asks of one value, without negation, and how long that reads.
fn asked(clause: &KeyClause) -> Option<(Said, usize)> {
    let values: Vec<Value> = clause
        .values
        .iter()
        .filter(|value| matches!(value.form, Form::Text(Some(_)) | Form::Typed(Some(_))))
        .map(value)
        .collect();
    if values.is_empty() {
        return None;
    }
    let base = clause.operator.base;
    let is_wild = values.iter().any(|value| value.text.contains(['*', '?']));
    let comparison = match (base.family(), base.test()) {
        (Family::String, Test::EqualIgnoreCase) | (Family::Bool, _) => Comparison::IgnoreCase,
        (Family::String, Test::Like) if is_wild => Comparison::Like,
        (Family::Arn, _) => Comparison::ArnLike,
        (Family::Numeric, Test::Equal) => Comparison::Number,
        (Family::Date, Test::Equal) => Comparison::Time,
        (Family::Numeric, Test::Less) => Comparison::Less,
        (Family::Numeric, Test::LessOrEqual) => Comparison::AtMost,
        (Family::Numeric, Test::Greater) => Comparison::More,
        (Family::Numeric, Test::GreaterOrEqual) => Comparison::AtLeast,
        (Family::Date, Test::Less) => Comparison::Before,
        (Family::Date, Test::LessOrEqual) => Comparison::AtOrBefore,
        (Family::Date, Test::Greater) => Comparison::After,
        (Family::Date, Test::GreaterOrEqual) => Comparison::AtOrAfter,
        (Family::IpAddress, _) => Comparison::Within,
        _ => return Some((Said::is_one_of(values.clone()), values.len())),
    };
    let cost = values.len() + 1;
    Some((Said::compared(comparison, values), cost))
}

pub(super) fn states(classes: &StateClasses, clauses: &[KeyClause], target: &Bits) -> Said {
    let of_kind = |wanted: &dyn Fn(&StateKind) -> bool| -> Bits {
        let states = classes.states.iter().enumerate();
        states.filter(|(_, class)| wanted(&class.kind)).map(|(at, _)| at).collect()
    };
    let absent = of_kind(&|kind| *kind == StateKind::Absent);
    let empty = of_kind(&|kind| *kind == StateKind::Empty);
    let values = of_kind(&|kind| matches!(kind, StateKind::Value(_)));
    let sets = of_kind(&|kind| matches!(kind, StateKind::Set(_)));
    let mut said = Vec::new();
    if !absent.is_empty() && absent.is_subset(target) {
        said.push(Said::Absent);
    }
    let present = empty.union(&values).union(&sets);
    let wanted = target.intersection(&present);
    if wanted == present {
        // The only value there may be is said.
        let only = match (present.iter().next(), present.len()) {
            (Some(at), 1) => classes.states.get(at).filter(|class| !class.several),
            _ => None,
        };
        said.push(match only.and_then(|class| class.witness.as_ref()) {
            Some(KeyState::Single(text)) => Said::is(text),
            _ => Said::Present,
        });
        return Said::one_of(said);
    }
    if !empty.is_empty() && !wanted.intersection(&empty).is_empty() {
        said.push(if sets.is_empty() { Said::Empty } else { Said::NoElements });
    }
    let excludes_empty =
        !empty.is_empty() && sets.is_empty() && wanted.intersection(&empty).is_empty();
    let wanted_values = wanted.intersection(&values);
    if wanted_values == values && !values.is_empty() {
        let any = if sets.is_empty() { Said::Present } else { Said::Single };
        let not_empty = (!empty.is_empty()).then(|| Said::negated(Said::Empty));
        said.push(Said::all(std::iter::once(any).chain(not_empty)));
    } else if !wanted_values.is_empty() {
        // "not `a`" alone could be read to take in the absent key, or the empty one.
        let is_present = (!absent.is_empty() && !absent.is_subset(target)).then_some(Said::Present);
        let not_empty = excludes_empty.then(|| Said::negated(Said::Empty));
        let alone = |one: Said| {
            if !one.is_exclusion() {
                return one;
            }
            Said::all(is_present.iter().chain(&not_empty).cloned().chain([one]))
        };
        said.extend(some_values(classes, clauses, &wanted_values, &values).into_iter().map(alone));
    }
    let wanted_sets = wanted.intersection(&sets);
    if wanted_sets == sets && !sets.is_empty() {
        said.push(Said::elements(Quantifier::ForAnyValue, Said::Any));
    } else if !wanted_sets.is_empty() {
        said.extend(some_sets(classes, clauses, &wanted_sets, &sets));
    }
    Said::one_of(said)
}

/// What the clauses say of single values.
fn value_literals(classes: &StateClasses, clauses: &[KeyClause]) -> Vec<Literal> {
    let mut literals: Vec<Literal> = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let Some((said, cost)) = asked(clause) else { continue };
        let matches = |class: &StateClass| match class.kind {
            StateKind::Value(value) => {
                classes.values.get(value).is_some_and(|value| value.matched.contains(number))
            }
            _ => false,
        };
        let holds = classes
            .states
            .iter()
            .enumerate()
            .filter(|(_, class)| matches(class))
            .map(|(at, _)| at)
            .collect();
        literals.push(Literal { holds, said, has_opposite: true, cost });
    }
    // A class of one value is that value.
    for (at, class) in classes.states.iter().enumerate() {
        if let (StateKind::Value(_), Some(KeyState::Single(text)), false) =
            (&class.kind, &class.witness, class.several)
        {
            literals.push(Literal {
                holds: std::iter::once(at).collect(),
                said: Said::is(text),
                has_opposite: true,
                cost: 1,
            });
        }
    }
    literals
}

fn some_values(
    classes: &StateClasses,
    clauses: &[KeyClause],
    target: &Bits,
    universe: &Bits,
) -> Vec<Said> {
    let literals = value_literals(classes, clauses);
    express(target, universe, &literals).unwrap_or_else(|| examples(classes, target))
}

/// Where words fail: an example of each class, said to be one.
fn examples(classes: &StateClasses, target: &Bits) -> Vec<Said> {
    let example = |at: usize| match classes.states.get(at).and_then(|class| class.witness.as_ref())
    {
        Some(KeyState::Single(text)) => Said::such(Sample::Values, [text]),
        Some(KeyState::Multi(texts)) => Said::such(Sample::Set, texts),
        _ => Said::such(Sample::Values, [""; 0]),
    };
    target.iter().map(example).collect()
}

fn some_sets(
    classes: &StateClasses,
    clauses: &[KeyClause],
    target: &Bits,
    universe: &Bits,
) -> Vec<Said> {
    let mut literals = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let Some((said, cost)) = asked(clause) else { continue };
        let matching: Bits = classes
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.matched.contains(number))
            .map(|(at, _)| at)
            .collect();
        let of = |wanted: &dyn Fn(&Bits) -> bool| -> Bits {
            let holds = |class: &StateClass| match &class.kind {
                StateKind::Set(made_of) => wanted(made_of),
                _ => false,
            };
            classes
                .states
                .iter()
                .enumerate()
                .filter(|(_, class)| holds(class))
                .map(|(at, _)| at)
                .collect()
        };
        literals.push(Literal {
            holds: of(&|made_of| !made_of.intersection(&matching).is_empty()),
            said: Said::elements(Quantifier::ForAnyValue, said.clone()),
            has_opposite: true,
            cost: cost + 1,
        });
        literals.push(Literal {
            holds: of(&|made_of| made_of.is_subset(&matching)),
            said: Said::elements(Quantifier::ForAllValues, said),
            has_opposite: true,
            cost: cost + 1,
        });
    }
    express(target, universe, &literals).unwrap_or_else(|| examples(classes, target))
}
