//! The table of tokens and mappings, and what stands under it.

use iamsure_toolhive::exchange::Trust;
use iamsure_toolhive::road::{Road, TokenRoad};
use iamsure_toolhive::selection::{Choice, Outcome};

use super::block::Block;
use crate::render::matrix::letter;
use crate::render::words;

/// Whose tokens, for which audience, by which claims.
pub(super) fn facts(road: &Road<'_>) -> Vec<String> {
    let door = &road.door;
    let config = door.config;
    let mut lines = Vec::new();
    match (door.issuer, door.audience) {
        (Some(issuer), Some(audience)) => {
            lines.push(format!("accepts tokens from {issuer} with audience {audience}"));
        }
        (Some(issuer), None) => {
            lines.push(format!("accepts tokens from {issuer} with any audience"));
        }
        (None, Some(audience)) => {
            lines.push(format!(
                "accepts tokens with audience {audience}; their issuer is not in the files"
            ));
        }
        (None, None) => lines.push(
            "the accepted issuer and audience are not in the files, and are not checked here"
                .to_owned(),
        ),
    }
    lines.push(format!(
        "groups come from claim {}; session names from {}; sessions last {} s; signs for {} in {}",
        config.role_claim,
        config.session_name_claim,
        config.session_duration,
        config.service,
        config.region
    ));
    lines
}

/// The mappings by number, and the fallback.
pub(super) fn legend(road: &Road<'_>) -> Vec<String> {
    let config = road.door.config;
    let mut lines: Vec<String> = config
        .mappings
        .iter()
        .enumerate()
        .map(|(index, mapping)| {
            let priority = match mapping.priority {
                Some(priority) => format!("priority {priority}"),
                None => "no priority: last".to_owned(),
            };
            let place = config.source.place(mapping.span.start);
            format!(
                "m{}  {} -> {}   {priority}   {}:{place}",
                index + 1,
                shortened(&words::on_one_line(&mapping.label(&config.role_claim))),
                mapping.role.name(),
                config.source.name()
            )
        })
        .collect();
    lines.push(match &config.fallback {
        Some(role) => format!("fallback  no mapping matches -> {}", role.name()),
        None => "no fallback  no mapping matches -> 403".to_owned(),
    });
    lines
}

/// An expression as far as a line holds it; its place is beside it.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 160;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}...")
}

/// What is said of single cells, each once.
pub(super) fn notes(road: &Road<'_>) -> Vec<(String, String)> {
    let mut notes: Vec<(String, String)> = Vec::new();
    for text in road.tokens.iter().flat_map(token_notes) {
        if !notes.iter().any(|(_, known)| *known == text) {
            notes.push((letter(notes.len()), text));
        }
    }
    notes
}

/// The notes of a token: of its mappings in order, then of what came of it.
fn token_notes(token: &TokenRoad) -> Vec<String> {
    let mappings = 0..token.selection.mappings.len();
    mappings.filter_map(|index| mapping_note(token, index)).chain(choice_note(token)).collect()
}

fn mapping_note(token: &TokenRoad, index: usize) -> Option<String> {
    match token.selection.mappings.get(index)? {
        Outcome::Skipped(why) => Some(format!(
            "m{} errors and ToolHive silently skips it: {}",
            index + 1,
            words::on_one_line(why)
        )),
        Outcome::Undecided(why) => {
            Some(format!("m{} is not decided here: {}", index + 1, words::on_one_line(why)))
        }
        _ => None,
    }
}

fn choice_note(token: &TokenRoad) -> Option<String> {
    if let Some(refusal) = &token.refusal {
        return Some(format!(
            "ToolHive answers {}: {}",
            refusal.status,
            words::on_one_line(&refusal.reason)
        ));
    }
    let Choice::Undecided(possible) = &token.selection.choice else { return None };
    let roles: Vec<_> = possible
        .iter()
        .map(|role| role.as_ref().map_or("none (403)", |role| role.name()))
        .collect();
    Some(format!("one of: {}", roles.join(", ")))
}

/// Tokens × mappings, the role, the trust decision.
pub(super) fn table<'a>(road: &Road<'_>, notes: &[(String, String)]) -> Block<'a> {
    let marked = |text: &str, note: Option<String>| {
        let mark = note.and_then(|note| notes.iter().find(|(_, known)| *known == note));
        mark.map_or_else(|| text.to_owned(), |(mark, _)| format!("{text} ({mark})"))
    };
    let mut header = vec!["token".to_owned()];
    header.extend((1..=road.door.config.mappings.len()).map(|number| format!("m{number}")));
    header.extend(["role".to_owned(), "trust decision".to_owned()]);
    let row = |token: &TokenRoad| {
        let mut cells = vec![words::on_one_line(token.claims.name())];
        for (index, outcome) in token.selection.mappings.iter().enumerate() {
            let word = match outcome {
                Outcome::Selects => "selects".to_owned(),
                Outcome::MaySelect => "may select".to_owned(),
                Outcome::ShadowedBy(first) => format!("after m{}", first + 1),
                Outcome::DoesNotMatch => "no".to_owned(),
                Outcome::Skipped(_) => "skipped".to_owned(),
                Outcome::Undecided(_) => "undecided".to_owned(),
            };
            cells.push(marked(&word, mapping_note(token, index)));
        }
        let role = match (&token.refusal, &token.selection.choice) {
            (Some(_), _) => "none".to_owned(),
            (None, Choice::Mapping(_, role)) => role.name().to_owned(),
            (None, Choice::Fallback(role)) => format!("{}, the fallback", role.name()),
            (None, Choice::Nothing) => "none".to_owned(),
            (None, Choice::Undecided(_)) => "undecided".to_owned(),
        };
        cells.push(marked(&role, choice_note(token)));
        cells.push(decision(token).to_owned());
        cells
    };
    Block::Table { header, body: road.tokens.iter().map(row).collect() }
}

/// The trust decision in a word.
pub(super) fn decision(token: &TokenRoad) -> &'static str {
    match &token.exchange {
        None => "not asked",
        Some(Err(_)) => "refused by STS",
        Some(Ok(started)) => match started.trust.as_ref().map(Trust::succeeds) {
            None => "not decided: no --trust",
            Some(Some(true)) => "allow",
            Some(Some(false)) => "deny",
            Some(None) => "depends",
        },
    }
}
