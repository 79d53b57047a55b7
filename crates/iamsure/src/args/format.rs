//! The forms of output, one list for all commands.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A form of output. A command takes those of which it has a writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, at a terminal.
    #[value(alias = "table")]
    Human,
    /// For documents and pull requests.
    Markdown,
    /// One fact per line, for spreadsheets.
    Csv,
    /// A picture of the terminal, with its colours.
    Svg,
    /// Everything, for programs (version 2; see docs/formats.md).
    Json,
    /// JSON, one line for each principal, then one for the answer as a whole.
    Jsonl,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// JUnit, for the test reporters of CI systems.
    Junit,
    /// The Test Anything Protocol, version 14.
    Tap,
}

impl Format {
    /// Reads one of these forms, and names them in the help.
    pub(super) fn one_of<const N: usize>(
        accepted: [Self; N],
    ) -> impl TypedValueParser<Value = Self> {
        let values = accepted.into_iter().filter_map(|form| form.to_possible_value());
        PossibleValuesParser::new(values).try_map(|name| Self::from_str(&name, false))
    }
}
