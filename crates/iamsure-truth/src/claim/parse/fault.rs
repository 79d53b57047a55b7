//! What goes wrong on the way, as nom carries it.

use std::fmt::Write as _;

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult};

use super::lexeme;
use crate::claim::error::ClaimError;
use crate::claim::words;

pub(in crate::claim) type Parsed<'a, T> = IResult<&'a str, T, Fault>;

/// Something that would have been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::claim) enum Wanted {
    /// This word or sign.
    Word(&'static str),
    /// A condition, which may begin in many ways.
    Condition,
    /// What this describes.
    Thing(&'static str),
}

/// Why reading stops. Places are what is left of the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::claim) enum Fault {
    /// Something else belongs here.
    Expected { left: usize, wanted: Vec<Wanted> },
    /// What stands here, up to where `after` is left, is wrong in a way of its own.
    Wrong { left: usize, after: usize, message: String, help: Option<String> },
}

impl Fault {
    /// One of `wanted` belongs at the next word of `input`: another way of reading may be tried.
    pub(super) fn expected(input: &str, wanted: &[Wanted]) -> Err<Self> {
        let left = input.trim_start().len();
        Err::Error(Self::Expected { left, wanted: wanted.to_vec() })
    }

    /// As [`expected`](Self::expected), and nothing else is tried.
    pub(super) fn missing(input: &str, wanted: &[Wanted]) -> Err<Self> {
        let left = input.trim_start().len();
        Err::Failure(Self::Expected { left, wanted: wanted.to_vec() })
    }

    /// The text from `input` up to `rest` is wrong, and nothing else is tried.
    pub(super) fn wrong(
        input: &str,
        rest: &str,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Err<Self> {
        Err::Failure(Self::Wrong {
            left: input.trim_start().len(),
            after: rest.len(),
            message: message.into(),
            help,
        })
    }

    /// The fault in words, with its place in `text`.
    pub(super) fn of(self, text: &str) -> ClaimError {
        let place = |left: usize| text.len().saturating_sub(left);
        match self {
            Self::Wrong { left, after, message, help } => {
                let start = place(left);
                ClaimError { message, span: start..place(after).max(start), help }
            }
            Self::Expected { left, wanted } => {
                let start = place(left);
                let found = lexeme::next(text.get(start..).unwrap_or_default());
                let mut message = format!("expected {}", listed(&wanted));
                if found.is_empty() {
                    message.push_str(", but the claim ends here");
                } else {
                    let _ = write!(message, ", found `{found}`");
                }
                let meant = words::closest(found, wanted.iter().flat_map(Wanted::words));
                ClaimError {
                    message,
                    span: start..start + found.len(),
                    help: meant.map(|meant| format!("did you mean `{meant}`?")),
                }
            }
        }
    }

    fn left(&self) -> usize {
        match self {
            Self::Expected { left, .. } | Self::Wrong { left, .. } => *left,
        }
    }
}

impl Wanted {
    fn words(&self) -> impl Iterator<Item = &'static str> {
        let (word, subjects): (Option<&'static str>, &[&'static str]) = match self {
            Self::Word(word) => (Some(word), &[]),
            Self::Condition => (None, &words::SUBJECTS),
            Self::Thing(_) => (None, &[]),
        };
        word.into_iter().chain(subjects.iter().copied())
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Condition => f.write_str("a condition"),
            Self::Thing(thing) => f.write_str(thing),
        }
    }
}

/// `a`, `b` or `c`.
fn listed(wanted: &[Wanted]) -> String {
    let all: Vec<String> = wanted.iter().map(ToString::to_string).collect();
    match all.split_last() {
        None => "something else".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

impl ParseError<&str> for Fault {
    fn from_error_kind(input: &str, _: ErrorKind) -> Self {
        Self::Expected { left: input.trim_start().len(), wanted: Vec::new() }
    }

    fn append(_: &str, _: ErrorKind, other: Self) -> Self {
        other
    }

    /// The one that got further says more; of two that got as far, everything that was wanted.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (
                Self::Expected { left, mut wanted },
                Self::Expected { left: as_far, wanted: also },
            ) if left == as_far => {
                for one in also {
                    if !wanted.contains(&one) {
                        wanted.push(one);
                    }
                }
                Self::Expected { left, wanted }
            }
            (one, other) if one.left() < other.left() => one,
            (_, other) => other,
        }
    }
}
