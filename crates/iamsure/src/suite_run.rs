//! Suites and what came of them.

mod measured;

use std::path::PathBuf;

use iamsure_review::suite::{CellChange, Decided, SetCells, Snapshot, Suite, SuiteError};

pub(crate) use measured::{Measured, Share, count, short_of};

/// One suite and what came of it.
pub(crate) struct SuiteRun {
    /// The file, as it was named.
    pub(crate) name: String,
    /// The suite with what came of each of its tests; or what is wrong with it.
    pub(crate) result: Result<Ran, Vec<SuiteError>>,
}

/// A suite that could be read.
pub(crate) struct Ran {
    pub(crate) suite: Suite,
    /// One for each test.
    pub(crate) decided: Vec<Decided>,
    /// What was asked for beside.
    pub(crate) measured: Measured,
}

/// The snapshot of one suite and what changed since.
pub(crate) struct Compared {
    /// The suite, as it was named.
    pub(crate) suite: String,
    /// The file of the snapshot.
    pub(crate) file: PathBuf,
    /// Its text.
    pub(crate) before: String,
    /// What was accepted.
    pub(crate) snapshot: Snapshot,
    /// What is decided now.
    pub(crate) now: Vec<SetCells>,
    /// What changed.
    pub(crate) changes: Vec<CellChange>,
}
