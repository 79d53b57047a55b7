//! Callers in the place of symbols: a Principal that is known later is a role of its own until then.

use std::borrow::Cow;

use iamsure_core::language::Statement;
use iamsure_core::language::document::{AwsPrincipal, PrincipalEntry};
use iamsure_core::language::symbol::{as_name, is_placeholder};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

use crate::sample::EXAMPLE_ACCOUNT;

/// The policies with a role in the place of each Principal that is wholly a symbol, the same for the same symbol. Nobody
/// would be named by it otherwise, and a change of it would change nothing.
pub(crate) fn with_roles(policies: &PolicySet) -> Cow<'_, PolicySet> {
    let places: Vec<StatementId> = (policies.statements())
        .filter_map(|(id, _, statement)| names_a_symbol(statement).then_some(id))
        .collect();
    if places.is_empty() {
        return Cow::Borrowed(policies);
    }
    let mut policies = policies.clone();
    for id in places {
        let Some(statement) = policies.statement_mut(id) else { continue };
        let Some(principal) = &mut statement.value.principal else { continue };
        for entry in &mut principal.value.entries {
            if let Some(role) = role(&entry.value) {
                entry.value = PrincipalEntry::Aws(AwsPrincipal::new(role));
            }
        }
    }
    Cow::Owned(policies)
}

fn names_a_symbol(statement: &Statement) -> bool {
    let entries = statement.principal.iter().flat_map(|principal| &principal.entries);
    entries.into_iter().any(|entry| role(&entry.value).is_some())
}

/// The ARN of the role in the place of an entry.
fn role(entry: &PrincipalEntry) -> Option<String> {
    let PrincipalEntry::Aws(principal) = entry else { return None };
    let text = principal.as_str();
    is_placeholder(text).then(|| format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/{}", as_name(text)))
}
