//! Policies that could not be read: what was asked is not known of them.

use iamsure_core::language::{Code, Severity};
use serde::Serialize;

use super::junit::{Case, Outcome, Suite};
use super::mark::{At, Mark};

/// A policy that could not be read.
#[derive(Debug, Serialize)]
pub(crate) struct NotRead {
    /// The file on one line.
    pub(crate) file: String,
    /// Why.
    pub(crate) why: String,
}

impl NotRead {
    /// Said at the file.
    pub(crate) fn mark(&self) -> Mark<'_> {
        Mark {
            severity: Severity::Error,
            code: Code::NotRead.name(),
            subject: None,
            message: self.why.clone(),
            at: At { file: self.is_file().then_some(&*self.file), range: None, within: None },
        }
    }

    /// Whether it is a file: no standard input, and no policy of AWS.
    fn is_file(&self) -> bool {
        self.file != "-" && !self.file.starts_with("aws:")
    }

    /// A test that could not run.
    pub(super) fn suite(&self) -> Suite<'_> {
        let case = Case {
            name: Code::NotRead.name().to_owned(),
            class: &self.file,
            outcome: Outcome::Errored,
            message: self.why.lines().next().unwrap_or_default().to_owned(),
            detail: self.why.clone(),
        };
        Suite { name: &self.file, cases: vec![case] }
    }
}

/// What those are about, where there are some.
pub(super) fn rule(not_read: &[NotRead]) -> Option<super::sarif::Rule> {
    let summary = || (Code::NotRead.name(), Code::NotRead.summary().to_owned());
    (!not_read.is_empty()).then(summary)
}
