//! Services that are let in for a resource of whichever account.

use iamsure_core::language::condition::Family;
use iamsure_core::language::document::Effect;
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{Arn, PolicyType, Spanned, Statement};

use super::{Code, Report, shown};

/// The keys that say whose the resource is that a service calls for.
const OWNERS: [&str; 4] =
    ["aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"];

/// A source that names no account, with nothing beside it that does.
///
/// AWS page: IAM User Guide, `confused-deputy` (cross-service confused deputy prevention).
pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    let lets_in = matches!(report.document.kind, PolicyType::Resource | PolicyType::Trust);
    let clauses = &statement.condition.clauses;
    let says_whose = clauses.iter().any(|clause| OWNERS.contains(&clause.key.folded()));
    if !lets_in || *statement.effect != Effect::Allow || says_whose {
        return;
    }
    for clause in clauses {
        let base = clause.operator.base;
        let compares = matches!(base.family(), Family::Arn | Family::String);
        if clause.key.folded() != "aws:sourcearn" || !compares || base.is_negated() {
            continue;
        }
        for value in &clause.values {
            let text = value.as_str();
            if !report.may_look_up(1) || !placeholders(text).is_empty() || !is_of_any_account(text)
            {
                continue;
            }
            report
                .add(
                    Code::SourceWithoutAccount,
                    value.span,
                    format!("{} names no account, and no other condition does", shown(text)),
                )
                .labelled("such a resource in any account matches")
                .help(
                    "add `\"StringEquals\": { \"aws:SourceAccount\": \"…\" }` with the account that owns the source",
                );
        }
    }
}

/// Whether the resources of a pattern may lie in any account, as far as it says.
fn is_of_any_account(pattern: &str) -> bool {
    match Arn::split(pattern) {
        Some(arn) => arn.account.is_empty() || arn.account.contains(['*', '?']),
        None => pattern.contains('*'),
    }
}
