//! The Principal element (P-1 to P-13).
//!
//! AWS page: IAM User Guide, `reference_policies_elements_principal`.

use std::fmt;

use super::statement::Sense;
use crate::language::arn::{Arn, is_account_id};
use crate::language::source::Spanned;

/// Principal or NotPrincipal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalElement {
    /// Which of the two.
    pub sense: Sense,
    /// The entries; they are OR.
    pub entries: Vec<Spanned<PrincipalEntry>>,
}

/// One entry of a Principal element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalEntry {
    /// `"*"`: everyone (P-2).
    Everyone,
    /// Under `AWS`.
    Aws(AwsPrincipal),
    /// Under `Service`: the exact name of a service principal (P-11).
    Service(String),
    /// Under `Federated`: an identity provider (P-12).
    Federated(String),
    /// Under `CanonicalUser`: stands for an account (P-13).
    CanonicalUser(String),
    /// Under a key that AWS does not know, or a bare text other than `"*"`; matches nobody (lenient profile only).
    Other {
        /// The key, where there is one.
        key: Option<String>,
        /// The value.
        value: String,
    },
}

impl PrincipalEntry {
    /// The key the entry stands under; `None` for the bare `"*"` and for any other bare text.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Everyone => None,
            Self::Aws(_) => Some("AWS"),
            Self::Service(_) => Some("Service"),
            Self::Federated(_) => Some("Federated"),
            Self::CanonicalUser(_) => Some("CanonicalUser"),
            Self::Other { key, .. } => key.as_deref(),
        }
    }

    /// The text of the entry.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Everyone => "*",
            Self::Aws(principal) => principal.as_str(),
            Self::Service(text) | Self::Federated(text) | Self::CanonicalUser(text) => text,
            Self::Other { value, .. } => value,
        }
    }
}

impl fmt::Display for PrincipalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an entry under `AWS` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsPrincipal {
    text: String,
    form: Form,
}

/// The forms of an AWS principal, each with what it is matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'a> {
    /// `*`.
    Everyone,
    /// The account with this id, written as the id or as its `:root` ARN (P-5).
    Account(&'a str),
    /// A role; its sessions carry only the name, not the path (P-6).
    Role {
        /// The partition of the role (P-4).
        partition: &'a str,
        /// The account of the role.
        account: &'a str,
        /// The name, without path.
        name: &'a str,
    },
    /// One session of a role, by its ARN (P-7).
    RoleSession(&'a str),
    /// A user, by its ARN (P-8).
    User(&'a str),
    /// A federated-user session, by its ARN (P-9).
    FederatedUser(&'a str),
    /// The unique id of a user (`AIDA…`) or role (`AROA…`) (P-10).
    UniqueId(&'a str),
    /// Nothing that can make a request.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Everyone,
    AccountId,
    AccountRoot,
    Role,
    RoleSession,
    User,
    FederatedUser,
    UniqueId,
    Nobody,
}

impl AwsPrincipal {
    /// Reads an entry. Every text is one; what names no principal matches nobody.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let form = form_of(&text);
        Self { text, form }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the entry names.
    pub fn named(&self) -> Named<'_> {
        let text = self.text.as_str();
        let arn = || Arn::split(text);
        let account = || arn().map_or("", |arn| arn.account);
        match self.form {
            Form::Everyone => Named::Everyone,
            Form::AccountId => Named::Account(text),
            Form::AccountRoot => Named::Account(account()),
            Form::Role => Named::Role {
                partition: arn().map_or("", |arn| arn.partition),
                account: account(),
                name: text.rsplit('/').next().unwrap_or_default(),
            },
            Form::RoleSession => Named::RoleSession(text),
            Form::User => Named::User(text),
            Form::FederatedUser => Named::FederatedUser(text),
            Form::UniqueId => Named::UniqueId(text),
            Form::Nobody => Named::Nobody,
        }
    }
}

fn form_of(text: &str) -> Form {
    if text == "*" {
        return Form::Everyone;
    }
    if let Some(arn) = Arn::split(text) {
        return match (arn.service, arn.resource.split_once('/')) {
            ("iam", None) if arn.resource == "root" => Form::AccountRoot,
            ("iam", Some(("role", _))) => Form::Role,
            ("iam", Some(("user", _))) => Form::User,
            ("sts", Some(("assumed-role", _))) => Form::RoleSession,
            ("sts", Some(("federated-user", _))) => Form::FederatedUser,
            _ => Form::Nobody,
        };
    }
    let is_id = |prefix: &str| {
        text.len() >= 7
            && text.starts_with(prefix)
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    if is_account_id(text) {
        Form::AccountId
    } else if is_id("AIDA") || is_id("AROA") {
        Form::UniqueId
    } else {
        Form::Nobody
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_told_by_its_shape() {
        let named = |text: &str| format!("{:?}", AwsPrincipal::new(text).named());
        assert_eq!(named("*"), "Everyone");
        assert_eq!(named("111122223333"), r#"Account("111122223333")"#);
        assert_eq!(named("arn:aws:iam::111122223333:root"), r#"Account("111122223333")"#);
        assert_eq!(
            named("arn:aws:iam::111122223333:role/path/app"),
            r#"Role { partition: "aws", account: "111122223333", name: "app" }"#
        );
        assert!(named("arn:aws:sts::111122223333:assumed-role/app/s").starts_with("RoleSession"));
        assert!(named("arn:aws:iam::111122223333:user/a").starts_with("User"));
        assert!(named("AROAEXAMPLE").starts_with("UniqueId"));
        assert_eq!(named("arn:aws:iam::111122223333:group/g"), "Nobody");
        assert_eq!(named("11112222333"), "Nobody");
    }
}
