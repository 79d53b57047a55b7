//! `iamsure lint`

use iamsure_review::finding::FindingCode;
use iamsure_review::lint::{LintQuery, Linted};
use iamsure_truth::known_later::Bounds;
use iamsure_truth::setting::Setting;

use super::explain;
use crate::args::{Format, LintArgs, Verbosity};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given};
use crate::render::layout::Drawing;
use crate::render::lint::{self, Report};
use crate::render::not_read::NotRead;
use crate::render::words;
use crate::streams::Streams;

pub(crate) fn run(args: &LintArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let allowed: Vec<FindingCode> =
        args.allow.iter().map(|name| explain::named(name)).collect::<Result<_, _>>()?;
    let (setting, _) = input::setting(&args.setting, streams)?;
    let asked_only = input::asked_only(&args.setting);
    let of = |given: Given, file: Option<String>, streams: &mut Streams| {
        report(given, file, &setting, &allowed, &asked_only, streams)
    };
    let mut reports = Vec::new();
    let mut not_read = Vec::new();
    let mut is_one = args.together || args.policies.files.len() <= 1;
    if args.together || args.policies.files.is_empty() {
        let given = input::some_policies(&args.policies, streams)?;
        reports.push(of(given, None, streams)?);
    } else {
        let options = input::layers(&[], &args.policies.layers, streams)?;
        for path in &args.policies.files {
            let lenient = args.policies.layers.lenient;
            let whole = words::on_one_line(&path.display().to_string());
            let whole = (args.policies.files.len() > 1).then_some(whole);
            for (name, given) in input::each_beside(path, &options, lenient, streams) {
                is_one &= name.is_none();
                match given {
                    Ok(given) => reports.push(of(given, name.or(whole.clone()), streams)?),
                    Err(Failure::Internal(why)) => return Err(Failure::Internal(why)),
                    // The others are still worth a look.
                    Err(failure) => {
                        if let Failure::Message(message) = &failure {
                            streams.complain(message);
                        }
                        let file = words::on_one_line(&input::file_of(path).display().to_string());
                        let called = name.map(|name| format!("{name}: ")).unwrap_or_default();
                        let why = match failure {
                            Failure::Said(why) => format!("{called}{why}"),
                            other => other.on_one_line(),
                        };
                        not_read.push(NotRead { file, why });
                    }
                }
            }
        }
    }
    let all = args.all || streams.verbosity() == Verbosity::Verbose;
    let text = match (args.format, reports.as_slice()) {
        (Format::Github, reports) => lint::github(reports, &not_read),
        (Format::Sarif, reports) => lint::sarif(reports, &not_read),
        (Format::Junit, reports) => lint::junit(reports, &not_read, args.fail_on).into(),
        (Format::Markdown, reports) => lint::markdown(reports, &not_read).into(),
        (Format::Json, [one]) if is_one => lint::json(one),
        (Format::Json, several) => lint::json_of_several(several, &not_read),
        (_, []) if is_one && !not_read.is_empty() => return Ok(Exit::CouldNotRun),
        (_, []) if is_one => return Ok(Exit::AsExpected),
        (_, reports) => lint::human(reports, all, Drawing::here(streams)),
    };
    streams.print(&text)?;
    let found = reports.iter().flat_map(|report| &report.found);
    let fails = found.into_iter().any(|linted| args.fail_on.fails(linted.finding.severity));
    Ok(match (not_read.is_empty(), fails) {
        (false, _) => Exit::CouldNotRun,
        (true, true) => Exit::No,
        (true, false) => Exit::AsExpected,
    })
}

/// What there is to say of policies that are judged together.
pub(super) fn report(
    mut given: Given,
    file: Option<String>,
    setting: &Setting,
    allowed: &[FindingCode],
    asked_only: &[String],
    streams: &mut Streams,
) -> Result<Report, Failure> {
    let policies = given.policies.clone();
    let trust = given.take_trust();
    let bounds = given.known_later.then(|| Bounds::of(&policies, "")).flatten();
    let known_later = bounds.map(|bounds| bounds.symbols).unwrap_or_default();
    let mut found = Vec::new();
    for part in [Some(given), trust].into_iter().flatten() {
        let mut setting = setting.clone();
        part.settle(&mut setting)?;
        let query = LintQuery { policies: &part.policies, setting: &setting };
        found.extend(query.answer().map_err(|error| Failure::Internal(error.to_string()))?);
    }
    let all = found.len();
    let is_wanted = |linted: &Linted| !allowed.contains(&linted.finding.code);
    let found: Vec<Linted> = found.into_iter().filter(is_wanted).collect();
    let left_out = all - found.len();
    let asked_only = asked_only.to_vec();
    let mut report = Report { file, policies, found, left_out, asked_only, known_later };
    let mut found = std::mem::take(&mut report.found);
    found.retain(|linted| {
        let document = report.document(linted.policy);
        !document.is_some_and(|document| streams.accepts(&linted.finding, document))
    });
    report.found = found;
    Ok(report)
}
