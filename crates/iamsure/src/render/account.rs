//! Answers about everybody in an account.

pub(crate) mod changes;
pub(crate) mod paths;
pub(crate) mod prove;
pub(crate) mod review;
pub(crate) mod tokens;
pub(crate) mod who_can;

use std::collections::BTreeSet;

use iamsure_account::{AccountPrincipal, Container, Principals, Unasked};
use iamsure_core::language::PolicyType;
use iamsure_core::world::PolicySet;
use iamsure_truth::claim::ClaimVerdict;
use iamsure_truth::grounds::Grounds;
use iamsure_truth::known_later::symbols_in;

use super::listing::Listing;
use super::{grounds, words};

/// Everybody that was read.
pub(crate) struct Account {
    pub(crate) principals: Principals,
    /// What it was read from.
    pub(crate) container: Container,
    /// What a reader must know of what was read.
    pub(crate) remarks: Vec<String>,
    /// Whether all are of one account.
    is_one: bool,
}

impl Account {
    /// What a container describes.
    pub(crate) fn of(container: Container) -> Self {
        let principals = Principals::of([&container]);
        let lent = principals.lent();
        let unasked = principals.unasked.iter().map(|one| format!("`{}` {}", one.address, one.why));
        let mut remarks: Vec<String> =
            container.remarks.iter().cloned().chain(unasked).chain(lent).collect();
        if container.takes_choices && !principals.unasked.is_empty() {
            remarks.push(NAME_IT.to_owned());
        }
        let symbols = if principals.known_later { symbols(&principals) } else { BTreeSet::new() };
        if !symbols.is_empty() {
            remarks.push(words::every_value(&symbols));
        }
        let first = principals.principals.first().map(AccountPrincipal::account);
        let is_one = principals.principals.iter().all(|other| Some(other.account()) == first);
        Self { principals, container, remarks, is_one }
    }

    /// Whether somebody is described whom nothing can be asked about: nothing is known of everybody then.
    fn verdict_of_unasked(&self) -> Option<ClaimVerdict> {
        (!self.principals.unasked.is_empty()).then_some(ClaimVerdict::Depends)
    }

    /// The policies of a principal, if they are known.
    fn policies_of(&self, principal: &AccountPrincipal) -> Option<&PolicySet> {
        self.principals.sets.get(*principal.set.as_ref().ok()?)
    }

    /// How principals are called: by address where all are of one account, else by ARN.
    fn name<'a>(&self, principal: &'a AccountPrincipal) -> &'a str {
        if self.is_one { &principal.address } else { &principal.arn }
    }

    /// The remarks, and what else a reader must know of an answer.
    fn notes(&self, others: Vec<String>) -> Vec<String> {
        self.remarks.iter().cloned().chain(others).collect()
    }

    /// As [`notes`](Self::notes), and what leaves an answer open.
    fn notes_and(&self, others: Vec<String>, open: &[Unasked]) -> Vec<String> {
        let open = open.iter().map(|one| format!("`{}` {}", one.address, one.why));
        self.notes(others).into_iter().chain(open).collect()
    }

    /// What every answer ends with.
    fn footer(&self, listing: &mut Listing) {
        self.footer_of_remarks(listing);
        listing.line(format!(
            "- Only the policies given are considered. AWS reference data of {}.",
            iamsure_reference::captured()
        ));
    }

    fn footer_of_remarks(&self, listing: &mut Listing) {
        for remark in self.remarks.iter().take(MOST_REMARKS) {
            listing.line(format!("- {}", words::sentence(remark)));
        }
        let more = self.remarks.len().saturating_sub(MOST_REMARKS);
        if more > 0 {
            listing.line(format!("- {more} more notes like these; --format json has them all."));
        }
    }
}

/// The symbols in the policies of everybody, and of whom roles trust.
fn symbols(principals: &Principals) -> BTreeSet<String> {
    let trusts = principals.trusts().into_iter().filter_map(|(_, trust)| trust.ok());
    let trusts = trusts.flat_map(|trust| &trust.statements);
    let own = principals.sets.iter().flat_map(PolicySet::statements);
    let own = own.map(|(.., statement)| statement);
    own.chain(trusts).flat_map(|statement| symbols_in(&statement.value)).collect()
}

/// What is assumed of policies that must exist and were not given, and beside layers that only limit: each sentence once.
fn assumed<'a>(grounds: impl Iterator<Item = &'a Grounds>) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for grounds in grounds {
        let both_ways = grounds.missing.iter().map(|kind| match kind {
            PolicyType::Trust => OTHER_ROLES_BOTH_WAYS,
            kind => grounds::not_given(*kind),
        });
        let naming = grounds.naming_nobody.iter().map(|kind| match kind {
            PolicyType::Trust => OTHER_ROLES,
            kind => grounds::may_name(*kind),
        });
        let told = both_ways.chain(naming).map(str::to_owned);
        for sentence in told.chain(grounds.beside.sentences()) {
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
    }
    sentences
}

/// What is said where roles are asked about that are not in the files.
const OTHER_ROLES_BOTH_WAYS: &str = "Roles that the files do not describe are decided both ways: trusting the account, and not trusting it.";
const OTHER_ROLES: &str = "The trust policy of a role that the files do not describe can allow requests without any other Allow, by naming a caller or its identity provider.";

/// How principals of a template are given the names that CloudFormation would make.
pub(crate) const NAME_IT: &str =
    "a role or a user has an ARN if its name is known: give the name as `FILE#?LOGICALID=NAME`";

/// How many remarks are shown.
const MOST_REMARKS: usize = 10;

/// How many can do something, and how many more may: what is not known decides.
fn can_or_may(certain: usize, possible: usize, [one, several]: [&str; 2], what: &str) -> String {
    match (certain, possible) {
        (_, 0) => format!("{} can {what}", count(certain, one, several)),
        (0, _) => format!("{} may {what}", count(possible, one, several)),
        _ => format!("{} can {what}, and {possible} may", count(certain, one, several)),
    }
}

/// "3 principals", "1 principal".
fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}
