//! The road of tokens as JSON. Described in `docs/toolhive.md`.

use iamsure_core::world::{CallPath, PolicySet};
use iamsure_review::answer_form;
use iamsure_toolhive::bypass::{Found, Witness};
use iamsure_toolhive::manifest::Manifests;
use iamsure_toolhive::road::{Road, RoleBypass, SessionMatrix, Started, TokenRoad};
use iamsure_toolhive::role_arn::RoleArn;
use iamsure_toolhive::selection::{Choice, Outcome};
use serde_json::{Map, Value, json};

use crate::render::finding::FindingForm;
use crate::render::json::pretty;
use crate::render::matrix::{self, Report};
use crate::streams::Finished;

/// The whole road, with what was found in the manifests.
pub(crate) fn json(manifests: &Manifests, roads: &[Road<'_>]) -> Finished {
    let document = json!({
        "version": answer_form::VERSION,
        "usable": !manifests.has_errors(),
        "findings": manifests.findings.iter().map(FindingForm::of_manifest).collect::<Vec<_>>(),
        "doors": roads.iter().map(door).collect::<Vec<_>>(),
    });
    pretty(&document)
}

pub(super) fn door(road: &Road<'_>) -> Value {
    let config = road.door.config;
    let mappings: Vec<_> = config
        .mappings
        .iter()
        .map(|mapping| {
            let place = config.source.place(mapping.span.start);
            json!({
                "expression": mapping.label(&config.role_claim), "role": mapping.role.as_str(),
                "priority": mapping.priority, "line": place.line, "column": place.column,
            })
        })
        .collect();
    json!({
        "proxy": road.door.proxy.map(|proxy| proxy.name.as_str()),
        "config": config.name, "file": config.source.name(),
        "issuer": road.door.issuer, "audience": road.door.audience,
        "region": config.region, "service": config.service,
        "sessionNameClaim": config.session_name_claim, "sessionDuration": config.session_duration,
        "roleClaim": config.role_claim, "mappings": mappings,
        "fallback": config.fallback.as_ref().map(RoleArn::as_str),
        "tokens": road.tokens.iter().map(token).collect::<Vec<_>>(),
        "pastTheMappings": road.bypasses.iter().map(bypass).collect::<Vec<_>>(),
    })
}

fn token(token: &TokenRoad) -> Value {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Selects => json!({ "outcome": "selects" }),
        Outcome::MaySelect => json!({ "outcome": "maySelect" }),
        Outcome::ShadowedBy(first) => json!({ "outcome": "shadowed", "by": first }),
        Outcome::DoesNotMatch => json!({ "outcome": "doesNotMatch" }),
        Outcome::Skipped(why) => json!({ "outcome": "skipped", "why": why }),
        Outcome::Undecided(why) => json!({ "outcome": "undecided", "why": why }),
    };
    let (by, possible) = match &token.selection.choice {
        Choice::Mapping(index, _) => (json!(index), Value::Null),
        Choice::Fallback(_) => (json!("fallback"), Value::Null),
        Choice::Nothing => (json!("nothing"), Value::Null),
        Choice::Undecided(roles) => {
            let roles: Vec<_> =
                roles.iter().map(|role| role.as_ref().map(RoleArn::as_str)).collect();
            (json!("undecided"), json!(roles))
        }
    };
    json!({
        "name": token.claims.name(),
        "mappings": token.selection.mappings.iter().map(outcome).collect::<Vec<_>>(),
        "role": token.selection.choice.role().map(RoleArn::as_str),
        "selectedBy": by,
        "possibleRoles": possible,
        "refusal": token.refusal.as_ref().map(|refusal| json!({ "status": refusal.status, "reason": refusal.reason })),
        "exchange": token.exchange.as_ref().map(|exchange| match exchange {
            Ok(started) => exchange_value(started),
            Err(problem) => json!({ "refusedBySts": problem }),
        }),
    })
}

fn exchange_value(started: &Started) -> Value {
    let exchange = &started.exchange;
    let keys: Map<String, Value> = exchange
        .keys()
        .iter()
        .map(|(key, state)| (key.to_string(), answer_form::state(state)))
        .collect();
    let checks = started.trust.as_ref().map(|trust| {
        let check = |check: &iamsure_toolhive::exchange::CheckAnswer| {
            let cases: Vec<_> = check
                .answer
                .cases
                .iter()
                .map(|case| {
                    json!({
                        "decision": answer_form::decision_word(case.decision.verdict),
                        "by": case.decision.by.name(),
                        "statements": case.decision.statements.iter().map(|id| answer_form::statement(&PolicySet::default(), *id)).collect::<Vec<_>>(),
                    })
                })
                .collect();
            json!({
                "action": check.worlds.first().map(|request| request.action.as_str()),
                "cases": cases, "exact": check.answer.is_complete(),
            })
        };
        trust.checks.iter().map(check).collect::<Vec<_>>()
    });
    json!({
        "role": exchange.role.as_str(), "provider": exchange.provider,
        "sessionName": exchange.session_name, "keys": keys,
        "outcome": started.trust.as_ref().map(|trust| outcome_word(trust.succeeds())),
        "checks": checks,
        "session": started.session.as_ref().map(session),
    })
}

const fn outcome_word(succeeds: Option<bool>) -> &'static str {
    match succeeds {
        Some(true) => "allowed",
        Some(false) => "denied",
        None => "depends",
    }
}

fn session(session: &SessionMatrix) -> Value {
    let report = Report::new(&session.policies, session.matrix.clone(), session.actions_left_out);
    matrix::value(&report)
}

fn bypass(found: &RoleBypass) -> Value {
    let facts = found.bypass.found.as_ref();
    let shown = facts.and_then(|facts| facts.witness.as_ref());
    let allowed = shown.and(found.session.as_ref()).map(|session| {
        let paths = session.matrix.paths.iter().enumerate();
        let of = |(index, path): (usize, &CallPath)| json!({ "path": path.name(), "actions": session.allowed(index) });
        paths.map(of).collect::<Vec<Value>>()
    });
    json!({
        "role": found.bypass.role.as_str(),
        "decided": facts.is_some(),
        "takesAnyToken": facts.and_then(Found::takes_any_token),
        "token": shown.map(|shown| shown.token.as_str()),
        "wasGiven": shown.map(|shown| shown.was_given),
        "certain": shown.map(|shown| shown.certain),
        "chosenByToolHive": shown.and_then(|shown| shown.chosen.as_ref()).map(RoleArn::as_str),
        "witness": shown.map(witness),
        "allowedThen": allowed,
        "keptOut": facts.map(|facts| facts.kept_out.iter().map(|kept| json!({ "tokens": kept.tokens, "by": kept.by })).collect::<Vec<_>>()),
        "undecided": facts.map(|facts| facts.undecided.clone()),
    })
}

/// The request, and the statements of the trust policy that allow it.
fn witness(shown: &Witness) -> Value {
    let mut form = answer_form::request(&shown.request);
    let statement = |number: &usize| json!({ "layer": "trust", "policy": 0, "statement": number });
    form.insert("statements".to_owned(), shown.statements.iter().map(statement).collect());
    Value::Object(form)
}
