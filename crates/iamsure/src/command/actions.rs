//! `iamsure actions`

use iamsure_reference::{Action, ActionSet, Service, service};
use iamsure_review::expansion::Expansion;

use crate::args::{ActionsArgs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::actions::{self as render, Report};
use crate::render::layout::Drawing;
use crate::streams::Streams;

pub(crate) fn run(args: &ActionsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let expansions: Vec<_> = args.patterns.iter().map(|pattern| Expansion::of(pattern)).collect();
    let matched: ActionSet = expansions.iter().flat_map(|found| found.actions.clone()).collect();
    let shown = if args.not { named(&args.patterns).difference(&matched) } else { matched };
    let levels: Vec<_> = args.access_level.iter().map(|level| (*level).into()).collect();
    let is_wanted = |action: &Action| {
        levels.is_empty() || levels.iter().any(|level| action.access_levels().contains(*level))
    };
    let all_match = expansions.iter().all(|expansion| expansion.nothing().is_none());
    let report = Report {
        actions: shown.iter().filter(is_wanted).collect(),
        expansions,
        levels,
        complement: args.not,
    };
    let drawing = Drawing::of(&args.drawing, streams);
    let text = match args.format {
        Format::Markdown => render::markdown(&report).into(),
        Format::Csv => render::csv(&report).map_err(Failure::Message)?.into(),
        Format::Json => render::json(&report),
        _ => render::table(&report, drawing),
    };
    streams.print(&text)?;
    Ok(if all_match { Exit::AsExpected } else { Exit::No })
}

/// Every action of the services that the patterns name.
fn named(patterns: &[String]) -> ActionSet {
    if patterns.iter().any(|pattern| pattern == "*" || pattern == "*:*") {
        return ActionSet::all();
    }
    patterns
        .iter()
        .filter_map(|pattern| service(pattern.split(':').next()?).known())
        .flat_map(Service::actions)
        .collect()
}
