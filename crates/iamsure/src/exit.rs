//! Exit codes, and what they mean.

use std::process::ExitCode;

use iamsure_truth::claim::ClaimVerdict;

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// 0: it ran, and the answer is as expected (or none was expected).
    AsExpected,
    /// 1: it ran, and the answer is no.
    No,
    /// 2: it could not run: wrong usage, or input that cannot be read.
    CouldNotRun,
    /// 3: it ran, and the answer is neither yes nor no: it depends, or was not worked out.
    Depends,
    /// 70: an internal error: a check of the program's own failed, and nothing it would have said is printed.
    Internal,
}

impl Exit {
    /// The code of the process.
    pub const fn code(self) -> u8 {
        match self {
            Self::AsExpected => 0,
            Self::No => 1,
            Self::CouldNotRun => 2,
            Self::Depends => 3,
            Self::Internal => 70,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<ClaimVerdict> for Exit {
    fn from(verdict: ClaimVerdict) -> Self {
        match verdict {
            ClaimVerdict::Proved => Self::AsExpected,
            ClaimVerdict::Refuted => Self::No,
            ClaimVerdict::Depends => Self::Depends,
        }
    }
}
