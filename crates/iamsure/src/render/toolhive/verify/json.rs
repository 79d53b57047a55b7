//! A visit as JSON. Described in `docs/toolhive.md`.

use iamsure_mcp::Step;
use iamsure_review::answer_form::VERSION;
use iamsure_toolhive::check::{Check, Holds};
use iamsure_toolhive::manifest::Manifests;
use iamsure_toolhive::tool::AwsCalls;
use serde_json::{Value, json};

use super::{Report, Verdict, tools};
use crate::render::finding::FindingForm;
use crate::render::json::pretty;
use crate::render::toolhive::json as road_json;
use crate::streams::Finished;

/// Everything that was asked and found.
pub(crate) fn json(report: &Report<'_>, manifests: &Manifests) -> Finished {
    let challenge = report.turned.challenge.as_ref().map(|challenge| {
        json!({
            "resourceMetadata": challenge.resource_metadata, "realm": challenge.realm,
            "scope": challenge.scope, "error": challenge.error,
            "errorDescription": challenge.error_description,
        })
    });
    let metadata = report.turned.metadata.as_ref().map(|metadata| {
        json!({
            "target": metadata.target, "resource": metadata.resource,
            "authorizationServers": metadata.authorization_servers,
        })
    });
    let server = report.admitted.as_ref().and_then(|admitted| admitted.server.as_ref());
    let listed = report.admitted.as_ref().and_then(|admitted| admitted.tools.as_ref());
    let document = json!({
        "version": VERSION,
        "url": report.endpoint.url(),
        "verdict": match report.verdict() {
            Verdict::Verified => "verified",
            Verdict::NotVerified => "notVerified",
            Verdict::NotReached => "notReached",
        },
        "steps": report.steps().map(step).collect::<Vec<_>>(),
        "challenge": challenge,
        "metadata": metadata,
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
        "server": server.map(|server| json!({
            "name": server.name, "version": server.version, "protocol": server.protocol,
        })),
        "tools": listed.map(|_| tools::rows(report).iter().map(tool).collect::<Vec<_>>()),
        "path": report.offline.as_ref().and_then(|offline| offline.journey.paths.first()).map(|path| path.name().to_owned()),
        "findings": manifests.findings.iter().map(FindingForm::of_manifest).collect::<Vec<_>>(),
        "door": report.offline.as_ref().map(|offline| road_json::door(&offline.road)),
    });
    pretty(&document)
}

fn step(step: &Step) -> Value {
    let (text, code) = match &step.result {
        Ok(note) => (note.to_string(), None),
        Err(trouble) => (trouble.to_string(), Some(trouble.code())),
    };
    json!({
        "ok": step.result.is_ok(), "method": step.request.http, "target": step.request.target,
        "rpc": step.request.rpc, "withToken": step.request.with_token,
        "status": step.came.as_ref().map(|came| came.status),
        "mediaType": step.came.as_ref().map(|came| came.media_type.as_str()),
        "milliseconds": u64::try_from(step.took.as_millis()).unwrap_or(u64::MAX),
        "says": text, "trouble": code, "help": super::advice(step),
    })
}

fn check(check: &Check) -> Value {
    let holds = match check.holds {
        Holds::Yes => "yes",
        Holds::Aside => "aside",
        Holds::No => "no",
    };
    json!({ "code": check.code, "holds": holds, "found": check.found, "help": check.help })
}

fn tool(row: &tools::Row) -> Value {
    let (calls, actions) = match row.calls {
        AwsCalls::None => ("none", None),
        AwsCalls::Any => ("any", None),
        AwsCalls::WhenUsed(actions) => ("whenUsed", Some(actions)),
        AwsCalls::Unknown => ("unknown", None),
    };
    json!({ "name": row.tool, "awsCalls": calls, "actions": actions, "mayDo": row.may })
}
