//! How much a finding must weigh to make an answer no.

use clap::ValueEnum;
use iamsure_core::language::Severity;

/// The lowest severity that makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// An error.
    Error,
    /// A warning, or an error.
    Warning,
    /// Any finding.
    Note,
    /// No finding.
    Never,
}

impl Level {
    /// Whether such a finding makes the answer no.
    pub const fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => matches!(severity, Severity::Error),
            Self::Warning => matches!(severity, Severity::Error | Severity::Warning),
            Self::Note => true,
            Self::Never => false,
        }
    }
}
