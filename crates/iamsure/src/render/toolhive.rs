//! The road of tokens in its forms: for a terminal, as Markdown, as JSON.
//!
//! A page is a list of [`Block`]s, which the terminal and Markdown draw each in its way.

mod block;
mod json;
mod mapping;
mod past;
pub(crate) mod verify;

pub(crate) use json::json;

use iamsure_core::language::Severity;
use iamsure_toolhive::finding::Finding;
use iamsure_toolhive::road::{Journey, Road, SessionMatrix, Started, TokenRoad};

use self::block::Block;
use super::layout::Drawing;
use super::matrix::Report;
use super::words;
use crate::streams::Finished;

/// For a terminal.
pub(crate) fn table(roads: &[Road<'_>], journey: &Journey, drawing: Drawing) -> Finished {
    let blocks: Vec<_> = roads.iter().flat_map(|road| page(road, journey)).collect();
    block::for_terminal(blocks, drawing)
}

/// For documents.
pub(crate) fn markdown(roads: &[Road<'_>], journey: &Journey) -> String {
    let blocks: Vec<_> = roads.iter().flat_map(|road| page(road, journey)).collect();
    block::for_documents(blocks)
}

/// What is said in place of an answer.
pub(crate) fn refused(findings: &[Finding]) -> String {
    let count =
        |severity| findings.iter().filter(|finding| finding.code.severity() == severity).count();
    let warnings = match count(Severity::Warning) {
        0 => String::new(),
        count => format!(", {}", counted(count, "warning")),
    };
    format!(
        "the manifests cannot be used: {}{warnings}\n",
        counted(count(Severity::Error), "error")
    )
}

/// What ToolHive makes of a token, in a word or two: the role, or why there is none.
pub(crate) fn chosen(token: &TokenRoad) -> String {
    if let Some(refusal) = &token.refusal {
        return format!("refused: {}", refusal.status);
    }
    match token.selection.choice.role() {
        Some(role) => role.name().to_owned(),
        None => "undecided".to_owned(),
    }
}

/// Everything about one door.
fn page<'a>(road: &'a Road<'_>, journey: &Journey) -> Vec<Block<'a>> {
    let mut blocks = vec![Block::Heading(heading(road))];
    blocks.push(Block::Lines(mapping::facts(road)));
    if road.tokens.is_empty() {
        blocks.push(Block::Lines(mapping::legend(road)));
        blocks.push(Block::Lines(vec![
            "no tokens given; use --claims FILE to see which role each gets".to_owned(),
        ]));
    } else {
        let notes = mapping::notes(road);
        blocks.push(mapping::table(road, &notes));
        blocks.push(Block::Lines(mapping::legend(road)));
        if !notes.is_empty() {
            let lines = notes.iter().map(|(mark, text)| format!("({mark}) {text}")).collect();
            blocks.push(Block::Lines(lines));
        }
        blocks.extend(exchanges(road, journey));
        blocks.extend(sessions(road));
    }
    blocks.extend(past::blocks(road, journey));
    blocks
}

fn heading(road: &Road<'_>) -> String {
    let config = road.door.config;
    let place = config.source.place(config.span.start);
    let file = config.source.name();
    match road.door.proxy {
        Some(proxy) => format!(
            "MCPRemoteProxy {}, by MCPExternalAuthConfig {} ({file}:{place})",
            proxy.name, config.name
        ),
        None => format!("MCPExternalAuthConfig {} ({file}:{place})", config.name),
    }
}

/// What the trust policies say of the exchanges that ToolHive makes.
fn exchanges<'a>(road: &'a Road<'_>, journey: &Journey) -> Vec<Block<'a>> {
    let mut lines = Vec::new();
    for token in &road.tokens {
        let Some(exchange) = &token.exchange else { continue };
        match exchange {
            Err(problem) => {
                lines.push(format!("{}: STS refuses it: {problem}", token.claims.name()));
            }
            Ok(started) => lines.extend(exchange_lines(token, started, journey)),
        }
    }
    if lines.is_empty() {
        return Vec::new();
    }
    lines.insert(
        0,
        "Only the trust policy and RCPs decide; the role's own policies are not consulted."
            .to_owned(),
    );
    vec![
        Block::Heading("The exchange: sts:AssumeRoleWithWebIdentity".to_owned()),
        Block::Lines(lines),
    ]
}

fn exchange_lines(token: &TokenRoad, started: &Started, journey: &Journey) -> Vec<String> {
    let exchange = &started.exchange;
    let policies = journey.policies_of(&exchange.role);
    let name = |id: &iamsure_core::world::policy_set::StatementId| {
        policies.statement(*id).map(|(document, statement)| {
            let sid = statement
                .sid()
                .map_or_else(|| format!("statement {}", id.statement + 1), words::on_one_line);
            let place = document.source.place(statement.span.start);
            format!("{sid} ({}:{place})", document.source.name())
        })
    };
    let mut lines = Vec::new();
    let head = format!("{} for {}", token.claims.name(), exchange.role.name());
    match &started.trust {
        None => lines.push(format!("{head}: not decided: no trust policy was given (--trust)")),
        Some(trust) => {
            for check in &trust.checks {
                let action = check
                    .worlds
                    .first()
                    .map(|request| request.action.as_str())
                    .filter(|_| trust.checks.len() > 1)
                    .map(|action| format!(" {action}"))
                    .unwrap_or_default();
                let answer = &check.answer;
                let cases: Vec<_> = answer
                    .cases
                    .iter()
                    .map(|case| {
                        let by: Vec<_> = case.decision.statements.iter().filter_map(name).collect();
                        let by = if by.is_empty() {
                            format!(": no {} allows it", "role trust policy")
                        } else {
                            format!(" by {}", by.join(", "))
                        };
                        let when = words::when(&case.when);
                        let when = if when.is_empty() { when } else { format!(" {when}") };
                        format!("{}{by}{when}", case.decision.verdict)
                    })
                    .collect();
                lines.push(format!("{head}:{action} {}", cases.join("; ")));
            }
        }
    }
    lines.push(format!("    provider {}", words::on_one_line(&exchange.provider)));
    let keys: Vec<_> = exchange
        .keys()
        .iter()
        .map(|(key, state)| format!("{key} = {}", words::state(state)))
        .collect();
    lines.push(format!("    {}", keys.join(", ")));
    lines
}

/// What the sessions may do; those that may do the same are shown once.
fn sessions<'a>(road: &'a Road<'_>) -> Vec<Block<'a>> {
    struct Shown<'a> {
        started: &'a Started,
        session: &'a SessionMatrix,
        tokens: Vec<&'a str>,
    }
    let mut shown: Vec<Shown<'a>> = Vec::new();
    let mut without: Vec<String> = Vec::new();
    for token in &road.tokens {
        let Some(Ok(started)) = &token.exchange else { continue };
        let Some(session) = &started.session else {
            let denied =
                started.trust.as_ref().is_some_and(|trust| trust.succeeds() == Some(false));
            let role = started.exchange.role.name();
            let line = if denied {
                format!(
                    "{}: no session: the trust policy of {role} denies the exchange",
                    token.claims.name()
                )
            } else {
                format!(
                    "{}: no policy of {role} was given (--identity {role}=FILE)",
                    token.claims.name()
                )
            };
            without.push(line);
            continue;
        };
        let known = shown.iter_mut().find(|known| {
            known.started.exchange.role == started.exchange.role
                && known.session.agrees_with(session)
        });
        if let Some(known) = known {
            known.tokens.push(token.claims.name());
        } else {
            shown.push(Shown { started, session, tokens: vec![token.claims.name()] });
        }
    }
    let mut blocks = Vec::new();
    for Shown { started, session, tokens } in shown {
        let role = started.exchange.role.name();
        let title = match tokens.as_slice() {
            [one] => format!("The session of {role}: {one}"),
            several => format!("Sessions of {role}: {} (shown for the first)", several.join(", ")),
        };
        blocks.push(Block::Heading(title));
        let report =
            Report::new(&session.policies, session.matrix.clone(), session.actions_left_out);
        blocks.push(Block::Matrix(Box::new(report)));
    }
    if !without.is_empty() {
        blocks.push(Block::Heading("No session is shown".to_owned()));
        blocks.push(Block::Lines(without));
    }
    blocks
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
