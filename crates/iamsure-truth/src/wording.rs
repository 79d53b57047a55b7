//! Which words to choose for a set of classes.
//!
//! A cell of a table is a set of classes. What can be said about classes are *literals*: a clause
//! matches, or does not. A set is put as the shortest choice of literals, and pairs of them, whose
//! union is exactly the set; so what is [said](crate::said) is exact, and the same always means the same
//! set of values.

use iamsure_core::language::condition::{Family, Quantifier, Test};
use iamsure_core::world::KeyState;

use crate::bits::Bits;
use crate::class::resource::{EntryForm, ResourceClass};
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::class::text::TextPattern;
use crate::clause::{ClauseValue, Form, KeyClause};
use crate::model::Classes;
use crate::said::{Comparison, Said, Sample, Value};

/// Something that can be said about classes, and where it holds.
pub(crate) struct Literal {
    pub(crate) holds: Bits,
    pub(crate) said: Said,
    /// Whether its opposite can be said as well.
    pub(crate) has_opposite: bool,
    /// How long it reads.
    pub(crate) cost: usize,
}

/// A literal, or several that hold together.
struct Candidate {
    holds: Bits,
    said: Said,
    cost: usize,
}

/// `target` as a choice of literals; all within `universe`. `None` if they cannot say it.
pub(crate) fn express<'a>(
    target: &Bits,
    universe: &Bits,
    literals: impl IntoIterator<Item = &'a Literal>,
) -> Option<Vec<Said>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for literal in literals {
        let holds = literal.holds.intersection(universe);
        let opposite = literal.has_opposite.then(|| Candidate {
            holds: universe.difference(&holds),
            said: Said::negated(literal.said.clone()),
            cost: literal.cost + 1,
        });
        candidates.push(Candidate { holds, said: literal.said.clone(), cost: literal.cost });
        candidates.extend(opposite);
    }
    // By what they say, not by the order in which policies say it.
    candidates.sort_by_cached_key(|one| (one.cost, one.said.phrase().length(), one.said.clone()));
    if let Some(one) = candidates.iter().find(|one| one.holds == *target) {
        return Some(vec![one.said.clone()]);
    }
    let singles = candidates.len();
    if covered(&candidates, target) != *target && singles <= MAX_PAIRED {
        add_pairs(&mut candidates, target);
    }
    // Whatever pairs cannot say: each class by all that is to be said of it.
    for class in target.difference(&covered(&candidates, target)).iter() {
        let conjunction = conjunction(class, target, universe, candidates.get(..singles)?)?;
        candidates.push(conjunction);
    }
    choose(candidates, target)
}

/// The part of `target` that candidates within it say.
fn covered(candidates: &[Candidate], target: &Bits) -> Bits {
    let within = candidates.iter().filter(|one| one.holds.is_subset(target));
    within.fold(Bits::new(), |covered, one| covered.union(&one.holds))
}

/// Adds every two candidates that say something within `target` only together.
fn add_pairs(candidates: &mut Vec<Candidate>, target: &Bits) {
    let singles = candidates.len();
    for first in 0..singles {
        for second in (first + 1)..singles {
            let (Some(one), Some(two)) = (candidates.get(first), candidates.get(second)) else {
                continue;
            };
            let holds = one.holds.intersection(&two.holds);
            let is_new = !holds.is_empty() && holds != one.holds && holds != two.holds;
            if is_new && holds.is_subset(target) {
                let said = Said::all([one.said.clone(), two.said.clone()]);
                let cost = one.cost + two.cost + 1;
                candidates.push(Candidate { holds, said, cost });
            }
        }
        if candidates.len() > MAX_CANDIDATES {
            return;
        }
    }
}

/// As many literals as it takes to speak of a class and of nothing outside `target`.
fn conjunction(
    class: usize,
    target: &Bits,
    universe: &Bits,
    literals: &[Candidate],
) -> Option<Candidate> {
    let mut holds = universe.clone();
    let mut parts: Vec<Said> = Vec::new();
    let mut cost = 0;
    while !holds.is_subset(target) {
        let (narrower, literal) = literals
            .iter()
            .filter(|one| one.holds.contains(class))
            .map(|one| (holds.intersection(&one.holds), one))
            .min_by_key(|(left, one)| (left.difference(target).len(), one.cost))?;
        if narrower == holds {
            return None;
        }
        holds = narrower;
        cost += literal.cost + 1;
        parts.push(literal.said.clone());
    }
    (!parts.is_empty()).then(|| Candidate { holds, said: Said::all(parts), cost })
}

/// Candidates that together say `target`, those first that say most for their length.
fn choose(mut candidates: Vec<Candidate>, target: &Bits) -> Option<Vec<Said>> {
    candidates.retain(|one| !one.holds.is_empty() && one.holds.is_subset(target));
    let mut left = target.clone();
    let mut chosen: Vec<&Candidate> = Vec::new();
    while !left.is_empty() {
        let best = candidates
            .iter()
            .map(|one| (one.holds.intersection(&left).len(), one))
            .filter(|(gain, _)| *gain > 0)
            .max_by(|(gain, one), (other_gain, other)| {
                (gain * other.cost)
                    .cmp(&(other_gain * one.cost))
                    .then_with(|| other.said.cmp(&one.said))
            })?;
        left = left.difference(&best.1.holds);
        chosen.push(best.1);
    }
    // What later ones say as well need not be said.
    for at in (0..chosen.len()).rev() {
        let others = chosen.iter().enumerate().filter(|(other, _)| *other != at);
        let covered = others.fold(Bits::new(), |covered, (_, one)| covered.union(&one.holds));
        if target.is_subset(&covered) {
            chosen.remove(at);
        }
    }
    Some(chosen.into_iter().map(|one| one.said.clone()).collect())
}

/// How many literals are put together in pairs.
const MAX_PAIRED: usize = 128;

/// How many choices of literals are looked at.
const MAX_CANDIDATES: usize = 20_000;

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

/// What a set of classes of a subject says; `None` for all of them.
pub fn describe(classes: &Classes, target: &Bits) -> Option<Said> {
    if target.len() == classes.len() {
        return None;
    }
    Some(match classes {
        Classes::NoYes => Said::Holds(target.contains(1)),
        Classes::States { classes, clauses, own } => {
            states(classes, clauses.get(..*own).unwrap_or_default(), target)
        }
        Classes::Resources { .. } => resources(classes, target),
    })
}

/// The place of a class among those of its subject, for the order of rows.
pub(crate) fn rank(classes: &Classes, target: &Bits) -> (u8, String) {
    let Classes::States { classes, .. } = classes else {
        return (0, target.iter().next().map_or_else(String::new, |first| format!("{first:06}")));
    };
    let first = target.iter().next().and_then(|first| classes.states.get(first));
    match first {
        Some(StateClass { kind: StateKind::Absent, .. }) => (0, String::new()),
        Some(StateClass { kind: StateKind::Empty, .. }) => (1, String::new()),
        Some(class) => {
            let text = class.witness.as_ref().map(|state| format!("{state:?}")).unwrap_or_default();
            (2 + u8::from(class.several), text)
        }
        None => (u8::MAX, String::new()),
    }
}

fn states(classes: &StateClasses, clauses: &[KeyClause], target: &Bits) -> Said {
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

/// What a list of the rules of combination says.
fn of_rule(list: &[String]) -> Said {
    let [one] = list else { return Said::is_one_of(list) };
    if one.contains('#') {
        return Said::compared(Comparison::OfAccount, [""; 0]);
    }
    match one.strip_prefix("arn:*:*:*:").and_then(|rest| rest.strip_suffix(":*")) {
        Some(account) => Said::compared(Comparison::OfAccount, [account]),
        None => Said::is(one),
    }
}

fn resources(classes: &Classes, target: &Bits) -> Said {
    let Classes::Resources { classes, clauses, relational, rules } = classes else {
        return Said::Any;
    };
    let of = |wanted: &dyn Fn(&ResourceClass) -> bool| -> Bits {
        classes.iter().enumerate().filter(|(_, class)| wanted(class)).map(|(at, _)| at).collect()
    };
    let mut literals: Vec<Literal> = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let texts: Vec<String> = clause
            .entries
            .iter()
            .filter(|entry| {
                !matches!(
                    entry.form,
                    EntryForm::Relational(..) | EntryForm::Nothing | EntryForm::NoVariable
                )
            })
            .map(|entry| entry.text.clone())
            .collect();
        if texts.is_empty() {
            continue;
        }
        literals.push(Literal {
            holds: of(&|class| class.listed.contains(number)),
            cost: texts.len(),
            said: Said::is_one_of(texts),
            has_opposite: true,
        });
    }
    for (number, entry) in relational.iter().enumerate() {
        literals.push(Literal {
            holds: of(&|class| class.possible.contains(number)),
            said: Said::compared(Comparison::OfTheForm, [&entry.text]),
            has_opposite: true,
            cost: 2,
        });
    }
    for (number, list) in rules.iter().enumerate() {
        literals.push(Literal {
            holds: of(&|class| class.rules.contains(number)),
            said: of_rule(list),
            has_opposite: true,
            cost: list.len() + 1,
        });
    }
    for (at, class) in classes.iter().enumerate() {
        if class.is_all || !class.several {
            literals.push(Literal {
                holds: std::iter::once(at).collect(),
                said: if class.is_all { Said::NoResource } else { Said::is(&class.witness) },
                has_opposite: true,
                cost: 1,
            });
        }
    }
    let universe = Bits::below(classes.len());
    if let Some(said) = express(target, &universe, &literals) {
        return Said::one_of(said);
    }
    let examples = target.iter().filter_map(|at| classes.get(at)).map(|class| &class.witness);
    Said::such(Sample::Resources, examples)
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType, Profile, Source};
    use iamsure_core::world::PolicySet;
    use iamsure_core::world::policy_set::StatementId;

    use super::*;
    use crate::model::{Outcome, Question, Subject};
    use crate::setting::Setting;
    use crate::table::{Column, Form as TableForm, TableQuery};

    #[test]
    fn the_shortest_choice_of_literals_is_said() {
        let literal = |class: usize, said: Said, has_opposite: bool| Literal {
            holds: std::iter::once(class).collect(),
            said,
            has_opposite,
            cost: 1,
        };
        let literals = [
            literal(0, Said::compared(Comparison::IgnoreCase, ["a"]), false),
            literal(1, Said::is("b"), true),
            literal(2, Said::compared(Comparison::Like, ["c*"]), false),
        ];
        for (target, words) in [
            (vec![0, 1], "`b` or any case of `a`"),
            (vec![1, 2], "`b` or like `c*`"),
            (vec![0, 2, 3], "not `b`"),
        ] {
            let target = target.into_iter().collect();
            let said = express(&target, &Bits::below(4), &literals).unwrap();
            assert_eq!(Said::one_of(said).to_string(), words);
        }
    }

    #[test]
    fn no_value_of_a_policy_is_taken_for_a_stand_in() {
        let key = "aws:PrincipalTag/team";
        for value in ["x", "another-value", "example", "0", "absent", "some-other-value"] {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "*",
                    "Resource": "*", "Condition": {{"StringEquals": {{"{key}": "{value}"}}}}}}}}"#
            );
            let source = Source::new("policy", text);
            let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
            let statement =
                StatementId { layer: PolicyType::Identity, level: 0, policy: 0, statement: 0 };
            let query = TableQuery {
                policies: PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() },
                question: Question::Applies(statement),
                setting: Setting::default(),
                form: TableForm { hit: None, apart: Some(false), keys: None },
            };
            let rows = query.answer().unwrap().table.rows;
            let column = Column::Subject(Subject::Key(ConditionKey::from(key)));
            let said = |outcome: Outcome| -> Vec<Said> {
                let of_outcome = |row: &&crate::table::Row| row.outcomes.one() == Some(outcome);
                rows.iter().filter(of_outcome).map(|row| row.cells[&column].clone()).collect()
            };
            assert_eq!(said(Outcome::Applies), [Said::is(value)]);
            let others = Said::one_of([Said::Absent, Said::negated(Said::is(value))]);
            assert_eq!(said(Outcome::DoesNotApply), [others]);
        }
    }
}
