//! Candidates: for one condition key, values that the clauses of a policy set tell apart.
//!
//! For every value that a clause compares with there is a candidate that matches it and, where one
//! can be built, one just beside it; then "absent", and a value nobody named. Some candidates are
//! exact: a text that a clause names stands for itself, and, if all clauses about the key only ask
//! for equality, one other text stands for all others. The rest are *samples*: what holds for one
//! value in a range, or like a pattern, need not hold for the next. An answer that rests on samples
//! says so (see [`crate::resolution`]).

use std::collections::BTreeSet;

use iamsure_core::language::condition::{BaseOperator, Family, Operand, Test};
use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::variable::{Reading, Token};
use iamsure_core::language::{Clause, ConditionKey, ConditionValue, Statement};
use iamsure_core::world::{KeyState, Request};

/// A text that no policy names, for "any other value".
pub const OTHER: &str = "another-value";

/// What stands for it where a policy names it, or has a pattern that matches it.
const OTHERS: [&str; 6] =
    [OTHER, "some-other-value", "0-other-value", "Z-OTHER-VALUE", "_other_value_", "x"];

/// Whether a text is one of those that stand for a value nobody named.
pub fn is_other(text: &str) -> bool {
    OTHERS.contains(&text)
}

/// Two texts for the value of a policy variable: equal and different are both tried.
pub const VARIABLE: [&str; 2] = ["value-1", "value-2"];

/// The most values whose pairs are tried for a multivalued key.
const MAX_PAIRED: usize = 8;

/// The most values that are tried all together.
const MAX_TOGETHER: usize = 64;

/// What is known of a key before any request: how many values it has, and whether it can be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Whether it is multivalued; `None` if nobody published that.
    pub multivalued: Option<bool>,
    /// Whether it may be absent.
    pub may_be_absent: bool,
    /// Whether it may be present.
    pub may_be_present: bool,
}

/// The states to try for one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The states: absent first, then in lexical order, the value nobody named last.
    pub states: Vec<KeyState>,
    /// Texts in them that stand for more than themselves without being sure to.
    pub samples: BTreeSet<String>,
}

/// A statement that may match, with the reading of its document.
pub type Relevant<'a> = (Reading, &'a Statement);

/// What the clauses about one key ask for.
#[derive(Default)]
struct Texts {
    named: BTreeSet<String>,
    samples: BTreeSet<String>,
    set_operator: bool,
    plain_operator: bool,
    /// Operators that ask for a value, with whether they compare with variables.
    operators: BTreeSet<(BaseOperator, bool)>,
    /// The patterns that a value nobody named must keep clear of.
    avoid: Vec<Pattern>,
}

/// The states to try for `key`, as far as `statements` tell them apart.
pub fn candidates(
    statements: &[Relevant<'_>],
    request: &Request,
    key: &ConditionKey,
    shape: Shape,
) -> Candidates {
    let mut texts = Texts::default();
    for (reading, statement) in statements {
        for clause in &statement.condition.clauses {
            if *clause.key == *key {
                texts.add(clause, *reading);
            }
            // A variable ties this key to the values it is compared with.
            let uses = |value: &ConditionValue| {
                *reading == Reading::Substituted
                    && value.template().variables().any(|variable| variable.key == *key)
            };
            if clause.values.iter().any(|value| uses(value)) {
                texts.plain_operator = true;
                texts.operators.insert((clause.operator.base, true));
                texts.samples.extend(VARIABLE.map(str::to_owned));
                if let KeyState::Single(text) = request.context.state(&clause.key) {
                    texts.samples.insert(text.clone());
                }
            }
        }
        let in_resource =
            statement.resource.iter().flat_map(|element| element.entries.iter()).any(|entry| {
                *reading == Reading::Substituted
                    && entry.template().variables().any(|variable| variable.key == *key)
            });
        if in_resource {
            texts.plain_operator = true;
            texts.operators.insert((BaseOperator::StringLike, true));
            let parts = request.resource.split([':', '/']).filter(|part| !part.is_empty());
            texts.samples.extend(parts.map(str::to_owned));
        }
    }
    texts.states(shape)
}

impl Texts {
    /// Texts that match a value of the clause, and texts just beside.
    fn add(&mut self, clause: &Clause, reading: Reading) {
        let operator = clause.operator.base;
        self.set_operator |= clause.operator.quantifier.is_some();
        self.plain_operator |= clause.operator.quantifier.is_none();
        let relational = reading == Reading::Substituted
            && clause.values.iter().any(|value| value.template().variables().next().is_some());
        match operator.family() {
            Family::Null => return,
            Family::Bool => self.named.extend(["true", "false"].map(str::to_owned)),
            Family::Numeric => {
                self.samples.extend(["-999999999999999", "999999999999999"].map(str::to_owned));
            }
            Family::Date => self.samples.extend(["1", "99999999999"].map(str::to_owned)),
            Family::IpAddress => {
                self.samples.extend(["192.0.2.1", "2001:db8::1"].map(str::to_owned));
            }
            Family::String | Family::Arn | Family::Binary => {}
        }
        self.operators.insert((operator, relational));
        for value in &clause.values {
            self.add_value(value, operator, reading);
        }
    }

    fn add_value(&mut self, value: &ConditionValue, operator: BaseOperator, reading: Reading) {
        let text = value.as_str().to_owned();
        self.avoid.push(Pattern::glob(&text, Case::Insensitive));
        match (operator.family(), value.operand()) {
            (Family::Numeric, _) => {
                // The point, and just above it, which is also just below the next.
                self.samples.insert(if text.contains('.') {
                    format!("{text}1")
                } else {
                    format!("{text}.1")
                });
                self.named.insert(text);
            }
            (_, Operand::Date(date)) => {
                let seconds =
                    date.as_ref().map(iamsure_core::language::condition::date::Date::seconds);
                let beside =
                    seconds.into_iter().flat_map(|at| [at.saturating_sub(1), at.saturating_add(1)]);
                self.samples.extend(beside.filter(|at| *at >= 0).map(|at| at.to_string()));
                self.named.insert(text);
            }
            (_, Operand::Network(network)) => {
                self.samples.extend(network.as_ref().map(|network| network.first().to_string()));
            }
            (Family::String | Family::Arn, _) => {
                let is_pattern = operator.test() == Test::Like;
                for variable in VARIABLE {
                    let example = example(value, reading, is_pattern, variable);
                    if example == text {
                        self.named.insert(example);
                    } else {
                        self.samples.insert(example);
                    }
                }
            }
            _ => {
                self.named.insert(text);
            }
        }
    }

    /// Whether one text that nobody named stands for all of them: every clause only asks whether the
    /// value equals one of some texts, and all in the same way.
    fn equality_only(&self) -> bool {
        let exact = |(operator, relational): &(BaseOperator, bool)| {
            !relational
                && matches!(operator.family(), Family::String | Family::Bool)
                && operator.test() != Test::Like
        };
        let ways: BTreeSet<_> = self
            .operators
            .iter()
            .map(|(operator, _)| (operator.family(), operator.test() == Test::Equal))
            .collect();
        self.operators.iter().all(exact) && ways.len() <= 1
    }

    fn states(self, shape: Shape) -> Candidates {
        let exact = self.equality_only();
        let Self { named, mut samples, set_operator, plain_operator, avoid, .. } = self;
        samples.retain(|sample| !named.contains(sample));
        let clear = |text: &String| {
            !named.contains(text) && !avoid.iter().any(|pattern| pattern.matches(text))
        };
        let other = OTHERS.iter().map(|other| (*other).to_owned()).find(clear);
        // Where patterns leave no room for one, there is no value nobody named.
        let (other, exact) =
            other.map_or_else(|| (OTHER.to_owned(), false), |other| (other, exact));
        let mut texts: Vec<String> = named.union(&samples).cloned().collect();
        texts.push(other.clone());
        if !exact {
            samples.insert(other);
        }
        let mut states = Vec::new();
        if shape.may_be_absent || !shape.may_be_present {
            states.push(KeyState::Absent);
        }
        if shape.may_be_present {
            if shape.multivalued.unwrap_or(set_operator && !plain_operator) {
                states.extend(lists(&texts));
                // With more than three values not every set of them was tried.
                if texts.len() > 3 {
                    samples.extend(texts);
                }
            } else {
                states.extend(texts.into_iter().map(KeyState::Single));
            }
        }
        Candidates { states, samples }
    }
}

/// Which elements occur is all that matters of a multivalued key: none, each alone, each pair
/// (of a few), and all.
fn lists(texts: &[String]) -> Vec<KeyState> {
    let mut lists = vec![Vec::new()];
    lists.extend(texts.iter().map(|text| vec![text.clone()]));
    if texts.len() <= MAX_PAIRED {
        for (index, first) in texts.iter().enumerate() {
            lists.extend(
                texts.iter().skip(index + 1).map(|second| vec![first.clone(), second.clone()]),
            );
        }
    }
    if texts.len() > 2 && texts.len() <= MAX_TOGETHER {
        lists.push(texts.to_vec());
    }
    lists.into_iter().map(KeyState::Multi).collect()
}

/// A text that matches the value, with `variable` for what its variables stand for.
fn example(value: &ConditionValue, reading: Reading, is_pattern: bool, variable: &str) -> String {
    let mut text = String::new();
    for token in value.template().tokens(reading) {
        match token {
            Token::Char(c) => text.push(*c),
            Token::Star if is_pattern => text.push_str("example"),
            Token::Question if is_pattern => text.push('x'),
            Token::Star => text.push('*'),
            Token::Question => text.push('?'),
            Token::Variable(_) => text.push_str(variable),
        }
    }
    text
}
