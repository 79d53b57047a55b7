//! Whoever calls where the question leaves it open: an example, of the account that is asked about.

use std::collections::BTreeSet;

use iamsure_core::language::document::Sense;
use iamsure_core::language::{Arn, ConditionKey, is_account_id};
use iamsure_core::world::principal::ANY_SESSION;
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Requester};

/// The account of examples: where neither policies nor resources name one.
pub const EXAMPLE_ACCOUNT: &str = "111122223333";

/// Another account, of examples.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// Accounts of examples, of which a policy seldom names all.
pub(crate) const ACCOUNTS: [&str; 4] =
    [EXAMPLE_ACCOUNT, OTHER_ACCOUNT, "777788889999", "123456789012"];

/// An account of examples that is not named: whoever is in it is nobody that was named. `None` if all are.
pub fn account_beside(is_named: impl Fn(&str) -> bool) -> Option<&'static str> {
    ACCOUNTS.into_iter().find(|account| !is_named(account))
}

/// Who makes the requests of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Unspecified: any user or role that the policies can be attached to.
    #[default]
    Anybody,
    /// This requester. The condition keys that follow from it are known.
    Named(Requester),
}

impl Who {
    /// The requester, if the question names one.
    pub const fn named(&self) -> Option<&Requester> {
        match self {
            Self::Anybody => None,
            Self::Named(requester) => Some(requester),
        }
    }

    /// The requester; an example of `account` where the question names none.
    pub fn or_sample(&self, account: &str) -> Requester {
        self.named().cloned().unwrap_or_else(|| sample_requester(account))
    }
}

impl From<Option<Requester>> for Who {
    fn from(requester: Option<Requester>) -> Self {
        requester.map_or(Self::Anybody, Self::Named)
    }
}

/// A session of some role of `account`.
pub fn sample_requester(account: &str) -> Requester {
    Requester::from(Principal::RoleSession {
        account: account.to_owned(),
        arn: format!("arn:aws:sts::{account}:assumed-role/example-role/{ANY_SESSION}"),
        role_arn: Some(format!("arn:aws:iam::{account}:role/example-role")),
        role_id: None,
        service_linked: false,
    })
}

/// Whether a requester is the example of its account.
pub fn is_sample(requester: &Requester) -> bool {
    requester.principal.account().is_some_and(|account| *requester == sample_requester(account))
}

/// The account that `resource` names in its ARN, if it is one.
pub fn account_of(resource: &str) -> Option<&str> {
    let account = Arn::split(resource)?.account;
    is_account_id(account).then_some(account)
}

/// Whether a key is the account that owns the resource (KC-15).
pub(crate) fn is_of_owner(key: &ConditionKey) -> bool {
    key.folded() == "aws:resourceaccount"
}

/// The account that owns the resources, where the context tells (KC-15).
pub fn owner_in(context: &Context) -> Option<&str> {
    let (_, state) = context.entries().find(|(key, _)| is_of_owner(key))?;
    match state {
        KeyState::Single(account) if is_account_id(account) => Some(account),
        _ => None,
    }
}

/// The account of callers and resources where the question names none: the one that the Resource elements
/// name, if it is one; otherwise [`EXAMPLE_ACCOUNT`]. Principal elements may name anybody's and do not count.
pub fn account_named_by<'a>(policies: impl IntoIterator<Item = &'a PolicySet>) -> &'a str {
    let entries = policies
        .into_iter()
        .flat_map(PolicySet::statements)
        .filter_map(|(_, _, statement)| statement.resource.as_ref())
        .filter(|element| element.sense == Sense::OneOf)
        .flat_map(|element| &element.entries);
    let named: BTreeSet<&str> = entries.filter_map(|entry| account_of(entry.as_str())).collect();
    let mut named = named.into_iter();
    named.next().filter(|_| named.next().is_none()).unwrap_or(EXAMPLE_ACCOUNT)
}
