//! `iamsure lint`

use iamsure_core::language::Severity;
use iamsure_review::finding::FindingCode;
use iamsure_review::lint::LintQuery;

use super::explain;
use crate::args::{Format, LintArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::lint;
use crate::streams::Streams;

pub(crate) fn run(args: &LintArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let allowed: Vec<FindingCode> =
        args.allow.iter().map(|name| explain::named(name)).collect::<Result<_, _>>()?;
    let (mut setting, _) = input::setting(&args.setting, streams)?;
    let given = input::some_policies(&args.policies, streams)?;
    setting.who = given.who(&setting.who)?;
    let policies = given.policies;
    let query = LintQuery { policies: &policies, setting: &setting };
    let found = query.answer().map_err(|error| Failure::Internal(error.to_string()))?;
    let (left_out, found): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|linted| allowed.contains(&linted.finding.code));
    let report = lint::Report {
        policies: &policies,
        found: &found,
        left_out: left_out.len(),
        asked_only: input::asked_only(&args.setting),
    };
    let text = match args.format {
        Format::Json => lint::json(&report).into(),
        _ => lint::human(&report, streams.output_styled()),
    };
    streams.print(&text)?;
    let has_warnings = found.iter().any(|linted| linted.finding.severity >= Severity::Warning);
    Ok(if has_warnings { Exit::No } else { Exit::AsExpected })
}
