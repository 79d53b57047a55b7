//! Why a command stops early.

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
