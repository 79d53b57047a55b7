//! One thing that a running proxy is checked for.

/// Whether it is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is.
    Yes,
    /// It is not decided, or is allowed and not usual: said, and no failure.
    Aside,
    /// It is not.
    No,
}

/// One check. Texts may be the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// A word for programs.
    pub code: &'static str,
    /// Whether it is as it should be.
    pub holds: Holds,
    /// What was found, in a sentence.
    pub found: String,
    /// What to do.
    pub help: Option<String>,
}

impl Check {
    pub(super) fn yes(code: &'static str, found: impl Into<String>) -> Self {
        Self { code, holds: Holds::Yes, found: found.into(), help: None }
    }

    pub(super) fn aside(code: &'static str, found: impl Into<String>) -> Self {
        Self { code, holds: Holds::Aside, found: found.into(), help: None }
    }

    pub(super) fn no(code: &'static str, found: impl Into<String>) -> Self {
        Self { code, holds: Holds::No, found: found.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
