//! Answers about everybody in an account.

pub(crate) mod changes;
pub(crate) mod paths;
pub(crate) mod prove;
pub(crate) mod review;
pub(crate) mod tokens;
pub(crate) mod who_can;

use iamsure_account::{AccountPrincipal, Container, Principals};
use iamsure_core::decision::Decision;
use iamsure_core::world::{PolicySet, Request};
use iamsure_truth::claim::ClaimVerdict;
use iamsure_truth::known_later::Bounds;
use iamsure_truth::said::Said;
use iamsure_truth::table::{Row, Table};
use serde_json::{Map, Value, json};

use super::explanation;
use super::listing::Listing;
use super::table::bare;

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
        if principals.known_later && principals.sets.iter().any(|set| Bounds::of(set, "").is_some())
        {
            remarks.push("values that are known when it is deployed are symbols: prove, review and who-can ask for every value of them, other answers take them for literal text, and may differ".to_owned());
        }
        let first = principals.principals.first().map(AccountPrincipal::account);
        let is_one = principals.principals.iter().all(|other| Some(other.account()) == first);
        Self { principals, container, remarks, is_one }
    }

    /// Whether somebody is described whom nothing can be asked about: nothing is known of everybody then.
    fn verdict_of_unasked(&self) -> Option<ClaimVerdict> {
        (!self.principals.unasked.is_empty()).then_some(ClaimVerdict::Depends)
    }

    /// How principals are called: by address where all are of one account, else by ARN.
    fn name<'a>(&self, principal: &'a AccountPrincipal) -> &'a str {
        if self.is_one { &principal.address } else { &principal.arn }
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
            listing.line(format!("- {remark}."));
        }
        let more = self.remarks.len().saturating_sub(MOST_REMARKS);
        if more > 0 {
            listing.line(format!("- {more} more remarks like these; --format json has them all."));
        }
    }
}

/// How many remarks are shown.
const MOST_REMARKS: usize = 10;

/// "3 principals", "1 principal".
fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// What a row says, in words; empty if it is about every request.
fn when(table: &Table, row: &Row) -> String {
    let cells = table.columns.iter().filter_map(|column| {
        let said = row.cells.get(column)?;
        Some(format!("{}: {}", bare(&column.heading()), bare(&said.phrase())))
    });
    cells.collect::<Vec<_>>().join("; ")
}

/// What a row says, for programs; what is not there may be anything.
fn when_value(table: &Table, row: &Row) -> Value {
    let cells = table.columns.iter().filter_map(|column| {
        let said: &Said = row.cells.get(column)?;
        Some((bare(&column.heading()), Value::from(said.to_string())))
    });
    Value::Object(cells.collect::<Map<String, Value>>())
}

/// A request and what is decided about it, for programs.
fn request_value(request: &Request, decision: &Decision, policies: &PolicySet) -> Value {
    let mut value = explanation::request_value(request);
    if let Value::Object(fields) = &mut value {
        fields.insert("decision".to_owned(), decision.verdict.words().into());
        fields.insert("decidedBy".to_owned(), decision.by.name().into());
        let statements = decision.statements.iter().map(|id| {
            let sid = policies.statement(*id).and_then(|(_, statement)| statement.sid());
            let numbered = || format!("{} {}.{}", id.layer.name(), id.policy + 1, id.statement + 1);
            sid.map_or_else(numbered, str::to_owned)
        });
        fields.insert("statements".to_owned(), json!(statements.collect::<Vec<_>>()));
    }
    value
}
