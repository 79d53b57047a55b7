//! What a statement does, in words.

use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::inert::{Change, StatementEffect, Why};

use super::words;

/// What a report calls a statement, with its place.
pub(crate) fn name(policies: &PolicySet, id: StatementId) -> String {
    let Some((document, statement)) = policies.statement(id) else { return String::new() };
    let place = document.source.place(statement.span.start);
    let name = statement
        .sid()
        .map_or_else(|| format!("statement {}", id.statement + 1), words::on_one_line);
    format!(
        "{} {name} ({}:{}:{})",
        statement.effect.as_str(),
        document.source.name(),
        place.line,
        place.column
    )
}

/// Why a statement changes no access, and whether it would beside other Allows.
pub(crate) fn line(effect: &StatementEffect, policies: &PolicySet) -> String {
    let named = |id: StatementId| name(policies, id);
    let why = match &effect.why {
        None => "removing it changes what is allowed".to_owned(),
        Some(Why::MatchesNothing) => "it matches no request".to_owned(),
        Some(Why::Exempt) => {
            "it covers only calls for which AWS performs no authorization check, so no policy can allow or deny them"
                .to_owned()
        }
        Some(Why::Unpublished) => {
            "it covers only actions that AWS does not publish or has retired".to_owned()
        }
        Some(Why::Covered(others)) if others.is_empty() => {
            "wherever it matches, another layer does the same".to_owned()
        }
        Some(Why::Covered(others)) => format!(
            "wherever it matches, {} {} the same",
            others.iter().map(|id| named(*id)).collect::<Vec<_>>().join(" or "),
            if others.len() == 1 { "does" } else { "do" }
        ),
        Some(Why::Denied) => "a Deny matches everything that only it allows".to_owned(),
        Some(Why::HeldBack) => "what only it allows is blocked by another layer, or needs an Allow there, too".to_owned(),
        Some(Why::NothingToDeny) => "nothing allows what it denies".to_owned(),
        Some(Why::Several) => {
            "what it does is done without it, or has no effect".to_owned()
        }
    };
    let otherwise = match (effect.closed, effect.open) {
        (Change::Reason, Change::Access) => {
            "; it makes denials explicit, and takes effect once an Allow is added"
        }
        (Change::Nothing, Change::Access) => "; it takes effect once an Allow is added",
        (Change::Reason, _) => "; it only makes denials explicit",
        _ => "",
    };
    format!("{}: {why}{otherwise}", named(effect.statement))
}
