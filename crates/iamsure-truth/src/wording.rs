//! Sets of classes in the policy's own words: "absent or `false`", "none of: `a`, `b`", "like `x*`".
//!
//! A cell of a table is a set of classes. What can be said about classes are *literals*: a clause
//! matches, or does not. A set is put as the shortest choice of literals, and pairs of them, whose
//! union is exactly the set; so what is printed is exact, and the same words always mean the same
//! set of values.

use iamsure_core::language::condition::{Family, Test};

use crate::bits::Bits;
use crate::class::resource::EntryForm;
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::class::text::TextPattern;
use crate::clause::{ClauseValue, Form, KeyClause};
use crate::model::Classes;

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// A word of ours.
    Word(String),
    /// Text of a policy or a request.
    Code(String),
}

/// Words and values, to be set apart in print.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase(pub Vec<Piece>);

impl Phrase {
    /// Only a word.
    pub fn word(text: impl Into<String>) -> Self {
        Self(vec![Piece::Word(text.into())])
    }

    /// Only a value.
    ///
    /// The empty text is shown in quotes.
    pub fn code(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self(vec![Piece::Code(if text.is_empty() { "\"\"".to_owned() } else { text })])
    }

    fn then(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }

    fn and(mut self, word: &str, other: Self) -> Self {
        self.0.push(Piece::Word(word.to_owned()));
        self.0.extend(other.0);
        self
    }
}

impl std::fmt::Display for Phrase {
    /// Values stand between backticks.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Word(text) => f.write_str(text)?,
                Piece::Code(text) => write!(f, "`{text}`")?,
            }
        }
        Ok(())
    }
}

/// A list of phrases, any of which may hold.
pub(crate) fn either(phrases: Vec<Phrase>) -> Phrase {
    let count = phrases.len();
    let mut all = Phrase::default();
    for (at, phrase) in phrases.into_iter().enumerate() {
        let join = match at {
            0 => "",
            _ if at + 1 == count => " or ",
            _ => ", ",
        };
        if !join.is_empty() {
            all.0.push(Piece::Word(join.to_owned()));
        }
        all.0.extend(phrase.0);
    }
    all
}

/// Something that can be said about classes: where it holds, its words, and those of its opposite.
pub(crate) struct Literal {
    pub(crate) holds: Bits,
    pub(crate) words: Phrase,
    pub(crate) opposite: Option<Phrase>,
    /// How long it reads.
    pub(crate) cost: usize,
}

/// A literal, or several that hold together.
struct Candidate {
    holds: Bits,
    words: Phrase,
    cost: usize,
}

/// `target` as a choice of literals; all within `universe`. `None` if they cannot say it.
pub(crate) fn express<'a>(
    target: &Bits,
    universe: &Bits,
    literals: impl IntoIterator<Item = &'a Literal>,
) -> Option<Vec<Phrase>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for literal in literals {
        let holds = literal.holds.intersection(universe);
        let opposite = literal.opposite.as_ref().map(|words| Candidate {
            holds: universe.difference(&holds),
            words: words.clone(),
            cost: literal.cost + 1,
        });
        candidates.push(Candidate { holds, words: literal.words.clone(), cost: literal.cost });
        candidates.extend(opposite);
    }
    if let Some(one) =
        candidates.iter().filter(|one| one.holds == *target).min_by_key(|one| one.cost)
    {
        return Some(vec![one.words.clone()]);
    }
    let singles = candidates.len();
    if said(&candidates, target) != *target && singles <= MAX_PAIRED {
        add_pairs(&mut candidates, target);
    }
    // Whatever pairs cannot say: each class by all that is to be said of it.
    for class in target.difference(&said(&candidates, target)).iter() {
        let conjunction = conjunction(class, target, universe, candidates.get(..singles)?)?;
        candidates.push(conjunction);
    }
    choose(candidates, target)
}

/// The part of `target` that candidates within it say.
fn said(candidates: &[Candidate], target: &Bits) -> Bits {
    let within = candidates.iter().filter(|one| one.holds.is_subset(target));
    within.fold(Bits::new(), |said, one| said.union(&one.holds))
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
                let words = one.words.clone().and(" and ", two.words.clone());
                let cost = one.cost + two.cost + 1;
                candidates.push(Candidate { holds, words, cost });
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
    let mut words: Option<Phrase> = None;
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
        words = Some(match words {
            None => literal.words.clone(),
            Some(words) => words.and(" and ", literal.words.clone()),
        });
    }
    Some(Candidate { holds, words: words?, cost })
}

/// Candidates that together say `target`, those first that say most for their length.
fn choose(mut candidates: Vec<Candidate>, target: &Bits) -> Option<Vec<Phrase>> {
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
                    .then_with(|| other.words.cmp(&one.words))
            })?;
        left = left.difference(&best.1.holds);
        chosen.push(best.1);
    }
    // What later ones say as well need not be said.
    for at in (0..chosen.len()).rev() {
        let others = chosen.iter().enumerate().filter(|(other, _)| *other != at);
        let said = others.fold(Bits::new(), |said, (_, one)| said.union(&one.holds));
        if target.is_subset(&said) {
            chosen.remove(at);
        }
    }
    let mut chosen: Vec<Phrase> = chosen.into_iter().map(|one| one.words.clone()).collect();
    // "like `a*` or `b`" is like either: a value that stands for itself comes before such words.
    chosen.sort_by_key(|phrase| !matches!(phrase.0.first(), Some(Piece::Code(_))));
    Some(chosen)
}

/// How many literals are put together in pairs.
const MAX_PAIRED: usize = 128;

/// How many choices of literals are looked at.
const MAX_CANDIDATES: usize = 20_000;

/// Several values: "`a`", "`a` or `b`", "one of: …".
fn values_of(texts: &[String]) -> Phrase {
    either(texts.iter().map(Phrase::code).collect())
}

fn none_of(texts: &[String]) -> Phrase {
    if let [text] = texts {
        return Phrase::word("not ").and("", Phrase::code(text));
    }
    let mut all = Phrase::word("none of: ");
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            all.0.push(Piece::Word(", ".to_owned()));
        }
        all.0.extend(Phrase::code(text).0);
    }
    all
}

/// A value as written; where `${` is in it and means nothing (V-1), that is said: the same text elsewhere
/// may mean something else.
fn value_text(value: &ClauseValue) -> String {
    let plain = |pattern: &TextPattern| *pattern == TextPattern::glob(&value.text, false);
    match &value.form {
        Form::Text(Some(pattern)) if value.text.contains("${") && plain(pattern) => {
            format!("{} (without variables)", value.text)
        }
        _ => value.text.clone(),
    }
}

/// What a clause asks of one value, without negation.
fn asked(clause: &KeyClause) -> Option<(Phrase, Phrase, usize)> {
    let texts: Vec<String> = clause
        .values
        .iter()
        .filter(|value| matches!(value.form, Form::Text(Some(_)) | Form::Typed(Some(_))))
        .map(value_text)
        .collect();
    if texts.is_empty() {
        return None;
    }
    let base = clause.operator.base;
    let wild = texts.iter().any(|text| text.contains(['*', '?']));
    let before = match (base.family(), base.test()) {
        (Family::String, Test::EqualIgnoreCase) => "in any case ",
        (Family::String, Test::Like) if wild => "like ",
        (Family::Arn, _) => "an ARN like ",
        (Family::Bool, _) => "in any case ",
        (Family::Numeric, Test::Equal) => "the number ",
        (Family::Date, Test::Equal) => "the time ",
        (Family::Numeric, Test::Less) => "less than ",
        (Family::Numeric, Test::LessOrEqual) => "at most ",
        (Family::Numeric, Test::Greater) => "more than ",
        (Family::Numeric, Test::GreaterOrEqual) => "at least ",
        (Family::Date, Test::Less) => "before ",
        (Family::Date, Test::LessOrEqual) => "at or before ",
        (Family::Date, Test::Greater) => "after ",
        (Family::Date, Test::GreaterOrEqual) => "at or after ",
        (Family::IpAddress, _) => "in ",
        _ => "",
    };
    let cost = texts.len() + usize::from(!before.is_empty());
    let mut yes = Phrase::default();
    if !before.is_empty() {
        yes.0.push(Piece::Word(before.to_owned()));
    }
    yes.0.extend(values_of(&texts).0);
    let no = if before.is_empty() {
        none_of(&texts)
    } else {
        let mut no = Phrase::word(format!("not {before}"));
        no.0.extend(values_of(&texts).0);
        no
    };
    Some((yes, no, cost))
}

/// A set of classes of a subject in words; `None` for all of them.
pub fn describe(classes: &Classes, target: &Bits) -> Option<Phrase> {
    if target.len() == classes.len() {
        return None;
    }
    Some(match classes {
        Classes::NoYes => Phrase::word(if target.contains(1) { "yes" } else { "no" }),
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

fn states(classes: &StateClasses, clauses: &[KeyClause], target: &Bits) -> Phrase {
    let of_kind = |wanted: &dyn Fn(&StateKind) -> bool| -> Bits {
        classes
            .states
            .iter()
            .enumerate()
            .filter(|(_, class)| wanted(&class.kind))
            .map(|(at, _)| at)
            .collect()
    };
    let absent = of_kind(&|kind| *kind == StateKind::Absent);
    let empty = of_kind(&|kind| *kind == StateKind::Empty);
    let values = of_kind(&|kind| matches!(kind, StateKind::Value(_)));
    let sets = of_kind(&|kind| matches!(kind, StateKind::Set(_)));
    let mut phrases = Vec::new();
    if !absent.is_empty() && absent.is_subset(target) {
        phrases.push(Phrase::word("absent"));
    }
    let present = empty.union(&values).union(&sets);
    let wanted = target.intersection(&present);
    if wanted == present {
        phrases.push(Phrase::word("present, any value"));
        return either(phrases);
    }
    if !empty.is_empty() && !wanted.intersection(&empty).is_empty() {
        phrases.push(Phrase::word(if sets.is_empty() { "empty" } else { "no elements" }));
    }
    let wanted_values = wanted.intersection(&values);
    // "not `a`" alone could be read to take in the absent key.
    let excludes_absent = !absent.is_empty() && !absent.is_subset(target);
    let before = phrases.len();
    if !wanted_values.is_empty() {
        if wanted_values == values {
            phrases.push(Phrase::word(if empty.is_empty() {
                "any value"
            } else {
                "any value that is not empty"
            }));
        } else {
            phrases.extend(some_values(classes, clauses, &wanted_values, &values));
        }
    }
    let excludes_empty =
        !empty.is_empty() && sets.is_empty() && wanted.intersection(&empty).is_empty();
    if excludes_absent || excludes_empty {
        let said = match (excludes_absent, excludes_empty) {
            (true, true) => "present and not empty, ",
            (true, false) => "present, ",
            _ => "not empty, ",
        };
        let values = phrases.split_off(before);
        phrases.extend(values.into_iter().map(|phrase| if_negative(said, phrase)));
    }
    let wanted_sets = wanted.intersection(&sets);
    if !wanted_sets.is_empty() {
        if wanted_sets == sets {
            phrases.push(Phrase::word("any elements"));
        } else {
            phrases.extend(some_sets(classes, clauses, &wanted_sets, &sets));
        }
    }
    either(phrases)
}

/// A phrase that says what a value is not, with more of what it is not before it.
fn if_negative(said: &str, phrase: Phrase) -> Phrase {
    match phrase.0.first() {
        Some(Piece::Word(word)) if word.starts_with("not ") || word.starts_with("none of") => {
            Phrase::word(said).and("", phrase)
        }
        _ => phrase,
    }
}

/// What the clauses say of single values.
fn value_literals(classes: &StateClasses, clauses: &[KeyClause]) -> Vec<Literal> {
    let mut literals: Vec<Literal> = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let Some((words, opposite, cost)) = asked(clause) else { continue };
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
        literals.push(Literal { holds, words, opposite: Some(opposite), cost });
    }
    // A class of one value is that value.
    for (at, class) in classes.states.iter().enumerate() {
        if let (StateKind::Value(_), Some(iamsure_core::world::KeyState::Single(text)), false) =
            (&class.kind, &class.witness, class.several)
        {
            literals.push(Literal {
                holds: std::iter::once(at).collect(),
                words: Phrase::code(text),
                opposite: Some(none_of(std::slice::from_ref(text))),
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
) -> Vec<Phrase> {
    let literals = value_literals(classes, clauses);
    express(target, universe, &literals).unwrap_or_else(|| examples(classes, target))
}

/// Where words fail: an example of each class, said to be one.
fn examples(classes: &StateClasses, target: &Bits) -> Vec<Phrase> {
    let example = |at: usize| match classes.states.get(at).and_then(|class| class.witness.as_ref())
    {
        Some(iamsure_core::world::KeyState::Single(text)) => {
            Phrase::word("values such as ").then(Piece::Code(text.clone()))
        }
        Some(iamsure_core::world::KeyState::Multi(texts)) => {
            Phrase::word("sets such as ").then(Piece::Code(texts.join(", ")))
        }
        _ => Phrase::word("values that no example was found for"),
    };
    target.iter().map(example).collect()
}

fn some_sets(
    classes: &StateClasses,
    clauses: &[KeyClause],
    target: &Bits,
    universe: &Bits,
) -> Vec<Phrase> {
    let mut literals = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let Some((words, opposite, cost)) = asked(clause) else { continue };
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
        let prefixed = |word: &str, phrase: &Phrase| {
            let mut all = Phrase::word(word);
            all.0.extend(phrase.0.iter().cloned());
            all
        };
        literals.push(Literal {
            holds: of(&|made_of| !made_of.intersection(&matching).is_empty()),
            words: prefixed("an element ", &words),
            opposite: Some(prefixed("no element ", &words)),
            cost: cost + 1,
        });
        literals.push(Literal {
            holds: of(&|made_of| made_of.is_subset(&matching)),
            words: prefixed("every element ", &words),
            opposite: Some(prefixed("an element ", &opposite)),
            cost: cost + 1,
        });
    }
    express(target, universe, &literals).unwrap_or_else(|| examples(classes, target))
}

/// The words of a list of the rules of combination, and of its opposite.
fn rule_words(list: &[String]) -> (Phrase, Phrase) {
    let [one] = list else { return (values_of(list), none_of(list)) };
    if one.contains('#') {
        return (
            Phrase::word("an ARN that names an account"),
            Phrase::word("no ARN that names an account"),
        );
    }
    match one.strip_prefix("arn:*:*:*:").and_then(|rest| rest.strip_suffix(":*")) {
        Some(account) => (
            Phrase::word("an ARN of account ").and("", Phrase::code(account)),
            Phrase::word("no ARN of account ").and("", Phrase::code(account)),
        ),
        None => (values_of(list), none_of(list)),
    }
}

fn resources(classes: &Classes, target: &Bits) -> Phrase {
    let Classes::Resources { classes, clauses, relational, rules } = classes else {
        return Phrase::default();
    };
    let of = |wanted: &dyn Fn(&crate::class::resource::ResourceClass) -> bool| -> Bits {
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
            words: values_of(&texts),
            opposite: Some(none_of(&texts)),
            cost: texts.len(),
        });
    }
    for (number, entry) in relational.iter().enumerate() {
        let text = std::slice::from_ref(&entry.text);
        literals.push(Literal {
            holds: of(&|class| class.possible.contains(number)),
            words: Phrase::word("of the form ").and("", values_of(text)),
            opposite: Some(Phrase::word("not of the form ").and("", values_of(text))),
            cost: 2,
        });
    }
    for (number, list) in rules.iter().enumerate() {
        let (words, opposite) = rule_words(list);
        literals.push(Literal {
            holds: of(&|class| class.rules.contains(number)),
            words,
            opposite: Some(opposite),
            cost: list.len() + 1,
        });
    }
    for (at, class) in classes.iter().enumerate() {
        if class.is_all || !class.several {
            literals.push(Literal {
                holds: std::iter::once(at).collect(),
                words: if class.is_all {
                    Phrase::word("no resource in particular (")
                        .and("", Phrase::code("*"))
                        .and(")", Phrase::default())
                } else {
                    Phrase::code(&class.witness)
                },
                opposite: Some(if class.is_all {
                    Phrase::word("some resource")
                } else {
                    none_of(std::slice::from_ref(&class.witness))
                }),
                cost: 1,
            });
        }
    }
    let universe = Bits::below(classes.len());
    if let Some(phrases) = express(target, &universe, &literals) {
        either(phrases)
    } else {
        let example = |at| {
            classes
                .get(at)
                .map(|class: &crate::class::resource::ResourceClass| class.witness.clone())
        };
        let texts: Vec<String> = target.iter().filter_map(example).collect();
        Phrase::word("resources such as ").and("", values_of(&texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(classes: &[usize], words: Phrase, opposite: Option<Phrase>) -> Literal {
        Literal { holds: classes.iter().copied().collect(), words, opposite, cost: 1 }
    }

    fn said(target: &[usize], literals: &[Literal]) -> String {
        let target = target.iter().copied().collect();
        either(express(&target, &Bits::below(4), literals).unwrap()).to_string()
    }

    #[test]
    fn words_before_a_value_are_not_read_as_those_of_another() {
        let literals = [
            literal(&[0], Phrase::word("in any case ").then(Piece::Code("a".to_owned())), None),
            literal(&[1], Phrase::code("b"), Some(none_of(&["b".to_owned()]))),
            literal(&[2], Phrase::word("like ").then(Piece::Code("c*".to_owned())), None),
        ];
        // Not "in any case `a` or `b`", which `B` would be among.
        assert_eq!(said(&[0, 1], &literals), "`b` or in any case `a`");
        assert_eq!(said(&[1, 2], &literals), "`b` or like `c*`");
        assert_eq!(said(&[0, 2, 3], &literals), "not `b`");
    }
}
