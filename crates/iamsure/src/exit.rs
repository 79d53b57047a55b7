//! Exit codes, and what they mean.

use std::process::ExitCode;

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// 0: it ran, and the answer is as expected (or none was expected).
    AsExpected,
    /// 1: it ran, and the answer is no.
    No,
    /// 2: it could not run: wrong usage, or input that cannot be read.
    CouldNotRun,
    /// 70: a check of the program's own failed; nothing it would have said is printed.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::AsExpected => 0,
            Exit::No => 1,
            Exit::CouldNotRun => 2,
            Exit::Internal => 70,
        })
    }
}
