//! Why a command stops early.

use std::io;

/// Why a command stopped early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong was printed already; here in one line, for answers that programs read.
    Said(String),
    /// What is wrong.
    Message(String),
    /// A check of the program's own failed.
    Internal(String),
}

impl Failure {
    /// What is wrong, in one line.
    pub(crate) fn on_one_line(self) -> String {
        let message = match self {
            Self::Message(message) | Self::Internal(message) | Self::Said(message) => message,
        };
        let mut lines = message.lines().map(str::trim);
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.collect();
        if rest.is_empty() { first.to_owned() } else { format!("{first} {}", rest.join(", ")) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Message(format!("cannot write the answer: {error}"))
    }
}
