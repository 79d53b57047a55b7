//! The role that an exchange is about.

use super::exchange::ExchangeError;
use super::tags::Tags;
use crate::language::arn::Arn;
use crate::world::principal::Principal;

/// A role, as an exchange needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    arn: String,
    partition: String,
    account: String,
    name: String,
    service_linked: bool,
    id: Option<String>,
    tags: Option<Tags>,
}

impl Role {
    /// The role with an ARN: `arn:aws:iam::111122223333:role/path/name`.
    ///
    /// # Errors
    /// [`ExchangeError::NotARole`] if the ARN is another's.
    pub fn new(arn: impl Into<String>) -> Result<Self, ExchangeError> {
        let arn = arn.into();
        let parts = Arn::split(&arn).filter(|parts| parts.service == "iam").and_then(|parts| {
            let path = parts.resource.strip_prefix("role/")?;
            let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
            let owned = (parts.partition.to_owned(), parts.account.to_owned(), name.to_owned());
            Some((owned, path.starts_with("aws-service-role/")))
        });
        match parts {
            Some(((partition, account, name), service_linked)) => {
                Ok(Self { arn, partition, account, name, service_linked, id: None, tags: None })
            }
            None => Err(ExchangeError::NotARole { arn }),
        }
    }

    /// The same role with its unique id, `AROA…`.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The same role with every tag that is attached to it. A role of which nobody said may have any.
    #[must_use]
    pub fn with_tags(mut self, tags: Tags) -> Self {
        self.tags = Some(tags);
        self
    }

    /// The ARN, path included.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The account that the role belongs to.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The name, without path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tags attached to the role, if somebody said.
    pub const fn tags(&self) -> Option<&Tags> {
        self.tags.as_ref()
    }

    /// A session of the role. Its ARN holds the role's name without its path.
    pub(super) fn session(&self, name: &str) -> Principal {
        Principal::RoleSession {
            account: self.account.clone(),
            arn: format!(
                "arn:{}:sts::{}:assumed-role/{}/{name}",
                self.partition, self.account, self.name
            ),
            role_arn: Some(self.arn.clone()),
            role_id: self.id.clone(),
            service_linked: self.service_linked,
        }
    }
}
