//! Entries of Action and NotAction.

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{ActionPattern, PolicyType, Spanned, Statement};
use iamsure_reference::{Action, Service, captured, service};

use super::{Code, Report, shown};
use crate::expansion::{Expansion, Nothing, is_announced, went, when};

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    let Some(element) = &statement.action else { return };
    for entry in &element.entries {
        // What is no action pattern, or cannot match, is the grammar's finding.
        let Some((prefix, _)) = entry.parts() else { continue };
        let name = entry.as_str().split_once(':').map_or("", |(_, name)| name);
        if name.is_empty() || name.contains([' ', '\t', ',']) || !report.may_look_up(1) {
            continue;
        }
        // What it matches is known later.
        if !placeholders(entry.as_str()).is_empty() {
            continue;
        }
        let expansion = Expansion::of(entry.as_str());
        match expansion.nothing() {
            None if element.sense == Sense::OneOf => {
                exempt(report, statement, entry, &expansion.actions);
            }
            None => {}
            Some(nothing) => unmatched(report, statement, entry, &expansion, nothing),
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
    found: &[Action],
) {
    let Some(first) = found.first() else { return };
    let source = |action: &Action| {
        EXEMPTIONS.iter().find(|exempt| exempt.action == action.name()).map(|exempt| exempt.source)
    };
    let Some(page) = source(first) else { return };
    if !found.iter().all(|action| source(action).is_some()) {
        return;
    }
    let (label, help) = match *statement.effect {
        Effect::Allow => ("grants nothing", "every caller with credentials can do it without this"),
        Effect::Deny => ("denies nothing", "no policy can deny it to a caller with credentials"),
    };
    let message =
        format!("{} needs no permission and cannot be denied ({page})", shown(entry.as_str()));
    report.add(Code::ExemptAction, entry.span, message).labelled(label).help(help);
}

/// No current action matches.
fn unmatched(
    report: &mut Report<'_>,
    statement: &Statement,
    entry: &Spanned<ActionPattern>,
    expansion: &Expansion,
    nothing: Nothing,
) {
    let text = shown(entry.as_str());
    let mut label = NOTHING_PUBLISHED;
    let (code, message) = match nothing {
        Nothing::Retired(first) => {
            if is_announced(first) {
                label = without_effect(statement);
            }
            let (went, when) = (went(first), when(first));
            let others = match expansion.retired.len() {
                0 | 1 => String::new(),
                several => format!(", and {} more", several - 1),
            };
            let message = if first.name.eq_ignore_ascii_case(entry.as_str()) {
                format!("{went} {text}: {when}")
            } else {
                format!("{text} names only what {went}: `{}`, {when}{others}", first.name)
            };
            (Code::RetiredAction, message)
        }
        Nothing::RetiredService(of) => (
            Code::RetiredAction,
            format!(
                "{} the service of {text}: {}; no snapshot ever listed a matching action",
                went(of),
                when(of)
            ),
        ),
        Nothing::UnknownService => (
            Code::UnknownService,
            format!("AWS lists no service with the prefix in {text} (data of {})", captured()),
        ),
        Nothing::NoMatch => (
            Code::PatternWithoutActions,
            format!("{text} matches no action that AWS lists (data of {})", captured()),
        ),
        Nothing::UnknownAction => {
            (Code::UnknownAction, format!("AWS lists no action {text} (data of {})", captured()))
        }
        // The grammar's finding.
        Nothing::NotAPattern => return,
    };
    let prefix = entry.as_str().split(':').next().unwrap_or_default().to_ascii_lowercase();
    let hint = report.may_suggest().then(|| expansion.hint()).flatten();
    let help = match (hint, nothing) {
        (Some(hint), _) => hint,
        (None, Nothing::Retired(_)) if prefix.ends_with("-mcp") => {
            "to identify calls through AWS's MCP servers, use aws:ViaAWSMCPService or aws:CalledViaAWSMCP".to_owned()
        }
        (None, Nothing::NoMatch) => format!("`iamsure actions '{prefix}:*'` lists what there is"),
        (None, Nothing::UnknownAction) => {
            "action names can differ from API operation names, and some actions are undocumented".to_owned()
        }
        (None, Nothing::UnknownService) => {
            "each page of the Service Authorization Reference names the prefix of its service"
                .to_owned()
        }
        (None, _) => String::new(),
    };
    let added = report.add(code, entry.span, message).labelled(label);
    if !help.is_empty() {
        added.help(help);
    }
}

/// What an entry is that names something nobody published. It may exist all the same.
const NOTHING_PUBLISHED: &str = "matches no published action";

/// What an entry fails to do that AWS no longer looks at.
fn without_effect(statement: &Statement) -> &'static str {
    let sense = statement.action.as_ref().map(|element| element.sense);
    match (sense, *statement.effect) {
        (Some(Sense::NoneOf), _) => "leaves nothing out",
        (_, Effect::Allow) => "allows nothing",
        (_, Effect::Deny) => "denies nothing",
    }
}

/// E-23: what resource control policies do not reach.
fn covered(report: &mut Report<'_>, entry: &Spanned<ActionPattern>, prefix: &str) {
    let Some(of) = service(prefix).known() else { return };
    let message = if !Service::supports_resource_control_policies(of) {
        format!("resource control policies do not cover {} (`{prefix}`)", of.title())
    } else if entry.as_str().eq_ignore_ascii_case("kms:RetireGrant") {
        "resource control policies do not apply to `kms:RetireGrant`".to_owned()
    } else {
        return;
    };
    report.add(Code::RcpUncoveredService, entry.span, message).labelled("denies nothing").help(
        "AWS lists what they cover in the Organizations User Guide, orgs_manage_policies_rcps",
    );
}
