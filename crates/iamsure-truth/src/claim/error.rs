//! Why a text is no claim.

use std::fmt;
use std::ops::Range;

/// Why a text is no claim, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ClaimError {
    /// What is wrong: one line, lower case, no final stop.
    pub message: String,
    /// Where in the text, in bytes; empty at the end if something is missing there.
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}
