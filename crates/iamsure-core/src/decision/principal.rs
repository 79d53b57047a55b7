//! How strongly a Principal element names the requester (6.2, 6.3).

use std::collections::BTreeMap;

use super::precedence::Strength;
use super::truth::Truth;
use crate::language::Arn;
use crate::language::document::{Effect, Named, PrincipalElement, PrincipalEntry, Sense};
use crate::world::principal::Principal;
use crate::world::switch::{Switch, Switches};

/// Whether a statement is for the requester, and how strongly it names it.
///
/// The strength of a match counts for Allow only (P-16).
pub(crate) fn names(
    element: &PrincipalElement,
    effect: Effect,
    principal: &Principal,
    has_boundary: bool,
    switches: &Switches,
) -> (Truth, Strength) {
    let entries = || element.entries.iter().map(|entry| &entry.value);
    any_names(entries, (element.sense, effect), principal, has_boundary, switches)
}

/// The entries of a Principal element by the account they are of: asked about many callers, each is held against few
/// entries of thousands. It says of every caller what the element says.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    sense: Sense,
    by_account: BTreeMap<&'a str, Vec<&'a PrincipalEntry>>,
    /// Those of no account, and one of each form that any caller has to be told of: whether there is an entry at all,
    /// and whether all are accounts.
    every: Vec<&'a PrincipalEntry>,
}

impl<'a> Entries<'a> {
    /// The entries of an element.
    pub fn new(element: &'a PrincipalElement) -> Self {
        let mut by_account: BTreeMap<&str, Vec<&PrincipalEntry>> = BTreeMap::new();
        let mut every = Vec::new();
        let (mut told_of_account, mut told_of_other) = (false, false);
        for entry in element.entries.iter().map(|entry| &entry.value) {
            let Some((account, is_account)) = account_of(entry) else {
                every.push(entry);
                continue;
            };
            by_account.entry(account).or_default().push(entry);
            let told = if is_account { &mut told_of_account } else { &mut told_of_other };
            if !std::mem::replace(told, true) {
                every.push(entry);
            }
        }
        Self { sense: element.sense, by_account, every }
    }

    /// As the element: whether a statement with `effect` is for a caller.
    pub(super) fn names(
        &self,
        effect: Effect,
        principal: &Principal,
        has_boundary: bool,
        switches: &Switches,
    ) -> (Truth, Strength) {
        let of_account = |account| self.by_account.get(account);
        let own = principal.account().and_then(of_account);
        // Entries name ARNs, which say the account once more.
        let [one, other] =
            arns(principal).map(|arn| Arn::split(arn?)).map(|arn| of_account(arn?.account));
        let lists = || own.into_iter().chain(one).chain(other);
        let entries = || self.every.iter().chain(lists().flatten()).copied();
        any_names(entries, (self.sense, effect), principal, has_boundary, switches)
    }
}

/// The account that an entry is of, and whether it is the account itself. Callers of another account are not who it
/// names.
fn account_of(entry: &PrincipalEntry) -> Option<(&str, bool)> {
    let PrincipalEntry::Aws(aws) = entry else { return None };
    match aws.named() {
        Named::Account(account) => Some((account, true)),
        Named::Role { account, .. } => Some((account, false)),
        Named::RoleSession(arn) | Named::User(arn) | Named::FederatedUser(arn) => {
            Some((Arn::split(arn)?.account, false))
        }
        Named::Everyone | Named::UniqueId(_) | Named::Nobody => None,
    }
}

/// The ARNs of a caller that an entry may name.
fn arns(principal: &Principal) -> [Option<&str>; 2] {
    match principal {
        Principal::User { arn, .. } | Principal::RoleSession { arn, .. } => [Some(arn), None],
        Principal::FederatedUser { arn, user_arn, .. } => [Some(arn), user_arn.as_deref()],
        _ => [None, None],
    }
}

fn any_names<'a, I: Iterator<Item = &'a PrincipalEntry>>(
    entries: impl Fn() -> I,
    of: (Sense, Effect),
    principal: &Principal,
    has_boundary: bool,
    switches: &Switches,
) -> (Truth, Strength) {
    let strength =
        entries().map(|entry| strength(entry, principal, switches)).max().unwrap_or(Strength::None);
    let names_canonical =
        || entries().any(|entry| matches!(entry, PrincipalEntry::CanonicalUser(_)));
    match of {
        _ if entries().next().is_none() => (Truth::False, Strength::None),
        // Which account a canonical user id stands for is known to S3 alone (P-13).
        (Sense::OneOf, _)
            if strength < Strength::Account
                && principal.account().is_some()
                && names_canonical() =>
        {
            (Truth::Unknown, Strength::Account)
        }
        (Sense::OneOf, _) => ((strength > Strength::None).into(), strength),
        (Sense::NoneOf, Effect::Allow) => ((strength == Strength::None).into(), Strength::Direct),
        (Sense::NoneOf, Effect::Deny) => {
            let entries: Vec<_> = entries().collect();
            (
                not_principal_denies(&entries, principal, has_boundary, switches).into(),
                Strength::Direct,
            )
        }
    }
}

/// The match of one entry (6.2).
fn strength(entry: &PrincipalEntry, principal: &Principal, switches: &Switches) -> Strength {
    match entry {
        PrincipalEntry::Everyone => Strength::Direct,
        PrincipalEntry::Aws(named) => aws_strength(named.named(), principal, switches),
        PrincipalEntry::Service(name) => match principal {
            Principal::Service { name: caller } if caller == name => Strength::Direct,
            _ => Strength::None,
        },
        PrincipalEntry::Federated(name) => match principal {
            Principal::FederatedCaller { provider } if provider == name => Strength::Direct,
            _ => Strength::None,
        },
        PrincipalEntry::CanonicalUser(_) | PrincipalEntry::Other { .. } => Strength::None,
    }
}

fn aws_strength(named: Named<'_>, principal: &Principal, switches: &Switches) -> Strength {
    match named {
        Named::Everyone => match principal {
            Principal::Service { .. } if switches.is_alternative(Switch::Q8) => Strength::None,
            _ => Strength::Direct,
        },
        Named::Account(id) => match principal {
            Principal::Root { account } if account == id => Strength::Direct,
            _ if principal.account() == Some(id) => Strength::Account,
            _ => Strength::None,
        },
        Named::Role { partition, account, name } => {
            let same = principal.account() == Some(account)
                && principal.role_name() == Some(name)
                && principal.partition().is_none_or(|own| own == partition);
            if same { Strength::Parent } else { Strength::None }
        }
        Named::RoleSession(text) => match principal {
            Principal::RoleSession { arn, .. } if arn == text => Strength::Session,
            _ => Strength::None,
        },
        Named::User(text) => match principal {
            Principal::User { arn, .. } if arn == text => Strength::Direct,
            Principal::FederatedUser { user_arn: Some(arn), .. } if arn == text => Strength::Parent,
            _ => Strength::None,
        },
        Named::FederatedUser(text) => match principal {
            Principal::FederatedUser { arn, .. } if arn == text => Strength::Session,
            _ => Strength::None,
        },
        Named::UniqueId(text) => match principal {
            Principal::User { unique_id: Some(id), .. } if id == text => Strength::Direct,
            Principal::RoleSession { role_id: Some(id), .. } if id == text => Strength::Parent,
            _ => Strength::None,
        },
        Named::Nobody => Strength::None,
    }
}

/// The procedure of P-21: a principal is spared only if every link of its chain is listed.
fn not_principal_denies(
    entries: &[&PrincipalEntry],
    principal: &Principal,
    has_boundary: bool,
    switches: &Switches,
) -> bool {
    if has_boundary {
        return true;
    }
    let outside_aws = |entry: &&&PrincipalEntry| match entry {
        PrincipalEntry::Everyone | PrincipalEntry::Service(_) | PrincipalEntry::Federated(_) => {
            true
        }
        PrincipalEntry::Aws(named) => named.named() == Named::Everyone,
        PrincipalEntry::CanonicalUser(_) | PrincipalEntry::Other { .. } => false,
    };
    if entries
        .iter()
        .filter(outside_aws)
        .any(|entry| strength(entry, principal, switches) > Strength::None)
    {
        return false;
    }
    if principal.is_origin_access_identity() {
        // It has no account that could be listed, too (Q24).
        let mut each = entries.iter();
        let is_listed = each.any(|entry| strength(entry, principal, switches) == Strength::Direct);
        return !(is_listed && switches.is_alternative(Switch::Q24));
    }
    let Some(account) = principal.account() else { return true };
    let is_account = |entry: &&PrincipalEntry, wanted: Option<&str>| match entry {
        PrincipalEntry::Aws(aws) => match aws.named() {
            Named::Account(id) => wanted.is_none_or(|wanted| wanted == id),
            _ => false,
        },
        _ => false,
    };
    let account_listed = entries.iter().any(|entry| is_account(entry, Some(account)));
    let only_accounts = entries.iter().all(|entry| is_account(entry, None));
    if account_listed && only_accounts && switches.is_alternative(Switch::Q9) {
        return false;
    }
    let listed = |wanted: Strength| {
        entries.iter().any(|entry| match entry {
            PrincipalEntry::Aws(aws) => aws_strength(aws.named(), principal, switches) == wanted,
            _ => false,
        })
    };
    let spared = match principal {
        Principal::User { .. } => listed(Strength::Direct),
        Principal::RoleSession { .. } => {
            let role = listed(Strength::Parent);
            role && (listed(Strength::Session) || switches.is_alternative(Switch::Q25))
        }
        Principal::FederatedUser { .. } => listed(Strength::Session),
        Principal::Root { .. } | Principal::AssumeRoot { .. } => return !account_listed,
        Principal::Service { .. } | Principal::Anonymous | Principal::FederatedCaller { .. } => {
            false
        }
    };
    !(spared && (account_listed || switches.is_alternative(Switch::Q24)))
}
