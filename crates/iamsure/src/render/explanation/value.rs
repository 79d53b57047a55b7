//! An explanation for programs.

use iamsure_core::decision::layers::{LayerReport, Said, layers};
use iamsure_core::decision::{Answerable, StatementExplanation, Truth, evaluate, explain};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{Source, Span};
use iamsure_core::world::policy_set::StatementId;
use iamsure_review::answer_form;
use iamsure_truth::ask::Case;
use serde_json::{Value, json};

use super::statement::reason;
use super::{near, not_given};
use crate::check::{Check, answer_value};
use crate::render::json::line_of;

/// The answer form.
pub(crate) fn answer(check: &Check) -> Value {
    answer_value(check)
}

/// The answer form with the explanation, on one line.
pub(crate) fn json(check: &Check) -> String {
    let mut value = answer_value(check);
    let cases: Vec<Value> =
        check.inquiry.answer.cases.iter().map(|case| case_value(check, case)).collect();
    if let Value::Object(form) = &mut value {
        form.insert("explanation".to_owned(), Value::Array(cases));
    }
    format!("{}\n", line_of(&value))
}

fn case_value(check: &Check, case: &Case) -> Value {
    let request = &case.witness;
    let policies = check.policies_of(case);
    let evaluation = evaluate(policies, request, &check.switches);
    let layers: Vec<Value> = layers(policies, request, &evaluation, &check.switches)
        .iter()
        .map(|report| layer_value(check, report))
        .collect();
    let statements: Vec<Value> = evaluation
        .statements
        .iter()
        .filter_map(|(id, ..)| explain(policies, *id, request, &check.switches))
        .filter(|one| Some(one.id.layer) != not_given(case))
        .map(|explanation| statement_value(check, &explanation))
        .collect();
    json!({
        "decision": answer_form::answer_word(case.decision.verdict),
        "by": case.decision.by.name(),
        "request": answer_form::request(request),
        "layers": layers,
        "statements": statements,
        "nearest": near::value(check, case),
    })
}

fn layer_value(check: &Check, report: &LayerReport) -> Value {
    let (said, ids): (&str, &[StatementId]) = match &report.said {
        Said::NotGiven => ("notGiven", &[]),
        Said::DoesNotApply => ("doesNotApply", &[]),
        Said::Denies(ids) => ("denies", ids),
        Said::Allows(ids) => ("allows", ids),
        Said::Delegates(ids) => ("delegates", ids),
        Said::Depends(ids) => ("depends", ids),
        Said::Silent => ("silent", &[]),
    };
    let statements: Vec<_> =
        ids.iter().map(|id| answer_form::statement(&check.policies, *id)).collect();
    json!({ "layer": Answerable::Layer(report.layer).name(), "level": report.level, "said": said, "statements": statements })
}

fn statement_value(check: &Check, explanation: &StatementExplanation<'_>) -> Value {
    let clauses: Vec<Value> = explanation
        .clauses
        .iter()
        .map(|clause| {
            let place = explanation.document.source.place(clause.clause.span.start);
            json!({
                "operator": clause.clause.operator.to_string(), "key": clause.clause.key.as_str(),
                "values": clause.clause.values.iter().map(|value| value.as_str()).collect::<Vec<_>>(),
                "request": answer_form::state(clause.state), "true": truth_value(clause.judgement.truth),
                "reason": reason(clause), "line": place.line, "column": place.column,
            })
        })
        .collect();
    let span = explanation.statement.span;
    let source = (span != Span::NOWHERE).then_some(&explanation.document.source);
    let place = source.map(|source| source.place(span.start));
    let matched = explanation.matched;
    let effect: Effect = *explanation.statement.effect;
    json!({
        "at": answer_form::statement(&check.policies, explanation.id), "effect": effect.as_str(),
        "file": source.map(Source::name), "line": place.map(|place| place.line), "column": place.map(|place| place.column),
        "matches": truth_value(matched.truth()), "action": truth_value(matched.action),
        "resource": truth_value(matched.resource), "principal": truth_value(matched.principal),
        "condition": truth_value(matched.condition), "clauses": clauses,
    })
}

/// `true`, `false`, or `null` for "unknown".
const fn truth_value(truth: Truth) -> Value {
    match truth {
        Truth::True => Value::Bool(true),
        Truth::False => Value::Bool(false),
        Truth::Unknown => Value::Null,
    }
}
