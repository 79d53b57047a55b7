//! Whose resources policies are about.

use std::collections::BTreeSet;

use iamsure_core::language::document::{Named, PrincipalEntry};
use iamsure_core::world::PolicySet;
use iamsure_truth::sample::{EXAMPLE_ACCOUNT, account_beside, account_of};

/// The account that owns what the policies are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: String,
    /// Whether something names it: the ARN of a resource, or of an identity provider, which a role only trusts in its
    /// own account. Otherwise it is an account of examples that is no principal's either, so that nobody is taken
    /// for the owner's own.
    pub is_named: bool,
}

impl Owner {
    /// The owner, as far as the policies say.
    ///
    /// AWS page: IAM User Guide, `id_roles_providers_create_oidc` (a provider is an entity of the account).
    pub fn of(policies: &PolicySet) -> Self {
        let statements = || policies.statements().map(|(_, _, statement)| statement);
        let resources = statements().flat_map(|statement| &statement.resource);
        let entries = resources.flat_map(|element| &element.entries);
        let of_resources: BTreeSet<&str> =
            entries.filter_map(|entry| account_of(entry.as_str())).collect();
        let principals = || {
            let elements = statements().filter_map(|statement| statement.principal.as_ref());
            elements.flat_map(|element| &element.entries).map(|entry| &entry.value)
        };
        let of_providers: BTreeSet<&str> = principals()
            .filter_map(|entry| match entry {
                PrincipalEntry::Federated(provider) => account_of(provider),
                _ => None,
            })
            .collect();
        for named in [of_resources, of_providers] {
            let mut named = named.into_iter();
            if let (Some(only), None) = (named.next(), named.next()) {
                return Self { account: only.to_owned(), is_named: true };
            }
        }
        let is_principals = |account: &str| {
            principals().any(|entry| match entry {
                PrincipalEntry::Aws(aws) => match aws.named() {
                    Named::Account(named) => named == account,
                    _ => account_of(aws.as_str()) == Some(account),
                },
                _ => false,
            }) || statements().any(|statement| {
                let clauses = statement.condition.clauses.iter();
                clauses.flat_map(|clause| &clause.values).any(|value| {
                    value.as_str() == account || account_of(value.as_str()) == Some(account)
                })
            })
        };
        let example = account_beside(is_principals).unwrap_or(EXAMPLE_ACCOUNT);
        Self { account: example.to_owned(), is_named: false }
    }
}
