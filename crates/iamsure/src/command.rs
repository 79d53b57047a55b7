//! One file a command: read, ask a floor below, render.

pub(crate) mod actions;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod matrix;
pub(crate) mod prove;
pub(crate) mod simulate;
pub(crate) mod table;
pub(crate) mod test;
pub(crate) mod toolhive;
pub(crate) mod validate;

use std::io;

/// Why a command stopped early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong was printed already.
    Said,
    /// What is wrong.
    Message(String),
    /// A check of the program's own failed.
    Internal(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Message(format!("cannot write the answer: {error}"))
    }
}
