//! One statement of an explanation: whether it matches, clause by clause.

use std::fmt::Write as _;

use iamsure_core::decision::clause::Reason;
use iamsure_core::decision::{ClauseExplanation, StatementExplanation, Truth, evaluate, explain};
use iamsure_core::language::{Label, Operator, Span};
use iamsure_core::world::KeyState;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::ask::Case;

use super::{place, statement_name};
use crate::check::Check;
use crate::render::{diagnostic, words};

pub(super) fn statement(
    check: &Check,
    case: &Case,
    explanation: &StatementExplanation<'_>,
    out: &mut String,
) {
    let matched = explanation.matched;
    let verdict = truth_word(matched.truth());
    let _ = writeln!(
        out,
        "  {} {} {verdict}   {}",
        explanation.statement.effect.as_str(),
        statement_name(check, explanation.id),
        place(check, explanation.id)
    );
    if matched.resource == Truth::Unknown {
        out.push_str(
            "    whether the resource matches depends on a policy variable with an unknown key\n",
        );
    }
    for (index, clause) in explanation.clauses.iter().enumerate() {
        clause_lines(clause, out);
        if let Some(contrast) = contrast(check, case, explanation.id, index, clause) {
            let _ = writeln!(out, "      {contrast}");
        }
    }
}

/// One statement and one request, at its place in the document: whether it matches, and, where it does
/// not, each clause that is to blame with what the request holds.
pub(crate) fn of_statement(check: &Check, case: &Case, id: StatementId) -> String {
    let Some(explanation) = explain(check.policies_of(case), id, &case.witness, &check.switches)
    else {
        return String::new();
    };
    let matched = explanation.matched;
    let headline = format!(
        "{} {} {}",
        explanation.statement.effect.as_str(),
        statement_name(check, id),
        truth_word(matched.truth())
    );
    if explanation.statement.span == Span::NOWHERE {
        // Nobody wrote it: there is no place to show.
        return format!("{headline}   {}\n", place(check, id));
    }
    let mut labels = Vec::new();
    let mut contrasts = Vec::new();
    for (part, truth) in [
        ("action", matched.action),
        ("resource", matched.resource),
        ("principal", matched.principal),
    ] {
        if truth == Truth::False {
            contrasts.push(format!("it does not match the request's {part}"));
        }
    }
    if matched.truth() != Truth::True {
        for (index, clause) in explanation.clauses.iter().enumerate() {
            if clause.judgement.truth == Truth::True {
                continue;
            }
            labels.push(Label { span: clause.clause.span, text: request_holds(clause) });
            contrasts.extend(contrast(check, case, id, index, clause));
        }
    }
    if labels.is_empty() {
        labels.push(Label { span: first_line(&explanation), text: String::new() });
    }
    diagnostic::excerpt(&explanation.document.source, &headline, &labels, &contrasts)
}

/// What stands for a statement where no part of it is to blame: its Sid, or its first character.
fn first_line(explanation: &StatementExplanation<'_>) -> Span {
    let whole = explanation.statement.span;
    explanation
        .statement
        .sid
        .as_ref()
        .map_or(Span::new(whole.start, whole.start + 1), |sid| sid.span)
}

/// "request: absent -> false (a plain operator never matches an absent key)"
fn request_holds(explanation: &ClauseExplanation<'_>) -> String {
    let truth = match explanation.judgement.truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    };
    format!("request: {} -> {truth} ({})", words::state(explanation.state), reason(explanation))
}

const fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "MATCHES",
        Truth::False => "does not match",
        Truth::Unknown => "may match",
    }
}

fn clause_lines(explanation: &ClauseExplanation<'_>, out: &mut String) {
    let clause = explanation.clause;
    let values: Vec<_> = clause
        .values
        .iter()
        .map(|value| format!("\"{}\"", words::on_one_line(value.as_str())))
        .collect();
    let values = match values.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    let _ = writeln!(
        out,
        "    {} {} {values}",
        *clause.operator,
        words::on_one_line(clause.key.as_str())
    );
    let _ = writeln!(out, "      {}", request_holds(explanation));
}

/// Why a clause is true or false, in words.
pub(super) fn reason(explanation: &ClauseExplanation<'_>) -> String {
    let negated = explanation.clause.operator.base.is_negated();
    let value = |index: usize| {
        explanation
            .clause
            .values
            .get(index)
            .map(|value| words::on_one_line(value.as_str()))
            .unwrap_or_default()
    };
    match explanation.judgement.reason {
        Reason::Absent => "a plain operator never matches an absent key".to_owned(),
        Reason::AbsentNegated => "absent: a negated operator counts as a match".to_owned(),
        Reason::AbsentIfExists => "absent, IfExists: counts as a match".to_owned(),
        Reason::NothingForAll => "no values to check: ForAllValues counts as a match".to_owned(),
        Reason::NothingForAny => "no values to check: ForAnyValue never matches".to_owned(),
        Reason::Presence => match explanation.state {
            KeyState::Absent => "the key is absent".to_owned(),
            _ => "the key is present".to_owned(),
        },
        Reason::Constant => "a set operator before Null is constant".to_owned(),
        Reason::NoValues => "no value is listed".to_owned(),
        Reason::PlainOnMultivalued => {
            "a plain operator is false where a key holds two or more values".to_owned()
        }
        Reason::Matched(index) if negated => {
            format!("equal to \"{}\", which the operator excludes", value(index))
        }
        Reason::Matched(index) => format!("matches \"{}\"", value(index)),
        Reason::NoneMatched if negated => {
            "matches none of the values, as the operator asks".to_owned()
        }
        Reason::NoneMatched => "matches none of the values".to_owned(),
        Reason::ElementsDiffer => "some elements match and some do not".to_owned(),
        Reason::Unreadable if negated => {
            "a value cannot be read by this operator, so it equals nothing".to_owned()
        }
        Reason::Unreadable => "a value cannot be read by this operator".to_owned(),
        Reason::NoVariable => {
            "a policy variable has no value, so its text equals nothing".to_owned()
        }
        Reason::Unknown => "not given".to_owned(),
    }
}

/// In a set of more statements and clauses no clause is tried with another operator: each trial decides anew.
const MAX_CONTRASTED: usize = 500;

/// Where an absent key decided: what the same clause would say with, or without, `IfExists`.
fn contrast(
    check: &Check,
    case: &Case,
    id: StatementId,
    index: usize,
    explanation: &ClauseExplanation<'_>,
) -> Option<String> {
    let policies = check.policies_of(case);
    let sizes = policies.statements().map(|(.., found)| found.value.condition.clauses.len() + 1);
    if sizes.sum::<usize>() > MAX_CONTRASTED {
        return None;
    }
    let operator = *explanation.clause.operator;
    let other = match explanation.judgement.reason {
        Reason::AbsentIfExists => Operator { if_exists: false, ..operator },
        Reason::Absent => Operator { if_exists: true, ..operator },
        _ => return None,
    };
    let changed = policies.with_operator(id, index, other);
    let otherwise = evaluate(&changed, &case.witness, &check.switches).outcome;
    let truth = if other.if_exists { "true" } else { "false" };
    let consequence = match otherwise.decided() {
        Some(decision) if decision.verdict != case.decision.verdict => {
            format!(", and the request {}", decision.verdict)
        }
        Some(_) => ", with the same decision".to_owned(),
        None => String::new(),
    };
    let name = if other.if_exists { format!("`{other}`") } else { format!("plain `{other}`") };
    Some(format!("with {name} this condition would be {truth}{consequence}"))
}
