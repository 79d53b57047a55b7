//! Claims about what an Allow grants, and about whole policies that grant.

use iamsure_core::language::condition::{Family, Quantifier};
use iamsure_core::language::document::{PrincipalEntry, Sense};
use iamsure_core::language::{Arn, Clause};
use iamsure_truth::claim::{Body, Condition, Target};
use iamsure_truth::sample::account_of;

use super::entry::ReviewCode;
use super::scope::Found;
use super::{Asked, say};

/// The claims that an Allow gives rise to.
pub(super) fn of(found: Found<'_>, asked: &mut Asked<'_>) {
    let clauses = &found.statement.condition.clauses;
    for (number, clause) in clauses.iter().enumerate() {
        if clause.key.as_str().eq_ignore_ascii_case("aws:MultiFactorAuthPresent") {
            if let Some((target, when)) = with_mfa(found) {
                asked.add_of_grant(ReviewCode::MfaRequired, found, target, when);
            }
        } else if let Some(code) = holds_of_absent(clause)
            && let Some((target, when)) = without_key(found, number, clause)
        {
            asked.add_of_grant(code, found, target, when);
        }
    }
    let element = found.statement.action.as_ref();
    let is_all_but = element.is_some_and(|element| element.sense == Sense::NoneOf);
    if is_all_but && may_be_of_accounts(found) {
        asked.add_sentence(ReviewCode::NotActionAllow, found);
    }
    if found.covers("iam:PassRole") {
        asked.add_sentence(ReviewCode::PassRoleService, found);
        asked.add(
            ReviewCode::PassRoleAdmin,
            found,
            Some(passes_administrator(found, asked.account)),
        );
    }
    if found.entries().any(|entry| matches!(entry, PrincipalEntry::Service(_))) {
        asked.add_sentence(ReviewCode::ConfusedDeputy, found);
    }
}

/// The question about a clause that is true of an absent key.
fn holds_of_absent(clause: &Clause) -> Option<ReviewCode> {
    let operator = clause.operator.value;
    if operator.base.family() == Family::Null {
        return None;
    }
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => Some(ReviewCode::ForAllValuesAllow),
        // It is false of an absent key, with IfExists or without (C-13).
        Some(Quantifier::ForAnyValue) => None,
        None if operator.if_exists => Some(ReviewCode::IfExistsAllow),
        None if operator.base.is_negated() => Some(ReviewCode::NegatedAllow),
        None => None,
    }
}

/// `never allow TARGET when KEY is absent`, where the clauses on other keys hold.
fn without_key(
    found: Found<'_>,
    number: usize,
    clause: &Clause,
) -> Option<(Target, Vec<Condition>)> {
    let scope = found.scope_beside(number)?;
    let mut when = vec![say::absent(&clause.key)];
    when.extend(scope.conditions);
    Some((scope.target, when))
}

/// `never allow TARGET unless aws:MultiFactorAuthPresent is true`.
fn with_mfa(found: Found<'_>) -> Option<(Target, Vec<Condition>)> {
    let scope = found.scope()?;
    let mut when = scope.conditions;
    when.push(say::not(say::is("aws:MultiFactorAuthPresent", "true")));
    Some((scope.target, when))
}

/// `never allow iam:PassRole on ROLES`, with the role that Organizations puts into every account it makes, in each of
/// the accounts that the statement names.
fn passes_administrator(found: Found<'_>, own: &str) -> Body {
    let entries = found.statement.resource.iter().flat_map(|element| &element.entries);
    let mut accounts: Vec<&str> = entries.filter_map(|entry| account_of(entry.as_str())).collect();
    if accounts.is_empty() {
        accounts.push(own);
    }
    let mut target = say::actions(["iam:PassRole"]);
    for account in accounts {
        let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
        if !target.resources.contains(&role) {
            target.resources.push(role);
        }
    }
    say::never_allow(target, Vec::new())
}

/// Whether a resource of the statement may be one of the services that administer accounts. Their actions are on
/// resources of their own: an Allow of all but some actions on buckets grants none of them.
///
/// AWS page: IAM User Guide, `reference_policies_elements_notaction`, `NotAction` with Allow.
fn may_be_of_accounts(found: Found<'_>) -> bool {
    let Some(element) = &found.statement.resource else { return true };
    element.sense == Sense::NoneOf
        || element.entries.iter().any(|entry| {
            Arn::split(entry.as_str()).is_none_or(|arn| {
                arn.service.contains(['*', '?', '$'])
                    || ["account", "iam", "organizations"]
                        .iter()
                        .any(|service| arn.service.eq_ignore_ascii_case(service))
            })
        })
}
