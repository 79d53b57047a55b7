//! One request in other forms: a command line, a test, a call of the AWS CLI.

use std::fmt::Write as _;
use std::path::Path;

use iamsure_core::decision::Verdict;
use iamsure_core::world::{KeyState, Request};
use iamsure_reference::{ValueType, condition_key};
use iamsure_truth::claim::{Claim, Example};
use iamsure_truth::open_world::Grant;

use crate::args::{ContextArgs, PolicyArgs};

/// A command line that decides the request again. `files` are the options that give the policies.
pub(crate) fn simulate(example: &Example, files: &[String], said: &ContextArgs) -> String {
    let request = &example.request;
    let mut words = vec!["iamsure".to_owned(), "simulate".to_owned()];
    words.extend(files.iter().map(|file| quoted(file)));
    let mut out = comments(example);
    out.push_str(&words.join(" "));
    let mut option = |name: &str, value: &str| {
        let _ = write!(out, " \\\n  --{name} {}", quoted(value));
    };
    option("principal", &request.requester.principal.display_arn());
    option("action", request.action.as_str());
    option("resource", &request.resource);
    if let Some(account) = &request.resource_account {
        option("resource-account", account);
    }
    for (key, state) in request.context.entries() {
        match state {
            KeyState::Absent => option("absent", key.as_str()),
            KeyState::Single(text) => option("context", &format!("{key}={text}")),
            KeyState::Multi(texts) => {
                option("context", &format!("{key}={}", serde_json::json!(texts)));
            }
            KeyState::Unknown => option("unknown", key.as_str()),
        }
    }
    for switch in &said.switches {
        option("switch", switch);
    }
    out.push('\n');
    out
}

/// A test of a suite, in YAML.
pub(crate) fn test(example: &Example, args: &PolicyArgs, claim: &Claim) -> String {
    let mut out = comments(example);
    let request = &example.request;
    out.push_str("policies:\n  subject:\n");
    let mut layer = |name: &str, files: Vec<String>| {
        if !files.is_empty() {
            let files: Vec<String> = files.iter().map(|file| yaml(file)).collect();
            let _ = writeln!(out, "    {name}: [{}]", files.join(", "));
        }
    };
    let named = |file: &Path| file.display().to_string();
    layer(
        "identity",
        args.files.iter().chain(&args.layers.identity).map(|file| named(file)).collect(),
    );
    layer("boundary", args.layers.boundary.iter().map(|file| named(file)).collect());
    layer("session", args.layers.session.iter().map(|file| named(file)).collect());
    layer("resource", args.layers.resource_policy.iter().map(|file| named(file)).collect());
    layer("trust", args.layers.trust.iter().map(|file| named(file)).collect());
    layer("endpoint", args.layers.endpoint.iter().map(|file| named(file)).collect());
    layer("scp", args.layers.scp.clone());
    layer("rcp", args.layers.rcp.clone());
    let _ = writeln!(out, "paths:\n  witness:");
    let mut has_keys = false;
    for (key, state) in request.context.entries() {
        let value = match state {
            KeyState::Absent => "absent".to_owned(),
            KeyState::Single(text) => serde_json::json!(text).to_string(),
            KeyState::Multi(texts) => serde_json::json!(texts).to_string(),
            KeyState::Unknown => continue,
        };
        has_keys = true;
        let _ = writeln!(out, "    {}: {value}", yaml(key.as_str()));
    }
    if !has_keys {
        out.truncate(out.trim_end().len());
        out.push_str(" {}\n");
    }
    let _ = writeln!(out, "tests:\n  - name: {}", yaml(&claim.to_string()));
    let _ = writeln!(out, "    policies: subject");
    let _ = writeln!(out, "    principal: {}", yaml(&request.requester.principal.display_arn()));
    let _ = writeln!(out, "    actions: [{}]", yaml(request.action.as_str()));
    let _ = writeln!(out, "    resources: [{}]", yaml(&request.resource));
    let wanted = match example.decision.verdict {
        Verdict::Allowed => "denied",
        Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied | Verdict::Exempt => "allowed",
    };
    let _ = writeln!(
        out,
        "    expect: {{ witness: {wanted} }} # today: {}",
        example.decision.verdict.words()
    );
    out
}

/// A call of the AWS CLI, which decides identity-based policies and boundaries only.
pub(crate) fn aws(example: &Example, args: &PolicyArgs) -> String {
    let request = &example.request;
    let mut out = comments(example);
    if !args.layers.session.is_empty()
        || args.layers.trust.is_some()
        || !args.layers.rcp.is_empty()
        || args.layers.endpoint.is_some()
    {
        out.push_str(
            "# the AWS CLI takes no session, trust, endpoint or resource control policies here\n",
        );
    }
    out.push_str("aws iam simulate-custom-policy");
    let mut option = |name: &str, values: &[String]| {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let _ = write!(out, " \\\n  --{name} {}", values.join(" "));
        }
    };
    let file = |path: &Path| format!("file://{}", path.display());
    let files: Vec<String> =
        args.files.iter().chain(&args.layers.identity).map(|path| file(path)).collect();
    option("policy-input-list", &files);
    let boundary: Vec<String> = args.layers.boundary.iter().map(|path| file(path)).collect();
    option("permissions-boundary-policy-input-list", &boundary);
    if let Some(path) = &args.layers.resource_policy {
        option("resource-policy", &[file(path)]);
        option("caller-arn", &[request.requester.principal.display_arn()]);
    }
    option("action-names", &[request.action.as_str().to_owned()]);
    option("resource-arns", std::slice::from_ref(&request.resource));
    option("context-entries", &entries(request));
    out.push('\n');
    out
}

/// The keys that are there, as the AWS CLI takes them; one that is absent is left out.
fn entries(request: &Request) -> Vec<String> {
    request
        .context
        .entries()
        .filter_map(|(key, state)| {
            let values = match state {
                KeyState::Single(text) => vec![text.clone()],
                KeyState::Multi(texts) => texts.clone(),
                KeyState::Absent | KeyState::Unknown => return None,
            };
            let list = if matches!(state, KeyState::Multi(_)) { "List" } else { "" };
            let kind = match condition_key(key.as_str()).known().map(|known| known.value_type) {
                Some(ValueType::Bool) => "boolean",
                Some(ValueType::Numeric) => "numeric",
                Some(ValueType::Date) => "date",
                Some(ValueType::IpAddress) => "ip",
                Some(ValueType::Binary) => "binary",
                Some(ValueType::String | ValueType::Arn) | None => "string",
            };
            let entry = serde_json::json!({
                "ContextKeyName": key.as_str(),
                "ContextKeyValues": values,
                "ContextKeyType": format!("{kind}{list}"),
            });
            Some(entry.to_string())
        })
        .collect()
}

/// What the form itself cannot say.
fn comments(example: &Example) -> String {
    if example.extra.is_empty() {
        return String::new();
    }
    let layers: Vec<&str> = example.extra.iter().copied().map(Grant::words).collect();
    format!(
        "# allowed only with an Allow of this request in {}, attached beside these policies\n",
        layers.join(" and ")
    )
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A scalar for YAML: as JSON writes it, unless it is plain.
fn yaml(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c))
        && !text.ends_with(':');
    if is_plain { text.to_owned() } else { serde_json::json!(text).to_string() }
}
