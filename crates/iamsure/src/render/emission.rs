//! One request in other forms: a command line, a test, a call of the AWS CLI.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::{KeyState, Principal, Request};
use iamsure_reference::{ValueType, condition_key};
use iamsure_review::foreign::is_hidden;
use iamsure_review::suite_text::{PolicyText, SetText, SuiteText, TestText};
use iamsure_truth::claim::{Body, Claim, Example};
use iamsure_truth::open_world::Grant;

use crate::args::{ContextArgs, LayerArgs, PolicyArgs};
use crate::input;

/// A command line that decides the request again. `files` are the options that give the policies.
pub(crate) fn simulate(example: &Example, files: &[String], said: &ContextArgs) -> String {
    let mut out = comments(example);
    out.push_str(&command(files));
    out.extend(options(&example.request));
    out.extend(said.switches.iter().map(|switch| option("switch", switch)));
    out.push('\n');
    out
}

/// A command that decides a request by these policies, without the request.
pub(crate) fn command(files: &[String]) -> String {
    format!("iamsure simulate {}", words(files))
}

/// Words of a command line.
pub(crate) fn words(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// A request as options of that command, to be put one after the other.
pub(crate) fn options(request: &Request) -> Vec<String> {
    let mut options = vec![
        option("principal", &request.requester.principal.display_arn()),
        option("action", request.action.as_str()),
        option("resource", &request.resource),
    ];
    if let Principal::FederatedUser { user_arn: Some(user), .. } = &request.requester.principal {
        options.push(option("user-arn", user));
    }
    options
        .extend(request.resource_account.iter().map(|account| option("resource-account", account)));
    options.extend(request.context.entries().map(|(key, state)| of_key(key, state)));
    options
}

/// The state of a key as an option.
pub(crate) fn of_key(key: &ConditionKey, state: &KeyState) -> String {
    match state {
        KeyState::Absent => option("absent", key.as_str()),
        KeyState::Single(text) => option("context", &format!("{key}={text}")),
        KeyState::Multi(texts) => option("context", &format!("{key}={}", serde_json::json!(texts))),
        KeyState::Unknown => option("unknown", key.as_str()),
    }
}

/// An option on a line of its own.
pub(crate) fn option(name: &str, value: &str) -> String {
    format!(" \\\n  --{name} {}", quoted(value))
}

/// A test of a suite, in YAML.
pub(crate) fn test(example: &Example, args: &PolicyArgs, claim: &Claim) -> String {
    let request = &example.request;
    // What proves a claim shall stay as it is; what breaks one shall not.
    let shall_stay = matches!(claim.body, Body::Some(_));
    let is_allowed = example.decision.verdict.succeeds();
    let wanted = if is_allowed == shall_stay { "allowed" } else { "denied" };
    let text = TestText::of(request, claim.to_string(), "subject".to_owned(), wanted.to_owned());
    let decided = example.decision.verdict.words();
    let today = if example.extra.is_empty() {
        format!("Today it is {decided}.")
    } else {
        format!("Given any other Allow, it is {decided} today.")
    };
    let test = TestText {
        comments: vec![today],
        given_any_other_allow: !example.extra.is_empty(),
        ..text
    };
    let suite = SuiteText {
        comments: beside(example).into_iter().collect(),
        policies: vec![("subject".to_owned(), policies(&args.files, &args.layers))],
        tests: vec![test],
        ..SuiteText::default()
    };
    suite.to_string()
}

/// The policies of options, as the set of a suite that names their files.
pub(crate) fn policies(identity: &[PathBuf], layers: &LayerArgs) -> SetText {
    let mut set = SetText { lenient: layers.lenient, ..SetText::default() };
    let mut add = |kind, level, path: String| {
        set.policies.push((kind, level, PolicyText::File(path)));
    };
    let flat: [(PolicyType, Vec<&PathBuf>); 6] = [
        (PolicyType::Identity, identity.iter().chain(&layers.identity).collect()),
        (PolicyType::Boundary, layers.boundary.iter().collect()),
        (PolicyType::Session, layers.session.iter().collect()),
        (PolicyType::Resource, layers.resource_policy.iter().collect()),
        (PolicyType::Trust, layers.trust.iter().collect()),
        (PolicyType::Endpoint, layers.endpoint.iter().collect()),
    ];
    for (kind, paths) in flat {
        for path in paths {
            add(kind, 0, path.display().to_string());
        }
    }
    for (kind, args) in [(PolicyType::Scp, &layers.scp), (PolicyType::Rcp, &layers.rcp)] {
        for arg in args {
            let (level, path) = input::with_level(arg);
            let level = level.and_then(|level| level.parse().ok()).unwrap_or_default();
            add(kind, level, path.to_owned());
        }
    }
    set
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
    if input::names_managed(args.files.iter().chain(&args.layers.identity)) {
        out.push_str("# the AWS CLI takes the documents of `aws:NAME` as files: save them first\n");
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

/// What the form itself cannot say, as comments.
fn comments(example: &Example) -> String {
    beside(example).map_or_else(String::new, |said| format!("# {said}\n"))
}

/// What must be attached beside the policies.
fn beside(example: &Example) -> Option<String> {
    if example.extra.is_empty() {
        return None;
    }
    let layers: Vec<&str> = example.extra.iter().copied().map(Grant::words).collect();
    Some(format!(
        "allowed only with an additional Allow for this request in {}",
        layers.join(" and ")
    ))
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c));
    if is_plain {
        return text.to_owned();
    }
    if !text.contains(is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    // Shells read `$'…'` as C reads a string: a value begins no line, and what nobody sees is written out.
    let mut out = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str(r"\n"),
            _ if is_hidden(c) => {
                let _ = write!(out, r"\U{:08x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::quoted;

    #[test]
    fn a_shell_reads_what_was_quoted() {
        let texts = [
            "",
            "a b",
            "it's",
            "x\nPWNED",
            "tab\there",
            "\u{202e}left",
            "c1 \u{9b}1m",
            "\\n$(x)`y`'\n",
        ];
        for text in texts {
            let word = quoted(text);
            assert!(!word.contains('\n') && !word.contains('\u{9b}'), "{word}");
            let printed = Command::new("bash")
                .env("LC_ALL", "C.UTF-8")
                .args(["-c", &format!("printf %s {word}")])
                .output();
            let Ok(printed) = printed else {
                println!("not run: there is no bash here");
                return;
            };
            assert_eq!(String::from_utf8_lossy(&printed.stdout), text, "{word}");
        }
    }
}
