//! Suites: what policies must decide, as a file beside them.
//!
//! A suite names policy sets, callers and call paths, and says in *tests* what is decided: for every
//! action, resource, caller and context of a test and every call path it names, one [`Case`]; or a
//! [claim](iamsure_truth::claim) about every request. The format is that of `docs/suites.md`.
//!
//! Reading never stops at the first mistake: [`Suite::read`] returns all of them, each with its place.
//! Running is [`decide()`]; what the tests do not cover is [`coverage()`],
//! and what they would not notice [`mutants`].

mod case;
mod coverage;
mod decide;
mod error;
mod expectation;
mod first;
mod mutant;
mod part;
mod passed;
mod principal;
mod read;
mod ready_made;
mod sets;
mod shelf;
mod snapshot;
mod test;
#[cfg(test)]
mod tests;

pub use case::{Case, Scene};
pub use coverage::{
    ClauseCoverage, Effects, RowCoverage, SetCoverage, StatementCoverage, coverage,
};
pub use decide::{Access, ClaimOutcome, Decided, Miss, Outcome, Passed, Shown, decide};
pub use error::SuiteError;
pub use expectation::{Expectation, ExpectedClaim, Who, Word, Words};
pub use first::first_suite;
pub use mutant::{Change, Fate, Mutant, SetMutants, mutants};
pub use read::read;
pub use sets::NamedSet;
pub use shelf::{Shelf, Shelved};
pub use snapshot::{Acceptance, Cell, CellChange, SNAPSHOT_SUFFIX, SetCells, Snapshot};
pub use test::{Body, ClaimTest, Given, Test};

use iamsure_core::language::Source;
use iamsure_core::world::{CallPaths, Switches};

/// The code of whatever keeps a suite from being read.
pub const UNREADABLE: &str = "bad-suite";

/// What the name of every suite file ends with.
pub const SUFFIX: &str = ".iamsure.yaml";

/// The JSON Schema of suites, for editors: it knows the form, not what policies, paths and principals there are.
pub const SCHEMA: &str = include_str!("suite/schema.json");

/// A suite, read, with all its policies.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The file.
    pub source: Source,
    /// The policy sets, in the order they are named; those of suites it extends first.
    pub sets: Vec<NamedSet>,
    /// The call paths that can be named.
    pub paths: CallPaths,
    /// The choices where AWS is silent, for every test that makes none of its own.
    pub switches: Switches,
    /// The tests, in order.
    pub tests: Vec<Test>,
}

impl Suite {
    /// Reads a suite and everything it names, through `shelf`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn read(source: &Source, shelf: &mut dyn Shelf) -> Result<Self, Vec<SuiteError>> {
        read(source, shelf)
    }
}
