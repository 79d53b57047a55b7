//! `iamsure lint`

use iamsure_core::language::Severity;
use iamsure_review::finding::FindingCode;
use iamsure_review::lint::LintQuery;
use iamsure_truth::setting::Setting;

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
    let (setting, _) = input::setting(&args.setting, streams)?;
    let mut given = input::some_policies(&args.policies, streams)?;
    let policies = given.policies.clone();
    let trust = given.take_trust();
    let mut found = Vec::new();
    for part in [Some(given), trust].into_iter().flatten() {
        let setting = Setting { who: part.who(&setting.who)?, ..setting.clone() };
        let query = LintQuery { policies: &part.policies, setting: &setting };
        found.extend(query.answer().map_err(|error| Failure::Internal(error.to_string()))?);
    }
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
