//! One request explained: for people as text, for programs as JSON.
//!
//! The answer comes first; then AWS's own words; then the layers; then each statement that names
//! the action, the resource and the principal, with every clause, what the policy says, what the
//! request holds, and why that is true or false.

use std::fmt::Write as _;

use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::clause::Reason;
use iamsure_core::decision::exemption::exemption;
use iamsure_core::decision::layers::{LayerReport, Said, layers};
use iamsure_core::decision::message::{denial, wrapped_by_ec2};
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::decision::{
    Answerable, ClauseExplanation, Decision, StatementExplanation, Truth, Verdict, evaluate,
    explain,
};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ConditionKey, Label, Operator, PolicyType, Span};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{KeyState, Request};
use iamsure_review::answer_form;
use iamsure_truth::ask::{Answer, Case, MissingKey, SwitchDependence};
use iamsure_truth::table::Column;
use serde_json::{Value, json};

use super::json::line_of;
use super::{diagnostic, grounds, words};
use crate::check::{Check, answer_value};

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

/// Everything, for people.
pub(crate) fn human(check: &Check) -> String {
    let mut out = String::new();
    let answer = &check.inquiry.answer;
    if let [case] = answer.cases.as_slice()
        && answer.decision().is_some()
    {
        headline(check, case, &mut out);
        body(check, case, &mut out);
    } else {
        open(check, answer, &mut out);
        for case in &answer.cases {
            out.push('\n');
            let _ = writeln!(out, "-- {} --", occurs(case));
            headline(check, case, &mut out);
            body(check, case, &mut out);
        }
    }
    missing(check, &mut out);
    switches(&check.inquiry.switches, &mut out);
    assumed(check, &mut out);
    out
}

/// What is assumed of policies that were not given.
fn assumed(check: &Check, out: &mut String) {
    let granting = check.inquiry.grants_everything.then(|| grounds::GRANTS_EVERYTHING.to_owned());
    for note in granting.into_iter().chain(grounds::full_access(&check.inquiry.full_access)) {
        let _ = writeln!(out, "\nnote: {note}");
    }
}

/// Several decisions: what they depend on, and each with when it occurs.
fn open(check: &Check, answer: &Answer, out: &mut String) {
    let request = check.worlds.first();
    let not_given = answer.cases.iter().any(|case| case.assumes.is_some());
    let headline = match request.map(mechanism) {
        _ if answer.succeeds() == Some(false) => "DENIED, for different reasons".to_owned(),
        Some(Mechanism::Trust) if not_given => {
            "DEPENDS on the trust policy of the role, which is not given (--trust FILE)".to_owned()
        }
        Some(Mechanism::Key) if not_given => {
            "DEPENDS on the key policy, which is not given (--resource-policy FILE)".to_owned()
        }
        _ if !answer.is_complete() => "DEPENDS, and was not worked out whole".to_owned(),
        _ => format!("DEPENDS on {}", subjects(answer)),
    };
    let _ = writeln!(out, "{headline}");
    for case in &answer.cases {
        let _ = writeln!(out, "  {}: {}", decided(check, &case.decision), occurs(case));
    }
    for left_open in &answer.left_open {
        let _ = writeln!(out, "  {}", words::left_open(left_open));
    }
}

/// What decides between the cases.
fn subjects(answer: &Answer) -> String {
    const SHOWN: usize = 4;
    let conditions = answer.cases.iter().flat_map(|case| &case.when);
    let mut names: Vec<String> =
        conditions.flat_map(|when| when.keys()).map(Column::name).collect();
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    words::on_one_line(&format!("{}{more}", names.join(", ")))
}

/// When a case occurs.
fn occurs(case: &Case) -> String {
    let when = words::when(&case.when);
    match (when.is_empty(), case.assumes.map(words::assumption)) {
        (true, None) => "always".to_owned(),
        (true, Some(assumed)) => assumed.to_owned(),
        (false, None) => when,
        (false, Some(assumed)) => format!("{when}, {assumed}"),
    }
}

/// The decision and why, without what else could be decided; everything, if it depends on anything.
pub(crate) fn decided_only(check: &Check) -> String {
    match check.inquiry.answer.cases.as_slice() {
        [case] if check.inquiry.answer.decision().is_some() => {
            let mut out = String::new();
            headline(check, case, &mut out);
            body(check, case, &mut out);
            out
        }
        _ => human(check),
    }
}

/// What several checks of one API call come to (O-5).
pub(crate) fn together(checks: &[Check]) -> String {
    let passes = |check: &&Check| check.inquiry.answer.succeeds() == Some(true);
    let count = checks.iter().filter(passes).count();
    let verdict = if count == checks.len() {
        "the call succeeds: every check passes"
    } else if checks.iter().any(|check| check.inquiry.answer.succeeds() == Some(false)) {
        "the call fails: every check must pass"
    } else {
        "the call depends on values that are not given"
    };
    format!("\n{verdict} ({count} of {} pass)\n", checks.len())
}

fn statement_name(check: &Check, id: StatementId) -> String {
    let Some((_, statement)) = check.policies.statement(id) else { return String::new() };
    statement.sid().map_or_else(|| format!("statement {}", id.statement + 1), words::on_one_line)
}

fn place(check: &Check, id: StatementId) -> String {
    let Some((document, statement)) = check.policies.statement(id) else { return String::new() };
    format!("{}:{}", document.source.name(), document.source.place(statement.span.start))
}

/// "explicitly denied by `DenyDirect` (identity-based policy)".
fn decided(check: &Check, decision: &Decision) -> String {
    let names: Vec<_> = decision.statements.iter().map(|id| statement_name(check, *id)).collect();
    match decision.by {
        Answerable::NoPermissionNeeded => "exempt".to_owned(),
        Answerable::Root => format!("{} (the root user in its own account)", decision.verdict),
        Answerable::CrossAccount => {
            format!("{} by both accounts ({})", decision.verdict, names.join(", "))
        }
        Answerable::Layer(layer) if names.is_empty() => {
            format!("{}: no {} allows it", decision.verdict, layer.aws_name())
        }
        Answerable::Layer(layer) => {
            format!("{} by {} ({})", decision.verdict, names.join(", "), layer.aws_name())
        }
    }
}

fn headline(check: &Check, case: &Case, out: &mut String) {
    let decision = &case.decision;
    let request = &case.witness;
    let word = match decision.verdict {
        Verdict::Allowed => "ALLOWED",
        Verdict::ExplicitlyDenied => "DENIED explicitly",
        Verdict::ImplicitlyDenied => "DENIED implicitly",
        Verdict::Exempt => "EXEMPT",
    };
    let sentence = decided(check, decision);
    let rest = sentence.strip_prefix(decision.verdict.words()).unwrap_or(&sentence);
    let _ = writeln!(out, "{word}{rest}");
    let _ = writeln!(
        out,
        "  {} on {} by {}",
        request.action,
        words::on_one_line(&request.resource),
        request.requester.principal.display_arn()
    );
    let assumed_owner = !check.owner_is_given
        && iamsure_core::language::Arn::split(&request.resource)
            .is_some_and(|arn| arn.account.is_empty());
    if let (true, Some(account)) = (assumed_owner, request.requester.principal.account()) {
        let _ = writeln!(
            out,
            "  Assuming the resource belongs to account {account} (--resource-account to change)"
        );
    }
    let why = match (decision.verdict, decision.by) {
        (Verdict::Exempt, _) => exemption(&request.action).map(|exemption| {
            format!(
                "AWS performs no authorization check here; it always succeeds ({})",
                exemption.source
            )
        }),
        (Verdict::ExplicitlyDenied, _) => {
            Some("a matching Deny wins over every Allow, in whatever layer".to_owned())
        }
        (Verdict::ImplicitlyDenied, Answerable::Layer(_))
            if mechanism(request) == Mechanism::Trust =>
        {
            Some("the trust policy of the role must allow the caller; nothing else can".to_owned())
        }
        (Verdict::ImplicitlyDenied, _) => {
            Some("The request needs an Allow from every applicable layer".to_owned())
        }
        (Verdict::Allowed, Answerable::CrossAccount) => {
            Some("across accounts both sides must allow, and both do".to_owned())
        }
        (Verdict::Allowed, _) => None,
    };
    if let Some(why) = why {
        let _ = writeln!(out, "  {why}");
    }
    if let Some(message) = denial(request, decision) {
        let _ = writeln!(out, "\nAWS says\n  {}", words::on_one_line(&message));
        if let Some(wrapped) = wrapped_by_ec2(request, &message) {
            let _ = writeln!(
                out,
                "  EC2 wraps it (UnauthorizedOperation), with an encoded message: {}",
                words::on_one_line(&wrapped)
            );
        }
    }
}

fn body(check: &Check, case: &Case, out: &mut String) {
    let request = &case.witness;
    if case.decision.verdict == Verdict::Exempt {
        return;
    }
    let policies = check.policies_of(case);
    let evaluation = evaluate(policies, request, &check.switches);
    out.push_str("\nlayers\n");
    for report in layers(policies, request, &evaluation, &check.switches) {
        // A layer that is not given is listed only where it answers.
        let answers = case.decision.by == Answerable::Layer(report.layer);
        if !answers && matches!(report.said, Said::NotGiven) {
            continue;
        }
        layer_line(check, case, &report, out);
    }
    let mut silent = 0;
    let mut explained = Vec::new();
    for (id, _, matched) in &evaluation.statements {
        if matched.action.and(matched.resource).and(matched.principal) == Truth::False {
            silent += 1;
        } else {
            explained.extend(explain(policies, *id, request, &check.switches));
        }
    }
    // What stands in for a policy is nobody's statement.
    explained.retain(|one| Some(one.id.layer) != not_given(case));
    if !explained.is_empty() {
        out.push_str("\nstatements\n");
    }
    for explanation in &explained {
        statement(check, case, explanation, out);
    }
    if silent > 0 {
        let plural = if silent == 1 { "statement does" } else { "statements do" };
        let _ = writeln!(out, "  {silent} {plural} not name this action, resource or principal");
    }
}

/// Whether the policies of an SCP level hold no Allow, so that nothing gets through it.
fn allows_nothing_at_all(check: &Check, report: &LayerReport) -> bool {
    let policies = report
        .level
        .filter(|_| report.layer == PolicyType::Scp)
        .and_then(|level| check.policies.scp.get(level));
    policies.is_some_and(|policies| {
        let mut statements = policies.iter().flat_map(|policy| &policy.statements);
        !statements.any(|statement| *statement.effect == Effect::Allow)
    })
}

/// The layer whose policy a case assumes something of, since it was not given.
fn not_given(case: &Case) -> Option<PolicyType> {
    case.assumes.map(|_| match mechanism(&case.witness) {
        Mechanism::Trust => PolicyType::Trust,
        Mechanism::Ordinary | Mechanism::Key => PolicyType::Resource,
    })
}

fn layer_line(check: &Check, case: &Case, report: &LayerReport, out: &mut String) {
    let name = match report.level {
        Some(level) => format!("{} level {level}", report.layer.aws_name()),
        None => report.layer.aws_name().to_owned(),
    };
    let names = |ids: &[StatementId]| {
        ids.iter().map(|id| statement_name(check, *id)).collect::<Vec<_>>().join(", ")
    };
    let is_assumed = not_given(case) == Some(report.layer);
    let said = match &report.said {
        Said::Delegates(_) if is_assumed => {
            "not given; here it leaves it to the account's own policies".to_owned()
        }
        Said::NotGiven if is_assumed => "not given; here it does not allow the caller".to_owned(),
        Said::NotGiven => "none given".to_owned(),
        Said::DoesNotApply => "does not apply to this request".to_owned(),
        Said::Denies(ids) => format!("DENIES    {}", names(ids)),
        Said::Allows(ids) => format!("allows    {}", names(ids)),
        Said::Delegates(ids) => format!("leaves it to the account's own policies: {}", names(ids)),
        Said::Depends(ids) => format!("depends   {}", names(ids)),
        Said::Silent if allows_nothing_at_all(check, report) => {
            "has no Allow at all; if AWS's FullAWSAccess is attached here, give it too".to_owned()
        }
        Said::Silent => "does not allow".to_owned(),
    };
    let _ = writeln!(out, "  {name:<33} {said}");
}

fn statement(check: &Check, case: &Case, explanation: &StatementExplanation<'_>, out: &mut String) {
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
            "    whether the resource matches depends on a policy variable whose key is unknown\n",
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
    let mut labels = Vec::new();
    let mut contrasts = Vec::new();
    for (part, truth) in [
        ("the action", matched.action),
        ("the resource", matched.resource),
        ("the principal", matched.principal),
    ] {
        if truth == Truth::False {
            contrasts.push(format!("it does not name {part} of the request"));
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

/// "explicitly denied by `DenyDirect` (identity-based policy)".
pub(crate) fn decision(check: &Check, decision: &Decision) -> String {
    decided(check, decision)
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
fn reason(explanation: &ClauseExplanation<'_>) -> String {
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
        Some(_) => ", and the decision the same".to_owned(),
        None => String::new(),
    };
    let name = if other.if_exists { format!("`{other}`") } else { format!("plain `{other}`") };
    Some(format!("with {name} this clause would be {truth}{consequence}"))
}

fn missing(check: &Check, out: &mut String) {
    not_asked(&check.inquiry.not_asked, out);
    if check.inquiry.missing.is_empty() {
        return;
    }
    out.push_str("\nnot given, assumed absent, and could change the answer\n");
    for MissingKey { key, always_there, together_with, otherwise } in &check.inquiry.missing {
        let outcomes: Vec<_> = otherwise
            .iter()
            .map(|(verdict, by, state)| format!("{verdict} ({by}) as with {}", words::state(state)))
            .collect();
        let others: Vec<_> =
            together_with.iter().map(|key| words::on_one_line(key.as_str())).collect();
        let together = if others.is_empty() {
            String::new()
        } else {
            format!(", together with {}", others.join(", "))
        };
        let key = words::on_one_line(key.as_str());
        let _ = writeln!(out, "  {key}: {}{together}", outcomes.join("; "));
        if *always_there {
            out.push_str("    AWS puts this key into every such request: without it the request above does not occur\n");
        }
    }
    if check.derived {
        out.push_str("  give them with --context, --absent or --unknown\n");
    } else {
        out.push_str("  give them with --context, --absent or --unknown, or fill in those of the principal with --derive\n");
    }
}

/// Says which keys were left out where there are too many to ask about each.
fn not_asked(keys: &[ConditionKey], out: &mut String) {
    let [first, ..] = keys else { return };
    let _ = writeln!(
        out,
        "\nNOT LOOKED AT: {} more keys that are not given, `{first}` the first of them, could change the answer; the policies are too large to ask about each. Give them with --context or --absent",
        keys.len(),
    );
}

fn switches(dependences: &[SwitchDependence], out: &mut String) {
    if dependences.is_empty() {
        return;
    }
    out.push_str("\nAWS does not say, and the answer depends on it\n");
    for SwitchDependence { switch, choice, otherwise } in dependences {
        let outcomes: Vec<_> =
            otherwise.iter().map(|(verdict, by)| format!("{verdict} ({by})")).collect();
        let _ = writeln!(
            out,
            "  {switch} {}: {} here; with --switch {switch}={choice} {}",
            switch.question(),
            switch.default_meaning(),
            outcomes.join(" or ")
        );
    }
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
        "decision": answer_form::decision_word(case.decision.verdict),
        "by": case.decision.by.name(),
        "request": request_value(request),
        "layers": layers,
        "statements": statements,
    })
}

pub(crate) fn request_value(request: &Request) -> Value {
    let context: serde_json::Map<String, Value> = request
        .context
        .entries()
        .filter(|(_, state)| **state != KeyState::Absent)
        .map(|(key, state)| (key.to_string(), answer_form::state(state)))
        .collect();
    json!({
        "principal": request.requester.principal.display_arn(), "action": request.action.as_str(),
        "resource": request.resource, "context": context,
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
    let place = explanation.document.source.place(explanation.statement.span.start);
    let matched = explanation.matched;
    let effect: Effect = *explanation.statement.effect;
    json!({
        "at": answer_form::statement(&check.policies, explanation.id), "effect": effect.as_str(),
        "file": explanation.document.source.name(), "line": place.line, "column": place.column,
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
