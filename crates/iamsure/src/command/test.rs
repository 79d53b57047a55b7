//! `iamsure test`

mod files;
mod snapshot;
mod watch;

use std::path::PathBuf;

use iamsure_review::suite::{self, Body, Decided, Suite, SuiteError, Test};
use regex::Regex;

use crate::args::{Format, TestArgs, Verbosity};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Files, Given};
use crate::render::layout::Drawing;
use crate::render::suite::{Report, Status};
use crate::render::{self, emission};
use crate::streams::{Printed, Streams};
use crate::suite_run::{Measured, Ran, SuiteRun, short_of};
use crate::written;

pub(crate) fn run(args: &TestArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if args.schema {
        streams.print(suite::SCHEMA)?;
        return Ok(Exit::AsExpected);
    }
    if args.init {
        return init(args, streams);
    }
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    let files = files::under(&paths)?;
    if files.is_empty() {
        return Err(Failure::Message(format!(
            "no suite found under {}: suites are files named *{}; `iamsure test --init POLICY` writes a first one",
            named(&paths),
            suite::SUFFIX
        )));
    }
    if args.snapshot {
        return snapshot::run(&files, args, streams);
    }
    if args.watch {
        return watch::run(&paths, args, streams);
    }
    let runs = run_all(&files, args, &mut Vec::new(), streams)?;
    let report = Report::of(&runs);
    if report.count() == 0 && report.unreadable == 0 {
        let why = match &args.filter {
            Some(filter) => format!("no case matches `{filter}`"),
            None => format!("{} contains no tests", named(&paths)),
        };
        return Err(Failure::Message(why));
    }
    if let Some(file) = &args.junit {
        written::write(file, None, &render::suite::junit(&report))?;
    }
    if let Some(file) = &args.sarif {
        written::write(file, None, &render::suite::sarif(&report).shown())?;
    }
    for run in &runs {
        if let Err(errors) = &run.result {
            streams.note(&render::diagnostic::of_suite(errors, Drawing::of_errors(streams)));
        }
    }
    let text = match args.format {
        Format::Json => render::suite::json(&report),
        Format::Github => render::suite::github(&report),
        Format::Sarif => render::suite::sarif(&report),
        Format::Junit => render::suite::junit(&report).into(),
        Format::Tap => render::suite::tap(&report).into(),
        _ => render::suite::human(&report, streams.verbosity() == Verbosity::Verbose).into(),
    };
    streams.print(&text)?;
    if let Some(bug) = &report.bug {
        return Err(Failure::Internal(bug.clone()));
    }
    let short = short_of(args, &runs);
    for shortfall in &short {
        streams.note(&format!("{shortfall}\n"));
    }
    let exit = report.exit();
    if exit == Exit::AsExpected && report.with(Status::Passed).next().is_none() {
        return Err(Failure::Message(
            "every test is marked `todo`; nothing was checked".to_owned(),
        ));
    }
    Ok(if exit == Exit::AsExpected && !short.is_empty() { Exit::No } else { exit })
}

/// Writes a first suite.
fn init(args: &TestArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let Given { policies, known_later, .. } = input::layers(&args.paths, &args.layers, streams)?;
    if policies.policies().next().is_none() {
        return Err(Failure::Message(
            "no policy given to write a suite for; pass a POLICY file, or a layer such as --trust FILE"
                .to_owned(),
        ));
    }
    input::few_principals(&policies)?;
    let set = emission::policies(&args.paths, &args.layers);
    let text = suite::first_suite(&policies, known_later, &set);
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

fn named(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    names.join(", ")
}

fn filter(args: &TestArgs) -> Result<Option<Regex>, Failure> {
    let Some(text) = &args.filter else { return Ok(None) };
    Regex::new(text)
        .map(Some)
        .map_err(|error| Failure::Message(format!("`{text}` is not a regular expression: {error}")))
}

/// Reads and runs suites. The files that they name are added to `named`.
pub(super) fn run_all(
    files: &[PathBuf],
    args: &TestArgs,
    named: &mut Vec<PathBuf>,
    streams: &mut Streams,
) -> Result<Vec<SuiteRun>, Failure> {
    let filter = filter(args)?;
    let mut runs = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let source = match input::source(file, streams)? {
            Ok(source) => source,
            Err((source, finding)) => {
                let error = SuiteError {
                    span: finding.span(),
                    message: finding.message,
                    help: finding.help,
                    source_file: source,
                };
                runs.push(SuiteRun { name, result: Err(vec![error]) });
                continue;
            }
        };
        let result = Suite::read(&source, &mut Files::new(streams, named)).map(|mut suite| {
            if let Some(filter) = &filter {
                keep(&mut suite, filter, &name);
            }
            let decided: Vec<Decided> = suite.tests.iter().map(suite::decide).collect();
            let measured = Measured::of(args, &suite, &decided);
            Ran { suite, decided, measured }
        });
        runs.push(SuiteRun { name, result });
    }
    Ok(runs)
}

/// Keeps what a filter matches.
fn keep(suite: &mut Suite, filter: &Regex, file: &str) {
    suite.tests.retain_mut(|test| {
        let Test { name, rules, body, .. } = test;
        if rules.iter().any(|rule| filter.is_match(rule)) {
            return true;
        }
        let whole = format!("{file} > {name}");
        match body {
            Body::Claim(_) => filter.is_match(&whole),
            Body::Cases(cases) => {
                cases.retain(|case| filter.is_match(&format!("{whole} > {}", case.label)));
                !cases.is_empty()
            }
        }
    });
}
