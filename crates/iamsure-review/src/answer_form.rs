//! The JSON form of the answer to one request, and what every JSON form is made of.
//!
//! ```json
//! { "version": 1, "id": "…", "decision": "allowed", "by": "identity",
//!   "statements": [ { "layer": "identity", "policy": 0, "statement": 1, "sid": "…" } ],
//!   "missing": [ "aws:SourceIp" ], "switches": [ "Q4" ] }
//! ```

mod asked;
mod word;

pub use asked::{Witness, request, witness};
pub use word::{answer_word, decision_word, word};

use iamsure_core::decision::message::denial;
use iamsure_core::decision::{Answerable, Decision};
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{KeyState, PolicySet, Request};
use iamsure_truth::ask::{Beside, Case, Conditions, Inquiry, LeftOpen, Settled};
use iamsure_truth::unpublished::Unpublished;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::request_form::RequestFormError;

/// The version of every JSON form but the answer to one request.
pub const VERSION: u32 = 2;

/// The version of the answer to one request, which programs read by the thousand: it is fixed.
pub const ANSWER_VERSION: u32 = 1;

/// The word of the form for an inquiry: of its one verdict, or `depends`.
pub fn inquiry_word(inquiry: &Inquiry) -> &'static str {
    inquiry.answer.verdict().map_or("depends", answer_word)
}

/// The answer about `request`. With `id`, it is echoed.
pub fn answer(
    id: Option<&str>,
    policies: &PolicySet,
    request: &Request,
    inquiry: &Inquiry,
) -> Map<String, Value> {
    let mut form = Map::new();
    form.insert("version".to_owned(), json!(ANSWER_VERSION));
    if let Some(id) = id {
        form.insert("id".to_owned(), json!(id));
    }
    form.insert("decision".to_owned(), json!(inquiry_word(inquiry)));
    if let (Some(_), Some(case)) = (inquiry.answer.verdict(), inquiry.answer.cases.first()) {
        // Worlds may differ in the statements that decide; the first one stands for all.
        form.extend(decided(policies, request, &case.decision));
    } else {
        let outcomes =
            inquiry.answer.cases.iter().map(|case| outcome(policies, request, case)).collect();
        form.insert("outcomes".to_owned(), Value::Array(outcomes));
        form.insert("exact".to_owned(), json!(inquiry.answer.is_complete()));
        let left_open: Vec<_> = (inquiry.answer.left_open.iter())
            .flat_map(LeftOpen::verdicts)
            .map(|verdict| answer_word(*verdict))
            .collect();
        if !left_open.is_empty() {
            form.insert("notExcluded".to_owned(), json!(left_open));
        }
    }
    let missing: Vec<_> = inquiry.missing.iter().map(|missing| missing.key.as_str()).collect();
    form.insert("missing".to_owned(), json!(missing));
    if !inquiry.not_asked.is_empty() {
        let not_asked: Vec<_> = inquiry.not_asked.iter().map(ConditionKey::as_str).collect();
        form.insert("notAsked".to_owned(), json!(not_asked));
    }
    let mut switches: Vec<_> =
        inquiry.switches.iter().map(|dependence| dependence.switch.id()).collect();
    switches.dedup();
    form.insert("switches".to_owned(), json!(switches));
    if !inquiry.beside.is_nothing() {
        form.insert("beside".to_owned(), beside(&inquiry.beside));
    }
    form
}

/// What is assumed beside layers that only limit; null, if nothing is.
pub fn beside(beside: &Beside) -> Value {
    if beside.is_nothing() {
        return Value::Null;
    }
    let named =
        |layers: &[PolicyType]| -> Vec<&str> { layers.iter().map(|layer| layer.name()).collect() };
    json!({
        "callersAllowed": beside.grants_everything,
        "fullAwsAccess": beside.full_access,
        "openLayers": named(&beside.open_layers),
        "closedLayers": named(&beside.closed_layers),
    })
}

/// What is odd about the request, as `warnings`; nothing if nothing is.
pub fn say_odd(odd: &[Unpublished], form: &mut Map<String, Value>) {
    let warnings: Vec<Value> = odd.iter().map(|odd| json!(warning(odd))).collect();
    if !warnings.is_empty() {
        form.insert("warnings".to_owned(), Value::Array(warnings));
    }
}

#[derive(Serialize)]
struct WarningForm<'a> {
    name: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

fn warning(Unpublished { name, message, help }: &Unpublished) -> WarningForm<'_> {
    WarningForm { name, message, help: help.as_deref() }
}

/// Writes the answer about `request` at the end of `out`, for a request with one decision: the text of
/// [`answer`]. With `id`, it is echoed.
pub fn write_settled(
    id: Option<&str>,
    policies: &PolicySet,
    request: &Request,
    settled: &Settled,
    odd: &[Unpublished],
    out: &mut Vec<u8>,
) {
    let form = SettledForm {
        version: ANSWER_VERSION,
        id,
        decision: answer_word(settled.decision.verdict),
        decided: DecidedForm::new(policies, request, &settled.decision),
        missing: settled.missing.iter().map(ConditionKey::as_str).collect(),
        not_asked: settled.not_asked.iter().map(ConditionKey::as_str).collect(),
        switches: settled.switches.iter().map(|switch| switch.id()).collect(),
        warnings: odd.iter().map(warning).collect(),
    };
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, &form);
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettledForm<'a> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    decision: &'static str,
    #[serde(flatten)]
    decided: DecidedForm<'a>,
    missing: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_asked: Vec<&'a str>,
    switches: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningForm<'a>>,
}

/// `by`, `statements` and, for a denial, `message`.
#[derive(Serialize)]
struct DecidedForm<'a> {
    by: &'static str,
    statements: Vec<StatementForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl<'a> DecidedForm<'a> {
    fn new(policies: &'a PolicySet, request: &Request, decision: &Decision) -> Self {
        Self {
            by: decision.by.name(),
            statements: decision
                .statements
                .iter()
                .map(|id| StatementForm::new(policies, *id))
                .collect(),
            message: denial(request, decision),
        }
    }
}

fn decided(policies: &PolicySet, request: &Request, decision: &Decision) -> Map<String, Value> {
    match json!(DecidedForm::new(policies, request, decision)) {
        Value::Object(form) => form,
        _ => Map::new(),
    }
}

fn outcome(policies: &PolicySet, request: &Request, case: &Case) -> Value {
    let mut form = Map::new();
    form.insert("decision".to_owned(), json!(answer_word(case.decision.verdict)));
    form.extend(decided(policies, request, &case.decision));
    form.insert("when".to_owned(), Value::Array(case.when.iter().map(conditions).collect()));
    let keys = case.when.iter().flatten().filter_map(|(column, _)| column.key());
    let example = keys.map(|key| (key.to_string(), state(case.witness.context.state(key))));
    form.insert("example".to_owned(), Value::Object(example.collect()));
    form.insert("witness".to_owned(), Value::Object(self::request(&case.witness)));
    Value::Object(form)
}

/// What each key, or the resource, must be, in words.
pub fn conditions(conditions: &Conditions) -> Value {
    let words = conditions.iter().map(|(column, words)| (column.name(), json!(words.to_string())));
    Value::Object(words.collect())
}

/// Where a statement stands, as the request form counts: `policy` within its level.
pub fn statement(policies: &PolicySet, id: StatementId) -> Value {
    json!(StatementForm::new(policies, id))
}

#[derive(Serialize)]
struct StatementForm<'a> {
    layer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    policy: usize,
    statement: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
}

impl<'a> StatementForm<'a> {
    fn new(policies: &'a PolicySet, id: StatementId) -> Self {
        let has_levels = matches!(id.layer, PolicyType::Scp | PolicyType::Rcp);
        Self {
            layer: Answerable::Layer(id.layer).name(),
            level: has_levels.then_some(id.level),
            policy: id.policy,
            statement: id.statement,
            sid: policies.statement(id).and_then(|(_, statement)| statement.sid()),
        }
    }
}

/// A state as the request form writes it; `null` is absent.
pub fn state(state: &KeyState) -> Value {
    json!(StateForm(state))
}

struct StateForm<'a>(&'a KeyState);

impl Serialize for StateForm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(state) = self;
        match state {
            KeyState::Absent => serializer.serialize_unit(),
            KeyState::Single(text) => serializer.serialize_str(text),
            KeyState::Multi(texts) => serializer.collect_seq(texts),
            KeyState::Unknown => serializer.collect_map([("unknown", true)]),
        }
    }
}

/// The answer to line `line` (from 1) that could not be read.
pub fn unreadable(line: usize, error: &RequestFormError) -> Value {
    json!({ "version": ANSWER_VERSION, "line": line, "error": { "code": error.code(), "message": error.to_string() } })
}
