//! `iamsure lint`

use iamsure_core::language::Severity;
use iamsure_review::finding::FindingCode;
use iamsure_review::lint::{LintQuery, Linted};
use iamsure_truth::setting::Setting;

use super::explain;
use crate::args::{Format, LintArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given};
use crate::render::lint::{self, Report};
use crate::render::words;
use crate::streams::Streams;

pub(crate) fn run(args: &LintArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let allowed: Vec<FindingCode> =
        args.allow.iter().map(|name| explain::named(name)).collect::<Result<_, _>>()?;
    let (setting, _) = input::setting(&args.setting, streams)?;
    let asked_only = input::asked_only(&args.setting);
    let of =
        |given: Given, file: Option<String>| report(given, file, &setting, &allowed, &asked_only);
    let mut reports = Vec::new();
    let mut exit = Exit::AsExpected;
    if args.together || args.policies.files.is_empty() {
        reports.push(of(input::some_policies(&args.policies, streams)?, None)?);
    } else {
        let options = input::layers(&[], &args.policies.layers, streams)?;
        for path in &args.policies.files {
            let file = words::on_one_line(&path.display().to_string());
            match input::beside(path, &options, args.policies.layers.lenient, streams) {
                Ok(given) => reports.push(of(given, Some(file))?),
                // The other files are still worth a look.
                Err(Failure::Said) => exit = Exit::CouldNotRun,
                Err(Failure::Message(message)) => {
                    streams.complain(&message);
                    exit = Exit::CouldNotRun;
                }
                Err(other) => return Err(other),
            }
        }
    }
    let is_one = args.together || args.policies.files.len() <= 1;
    let text = match (args.format, reports.as_slice()) {
        (_, []) if is_one => return Ok(exit),
        (Format::Json, [one]) if is_one => lint::json(one).into(),
        (Format::Json, several) => lint::json_of_several(several).into(),
        (_, [one]) if is_one => lint::human(one, streams.output_styled()),
        (_, several) => lint::human_of_several(several, streams.output_styled()),
    };
    streams.print(&text)?;
    let has_warnings = reports.iter().any(|report| report.count(Severity::Warning) > 0);
    Ok(if has_warnings && exit == Exit::AsExpected { Exit::No } else { exit })
}

/// What there is to say of policies that are judged together.
pub(super) fn report(
    mut given: Given,
    file: Option<String>,
    setting: &Setting,
    allowed: &[FindingCode],
    asked_only: &[String],
) -> Result<Report, Failure> {
    let policies = given.policies.clone();
    let trust = given.take_trust();
    let mut found = Vec::new();
    for part in [Some(given), trust].into_iter().flatten() {
        let setting = Setting { who: part.who(&setting.who)?, ..setting.clone() };
        let query = LintQuery { policies: &part.policies, setting: &setting };
        found.extend(query.answer().map_err(|error| Failure::Internal(error.to_string()))?);
    }
    let all = found.len();
    let is_wanted = |linted: &Linted| !allowed.contains(&linted.finding.code);
    let found: Vec<Linted> = found.into_iter().filter(is_wanted).collect();
    let left_out = all - found.len();
    Ok(Report { file, policies, found, left_out, asked_only: asked_only.to_vec() })
}
