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
    /// In folders, files named *.iamsure.yaml are suites; files in .gitignore are skipped. With --init, policies.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only cases whose name (`suite > test > case`) or rule matches this regular expression.
    #[arg(long, value_name = "REGEX")]
    pub filter: Option<String>,
    /// The report format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Json, Format::Github, Format::Sarif, Format::Junit, Format::Tap]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Also write a JUnit report to this file.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Also write a SARIF 2.1.0 report of the failures to this file.
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// Report what no case covers: statements, clauses, truth table rows.
    ///
    /// A statement is covered if some case would be decided otherwise without it; a clause if it decides one
    /// case by being true and another by being false. Only passed cases count. Claims do not count: they cover
    /// every request and exercise none in particular. See docs/coverage.md.
    #[arg(long)]
    pub coverage: bool,
    /// Exit with 1 if less than this percentage of statements and clauses is covered. Implies --coverage.
    ///
    /// Statements that decide some case and clauses seen both ways, of all statements and clauses of the policy
    /// sets that tests are about. Truth table rows are listed but not counted.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub require_coverage: Option<u8>,
    /// Mutate the policies, one small change at a time, and report the changes that no test catches.
    ///
    /// Changes that make no difference to any request are not counted. Each uncaught change comes with a test that
    /// catches it.
    #[arg(long)]
    pub mutants: bool,
    /// Exit with 1 if less than this percentage of the changes is caught. Implies --mutants.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub require_mutants: Option<u8>,
    /// Run again whenever a file changes, and report what changed.
    #[arg(long, conflicts_with_all = ["junit", "sarif", "output", "init", "schema"])]
    pub watch: bool,
    /// Write a first suite for the policies given as PATH, from their decision matrix, to standard output.
    ///
    /// It records what the policies decide today. Review it line by line: anything you would not have written is a
    /// finding.
    #[arg(long, conflicts_with_all = ["coverage", "mutants", "snapshot"])]
    pub init: bool,
    /// Compare the decision matrix of every policy set with what was accepted before.
    ///
    /// The accepted matrix is stored next to the suite, in SUITE.snapshot.yaml, with who accepted each change, when
    /// and why.
    #[arg(long)]
    pub snapshot: bool,
    /// Accept a changed cell by its number, or `all`; with --snapshot (repeatable).
    #[arg(long, value_name = "CELL", requires = "snapshot", requires = "by", requires = "why")]
    pub accept: Vec<String>,
    /// Who accepts.
    #[arg(long, value_name = "NAME", requires = "accept")]
    pub by: Option<String>,
    /// The reason for accepting it.
    #[arg(long, value_name = "REASON", requires = "accept")]
    pub why: Option<String>,
    /// With --init: the policies of other layers.
    #[command(flatten)]
    pub layers: LayerArgs,
    /// Print the JSON Schema of suites, for editors.
    #[arg(long, conflicts_with_all = ["init", "snapshot", "coverage", "mutants"])]
    pub schema: bool,
}
