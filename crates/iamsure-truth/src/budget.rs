//! Budgets: what exceeds one is an error that names what blew up, never a shortened answer.

use std::fmt;
use std::sync::Arc;

/// How much work an exact answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// States of one subset construction over patterns; their characters may be half as many.
    pub(crate) states: usize,
    /// Classes of one subject in one sub-model.
    pub(crate) classes: usize,
    /// Subjects of one diagram: the resource, condition keys, relations. Its functions call each other as deep.
    pub(crate) subjects: usize,
    /// Nodes of one diagram; one with many children counts for several.
    pub(crate) nodes: usize,
    /// Rows of one table before rows of different actions are put together.
    pub rows: usize,
    /// Combinations of unrelated things that are walked one by one: requesters × action classes.
    pub(crate) combinations: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            states: 1_000_000,
            classes: 16_384,
            subjects: 500,
            nodes: 1_000_000,
            rows: 100_000,
            combinations: 1_000_000,
        }
    }
}

/// What there was too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exceeded {
    /// States of a subset construction.
    States,
    /// Characters of the patterns of one subset construction.
    Characters,
    /// Classes of a subject.
    Classes,
    /// Subjects of a diagram.
    Subjects,
    /// Nodes of a diagram.
    Nodes,
    /// Rows of a table.
    Rows,
    /// Combinations of requesters and actions.
    Combinations,
}

impl Exceeded {
    const fn words(self) -> &'static str {
        match self {
            Self::States => "states of the patterns' automaton",
            Self::Characters => "characters of patterns",
            Self::Classes => "classes",
            Self::Subjects => "condition keys and relations",
            Self::Nodes => "nodes of the diagram",
            Self::Rows => "rows",
            Self::Combinations => "combinations of callers and actions",
        }
    }
}

/// No exact answer within the budget. Nothing was cut short: there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TooComplex {
    /// What there was too much of.
    pub(crate) exceeded: Exceeded,
    /// How much was allowed.
    pub(crate) limit: usize,
    /// What it was about: `Resource`, a condition key, …
    pub(crate) subject: String,
    /// The patterns, values or keys that made it grow, those that matter most first.
    pub because: Arc<[String]>,
}

/// How many causes a message names.
const NAMED: usize = 6;

impl fmt::Display for TooComplex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exceeded, limit, subject, because } = self;
        write!(
            f,
            "too complex for an exact answer: {subject} needs more than {limit} {}",
            exceeded.words()
        )?;
        if !because.is_empty() {
            let named: Vec<_> =
                because.iter().take(NAMED).map(|cause| format!("`{cause}`")).collect();
            write!(f, ", because of {}", named.join(", "))?;
            if because.len() > NAMED {
                write!(f, " and {} more", because.len() - NAMED)?;
            }
        }
        Ok(())
    }
}
