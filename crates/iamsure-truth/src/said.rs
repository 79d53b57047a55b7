//! What is said of a set of states, resources, actions or callers: "absent or `false`", "none of: `a`, `b`",
//! "like `x*`".
//!
//! A [`Said`] is the meaning of a cell. It has one form for one meaning, as far as its shape shows it: nested
//! alternatives are one list, lists are in order and without doubles, no negation negates a negation. So
//! what says the same is equal, and rows are grouped by what they say and not by how it is printed.
//!
//! The [words](Said::phrase) are written in one place and [read](Said::read_loosely) in one place, with one
//! vocabulary; whatever is printed is read as what it was.

mod read;
mod vocabulary;
mod write;

use iamsure_core::language::condition::Quantifier;
use iamsure_core::world::KeyState;

/// What is said of one column of a row.
///
/// The variants are there to be matched on. To make one, use the functions of this type: they keep the one
/// form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Said {
    /// Anything at all.
    Any,
    /// Whether a relation holds: yes or no.
    Holds(bool),
    /// The key is not in the request.
    Absent,
    /// The key is there with the empty text.
    Empty,
    /// The key is there without elements.
    NoElements,
    /// The key is there, whatever its value.
    Present,
    /// The key is there with one value and not with a set, whatever the value.
    Single,
    /// The key is there with a value that no other row names.
    Other,
    /// The resource of an action that has no resource types.
    NoResource,
    /// This value; of actions and resources: this name, or what matches this pattern.
    Is(Value),
    /// Names and patterns of actions: any of them. At least two.
    Listed(Vec<Value>),
    /// What compares so with any of the values.
    Compared(Comparison, Vec<Value>),
    /// Something that only examples tell of.
    Such(Sample, Vec<Value>),
    /// The set of just these elements.
    Exactly(Vec<Value>),
    /// Some element, or every element of a set that has some, is so.
    Elements(Quantifier, Box<Said>),
    /// All of these hold. At least two.
    All(Vec<Said>),
    /// Any of these holds. At least two.
    OneOf(Vec<Said>),
    /// What is not so, of what the column can say.
    Not(Box<Said>),
    /// All others: actions and callers that are not so, also those that nobody has named yet.
    AnyBut(Box<Said>),
}

/// A value of a policy or a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value {
    /// The text.
    pub text: String,
    /// Whether `${` in it begins no variable, as in policies without a version (V-1). The same text may
    /// stand for something else elsewhere.
    pub is_verbatim: bool,
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Self { text: text.into(), is_verbatim: false }
    }
}

/// How a value compares with the values of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// It is one of them in large or small letters.
    IgnoreCase,
    /// It matches the pattern.
    Like,
    /// It is an ARN that matches the pattern, field by field.
    ArnLike,
    /// It is the number.
    Number,
    /// It is the instant.
    Time,
    /// It is a smaller number.
    Less,
    /// It is the number or a smaller one.
    AtMost,
    /// It is a larger number.
    More,
    /// It is the number or a larger one.
    AtLeast,
    /// It is an earlier instant.
    Before,
    /// It is the instant or an earlier one.
    AtOrBefore,
    /// It is a later instant.
    After,
    /// It is the instant or a later one.
    AtOrAfter,
    /// It is an address of the range.
    Within,
    /// It may match the pattern, whose variables are not known.
    OfTheForm,
    /// It is an ARN of the account; without values: an ARN that names any account.
    OfAccount,
}

/// What examples are examples of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sample {
    /// Values of a key.
    Values,
    /// A set of values of a key, of which these are the elements.
    Set,
    /// Resources.
    Resources,
    /// So many actions.
    Actions(usize),
}

impl Said {
    /// This value.
    pub fn is(value: impl Into<Value>) -> Self {
        Self::Is(value.into())
    }

    /// Any of these values.
    pub fn is_one_of<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::one_of(values.into_iter().map(Self::is))
    }

    /// Any of these names or patterns of actions.
    pub fn listed<T: Into<Value>>(names: impl IntoIterator<Item = T>) -> Self {
        let mut names: Vec<Value> = names.into_iter().map(Into::into).collect();
        names.sort_by_cached_key(|name| (name.text.to_ascii_lowercase(), name.clone()));
        names.dedup();
        match <[Value; 1]>::try_from(names) {
            Ok([only]) => Self::Is(only),
            Err(names) if names.is_empty() => Self::nothing(),
            Err(names) => Self::Listed(names),
        }
    }

    /// What compares so with any of these values.
    pub fn compared<T: Into<Value>>(
        comparison: Comparison,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = in_order(values.into_iter().map(Into::into).collect());
        if values.is_empty() && comparison != Comparison::OfAccount {
            return Self::nothing();
        }
        Self::Compared(comparison, values)
    }

    /// Something of which these are examples, the best first.
    pub fn such<T: Into<Value>>(sample: Sample, values: impl IntoIterator<Item = T>) -> Self {
        let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if sample == Sample::Set {
            values = in_order(values);
        }
        let sample = if values.is_empty() { Sample::Values } else { sample };
        Self::Such(sample, values)
    }

    /// The set of just these elements.
    pub fn exactly<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Self {
        let elements = in_order(elements.into_iter().map(Into::into).collect());
        if elements.is_empty() { Self::NoElements } else { Self::Exactly(elements) }
    }

    /// Some element, or every one, is so.
    pub fn elements(quantifier: Quantifier, said: Self) -> Self {
        match (quantifier, said) {
            (Quantifier::ForAllValues, Self::Not(said)) => {
                Self::negated(Self::Elements(Quantifier::ForAnyValue, said))
            }
            (quantifier, said) => Self::Elements(quantifier, Box::new(said)),
        }
    }

    /// This state; anything, if it is not known.
    pub fn state(state: &KeyState) -> Self {
        match state {
            KeyState::Unknown => Self::Any,
            KeyState::Absent => Self::Absent,
            KeyState::Single(text) => Self::is(text),
            KeyState::Multi(texts) => Self::exactly(texts),
        }
    }

    /// What is not so.
    pub fn negated(said: Self) -> Self {
        match said {
            Self::Not(said) | Self::AnyBut(said) => *said,
            Self::Holds(holds) => Self::Holds(!holds),
            Self::Absent => Self::Present,
            Self::Present => Self::Absent,
            Self::Elements(Quantifier::ForAllValues, said) => {
                Self::elements(Quantifier::ForAnyValue, Self::negated(*said))
            }
            Self::Elements(Quantifier::ForAnyValue, said) if matches!(*said, Self::Not(_)) => {
                Self::elements(Quantifier::ForAllValues, Self::negated(*said))
            }
            said => Self::Not(Box::new(said)),
        }
    }

    /// All others of the column.
    pub fn any_but(said: Self) -> Self {
        match said {
            Self::Not(said) | Self::AnyBut(said) => *said,
            Self::Any => Self::nothing(),
            said => Self::AnyBut(Box::new(said)),
        }
    }

    /// What no state is.
    fn nothing() -> Self {
        Self::Not(Box::new(Self::Any))
    }

    /// Any of these holds; nothing, without any.
    pub fn one_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::OneOf(parts) => flat.extend(parts),
                part if part == Self::nothing() => {}
                part => flat.push(part),
            }
        }
        let flat = in_order(flat);
        let is_whole = flat.contains(&Self::Absent) && flat.contains(&Self::Present);
        if is_whole || flat.contains(&Self::Any) {
            return Self::Any;
        }
        let mut merged: Vec<Self> = Vec::with_capacity(flat.len());
        for part in flat {
            match (merged.last_mut(), part) {
                (Some(Self::Compared(before, all)), Self::Compared(comparison, values))
                    if *before == comparison && !all.is_empty() && !values.is_empty() =>
                {
                    *all = in_order(all.drain(..).chain(values).collect());
                }
                (_, part) => merged.push(part),
            }
        }
        one_or(merged, Self::nothing(), Self::OneOf)
    }

    /// All of these hold; anything does, without any.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::All(parts) => flat.extend(parts),
                Self::Any => {}
                part => flat.push(part),
            }
        }
        let nothing = Self::nothing();
        let is_impossible = flat.contains(&Self::Absent) && flat.contains(&Self::Present);
        if is_impossible || flat.contains(&nothing) {
            return nothing;
        }
        if flat.iter().any(Self::implies_present) {
            flat.retain(|part| *part != Self::Present);
        }
        // What is neither `a` nor `b` is none of the two.
        let mut others: Vec<Self> = Vec::new();
        let mut values: Vec<Self> = Vec::new();
        let mut compared: Vec<(Comparison, Self)> = Vec::new();
        for part in flat {
            match part {
                Self::Not(said) if said.values().is_some() => values.push(*said),
                Self::Not(said) => match *said {
                    Self::Compared(comparison, all) if !all.is_empty() => {
                        compared.push((comparison, Self::Compared(comparison, all)));
                    }
                    said => others.push(Self::Not(Box::new(said))),
                },
                part => others.push(part),
            }
        }
        if !values.is_empty() {
            others.push(Self::negated(Self::one_of(values)));
        }
        compared.sort();
        for same in compared.chunk_by(|one, other| one.0 == other.0) {
            others.push(Self::negated(Self::one_of(same.iter().map(|(_, said)| said.clone()))));
        }
        one_or(in_order(others), Self::Any, Self::All)
    }

    /// The values, if it says that it is one of some values and no more.
    pub(crate) fn values(&self) -> Option<Vec<&Value>> {
        match self {
            Self::Is(value) => Some(vec![value]),
            Self::OneOf(parts) => parts
                .iter()
                .map(|part| match part {
                    Self::Is(value) => Some(value),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }

    /// The values that the key does not have, if it says that it is there with any other value and no more.
    pub fn excluded(&self) -> Option<Vec<&Value>> {
        match self {
            Self::All(parts) => match parts.as_slice() {
                [Self::Present, Self::Not(said)] => said.values(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether some value that it names, wherever it does, is so.
    pub fn names(&self, is_so: &dyn Fn(&Value) -> bool) -> bool {
        match self {
            Self::Any
            | Self::Holds(_)
            | Self::Absent
            | Self::Empty
            | Self::NoElements
            | Self::Present
            | Self::Single
            | Self::Other
            | Self::NoResource => false,
            Self::Is(value) => is_so(value),
            Self::Listed(values)
            | Self::Compared(_, values)
            | Self::Such(_, values)
            | Self::Exactly(values) => values.iter().any(is_so),
            Self::All(parts) | Self::OneOf(parts) => parts.iter().any(|part| part.names(is_so)),
            Self::Elements(_, said) | Self::Not(said) | Self::AnyBut(said) => said.names(is_so),
        }
    }

    /// What it says as alternatives; only itself, if there is one.
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::OneOf(parts) => parts,
            said => std::slice::from_ref(said),
        }
    }

    /// Whether only a key that is there can be so.
    fn implies_present(&self) -> bool {
        match self {
            Self::Empty
            | Self::NoElements
            | Self::Single
            | Self::Other
            | Self::Is(_)
            | Self::Compared(..)
            | Self::Exactly(_) => true,
            Self::OneOf(parts) => parts.iter().all(Self::implies_present),
            _ => false,
        }
    }

    /// Whether it is printed as a list of what it is not, which has no end of its own.
    pub(crate) fn is_exclusion(&self) -> bool {
        match self {
            Self::Not(said) => !matches!(
                **said,
                Self::Any
                    | Self::NoResource
                    | Self::Elements(..)
                    | Self::Compared(Comparison::OfAccount, _)
            ),
            Self::All(parts) => {
                parts.iter().all(|part| *part == Self::Present || part.is_exclusion())
            }
            _ => false,
        }
    }
}

/// In order, each once.
fn in_order<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}

/// The only one; `none` if there is none, and a list of several.
fn one_or(parts: Vec<Said>, none: Said, several: impl FnOnce(Vec<Said>) -> Said) -> Said {
    match <[Said; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) if parts.is_empty() => none,
        Err(parts) => several(parts),
    }
}

#[cfg(test)]
mod tests;
