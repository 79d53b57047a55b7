//! The policies that were given, and whose they are.

use iamsure_core::language::PolicyType;
use iamsure_core::world::{PolicySet, Requester};
use iamsure_truth::sample::Who;

use super::{one_at_most, requester};
use crate::failure::Failure;
use crate::render::words;

/// Policies, and the principal whose policies they are where an address names one, such as
/// `auth.json#role/App`.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) policies: PolicySet,
    /// The ARN of the principal.
    pub(crate) principal: Option<String>,
}

impl Given {
    /// These policies and others.
    ///
    /// # Errors
    /// If there are several policies of a type of which a request has one at most, or they are of two principals.
    pub(crate) fn with(self, others: Self) -> Result<Self, Failure> {
        let principal = match (self.principal, others.principal) {
            (Some(one), Some(other)) if one != other => {
                return Err(Failure::Message(format!(
                    "`{}` and `{}` are two principals, and a request has one caller",
                    words::on_one_line(&one),
                    words::on_one_line(&other)
                )));
            }
            (one, other) => one.or(other),
        };
        let policies = self
            .policies
            .with(others.policies)
            .map_err(|kind: PolicyType| Failure::Message(one_at_most(kind)))?;
        Ok(Self { policies, principal })
    }

    /// The caller: `named`, or the principal whose policies these are.
    ///
    /// # Errors
    /// If the ARN is not that of a caller.
    pub(crate) fn caller(&self, named: Option<&Requester>) -> Result<Option<Requester>, Failure> {
        match (named, &self.principal) {
            (Some(named), _) => Ok(Some(named.clone())),
            (None, Some(arn)) => requester(arn).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Who makes the requests: as given, or the principal whose policies these are.
    ///
    /// # Errors
    /// As [`caller`](Self::caller).
    pub(crate) fn who(&self, who: &Who) -> Result<Who, Failure> {
        self.caller(who.named()).map(Who::from)
    }
}
