//! Two versions of everybody.

use iamsure_account::{Change, Container, Facts, changes, changes_of_others};

use super::unanswered;
use crate::failure::Failure;
use crate::render::account::Account;
use crate::render::account::changes::Report;

/// What differs of two versions of an account, of a stack, or of what a plan changes.
pub(in crate::command) struct Compared {
    before: Account,
    after: Account,
    pub(in crate::command) found: Vec<Change>,
    policies: Option<usize>,
}

impl Compared {
    /// Compares everybody; in plans and templates also the policies that are of nobody there.
    ///
    /// # Errors
    /// A bug of this program.
    pub(in crate::command) fn of(
        before: Container,
        after: Container,
        facts: &Facts,
    ) -> Result<Self, Failure> {
        let failed = |error| unanswered(&error);
        let facts = &Facts { known_later: after.has_symbols, ..facts.clone() };
        let mut policies = None;
        let mut others = Vec::new();
        if after.has_symbols {
            policies = Some(after.unattached().len());
            others = changes_of_others(&before, &after, facts).map_err(failed)?;
        }
        let (before, after) = (Account::of(before), Account::of(after));
        let mut found = changes(&before.principals, &after.principals, facts).map_err(failed)?;
        found.extend(others);
        Ok(Self { before, after, found, policies })
    }

    pub(in crate::command) fn report(&self) -> Report<'_> {
        Report {
            before: &self.before,
            after: &self.after,
            found: &self.found,
            policies: self.policies,
        }
    }
}
