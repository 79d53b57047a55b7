//! The arguments of `iamsure test`.

use std::path::PathBuf;

use clap::Args;

use super::LayerArgs;
use super::{Format, OutputArgs};

/// Arguments of `iamsure test`.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct TestArgs {
    /// Suites, and folders that hold suites; the current folder by default; `-` for standard input.
    ///
    /// In folders, files called *.iamsure.yaml are suites. What .gitignore names is left out. With --init,
    /// policies.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only cases whose name (`suite > test > case`) or rule matches this regular expression.
    #[arg(long, value_name = "REGEX")]
    pub filter: Option<String>,
    /// The form of the report.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Json, Format::Github, Format::Sarif, Format::Tap]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// Where it goes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Also write a JUnit report to this file.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Also write a SARIF 2.1.0 report of what failed to this file.
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// Name every case, also those that passed.
    #[arg(long, short)]
    pub verbose: bool,
    /// Say what no case covers: statements, clauses, rows of the truth table.
    ///
    /// A statement is covered if some case would be decided otherwise without it; a clause if that is so once
    /// because it is true and once because it is false. Only cases that passed count, and claims do not: they are
    /// about every request and show none. docs/coverage.md says more.
    #[arg(long)]
    pub coverage: bool,
    /// Exit with 1 if less than this percentage of statements and clauses is covered. Implies --coverage.
    ///
    /// Statements that decide some case and clauses seen both ways, of all statements and clauses of the policy sets
    /// that tests are about. Rows of the truth table are listed and not counted.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub require_coverage: Option<u8>,
    /// Change the policies a little, one change at a time, and say which changes no test notices.
    ///
    /// A change that makes no difference to any request is not counted. Each that survives comes with a
    /// test that fails on it.
    #[arg(long)]
    pub mutants: bool,
    /// Exit with 1 if less than this percentage of the changes is noticed. Implies --mutants.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub require_mutants: Option<u8>,
    /// Run again whenever a file changes, and say what changed.
    #[arg(long, conflicts_with_all = ["junit", "sarif", "output", "init", "schema"])]
    pub watch: bool,
    /// Write a first suite for the policies given as PATH, from their decision matrix, to standard output.
    ///
    /// It says what the policies decide today. Read it line by line: what you would not have written is a finding.
    #[arg(long, conflicts_with_all = ["coverage", "mutants", "snapshot"])]
    pub init: bool,
    /// Compare the decision matrix of every policy set with what was accepted before.
    ///
    /// It is kept beside the suite, in SUITE.snapshot.yaml, with who accepted each change, when and why.
    #[arg(long)]
    pub snapshot: bool,
    /// Accept a changed cell by its number, or `all`; with --snapshot. Several times for several.
    #[arg(long, value_name = "CELL", requires = "snapshot", requires = "by", requires = "why")]
    pub accept: Vec<String>,
    /// Who accepts.
    #[arg(long, value_name = "NAME", requires = "accept")]
    pub by: Option<String>,
    /// Why it is accepted.
    #[arg(long, value_name = "REASON", requires = "accept")]
    pub why: Option<String>,
    /// With --init: the policies of other layers.
    #[command(flatten)]
    pub layers: LayerArgs,
    /// Print the JSON Schema of suites, for editors.
    #[arg(long, conflicts_with_all = ["init", "snapshot", "coverage", "mutants"])]
    pub schema: bool,
}
