//! The values of the keys that identify a caller: by its kind, in the forms that AWS documents.
//!
//! AWS page: IAM User Guide, `reference_policies_condition-keys` (`aws:PrincipalArn`, `aws:PrincipalAccount`,
//! `aws:userid`) and
//! the table of principal key values in `reference_policies_variables`. `aws:PrincipalArn` of a role session is
//! the ARN of the role, so the ARN of a session is no value of the key (K-11).
//!
//! Names and paths hold only what IAM lets them hold (IAM API Reference, `API_CreateRole`: `RoleName` and `Path`;
//! IAM User Guide, `reference_iam-quotas`), so that no role is called `admin-*`. AWS's own roles may have a name with a colon:
//! EC2 decrypts volumes as `role/aws:ec2-infrastructure` (AWS's examples of data perimeter policies,
//! `service_specific_guidance`). Unique IDs of users and roles begin with a letter (IAM User Guide,
//! `reference_identifiers`: `AIDA`, `AROA`), so that the ID of a root user, which is the account, is none.
//!
//! EC2's instance identity roles have another form, and no policy applies to them (EC2 User Guide,
//! `iam-roles-for-amazon-ec2`).

use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::Principal;

use super::text::{Span, Symbol, TextPattern};

/// What the name of a role, a user or a federated user is made of.
const OF_NAMES: Span =
    Span::OneOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-");

/// What the path before it is made of, beside the slashes at both ends.
const OF_PATHS: Span = Span::OneOf(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
);

/// A key whose value identifies the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityKey {
    /// `aws:PrincipalArn`.
    Arn,
    /// `aws:userid`.
    UniqueId,
    /// `aws:PrincipalAccount`.
    Account,
}

impl IdentityKey {
    /// The name of the key.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Arn => "aws:PrincipalArn",
            Self::UniqueId => "aws:userid",
            Self::Account => "aws:PrincipalAccount",
        }
    }
}

/// The kinds of caller whose identities AWS documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A session of a role.
    Role,
    /// An IAM user.
    User,
    /// A session from `GetFederationToken`.
    FederatedUser,
    /// The root user of an account, or a session from `AssumeRoot`.
    Root,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Role, Self::User, Self::FederatedUser, Self::Root];

    /// The kind of a principal, if AWS documents what identifies it.
    pub(crate) const fn of(principal: &Principal) -> Option<Self> {
        match principal {
            Principal::RoleSession { .. } => Some(Self::Role),
            Principal::User { .. } => Some(Self::User),
            Principal::FederatedUser { .. } => Some(Self::FederatedUser),
            Principal::Root { .. } | Principal::AssumeRoot { .. } => Some(Self::Root),
            Principal::Service { .. }
            | Principal::Anonymous
            | Principal::FederatedCaller { .. } => None,
        }
    }

    /// The value of `aws:PrincipalType` for callers of the kind.
    pub(crate) const fn principal_type(self) -> &'static str {
        match self {
            Self::Role => "AssumedRole",
            Self::User => "User",
            Self::FederatedUser => "FederatedUser",
            Self::Root => "Account",
        }
    }

    /// Service, the resource up to the name, and whether a name follows, in the ARN of the kind.
    pub(crate) const fn arn(self) -> (&'static str, &'static str, bool) {
        match self {
            Self::Role => ("iam", "role/", true),
            Self::User => ("iam", "user/", true),
            Self::FederatedUser => ("sts", "federated-user/", true),
            Self::Root => ("iam", "root", false),
        }
    }

    /// Whether a path may stand before the name.
    const fn has_path(self) -> bool {
        matches!(self, Self::Role | Self::User)
    }

    /// What a caller of the kind is called.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Role => "a role",
            Self::User => "a user",
            Self::FederatedUser => "a federated user",
            Self::Root => "a root user",
        }
    }

    const fn example_arn(self) -> &'static str {
        match self {
            Self::Role => "arn:aws:iam::111122223333:role/another-role",
            Self::User => "arn:aws:iam::111122223333:user/another-user",
            Self::FederatedUser => "arn:aws:sts::111122223333:federated-user/another-user",
            Self::Root => "arn:aws:iam::111122223333:root",
        }
    }

    pub(crate) const fn example_id(self) -> &'static str {
        match self {
            Self::Role => "AROAEXAMPLEID:another-session",
            Self::User => "AIDAEXAMPLEID",
            Self::FederatedUser => "111122223333:another-user",
            Self::Root => "111122223333",
        }
    }
}

/// A session of `AssumeRoot` in an account.
///
/// AWS page: IAM User Guide, `id_root-user-privileged-task`.
pub(crate) fn assumed_root_of(account: &str) -> Principal {
    Principal::AssumeRoot {
        account: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:root"),
        task_policy_arn: None,
    }
}

/// The values of an identity key, for callers of one kind or of any, of one account or of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Which key.
    pub key: IdentityKey,
    /// The kind of the callers; any, if there is none.
    pub kind: Option<Kind>,
    /// The account of the callers, as a number; any, if there is none.
    pub account: Option<u64>,
    /// The unique ID of the role of which they are sessions; any, if there is none.
    pub role: Option<RoleId>,
    /// Whether the callers are of the partition `aws`, and of no other.
    pub in_aws: bool,
}

/// The unique ID of a role: `AROA…`, of 16 to 32 characters.
///
/// AWS page: IAM User Guide, `reference_identifiers` (unique identifiers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleId {
    text: [u8; 32],
    length: usize,
}

impl RoleId {
    /// The ID of the role of a session, if it is known and of that form.
    fn of(principal: &Principal) -> Option<Self> {
        let Principal::RoleSession { role_id: Some(id), .. } = principal else { return None };
        let mut text = [0; 32];
        text.get_mut(..id.len())?.copy_from_slice(id.as_bytes());
        Some(Self { text, length: id.len() })
    }

    fn as_str(&self) -> &str {
        self.text.get(..self.length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("")
    }
}

impl Identity {
    /// The values that `key` has for `principal`, or for anybody; `None` if it is no key of an identity, or AWS
    /// does not document its values for such a caller.
    pub fn of(key: &ConditionKey, principal: Option<&Principal>) -> Option<Self> {
        let key = match key.folded() {
            "aws:principalarn" => IdentityKey::Arn,
            "aws:userid" => IdentityKey::UniqueId,
            "aws:principalaccount" => IdentityKey::Account,
            _ => return None,
        };
        let kind = principal.and_then(Kind::of);
        // The entries of the keys list every form there is, though not what it is for a service.
        let is_documented = match principal {
            None => true,
            Some(Principal::Anonymous) => false,
            Some(_) => kind.is_some() || key != IdentityKey::UniqueId,
        };
        let role = principal.and_then(RoleId::of).filter(|_| key == IdentityKey::UniqueId);
        is_documented.then_some(Self { key, kind, account: None, role, in_aws: false })
    }

    /// The values of callers of this account alone.
    #[must_use]
    pub(crate) fn of_account(self, account: &str) -> Self {
        Self { account: account.parse().ok(), ..self }
    }

    /// The values of callers of the partition `aws` alone.
    #[must_use]
    pub(crate) fn of_partition_aws(self) -> Self {
        Self { in_aws: true, ..self }
    }

    /// What holds of every caller that either is about.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            key: self.key,
            kind: self.kind.filter(|kind| other.kind == Some(*kind)),
            account: self.account.filter(|account| other.account == Some(*account)),
            role: self.role.filter(|role| other.role == Some(*role)),
            in_aws: self.in_aws && other.in_aws,
        }
    }

    fn kinds(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.kind.is_none_or(|own| own == *kind))
    }

    /// Every value, as patterns.
    pub(crate) fn patterns(self) -> Vec<TextPattern> {
        let mut patterns: Vec<TextPattern> = self
            .kinds()
            .flat_map(|kind| {
                let has_path = self.key == IdentityKey::Arn && kind.has_path();
                let with_path = has_path.then(|| self.pattern(kind, true, ""));
                let is_role = self.key == IdentityKey::Arn && kind == Kind::Role;
                let of_aws = is_role.then(|| self.pattern(kind, false, "aws:"));
                std::iter::once(self.pattern(kind, false, "")).chain(with_path).chain(of_aws)
            })
            .collect();
        patterns.dedup();
        patterns
    }

    /// The value for one kind of caller, with a path before the name or without; and with what the name begins with.
    fn pattern(self, kind: Kind, has_path: bool, before: &'static str) -> TextPattern {
        let chars = |text: &'static str| text.chars().map(Symbol::Char);
        let some = |span| [Symbol::One(span), Symbol::Run(span)];
        let account = || -> Vec<Symbol> {
            self.account.map_or_else(
                || vec![Symbol::One(Span::Digit); 12],
                |account| format!("{account:012}").chars().map(Symbol::Char).collect(),
            )
        };
        let unique_id = || [Symbol::Char('A'), Symbol::Run(Span::Field)];
        let mut symbols: Vec<Symbol> = Vec::new();
        match (self.key, kind) {
            (IdentityKey::Arn, kind) => {
                let (service, resource, is_named) = kind.arn();
                symbols.extend(chars("arn:"));
                if self.in_aws {
                    symbols.extend(chars("aws"));
                } else {
                    symbols.extend(some(Span::Field));
                }
                symbols.push(Symbol::Char(':'));
                symbols.extend(chars(service));
                symbols.extend(chars("::"));
                symbols.extend(account());
                symbols.push(Symbol::Char(':'));
                symbols.extend(chars(resource));
                if has_path {
                    symbols.extend(some(OF_PATHS));
                    symbols.push(Symbol::Char('/'));
                }
                if is_named {
                    symbols.extend(chars(before));
                    symbols.extend(some(OF_NAMES));
                }
            }
            (IdentityKey::UniqueId, Kind::Role) => {
                match &self.role {
                    Some(role) => symbols.extend(role.as_str().chars().map(Symbol::Char)),
                    None => symbols.extend(unique_id()),
                }
                symbols.push(Symbol::Char(':'));
                symbols.extend(some(Span::All));
            }
            (IdentityKey::UniqueId, Kind::User) => symbols.extend(unique_id()),
            (IdentityKey::UniqueId, Kind::FederatedUser) => {
                symbols.extend(account());
                symbols.push(Symbol::Char(':'));
                symbols.extend(some(Span::All));
            }
            (IdentityKey::UniqueId, Kind::Root) | (IdentityKey::Account, _) => {
                symbols.extend(account());
            }
        }
        TextPattern::new(symbols)
    }

    /// Whether a text is one of the values.
    pub fn is_value(self, text: &str) -> bool {
        self.patterns().iter().any(|pattern| pattern.matches(text))
    }

    /// A value for each kind of caller.
    pub fn examples(self) -> Vec<&'static str> {
        let example = |kind: Kind| match self.key {
            IdentityKey::Arn => kind.example_arn(),
            IdentityKey::UniqueId => kind.example_id(),
            IdentityKey::Account => "444455556666",
        };
        self.kinds().map(example).filter(|text| self.is_value(text)).collect()
    }

    /// What the values are, in the words of reports.
    pub const fn words(self) -> &'static str {
        match (self.key, self.kind) {
            (IdentityKey::Arn, None) => "the ARN of a role, user, federated user or root user",
            (IdentityKey::Arn, Some(Kind::Role)) => "the ARN of a role",
            (IdentityKey::Arn, Some(Kind::User)) => "the ARN of a user",
            (IdentityKey::Arn, Some(Kind::FederatedUser)) => "the ARN of a federated user",
            (IdentityKey::Arn, Some(Kind::Root)) => "the ARN of a root user",
            (IdentityKey::UniqueId, None | Some(Kind::Role | Kind::User)) => "a unique ID",
            (IdentityKey::UniqueId, Some(Kind::FederatedUser)) => "an account and a name",
            (IdentityKey::UniqueId, Some(Kind::Root)) | (IdentityKey::Account, _) => {
                "an account of twelve digits"
            }
        }
    }
}

/// The ARN of the role, or a pattern of it, that an ARN or a pattern of a session is of: its path is not known.
pub fn role_of_session(arn: &str) -> Option<String> {
    let Arn { partition, service, account, resource, .. } = Arn::split(arn)?;
    let names = resource.strip_prefix("assumed-role/").filter(|_| service == "sts")?;
    let (role, _) = names.split_once('/').unwrap_or((names, ""));
    Some(format!("arn:{partition}:iam::{account}:role/{role}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARNS: Identity =
        Identity { key: IdentityKey::Arn, kind: None, account: None, role: None, in_aws: false };

    #[test]
    fn the_arn_of_a_session_identifies_nobody() {
        for arn in [
            "arn:aws:iam::111122223333:role/app",
            "arn:aws-cn:iam::111122223333:role/team/app",
            "arn:aws:iam::111122223333:role/aws:ec2-infrastructure",
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::111122223333:user/a*/b,c/alice@example.com",
            "arn:aws:sts::111122223333:federated-user/bob",
            "arn:aws:iam::111122223333:root",
        ] {
            assert!(ARNS.is_value(arn), "{arn}");
        }
        for arn in [
            "arn:aws:sts::111122223333:assumed-role/app/session",
            "arn:aws:iam::111122223333:assumed-role/app/session",
            "arn:aws:iam::111122223333:group/admins",
            "arn:aws:sts::111122223333:role/app",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/admin-*",
            "arn:aws:iam::111122223333:role/ec2:infrastructure",
            "arn:aws:iam::111122223333:role/team/",
            "arn:aws:sts::111122223333:federated-user/team/bob",
            "111122223333",
            "AROAEXAMPLEID",
            "*",
        ] {
            assert!(!ARNS.is_value(arn), "{arn}");
        }
    }

    #[test]
    fn callers_of_one_kind_and_account_have_no_others() {
        let roles = Identity { kind: Some(Kind::Role), ..ARNS }.of_account("000011112222");
        assert!(roles.is_value("arn:aws:iam::000011112222:role/app"));
        assert!(!roles.is_value("arn:aws:iam::111122223333:role/app"));
        assert!(!roles.is_value("arn:aws:iam::000011112222:user/app"));
        // Of either of two kinds of caller.
        let users = Identity { kind: Some(Kind::User), ..roles };
        assert!(roles.or(users).is_value("arn:aws:iam::000011112222:user/app"));
        assert!(!roles.or(users).is_value("arn:aws:iam::111122223333:user/app"));
    }

    #[test]
    fn unique_ids_tell_kinds_apart() {
        let id = |kind| Identity {
            key: IdentityKey::UniqueId,
            kind: Some(kind),
            account: None,
            role: None,
            in_aws: false,
        };
        for (kind, text) in
            Kind::ALL.into_iter().flat_map(|kind| Kind::ALL.map(|other| (kind, other.example_id())))
        {
            let expected = match kind {
                Kind::Role => text.starts_with("AROA"),
                Kind::User => text.starts_with("AIDA"),
                _ => kind.example_id() == text,
            };
            assert_eq!(id(kind).is_value(text), expected, "{kind:?} {text}");
        }
    }
}
